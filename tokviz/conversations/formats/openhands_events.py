"""What one event of OpenHands says to the model, or the model to it, in both generations of its events."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.formats.usages import openai_usage
from tokviz.conversations.model import Message, Part, PartKind, Side, Usage
from tokviz.conversations.parts import PartFactory, side_of

_NOTICES = (
    *("change_agent_state", "agent_state_changed", "recall", "null", "condensation_request", "condensation"),
    *("system", "loop_detection", "user_rejected"),
)
"""Actions and observations of the older generation that no model reads as such."""

_FAILED = "[An error occurred during execution.]\n"  # verbatim


@dataclass(slots=True)
class Told:
    """A message that an event holds. Events of one ``response`` are one message."""

    role: str
    side: Side
    content: list[Part] = field(default_factory=list)
    response: str | None = None
    usage: Usage | None = None
    model: str | None = None


def is_event(value: object) -> bool:
    """Whether it is an event of either generation."""
    if not isinstance(value, dict) or "source" not in value:
        return False
    kind = text(value, "kind") or ""
    classic = ("action" in value and "args" in value) or ("observation" in value and "content" in value)
    newer = kind.endswith(("Event", "Observation")) or kind.startswith("Condensation")  # verbatim
    return classic or newer


def response_in(event: Fields) -> Fields:
    """The whole response that an event of the older generation carries."""
    return fields_at(fields_at(event, "tool_call_metadata"), "model_response")


def told_by(parts: PartFactory, event: Fields, line: int) -> Told | None:
    """The message in an event; None if it holds none."""
    if "kind" in event:
        return _newer(parts, event, line)
    if "observation" in event:
        return _observation(parts, event, line)
    return _action(parts, event, line)


def forgotten(event: Fields, ids: Collection[str]) -> set[str]:
    """Those of the ``ids`` whose events a condensation takes out of the context."""
    told = event if "kind" in event else fields_at(event, "args")
    named = {str(name) for name in items(told, "forgotten_event_ids")}
    found = {name for name in ids if name in named}
    start, end = number(told, "forgotten_events_start_id"), number(told, "forgotten_events_end_id")
    if start is not None and end is not None:
        numbers = {name: int(name) for name in ids if name.isascii() and name.isdigit() and len(name) < 16}
        found |= {name for name, each in numbers.items() if start <= each <= end}
    return found


def _action(parts: PartFactory, event: Fields, line: int) -> Told | None:
    args, name = fields_at(event, "args"), text(event, "action") or ""
    response = response_in(event)
    choices = objects(response.get("choices"))
    if choices:
        told = Told("assistant", Side.ASSISTANT, response=text(response, "id"), model=text(response, "model"))
        told.usage = openai_usage(fields_at(response, "usage"))
        for message in read_messages(parts, [fields_at(choices[0], "message")]):
            told.content += [*message.parts]
        return told
    if name in _NOTICES:
        return None
    if name == "message":
        role = "assistant" if event.get("source") == "agent" else "user"
        images = [{"type": "image", "url": url} for url in items(args, "image_urls", "images_urls")]
        found = parts.blocks(text(args, "content") or "", line=line) + parts.blocks(images, line=line)
        return Told(role, side_of(role), found)
    if event.get("source") != "agent":
        return None
    thought = parts.blocks(text(args, "thought") or "", line=line)
    given = {key: value for key, value in args.items() if key != "thought"}
    return Told("assistant", Side.ASSISTANT, [*thought, parts.tool_call(name, given, line=line)])


def _observation(parts: PartFactory, event: Fields, line: int) -> Told | None:
    kind, called = text(event, "observation"), fields_at(event, "tool_call_metadata")
    if kind in _NOTICES and not called:
        return None
    call, name = text(called, "tool_call_id"), text(called, "function_name") or kind
    found = parts.tool_results(event.get("content"), call=call, name=name, line=line)
    return Told("tool", Side.TOOL, found)


def _newer(parts: PartFactory, event: Fields, line: int) -> Told | None:
    kind = text(event, "kind")
    if kind == "MessageEvent":
        message = fields_at(event, "llm_message")
        role = text(message, "role") or "user"
        added = parts.blocks(event.get("extended_content"), line=line)
        content = [*_thinking(parts, message, line), *_blocks(parts, message.get("content"), line), *added]
        return Told(role, side_of(role), content, text(event, "llm_response_id"))
    if kind == "ActionEvent":
        call = fields_at(event, "tool_call")
        name, identity = text(call, "name") or text(event, "tool_name"), text(event, "tool_call_id")
        content = [*_thinking(parts, event, line), *_blocks(parts, event.get("thought"), line)]
        content.append(parts.tool_call(name, call.get("arguments", ""), call=identity, line=line))
        return Told("assistant", Side.ASSISTANT, content, text(event, "llm_response_id"))
    if kind == "CondensationSummaryEvent":  # verbatim
        return Told("user", Side.USER, parts.blocks(text(event, "summary") or "", line=line))
    given = _given(event)
    if given is None:
        return None
    identity, name = text(event, "tool_call_id"), text(event, "tool_name")
    return Told("tool", Side.TOOL, parts.tool_results(given, call=identity, name=name, line=line))


def _given(event: Fields) -> object:
    """What an event of the newer generation has as a tool's answer; None if it is none."""
    match text(event, "kind"):
        case "ObservationEvent":
            seen = fields_at(event, "observation")
            said = [*items(seen, "content")] if "content" in seen else [seen.get("output", seen)]
            header = [_FAILED] if seen.get("is_error") is True else []
            return [*header, *said, *items(event, "extended_content")]
        case "AgentErrorEvent":
            return text(event, "error") or ""
        case "UserRejectObservation":
            return "Action rejected: " + (text(event, "rejection_reason") or "")  # verbatim
    return None


def _thinking(parts: PartFactory, told: Fields, line: int) -> list[Part]:
    blocks = [parts.thinking(block, line) for block in objects(told.get("thinking_blocks"))]
    said = text(told, "reasoning_content")
    if said and not any(part.text for part in blocks):
        blocks.insert(0, parts.text(PartKind.THINKING, said, line=line))
    item = fields_at(told, "responses_reasoning_item")
    if not blocks and (sealed := text(item, "encrypted_content")):
        blocks.append(parts.hidden(PartKind.THINKING, len(sealed), line=line))
    return blocks


def _blocks(parts: PartFactory, content: object, line: int) -> list[Part]:
    """Blocks as everyone's, but for images, of which one block may hold several."""
    found: list[Part] = []
    for block in content if isinstance(content, list) else [content]:
        urls = items(block, "image_urls") if isinstance(block, dict) else []
        images = [{"type": "image", "url": url} for url in urls]
        found += parts.blocks(images or block, line=line)
    return found


def message_of(told: Told, line: int, time: str | None) -> Message:
    """The message itself."""
    return Message(told.role, told.side, tuple(told.content), line, time)
