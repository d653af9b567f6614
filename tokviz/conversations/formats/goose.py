"""Goose's sessions: lines of messages below one of facts, or the document of ``goose session export``.

What tools gave stands in the user's messages. Messages that are not for the agent (what a compaction has
replaced, notices) stay in the file and are not sent. Only the last request's tokens and the sums over the
session are told; whether those hold cached tokens is not.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation, Message, ModelUsage, Part, Usage, first_time
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_CALLS = ("toolRequest", "frontendToolRequest")
_OWN = (*_CALLS, "toolResponse")
_SHOWN_ONLY = ("toolConfirmationRequest", "actionRequired", "systemNotification", "conversationCompacted")
"""Blocks that no maker is sent."""
_SUMS = ("accumulated_input_tokens", "accumulated_total_tokens")


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    parts, roles = PartFactory(), dict[str, int]()
    messages: list[Message] = []
    facts: Fields = source.first
    for line, fields in _messages(source):
        role = text(fields, "role")
        if role is None:
            continue
        roles[role] = roles.get(role, 0) + 1
        if fields_at(fields, "metadata").get("agentVisible") is False:
            continue
        found = [part for block in items(fields, "content") for part in _parts(parts, block, line)]
        if found:
            messages.append(Message(role, side_of(role), tuple(found), line, moment(fields.get("created"))))
    facts = {} if "role" in facts else facts
    model = text(fields_at(facts, "model_config"), "model_name")
    sent, received = number(facts, _SUMS[0]), number(facts, "accumulated_output_tokens")
    told = sent is not None or received is not None
    return [
        Conversation(
            format="goose",
            messages=tuple(messages),
            roles=roles,
            tool_calls=dict(parts.tool_calls),
            reported={model or "unknown": ModelUsage(0, Usage(sent, received))} if told else {},
            id=text(facts, "id"),
            title=text(facts, "name", "description") or first_words(messages),
            project=text(facts, "working_dir"),
            model=model,
            date=text(facts, "created_at") or first_time(messages),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


def _messages(source: Source) -> Iterator[tuple[int, Fields]]:
    """Each with its line, or in a document with its number."""
    told = source.first.get("conversation")
    if isinstance(told, list):
        yield from enumerate(objects(told), 1)
        return
    for record in source.records():
        yield record.line, record.fields


def _parts(parts: PartFactory, block: object, line: int) -> list[Part]:
    if not isinstance(block, dict):
        return parts.blocks([block], line=line)
    kind, call = block.get("type"), text(block, "id")
    if kind in _SHOWN_ONLY:
        return []
    if kind in _CALLS:
        told = fields_at(block, "toolCall")
        asked = fields_at(told, "value")
        given = asked.get("arguments", {}) if asked else told.get("error")
        return [parts.tool_call(text(asked, "name"), given, call=call, line=line)]
    if kind == "toolResponse":
        told = fields_at(block, "toolResult")
        value = told.get("value", told.get("error"))
        inner = value.get("content") if isinstance(value, dict) and "content" in value else value
        return parts.tool_results(inner, call=call, line=line)
    if kind == "redactedThinking":
        return [parts.thinking(block, line)]
    return parts.blocks([block], line=line)


def _is_message(fields: Fields) -> bool:
    """Whether it is one as Goose writes them, and no other program."""
    content = objects(items(fields, "content"))
    times = type(fields.get("created")) is int and fields.get("role") in ("user", "assistant")
    return times and (bool(content) or fields.get("content") == [])


def _recognizes(source: Source) -> bool:
    first = source.first
    told = objects(first.get("conversation"))
    if told:
        return "working_dir" in first and _is_message(told[0])
    if isinstance(source.document, list):
        return False
    messages = [record.fields for record in source.head if "role" in record.fields]
    is_known = "role" not in first and {"working_dir", "message_count", *_SUMS} & first.keys()
    kinds = {text(block, "type") for one in messages for block in objects(one.get("content"))}
    return bool(messages) and all(map(_is_message, messages)) and bool(is_known or kinds & set(_OWN))


GOOSE = Format("goose", _recognizes, read)
