"""Codex's rollouts: one object a line, ``{timestamp, type, payload}``; older ones bare items.

Events that only repeat response items for the screen are left out; where no item tells what was said, the
events do. A fork begins with a copy of its parent's
lines under new timestamps; the turns' ids, which hold the time they began at, or the lines' ordinals tell the
copy. Where a parent's own header is copied, too, it goes on until the first turn that is surely the fork's.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from tokviz.conversations.fields import NO_FIELDS, Fields, as_json, fields_at, items, number, objects, text
from tokviz.conversations.formats.codex_usage import UsageEvents
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import (
    Compaction,
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Tool,
    Usage,
)
from tokviz.conversations.parts import PartFactory, first_words, is_typed, side_of, tools_of
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_ENVELOPES = (
    *("session_meta", "turn_context", "response_item", "event_msg", "compacted", "world_state"),
    "token_usage_record",
)
_CALLS = ("function_call", "custom_tool_call", "tool_call")
_OUTPUTS = ("function_call_output", "custom_tool_call_output", "local_shell_call_output", "tool_result")
_ITEMS = ("message", "reasoning", *_CALLS, *_OUTPUTS, "local_shell_call", "web_search_call")
_SUMMARIES = ("compaction", "compaction_summary", "context_compaction")
_SAID = {
    "user_message": ("user", Side.USER),
    "agent_message": ("assistant", Side.ASSISTANT),
    "agent_reasoning": ("reasoning", Side.ASSISTANT),
}
"""Events that tell what was said: under which role an item would, and who speaks."""
_UUID7 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


class _Copy(Enum):
    """How it is known that a line was copied from the parent."""

    TOLD = auto()
    PRESUMED = auto()


@dataclass(slots=True)
class _Rollout:
    """Everything gathered in one pass over the file."""

    parts: PartFactory = field(default_factory=PartFactory)
    messages: list[Message] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    compactions: list[Compaction] = field(default_factory=list)
    roles: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    system: tuple[Part, ...] = ()
    tools: tuple[Tool, ...] | None = None
    meta: Fields = field(default_factory=dict)
    model: str | None = None
    window: int | None = None
    title: str | None = None
    usage: UsageEvents = field(default_factory=UsageEvents)
    answer: int | None = None
    """Where the answer to the request under way begins among the messages."""
    by_items: set[str] = field(default_factory=set)
    """The roles that items tell, so that events only repeat them."""
    by_events: list[int] = field(default_factory=list)
    """Indices of messages that only an event has told so far."""
    told_by_events: set[str] = field(default_factory=set)
    """The words of all that an event has told as said."""
    injected: set[str] = field(default_factory=set)
    """Texts that items tell as the person's and a program wrote, while it is not known whether items or
    events tell the prompts."""
    recalling: bool = False
    """Whether items are those that a compaction leaves in the place of what stood above."""
    copy: _Copy | None = None
    own_turn: bool = False
    """A turn that is surely the file's own was seen."""
    presumed: list[Request] = field(default_factory=list)
    """Requests that are copies if there was such a turn."""


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    rollout = _Rollout()
    for record in source.records():
        fields = record.fields
        kind = fields.get("type")
        if kind in _ENVELOPES and isinstance(fields.get("payload"), dict):
            _take_envelope(rollout, record, str(kind), fields_at(fields, "payload"))
        elif kind in _ITEMS:
            _take_item(rollout, record, str(kind), fields)
        elif not rollout.meta and text(fields, "id") and "timestamp" in fields:
            _take_meta(rollout, fields)
    if not rollout.own_turn:
        rollout.requests = sorted(rollout.presumed + rollout.requests, key=lambda one: one.line or 0)
    return [_conversation(rollout)]


def _take_envelope(rollout: _Rollout, record: Record, kind: str, payload: Fields) -> None:
    if "ordinal" in record.fields:
        _tell_copy_by_ordinal(rollout, number(record.fields, "ordinal"))
    if kind == "response_item":
        inner = text(payload, "type") or ("message" if "role" in payload else "")
        _take_item(rollout, record, inner, payload)
    elif kind == "event_msg":
        _take_event(rollout, record, payload)
    elif kind == "token_usage_record":
        _take_usage(rollout, record, rollout.usage.record(payload))
    elif kind == "turn_context":
        rollout.model = text(payload, "model") or rollout.model
        _tell_copy_by_turn(rollout, payload)
    elif kind == "compacted":
        _take_compaction(rollout, record, payload)
    elif kind == "session_meta" and not rollout.meta:
        _take_meta(rollout, payload)
    elif kind == "session_meta" and rollout.copy is None and not rollout.own_turn:
        parent = _parent(rollout.meta)
        if parent is not None and text(payload, "id") == parent:
            rollout.copy = _Copy.PRESUMED


def _take_event(rollout: _Rollout, record: Record, payload: Fields) -> None:
    kind = text(payload, "type")
    if kind == "token_count":
        info = fields_at(payload, "info")
        rollout.window = number(info, "model_context_window") or rollout.window
        _take_usage(rollout, record, rollout.usage.event(info), text(info, "model"))
    elif kind in _SAID:
        _take_said(rollout, record, kind, payload)
    elif kind == "thread_name_updated":
        rollout.title = text(payload, "thread_name", "name") or rollout.title
    elif kind == "thread_rolled_back":
        _roll_back(rollout, number(payload, "num_turns") or 0)


def _take_said(rollout: _Rollout, record: Record, kind: str, payload: Fields) -> None:
    """What an event tells as said, unless items tell it. It counts under no role: items alone do."""
    role, side = _SAID[kind]
    words = text(payload, "message", "text") or ""
    if role == "user" and words in rollout.injected:
        rollout.by_items.add(role)
    if role in rollout.by_items:
        return
    if kind == "agent_reasoning":
        content = [rollout.parts.thinking(payload, record.line)]
    else:
        images = [{"type": "image", "data": data} for data in items(payload, "images")]
        content = rollout.parts.blocks([words, *images] if words else images, line=record.line)
    if content:
        rollout.by_events.append(len(rollout.messages))
        rollout.told_by_events.add(_words(content))
        _add(rollout, record, role, side, content)


def _tell_by_item(rollout: _Rollout, role: str, content: list[Part]) -> None:
    """An item of that role was met: from now on events only repeat such, and so did those above."""
    if role in rollout.by_items or rollout.recalling:
        return
    if role == "user" and not is_typed(Message(role, Side.USER, tuple(content))):
        words = _words(content)
        if words not in rollout.told_by_events:
            rollout.injected.add(words)
            return
    rollout.by_items.add(role)
    _forget_events(rollout, {i for i in rollout.by_events if rollout.messages[i].role == role})


def _words(parts: list[Part]) -> str:
    return "".join(part.text or "" for part in parts)


def _forget_events(rollout: _Rollout, indices: set[int]) -> None:
    """Messages that an item tells as well leave the list, and all that points into it moves with it."""
    if not indices:
        return
    now, places = 0, []
    for index in range(len(rollout.messages) + 1):
        places.append(now)
        now += index not in indices
    rollout.messages = [one for index, one in enumerate(rollout.messages) if index not in indices]
    rollout.by_events = [places[index] for index in rollout.by_events if index not in indices]
    for requests in (rollout.requests, rollout.presumed):
        requests[:] = [
            one
            if one.start is None or one.end is None
            else replace(one, start=places[one.start], end=places[one.end])
            for one in requests
        ]
    rollout.compactions = [replace(one, message=places[one.message]) for one in rollout.compactions]
    rollout.answer = None if rollout.answer is None else places[rollout.answer]


def _roll_back(rollout: _Rollout, turns: int) -> None:
    """The last ``turns`` turns leave the context; what was paid for them stays paid."""
    begun = rollout.compactions[-1].message if rollout.compactions else 0
    prompts = [index for index in range(begun, len(rollout.messages)) if is_typed(rollout.messages[index])]
    if not turns or not prompts:
        return
    cut = prompts[max(0, len(prompts) - turns)]
    del rollout.messages[cut:]
    rollout.by_events = [index for index in rollout.by_events if index < cut]
    rollout.answer = None
    rollout.requests = [
        one if one.end is None or one.end <= cut else replace(one, start=None, end=None)
        for one in rollout.requests
    ]


def _take_meta(rollout: _Rollout, meta: Fields) -> None:
    rollout.meta = meta
    instructions = text(fields_at(meta, "base_instructions"), "text") or text(
        meta, "base_instructions", "instructions"
    )
    if instructions:
        rollout.system = (rollout.parts.text(PartKind.TEXT, instructions),)
    dynamic = meta.get("dynamic_tools")
    if isinstance(dynamic, dict):
        dynamic = dynamic.get("tools")
    rollout.tools = tools_of(dynamic) or None


def _tell_copy_by_turn(rollout: _Rollout, turn: Fields) -> None:
    """A fork's turn that began before the fork did is its parent's; ids of other shapes say nothing."""
    began, turned = _milliseconds(rollout.meta.get("id")), _milliseconds(turn.get("turn_id"))
    if _parent(rollout.meta) is None or began is None or turned is None:
        return
    rollout.copy = _Copy.TOLD if turned < began else None
    rollout.own_turn |= turned >= began


def _tell_copy_by_ordinal(rollout: _Rollout, ordinal: int | None) -> None:
    start = number(rollout.meta, "subagent_history_start_ordinal")
    if start is not None and ordinal is not None:
        rollout.copy = _Copy.TOLD if ordinal < start else None
        rollout.own_turn |= ordinal >= start


def _parent(meta: Fields) -> str | None:
    spawned = fields_at(fields_at(fields_at(meta, "source"), "subagent"), "thread_spawn")
    return text(meta, "forked_from_id") or text(spawned, "parent_thread_id") or text(meta, "parent_thread_id")


def _milliseconds(identifier: object) -> int | None:
    """The time in a UUID of version 7."""
    match = _UUID7.fullmatch(identifier) if isinstance(identifier, str) else None
    return int(match[1] + match[2], 16) if match else None


def _take_item(rollout: _Rollout, record: Record, kind: str, item: Fields) -> None:
    line, parts = record.line, rollout.parts
    call = text(item, "call_id", "id")
    if kind == "message":
        role = text(item, "role") or "user"
        rollout.roles[role] += "type" in item
        content = parts.blocks(item.get("content"), line=line)
        _tell_by_item(rollout, role, content)
        _add(rollout, record, role, side_of(role), content)
    elif kind == "reasoning":
        rollout.roles["reasoning"] += 1
        content = _reasoning(parts, item, line)
        _tell_by_item(rollout, "reasoning", content)
        _add(rollout, record, "reasoning", Side.ASSISTANT, content)
    elif kind in _OUTPUTS:
        rollout.roles["tool results"] += 1  # verbatim
        output = item.get("output", item.get("result"))
        found = parts.tool_results(_output(output), call=call, name=text(item, "name"), line=line)
        _add(rollout, record, "tool results", Side.TOOL, found)  # verbatim
    elif kind == "tool_search_output":
        found = parts.tool_results(as_json(item.get("tools")), call=call, line=line)
        _add(rollout, record, "tool results", Side.TOOL, found)  # verbatim
    elif kind.endswith("_call"):
        _take_call(rollout, record, kind, item, call)
    elif kind == "agent_message":
        content = parts.blocks(item.get("content"), line=line)
        _add(rollout, record, "agent message", Side.USER, content)  # verbatim
    elif kind in _SUMMARIES:
        sealed = text(item, "encrypted_content")
        hidden = parts.hidden(PartKind.OTHER, len(sealed or ""), line=line, name=kind)
        _add(rollout, record, "compaction summary", Side.USER, [hidden])  # verbatim


def _output(output: object) -> object:
    """The text of an output: a string, blocks, one block, or JSON text with the text and its metadata."""
    if isinstance(output, dict) and isinstance(output.get("content"), (str, list)):
        return output["content"]
    return output


def _reasoning(parts: PartFactory, item: Fields, line: int) -> list[Part]:
    told = objects(item.get("summary")) + objects(item.get("content"))
    found = [parts.thinking(block, line) for block in told if text(block, "text")]
    sealed = text(item, "encrypted_content")
    if sealed:
        found.append(parts.hidden(PartKind.THINKING, len(sealed), line=line))
    return found


def _take_call(rollout: _Rollout, record: Record, kind: str, item: Fields, call: str | None) -> None:
    name = text(item, "name") if kind in _CALLS else kind.removesuffix("_call")
    rollout.calls[str(name)] += 1
    given = next((item[key] for key in ("arguments", "input", "action") if item.get(key) is not None), None)
    shown = name or text(fields_at(item, "function"), "name")
    part = rollout.parts.tool_call(shown, given, call=call, line=record.line)
    _add(rollout, record, "tool call", Side.ASSISTANT, [part])  # verbatim


def _add(rollout: _Rollout, record: Record, role: str, side: Side, content: list[Part]) -> None:
    if side is Side.ASSISTANT and rollout.answer is None:
        rollout.answer = len(rollout.messages)
    time = text(record.fields, "timestamp")
    rollout.messages.append(Message(role, side, tuple(content), record.line, time))


def _take_usage(
    rollout: _Rollout, record: Record, told: tuple[Usage, str] | None, model: str | None = None
) -> None:
    if told is None:
        return
    usage, key = told
    start = rollout.compactions[-1].message if rollout.compactions else 0
    end = len(rollout.messages) if rollout.answer is None else rollout.answer
    rollout.answer = None
    time = text(record.fields, "timestamp")
    request = Request(model or rollout.model, usage, record.line, time, min(start, end), end, key)
    if rollout.copy is None:
        rollout.requests.append(request)
    elif rollout.copy is _Copy.PRESUMED:
        rollout.presumed.append(request)


def _take_compaction(rollout: _Rollout, record: Record, payload: Fields) -> None:
    """What stands above is replaced by ``replacement_history``, or by the summary alone."""
    rollout.compactions.append(Compaction(len(rollout.messages), line=record.line))
    rollout.answer = None
    history = objects(payload.get("replacement_history"))
    roles, calls = rollout.roles.copy(), rollout.calls.copy()
    rollout.recalling = True
    for item in history:
        kind = text(item, "type") or "message"
        if kind != "message" or item.get("content"):
            _take_item(rollout, record, kind, item)
    rollout.roles, rollout.calls, rollout.recalling = roles, calls, False  # these were said before
    summary = text(payload, "message")
    if summary and not history:
        content = [rollout.parts.text(PartKind.TEXT, summary, line=record.line)]
        _add(rollout, record, "compaction summary", Side.USER, content)  # verbatim
    rollout.answer = None


def _conversation(rollout: _Rollout) -> Conversation:
    meta = rollout.meta
    whole = _("The tools are not in the file.")
    if not rollout.system:
        whole = _("The system prompt and the tools are not in the file.")
    return Conversation(
        format="codex",
        messages=tuple(rollout.messages),
        requests=tuple(rollout.requests),
        system=rollout.system,
        tools=rollout.tools,
        compactions=tuple(rollout.compactions),
        roles=dict(+rollout.roles),
        tool_calls=dict(rollout.calls),
        id=text(meta, "id", "session_id"),
        parent=_parent(meta),
        is_subagent=bool(fields_at(fields_at(meta, "source"), "subagent")),
        title=rollout.title or first_words(rollout.messages),
        project=text(meta, "cwd"),
        model=rollout.model,
        date=text(meta, "timestamp") or (rollout.messages[0].time if rollout.messages else None),
        window=rollout.window,
        partial=whole,
    )


def _recognizes(source: Source) -> bool:
    records = [record.fields for record in source.head]
    if any(f.get("type") in _ENVELOPES and isinstance(f.get("payload"), dict) for f in records):
        return True
    first = records[0] if records else NO_FIELDS
    bare = "instructions" in first and "timestamp" in first and "id" in first and "messages" not in first
    return bare and not isinstance(first.get("input"), (str, list))


CODEX = Format("codex", _recognizes, read)
