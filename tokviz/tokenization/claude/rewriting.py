"""A normalized text as Claude's tokenizer sees it: marks for words, their capitals, and single spaces.

The text is split into runs of one kind. A word stands between OPEN and CLOSE; a run of punctuation, signs or
numbers of other scripts takes OPEN on the left where it stands behind a space, CLOSE on the right where it
stands before a single one. A space between CLOSE and OPEN is left out: the two say it. Each rule was measured
by ctok's author against the maker's own counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tokviz.tokenization.claude.characters import (
    CAPITAL,
    CASELESS,
    FLOATING,
    KIND,
    NEW_CASE_PAIRS,
    SMALL,
    Characters,
    Kind,
)
from tokviz.tokenization.claude.families import Family
from tokviz.tokenization.claude.vocabulary import CAPITALS, CLOSE, OPEN, SHIFT

CONTRACTIONS = frozenset({"s", "t", "d", "m", "ll", "re", "ve"})
"""What an apostrophe joins to the word before it, in small letters only."""

_NEVER_LOWERED = "\u03f4"
_DOTTED_I, _SHARP_S = "İ", "ẞ"


class _Group(Enum):
    """Which kinds make up a run."""

    WORD = auto()
    DIGITS = auto()
    PUNCTUATION = auto()
    SPACE = auto()
    SIGNS = auto()
    NUMBERS = auto()
    LETTERS = auto()


_GROUPS = {
    Kind.WORD: _Group.WORD,
    Kind.WORD_SYMBOL: _Group.WORD,
    Kind.DIGIT: _Group.DIGITS,
    Kind.OTHER_DIGIT: _Group.DIGITS,
    Kind.PUNCTUATION: _Group.PUNCTUATION,
    Kind.SPACE: _Group.SPACE,
    Kind.SIGN: _Group.SIGNS,
    Kind.DECIMAL: _Group.NUMBERS,
    Kind.NUMBER: _Group.NUMBERS,
    Kind.LETTER_ALONE: _Group.LETTERS,
    Kind.SELECTOR: _Group.LETTERS,
}
_SELECTABLE = (_Group.SIGNS, _Group.NUMBERS, _Group.LETTERS)
"""What a selector can belong to; after anything else it stands as a letter."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A run before it is marked."""

    group: _Group
    body: str
    opens: bool
    """Whether it takes OPEN behind a space."""
    closes: bool
    """Whether it takes CLOSE before a single space. A word always does: of one, whether a contraction
    behind it is none."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run with its marks. Joined, runs make the rewritten text."""

    before: str
    """Marks, or a space of the frame's."""
    body: str
    """The characters, as many as in the text, perhaps in small letters; none for a space left out."""
    after: str
    """The closing mark, if there is one."""
    length: int
    """Characters in the text."""


class Rewriter:
    """Rewrites normalized texts for one family. Immutable."""

    def __init__(self, family: Family, characters: Characters) -> None:
        self._opens_word = family.opens_word
        self._shortest_capitals = family.shortest_capitals
        self._flags = characters.tobytes()
        self._kinds = (characters & KIND).tobytes()

    def word(self, word: str) -> str:
        """A whole word, as long as it can be, with its marks."""
        before, body = self._case(word)
        return f"{before}{OPEN}{body}{CLOSE}"

    def text(self, text: str, leading_space: bool) -> str:
        """A whole text but for line feeds at its end. ``leading_space``: whether it began with a space
        before it was normalized."""
        return "".join([f"{run.before}{run.body}{run.after}" for run in self.runs(text, leading_space)])

    def runs(self, text: str, leading_space: bool) -> list[Run]:
        """The runs of ``text``."""
        if self._opens_word and leading_space and text[:1] == " " and text[1:2] != " ":
            # The frame's mark already says it.
            return [Run("", "", "", 1), *self.runs(text[1:], leading_space=False)]
        spans = self._spans(text)
        runs = [self._mark(spans, index) for index in range(len(spans))]
        if self._opens_word:
            runs[:1] = self._framed(spans, runs)
        for index in range(1, len(runs) - 1):
            joined = runs[index - 1].after and runs[index + 1].before.endswith(OPEN)
            if joined and runs[index].body == " ":
                runs[index] = Run("", "", "", 1)
        return runs

    def _framed(self, spans: Sequence[_Span], runs: Sequence[Run]) -> list[Run]:
        """The first run with what becomes of the frame's opening mark."""
        if not spans:
            return [Run(OPEN, "", "", 0)]
        first, run = spans[0], runs[0]
        if _opens_quotation(spans, 0):
            return [Run(" " + run.before, run.body, run.after, run.length)]
        takes_it = first.group is _Group.WORD or first.opens or first.body[0] == " "
        return [run if takes_it else Run(OPEN + run.before, run.body, run.after, run.length)]

    def _spans(self, text: str) -> list[_Span]:
        kinds = self._kinds
        spans: list[_Span] = []
        start, group = 0, None
        for index, character in enumerate(text):
            code = ord(character)
            kind = kinds[code] if code < 0x10000 else Kind.LETTER_ALONE
            if kind == Kind.SELECTOR and group in _SELECTABLE:
                continue
            if (new := _GROUPS[Kind(kind)]) is not group:
                if group is not None:
                    spans.append(self._span(group, text[start:index]))
                start, group = index, new
        if group is not None:
            spans.append(self._span(group, text[start:]))
        return spans

    def _span(self, group: _Group, body: str) -> _Span:
        if group is _Group.SPACE:
            return _Span(group, body, False, False)
        if group is _Group.PUNCTUATION:
            return _Span(group, body, True, True)
        first, last = self._kind(body[0]), self._kind(body[-1])
        if group is _Group.WORD:
            return _Span(group, body, False, last == Kind.WORD_SYMBOL)
        if group is _Group.DIGITS:
            return _Span(group, body, first == Kind.OTHER_DIGIT, last == Kind.OTHER_DIGIT)
        if group is _Group.NUMBERS:
            uniform = all(self._kind(character) == first for character in body)
            return _Span(group, body, uniform, uniform or last == Kind.SELECTOR)
        borders = (Kind.SIGN, Kind.SELECTOR)
        return _Span(group, body, first in borders, last in borders)

    def _kind(self, character: str) -> int:
        code = ord(character)
        return self._kinds[code] if code < 0x10000 else Kind.LETTER_ALONE

    def _mark(self, spans: Sequence[_Span], index: int) -> Run:
        span = spans[index]
        if span.group is _Group.WORD:
            if _is_contraction(spans, index):
                return Run("", span.body, CLOSE, len(span.body))
            before, body = self._case(span.body)
            return Run(before + OPEN, body, CLOSE, len(body))
        behind = spans[index - 1].body[-1] == " " if index else self._opens_word
        opens = span.opens and behind and not _opens_quotation(spans, index)
        following = spans[index + 1].body[:2] if index + 1 < len(spans) else ""
        closes = span.closes and following[:1] == " " and following != "  "
        return Run(OPEN * opens, span.body, CLOSE * closes, len(span.body))

    def _case(self, word: str) -> tuple[str, str]:
        """The mark for a word's capitals, and the word with those taken away that the mark says."""
        if word.isascii():
            if word.islower():
                return "", word
            capitals, rest = word.isupper(), word[1:]
            begins = word[0].isupper() and (not rest or rest.islower())
        elif _SHARP_S in word or self._flags[ord(word[0])] & FLOATING:
            # Where the first character is a mark without a letter, no letter is the first.
            return "", word
        else:
            flags = [self._flags[ord(character)] for character in word]
            some = 0
            for flag in flags:
                some |= flag
            capitals = bool(some & CAPITAL) and not some & (SMALL | CASELESS) and _DOTTED_I not in word
            first, *others = [flag for flag, c in zip(flags, word, strict=True) if c != _DOTTED_I] or [0]
            begins = bool(first & CAPITAL) and word[0] != _DOTTED_I and not any(f & CAPITAL for f in others)
        if capitals and self._shortest_capitals and len(word) >= self._shortest_capitals:
            return CAPITALS, _lowered(word)
        return (SHIFT, _lowered(word)) if begins else ("", word)


def _lowered(word: str) -> str:
    """In small letters, character by character, so that no letter depends on another."""
    if word.isascii():
        return word.lower()
    kept = (_NEVER_LOWERED, _DOTTED_I)
    return "".join([c if c in kept else NEW_CASE_PAIRS.get(c, c.lower()) for c in word])


def _opens_quotation(spans: Sequence[_Span], index: int) -> bool:
    """Whether it is an apostrophe alone that stands before a word."""
    return spans[index].body == "'" and index + 1 < len(spans) and spans[index + 1].group is _Group.WORD


def _is_contraction(spans: Sequence[_Span], index: int) -> bool:
    """Whether the word belongs to one before it, joined by an apostrophe that stands alone between them."""
    if not index or spans[index].body not in CONTRACTIONS or spans[index - 1].body != "'":
        return False
    return index < 2 or not spans[index - 2].closes
