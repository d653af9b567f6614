"""Sessions of pi and openclaw: lines as a tree by ``parentId``; cached tokens stand beside the input."""

from collections import Counter
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
)
from tokviz.conversations.parts import PartFactory, side_of
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_SUMMARIES = ("compaction", "branch_summary")
_TALK = ("message", "custom_message", *_SUMMARIES)


@dataclass(slots=True)
class _Session(Gathered):
    """What was gathered of the live branch; requests and roles of the whole file."""

    roles: Counter[str] = field(default_factory=Counter)

    def take(self, record: Record, here: bool) -> None:
        """One line; ``here`` tells whether it is on the live branch."""
        kind = text(record.fields, "type")
        if kind == "message":
            self.roles[text(fields_at(record.fields, "message"), "role") or "unknown"] += 1
            span = (self.start, len(self.messages)) if here else (None, None)
            if (request := _request(record, span)) is not None:
                self.requests.append(request)
        if here and kind == "compaction":
            self.compact(record.line, number(record.fields, "tokensBefore"))
        if here:
            self.messages.append(_message(self.parts, record))


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    header, records, parents = _lines(source)
    live = set(branch(text(records[-1].fields, "id") if records else None, parents))
    session = _Session()
    for record in records:
        session.take(record, not live or text(record.fields, "id") in live)
    return [
        replace(
            session.conversation("pi", date=text(header, "timestamp")),
            roles=dict(session.roles),
            id=text(header, "id"),
            project=text(header, "cwd"),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


def _lines(source: Source) -> tuple[Fields, list[Record], dict[str, str | None]]:
    """The session's header, the lines that hold messages or summaries, and each line's parent."""
    header: Fields = {}
    records: list[Record] = []
    parents: dict[str, str | None] = {}
    for record in source.records():
        fields, kind = record.fields, text(record.fields, "type")
        if kind == "session":
            header = header or fields
        elif name := text(fields, "id"):
            parents.setdefault(name, text(fields, "parentId"))
            for call in objects(fields_at(fields, "message").get("content")):
                if call.get("type") == "toolCall" and (identity := text(call, "id")):
                    parents.setdefault(identity, name)  # a result hangs on its call
        if kind in _TALK:
            records.append(record)
    return header, records, parents


def _request(record: Record, span: tuple[int | None, int | None]) -> Request | None:
    message = fields_at(record.fields, "message")
    told = fields_at(message, "usage")
    usage = Usage(
        input=number(told, "input"),
        output=number(told, "output"),
        cache_read=number(told, "cacheRead"),
        cache_write=number(told, "cacheWrite"),
    )
    if not usage.context and not usage.output:
        return None
    time, key = text(record.fields, "timestamp"), text(record.fields, "id")
    return Request(text(message, "model"), usage, record.line, time, *span, key)


def _message(parts: PartFactory, record: Record) -> Message:
    fields, line = record.fields, record.line
    message = fields_at(fields, "message") or fields
    role, time = text(message, "role") or text(fields, "type") or "unknown", text(fields, "timestamp")
    found: list[Part] = []
    summary = text(fields, "summary")
    if summary:
        found.append(parts.text(PartKind.TEXT, summary, line=line))
    elif role == "toolResult":
        call, name = text(message, "toolCallId"), text(message, "toolName")
        found = parts.tool_results(message.get("content"), call=call, name=name, line=line)
        return Message(role, Side.TOOL, tuple(found), line, time)
    content = message.get("content")
    for block in content if isinstance(content, list) else [content]:
        if isinstance(block, dict) and block.get("type") == "toolCall":
            call, name = text(block, "id"), text(block, "name")
            found.append(parts.tool_call(name, block.get("arguments"), call=call, line=line))
        elif isinstance(block, dict) and block.get("type") == "thinking":
            found.append(parts.thinking({"signature": block.get("thinkingSignature"), **block}, line))
        else:
            found += parts.blocks([block] if isinstance(block, dict) else block, line=line)
    return Message(role, side_of(role), tuple(found), line, time)


def _recognizes(source: Source) -> bool:
    records = [record.fields for record in source.head]
    return any(f.get("type") == "session" and "id" in f for f in records) and any(
        f.get("type") == "message" and "role" in fields_at(f, "message") and "parentId" in f for f in records
    )


PI = Format("pi", _recognizes, read)
