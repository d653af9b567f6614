"""A context as a chat template writes it, in tokens: exact, framing and all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.conversation.contexts import Context
from tokviz.conversations.chat_template import ChatTemplate, Rendered, Span
from tokviz.conversations.framing import Framed, Piece
from tokviz.conversations.model import Part, Tool
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokens import Tokenization


def frame_by_template(
    context: Context, template: ChatTemplate, parsing: Tokenizer, plain: Tokenizer
) -> Framed:
    """``parsing`` takes special tokens for tokens, ``plain`` for text. A token counts for the part in which
    it begins.

    TemplateRefusedError if the template does not take these messages.
    """
    found = encode_by_template(context, template, parsing, plain)
    pieces = tuple(
        Piece(span.kind, len(tokens.ids), span.message, span.name, span.file)
        for span, _, tokens in found.spans
    )
    number = sum(piece.tokens for piece in pieces)
    return Framed(f"template of {template.of}", pieces, number, number, number, found.left_out)  # verbatim


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSpans:
    """A rendered context: each span with its bytes and the tokens that begin in it, whose ``ends`` count from
    the span's first byte; see ``Rendered``."""

    spans: tuple[tuple[Span, bytes, Tokenization], ...]
    left_out: tuple[Part | Tool, ...]


def encode_by_template(
    context: Context, template: ChatTemplate, parsing: Tokenizer, plain: Tokenizer
) -> EncodedSpans:
    """The whole text is tokenized at once; see ``frame_by_template``."""
    rendered = template.render(context.conversation, context.start, context.end)
    if template.plain_words and len(rendered.spans) > 1:
        ids, ends = encoded_in_words(rendered, parsing, plain)
    else:
        tokens = parsing.encode(rendered.text.encode(errors="replace"))
        ids, ends = tokens.ids, tokens.ends.astype(np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1])) if len(ends) else ends
    spans = []
    at = offset = 0
    for number, span in enumerate(rendered.spans, 1):
        data = rendered.text[span.start : span.end].encode(errors="replace")
        last = number == len(rendered.spans)  # it also has what stands for no text at the end
        until = len(ids) if last else int(np.searchsorted(starts, offset + len(data)))
        spans.append((span, data, Tokenization(parsing.name, ids[at:until], ends[at:until] - offset)))
        at, offset = until, offset + len(data)
    return EncodedSpans(tuple(spans), rendered.left_out)


def encoded_in_words(
    rendered: Rendered, parsing: Tokenizer, plain: Tokenizer
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Ids and ends of a rendered text whose special tokens are those of the framing alone; what stands
    between two of them is a text of its own."""
    ids: list[NDArray[np.uint32]] = []
    ends: list[NDArray[np.int64]] = []
    at = 0
    for text, special in _stretches(rendered, parsing):
        data = text.encode(errors="replace")
        tokens = (parsing if special else plain).encode(data)
        ids.append(tokens.ids)
        ends.append(tokens.ends + at)
        at += len(data)
    if not ids:
        return np.zeros(0, np.uint32), np.zeros(0, np.int64)
    return np.concatenate(ids), np.concatenate(ends).astype(np.int64)


def _stretches(rendered: Rendered, parsing: Tokenizer) -> Iterator[tuple[str, bool]]:
    """The text cut at the framing's special tokens, and whether each stretch is one."""
    known = sorted(parsing.recognized, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)) or "(?!)")
    start = 0
    for span in rendered.spans:
        if span.kind != "framing":
            continue
        for found in pattern.finditer(rendered.text, span.start, span.end):
            if found.start() > start:
                yield rendered.text[start : found.start()], False
            yield found[0], True
            start = found.end()
    if start < len(rendered.text):
        yield rendered.text[start:], False
