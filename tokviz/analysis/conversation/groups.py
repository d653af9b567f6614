"""The parts of contexts put together: by what they are, by message, by tool, by the file that was read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tokviz.analysis.conversation.counted_context import FRAMING, NOT_IN_FILE, ContextPart
from tokviz.conversations.chat_template import ALL_MESSAGES
from tokviz.conversations.model import PartKind, Side
from tokviz.language import N_, _, gettext
from tokviz.lists import listed

_TOOL_KINDS = (PartKind.TOOL_CALL.value, PartKind.TOOL_RESULT.value, "tool")
_KINDS = {
    "system": N_("system prompt"),
    "tool": N_("tools"),
    "schema": N_("schema of the answer"),
    PartKind.TOOL_CALL.value: N_("tool calls"),
    PartKind.TOOL_RESULT.value: N_("tool results"),
    PartKind.THINKING.value: N_("thinking"),
    PartKind.IMAGE.value: N_("images"),
    PartKind.AUDIO.value: N_("audio"),
    PartKind.FILE.value: N_("files"),
    PartKind.OTHER.value: N_("other parts"),
}
"""What has other words than its kind."""
_TEXTS = {
    None: N_("text"),
    Side.SYSTEM: N_("system text"),
    Side.USER: N_("user text"),
    Side.ASSISTANT: N_("assistant text"),
    Side.TOOL: N_("tool text"),
    Side.NOTE: N_("note text"),
}
"""By who speaks."""
_NAMELESS = N_("a tool without a name")


class GroupBy(StrEnum):
    """What parts are put together by."""

    MESSAGE = "message"
    TOOL = "tool"
    FILE = "file"


_Key = tuple[GroupBy | None, str, str, int, int]
"""What a part is put together by, the group's kind and name, and what else tells it from others."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that belong together, in their order."""

    kind: str
    """What they were put together by (a ``GroupBy``), else what they are (see ``ContextPart``)."""
    name: str
    """As programs read it."""
    parts: tuple[ContextPart, ...]
    by: GroupBy | None = None
    """None: by what they are, which may be called as one of the others is."""

    @property
    def words(self) -> str:
        """The name for people."""
        first = self.parts[0]
        match self.by:
            case GroupBy.MESSAGE:
                return f"{(first.message or 0) + 1}. {first.role or _('message')}"
            case GroupBy.TOOL:
                return first.name or gettext(_NAMELESS)
            case GroupBy.FILE:
                return self.name
        return kind_words(first)

    @property
    def tokens(self) -> int | None:
        """The sum; None where no part's tokens are known."""
        known = [part.tokens for part in self.parts if part.tokens is not None]
        return sum(known) if known else None

    @property
    def unknown(self) -> int:
        """How many parts have unknown tokens."""
        return sum(part.tokens is None for part in self.parts)


def grouped(parts: Iterable[ContextPart], by: GroupBy | None) -> list[Group]:
    """The groups with most tokens first; None groups by what the parts are."""
    key_of = _KEYS[by]
    found: dict[_Key, list[ContextPart]] = {}
    for part in parts:
        found.setdefault(key_of(part), []).append(part)
    groups = [Group(key[1], key[2], tuple(those), key[0]) for key, those in found.items()]
    return sorted(groups, key=lambda group: -1 if group.tokens is None else group.tokens, reverse=True)


def kind_name(part: ContextPart) -> str:
    """What a part is, as programs read it: ``tool results``, ``user text``, ``not in the file (tools)``."""
    name = _kind(part)
    return f"{name} ({part.name})" if part.kind == NOT_IN_FILE and part.name else name


def kind_words(part: ContextPart) -> str:
    """The same for people."""
    words = gettext(_kind(part))
    return f"{words} ({part_name(part)})" if part.kind == NOT_IN_FILE and part.name else words


def part_name(part: ContextPart) -> str:
    """A part's name for people: that of a tool or a file as it is, but what is missing in their language."""
    if not part.name or (part.kind not in (FRAMING, NOT_IN_FILE) and part.name != ALL_MESSAGES):
        return part.name or ""
    return listed(map(gettext, part.name.split(", ")))


def _kind(part: ContextPart) -> str:
    if part.kind == PartKind.TEXT.value:
        return _TEXTS[part.side]
    return _KINDS.get(part.kind, part.kind)


def _by_kind(part: ContextPart) -> _Key:
    return None, part.kind, kind_name(part), 0, 0


def _by_message(part: ContextPart) -> _Key:
    if part.message is None:
        return _by_kind(part)
    name = f"{part.message + 1}. {part.role or 'message'}"
    return GroupBy.MESSAGE, GroupBy.MESSAGE.value, name, part.conversation, part.message


def _by_tool(part: ContextPart) -> _Key:
    if part.kind not in _TOOL_KINDS:
        return _by_kind(part)
    return GroupBy.TOOL, GroupBy.TOOL.value, part.name or _NAMELESS, 0, 0


def _by_file(part: ContextPart) -> _Key:
    name = part.file or (part.name if part.kind == PartKind.FILE.value else None)
    return (GroupBy.FILE, GroupBy.FILE.value, name, 0, 0) if name else _by_kind(part)


_KEYS: Mapping[GroupBy | None, Callable[[ContextPart], _Key]] = {
    None: _by_kind,
    GroupBy.MESSAGE: _by_message,
    GroupBy.TOOL: _by_tool,
    GroupBy.FILE: _by_file,
}


@dataclass(frozen=True, slots=True)
class Repeat:
    """A file that stands in the context several times."""

    file: str
    times: int
    tokens: int
    """Of all of them."""
    saved: int
    """If only the last one stayed."""


def repeats(parts: Sequence[ContextPart]) -> list[Repeat]:
    """Files whose content a tool gave more than once, the most to save first."""
    found: dict[tuple[int, str], list[int]] = {}
    for part in parts:
        if part.kind == PartKind.TOOL_RESULT.value and part.file and part.tokens:
            found.setdefault((part.conversation, part.file), []).append(part.tokens)
    several = [
        Repeat(file, len(those), sum(those), sum(those[:-1]))
        for (_conversation, file), those in found.items()
        if len(those) > 1
    ]
    return sorted(several, key=lambda repeat: repeat.saved, reverse=True)
