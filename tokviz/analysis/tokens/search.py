"""Finding text and tokens in a large text, a range at a time, so that whoever asks can stop in between."""

import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import regex
from numpy.typing import NDArray

from tokviz.analysis.tokens.characters import Text, character_start
from tokviz.analysis.tokens.token_list import TokenList, TokenRun
from tokviz.analysis.tokens.token_map_chunks import UNKNOWN
from tokviz.language import _, number

Offsets = NDArray[np.int64]

LONGEST_RANGE = 1 << 17
"""Bytes looked through in one step at most."""
LONGEST_MATCH = 1 << 15
"""Bytes past a range that a match which begins in it may reach."""
_CONTEXT = 1 << 10
"""Bytes before a range that a pattern may look back to."""
_SECONDS = 0.03
"""What a pattern may take for one range."""
_LONG, _SHORT = 0.008, 0.003
"""A step of more than so many seconds makes the next range shorter, one of less makes it longer."""
_FIRST = 1 << 14
_LEAST = 1 << 10
"""Bytes of the shortest range that a slow pattern is tried on."""
_ESCAPED_OR_END = regex.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", regex.DOTALL)
"""What in a pattern is escaped, a set of characters, or the end of a line."""
_ESCAPE = regex.compile(r"\\([nrt\\]|x[0-9A-Fa-f]{2})")
_ESCAPED = {"n": 0x0A, "r": 0x0D, "t": 0x09, "\\": 0x5C}
_NOTHING = np.zeros(0, np.int64)


class SearchError(Exception):
    """What was asked for cannot be searched; the message is one sentence."""


class TooSlowError(Exception):
    """A pattern took too long for one range; a shorter one may do."""


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Text to find, and how."""

    text: str
    match_case: bool = False
    whole_words: bool = False
    pattern: bool = False
    """``text`` is a regular expression."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Where something was found: byte offsets, ``int64[n]`` each, in order; no two overlap."""

    starts: Offsets
    ends: Offsets

    def __len__(self) -> int:
        return len(self.starts)


class Search(Protocol):
    """Finds what begins in one range of the text."""

    def find(self, start: int, stop: int) -> Matches:
        """The matches that begin at ``start <= offset < stop`` (and at the text's end if that is ``stop``).

        TooSlowError if that takes longer than a step may.
        """


class _Source(Protocol):
    """Where the text is; it may be another object after an edit."""

    @property
    def data(self) -> Text: ...


class LiteralSearch:
    """Finds bytes exactly; several gigabytes a second."""

    def __init__(self, source: _Source, needle: bytes) -> None:
        if not needle:
            raise SearchError(_("There is nothing to look for."))
        self._source = source
        self._needle = needle

    def find(self, start: int, stop: int) -> Matches:
        """See Search."""
        size = len(self._needle)
        starts = _occurrences(self._source.data, self._needle, start, stop + size - 1)
        return Matches(starts, starts + size)


class PatternSearch:
    """Finds a regular expression, or text without regard to case or as whole words.

    A match may reach ``LONGEST_MATCH`` bytes beyond the range it begins in, and no farther. A pattern that
    backtracks without end is given up (see ``search_ranges``).
    """

    def __init__(self, source: _Source, query: TextQuery) -> None:
        """SearchError says what is wrong with the pattern."""
        if not query.text:
            raise SearchError(_("There is nothing to look for."))
        self._source = source
        self._pattern = compile_query(query)
        # Only a pattern can take for ever; watching the clock makes finding plain text slower.
        self._timeout = _SECONDS if query.pattern else None
        # Only in ASCII text, and for an ASCII needle, is ignoring case the same for bytes as for characters.
        self._lower = b""
        if not (query.pattern or query.whole_words or query.match_case) and query.text.isascii():
            self._lower = query.text.lower().encode()

    def find(self, start: int, stop: int) -> Matches:
        """See Search."""
        data = self._source.data
        low = character_start(data, max(0, start - _CONTEXT))
        high = character_start(data, min(len(data), stop + LONGEST_MATCH))
        window = bytes(data[low:high])
        if self._lower and window.isascii():
            starts = _occurrences(window.lower(), self._lower, start - low, stop - low + len(self._lower) - 1)
            return Matches(starts + low, starts + (low + len(self._lower)))
        return self._matches(window, low, start, stop)

    def _matches(self, window: bytes, low: int, start: int, stop: int) -> Matches:
        text = window.decode()
        if len(text) == len(window):
            found = np.array(self._spans(text, start - low, stop - low), np.int64).reshape(-1, 2) + low
        else:
            # Offsets of bytes to offsets of characters, and back.
            leads = np.flatnonzero((np.frombuffer(window, np.uint8) & 0xC0) != 0x80)
            first, last = np.searchsorted(leads, np.array([start - low, stop - low])).tolist()
            spans = np.array(self._spans(text, first, last), np.int64).reshape(-1, 2)
            found = np.append(leads, len(window))[spans] + low
        return Matches(found[:, 0], found[:, 1])

    def _spans(self, text: str, start: int, stop: int) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        try:
            for match in self._pattern.finditer(text, start, timeout=self._timeout):
                low, high = match.span()
                if low >= stop:
                    break
                if high > low:
                    spans.append((low, high))
        except TimeoutError:
            raise TooSlowError from None
        return spans


class TokenIdSearch:
    """Finds the tokens with one id."""

    def __init__(self, tokens: TokenList, token_id: int) -> None:
        if not 0 <= token_id < UNKNOWN:
            raise SearchError(_("There is no token with the id {id}.", id=token_id))
        self._tokens = tokens
        self._id = np.uint32(token_id)

    def find(self, start: int, stop: int) -> Matches:
        """See Search. Tokens that are not known yet are not found."""
        run, inside = _begun_in(self._tokens, start, stop)
        hits = inside & (run.ids == self._id)
        return Matches(run.starts[hits], run.ends[hits])


class TokenTextSearch:
    """Finds the tokens that cover exactly these bytes of the text."""

    def __init__(self, source: _Source, tokens: TokenList, text: bytes) -> None:
        if not text:
            raise SearchError(_("There is nothing to look for."))
        self._source = source
        self._tokens = tokens
        self._text = text

    def find(self, start: int, stop: int) -> Matches:
        """See Search. Tokens that are not known yet are not found."""
        run, inside = _begun_in(self._tokens, start, stop)
        size = len(self._text)
        long_enough = inside & (run.ends - run.starts == size)
        starts = run.starts[long_enough]
        # The tokens may be those of a text that has become shorter meanwhile.
        starts = starts[starts + size <= len(self._source.data)]
        if not len(starts):
            return Matches(_NOTHING, _NOTHING)
        view = np.frombuffer(
            self._source.data, np.uint8, int(starts[-1]) + size - int(starts[0]), int(starts[0])
        )
        at = starts - starts[0]
        for place, byte in enumerate(self._text):
            alike = view[at + place] == byte
            at, starts = at[alike], starts[alike]
        return Matches(starts, starts + size)


def search_ranges(search: Search, start: int, stop: int, backwards: bool = False) -> Iterator[Matches]:
    """What is found from ``start`` to ``stop``, range by range, in the order in which they are met.

    Each step is short; a step in which a slow pattern got nowhere gives no matches and is tried again on
    less. SearchError if the pattern is too slow for any range.
    """
    size = min(_FIRST, LONGEST_RANGE)
    while start < stop:
        low, high = (max(start, stop - size), stop) if backwards else (start, min(stop, start + size))
        began = time.perf_counter()
        try:
            found = search.find(low, high)
        except TooSlowError:
            if size <= _LEAST:
                raise SearchError(
                    _(
                        "The pattern takes too long near byte {offset}; make it more exact.",
                        offset=number(low),
                    )
                ) from None
            size = max(_LEAST, size // 4)
            found = Matches(_NOTHING, _NOTHING)
        else:
            start, stop = (start, low) if backwards else (high, stop)
            seconds = time.perf_counter() - began
            if seconds > _LONG:
                size = max(_LEAST, size // 2)
            elif seconds < _SHORT:
                size = min(LONGEST_RANGE, size * 2)
        yield found


def text_search(source: _Source, query: TextQuery) -> Search:
    """The quickest way to find what ``query`` asks for; SearchError if that is no valid question."""
    if query.match_case and not query.whole_words and not query.pattern:
        try:
            return LiteralSearch(source, query.text.encode())
        except UnicodeEncodeError:
            raise SearchError(_("Half of a surrogate pair stands in no text.")) from None
    return PatternSearch(source, query)


def token_text(text: str) -> bytes:
    """The bytes that ``text`` describes, in which ``\\n``, ``\\r``, ``\\t``, ``\\\\`` and ``\\xE2`` stand for
    a byte each, since a token need be neither visible nor whole characters."""
    found = bytearray()
    at = 0
    for escape in _ESCAPE.finditer(text):
        found += text[at : escape.start()].encode("utf-8", "replace")
        found += bytes([_ESCAPED[escape[1]]]) if escape[1] in _ESCAPED else bytes.fromhex(escape[1][1:])
        at = escape.end()
    return bytes(found + text[at:].encode("utf-8", "replace"))


def _begun_in(tokens: TokenList, start: int, stop: int) -> tuple[TokenRun, NDArray[np.bool_]]:
    """The tokens around a range, and which of them are right and begin in it."""
    run = tokens.tokens_in(start, stop)
    inside = (run.starts >= start) & (run.starts < stop) & ~run.stale
    if stop >= len(tokens):
        inside |= (run.starts == stop) & ~run.stale
    return run, inside


def _occurrences(data: Text, needle: bytes, start: int, stop: int) -> Offsets:
    """Where ``needle`` is found within ``start`` and ``stop``, the earliest first, without overlaps."""
    if len(needle) == 1:
        view = np.frombuffer(data, np.uint8, max(0, min(stop, len(data)) - start), start)
        return np.flatnonzero(view == needle[0]) + start
    found: list[int] = []
    at = data.find(needle, start, stop)
    while at >= 0:
        found.append(at)
        at = data.find(needle, at + len(needle), stop)
    return np.array(found, np.int64)


def compile_query(query: TextQuery) -> "regex.Pattern[str]":
    """The pattern that finds what ``query`` asks for; SearchError says what is wrong with it."""
    text = _ends_before_breaks(query.text) if query.pattern else regex.escape(query.text)
    if query.whole_words:
        text = rf"(?<!\w)(?:{text})(?!\w)" if query.pattern else _as_words(query.text)
    flags = regex.MULTILINE if query.match_case else regex.MULTILINE | regex.IGNORECASE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what later versions of the library may read otherwise
            return regex.compile(text, flags)
    except regex.error as error:
        raise SearchError(_("This is not a regular expression: {error}.", error=error)) from None


def _as_words(text: str) -> str:
    """``text`` with no letter before or after it; where it ends in a sign itself, anything may follow."""
    before = r"(?<!\w)" if regex.match(r"\w", text) else ""
    after = r"(?!\w)" if regex.search(r"\w\Z", text) else ""
    return before + regex.escape(text) + after


def _ends_before_breaks(pattern: str) -> str:
    """``pattern`` with ``$`` meaning the end of a line also where the line ends in CR LF."""
    return _ESCAPED_OR_END.sub(lambda part: r"(?=\r?$)" if part[0] == "$" else part[0], pattern)
