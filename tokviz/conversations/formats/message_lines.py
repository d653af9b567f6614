"""Conversations with a message on each line: Cursor's transcripts, and the logs of programs of one's own.

Cursor's lines are ``{role, message: {content}}``; others have ``{role, content}``, with lines of their own
for tools' calls and results. No usage is recorded.
"""

from tokviz.conversations.fields import Fields, fields_at, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Message, Side, first_time, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_CALLS, _RESULTS = ("tool_call", "function_call"), ("tool_result", "function_result")
_ROLES = ("system", "developer", "user", "human", "assistant", "model", "tool")


def read_cursor(source: Source) -> list[Conversation]:
    """The one transcript of the file."""
    parts = PartFactory()
    messages = []
    for record in source.records():
        role = text(record.fields, "role")
        if role is not None:
            content = fields_at(record.fields, "message").get("content")
            found = tuple(parts.blocks(content, line=record.line))
            messages.append(Message(role, side_of(role), found, record.line))
    partial = _("The system prompt, the tools and their results are not in the file.")
    return [_conversation("cursor", parts, messages, None, partial)]


def read_lines(source: Source) -> list[Conversation]:
    """The one conversation of the file."""
    parts = PartFactory()
    messages: list[Message] = []
    model = None
    for record in source.records():
        model = text(record.fields, "model") or model
        messages += _line(parts, record)
    return [_conversation("messages", parts, messages, model, None)]


def _line(parts: PartFactory, record: Record) -> list[Message]:
    fields, line = record.fields, record.line
    kind, time = text(fields, "type"), moment(fields.get("timestamp", fields.get("created_at")))
    name = text(fields, "name") or text(fields_at(fields, "function"), "name")
    call = text(fields, "tool_call_id", "call_id", "id")
    if kind in _CALLS:
        part = parts.tool_call(name, fields.get("arguments", fields.get("input")), call=call, line=line)
        return [Message("assistant", Side.ASSISTANT, (part,), line, time)]
    if kind in _RESULTS:
        given = fields.get("result", fields.get("output", fields.get("content")))
        found = parts.tool_results(given, call=call, name=name, line=line)
        return [Message("tool", Side.TOOL, tuple(found), line, time)]
    if (text(fields, "role") or "").startswith("_"):  # Kimi's own notes
        return []
    shaped = {**fields, "content": fields.get("content", fields.get("message"))}
    told = read_messages(parts, [shaped]) if "role" in fields else []
    return [Message(one.role, one.side, one.parts, line, time, one.name) for one in told]


def _conversation(
    form: str, parts: PartFactory, messages: list[Message], model: str | None, partial: str | None
) -> Conversation:
    return Conversation(
        format=form,
        messages=tuple(messages),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        title=first_words(messages),
        model=model,
        date=first_time(messages),
        partial=partial,
    )


def _heads(source: Source) -> list[Fields]:
    """The first lines, if it is lines that the file holds."""
    return [] if isinstance(source.document, list) else [record.fields for record in source.head]


def _is_cursors(source: Source) -> bool:
    found = [fields for fields in _heads(source) if "role" in fields]
    return bool(found) and all(
        fields["role"] in _ROLES and "content" in fields_at(fields, "message") and "type" not in fields
        for fields in found
    )


def _is_lines(source: Source) -> bool:
    found = [f for f in _heads(source) if not (text(f, "role") or "").startswith("_")]
    said = [f for f in found if f.get("role") in _ROLES and isinstance(f.get("content"), (str, list))]
    return len(found) > 1 and bool(said) and len(said) == sum("role" in fields for fields in found)


CURSOR = Format("cursor", _is_cursors, read_cursor)
MESSAGE_LINES = Format("messages", _is_lines, read_lines)
