"""A draft as it is kept until it is saved: all of it, also what it was when it was opened."""

import json
from collections.abc import Iterator

import msgspec

from tokviz.conversations.draft import Draft
from tokviz.conversations.json_parts import json_parts


def keep_draft(draft: Draft, opened: Draft) -> bytes:
    """A draft and what was opened or saved last, as ``kept_draft`` reads them. Half a surrogate pair stays
    the escape that it was."""
    return b"".join(draft_parts(draft, opened))


def draft_parts(draft: Draft, opened: Draft) -> Iterator[bytes]:
    """The same part by part, each of which takes no time."""
    return json_parts({"draft": draft, "opened": opened})


def kept_draft(data: bytes) -> tuple[Draft, Draft]:
    """The draft, and what was opened or saved. ValueError if ``data`` is nothing of the kind."""
    try:
        told = json.loads(data)
        return msgspec.convert(told["draft"], Draft), msgspec.convert(told["opened"], Draft)
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no draft that was kept") from error
