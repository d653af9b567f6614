"""OpenAI's chat completions, and what speaks the same: Ollama's ``/api/chat``, Cohere v2."""

from collections.abc import Callable

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.requests import (
    block_types,
    is_request,
    message_list,
    model_of,
    options_of,
    read_each,
)
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.conversations.source import Source


def read_messages(parts: PartFactory, told: list[object], first: int = 1) -> list[Message]:
    """Messages of the shape ``{role, content, tool_calls, tool_call_id}``, numbered from ``first``."""
    messages: list[Message] = []
    for index, fields in enumerate(objects(told), first - 1):
        role = text(fields, "role") or "unknown"
        side = side_of(role)
        found = _thinking(parts, fields, index + 1)
        if side is Side.TOOL:
            call, name = text(fields, "tool_call_id"), text(fields, "name")
            content = fields.get("content")
            found += parts.tool_results(content, call=call, name=name, line=index + 1)
        else:
            found += parts.blocks(fields.get("content") or fields.get("parts"), line=index + 1)
        refusal = text(fields, "refusal")
        if refusal and not found:
            found.append(parts.text(PartKind.TEXT, refusal, line=index + 1))
        found += _calls(parts, fields, index + 1)
        messages.append(Message(role, side, tuple(found), index + 1, name=text(fields, "name")))
    return messages


def _thinking(parts: PartFactory, fields: Fields, line: int) -> list[Part]:
    said = text(fields, "reasoning_content", "reasoning", "thinking", "thought")
    if said:
        return [parts.text(PartKind.THINKING, said, line=line)]
    found = []
    for detail in objects(fields.get("reasoning_details")):
        found.append(parts.thinking({"text": detail.get("summary"), **detail}, line))
    return found


def _calls(parts: PartFactory, fields: Fields, line: int) -> list[Part]:
    found = []
    for call in objects(fields.get("tool_calls")):
        function = fields_at(call, "function", "custom") or call
        arguments = function.get("arguments", function.get("input", ""))
        found.append(parts.tool_call(text(function, "name"), arguments, call=text(call, "id"), line=line))
    old = fields_at(fields, "function_call")
    if old:
        found.append(parts.tool_call(text(old, "name"), old.get("arguments", ""), line=line))
    return found


def conversation(fields: Fields, name: str) -> Conversation:
    """One request, or one row of messages."""
    parts = PartFactory()
    messages = read_messages(parts, message_list(fields))
    tools = tools_of(fields.get("tools") or [{"function": f} for f in objects(fields.get("functions"))])
    return Conversation(
        format=name,
        messages=tuple(messages),
        tools=tools or (),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        options=options_of(fields),
        title=first_words(messages),
        model=text(fields, "model"),
    )


def _is_chat(fields: Fields) -> bool:
    messages = objects(message_list(fields))
    return (
        bool(messages)
        and all("role" in message for message in messages)
        and not block_types(message_list(fields)) & {"tool_use", "tool_result"}
        and "system" not in fields
        and not any("input_schema" in tool for tool in objects(items(fields, "tools")))
    )


def _is_ollama(fields: Fields) -> bool:
    """Ollama's own interface: its options, arguments as objects, images beside the content."""
    if not _is_chat(fields):
        return False
    messages = objects(message_list(fields))
    calls = [call for message in messages for call in objects(message.get("tool_calls"))]
    return (
        bool({"options", "keep_alive", "think"} & fields.keys())
        or any(isinstance(fields_at(call, "function").get("arguments"), dict) for call in calls)
        or any("images" in message for message in messages)
    )


def _is_cohere(fields: Fields) -> bool:
    return _is_chat(fields) and (
        model_of(fields).startswith(("command", "c4ai"))
        or bool({"documents", "safety_mode", "citation_options", "strict_tools"} & fields.keys())
    )


def _format(name: str, test: Callable[[Fields], bool]) -> Format:
    def recognizes(source: Source) -> bool:
        return is_request(source, test)

    return Format(name, recognizes, lambda s: read_each(s, lambda fields: conversation(fields, name)))


OPENAI_CHAT = _format("request-openai-chat", _is_chat)
OLLAMA = _format("request-ollama", _is_ollama)
COHERE = _format("request-cohere", _is_cohere)
