"""A context as the tokens that a model reads in order, with the texts that they stand for."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.conversation.contexts import Context
from tokviz.conversations.cache import Place, StreamPart, TokenStream
from tokviz.conversations.framing import Layout, lay_out
from tokviz.conversations.framing_rules import TEXT_ALONE, FramingRule
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokens import Tokenization

_FRAMING_ID = 0xFFFFFFFF
"""Stands for each token that a maker puts around a text; no vocabulary has so many."""
_SHOWN = 60
"""Characters shown of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenizedContext:
    """The tokens of a context. ``texts``: each part's text and tokens; None for framing."""

    stream: TokenStream
    texts: tuple[tuple[bytes, Tokenization] | None, ...]

    def text_from(self, place: Place) -> str:
        """The beginning of the text from the token at ``place`` on; empty for framing."""
        known = self.texts[place.number]
        if known is None:
            return ""
        data, tokens = known
        start = int(tokens.ends[place.offset - 1]) if place.offset else 0
        text = data[start : start + 8 * _SHOWN].decode(errors="replace")
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class ContextTokenizer:
    """Tokenizes contexts by one tokenizer; a text that stands in several is tokenized once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[bytes, Tokenization] = {}

    def tokenize(self, context: Context, rule: FramingRule | None) -> TokenizedContext:
        """All tokens, in the order in which makers' caches see them: tools, system prompt, messages."""
        layout = lay_out(context.conversation, rule or TEXT_ALONE, context.start, context.end)
        parts: list[tuple[StreamPart, NDArray[np.uint32]]] = []
        texts: list[tuple[bytes, Tokenization] | None] = []
        for part, fixed, text in sorted(_pieces(layout), key=_rank):
            tokens = self._encode(text) if text is not None else None
            ids = np.full(fixed, _FRAMING_ID, np.uint32) if tokens is None else tokens.ids
            parts.append((part, ids))
            texts.append(None if text is None or tokens is None else (text, tokens))
        return TokenizedContext(TokenStream.join(parts), tuple(texts))

    def _encode(self, text: bytes) -> Tokenization:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text)
        return self._known[text]


def _pieces(layout: Layout) -> Iterator[tuple[StreamPart, int, bytes | None]]:
    """Every piece with its fixed tokens, or its text."""
    texts = dict(zip(layout.waiting, layout.texts, strict=True))
    for index, piece in enumerate(layout.pieces):
        part = StreamPart(piece.kind, piece.message, piece.file or piece.name)
        yield part, piece.tokens, texts.get(index)


def _rank(piece: tuple[StreamPart, int, bytes | None]) -> tuple[int, int]:
    part = piece[0]
    if part.message is not None:
        return 2, part.message
    return (0 if part.kind == "tool" or part.name == "tools" else 1), 0
