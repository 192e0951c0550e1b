#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Names: what parameters.md lists is what the modules have, no more and no less; the
scenarios' helpers have each a name of their own."""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / 'tests/lib'))
from tap import done, test

PAGE = TOP / 'Documentation/parameters.md'


def source(path):
    return (TOP / path).read_text()


def entries(path, macro):
    """What X() of the list MACRO in a file makes a name of: its string, or its word."""
    body = re.search(rf'#define {macro}\(X\)((?:.*\\\n)+.*\n)', source(path)).group(1)
    found = re.findall(r'X\((?:\w+,\s*"(\w+)"|(\w+)\))', body)
    return {string or word for string, word in found}


def prefixed(prefix, names):
    return {prefix + name for name in names}


def functions(path):
    """Shell functions that a file defines."""
    return set(re.findall(r'^(\w+)\(\)$', source(path), re.M))


def parameters(module):
    return set(re.findall(r'^module_param\w*\((\w+)', source(f'{module}/main.c'), re.M))


def tracepoints(module):
    return set(re.findall(r'^(?:TRACE_EVENT|DEFINE_EVENT)\((?:\w+_packet, )?(\w+),',
                          source(f'{module}/trace.h'), re.M))


def listed(heading):
    """Names in the first column of the tables under a heading, up to the next one."""
    text = re.search(rf'^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)', PAGE.read_text(),
                     re.M | re.S).group(1)
    rows = re.findall(r'^\| (`.*?) \|', text, re.M)
    return {name for row in rows for name in re.findall(r'`([\w]+)`', row)}


REASONS = (entries('include/xennet/reason.h', 'XENNET_DROPS') |
           entries('include/xennet/reason.h', 'XENNET_FATALS'))
BACK_STATS = ({'f2b_free', 'f2b_posted', 'f2b_held', 'f2b_held_high',
               'f2b_drop_REASON', 'b2f_drop_REASON'} |
              prefixed('f2b_', entries('netback/stats.h', 'F2B_STATS')) |
              prefixed('f2b_end_', entries('netback/hold.h', 'HOLD_ENDS')) |
              prefixed('b2f_', entries('netback/stats.h', 'B2F_STATS')) |
              prefixed('ctrl_', entries('netback/stats.h', 'CTRL_STATS')) |
              entries('netback/stats.h', 'INTREE_STATS'))
FRONT_STATS = ({'drop_REASON', 'rx_gso_checksum_fixup'} | entries('netfront/ethtool.c', 'GAUGES') |
               entries('netfront/stats.h', 'XMIT_STATS') |
               entries('netfront/stats.h', 'NAPI_STATS') |
               prefixed('b2f_xdp_', entries('include/xennet/xdp.h', 'XENNET_XDP_FATES')) |
               prefixed('ctrl_', entries('netfront/stats.h', 'CTRL_STATS')))

for what, heading, names in (
        ('parameters of netback', 'netback', parameters('netback')),
        ('parameters of netfront', 'netfront', parameters('netfront')),
        ('statistics of netback', 'netback: `ethtool -S vifD.H`', BACK_STATS),
        ('statistics of netfront', 'netfront: `ethtool -S ethN`', FRONT_STATS),
        ('reasons', 'Reasons', REASONS),
        ('tracepoints', 'Tracepoints', tracepoints('netback') | tracepoints('netfront'))):
    test(f'{what}: there are some', [] if names else [names])
    test(f'{what}: all are listed', sorted(names - listed(heading)))
    test(f'{what}: none is listed that is not there', sorted(listed(heading) - names))


# What goes into a lab machine goes there as one script: the last of a name is called.
HELPERS = functions('tests/scenario/dom0.sh')
test('helpers of the scenarios: there are some', [] if HELPERS else [HELPERS])
test('helpers of the scenarios: none is defined again',
     [f'{path.name}: {name}' for path in sorted((TOP / 'tests/scenario').glob('*.*'))
      if path.name != 'dom0.sh' for name in sorted(functions(path) & HELPERS)])

sys.exit(done())
