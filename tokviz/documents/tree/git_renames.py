"""Files that were renamed: one that is gone and a new one with much the same text.

Much as git has it, but for bounds. Files of more than 256 KB are paired only if they are equal, and so are
all if those that are left come to more than 16 MB. Beyond a hundred pairs a new file is compared only with
the four that share most of its rarer lines, those in at most 16 of the files that are gone; so files that
were made from one template may count as removed and added.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tokviz.documents.tree.git_changes import ChangedFile

_LEAST = 50
"""Percent that both must have in common: git's own."""
_MOST_PAIRS = 100
"""Beyond so many, a new file is compared only with those that share its rarer lines."""
_RARE, _BEST = 16, 4
"""Files that are gone which such a line stands in at most, and how many of them are compared."""
_MOST_BYTES, _MOST_IN_ALL = 1 << 18, 16 << 20
"""Of a file, and of all files, that are compared line by line: some seconds at most."""


def similarity(before: bytes, after: bytes) -> int:
    """The share of the larger text, in percent, whose lines stand in the other too; 100: they are equal."""
    if before == after:
        return 100
    return _similarity(_lines(before), len(before), _lines(after), len(after))


def with_renames(files: Sequence[ChangedFile]) -> list[ChangedFile]:
    """The same, where a file that is gone and a new one are one that was renamed, in the place of the new
    one."""
    gone = {file.path: file.before for file in files if file.after is None and file.before}
    new = {file.path: file.after for file in files if file.before is None and file.after}
    former = _equal(gone, new)
    rest = {path: text for path, text in gone.items() if path not in former.values()}
    former |= _similar(rest, {path: text for path, text in new.items() if path not in former})
    taken = set(former.values())
    return [
        replace(file, before=gone[former[file.path]], former=former[file.path])
        if file.path in former
        else file
        for file in files
        if file.path not in taken
    ]


def _equal(gone: dict[str, bytes], new: dict[str, bytes]) -> dict[str, str]:
    """By new path the old one, of equal files; of several, the one that is called alike."""
    places: dict[bytes, list[str]] = {}
    for path, text in gone.items():
        places.setdefault(text, []).append(path)
    found = {}
    for path, text in new.items():
        if alike := places.get(text):
            best = max(alike, key=lambda old: (_name(old) == _name(path), -alike.index(old)))
            alike.remove(best)
            found[path] = best
    return found


def _similar(gone: dict[str, bytes], new: dict[str, bytes]) -> dict[str, str]:
    """The same of those that have enough in common, the most alike first."""
    gone = {path: text for path, text in gone.items() if len(text) <= _MOST_BYTES}
    new = {path: text for path, text in new.items() if len(text) <= _MOST_BYTES}
    if not new or sum(map(len, (*gone.values(), *new.values()))) > _MOST_IN_ALL:
        return {}
    all_lines = {path: _lines(text) for path, text in gone.items()}
    among = _Candidates(all_lines) if len(gone) * len(new) > _MOST_PAIRS else None
    scores = []
    for path, now in new.items():
        lines = _lines(now)
        for old in among.of(lines) if among else gone:
            text = gone[old]
            if _LEAST * max(len(text), len(now)) <= 100 * min(len(text), len(now)):
                score = _similarity(all_lines[old], len(text), lines, len(now))
                scores.append((score, _name(old) == _name(path), old, path))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for score, _, old, path in sorted(scores, key=lambda one: (-one[0], not one[1])):
        if score >= _LEAST and path not in found and old not in taken:
            found[path] = old
            taken.add(old)
    return found


class _Candidates:
    """Of many files those that share lines with another one, by the lines that few of them have."""

    def __init__(self, files: Mapping[str, Counter[bytes]]) -> None:
        self._files: dict[bytes, list[str]] = {}
        for path, lines in files.items():
            for line in lines:
                self._files.setdefault(line, []).append(path)

    def of(self, lines: Iterable[bytes]) -> list[str]:
        """Those that have the most in common, the first of them first."""
        shared: Counter[str] = Counter()
        for line in lines:
            files = self._files.get(line, ())
            if len(files) <= _RARE:
                for path in files:
                    shared[path] += len(line)
        return [path for path, _ in shared.most_common(_BEST)]


def _lines(text: bytes) -> Counter[bytes]:
    return Counter(text.splitlines(keepends=True))


def _similarity(before: Counter[bytes], size: int, after: Counter[bytes], new_size: int) -> int:
    common = sum(len(line) * min(count, after[line]) for line, count in before.items() if line in after)
    return min(99, 100 * common // max(size, new_size, 1))


def _name(path: str) -> str:
    return path.rpartition("/")[2]
