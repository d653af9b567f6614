"""Patterns as people write them for ``--include`` and ``--exclude``, made patterns of an ignore file.

Other tools take ``*.{ts,tsx}`` and ``*.ts,*.tsx``; shells complete ``./src/a.ts`` and whole paths; frameworks
call folders ``[slug]``. A pattern is tried in every way in which its writer can mean it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

_MOST = 500
"""No pattern is written out in more ways than this."""
_BRACE = re.compile(r"\{([^{}]*,[^{}]*)\}")


def ways_to_mean(pattern: str, root: Path) -> list[str]:
    """All ignore-file patterns, without ``!``, that ``pattern`` can mean for a walk of ``root``."""
    found: dict[str, None] = {}
    for part in _alternatives(pattern):
        for one in _from_root(part, root):
            found[one] = None
            if "[" in one:
                found[one.replace("[", "\\[").replace("]", "\\]")] = None
    return list(found)[:_MOST]


def _alternatives(pattern: str) -> Iterator[str]:
    """The pattern as it stands, without its braces, and parted at the commas outside of them."""
    yield pattern
    expanded = _without_braces(pattern)
    yield from expanded
    for part in expanded:
        if "," in part:
            yield from filter(None, (each.strip() for each in part.split(",")))


def _without_braces(pattern: str) -> list[str]:
    done: list[str] = []
    pending = [pattern]
    while pending and len(pending) + len(done) <= _MOST:
        one = pending.pop()
        if brace := _BRACE.search(one):
            pending += [one[: brace.start()] + each + one[brace.end() :] for each in brace[1].split(",")]
        else:
            done.append(one)
    return done + pending


def _from_root(pattern: str, root: Path) -> Iterator[str]:
    """A path that begins at the file system's root or in the current folder, from ``root``."""
    folder = "/" if pattern.endswith("/") else ""
    if pattern.startswith(("./", ".\\")) or pattern == ".":
        inside = _inside(Path(os.path.normpath(Path(os.path.abspath(pattern)))), root)  # noqa: PTH100
        yield inside + folder if inside else "/" + pattern[2:]
    elif Path(pattern).is_absolute() and (inside := _inside(Path(os.path.normpath(pattern)), root)):
        yield inside + folder
    else:
        yield pattern


def _inside(path: Path, root: Path) -> str:
    """``path`` from ``root`` as an anchored pattern; empty if it lies elsewhere."""
    if path == root:
        return "*"
    return "/" + path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
