"""Grok Build's ``chat_history.jsonl``: what its model reads, line by line, the system prompt too; no usage.

Thinking stands before the answer it belongs to. In its older version a line is a message as OpenAI spells it.
"""

from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Message, Part, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_TYPES = ("system", "user", "assistant", "tool_result", "reasoning", "backend_tool_call")


@dataclass(slots=True)
class _History:
    """Gathers the messages while the lines are read."""

    parts: PartFactory = field(default_factory=PartFactory)
    messages: list[Message] = field(default_factory=list)
    typed: list[Message] = field(default_factory=list)
    """Those that no program wrote in the person's name."""
    waiting: list[Part] = field(default_factory=list)
    """Thinking, and calls of the maker's own tools, that the next answer begins with."""

    def take(self, told: Fields, line: int) -> None:
        """One line."""
        kind = text(told, "type") or ""
        if kind == "reasoning":
            summary = [text(each, "text") or "" for each in objects(told.get("summary"))]
            sealed = {"encrypted_content": told.get("encrypted_content")}
            self.waiting.append(self.parts.thinking({"text": "\n".join(summary), **sealed}, line))
        elif kind == "backend_tool_call":
            call = fields_at(told, "kind")
            name, identity = text(call, "tool_type"), text(call, "id")
            given = call.get("action", {})
            self.waiting.append(self.parts.tool_call(name, given, call=identity, line=line))
        elif kind == "tool_result":
            call_id = text(told, "tool_call_id")
            results = self.parts.tool_results(told.get("content"), call=call_id, line=line)
            self._add(kind, Side.TOOL, results, line)
        elif kind in _TYPES:
            found = self.parts.blocks(told.get("content"), line=line)
            for called in objects(items(told, "tool_calls")):
                name, given = text(called, "name"), called.get("arguments")
                found.append(self.parts.tool_call(name, given, call=text(called, "id"), line=line))
            self._add(kind, side_of(kind), found, line)
            if "synthetic_reason" not in told:
                self.typed.append(self.messages[-1])
        elif "role" in told:
            said = read_messages(self.parts, [told])
            self.messages += [replace(message, line=line) for message in said]

    def _add(self, role: str, side: Side, found: list[Part], line: int) -> None:
        if side is Side.ASSISTANT:
            found = [*self.waiting, *found]
        elif self.waiting:  # an answer that was broken off
            self.messages.append(Message("assistant", Side.ASSISTANT, tuple(self.waiting), line))
        self.waiting = []
        self.messages.append(Message(role, side, tuple(found), line))


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    history = _History()
    model: str | None = None
    for record in source.records():
        history.take(record.fields, record.line)
        model = text(record.fields, "model_id") or model
    return [
        Conversation(
            format="grok-build",
            messages=tuple(history.messages),
            roles=roles_of(history.messages),
            tool_calls=dict(history.parts.tool_calls),
            title=first_words(history.typed or history.messages),
            model=model,
            partial=_("The tools are not in the file."),
        )
    ]


def _is_line(told: Fields) -> bool:
    if told.get("type") in _TYPES:
        return "model_id" in told or "prompt_index" in told
    return "role" in told and "model_id" in told and "tool_calls" in told


GROK_BUILD = Format(
    "grok-build",
    lambda source: source.document is None and any(_is_line(record.fields) for record in source.head),
    read,
)
