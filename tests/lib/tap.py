# SPDX-License-Identifier: GPL-2.0
"""TAP for Python: test() for every test point, and exit with what done() returns."""

_count = _failed = 0


def test(description, problems):
    """One test point: passed when there are no problems."""
    global _count, _failed
    _count += 1
    problems = list(problems)
    _failed += bool(problems)
    print(f"{'not ' if problems else ''}ok {_count} - {description}")
    for problem in problems:
        print(f'# {problem}')


def done():
    """The plan; true when a point failed."""
    print(f'1..{_count}')
    return _failed > 0
