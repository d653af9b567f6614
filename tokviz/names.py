"""Names that people type: which known one was meant."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from tokviz.language import _

_LIKE = 0.7
"""Names less alike than this (``SequenceMatcher``'s ratio) have nothing to do with one another: “gpt4o” is
0.91 like “gpt-4o”, “calude” 0.83 like “claude”, “foo” 0.4 like “o3”."""
_SHORTEST_PART = 3
"""A shorter word stands in too many names to say which one was meant."""


Kind = Literal["model", "tokenizer", "maker", "way to shorten"]  # verbatim
"""What has names."""


class UnknownNameError(LookupError):
    """A name that nothing has. ``str()`` is one sentence, with the nearest name if one is near."""

    def __init__(self, kind: Kind, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest = nearest(name, known)
        super().__init__(_sentence(kind, name, self.nearest))

    def __str__(self) -> str:
        return str(self.args[0])


def _sentence(kind: Kind, name: str, near: str | None) -> str:
    match kind:
        case "model":
            none = _("There is no model “{name}”.", name=name)
            meant = _("There is no model “{name}”; did you mean “{nearest}”?", name=name, nearest=near)
        case "tokenizer":
            none = _("There is no tokenizer “{name}”.", name=name)
            meant = _("There is no tokenizer “{name}”; did you mean “{nearest}”?", name=name, nearest=near)
        case "maker":
            none = _("There is no maker “{name}”.", name=name)
            meant = _("There is no maker “{name}”; did you mean “{nearest}”?", name=name, nearest=near)
        case "way to shorten":  # verbatim
            none = _("There is no way to shorten “{name}”.", name=name)
            meant = _(
                "There is no way to shorten “{name}”; did you mean “{nearest}”?", name=name, nearest=near
            )
    return meant if near else none


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that somebody who typed ``name`` most likely meant; None if none is near.

    Letter case and punctuation aside: the same name, else the first that holds all words of it, else the
    one spelled most like it.
    """
    # Imported here: it is needed only when something went wrong.
    from difflib import SequenceMatcher

    given = _plain(name)
    words = _words(name)
    best: tuple[bool, bool, float] = (False, False, _LIKE)
    found = None
    for other in known:
        plain = _plain(other)
        part = len(given) >= _SHORTEST_PART and (plain.startswith(given) or words <= _words(other))
        # Of names that all hold it the shortest is no likelier than the first.
        score = (plain == given, part, 1.0 if part else SequenceMatcher(None, given, plain).ratio())
        if score > best:
            best, found = score, other
    return found


def matching(search: str, entries: Sequence[Sequence[str]]) -> list[bool]:
    """Which entries, each a few texts, hold every word of ``search``, letter case aside.

    A word that stands as a whole in some entry is looked for as a whole, so that “open” finds open weights
    and not OpenAI; else as the beginning of a word (“claud”), else of a text, punctuation aside (“gpt4”).
    What follows a number that is looked for belongs to it: “gpt-4” finds GPT-4o and GPT-4.1 too.
    """
    held = [set().union(*map(_words, entry)) for entry in entries]
    found = [True] * len(entries)
    for word in _words(search):
        whole = [word in words or any(_is_version(w, word) for w in words) for words in held]
        begun = whole if any(whole) else [any(w.startswith(word) for w in words) for words in held]
        if not any(begun):
            plain = _plain(word)
            begun = [any(_plain(text).startswith(plain) for text in entry) for entry in entries]
        found = [before and now for before, now in zip(found, begun, strict=True)]
    return found


def _is_version(word: str, number: str) -> bool:
    """Whether a word is the number with something behind it: 4o and 4.1 are of 4, 40 is not."""
    behind = word[len(number) : len(number) + 1]
    return number[-1].isdigit() and word.startswith(number) and bool(behind) and not behind.isdigit()


def _plain(name: str) -> str:
    return "".join(re.findall(r"[^\W_]", name.casefold()))


def _words(text: str) -> set[str]:
    """Its words: a version, such as 4.1, is one; “amazon.nova” is two."""
    return set(re.findall(r"[^\W_]+(?:\.\d[^\W_]*)*", text.casefold()))
