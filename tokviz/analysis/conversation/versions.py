"""Two versions of a prompt side by side: what differs in tokens, part by part."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tokviz.analysis.conversation.counted_context import ContextPart, CountedContext
from tokviz.analysis.conversation.groups import GroupBy, grouped, kind_name, kind_words
from tokviz.analysis.conversation.overview import message_title


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One part in both versions; None where it is not, or where its tokens are unknown."""

    title: str
    before: int | None
    now: int | None
    changed: bool
    """Whether its text is another."""

    @property
    def more(self) -> int:
        """By how many tokens it grew."""
        return (self.now or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    key: Hashable
    tokens: int | None


def compare_versions(before: CountedContext, now: CountedContext) -> list[VersionRow]:
    """Every part of either, in order; messages that stayed are found again wherever they stand now."""
    one, other = _entries(before), _entries(now)
    rows: list[VersionRow] = []
    matcher = SequenceMatcher(None, [e.key for e in one], [e.key for e in other], autojunk=False)
    for _tag, start, end, first, last in matcher.get_opcodes():
        left, right = one[start:end], other[first:last]
        both = min(len(left), len(right))
        for was, became in zip(left, right, strict=False):
            rows.append(VersionRow(became.title, was.tokens, became.tokens, was.key != became.key))
        rows += [VersionRow(was.title, was.tokens, None, True) for was in left[both:]]
        rows += [VersionRow(became.title, None, became.tokens, True) for became in right[both:]]
    return rows


def _entries(counted: CountedContext) -> list[_Entry]:
    """The system prompt, the tools, the framing before all, and each message."""
    conversation = counted.context.conversation
    texts: dict[str, Hashable] = {
        "system": tuple(part.text for part in conversation.system),
        "tool": tuple((tool.name, tool.description, tool.schema) for tool in conversation.tools or ()),
    }
    found = []
    for group in sorted(grouped(_apart(counted.parts), GroupBy.MESSAGE), key=lambda g: _place(g.parts)):
        first = group.parts[0]
        if first.message is None:
            key = kind_name(first), texts.get(first.kind)
            found.append(_Entry(kind_words(first), key, group.tokens))
            continue
        message = conversation.messages[first.message]
        content = tuple((part.kind, part.name, part.text, part.size) for part in message.parts)
        found.append(
            _Entry(f"{message.role}: {message_title(message)}", (message.role, content), group.tokens)
        )
    return found


def _apart(parts: Sequence[ContextPart]) -> list[ContextPart]:
    return [part for part in parts if part.tokens is not None or part.message is not None]


def _place(parts: Sequence[ContextPart]) -> int:
    return -1 if parts[0].message is None else parts[0].message
