"""What comes in the place of what a search has found."""

from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np
import regex

from tokviz.analysis.tokens.characters import Text, character_end, character_start
from tokviz.analysis.tokens.search import Search, SearchError, TextQuery, compile_query, search_ranges
from tokviz.language import _
from tokviz.text.change import Parts

_CONTEXT = 1 << 10
"""Bytes around a match that its pattern may look at."""

Replacer = Callable[[Text, int, int], bytes]
"""Gives what stands in the place of the match from ``start`` to ``end`` of a text (valid UTF-8)."""


@dataclass(frozen=True, slots=True, eq=False)
class Replacement:
    """All matches in a text replaced, as one edit."""

    start: int
    end: int
    """From the first match to the end of the last."""
    data: bytes
    """What comes instead of these bytes; what stands between the matches as it is."""
    parts: Parts
    """What really changes of that: see ``Change.parts``."""
    count: int
    """How many matches are replaced."""


def make_replacer(query: TextQuery, replacement: str) -> Replacer:
    r"""What to put in the place of matches of ``query``: ``replacement`` as it is, or for a pattern with its
    groups, such as ``\1`` or ``\g<name>``, and with ``\n`` and ``\t``.

    The replacer raises SearchError if ``replacement`` means nothing.
    """
    if not query.pattern:
        data = replacement.encode("utf-8", "replace")
        return lambda *_: data
    pattern = compile_query(query)

    def expand(text: Text, start: int, end: int) -> bytes:
        low = character_start(text, max(0, start - _CONTEXT))
        high = character_end(text, min(len(text), end + _CONTEXT))
        match = pattern.match(bytes(text[low:high]).decode(), len(bytes(text[low:start]).decode()))
        if match is None:  # what made it match stands further away
            return bytes(text[start:end])
        try:
            return match.expand(replacement).encode("utf-8", "replace")
        except (regex.error, IndexError) as error:
            raise SearchError(
                _("This cannot be put in the place of a match: {error}.", error=error)
            ) from None

    return expand


def replace_all(text: Text, search: Search, replacer: Replacer) -> Generator[None, None, Replacement | None]:
    """Replace everything in ``text`` that ``search`` finds, step by step; each ``yield`` ends a short one.
    Returns None if nothing is found. The text must stay as it is. SearchError as of the two."""
    pieces: list[bytes] = []
    rows: list[tuple[int, int, int]] = []
    reached = 0
    for found in search_ranges(search, 0, len(text)):
        for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True):
            if rows and start < reached:  # it overlaps the last one of the range before
                continue
            if rows:
                pieces.append(bytes(text[reached:start]))
            pieces.append(replacer(text, start, end))
            rows.append((start, end - start, len(pieces[-1])))
            reached = end
        yield
    if not rows:
        return None
    return Replacement(rows[0][0], reached, b"".join(pieces), _joined(rows), len(rows))


def _joined(rows: list[tuple[int, int, int]]) -> Parts:
    """The parts, those that touch made one."""
    parts = np.array(rows, np.int64)
    ends = parts[:, 0] + parts[:, 1]
    first = np.flatnonzero(np.concatenate(([True], parts[1:, 0] > ends[:-1])))
    if len(first) == len(parts):
        return parts
    sums = np.add.reduceat(parts[:, 1:], first, axis=0)
    return np.column_stack((parts[first, 0], sums))
