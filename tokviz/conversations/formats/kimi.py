"""Kimi Code's ``wire.jsonl``: events; each step of the loop is a request.

``usage.record`` repeats the usage of the step, and ``context.append_message`` the prompt of the turn.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, number, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import (
    Conversation,
    Part,
    PartKind,
    Usage,
)
from tokviz.conversations.parts import side_of, tools_of
from tokviz.conversations.source import Record, Source


@dataclass(slots=True)
class _Wire(Gathered):
    """Gathers the session while its events are read."""

    system: tuple[Part, ...] = ()
    tools: object = None
    model: str | None = None
    project: str | None = None
    prompts: Counter[str] = field(default_factory=Counter)
    """Prompts that were told and not repeated yet."""
    answer: list[Part] = field(default_factory=list)
    """Of the step under way, which began before the message ``began``."""
    began: int = 0

    def take(self, record: Record) -> None:
        """One event."""
        fields, kind = record.fields, text(record.fields, "type")
        if kind == "config.update":
            self._configure(fields)
        elif kind == "llm.tools_snapshot":
            self.tools = fields.get("tools")
        elif kind == "llm.request":
            self.model = text(fields, "model") or self.model
        elif kind in ("turn.prompt", "turn.steer"):
            found = self.parts.blocks(fields.get("input"), line=record.line)
            self.prompts["".join(part.text or "" for part in found)] += 1
            self._add("user", found, record)
        elif kind == "context.append_message":
            self._append(fields_at(fields, "message"), record)
        elif kind == "context.append_loop_event":
            self._loop(fields_at(fields, "event"), record)
        elif kind == "context.apply_compaction":
            before, after = number(fields, "tokensBefore"), number(fields, "tokensAfter")
            self.compact(record.line, before, after)

    def _configure(self, fields: Fields) -> None:
        prompt = text(fields, "systemPrompt")
        if prompt:
            self.system = (self.parts.text(PartKind.TEXT, prompt),)
        self.model = text(fields, "modelAlias") or self.model
        self.project = text(fields, "cwd") or self.project

    def _append(self, message: Fields, record: Record) -> None:
        role = text(message, "role") or "user"
        found = self.parts.blocks(message.get("content"), line=record.line)
        words = "".join(part.text or "" for part in found)
        if role == "user" and self.prompts[words] > 0:
            self.prompts[words] -= 1
        else:
            self._add(role, found, record)

    def _loop(self, event: Fields, record: Record) -> None:
        kind, call = text(event, "type"), text(event, "toolCallId")
        if kind == "step.begin":
            self.answer, self.began = [], len(self.messages)
        elif kind == "content.part":
            part = fields_at(event, "part")
            said = text(part, "think")
            thought = {"type": "thinking", "thinking": said} if said else part
            self.answer += self.parts.blocks([thought], line=record.line)
        elif kind == "tool.call":
            name = text(event, "name")
            self.answer.append(self.parts.tool_call(name, event.get("args"), call=call, line=record.line))
        elif kind == "tool.result":
            self._close(record)
            output = fields_at(event, "result").get("output")
            self._add("tool", self.parts.tool_results(output, call=call, line=record.line), record)
        elif kind == "step.end":
            self._close(record)
            self._use(fields_at(event, "usage"), record, text(event, "uuid"))

    def _close(self, record: Record) -> None:
        if self.answer:
            self._add("assistant", self.answer, record)
            self.answer = []

    def _add(self, role: str, found: list[Part], record: Record) -> None:
        time = moment(record.fields.get("time"))
        self.say(role, side_of(role), found, record.line, time)

    def _use(self, told: Fields, record: Record, key: str | None) -> None:
        usage = Usage(
            input=number(told, "inputOther"),
            output=number(told, "output"),
            cache_read=number(told, "inputCacheRead"),
            cache_write=number(told, "inputCacheCreation"),
        )
        time, end = moment(record.fields.get("time")), max(self.start, self.began)
        self.use(self.model, usage, record.line, time, key, end)


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    wire = _Wire()
    for record in source.records():
        wire.take(record)
    found = wire.conversation("kimi", model=wire.model)
    return [replace(found, system=wire.system, tools=tools_of(wire.tools), project=wire.project)]


_EVENTS = ("context.append_loop_event", "context.append_message", "turn.prompt", "llm.request")
KIMI = Format(
    "kimi",
    lambda source: any(record.fields.get("type") in _EVENTS for record in source.head),
    read,
)
