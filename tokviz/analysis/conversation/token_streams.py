"""A context as the tokens that a model reads in order, with the texts that they stand for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.conversation.contexts import Context
from tokviz.analysis.conversation.templated_context import EncodedSpans, encode_by_template
from tokviz.conversations.cache import Breakpoint, Place, StreamPart, TokenStream
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.framing import lay_out
from tokviz.conversations.framing_rules import TEXT_ALONE, FramingRule
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokens import Tokenization

_FRAMING_ID = 0xFFFFFFFF
"""Stands for each token that a maker puts around a text; no vocabulary has so many."""
_ID_OF_TEXT = 1 << 31
"""With a text's checksum, an id that stands for all of its tokens where they are not looked at one by one."""
_ASKING = ("request-anthropic", "request-bedrock-converse")
"""Formats that tell what the maker is asked to keep."""
_SHOWN = 60
"""Characters shown of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenizedContext:
    """The tokens of a context. ``texts``: each part's text and, where it was tokenized, its tokens; None for
    framing that was only measured."""

    stream: TokenStream
    texts: tuple[tuple[bytes, Tokenization | None] | None, ...]
    breakpoints: tuple[Breakpoint, ...] | None = None
    """None where the file does not tell what the maker was asked to keep."""

    def text_from(self, place: Place) -> str:
        """The beginning of the text from the token at ``place`` on; empty for framing."""
        known = self.texts[place.number]
        if known is None:
            return ""
        data, tokens = known
        start = int(tokens.ends[place.offset - 1]) if place.offset and tokens is not None else 0
        text = data[start : start + 8 * _SHOWN].decode(errors="replace")
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part with its fixed tokens, or its text."""

    part: StreamPart
    fixed: int
    text: bytes | None
    cache: str | None = None


class ContextTokenizer:
    """Tokenizes contexts by one tokenizer, for comparison; a text that stands in several is counted once."""

    def __init__(
        self, tokenizer: Tokenizer, template: ChatTemplate | None = None, parsing: Tokenizer | None = None
    ) -> None:
        """``template``: the model's own; ``parsing`` takes its special tokens for tokens."""
        self._tokenizer = tokenizer
        self._template = template
        self._parsing = parsing or tokenizer
        self._counts: dict[bytes, int] = {}

    def tokenize_pair(
        self, before: Context, now: Context, rule: FramingRule | None
    ) -> tuple[TokenizedContext, TokenizedContext]:
        """Two contexts, in the order in which makers' caches see them: tools, system prompt, messages.

        Only the two texts at which they part are tokenized. The tokens of all others are told by their text
        and counted, which is much faster for some tokenizers and tells the same of where the streams part.
        With a chat template that takes both, every token is what the model reads, framing too.
        """
        templated = self._by_template(before, now)
        if templated is not None:
            return templated
        one, other = _pieces(before, rule), _pieces(now, rule)
        differ = (a.text for pair in zip(one, other, strict=False) if pair[0] != pair[1] for a in pair)
        parting = {text: self._tokenizer.encode(text) for text in islice(differ, 2) if text is not None}
        self._count([piece.text for piece in (*one, *other) if piece.text is not None])
        return self._stream(before, one, parting), self._stream(now, other, parting)

    def _by_template(self, before: Context, now: Context) -> tuple[TokenizedContext, TokenizedContext] | None:
        if self._template is None:
            return None
        try:
            one, other = (
                encode_by_template(context, self._template, self._parsing, self._tokenizer)
                for context in (before, now)
            )
        except TemplateRefusedError:
            return None
        return _templated(one), _templated(other)

    def _count(self, texts: Sequence[bytes]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._counts]
        if new:
            self._counts.update(zip(new, self._tokenizer.count_many(new).tolist(), strict=True))

    def _stream(
        self, context: Context, pieces: Sequence[_Piece], tokenized: Mapping[bytes, Tokenization]
    ) -> TokenizedContext:
        parts: list[tuple[StreamPart, NDArray[np.uint32]]] = []
        texts: list[tuple[bytes, Tokenization | None] | None] = []
        for piece in pieces:
            tokens = None if piece.text is None else tokenized.get(piece.text)
            if tokens is not None:
                ids = tokens.ids
            elif piece.text is not None:
                ids = np.full(self._counts[piece.text], _ID_OF_TEXT | crc32(piece.text), np.uint32)
            else:
                ids = np.full(piece.fixed, _FRAMING_ID, np.uint32)
            parts.append((piece.part, ids))
            texts.append(None if piece.text is None else (piece.text, tokens))
        stream = TokenStream.join(parts)
        return TokenizedContext(stream, tuple(texts), _breakpoints(context, pieces, stream.ends.tolist()))


def _breakpoints(
    context: Context, pieces: Sequence[_Piece], ends: Sequence[int]
) -> tuple[Breakpoint, ...] | None:
    """What a request asks to be kept; a mark of the whole request stands at its end."""
    conversation = context.conversation
    if conversation.format not in _ASKING:
        return None
    found: list[Breakpoint] = []
    block = 0
    for piece, end in zip(pieces, ends, strict=True):
        block += piece.text is not None
        if piece.cache:
            found.append(Breakpoint(end, block, piece.cache))
    if "cache_control" in conversation.options and ends:
        found.append(Breakpoint(ends[-1], block))
    return tuple(found)


def _templated(found: EncodedSpans) -> TokenizedContext:
    parts = [
        (StreamPart(span.kind, span.message, span.file or span.name), tokens.ids)
        for span, _, tokens in found.spans
    ]
    return TokenizedContext(TokenStream.join(parts), tuple((data, tokens) for _, data, tokens in found.spans))


def _pieces(context: Context, rule: FramingRule | None) -> list[_Piece]:
    """Every piece of a context, tools first."""
    layout = lay_out(context.conversation, rule or TEXT_ALONE, context.start, context.end)
    texts = dict(zip(layout.waiting, layout.texts, strict=True))
    pieces = [
        _Piece(
            StreamPart(piece.kind, piece.message, piece.file or piece.name),
            piece.tokens,
            texts.get(index),
            piece.cache,
        )
        for index, piece in enumerate(layout.pieces)
    ]
    return sorted(pieces, key=_rank)


def _rank(piece: _Piece) -> tuple[int, int]:
    part = piece.part
    if part.message is not None:
        return 2, part.message
    return (0 if part.kind == "tool" or part.name == "tools" else 1), 0
