"""The parts of a context as a stack: what fills a window, from the system prompt to what is free."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit
from tokviz.analysis.conversation.counted_context import FRAMING, NOT_IN_FILE, ContextPart
from tokviz.analysis.conversation.groups import repeats
from tokviz.conversations.model import PartKind, Side


class Layer(StrEnum):
    """What a part of the stack holds, in the order in which they are stacked."""

    HIDDEN = "Not in the file"
    SYSTEM = "System prompt"
    TOOLS = "Tools"
    USER = "User messages"
    ASSISTANT = "Assistant messages"
    OTHER_MESSAGES = "Other messages"
    CALLS = "Tool calls"
    RESULTS = "Tool results"
    THINKING = "Thinking"
    FILES = "Files"
    IMAGES = "Images and audio"
    OTHER = "Other parts"
    FRAMING = "Framing"
    RESERVE = "Reserve"
    FREE = "Free"


_BY_KIND = {
    NOT_IN_FILE: Layer.HIDDEN,
    "system": Layer.SYSTEM,
    "tool": Layer.TOOLS,
    "schema": Layer.TOOLS,
    PartKind.THINKING.value: Layer.THINKING,
    PartKind.TOOL_CALL.value: Layer.CALLS,
    PartKind.TOOL_RESULT.value: Layer.RESULTS,
    PartKind.FILE.value: Layer.FILES,
    PartKind.IMAGE.value: Layer.IMAGES,
    PartKind.AUDIO.value: Layer.IMAGES,
    FRAMING: Layer.FRAMING,
}
_BY_SIDE = {Side.USER: Layer.USER, Side.ASSISTANT: Layer.ASSISTANT, Side.SYSTEM: Layer.SYSTEM}
_NOUNS = {
    Layer.USER: "message",
    Layer.ASSISTANT: "message",
    Layer.OTHER_MESSAGES: "message",
    Layer.CALLS: "call",
    Layer.RESULTS: "result",
    Layer.THINKING: "block",
    Layer.FILES: "file",
    Layer.IMAGES: "part",
    Layer.OTHER: "part",
    Layer.TOOLS: "tool",
}


@dataclass(frozen=True, slots=True)
class StackRow:
    """One layer with its tokens; None is unknown."""

    layer: Layer
    tokens: int | None
    detail: str
    """What it holds, in words: ``71 results``, ``tools, system prompt``."""
    parts: tuple[int, ...]
    """Their indices; empty for the reserve and for what is free."""
    out: int = 0
    """How many of them are left out."""


def layer_of(part: ContextPart) -> Layer:
    """Where in the stack a part lies."""
    if part.kind == PartKind.TEXT.value:
        return Layer.OTHER_MESSAGES if part.side is None else _BY_SIDE.get(part.side, Layer.OTHER_MESSAGES)
    return _BY_KIND.get(part.kind, Layer.OTHER)


def layers_of(parts: Sequence[ContextPart]) -> tuple[StackRow, ...]:
    """The layers that hold something."""
    found: dict[Layer, list[int]] = {}
    for index, part in enumerate(parts):
        found.setdefault(layer_of(part), []).append(index)
    return tuple(_layer(layer, parts, found[layer]) for layer in Layer if layer in found)


def stack_rows(
    layers: Sequence[StackRow], parts: Sequence[ContextPart], fit: Fit | None, without: Collection[int] = ()
) -> list[StackRow]:
    """The layers, then reserve and free room if the window is known.

    ``without``: indices of parts that are left out of every sum.
    """
    out: dict[Layer, list[int]] = {}
    for index in without:
        out.setdefault(layer_of(parts[index]), []).append(parts[index].tokens or 0)
    rows = []
    for row in layers:
        less = out.get(row.layer, [])
        tokens = None if row.tokens is None else row.tokens - sum(less)
        rows.append(replace(row, tokens=tokens, out=len(less)))
    if fit is None or fit.window is None:
        return rows
    room = max(0, fit.window - fit.used)
    reserve = min(fit.reserve, room)
    rows.append(StackRow(Layer.RESERVE, reserve, "for the answer", ()))
    rows.append(StackRow(Layer.FREE, room - reserve, "", ()))
    return rows


def _layer(layer: Layer, parts: Sequence[ContextPart], indices: Sequence[int]) -> StackRow:
    known = [tokens for index in indices if (tokens := parts[index].tokens) is not None]
    return StackRow(layer, sum(known) if known else None, _detail(layer, parts, indices), tuple(indices))


def _detail(layer: Layer, parts: Sequence[ContextPart], indices: Sequence[int]) -> str:
    unknown = sum(parts[index].tokens is None for index in indices)
    if layer is Layer.HIDDEN:
        return ", ".join(name for index in indices if (name := parts[index].name))
    if layer is Layer.FRAMING:
        return "not measured for this model" if unknown else "what the maker puts around the parts"
    noun = _NOUNS.get(layer)
    words = formatting.quantity(len(indices), noun) if noun else ""
    return f"{words}, {unknown:,} of unknown size" if unknown and words else words


def part_keys(parts: Sequence[ContextPart]) -> list[Hashable]:
    """A name for each part under which it is found again when another model counts the same context."""
    seen: dict[Hashable, int] = {}
    keys: list[Hashable] = []
    for part in parts:
        name = None if part.kind in (FRAMING, NOT_IN_FILE) else part.name
        base = (part.kind, part.message, name)
        number = 0 if part.kind == FRAMING else seen.get(base, 0)
        seen[base] = number + 1
        keys.append((*base, number))
    return keys


def largest_sentences(parts: Sequence[ContextPart], whole: int) -> list[str]:
    """The largest parts and what stands in the context several times, in words."""
    told: dict[str, int] = {}
    for part in parts:
        if part.tokens:
            name = _spoken(part)
            told[name] = told.get(name, 0) + part.tokens
    most = sorted(told.items(), key=lambda one: one[1], reverse=True)[:3]
    sentences = []
    if most and whole:
        words = ", ".join(
            f"{name} {tokens:,} ({formatting.percent(tokens / whole)})" for name, tokens in most
        )
        sentences.append(f"Most of it: {words}.")
    for repeat in repeats(parts)[:1]:
        name = repeat.file.replace("\\", "/").rpartition("/")[2]
        sentences.append(
            f"{name} stands in it {repeat.times:,} times: {repeat.tokens:,} tokens; only the last one would "
            f"save {repeat.saved:,}."
        )
    return sentences


def repeated_parts(parts: Sequence[ContextPart]) -> list[int]:
    """The results, by index, that a later one of the same file repeats."""
    last: dict[tuple[int, str], int] = {}
    found = []
    for index, part in enumerate(parts):
        if part.kind == PartKind.TOOL_RESULT.value and part.file and part.tokens:
            key = (part.conversation, part.file)
            if key in last:
                found.append(last[key])
            last[key] = index
    return found


def _spoken(part: ContextPart) -> str:
    layer = layer_of(part)
    if layer in (Layer.CALLS, Layer.RESULTS) and part.name:
        return f"{'calls' if layer is Layer.CALLS else 'results'} of {part.name}"
    if layer is Layer.FILES and part.name:
        return part.name
    return layer.value[0].lower() + layer.value[1:]
