"""Anthropic's messages and Bedrock's Converse. Tool results stand in the user's messages."""

from collections.abc import Sequence
from dataclasses import replace

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.requests import (
    block_types,
    is_request,
    message_list,
    options_of,
    read_each,
)
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Tool, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.language import _

_OWN_KEYS = {"system", "anthropic_version", "anthropic_beta", "betas", "context_management"}
_OWN_BLOCKS = {"tool_use", "tool_result", "redacted_thinking", "document", "server_tool_use"}
_SHARED_KEYS = {"thinking", "mcp_servers", "container", "stop_sequences", "top_k"}
_SHARED_BLOCKS = {"thinking"}
"""What other makers have taken over: it tells only where no model is named."""


def conversation(fields: Fields) -> Conversation:
    """One request to Anthropic."""
    parts = PartFactory()
    system = parts.blocks(fields.get("system"))
    messages = [
        _message(message, parts.blocks(message.get("content"), line=index + 1), index + 1)
        for index, message in enumerate(objects(message_list(fields)))
    ]
    return _finished("request-anthropic", fields, parts, system, messages, fields.get("tools"))


def converse(fields: Fields) -> Conversation:
    """One request to Bedrock's Converse: blocks have one key that tells their kind."""
    parts = PartFactory()
    system = converse_blocks(parts, fields.get("system"), None)
    messages = [
        _message(message, converse_blocks(parts, message.get("content"), index + 1), index + 1)
        for index, message in enumerate(objects(message_list(fields)))
    ]
    config = fields_at(fields, "toolConfig")
    tools, choice = config.get("tools"), fields_at(config, "toolChoice")
    whole = {**fields_at(fields, "additionalModelRequestFields"), **fields}
    if kind := next(iter(choice), None):
        whole["tool_choice"] = {"type": kind, **fields_at(choice, kind)}
    return _finished("request-bedrock-converse", whole, parts, system, messages, tools)


def _message(fields: Fields, found: list[Part], line: int) -> Message:
    role = text(fields, "role") or "unknown"
    return Message(role, side_of(role), tuple(found), line)


def _finished(
    name: str,
    fields: Fields,
    parts: PartFactory,
    system: list[Part],
    messages: list[Message],
    tools: object,
) -> Conversation:
    offered = tuple(replace(tool, found=tool.name in parts.tools_found) for tool in tools_of(tools) or ())
    return Conversation(
        format=name,
        messages=tuple(messages),
        system=tuple(system),
        tools=offered,
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        options=options_of(fields),
        title=first_words(messages),
        model=text(fields, "model", "modelId"),
        partial=_missing(fields, offered),
    )


_SEARCHING = ("web_", "tool_search_", "code_execution_", "advisor_")
"""How the types of the tools begin that the maker itself calls."""


def _missing(fields: Fields, tools: Sequence[Tool]) -> str | None:
    """Why the context is not whole in the file."""
    if fields.get("mcp_servers"):
        return _("Tools of MCP servers are not in the file.")
    if any((tool.type or "").startswith(_SEARCHING) for tool in tools):
        return _(
            "What the maker's own tools find is not in the file, and after each of their calls the model "
            "reads all of it anew."
        )
    return None


def converse_blocks(parts: PartFactory, content: object, line: int | None) -> list[Part]:
    """The parts of a message's content at Bedrock's Converse."""
    found: list[Part] = []
    for block in objects(content):
        if "cachePoint" in block:
            found[-1:] = [replace(part, cache="5m") for part in found[-1:]]
        elif isinstance(block.get("text"), str):
            found.append(parts.text(PartKind.TEXT, str(block["text"]), line=line))
        elif call := fields_at(block, "toolUse"):
            name, identity = text(call, "name"), text(call, "toolUseId")
            found.append(parts.tool_call(name, call.get("input", {}), call=identity, line=line))
        elif result := fields_at(block, "toolResult"):
            content = [_plain(inner) for inner in objects(result.get("content"))]
            found += parts.tool_results(content, call=text(result, "toolUseId"), line=line)
        elif reasoning := fields_at(block, "reasoningContent"):
            found.append(parts.thinking(fields_at(reasoning, "reasoningText") or reasoning, line))
        elif media := fields_at(block, "image", "document", "video"):
            kind = PartKind.IMAGE if "image" in block else PartKind.FILE
            data = text(fields_at(media, "source"), "bytes")
            found.append(parts.media(kind, data, line=line, name=text(media, "name")))
    return found


def _plain(block: Fields) -> object:
    """A block of a tool's result as the other makers spell it."""
    if "json" in block:
        return block["json"]
    return {"type": "image", **block} if "image" in block else block


def _is_converse(fields: Fields) -> bool:
    if not message_list(fields):
        return False
    blocks = [b for m in objects(message_list(fields)) for b in objects(m.get("content"))]
    own = {"text", "toolUse", "toolResult", "image", "document", "cachePoint", "reasoningContent", "video"}
    if blocks and all("type" not in block and own & block.keys() for block in blocks):
        return True
    return "toolConfig" in fields or "inferenceConfig" in fields


def _is_anthropic(fields: Fields) -> bool:
    messages = objects(message_list(fields))
    if not messages or any(message.get("role") in ("tool", "function") for message in messages):
        return False
    tools = objects(items(fields, "tools"))
    if any("function" in tool for tool in tools) or any("tool_calls" in message for message in messages):
        return False
    blocks = block_types(message_list(fields))
    if _OWN_KEYS & fields.keys() or blocks & _OWN_BLOCKS or any("input_schema" in tool for tool in tools):
        return True
    model = (text(fields, "model") or "").lower()
    if model.startswith("claude"):
        return True
    return not model and bool(_SHARED_KEYS & fields.keys() or blocks & _SHARED_BLOCKS)


BEDROCK_CONVERSE = Format(
    "request-bedrock-converse",
    lambda source: is_request(source, _is_converse),
    lambda source: read_each(source, converse),
)
ANTHROPIC = Format(
    "request-anthropic",
    lambda source: is_request(source, _is_anthropic),
    lambda source: read_each(source, conversation),
)
