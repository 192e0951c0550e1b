#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Layers: includes and calls go one way, pure files need nothing but themselves.

Pure are the files that the unit tests link (PURE in tests/unit/Makefile), the headers
these include, and nothing else.
"""

import os
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / 'tests/lib'))
from tap import done, test

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
# What a pure object may call: what the kernel has as well as the C library, and what
# the compiler and the kernel's own string.h put in.
PURE_CALLS = re.compile(r'mem\w+|str\w+|__fentry__|__x86_return_thunk|__stack_chk_fail|'
                        r'fortify_panic|__sw_hweight\d+')


def run(*command):
    return subprocess.run(command, cwd=TOP, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def includes(path):
    """Our own files that a file includes, and the names that are not ours."""
    ours, foreign = [], []
    for quote, name in INCLUDE.findall(path.read_text()):
        candidate = path.parent / name if quote == '"' else TOP / 'include' / name
        if candidate.exists():
            ours.append(candidate.resolve())
        else:
            foreign.append(name)
    return ours, foreign


def closure(paths):
    seen, todo = set(), list(paths)
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += includes(path)[0]
    return seen


def show(path):
    return os.path.relpath(path, TOP)


def cycles(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield ' -> '.join(map(str, error.args[1]))


def side(path):
    return path.relative_to(TOP).parts[0]


def crossings(sources):
    """Includes from one side into the other, or from the shared headers into a side."""
    for path in sources:
        for other in includes(path)[0]:
            if side(other) not in (side(path), 'include'):
                yield f'{show(path)} includes {show(other)}'


def impurities(pure):
    """The shim, types.h, is the one door to the kernel's headers or the C library's."""
    for path in pure - {TOP / 'include/xennet/types.h'}:
        for name in includes(path)[1]:
            yield f'{show(path)} includes <{name}>'


def symbols(path):
    """The functions an object defines for others, and all names it needs. Variables,
    module parameters for one, are no calls."""
    defined, needed = set(), set()
    for line in run('nm', '-g', path).splitlines():
        kind, name = line.split()[-2:]
        if kind == 'U':
            needed.add(name)
        elif kind in 'TW':
            defined.add(name)
    return defined, needed


def call_cycles(objects):
    """Cycles of files that call one another, and the calls that make them."""
    table = {path.stem: symbols(path) for path in objects}
    graph = {file: {other for other in table if other != file and table[other][0] & needed}
             for file, (_, needed) in table.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # Listed from the callee to its caller.
        for callee, caller in zip(error.args[1], error.args[1][1:]):
            names = ', '.join(sorted(table[callee][0] & table[caller][1]))
            yield f'{caller}.c calls {names} of {callee}.c'


def outside_calls(objects):
    table = {path: symbols(path) for path in objects}
    ours = set().union(*(defined for defined, _ in table.values()))
    for path, (_, needed) in table.items():
        for name in sorted(needed - ours):
            if not PURE_CALLS.fullmatch(name):
                yield f'{path.parent.name}/{path.name} needs {name}'


def ring_accesses(sources):
    """To name a ring's header, for ring.h to work on, is no access."""
    address = re.compile(r'&[\w.>-]+->hdr\b(?![.-])')
    for path in sources:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r'sring\)?->|\b(FRONT_|BACK_)?RING_[A-Z_]+\(', address.sub('', line)):
                yield f'{show(path)}:{number}: {line.strip()}'


def matches(sources, pattern):
    for path in sources:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(pattern, line):
                yield f'{show(path)}:{number}: {line.strip()}'


def main():
    sides = {name: [path for path in sorted((TOP / name).rglob('*.[ch]'))
                    if not path.name.endswith('.mod.c')]
             for name in ('netback', 'netfront')}
    shared = sorted((TOP / 'include/xennet').glob('*.h'))
    sources = shared + sum(sides.values(), [])
    stems = run('make', '-s', '-C', 'tests/unit', '--eval',
                'print-pure: ; @echo $(PURE)', 'print-pure').split()
    assert stems, 'tests/unit/Makefile names no pure files'
    pure = closure(TOP / f'{stem}.c' for stem in stems)

    test('the two sides share headers only', crossings(sources))
    test('includes have no cycle',
         cycles({show(path): map(show, includes(path)[0]) for path in sources}))
    test('pure files include pure files', impurities(pure))
    test('only ring.h touches a shared ring',
         ring_accesses(set(sources) - {TOP / 'include/xennet/ring.h'}))

    test('kernel versions are compared in compat/ only',
         matches(sources, r'\b(LINUX_VERSION_CODE|KERNEL_VERSION)\b'))
    test('nothing a peer does can end in BUG or WARN',
         matches(sources, r'\b(VM_|DEBUG_NET_)?(BUG|WARN)(_ON)?(_ONCE)?\('))

    copy = Path(run('bash', '-c', '. tests/lib/tree.sh && copy=$(fresh_copy layers) && '
                    'parallel_make -C "$copy" >&2 && echo "$copy"').strip())
    for name, paths in sides.items():
        objects = [(copy / show(path)).with_suffix('.o') for path in paths
                   if path.suffix == '.c']
        unbuilt = [path for path in objects if not path.exists()]
        test(f'every file of {name} is built', unbuilt)
        test(f'calls between the files of {name} have no cycle',
             call_cycles(path for path in objects if path not in unbuilt))
    test('pure objects need pure objects',
         outside_calls([copy / f'{stem}.o' for stem in stems]))

    return done()


sys.exit(main())
