"""Makes small files of conversations, and reads them."""

import io
import json

from tokviz.conversations.model import Conversation, Reading
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.source import Limits


def lines(*rows: object) -> bytes:
    """One JSON value a line; bytes stand as they are."""
    return b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows) + b"\n"


def document(value: object) -> bytes:
    """One JSON value over several lines."""
    return json.dumps(value, indent=1).encode()


def reading(data: bytes, limits: Limits | None = None) -> Reading:
    """What is read of ``data``."""
    return read_conversations(io.BytesIO(data), limits=limits)


def only(data: bytes, form: str) -> Conversation:
    """The one conversation in ``data``, which must be of the format ``form`` and have no problems."""
    found = reading(data)
    assert (found.format, found.problems) == (form, ())
    assert len(found.conversations) == 1
    return found.conversations[0]


def texts(conversation: Conversation) -> list[tuple[str, list[str | None]]]:
    """The messages as roles and the texts of their parts."""
    return [(message.role, [part.text for part in message.parts]) for message in conversation.messages]
