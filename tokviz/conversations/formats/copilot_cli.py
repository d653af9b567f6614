"""Copilot CLI's ``events.jsonl``: ``{type, data, id, parentId}``.

What was sent stands in ``transformedContent`` and a result's ``content``; ``content`` and
``detailedContent`` are for the screen. Usage is told once, by model, when the session shuts down.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import (
    Conversation,
    ModelUsage,
    Part,
    PartKind,
    Side,
    Usage,
)
from tokviz.conversations.source import Source
from tokviz.language import _


@dataclass(slots=True)
class _Events(Gathered):
    """Gathers the session while its events are read."""

    roles: Counter[str] = field(default_factory=Counter)
    reported: dict[str, ModelUsage] = field(default_factory=dict)
    header: Fields = field(default_factory=dict)
    title: str = ""
    asked: set[str] = field(default_factory=set)
    """The calls that messages asked for."""

    def take(self, event: Fields, line: int) -> None:
        """One event."""
        kind, data = text(event, "type"), fields_at(event, "data")
        time = text(event, "timestamp")
        if kind == "session.start":
            self.header = data
        elif kind == "system.message":
            self._tell("system", Side.SYSTEM, text(data, "content"), line, time)
        elif kind == "user.message":
            self._tell("user", Side.USER, text(data, "transformedContent", "content"), line, time)
            self.title = self.title or (text(data, "content") or "").strip().partition("\n")[0][:200]
        elif kind == "assistant.message":
            self._answer(data, line, time)
        elif kind == "tool.execution_start":
            self._call(data, line, time)
        elif kind == "tool.execution_complete":
            result = fields_at(data, "result") or fields_at(data, "error")
            content = text(result, "content", "message") or ""
            found = self.parts.tool_results(content, call=text(data, "toolCallId"), line=line)
            self._add("tool results", Side.TOOL, found, line, time)  # verbatim
        elif kind == "session.compaction_complete":
            before = number(data, "preCompactionTokens", "tokensBefore")
            after = number(data, "postCompactionTokens", "tokensAfter")
            self.compact(line, before, after)
        elif kind == "session.shutdown":
            self._shut_down(data)

    def _add(
        self, role: str, side: Side, found: list[Part], line: int, time: str | None, counted: bool = True
    ) -> None:
        self.roles[role] += counted
        self.say(role, side, found, line, time)

    def _tell(self, role: str, side: Side, words: str | None, line: int, time: str | None) -> None:
        found = [self.parts.text(PartKind.TEXT, words, line=line)] if words else []
        self._add(role, side, found, line, time)

    def _answer(self, data: Fields, line: int, time: str | None) -> None:
        found: list[Part] = []
        thought, sealed = text(data, "reasoningText"), text(data, "reasoningOpaque", "encryptedContent")
        if thought:
            found.append(self.parts.text(PartKind.THINKING, thought, line=line))
        elif sealed:
            found.append(self.parts.hidden(PartKind.THINKING, len(sealed), line=line))
        words = text(data, "content")
        if words:
            found.append(self.parts.text(PartKind.TEXT, words, line=line))
        for call in objects(data.get("toolRequests")):
            name, identity = text(call, "name"), text(call, "toolCallId")
            self.asked.add(identity or "")
            found.append(self.parts.tool_call(name, call.get("arguments"), call=identity, line=line))
        self._add("assistant", Side.ASSISTANT, found, line, time)

    def _call(self, data: Fields, line: int, time: str | None) -> None:
        """A call that no message asked for."""
        name, identity = text(data, "toolName"), text(data, "toolCallId")
        if identity not in self.asked:
            found = [self.parts.tool_call(name, data.get("arguments"), call=identity, line=line)]
            self._add("assistant", Side.ASSISTANT, found, line, time, counted=False)

    def _shut_down(self, data: Fields) -> None:
        for model, metrics in fields_at(data, "modelMetrics").items():
            if isinstance(metrics, dict):
                told = fields_at(metrics, "usage")
                read, cached = number(told, "inputTokens"), number(told, "cacheReadTokens")
                usage = Usage(
                    input=None if read is None else max(0, read - (cached or 0)),
                    output=number(told, "outputTokens"),
                    cache_read=cached,
                    cache_write=number(told, "cacheWriteTokens"),
                    reasoning=number(told, "reasoningTokens"),
                )
                self.reported[model] = ModelUsage(number(fields_at(metrics, "requests"), "count") or 0, usage)


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    events = _Events()
    for record in source.records():
        events.take(record.fields, record.line)
    context = fields_at(events.header, "context")
    model, began = next(iter(events.reported), None), text(events.header, "startTime")
    return [
        replace(
            events.conversation("copilot-cli", title=events.title, model=model, date=began),
            roles=dict(+events.roles),
            reported=events.reported,
            id=text(events.header, "sessionId"),
            project=text(context, "gitRoot", "cwd"),
            partial=_("The tools are not in the file."),
        )
    ]


def _recognizes(source: Source) -> bool:
    prefixes = ("session.", "assistant.", "tool.execution", "user.message", "system.message")
    return any(
        isinstance(record.fields.get("data"), dict)
        and (text(record.fields, "type") or "").startswith(prefixes)
        for record in source.head
    )


COPILOT_CLI = Format("copilot-cli", _recognizes, read)
