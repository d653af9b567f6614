"""Bedrock's log of model invocations, as it stands in S3 (one entry a line) or is copied out of CloudWatch.

The maker's own usage in the response goes before the log's counts. Bodies of more than 100 kB lie in files of
their own; of such entries only the counts are there.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, number, objects, parsed, text
from tokviz.conversations.formats.answers import response_of
from tokviz.conversations.formats.exchanges import Exchange, conversations_of
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation, Usage
from tokviz.conversations.source import Source

_SCHEMA = "ModelInvocationLog"  # verbatim
_LOOKED_AT = 20


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of requests."""
    entries = ((at, entry) for at, entry in _entries(source) if _is_entry(entry))
    return conversations_of(source, (_exchange(at, entry) for at, entry in entries))


def _entries(source: Source) -> Iterator[tuple[int, Fields]]:
    """Entries one a line or in a list, or as text in the events that CloudWatch gives."""
    whole = source.document
    if whole is None:
        yield from ((record.line, _entry(record.fields)) for record in source.records())
    else:
        listed = whole if isinstance(whole, list) else objects(source.first.get("events")) or [source.first]
        yield from ((at, _entry(each)) for at, each in enumerate(objects(listed), 1))


def _entry(fields: Fields) -> Fields:
    told = parsed(text(fields, "message", "@message"))
    return told if isinstance(told, dict) else fields


def _is_entry(fields: Fields) -> bool:
    return fields.get("schemaType") == _SCHEMA


def _exchange(position: int, entry: Fields) -> Exchange:
    given, answered = fields_at(entry, "input"), fields_at(entry, "output")
    model = text(entry, "modelId")
    asked = fields_at(given, "inputBodyJson")
    return Exchange(
        {"model": model.rpartition("/")[2], **asked} if model and asked else asked,
        response_of(answered.get("outputBodyJson")),
        position,
        time=text(entry, "timestamp"),
        key=text(entry, "requestId"),
        usage=Usage(
            number(given, "inputTokenCount"),
            number(answered, "outputTokenCount"),
            number(given, "cacheReadInputTokenCount"),
            number(given, "cacheWriteInputTokenCount"),
        ),
        model=model.rpartition("/")[2] if model else None,
    )


def _recognizes(source: Source) -> bool:
    whole = source.document
    listed = objects(whole) if isinstance(whole, list) else objects(source.first.get("events"))
    first = listed[:_LOOKED_AT] or [source.first, *(record.fields for record in source.head[:_LOOKED_AT])]
    return any(_is_entry(_entry(each)) for each in first)


BEDROCK_LOG = Format("bedrock-log", _recognizes, read)
