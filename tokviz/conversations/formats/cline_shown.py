"""What Cline and Roo Code showed of a task: ``ui_messages.json``, beside the messages that were sent.

Each request is an event of its own whose text is JSON with its tokens. Some versions leave cached tokens out
of a prompt's, newer ones have them in it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
    first_time,
    last_model,
    roles_of,
    uncached,
)
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_LOOKED_AT = 20
_REQUEST = "api_req_started"
_SAID = {
    "text": ("assistant", Side.ASSISTANT),
    "completion_result": ("assistant", Side.ASSISTANT),
    "plan_mode_respond": ("assistant", Side.ASSISTANT),
    "reasoning": ("assistant", Side.ASSISTANT),
    "task": ("user", Side.USER),
    "user_feedback": ("user", Side.USER),
    "command_output": ("tool results", Side.TOOL),  # verbatim
    "mcp_server_response": ("tool results", Side.TOOL),  # verbatim
}
"""Who spoke by the kind of an event; a task's first text is the person's."""
_CALLED = ("tool", "command", "use_mcp_server")


def read(source: Source) -> list[Conversation]:
    """The one task of the file."""
    parts = PartFactory()
    messages: list[Message] = []
    requests: list[Request] = []
    for line, event in enumerate(objects(source.document), 1):
        if event.get("partial") is True:
            continue
        kind = text(event, "say", "ask") or ""
        if kind == _REQUEST:
            requests += _request(event, line, len(messages))
        elif message := _message(parts, event, kind, line, first=not messages):
            messages.append(message)
    return [
        Conversation(
            format="cline-shown",
            messages=tuple(messages),
            requests=tuple(requests),
            roles=roles_of(messages),
            tool_calls=dict(parts.tool_calls),
            title=first_words(messages),
            model=last_model(requests),
            date=first_time(messages),
            partial=_("Only what was shown is in the file, not what was sent."),
        )
    ]


def with_usage(task: Conversation, shown: Conversation) -> Conversation:
    """The task as it was sent, with the tokens that were only shown: those of the answer that came next."""
    times = [_seconds(one.time) for one in task.messages]
    answers = [index for index, one in enumerate(task.messages) if one.side is Side.ASSISTANT]
    requests: list[Request] = []
    for place, request in enumerate(shown.requests):
        asked = _seconds(request.time)
        if asked is not None and any(times[index] is not None for index in answers):
            after = (i for i in answers if (told := times[i]) is not None and told >= asked)
            end = next(after, None)
        else:
            end = answers[place] if len(answers) == len(shown.requests) else None
        start, model = None if end is None else 0, request.model or task.model
        requests.append(replace(request, start=start, end=end, model=model))
    return replace(task, requests=tuple(requests))


def _seconds(time: str | None) -> float | None:
    try:
        return datetime.fromisoformat(time).timestamp() if time else None
    except (ValueError, OverflowError):
        return None


def _request(event: Fields, line: int, end: int) -> Sequence[Request]:
    told = parsed(event.get("text"))
    if not isinstance(told, dict):
        return ()
    read, written = number(told, "cacheReads"), number(told, "cacheWrites")
    usage = Usage(uncached(number(told, "tokensIn"), read, written), number(told, "tokensOut"), read, written)
    if not usage.context and not usage.output:
        return ()
    model = text(fields_at(event, "modelInfo"), "modelId", "id")
    return (Request(model, usage, line, moment(event.get("ts")), 0, end),)


def _message(parts: PartFactory, event: Fields, kind: str, line: int, *, first: bool) -> Message | None:
    role, side = _SAID.get(kind, ("assistant", Side.ASSISTANT))
    if first and kind == "text":
        role, side = _SAID["task"]
    words = text(event, "text", "reasoning") or ""
    found: list[Part] = []
    if kind == "reasoning":
        found = [parts.text(PartKind.THINKING, words, line=line)]
    elif kind in _CALLED and event.get("type") == "ask":
        found = [_call(parts, kind, words, line)]
    elif side is Side.TOOL:
        found = parts.tool_results(words, line=line)
    elif kind in _SAID:
        images = [{"type": "image", "data": data} for data in items(event, "images")]
        found = parts.blocks([words, *images] if words else images, line=line)
    return Message(role, side, tuple(found), line, moment(event.get("ts"))) if found else None


def _call(parts: PartFactory, kind: str, words: str, line: int) -> Part:
    told = parsed(words)
    if not isinstance(told, dict):
        return parts.tool_call(kind, {"command": words}, line=line)
    given = {key: value for key, value in told.items() if key not in ("tool", "toolName")}
    return parts.tool_call(text(told, "tool", "toolName") or kind, given, line=line)


def _recognizes(source: Source) -> bool:
    told = objects(source.document)[:_LOOKED_AT]
    return (
        bool(told)
        and all("ts" in one and one.get("type") in ("say", "ask") for one in told)
        and any("say" in one or "ask" in one for one in told)
    )


CLINE_SHOWN = Format("cline-shown", _recognizes, read)
