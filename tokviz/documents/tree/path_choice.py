"""Which paths a user's patterns choose where no folder is walked: of a commit, or of what changed."""

import os
from collections.abc import Sequence
from pathlib import Path

from tokviz.documents.tree.ignore_rules import Decider, Placed, option_rules

Patterns = tuple[Sequence[str], Sequence[str]]
"""To include (none: everything), and to exclude."""


class PathChoice:
    """What patterns choose of the paths from ``folder``, or of those ``only``; ValueError for a pattern that
    can match nothing."""

    def __init__(self, patterns: Patterns, folder: Path, only: frozenset[str] | None = None) -> None:
        self._only = only
        options = zip(patterns, ("--include", "--exclude"), strict=True)
        self._include, self._exclude = (
            Decider([Placed(option_rules(each, option, folder))]) if each else None
            for each, option in options
        )

    def takes(self, path: str) -> bool:
        """Whether a file belongs to what is chosen, by its own name and those of the folders above it."""
        if self._only is not None and path not in self._only:
            return False
        above = any(self.excludes(folder, folder=True) for folder in _folders(path))
        return not above and not self.excludes(path, folder=False) and self.includes(path)

    def excludes(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder is left out by a pattern for itself."""
        if self._exclude is None:
            return False
        rule = self._exclude.match(os.fsencode(path), os.fsencode(_name(path)), folder=folder)
        return rule is not None and not rule.negated

    def includes(self, path: str) -> bool:
        """Whether a file is what is wanted, or lies in such a folder."""
        if self._include is None:
            return True
        decided = [
            self._include.match(os.fsencode(folder), os.fsencode(_name(folder)), folder=True)
            for folder in _folders(path)
        ]
        decided.append(self._include.match(os.fsencode(path), os.fsencode(_name(path)), folder=False))
        rule = next((rule for rule in reversed(decided) if rule is not None), None)
        return rule is not None and not rule.negated


def _folders(path: str) -> list[str]:
    """The folders above it, the outermost first."""
    above = path.split("/")[:-1]
    return ["/".join(above[: end + 1]) for end in range(len(above))]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
