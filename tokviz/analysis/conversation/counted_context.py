"""What fills a context, part by part, under one model's tokenizer and framing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from tokviz.analysis.conversation.contexts import Context, NumberedRequest
from tokviz.analysis.conversation.text_counts import TextCounter
from tokviz.analysis.image_formulas import AUTO, ImageRule
from tokviz.analysis.image_tokens import image_tokens
from tokviz.conversations.framing import Framed, lay_out
from tokviz.conversations.framing_rules import TEXT_ALONE, FramingRule
from tokviz.conversations.model import Message, Part, PartKind, Side, Tool
from tokviz.language import N_
from tokviz.tokens import Count, Provenance

FRAMING = N_("framing")
NOT_IN_FILE = N_("not in the file")


@dataclass(frozen=True, slots=True)
class ContextPart:
    """One part of a context. ``tokens`` is None where they are not known: never 0 for that."""

    kind: str
    """``system``, ``tool`` (its schema), ``schema`` (of the answer), a ``PartKind``, ``framing`` or
    ``not in the file``."""
    tokens: int | None
    role: str | None = None
    side: Side | None = None
    name: str | None = None
    """The tool's name, a file's, or what is missing, in English (see ``part_name``)."""
    file: str | None = None
    """The path that a call named."""
    message: int | None = None
    """Index of the message; None for what stands before all messages."""
    request: int | None = None
    """The number of the first recorded request that read it."""
    conversation: int = 0
    """Index of the conversation in its file."""


@dataclass(frozen=True, slots=True)
class CountedContext:
    """A context under one model."""

    context: Context
    count: Count
    """``MEASURED`` where a framing rule was used or usage is recorded, else ``TEXTS_ALONE``; that of the
    tokenizer under a chat template."""
    parts: tuple[ContextPart, ...]
    """In the order in which the model reads them."""
    rule: FramingRule | None
    """None where nothing was measured of what the maker adds."""
    hidden: int | None
    """Tokens of what is not in the file; None where no usage is recorded."""
    templated: bool = False
    """Whether the model's chat template framed it."""

    @property
    def largest(self) -> list[ContextPart]:
        """The parts by tokens, the largest first; unknown ones last."""
        return sorted(self.parts, key=lambda part: -1 if part.tokens is None else part.tokens, reverse=True)


def count_context(
    context: Context,
    rule: FramingRule | None,
    count_texts: TextCounter,
    requests: Sequence[NumberedRequest] = (),
    own: bool = True,
    number: int = 0,
    templated: Framed | None = None,
    images: ImageRule | None = None,
) -> CountedContext:
    """``own``: it is counted for the model that answered, whose recorded usage holds. ``number``: see
    ``ContextPart.conversation``. ``templated``: the context by the model's chat template. ``images``: what
    the maker has published of an image's tokens."""
    framed, count = _framed(context, rule, count_texts) if templated is None else _certain(templated)
    parts = [
        replace(part, conversation=number)
        for part in _parts(context, framed, _first_readers(context, requests), images)
    ]
    count = _with_images(count, parts)
    if rule is None and templated is None:
        parts.append(ContextPart(FRAMING, None, name=N_("not measured for this model"), conversation=number))
    hidden = _hidden(context, parts, own)
    if hidden is not None:  # what was recorded holds the sealed thinking too, and what stands around texts
        if count.provenance is Provenance.TEXTS_ALONE:
            count = replace(count, provenance=Provenance.MEASURED)
        parts = [part for part in parts if part.kind != PartKind.THINKING.value or part.tokens is not None]
    if hidden:
        parts.insert(0, ContextPart(NOT_IN_FILE, hidden, name=_missing(context, framed), conversation=number))
        count = _with_hidden(count, hidden, sum(_after_recorded(context, part) for part in parts))
    used = rule if templated is None else None
    return CountedContext(context, count, tuple(parts), used, hidden, templated is not None)


def _framed(context: Context, rule: FramingRule | None, count_texts: TextCounter) -> tuple[Framed, Count]:
    layout = lay_out(context.conversation, rule or TEXT_ALONE, context.start, context.end)
    tokens, texts = count_texts(layout.texts)
    framed = layout.framed(tokens)
    return framed, _with_framing(framed, texts, rule)


def _certain(framed: Framed) -> tuple[Framed, Count]:
    return framed, Count.certain(framed.tokens, Provenance.EXACT)


def total(contexts: Sequence[CountedContext]) -> Count:
    """All contexts of a file together."""
    return sum((one.count for one in contexts), Count.certain(0))


def _parts(
    context: Context, framed: Framed, readers: dict[int, int], images: ImageRule | None
) -> list[ContextPart]:
    messages = context.conversation.messages
    found = []
    for piece in framed.pieces:
        message = None if piece.message is None else messages[piece.message]
        found.append(
            ContextPart(
                piece.kind,
                piece.tokens,
                _role(piece.kind, message),
                message.side if message else None,
                piece.name,
                piece.file,
                piece.message,
                readers.get(-1 if piece.message is None else piece.message),
            )
        )
    places = _places(context)
    for left in framed.left_out:
        found += _left_out(left, places, messages, readers, images)
    return found


def _left_out(
    left: Part | Tool,
    places: dict[int, int],
    messages: Sequence[Message],
    readers: dict[int, int],
    images: ImageRule | None,
) -> list[ContextPart]:
    """A part that is no text: an image by its maker's formula, for all others there is no figure.

    Thinking whose text is there belongs to earlier turns, and is not read again; thinking that is sealed is,
    and nobody knows its size.
    """
    if isinstance(left, Tool):
        return [ContextPart("tool", None, name=left.name)]
    if left.kind is PartKind.THINKING and left.text is not None:
        return []
    place = places.get(id(left))
    message = None if place is None else messages[place]
    role, side = (message.role, message.side) if message else (None, None)
    reader = None if place is None else readers.get(place)
    tokens = None
    if images is not None and left.pixels is not None:
        tokens = image_tokens(images, *left.pixels, left.detail or AUTO).tokens
    return [ContextPart(left.kind.value, tokens, role, side, left.name, left.file, place, reader)]


def _with_images(count: Count, parts: Sequence[ContextPart]) -> Count:
    """What the images add by formula is certain; the whole is no surer than that."""
    more = sum(part.tokens or 0 for part in parts if part.kind == PartKind.IMAGE.value)
    return count + Count.certain(more, Provenance.FORMULA) if more else count


def _places(context: Context) -> dict[int, int]:
    """By part (its ``id``) the index of its message."""
    messages = context.conversation.messages
    return {id(part): index for index in range(context.start, context.end) for part in messages[index].parts}


def _role(kind: str, message: Message | None) -> str | None:
    return message.role if message else "system" if kind == "system" else None


def _first_readers(context: Context, requests: Sequence[NumberedRequest]) -> dict[int, int]:
    """By message the number of the first recorded request that read it; -1 is what stands before all."""
    readers: dict[int, int] = {}
    read = 0
    for one in requests:
        start, end = one.request.start, one.request.end
        if one.lane is not context.lane or start is None or end is None:
            continue
        readers.setdefault(-1, one.number)
        for index in range(max(start, read), end):
            readers[index] = one.number
        read = max(read, end)
    return readers


def _with_framing(framed: Framed, texts: Count, rule: FramingRule | None) -> Count:
    """The texts' range and the rule's, one after the other."""
    low = max(0, framed.low - (texts.tokens - texts.low))
    high = framed.high + (texts.high - texts.tokens)
    provenance = texts.provenance
    if provenance is not Provenance.ESTIMATE:
        provenance = Provenance.TEXTS_ALONE if rule is None else Provenance.MEASURED
    return Count(framed.tokens, provenance, min(low, framed.tokens), max(high, framed.tokens))


def _hidden(context: Context, parts: Sequence[ContextPart], own: bool) -> int | None:
    """What the recorded request read beyond what the file shows of it."""
    recorded = context.recorded_tokens
    if recorded is None or not own:
        return None
    shown = sum((part.tokens or 0) - _after_recorded(context, part) for part in parts)
    return max(0, recorded - shown)


def _after_recorded(context: Context, part: ContextPart) -> int:
    """The tokens of a part that came after the recorded request was sent."""
    end = context.recorded.request.end if context.recorded else None
    return part.tokens or 0 if end is not None and part.message is not None and part.message >= end else 0


def _with_hidden(count: Count, hidden: int, later: int) -> Count:
    """What the provider recorded is certain; only what came later has the range of its texts."""
    tokens = count.tokens + hidden
    share = later / count.tokens if count.tokens else 0.0
    below, above = count.tokens - count.low, count.high - count.tokens
    return replace(count, tokens=tokens, low=tokens - ceil(below * share), high=tokens + ceil(above * share))


def _missing(context: Context, framed: Framed) -> str:
    conversation = context.conversation
    kinds = {left.kind for left in framed.left_out if isinstance(left, Part)}
    whole = conversation.tools is not None and conversation.partial is None  # as a request is
    missing = [
        ""
        if whole or conversation.system or any(m.side is Side.SYSTEM for m in conversation.messages)
        else N_("system prompt"),
        N_("tools") if conversation.tools is None else "",
        N_("messages") if context.recorded and context.recorded.request.end == 0 else "",
        N_("images") if PartKind.IMAGE in kinds else "",
        N_("files") if PartKind.FILE in kinds else "",
        N_("thinking") if PartKind.THINKING in kinds else "",
    ]
    return ", ".join(name for name in missing if name) or N_("what else the maker adds")
