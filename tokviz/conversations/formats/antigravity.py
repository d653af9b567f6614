"""Google Antigravity's ``transcript.jsonl``: one step a line.

A ``PLANNER_RESPONSE`` is a request; what its tools gave follows as steps of their own, in the order of the
calls, and bears the kind of the step, not the tool's name. Newer ones tell the tokens, cached ones apart. The
model is told by the sentence that says which one was chosen. A ``CHECKPOINT`` is a summary of all above.
"""

import re
from collections import deque
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import as_json, fields_at, number, objects, parsed, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import (
    Conversation,
    Part,
    PartKind,
    Side,
    Usage,
    last_model,
)
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_ANSWER, _ASKED, _SUMMARY = "PLANNER_RESPONSE", "USER_INPUT", "CHECKPOINT"
_CHOSEN = re.compile(r"changed setting `Model Selection` from .+? to (.+?)(?: \([\w ]+\))?\.(?:\s|$)")
_REQUEST = re.compile(r"<USER_REQUEST>\s*(.*?)\s*</USER_REQUEST>", re.DOTALL)


@dataclass(slots=True)
class _Session(Gathered):
    open_calls: deque[tuple[str | None, str]] = field(default_factory=deque)
    """Calls without a result, by the tools' names."""
    model: str | None = None
    title: str | None = None

    def take(self, record: Record) -> None:
        """One step."""
        fields, kind = record.fields, text(record.fields, "type")
        if kind == _ASKED:
            self._ask(record)
        elif kind == _ANSWER:
            self._answer(record)
        elif fields.get("content") is None:
            return
        elif kind == _SUMMARY:
            self.compact(record.line)
            self._add("summary", Side.USER, self._texts(record), record)
        elif text(fields, "source") == "MODEL":
            otherwise = ((kind or "").lower(), None)
            name, call = self.open_calls.popleft() if self.open_calls else otherwise
            content = fields.get("content")
            found = self.parts.tool_results(content, call=call, name=name, line=record.line)
            self._add("tool", Side.TOOL, found, record)
        else:
            self._add("system", Side.USER, self._texts(record), record)

    def _texts(self, record: Record) -> list[Part]:
        content = record.fields.get("content")
        said = None if content is None else as_json(content)
        return [self.parts.text(PartKind.TEXT, said, line=record.line)] if said else []

    def _add(self, role: str, side: Side, found: list[Part], record: Record) -> None:
        self.say(role, side, found, record.line, text(record.fields, "created_at"))

    def _ask(self, record: Record) -> None:
        said = text(record.fields, "content") or ""
        self.model = match[1] if (match := _CHOSEN.search(said)) else self.model
        if self.title is None and (asked := _REQUEST.search(said)):
            self.title = asked[1].partition("\n")[0][:200] or None
        self._add("user", Side.USER, self._texts(record), record)

    def _answer(self, record: Record) -> None:
        fields, line = record.fields, record.line
        usage = Usage(*(number(fields, f"{kind}_tokens") for kind in ("input", "output", "cache_read")))
        time, step = text(fields, "created_at"), number(fields, "step_index")
        key = f"{step}/{time}/{usage.context}/{usage.output}"  # the same in ``transcript_full.jsonl``
        self.use(self.model, usage, line, time, key)
        thought = text(fields, "thinking")
        found = [self.parts.text(PartKind.THINKING, thought, line=line)] if thought else []
        found += self._texts(record)
        self.open_calls.clear()
        for place, call in enumerate(objects(fields.get("tool_calls"))):
            name, identity = text(call, "name", "function_name"), f"{line}/{place}"
            given = {key: parsed(value) for key, value in fields_at(call, "args", "arguments").items()}
            found.append(self.parts.tool_call(name, given, call=identity, line=line))
            self.open_calls.append((name, identity))
        self._add("model", Side.ASSISTANT, found, record)


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    session = _Session()
    for record in source.records():
        session.take(record)
    partial = _("The system prompt and the tools are not in the file.")
    model = last_model(session.requests) or session.model
    return [replace(session.conversation("antigravity", title=session.title, model=model), partial=partial)]


ANTIGRAVITY = Format(
    "antigravity",
    lambda source: any(
        record.fields.get("type") in (_ANSWER, _ASKED) and {"source", "step_index"} <= record.fields.keys()
        for record in source.head
    ),
    read,
)
