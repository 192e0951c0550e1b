# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Host side of the hostile scenarios: builds the peer, and gives the script in dom0 the
# list of reasons.

# Who reaches which reason, in the tests of that name.
declare -A reasons=(
	[front]='runt oversize too_many_slots size_mismatch grant_copy tiny_segments bad_checksum control
		no_buffers not_connected ring_overflow cut_off slot_flood crosses_page
		bad_extra bad_gso'
	[back]='runt oversize too_many_slots bad_checksum control not_connected peer_error
		ring_overflow cut_off crosses_page bad_extra bad_gso bad_id grant_in_use'
)
# No peer can cause these: only an allocation that fails.
no_peer='no_memory short_header'

# "name|text" of every reason but "no error".
list_reasons()
{
	tr -d '\n\\' <include/xennet/reason.h | grep -oE 'X\([A-Z_]+,\s*"[a-z_]+",\s*"[^"]+"\)' |
		sed -E 's/.*"([a-z_]+)",\s*"([^"]+)".*/\1|\2/' | grep -v '^ok|'
}

# Every reason there is belongs to a test, or to none with a cause.
every_reason_has_a_test()
{
	diff <(list_reasons | cut -d'|' -f1 | sort) \
		<(xargs -n 1 <<<"${reasons[*]} $no_peer" | sort -u)
}

# hostile_in_lab NAME [OPTIONS OF tests/lab/run] <SCRIPT
hostile_in_lab()
{
	local name=$1 line
	shift
	make -s -C tests/hostile || exit 1
	{
		echo 'declare -A reason_text'
		while IFS='|' read -r line; do
			printf 'reason_text[%s]=%q\n' "${line%%|*}" "${line#*|}"
		done < <(list_reasons)
		printf 'reasons=%q\n' "${reasons[$name]}"
		echo 'tap "every reason has a test, or cannot be caused by a peer" \'
		every_reason_has_a_test >/dev/null && echo true || echo false
		cat tests/scenario/hostile.sh -
	} | in_lab --topology bridge --guests 2 --file build/hostile/peer "$@"
}
