"""The ways in which a text is made smaller without losing its point, by name."""

from collections.abc import Iterable
from enum import StrEnum

from tokviz.language import N_, gettext
from tokviz.lists import listed

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
        """What it does, in a few words, for programs."""
        return _LABELS[self][0]

    @property
    def words(self) -> str:
        """The same for people."""
        return gettext(self.label)


def shortened_words(applied: Iterable[Shortening]) -> str:
    """What was done to one file: ``its cells, without comments``; empty if nothing was."""
    return listed(gettext(_LABELS[one][1]) for one in applied)


def shortened_note(applied: Iterable[Shortening]) -> str:
    """The same for a packed text, whose tokens are no other where its reader speaks another language."""
    return ", ".join(_LABELS[one][1] for one in applied)


# Translators: what is done to texts to make them shorter; first to all files, then to one
_LABELS = {
    Shortening.NOTEBOOKS: (N_("notebooks as their cells"), N_("its cells")),
    Shortening.LOCK_FILES: (N_("lock files as one line each"), N_("one line in its place")),
    Shortening.MINIFIED: (N_("minified files as one line each"), N_("one line in its place")),
    Shortening.BASE64: (N_("base64 and data URIs as a note"), N_("base64 as a note")),
    Shortening.COMMENTS: (N_("comments removed"), N_("without comments")),
    Shortening.BLANK_LINES: (N_("blank lines removed"), N_("without blank lines")),
}
"""Of all files, and of one."""
