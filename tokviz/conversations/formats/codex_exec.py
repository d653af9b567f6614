"""What ``codex exec --json`` prints: events, each with an item that has come to its end.

Usage is told once a turn, over all requests of the thread until then, so that no request has any. The prompt
is not printed.
"""

from tokviz.conversations.fields import NO_FIELDS, Fields, as_json, fields_at, text
from tokviz.conversations.formats.codex_usage import usage_of
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation, Message, ModelUsage, Part, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_EVENTS = ("thread.started", "turn.started", "item.completed", "turn.completed")
_WORDS = {"agent_message": PartKind.TEXT, "reasoning": PartKind.THINKING}
_CALLS = {
    "command_execution": ("shell", "command", "aggregated_output"),
    "mcp_tool_call": (None, "arguments", "result"),
    "web_search": ("web_search", "query", None),
    "file_change": ("apply_patch", "changes", None),
    "todo_list": ("update_plan", "items", None),
}
"""By the type of an item the tool, and under which keys what was asked and what it gave stand."""


def read(source: Source) -> list[Conversation]:
    """The one thread of the file."""
    parts = PartFactory()
    messages: list[Message] = []
    thread, used = None, NO_FIELDS
    for record in source.records():
        thread = thread or text(record.fields, "thread_id")
        used = fields_at(record.fields, "usage") or used
        if record.fields.get("type") == "item.completed":
            messages += _item(parts, fields_at(record.fields, "item"), record.line)
    return [
        Conversation(
            format="codex-exec",
            messages=tuple(messages),
            roles=roles_of(messages),
            tool_calls=dict(parts.tool_calls),
            reported={"unknown": ModelUsage(0, usage_of(used))} if used else {},
            id=thread,
            title=first_words(messages),
            partial=_("The prompt, the system prompt and the tools are not in the file."),
        )
    ]


def _item(parts: PartFactory, item: Fields, line: int) -> list[Message]:
    kind = text(item, "type", "item_type") or ""
    if kind in ("assistant_message", *_WORDS):
        said = parts.text(_WORDS.get(kind, PartKind.TEXT), text(item, "text") or "", line=line)
        return [Message("reasoning" if kind == "reasoning" else "assistant", Side.ASSISTANT, (said,), line)]
    if kind not in _CALLS:
        return []
    tool, asked, gave = _CALLS[kind]
    call, name = text(item, "id"), tool or text(item, "tool", "name")
    shown = parts.tool_call(name, item.get(asked), call=call, line=line)
    found = [Message("tool call", Side.ASSISTANT, (shown,), line)]  # verbatim
    result = item.get(gave) if gave else None
    if result is not None:
        given: list[Part] = parts.tool_results(_content(result), call=call, line=line)
        found.append(Message("tool results", Side.TOOL, tuple(given), line))  # verbatim
    return found


def _content(result: object) -> object:
    """What the model was given of an MCP server's answer."""
    content = result.get("content") if isinstance(result, dict) else None
    return content if isinstance(content, (str, list)) else as_json(result)


def _recognizes(source: Source) -> bool:
    return any(
        record.fields.get("type") in _EVENTS
        and ({"thread_id", "item", "usage"} & record.fields.keys() or len(record.fields) == 1)
        for record in source.head
    )


CODEX_EXEC = Format("codex-exec", _recognizes, read)
