"""What a model answered, and what that used, in the shapes in which the makers' interfaces tell it."""

from dataclasses import dataclass

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.anthropic import converse_blocks
from tokviz.conversations.formats.gemini_cli import content_parts
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.formats.openai_responses import read_item
from tokviz.conversations.formats.streams import whole_response
from tokviz.conversations.formats.usages import (
    anthropic_usage,
    converse_usage,
    gemini_usage,
    ollama_usage,
    openai_usage,
)
from tokviz.conversations.model import Message, Part, Side, Usage
from tokviz.conversations.parts import PartFactory

_RESPONSES = (
    *("response", "responseBody", "response_body", "responseBodies", "respPayload", "response_json"),
    *("raw_response", "output", "completion", "result", "modelOutput"),
)
"""Keys under which logs, batch files and recordings keep a response."""
_BODIES = ("body", "body_raw", "json", "content", "text", "payload", "data", "events", "message")
"""Keys under which a response in a log has its body."""
_COUNTED = "prompt_eval_count"
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its messages, and what it tells of itself."""

    messages: tuple[Message, ...]
    usage: Usage
    model: str | None = None
    key: str | None = None
    """The response's own id."""
    several: bool = False
    """It has further choices, which are paid for as well."""


def response_in(fields: Fields) -> Fields:
    """The response that a log's entry has beside its request, as text or not; empty if there is none."""
    return next(filter(None, (response_of(fields.get(key)) for key in _RESPONSES)), {})


def response_of(body: object, depth: int = 0) -> Fields:
    """The response itself, out of what a log wraps around it."""
    told = whole_response(body)
    if looks_like_response(told):
        return told
    if not told or depth == _DEEPEST:
        return {}
    inner = (response_of(told[key], depth + 1) for key in _BODIES if key in told)
    return next(filter(None, inner), {})


def tells_usage(fields: Fields) -> bool:
    """Whether it is a response that says what was used."""
    told = bool(fields_at(fields, "usage", "usageMetadata")) or _COUNTED in fields
    return told and looks_like_response(fields)


def looks_like_response(fields: Fields) -> bool:
    """True if the keys are those of some maker's response."""
    return (
        isinstance(fields.get("choices"), list)
        or isinstance(fields.get("candidates"), list)
        or "usageMetadata" in fields
        or ("usage" in fields and bool({"content", "output", "message"} & fields.keys()))
        or ("message" in fields and "done" in fields)
        or "message" in fields_at(fields, "output")
        or (fields.get("role") == "assistant" and isinstance(fields.get("content"), list))
    )


def read_answer(parts: PartFactory, told: Fields, line: int) -> Answer:
    """``line``: the number of the answer's first message."""
    usage = fields_at(told, "usage")
    message = fields_at(told, "message")
    model = text(told, "model", "modelVersion")
    key = text(told, "id", "responseId")
    if choices := objects(told.get("choices")):
        said = fields_at(choices[0], "message") or {"role": "assistant", "content": text(choices[0], "text")}
        shown = tuple(read_messages(parts, [said], line))
        return Answer(shown, openai_usage(usage), model, key, len(choices) > 1)
    if candidates := objects(told.get("candidates")):
        found = content_parts(parts, fields_at(candidates[0], "content").get("parts"), line)
        used = gemini_usage(fields_at(told, "usageMetadata"))
        return Answer(_one("model", found, line), used, model, key, len(candidates) > 1)
    if "usageMetadata" in told:
        return Answer((), gemini_usage(fields_at(told, "usageMetadata")), model, key)
    if answered := fields_at(fields_at(told, "output"), "message"):
        found = converse_blocks(parts, answered.get("content"), line)
        return Answer(_one("assistant", found, line), converse_usage(usage), model, key)
    if isinstance(told.get("output"), list):
        output = objects(items(told, "output"))
        said_items = tuple(read_item(parts, item, line + index) for index, item in enumerate(output))
        return Answer(said_items, openai_usage(usage), model, key)
    if message:
        used = ollama_usage(told) if not usage else openai_usage(fields_at(usage, "tokens") or usage)
        return Answer(tuple(read_messages(parts, [message], line)), used, model, key)
    found = parts.blocks(told.get("content"), line=line)
    return Answer(_one("assistant", found, line), _any(usage), model, key)


def _any(usage: Fields) -> Usage:
    return anthropic_usage(usage) if "input_tokens" in usage else openai_usage(usage)


def _one(role: str, found: list[Part], line: int) -> tuple[Message, ...]:
    return (Message(role, Side.ASSISTANT, tuple(found), line),) if found else ()
