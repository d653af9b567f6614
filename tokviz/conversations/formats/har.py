"""HAR: what a browser or a proxy recorded of its traffic. Only the requests to models are read."""

import base64
import binascii
from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, objects, parsed, text
from tokviz.conversations.formats.answers import response_of
from tokviz.conversations.formats.exchanges import Exchange, asks_model, conversations_of
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation
from tokviz.conversations.source import Source


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of requests to a model."""
    return conversations_of(source, _exchanges(source))


def _entries(source: Source) -> list[Fields]:
    return objects(fields_at(source.first, "log").get("entries"))


def _exchanges(source: Source) -> Iterator[Exchange]:
    for position, entry in enumerate(_entries(source), 1):
        request, asked = fields_at(entry, "request"), _asked(entry)
        address = text(request, "url") or ""
        if asks_model(address, asked):
            answered = response_of(_content(fields_at(entry, "response")))
            yield Exchange(asked, answered, position, address, text(entry, "startedDateTime"))


def _asked(entry: Fields) -> Fields:
    """The body of the entry's request, if it is an object."""
    sent = text(fields_at(fields_at(entry, "request"), "postData"), "text")
    body = parsed(sent) if sent is not None and sent.lstrip()[:1] == "{" else None
    return body if isinstance(body, dict) else {}


def _content(response: Fields) -> str | None:
    """The text of the response; None where the recording left it out or it is no text."""
    content = fields_at(response, "content")
    body = text(content, "text")
    if body is None or text(content, "encoding") != "base64":
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError):
        return None


HAR = Format("har", lambda source: next(_exchanges(source), None) is not None, read)
