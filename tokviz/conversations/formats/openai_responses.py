"""OpenAI's Responses: ``input`` is a string or items; tools are flat.

With ``previous_response_id``, a conversation or a stored prompt, the input is not whole.
"""

from tokviz.conversations.fields import Fields, as_json, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.requests import is_request, options_of, read_each
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.language import _

_PARTIAL = {
    "previous_response_id": _("It continues an earlier response, whose messages are not in the file."),
    "conversation": _("It continues a stored conversation, whose messages are not in the file."),
    "prompt": _("It uses a stored prompt, which is not in the file."),
}


def read_item(parts: PartFactory, item: Fields, line: int) -> Message:
    """One item of the input or of the output."""
    kind = text(item, "type") or "message"
    call = text(item, "call_id", "id")
    found: list[Part]
    if kind == "message":
        role = text(item, "role") or "user"
        return Message(role, side_of(role), tuple(parts.blocks(item.get("content"), line=line)), line)
    if kind == "reasoning":
        told = objects(item.get("summary")) + objects(item.get("content"))
        found = [parts.thinking(block, line) for block in told]
        sealed = text(item, "encrypted_content")
        if sealed:
            found.append(parts.hidden(PartKind.THINKING, len(sealed), line=line))
        return Message(kind, Side.ASSISTANT, tuple(found), line)
    if kind.endswith("_output"):
        found = parts.tool_results(item.get("output"), call=call, line=line)
        return Message(kind, Side.TOOL, tuple(found), line)
    if kind.endswith("_call") or kind == "mcp_approval_request":
        given = next((item[key] for key in ("arguments", "input", "action", "code") if key in item), "")
        name = text(item, "name") or kind.removesuffix("_call")
        found = [parts.tool_call(name, given, call=call, line=line)]
        if "output" in item:
            found += parts.tool_results(item["output"], call=call, line=line)
        return Message(kind, Side.ASSISTANT, tuple(found), line)
    sealed = text(item, "encrypted_content") or as_json(item)
    return Message(
        kind, Side.USER, (parts.hidden(PartKind.OTHER, len(sealed or ""), line=line, name=kind),), line
    )


def conversation(fields: Fields) -> Conversation:
    """One request."""
    parts = PartFactory()
    instructions, given = text(fields, "instructions"), fields.get("input")
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    messages = [read_item(parts, item, index + 1) for index, item in enumerate(objects(given))]
    return Conversation(
        format="request-openai-responses",
        messages=tuple(messages),
        system=(parts.text(PartKind.TEXT, instructions),) if instructions else (),
        tools=tools_of(fields.get("tools")) or (),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        options=options_of(fields),
        title=first_words(messages),
        model=text(fields, "model"),
        partial=next((why for key, why in _PARTIAL.items() if fields.get(key)), None),
    )


def _is_responses(fields: Fields) -> bool:
    given = fields.get("input")
    if "messages" in fields or "contents" in fields:
        return False
    if isinstance(given, str):
        return bool({"model", "instructions", "previous_response_id"} & fields.keys())
    found = objects(given)
    return bool(found) and all("role" in item or "type" in item for item in found)


OPENAI_RESPONSES = Format(
    "request-openai-responses",
    lambda source: is_request(source, _is_responses),
    lambda source: read_each(source, conversation),
)
