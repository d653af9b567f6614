"""The parts of a context as a stack: what fills a window, from the system prompt to what is free."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit
from tokviz.analysis.conversation.counted_context import FRAMING, NOT_IN_FILE, ContextPart
from tokviz.analysis.conversation.groups import part_name, repeats
from tokviz.conversations.model import PartKind, Side
from tokviz.language import N_, TranslatedEnum, _, ngettext, within
from tokviz.lists import listed


class Layer(TranslatedEnum):
    """What a part of the stack holds, in the order in which they are stacked."""

    HIDDEN = N_("Not in the file")
    SYSTEM = N_("System prompt")
    TOOLS = N_("Tools")
    USER = N_("User messages")
    ASSISTANT = N_("Assistant messages")
    OTHER_MESSAGES = N_("Other messages")
    CALLS = N_("Tool calls")
    RESULTS = N_("Tool results")
    THINKING = N_("Thinking")
    FILES = N_("Files")
    IMAGES = N_("Images and audio")
    OTHER = N_("Other parts")
    FRAMING = N_("Framing")
    RESERVE = N_("Reserve")
    FREE = N_("Free")


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
    rows.append(StackRow(Layer.RESERVE, reserve, _("for the answer"), ()))
    rows.append(StackRow(Layer.FREE, room - reserve, "", ()))
    return rows


def _layer(layer: Layer, parts: Sequence[ContextPart], indices: Sequence[int]) -> StackRow:
    known = [tokens for index in indices if (tokens := parts[index].tokens) is not None]
    return StackRow(layer, sum(known) if known else None, _detail(layer, parts, indices), tuple(indices))


def _detail(layer: Layer, parts: Sequence[ContextPart], indices: Sequence[int]) -> str:
    unknown = sum(parts[index].tokens is None for index in indices)
    if layer is Layer.HIDDEN:
        return listed(name for index in indices if (name := part_name(parts[index])))
    if layer is Layer.FRAMING:
        return _("not measured for this model") if unknown else _("what the maker puts around the parts")
    many = len(indices)
    if layer in (Layer.USER, Layer.ASSISTANT, Layer.OTHER_MESSAGES):
        many = len({parts[index].message for index in indices})  # one may hold several texts
    words = _how_many(layer, many)
    if not unknown or not words:
        return words
    # Translators: {parts} is such as "12 results".
    return ngettext("{parts}, {n} of unknown size", "{parts}, {n} of unknown size", unknown, parts=words)


def _how_many(layer: Layer, parts: int) -> str:
    """Parts of a layer in words; empty where it has but one."""
    match layer:
        case Layer.USER | Layer.ASSISTANT | Layer.OTHER_MESSAGES:
            return ngettext("{n} message", "{n} messages", parts)
        case Layer.CALLS:
            return ngettext("{n} call", "{n} calls", parts)
        case Layer.RESULTS:
            return ngettext("{n} result", "{n} results", parts)
        case Layer.THINKING:
            # Translators: of thinking.
            return ngettext("{n} block", "{n} blocks", parts)
        case Layer.FILES:
            return ngettext("{n} file", "{n} files", parts)
        case Layer.IMAGES | Layer.OTHER:
            return ngettext("{n} part", "{n} parts", parts)
        case Layer.TOOLS:
            return ngettext("{n} tool", "{n} tools", parts)
    return ""


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
    told: dict[tuple[Layer, str], int] = {}
    for part in parts:
        if part.tokens:
            layer = layer_of(part)
            named = (layer, part.name or "" if layer in (Layer.CALLS, Layer.RESULTS, Layer.FILES) else "")
            told[named] = told.get(named, 0) + part.tokens
    most = sorted(told.items(), key=lambda one: one[1], reverse=True)[:3]
    sentences = []
    if most and whole:
        words = listed(
            f"{_spoken(*named)} {formatting.grouped(tokens)} ({formatting.percent(tokens / whole)})"
            for named, tokens in most
        )
        # Translators: what holds most tokens: {parts} is a list such as "tool results 12,000 (42 %), …".
        sentences.append(_("Most of it: {parts}.", parts=words))
    for repeat in repeats(parts)[:1]:
        name = repeat.file.replace("\\", "/").rpartition("/")[2]
        said = ngettext(
            "{file} stands in it {n} time: {tokens}; only the last one would save {saved}.",
            "{file} stands in it {n} times: {tokens}; only the last one would save {saved}.",
            repeat.times,
            file=name,
            tokens=formatting.tokens(repeat.tokens),
            saved=formatting.grouped(repeat.saved),
        )
        sentences.append(said)
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


def _spoken(layer: Layer, name: str) -> str:
    """A layer, or those of its parts that have a ``name``."""
    if layer is Layer.CALLS and name:
        return _("calls of {tool}", tool=name)
    if layer is Layer.RESULTS and name:
        return _("results of {tool}", tool=name)
    return name or within(layer.words)
