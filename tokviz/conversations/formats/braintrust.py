"""Braintrust's logs: rows that are spans, of which those of the type ``llm`` are requests.

Those around them repeat their sums. Each has the whole input, as Langfuse's generations do, and is read as
one of them. Prompt tokens hold the cached ones.
"""

from collections.abc import Iterator
from dataclasses import replace

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.langfuse import conversations_of
from tokviz.conversations.model import Conversation, uncached
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Source

_LOOKED_AT = 20


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of requests of a trace."""
    observations = [_generation(row) for row in _rows(source) if _type(row) == "llm"]
    found = conversations_of(PartFactory(), {"observations": observations})
    return [replace(one, format="braintrust") for one in found]


def _rows(source: Source) -> Iterator[Fields]:
    """The spans of a list, of a page of the interface's, or one a line."""
    whole = source.document
    if isinstance(whole, dict):
        yield from objects(items(whole, "events", "rows")) or [whole]
    elif isinstance(whole, list):
        yield from objects(whole)
    else:
        yield from (record.fields for record in source.records())


def _type(row: Fields) -> str | None:
    return text(fields_at(row, "span_attributes"), "type")


def _generation(row: Fields) -> Fields:
    told, metrics = fields_at(row, "metadata"), fields_at(row, "metrics")
    asked = parsed(row.get("input"))
    given = asked if isinstance(asked, dict) else {"messages": asked}
    answered = parsed(row.get("output"))
    if choices := [fields_at(each, "message") for each in objects(answered) if "message" in each]:
        answered = choices[:1]
    return {
        "type": "GENERATION",
        "id": text(row, "span_id", "id"),
        "traceId": text(row, "root_span_id") or "",
        "startTime": moment(metrics.get("start")) or text(row, "created"),
        "model": text(told, "model") or text(given, "model"),
        "input": {"tools": told.get("tools"), **given},
        "output": answered,
        "usageDetails": _usage(metrics),
    }


def _usage(metrics: Fields) -> Fields:
    read, written = number(metrics, "prompt_cached_tokens"), number(metrics, "prompt_cache_creation_tokens")
    told = {
        "input": uncached(number(metrics, "prompt_tokens"), read, written),
        "input_cached_tokens": read,
        "input_cache_creation": written,
        "output": number(metrics, "completion_tokens"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _recognizes(source: Source) -> bool:
    whole = source.document
    given = whole if isinstance(whole, list) else items(source.first, "events", "rows")
    rows = objects(given[:_LOOKED_AT]) or [record.fields for record in source.head]
    return any(_type(row) is not None and {"span_id", "root_span_id"} & row.keys() for row in rows)


BRAINTRUST = Format("braintrust", _recognizes, read)
