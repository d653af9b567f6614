"""What generations in Langfuse read and answered, in the shapes in which its integrations write that."""

from tokviz.conversations.fields import Fields, as_json, fields_at, items, objects, parsed, text
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.formats.openai_responses import read_item
from tokviz.conversations.model import Message
from tokviz.conversations.parts import PartFactory

_ROLES = {"SystemMessage": "system", "HumanMessage": "user", "AIMessage": "assistant", "ToolMessage": "tool"}

_KINDS = {
    "human": "user",
    "ai": "assistant",
    "AIMessageChunk": "assistant",
    "system": "system",
    "tool": "tool",
}
"""How LangChain's messages are told apart where they are written as dictionaries."""


def read_asked(given: object) -> tuple[list[Fields], list[object]]:
    """The messages that a generation read, and the tools: those of LangChain stand among the messages."""
    given = parsed(given)
    fields = given if isinstance(given, dict) else {"messages": given}
    told = fields.get("messages", [fields] if "role" in fields else [])
    if isinstance(told, str):
        told = [{"role": "user", "content": told}]
    if fields.get("system"):
        told = [{"role": "system", "content": fields["system"]}, *objects(told)]
    found = [plain_message(message) for message in objects(told)]
    tools = items(fields, "tools", "functions")
    tools += [message["content"] for message in found if _is_tool(message)]
    return [message for message in found if not _is_tool(message)], tools


def _is_tool(message: Fields) -> bool:
    content = message.get("content")
    return message.get("role") == "tool" and isinstance(content, dict) and not message.get("tool_call_id")


def plain_message(message: Fields) -> Fields:
    """A message as OpenAI spells it, out of LangChain's wrapping; what its blocks call as well only once."""
    if "role" not in message and isinstance(message.get("data"), dict):
        message = {"type": message.get("type"), **fields_at(message, "data")}
    if "role" not in message and text(message, "type") in _KINDS and "content" in message:
        message = {"role": _KINDS[str(message["type"])], **message}
    if isinstance(message.get("kwargs"), dict) and "lc" in message:
        kind = str((items(message, "id") or [""])[-1]).removesuffix("Chunk")  # verbatim
        message = {"role": _ROLES.get(kind, kind), **fields_at(message, "kwargs")}
    calls = objects(message.get("tool_calls"))
    if not calls:
        return message
    there = {text(block, "id") for block in objects(message.get("content"))} - {None}
    calls = [{"arguments": call.get("args", ""), **call} for call in calls if text(call, "id") not in there]
    return {**message, "tool_calls": calls}


def messages_of(parts: PartFactory, told: list[Fields]) -> list[Message]:
    """Messages, or the items of OpenAI's Responses: one for each."""
    return [message_of(parts, message, line) for line, message in enumerate(told, 1)]


def message_of(parts: PartFactory, message: Fields, line: int) -> Message:
    """One of them, by its number."""
    if "role" in message or "type" not in message:
        return read_messages(parts, [message], line)[0]
    return read_item(parts, message, line)


def bare(message: Fields) -> Fields:
    """Without what it asks of the cache, which is another in each request; a text as the one block it is."""
    content = message.get("content")
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if isinstance(content, list):
        content = [_without_mark(block) if isinstance(block, dict) else block for block in content]
    return {**_without_mark(message), "content": content}


def _without_mark(fields: Fields) -> Fields:
    return {key: value for key, value in fields.items() if key != "cache_control"}


def read_answer(output: object) -> list[Fields]:
    """The messages of what was answered: what has none of the shapes is its text or its JSON."""
    if isinstance(output, dict) and objects(output.get("choices")):
        output = fields_at(objects(output["choices"])[0], "message")
    told = objects(output) if isinstance(output, list) else [output] if isinstance(output, dict) else []
    if told and all({"role", "type", "lc"} & one.keys() for one in told):
        return [plain_message(one) for one in told]
    written = as_json(output) if output else None
    return [{"role": "assistant", "content": written}] if written else []
