"""Codex's rollouts: one object a line, ``{timestamp, type, payload}``; older ones bare items.

Usage is cumulative and repeated: an event counts only when the total has changed, and what it adds is in
``last_token_usage``. Cached tokens stand inside the input. Events that only repeat response items for the
screen are left out. A fork begins with a copy of its parent's lines under new timestamps; the turns' ids,
which hold the time they began at, tell the copy.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from tokviz.conversations.fields import NO_FIELDS, Fields, as_json, fields_at, number, objects, text
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
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_ENVELOPES = ("session_meta", "turn_context", "response_item", "event_msg", "compacted", "world_state")
_CALLS = ("function_call", "custom_tool_call", "tool_call")
_OUTPUTS = ("function_call_output", "custom_tool_call_output", "local_shell_call_output", "tool_result")
_ITEMS = ("message", "reasoning", *_CALLS, *_OUTPUTS, "local_shell_call", "web_search_call")
_UUID7 = re.compile(r"([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


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
    total: tuple[int | None, ...] | None = None
    answer: int | None = None
    """Where the answer to the request under way begins among the messages."""
    copying: bool = False


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
    return [_conversation(rollout)]


def _take_envelope(rollout: _Rollout, record: Record, kind: str, payload: Fields) -> None:
    if kind == "response_item":
        inner = text(payload, "type") or ("message" if "role" in payload else "")
        _take_item(rollout, record, inner, payload)
    elif kind == "event_msg":
        if payload.get("type") == "token_count":
            _take_usage(rollout, record, fields_at(payload, "info"))
        elif payload.get("type") == "thread_name_updated":
            rollout.title = text(payload, "thread_name", "name") or rollout.title
    elif kind == "turn_context":
        rollout.model = text(payload, "model") or rollout.model
        rollout.copying = _copied(rollout.meta, payload)
    elif kind == "compacted":
        _take_compaction(rollout, record, payload)
    elif kind == "session_meta" and not rollout.meta:
        _take_meta(rollout, payload)


def _take_meta(rollout: _Rollout, meta: Fields) -> None:
    rollout.meta = meta
    instructions = text(fields_at(meta, "base_instructions"), "text") or text(meta, "instructions")
    if instructions:
        rollout.system = (rollout.parts.text(PartKind.TEXT, instructions),)
    dynamic = meta.get("dynamic_tools")
    if isinstance(dynamic, dict):
        dynamic = dynamic.get("tools")
    rollout.tools = tools_of(dynamic) or None


def _copied(meta: Fields, turn: Fields) -> bool:
    """True if a fork's turn began before the fork did."""
    if _parent(meta) is None:
        return False
    began, turned = _milliseconds(meta.get("id")), _milliseconds(turn.get("turn_id"))
    return began is not None and turned is not None and turned < began


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
        _add(rollout, record, role, side_of(role), content)
    elif kind == "reasoning":
        rollout.roles["reasoning"] += 1
        _add(rollout, record, "reasoning", Side.ASSISTANT, _reasoning(parts, item, line))
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


def _take_usage(rollout: _Rollout, record: Record, info: Fields) -> None:
    rollout.window = number(info, "model_context_window") or rollout.window
    last = info.get("last_token_usage")
    total = info.get("total_token_usage", last)
    if not isinstance(total, dict):
        return
    figures = _figures(total)
    if figures == rollout.total:
        return
    before, rollout.total = rollout.total, figures
    added = _figures(last) if isinstance(last, dict) else _difference(figures, before)
    if rollout.copying or not any(added):
        rollout.answer = None
        return
    start = rollout.compactions[-1].message if rollout.compactions else 0
    end = len(rollout.messages) if rollout.answer is None else rollout.answer
    rollout.answer = None
    key = "codex " + " ".join(map(str, figures))  # verbatim
    time = text(record.fields, "timestamp")
    rollout.requests.append(
        Request(rollout.model, _usage(added), record.line, time, min(start, end), end, key)
    )


_FIGURES = (
    *("input_tokens", "cached_input_tokens", "cache_write_input_tokens"),
    *("output_tokens", "reasoning_output_tokens"),
)


def _figures(told: Fields) -> tuple[int | None, ...]:
    values = [told.get(name) for name in _FIGURES]
    return tuple([value if type(value) is int and value >= 0 else None for value in values])


def _difference(
    total: tuple[int | None, ...], before: tuple[int | None, ...] | None
) -> tuple[int | None, ...]:
    """What one event added; a total that fell began anew."""
    if before is None or (total[0] or 0) < (before[0] or 0):
        return total
    return tuple(
        None if now is None else max(0, now - (then or 0)) for now, then in zip(total, before, strict=True)
    )


def _usage(figures: tuple[int | None, ...]) -> Usage:
    read, cached, written, output, reasoning = figures
    fresh = None if read is None else max(0, read - (cached or 0) - (written or 0))
    return Usage(fresh, output, cached, written, reasoning=reasoning)


def _take_compaction(rollout: _Rollout, record: Record, payload: Fields) -> None:
    """What stands above is replaced by ``replacement_history``, or by the summary alone."""
    rollout.compactions.append(Compaction(len(rollout.messages), line=record.line))
    rollout.answer = None
    history = objects(payload.get("replacement_history"))
    for item in history:
        role = text(item, "role") or "user"
        content = rollout.parts.blocks(item.get("content"), line=record.line)
        if content:
            _add(rollout, record, role, side_of(role), content)
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
