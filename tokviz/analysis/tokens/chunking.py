"""Cuts a text to a number of tokens, or splits it into chunks of so many: at tokens, lines or sentences.

What comes out, **tokenized by itself, has no more tokens than asked for** (of an estimate: at the high end of
its range), and the chunks together hold every byte. See ``token_gauge`` for how that is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tokviz.analysis.tokens.characters import character_end
from tokviz.analysis.tokens.text_breaks import BreakAt, first_break, last_break
from tokviz.analysis.tokens.token_gauge import Gauge
from tokviz.language import _
from tokviz.tokenization.splitting.split_points import Text

_INSTEAD = {
    BreakAt.TOKEN: (BreakAt.TOKEN,),
    BreakAt.LINE: (BreakAt.LINE, BreakAt.SENTENCE, BreakAt.TOKEN),
    BreakAt.SENTENCE: (BreakAt.SENTENCE, BreakAt.LINE, BreakAt.TOKEN),
}
"""Where to cut, in order of preference: a line may be longer than all that is to be taken."""


class TooFewTokensError(ValueError):
    """Not even one character fits; ``str()`` is a sentence."""

    def __init__(self, character: str, needed: int, most: int) -> None:
        super().__init__(
            _(
                "The character “{character}” alone takes {needed} tokens, so nothing can be cut to {most};"
                " allow at least {needed}.",
                character=character,
                needed=needed,
                most=most,
            )
        )


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Bytes ``start`` to ``end`` of a text."""

    start: int
    end: int
    tokens: int
    """Of the chunk by itself."""
    at: BreakAt
    """What its end is the end of; the text's own end is whatever was asked for."""


def take(text: Text, gauge: Gauge, start: int, most: int, at: BreakAt = BreakAt.TOKEN) -> TextChunk:
    """As much of the text from ``start`` on as is at most ``most`` tokens; empty at the text's end.

    TooFewTokensError if that is not even one character.
    """
    if start >= len(text):
        return TextChunk(start, start, 0, at)
    reach = gauge.reach(start, most)
    if reach == len(text) and (tokens := gauge.count(start, reach)) <= most:
        return TextChunk(start, reach, tokens, at)
    for kind in _INSTEAD[at]:
        end = reach if kind is BreakAt.TOKEN else last_break(text, start, reach, kind)
        while end > start:
            if (tokens := gauge.count(start, end)) <= most:
                return TextChunk(start, end, tokens, kind)
            is_token = kind is BreakAt.TOKEN
            end = gauge.end_before(start, end) if is_token else last_break(text, start, end - 1, kind)
    end = character_end(text, start + 1)
    if (tokens := gauge.count(start, end)) <= most:
        return TextChunk(start, end, tokens, BreakAt.TOKEN)
    raise TooFewTokensError(bytes(text[start:end]).decode(), tokens, most)


def split(
    text: Text, gauge: Gauge, most: int, overlap: int = 0, at: BreakAt = BreakAt.TOKEN, start: int = 0
) -> Iterator[TextChunk]:
    """Chunks of at most ``most`` tokens that together hold every byte from ``start`` on, in order.

    Each begins with up to ``overlap`` tokens of the end of the one before it: whole lines or sentences, if
    the text is cut there. ValueError if the overlap is not smaller than a chunk, or TooFewTokensError.
    """
    if not 0 <= overlap < most:
        raise ValueError(_("The overlap must be smaller than a chunk."))
    end = start
    while end < len(text):
        chunk = take(text, gauge, start, most, at)
        if chunk.end <= end:  # nothing new: the overlap and what follows it do not fit together
            chunk = take(text, gauge, end, most, at)
        yield chunk
        end = chunk.end
        start = _next_start(text, gauge, chunk, overlap, at)


def _next_start(text: Text, gauge: Gauge, chunk: TextChunk, overlap: int, at: BreakAt) -> int:
    """Where the chunk behind ``chunk`` begins."""
    if not overlap:
        return chunk.end
    start = max(gauge.last_tokens(chunk.start, chunk.end, overlap), character_end(text, chunk.start + 1))
    if at is BreakAt.TOKEN or start >= chunk.end:
        return min(start, chunk.end)
    found = first_break(text, start, chunk.end, at)
    return found if found >= 0 else chunk.end
