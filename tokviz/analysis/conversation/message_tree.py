"""The parts of a context as a tree of two levels: messages, tools or files, and below each what it holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tokviz.analysis.conversation.counted_context import FRAMING, ContextPart
from tokviz.analysis.conversation.groups import Group, kind_words, part_name
from tokviz.analysis.conversation.stack import Layer, layer_of
from tokviz.conversations.model import PartKind
from tokviz.language import _, gettext

_LAYERS_BELOW = (Layer.CALLS, Layer.RESULTS, Layer.THINKING, Layer.FILES, Layer.IMAGES, Layer.OTHER)
"""What stands on lines of its own, below the words of its message."""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line: a message's words, or a part below it."""

    title: str
    layer: Layer
    tokens: int | None
    parts: tuple[int, ...]
    """Indices of the parts that it counts."""
    message: int | None
    below: bool
    """Whether it stands below a message, a tool or a file."""
    branch: int = 0
    """The number of the line that it stands below, or its own, counted over those that stand below none."""
    whole: int | None = None
    """Tokens of the whole branch."""


def message_rows(
    parts: Sequence[ContextPart], titles: Mapping[int, str], *, framing: bool = False
) -> list[TreeRow]:
    """The lines in the order in which the model reads them. ``titles``: the first words by message.

    A message's framing counts with its words, or with ``framing`` stands on a line of its own below them.
    """
    places: dict[int | None, list[int]] = {}
    for index, part in enumerate(parts):
        places.setdefault(part.message, []).append(index)
    rows = [_row(held, parts, kind_words(parts[held[0]]), below=False) for held in _named(places, parts)]
    below = [layer_of(part) in _LAYERS_BELOW for part in parts]
    for message in sorted(key for key in places if key is not None):
        words = [index for index in places[message] if not below[index]]
        own = [index for index in words if parts[index].kind != FRAMING]
        rest = [index for index in places[message] if below[index]]
        # A message of results alone is no message to a reader: they stand below the one that called.
        alone = (
            not own and bool(rest) and all(parts[index].kind == PartKind.TOOL_RESULT.value for index in rest)
        )
        around = [index for index in words if parts[index].kind == FRAMING] if framing else []
        words = own if framing else words
        if not alone or not rows:
            rows.append(_row(words, parts, titles.get(message, ""), below=False, message=message))
            words = []
        for number, index in enumerate(rest):
            counted = [index, *(words if number == 0 else [])]
            rows.append(_row(counted, parts, part_title(parts[index]), below=True, message=message))
        if around:
            known = sum(parts[index].tokens or 0 for index in around)
            rows.append(TreeRow(gettext(FRAMING), Layer.FRAMING, known, tuple(around), message, below=True))
    return list(_branched(rows))


def group_rows(
    groups: Sequence[Group], parts: Sequence[ContextPart], titles: Mapping[int, str]
) -> list[TreeRow]:
    """A line for each group with all of its parts, and one for each part below it, the largest first.

    ``titles``: the first words by message."""
    places = {id(part): index for index, part in enumerate(parts)}
    rows = []
    for branch, group in enumerate(groups):
        first, whole = group.parts[0], group.tokens
        indices = [places[id(part)] for part in group.parts]
        rows.append(
            TreeRow(
                group.words, layer_of(first), whole, tuple(indices), first.message, below=False, branch=branch
            )
        )
        if len(indices) > 1 and first.kind != FRAMING:
            indices.sort(key=lambda index: parts[index].tokens or -1, reverse=True)
            rows += [replace(_single(index, parts[index], titles), branch=branch) for index in indices]
    return list(_with_wholes(rows))


def _single(index: int, part: ContextPart, titles: Mapping[int, str]) -> TreeRow:
    title = titles.get(part.message) if part.message is not None and part.kind == PartKind.TEXT else None
    return TreeRow(title or part_title(part), layer_of(part), part.tokens, (index,), part.message, below=True)


def _branched(rows: Sequence[TreeRow]) -> Iterator[TreeRow]:
    """The rows with their branches, in order."""
    branch = -1
    numbered = []
    for row in rows:
        branch += not row.below or branch < 0
        numbered.append(replace(row, branch=branch))
    return _with_wholes(numbered)


def _with_wholes(rows: Sequence[TreeRow]) -> Iterator[TreeRow]:
    """A line whose parts stand again below it counts once."""
    wholes: dict[int, int] = {}
    parts: dict[int, set[int]] = {}
    for row in rows:
        seen = parts.setdefault(row.branch, set())
        if row.tokens is not None and not seen.issuperset(row.parts):
            wholes[row.branch] = wholes.get(row.branch, 0) + row.tokens
        seen.update(row.parts)
    return (replace(row, whole=wholes.get(row.branch)) for row in rows)


def part_title(part: ContextPart) -> str:
    """What a part is called in a list: ``read_file berths.tsx``."""
    file = (part.file or "").replace("\\", "/").rpartition("/")[2]
    name = part_name(part) or kind_words(part)
    return f"{name} {file}" if file else name


def _named(places: Mapping[int | None, list[int]], parts: Sequence[ContextPart]) -> list[list[int]]:
    """The lines of what stands before all messages: all framing together on one."""
    found: list[list[int]] = []
    framing: list[int] = []
    for index in places.get(None, []):
        if parts[index].kind != FRAMING:
            found.append([index])
        elif parts[index].tokens:
            framing.append(index)
            if len(framing) == 1:
                found.append(framing)
    return found


def _row(
    indices: Sequence[int],
    parts: Sequence[ContextPart],
    title: str,
    *,
    below: bool,
    message: int | None = None,
) -> TreeRow:
    known = [tokens for index in indices if (tokens := parts[index].tokens) is not None]
    first = next((i for i in indices if parts[i].kind != FRAMING), indices[0] if indices else None)
    if first is None:
        layer = Layer.OTHER_MESSAGES
    else:
        layer = layer_of(parts[first])
        if layer is Layer.FRAMING and message is not None:
            layer = {"assistant": Layer.ASSISTANT, "user": Layer.USER}.get(
                str(parts[first].side), Layer.OTHER_MESSAGES
            )
        if not below and first is not None and parts[first].name and layer is Layer.TOOLS:
            title = _("tool {name}", name=parts[first].name)
    return TreeRow(title, layer, sum(known) if known or not indices else None, tuple(indices), message, below)
