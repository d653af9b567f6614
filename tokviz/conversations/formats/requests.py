"""What the request formats share: where the request stands in its file, and its usage if it is beside it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tokviz.conversations.fields import Fields, as_json, fields_at, items, objects, parsed, text
from tokviz.conversations.hosts import host_of, model_in
from tokviz.conversations.model import Conversation
from tokviz.conversations.source import Source

_WRAPPERS = (
    *("body", "request", "requestBody", "request_body", "requestBodies", "json", "params"),
    *("generateContentRequest", "postData", "text", "payload", "reqPayload", "prompt_json", "modelInput"),
)
"""Keys under which logs, batch files and recordings keep a request."""
_ROLES = {"system", "developer", "user", "assistant", "model", "tool", "function"}


_ADDRESSES = ("url", "uri", "endpoint", "scope", "path", "base_url", "api_base", "baseURL")
"""Keys under which they keep where it was sent, or parts of that."""
_DEEPEST = 3


def unwrapped(fields: Fields, depth: int = 0) -> Fields:
    """The request itself: ``fields``, or what a batch line or a log entry wraps, as text or not."""
    if _has_messages(fields) or depth == _DEEPEST:
        return fields
    for key in _WRAPPERS:
        inner = parsed(fields[key]) if isinstance(fields.get(key), str) else fields.get(key)
        if isinstance(inner, dict) and looks_like_request(found := unwrapped(inner, depth + 1)):
            return found
    return fields


def address_of(fields: Fields) -> str:
    """Where a log says that a request was sent; "" if it does not."""
    if looks_like_request(fields):
        return ""
    inner = fields_at(fields, *_WRAPPERS)
    return "".join(text(each, key) or "" for each in (fields, inner) for key in _ADDRESSES)


def looks_like_request(fields: Fields) -> bool:
    """True if the keys are those of some maker's request."""
    return _has_messages(fields) or ("model" in fields and isinstance(fields.get("prompt"), (str, list)))


def _has_messages(fields: Fields) -> bool:
    return (
        isinstance(fields.get("messages"), list)
        or isinstance(fields.get("contents"), (list, dict))
        or isinstance(fields.get("input"), (str, list))
    )


def candidates(source: Source) -> list[Fields]:
    """The objects at the beginning of the file that may be requests."""
    if source.document is not None:
        document = _document(source)
        return [unwrapped(document)] if document is not None else []
    return [unwrapped(record.fields) for record in source.head]


def _document(source: Source) -> Fields | None:
    """The file's one object; a bare list of messages, as programs keep and print it, is a request that has
    nothing else, and so is the ``history`` in Gemini CLI's checkpoints. None: it is neither."""
    document = source.document
    if isinstance(document, dict):
        history = objects(document.get("history"))
        return {"contents": history} if history and "parts" in history[0] else document
    first = document[0] if isinstance(document, list) and document else None
    if not isinstance(first, dict) or text(first, "role") not in _ROLES:
        return None
    if "parts" in first:
        return {"contents": document}
    return {"messages": document} if {"content", "tool_calls"} & first.keys() else None


def is_request(source: Source, test: Callable[[Fields], bool]) -> bool:
    """True if the file's first object is a request of the kind that ``test`` tells.

    Lines without a model are rows to train with, not requests, unless a batch wraps them; a single one is
    told by the file's name.
    """
    found = candidates(source)
    if not found or not test(found[0]):
        return False
    if source.document is not None and not source.name.endswith(".jsonl"):
        return True
    first = source.head[0].fields if source.head else source.first
    return "model" in found[0] or found[0] is not first


def read_each(source: Source, read: Callable[[Fields], Conversation]) -> list[Conversation]:
    """One conversation for the document, or for each line."""
    return [_located(read(unwrapped(fields)), address_of(fields)) for fields in _each(source)]


def _located(conversation: Conversation, address: str) -> Conversation:
    """With the model and the interface that the address tells."""
    model = conversation.model or model_in(address)
    return replace(conversation, model=model, host=host_of(model, address))


def _each(source: Source) -> Iterator[Fields]:
    if (document := _document(source)) is not None:
        yield document
    else:
        for record in source.records():
            yield record.fields


_OPTIONS = (
    *("tool_choice", "toolConfig", "response_format", "text", "thinking", "output_config", "reasoning"),
    "output_format",
    *("reasoning_effort", "generationConfig", "mcp_servers", "container", "cache_control"),
)


def options_of(fields: Fields) -> dict[str, str]:
    """What else of the request may count as input, as JSON text."""
    return {key: written for key in _OPTIONS if fields.get(key) and (written := as_json(fields[key]))}


def block_types(messages: list[object]) -> set[str]:
    """The types of all typed blocks in the messages' contents."""
    return {
        kind
        for message in objects(messages)
        for block in objects(message.get("content"))
        if (kind := text(block, "type")) is not None
    }


def message_list(fields: Fields) -> list[object]:
    """The request's ``messages``."""
    return items(fields, "messages")


def model_of(fields: Fields) -> str:
    """The model that is asked, in lower case without its host; "" if the request does not name it."""
    return (text(fields, "model", "modelId") or "").lower().rpartition("/")[2]
