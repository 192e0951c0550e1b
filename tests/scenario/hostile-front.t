#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A guest that breaks every rule there is for a frontend: it hurts nobody but itself, is
# told so with the reason, and its interface works again as soon as it behaves.
. "$(dirname "$0")/lib.sh"
. tests/scenario/hostile-lab.sh
hostile_in_lab front --back-param check_ledger=1 <<'SCRIPT'
parameters=/sys/module/netback/parameters

# A stream of small frames to guest 1, whatever it answers.
stream_start()
{
	ip neigh replace 10.0.0.11 lladdr 00:16:3e:00:00:0b dev xenbr0 nud permanent
	ping -i 0.02 -W 1 10.0.0.11 >/dev/null 2>&1 &
	stream=$!
}

stream_end()
{
	kill "$stream"
	ip neigh del 10.0.0.11 dev xenbr0
}

# alone ATTACK...: with the log to itself.
alone()
{
	sleep 5 # the limit on messages forgets
	dmesg -C
	start=$SECONDS
	guest 1 /root/in/peer front "$@" >/run/answers 2>&1
	took=$((SECONDS - start))
}

# few_lines LINES: a message of so many; the kernel's limit lets ten pass in five seconds,
# and then a line says how many it did not.
few_lines()
{
	echo "in $took seconds"
	lines_logged $(((10 * $1 + 1) * (took / 5 + 1)))
}

log_has()
{
	dmesg | grep -E "$1" || { dmesg | grep -v xenbr0; return 1; }
}

bystander_start
users=$(users)
frontend_goes
fixed=$(stat "$VIF1" rx_gso_checksum_fixup)
attack '
good|okay 20|
bad-gref|error 1|f2b_grant_copy
bad-gref-long|error 3|f2b_grant_copy
bad-gref-head|error 3|f2b_grant_copy
too-many|error 19|f2b_too_many_slots
oversize|error 18|f2b_oversize
size-mismatch|error 2|f2b_size_mismatch
size-zero|error 2|f2b_size_mismatch
empty-slots|okay 18|
crumbs|okay 18|
runt|error 1|f2b_runt
extra-control|error 1 null 1|f2b_control
mcast-list|okay 66 error 1 null 67|f2b_control
gso-udp|error 1 null 1|f2b_bad_checksum
gso-tiny|error 16 null 1|f2b_tiny_segments
gso-whole|okay 1 null 1|
csum-arp|error 1|f2b_bad_checksum
csum-short|error 1|f2b_bad_checksum
csum-vlans|error 1|f2b_bad_checksum
garbage-head|okay 21|'
tap "the sum of a frame to be segmented that was not blank is mended, as counted" \
	number_is mended $(($(stat "$VIF1" rx_gso_checksum_fixup) - fixed)) == 1
attack '
crosses-page|open 1|f2b_crosses_page
crosses-page-later|open 2|f2b_crosses_page
cut-off|open 1|f2b_cut_off
slot-flood|open 256|f2b_slot_flood
extra-unknown|open 2|f2b_bad_extra
extra-endless|open 256|f2b_cut_off
gso-type|open 2|f2b_bad_gso
gso-size|open 2|f2b_bad_gso
index-ahead||f2b_ring_overflow
index-back|okay 20|f2b_ring_overflow'
tap "guest 1 works again, with all its credit" works_again

frontend_goes
refused=$(stat "$VIF1" ctrl_refused)
overflows=$(stat "$VIF1" ctrl_ring_overflow)
attack '
ctrl-bad|statuses 1111120202330202332220|
ctrl-flood|messages 3072|
ctrl-storm||
ctrl-index|responses 0|
ctrl-index-far|responses 0|'
tap "control messages that cannot be are refused" number_is refused \
	$(($(stat "$VIF1" ctrl_refused) - refused)) == 17
tap "a control ring's index out of range stops the interface" number_is overflows \
	$(($(stat "$VIF1" ctrl_ring_overflow) - overflows)) == 2
tap "the log names the control ring" \
	log_has "$VIF1: domain [0-9]+ control ring broke the protocol.*${reason_text[ring_overflow]}"
tap "guest 1 works again, with all its credit" works_again

echo 40 >$parameters/static_grants
frontend_goes
stream_start
before=$(stat "$VIF1" q0_f2b_static_copies)
written=$(stat "$VIF1" q0_b2f_static_copies)
attack '
grefs-bad|022222222 0222020 0:2:02202 0:1:02 0:1:0 02|
grefs-many|0202 0:1:0 0|
grefs-mixed|0 okay 40|
grefs-pulled|0000000000 okay 200|
grefs-read-only|0 frames [2-9][0-9] errors 0|'
tap "static grants are used" at_least $((before + 20)) stat "$VIF1" q0_f2b_static_copies
tap "but not to write what is for reading" \
	number_is copies "$(stat "$VIF1" q0_b2f_static_copies)" == "$written"
attack '
grefs-room|0 frames [2-9][0-9] errors 0|
grefs-flood|lists 100|
grefs-left|0 open 40|
grefs-deserted|0 open 40|'
tap "only to write what is for writing" at_least $((written + 20)) \
	stat "$VIF1" q0_b2f_static_copies
stream_end
tap "guest 1 works again, with all its credit" works_again
echo 512 >$parameters/static_grants

echo 200 >$parameters/drain_ms
echo 1000 >$parameters/stall_ms
frontend_goes
stream_start
attack '
rx-good|frames [2-9][0-9] errors 0|
rx-four|frames [2-9][0-9] gaps 0|
rx-bad-gref|frames 0 errors [2-9][0-9]|b2f_grant_copy
rx-read-only|frames 0 errors [2-9][0-9]|b2f_grant_copy
rx-garbage-head|frames [2-9][0-9] errors 0|
rx-none|frames 0 errors 0|b2f_no_buffers
rx-stall|frames 0 errors 0 frames [2-9][0-9] errors 0|b2f_no_buffers
rx-index|frames 0 errors 0|b2f_ring_overflow
rx-index-back|frames 1 errors 0 frames 0 errors 0|b2f_ring_overflow'
stream_end
echo 2000 >$parameters/drain_ms
echo 60000 >$parameters/stall_ms
tap "guest 1 works again, with all its credit" works_again

frontend_goes
dmesg -C
attack '
nothing,tx-ring-ref=99999999|refused|
nothing,rx-ring-ref=99999999|refused|
nothing,tx-ring-ref=-1|refused|
nothing,tx-ring-ref=99999999999999999999|refused|
nothing,tx-ring-ref=garbage|refused|
nothing,rx-ring-ref=|refused|
nothing,rx-ring-ref|refused|
nothing,event-channel=99999|refused|
nothing,event-channel=1|refused|
nothing,event-channel|refused|
nothing,event-channel-tx=9999,event-channel-rx=9998|refused|
nothing,request-rx-copy=0|refused|
nothing,ctrl-ring-ref=99999999,event-channel-ctrl=9||
nothing,ctrl-ring-ref=garbage,event-channel-ctrl=9||
nothing,ctrl-ring-ref=9||
nothing,multi-queue-num-queues=0|refused|
nothing,multi-queue-num-queues=7|refused|
nothing,multi-queue-num-queues=garbage||
nothing,mac=garbage||
dirty-ring|refused|
same-ring||
vanish||'
for cause in 'reading .*-ring-ref' 'reading .*event-channel' 'using rings' \
	'guest asks for 0 queues' 'guest asks for 7 queues' 'does not set request-rx-copy'; do
	tap "the log has the cause: $cause" log_has "vif-[0-9]*-0: .*domain [0-9]* refused: .*$cause"
done
alone flap
tap "states that flap: the interface works" answered flap ''
alone refused-again
tap "60 refusals: the interface works" answered refused-again ''
tap "60 refusals: few lines" few_lines 1
alone rings-again
tap "60 rings that are none: the interface works" answered rings-again ''
tap "60 rings that are none: few lines" few_lines 1
alone fatal-again
tap "40 broken connections: the interface works" answered fatal-again ''
tap "40 broken connections: few lines" few_lines 2
tap "guest 1 works again, with all its credit" works_again
tap "no queue is left of all these connections" users_are "$users"

frontend_goes
dropped=$(stat "$VIF1" q0_f2b_drop_grant_copy)
alone flood
tap "10000 bad frames: each is answered" answered flood 'error 10000'
tap "10000 bad frames: each is counted" counted f2b_grant_copy "$dropped" 10000
tap "10000 bad frames: few lines" few_lines 1
alone race
tap "slots rewritten under the backend: each frame is answered" \
	answered race '((okay|error|null|other) [0-9]+ ?)*'
alone chaos chaos chaos chaos chaos
tap "random rings: the interface works" silent grep -v 'alive$' /run/answers
events=$(stat "$VIF1" q0_f2b_events)
alone storm
tap "event storm: the interface works" answered storm 'notified [0-9]* okay 1'
tap "event storm: Xen holds most of it back" number_is "events per 100 notifications" \
	$((100 * ($(stat "$VIF1" q0_f2b_events) - events) / $(sed 's/.*notified \([0-9]*\).*/\1/' /run/answers))) '<' 50
tap "the bystander's traffic went on" bystander_lives
tap "guest 1 works again, with all its credit" works_again

drop_counters "$VIF1" | sed 's/^[fb]2[fb]_//' >/run/counts

frontend_goes
xenstore-write "/local/domain/$(xl domid guest1)/device/vif/0/state" garbage
tap "a state that is none takes the interface away" await 20 fails ip link show "$VIF1"
eth0_detach
eth0_attach
tap "a new interface works" await 30 guest 1 /etc/lab/net-up
tap "guest 1 answers" answers 1
tap "every reason a guest can cause was counted" every_reason_counted /run/counts

attacker_dies "$users"
tap "the bystander was never harmed" bystander_unharmed
tap "the bystander's credit" accounts_right "$VIF2"
SCRIPT
