"""Logs of requests with their responses, as proxies, gateways and programs of one's own write them.

Each entry has the request's body under some name, and the response's under another; where a request itself
stands in the entry, the response stands among its fields. Claude Code's traffic, recorded, is of that kind.
A response alone, and the output of a batch, say what was used, and not for what.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, objects, text
from tokviz.conversations.formats.answers import response_in, tells_usage
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.exchanges import API_LOG as NAME
from tokviz.conversations.formats.exchanges import Exchange, conversations_of
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.requests import address_of, looks_like_request, unwrapped
from tokviz.conversations.model import Conversation
from tokviz.conversations.source import Source

_TIMES = ("timestamp", "created_at", "createdAt", "time", "startTime", "start_time", "requestedAt", "date")
_LOOKED_AT = 20


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of requests."""
    return conversations_of(source, (_exchange(position, fields) for position, fields in _entries(source)))


def _entries(source: Source) -> Iterator[tuple[int, Fields]]:
    document = source.document
    if isinstance(document, dict):
        yield 1, document
    elif isinstance(document, list):
        yield from ((at, each) for at, each in enumerate(document, 1) if isinstance(each, dict))
    else:
        yield from ((record.line, record.fields) for record in source.records())


def _exchange(position: int, fields: Fields) -> Exchange:
    asked = unwrapped(fields)
    places = (fields, fields_at(fields, "request"))
    times = (moment(place[key]) for place in places for key in _TIMES if key in place)
    return Exchange(
        asked if looks_like_request(asked) else {},
        response_in(fields) or (fields if tells_usage(fields) else {}),
        position,
        address_of(fields),
        next(filter(None, times), None),
        text(fields, "id", "request_id", "requestId", "call_id"),
        model=text(fields, "model"),
    )


def _is_exchange(fields: Fields) -> bool:
    return looks_like_request(unwrapped(fields)) and bool(response_in(fields))


def _is_answer(fields: Fields) -> bool:
    """Whether it is a response, or an entry of a batch's output, without a request."""
    return tells_usage(fields) or tells_usage(response_in(fields))


def _recognizes(source: Source) -> bool:
    document = source.document
    if document is not None:
        first = document[:_LOOKED_AT] if isinstance(document, list) else [document]
        return any(map(_is_exchange, objects(first))) or all(map(_is_answer, objects(first) or [{}]))
    lines = [record.fields for record in source.head[:_LOOKED_AT]]
    return any(map(_is_exchange, lines)) or (bool(lines) and all(map(_is_answer, lines)))


API_LOG = Format(NAME, _recognizes, read)
