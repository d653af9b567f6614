"""The ways in which a text is made smaller without losing its point, by name."""

from collections.abc import Iterable
from enum import StrEnum

RULES = 1
"""Goes up whenever a shortening gives another text than before: counts that are kept depend on it."""


class Shortening(StrEnum):
    """One way, in the order in which they are applied; the values are the names on the command line."""

    NOTEBOOKS = "notebooks"
    LOCK_FILES = "lockfiles"
    MINIFIED = "minified"
    BASE64 = "base64"
    COMMENTS = "comments"
    BLANK_LINES = "blank-lines"

    @property
    def label(self) -> str:
        """What it does, in a few words."""
        return _LABELS[self][0]


def shortened_words(applied: Iterable[Shortening]) -> str:
    """What was done to one file: ``its cells, without comments``; empty if nothing was."""
    return ", ".join(_LABELS[one][1] for one in applied)


_LABELS = {
    Shortening.NOTEBOOKS: ("notebooks as their cells", "its cells"),
    Shortening.LOCK_FILES: ("lock files as one line each", "one line in its place"),
    Shortening.MINIFIED: ("minified files as one line each", "one line in its place"),
    Shortening.BASE64: ("base64 and data URIs as a note", "base64 as a note"),
    Shortening.COMMENTS: ("comments removed", "without comments"),
    Shortening.BLANK_LINES: ("blank lines removed", "without blank lines"),
}
"""Of all files, and of one."""
