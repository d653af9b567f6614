"""Qwen Code's sessions: lines as a tree, as Claude Code's, with Gemini's parts and usage."""

from collections import Counter

from tokviz.conversations.fields import fields_at, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gemini_cli import content_parts
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.formats.usages import gemini_usage
from tokviz.conversations.model import Conversation, Message, Request, Side, last_model
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_SIDES = {"user": Side.USER, "assistant": Side.ASSISTANT, "tool_result": Side.TOOL}


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    records: list[Record] = []
    parents: dict[str, str | None] = {}
    for record in source.records():
        name = text(record.fields, "uuid")
        if name and name not in parents:
            parents[name] = text(record.fields, "parentUuid")
        if text(record.fields, "type") in _SIDES:
            records.append(record)
    parts = PartFactory()
    live = _live(records, parents)
    messages: list[Message] = []
    requests: list[Request] = []
    for record in records:
        here = record.line in live
        usage = gemini_usage(fields_at(record.fields, "usageMetadata"))
        if usage.context or usage.output:
            start, end = (0, len(messages)) if here else (None, None)
            model, time = text(record.fields, "model"), text(record.fields, "timestamp")
            key = text(record.fields, "uuid")
            requests.append(Request(model, usage, record.line, time, start, end, key))
        if here:
            messages.append(_message(parts, record))
    first = records[0].fields if records else {}
    return [
        Conversation(
            format="qwen-code",
            messages=tuple(messages),
            requests=tuple(requests),
            roles=dict(Counter(str(record.fields.get("type")) for record in records)),
            tool_calls=dict(parts.tool_calls),
            id=text(first, "sessionId"),
            title=first_words(messages),
            project=text(first, "cwd"),
            model=last_model(requests),
            date=text(first, "timestamp"),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


def _live(records: list[Record], parents: dict[str, str | None]) -> set[int]:
    """The lines on the branch of the last message; all of them where the tree is not whole."""
    if not records:
        return set()
    names = set(branch(text(records[-1].fields, "uuid"), parents))
    top = next((r for r in records if text(r.fields, "uuid") in names), None)
    if top is None or text(top.fields, "parentUuid") not in (None, *parents):
        return {record.line for record in records}
    return {record.line for record in records if text(record.fields, "uuid") in names}


def _message(parts: PartFactory, record: Record) -> Message:
    fields = record.fields
    role = str(fields.get("type"))
    found = content_parts(parts, fields_at(fields, "message").get("parts"), record.line)
    return Message(role, _SIDES[role], tuple(found), record.line, text(fields, "timestamp"))


def _recognizes(source: Source) -> bool:
    return any(
        record.fields.get("type") in ("user", "assistant", "tool_result", "system")
        and "uuid" in record.fields
        and ("parts" in fields_at(record.fields, "message") or "systemPayload" in record.fields)
        for record in source.head
    )


QWEN_CODE = Format("qwen-code", _recognizes, read)
