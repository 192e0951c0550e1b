#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Print what to keep of an unpacked root or module tree, one path a line.

    pick-files.py root DIR LIST...      globs, links followed, libraries added;
                                        A|B where suites have it in two places
    pick-files.py modules DIR LIST...   globs below kernel/, dependencies added

Paths are relative to DIR. A glob that matches nothing is an error: a root
that silently lacks a program costs more later. Not one of modules that begins
with a ?, which not every kernel has.
"""
import fnmatch
import os
import re
import subprocess
import sys

LIBDIRS = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64")


def patterns(lists):
    for name in lists:
        with open(name, encoding="utf-8") as lines:
            for line in lines:
                line = line.strip()
                if line and not line.startswith("#"):
                    yield line


def fail(text):
    sys.exit(f"pick-files: {text}")


class Root:
    """Collects paths of a root, with the parents and targets of each."""

    def __init__(self, top):
        self.top = top
        self.kept = set()

    def add(self, path):
        path = os.path.normpath(path)
        if path in self.kept or path == ".":
            return
        parent, name = os.path.split(path)
        self.add(parent)
        real = self.real(parent)
        if real != parent:      # a merged /usr: keep the real place
            self.add(os.path.join(real, name))
            return
        self.kept.add(path)
        full = os.path.join(self.top, path)
        if os.path.islink(full):
            self.add(self.target(path))
        elif not os.path.isdir(full):
            self.libraries(full)

    def add_tree(self, path):
        self.add(path)
        for base, dirs, files in os.walk(os.path.join(self.top, path)):
            for name in dirs + files:
                self.add(os.path.relpath(os.path.join(base, name), self.top))

    def target(self, path):
        to = os.readlink(os.path.join(self.top, path))
        if to.startswith("/"):
            return to.lstrip("/")
        return os.path.normpath(os.path.join(os.path.dirname(path), to))

    def real(self, path):
        """The path without links in it."""
        if not path:
            return path
        parent, name = os.path.split(path)
        path = os.path.join(self.real(parent), name)
        if os.path.islink(os.path.join(self.top, path)):
            return self.real(self.target(path))
        return path

    def libraries(self, full):
        with open(full, "rb") as file:
            if file.read(4) != b"\x7fELF":
                return
        text = subprocess.run(["readelf", "-dW", full], check=True, text=True,
                              capture_output=True).stdout
        for lib in re.findall(r"\(NEEDED\).*\[(.*)\]", text):
            for where in LIBDIRS:
                if os.path.lexists(f"{self.top}/{where}/{lib}"):
                    self.add(f"{where}/{lib}")
                    break
            else:
                fail(f"{full} needs {lib}, which no package brought")

    def glob(self, pattern):
        import glob
        found = glob.glob(pattern, root_dir=self.top)
        for path in found:
            self.add_tree(path)
        return found


def pick_root(top, lists):
    root = Root(top)
    for pattern in patterns(lists):
        if not any([root.glob(place) for place in pattern.split("|")]):
            fail(f"nothing matches {pattern}")
    return root.kept


def pick_modules(top, lists):
    """modules.dep: 'kernel/a/b.ko: kernel/c.ko ...', all dependencies listed."""
    depends = {}
    with open(f"{top}/modules.dep", encoding="utf-8") as lines:
        for line in lines:
            module, _, others = line.partition(":")
            depends[module] = others.split()
    with open(f"{top}/modules.builtin", encoding="utf-8") as lines:
        builtin = lines.read().split()
    kept = set()
    for pattern in patterns(lists):
        wanted = f"kernel/{pattern.lstrip('?')}.ko*"
        found = fnmatch.filter(depends, wanted)
        if not (found or fnmatch.filter(builtin, wanted) or pattern[0] == "?"):
            fail(f"no module matches {pattern}")
        for module in found:
            kept.update([module], depends[module])
    return kept


def main():
    if len(sys.argv) < 4 or sys.argv[1] not in ("root", "modules"):
        sys.exit(__doc__)
    pick = pick_root if sys.argv[1] == "root" else pick_modules
    print("\n".join(sorted(pick(sys.argv[2], sys.argv[3:]))))


main()
