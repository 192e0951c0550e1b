#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# profile.py sample LAB COUNT FILE: asks the emulator of a running lab COUNT times where its
# CPU is. profile.py report FILE SYMBOLS: says so by function; SYMBOLS is where xensyms,
# dom0syms and guestsyms are.
#
# A kernel's addresses say nothing about whose kernel it is: a CPU is told by where its
# kernel keeps the CPU's variables (the base of GS), and dom0 by netback.

import bisect
import collections
import os
import re
import sys
import time

REGISTERS = re.compile(rb'RIP=([0-9a-f]+).*?CPL=(\d).*?HLT=(\d).*?GS =\w+ ([0-9a-f]+)', re.S)
XEN = range(0xffff820000000000, 0xffff840000000000)
USER = range(0, 1 << 47)
LONGEST = 0x4000  # of functions; what is farther from a symbol is something else


def ask(to, answers):
    """The emulator's registers: address, privilege, halted, base of GS; or None."""
    os.write(to, b'info registers\n')
    text, end = b'', time.time() + 1
    while time.time() < end and b'XMM00' not in text:
        try:
            text += os.read(answers, 65536)
        except BlockingIOError:
            time.sleep(0.001)
    found = REGISTERS.findall(text)
    return b' '.join(found[-1]).decode() if found else None


def sample(lab, count, file):
    answers = os.open(lab + '/monitor.out', os.O_RDONLY | os.O_NONBLOCK)
    to = os.open(lab + '/monitor.in', os.O_WRONLY)
    with open(file, 'w') as out:
        for _ in range(int(count)):
            line = ask(to, answers)
            if line:
                print(line, file=out)
            time.sleep(0.004)


class Symbols:
    def __init__(self, file):
        lines = (line.split() for line in open(file, errors='replace'))
        table = sorted((int(f[0], 16), ' '.join(f[2:4])) for f in lines if len(f) >= 3)
        self.addresses = [address for address, _ in table]
        self.names = [name for _, name in table]

    def name(self, address):
        i = bisect.bisect(self.addresses, address) - 1
        if i < 0 or address - self.addresses[i] > LONGEST:
            return '?'
        return self.names[i]


def owners(samples, dom0, guest):
    """Of each GS base its symbols and whose they are."""
    votes = collections.Counter()
    for address, _, _, base in samples:
        votes[base] += 'netback' in dom0.name(address)
        votes[base] -= 'netfront' in guest.name(address)
    return {base: (dom0, 'dom0') if n > 0 else (guest, 'guest') for base, n in votes.items()}


def report(file, symbols):
    xen, dom0, guest = (Symbols(f'{symbols}/{w}syms') for w in ('xen', 'dom0', 'guest'))
    samples = [line.split() for line in open(file)]
    samples = [(int(a, 16), cpl, halted, base) for a, cpl, halted, base in samples]
    owner = owners([s for s in samples if s[0] not in USER and s[0] not in XEN], dom0, guest)
    parts, functions = collections.Counter(), collections.Counter()
    for address, _, halted, base in samples:
        if halted == '1':
            part, name = 'idle', ''
        elif address in XEN:
            part, name = 'xen', xen.name(address)
        elif address in USER:
            part, name = 'user', ''
        else:
            table, part = owner[base]
            name = table.name(address)
        module = name.partition(' ')[2]
        parts[f'{part} {module}'] += 1
        functions[f'{part} {name}'] += 1
    for counter in parts, functions:
        for name, n in counter.most_common(60):
            print(f'{100 * n / len(samples):5.1f}% {name}')
        print()


if __name__ == '__main__':
    {'sample': sample, 'report': report}[sys.argv[1]](*sys.argv[2:])
