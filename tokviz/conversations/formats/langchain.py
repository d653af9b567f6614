"""LangChain's messages and LangGraph's states, as programs write them down: each answer tells its usage.

A message says by its type who speaks, or by its class where it is written to be loaded again. The input holds
the cached tokens.
"""

from dataclasses import replace

from tokviz.conversations.fields import Fields, fields_at, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.formats.langfuse_messages import plain_message
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Usage, uncached
from tokviz.conversations.source import Source
from tokviz.language import _

_TYPES = ("human", "ai", "system", "tool", "AIMessageChunk")


def read(source: Source) -> list[Conversation]:
    """The one conversation of the file."""
    session = Gathered()
    for line, told in enumerate(_messages(source), 1):
        message = plain_message(told)
        usage = _usage(fields_at(message, "usage_metadata"))
        about = fields_at(message, "response_metadata")
        model = text(about, "model_name", "model", "model_id")
        session.use(model, usage, line, None, text(message, "id") or text(about, "id"))
        session.messages += read_messages(session.parts, [message], line)
    partial = _("The tools are not in the file.")
    return [replace(session.conversation("langchain"), partial=partial)]


def _messages(source: Source) -> list[Fields]:
    whole = source.document
    if whole is None:
        return [record.fields for record in source.records()]
    return _listed(whole)


def _listed(whole: object) -> list[Fields]:
    """A list of messages, or that of a state."""
    if isinstance(whole, dict):
        whole = fields_at(whole, "values", "state", "channel_values").get("messages", whole.get("messages"))
    return objects(whole)


def _usage(told: Fields) -> Usage:
    details, reasoning = fields_at(told, "input_token_details"), fields_at(told, "output_token_details")
    read, written = number(details, "cache_read"), number(details, "cache_creation")
    fresh = uncached(number(told, "input_tokens"), read, written)
    return Usage(
        fresh, number(told, "output_tokens"), read, written, reasoning=number(reasoning, "reasoning")
    )


def _is_message(fields: Fields) -> bool:
    if "lc" in fields:
        return "content" in fields_at(fields, "kwargs")
    return fields.get("type") in _TYPES and "content" in (fields_at(fields, "data") or fields)


def _recognizes(source: Source) -> bool:
    first = [record.fields for record in source.head] if source.document is None else _listed(source.document)
    found = first[:20]
    return bool(found) and all(map(_is_message, found)) and not any("uuid" in each for each in found)


LANGCHAIN = Format("langchain", _recognizes, read)
