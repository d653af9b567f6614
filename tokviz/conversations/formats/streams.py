"""Puts the events of a streamed response together into the response that it would have been in one piece."""

from collections.abc import Iterable, Iterator

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text

_BEGINS = ("data:", "event:", "id:", ":", "{")
"""How streams begin: as server-sent events, or as one object a line."""
_ENDS = ("response.completed", "response.incomplete", "response.failed")
_USAGE = ("usageMetadata", "prompt_eval_count", "eval_count")


def whole_response(body: object) -> Fields:
    """The response in a body: an object or its JSON, or the events of a stream, as a list, one a line or as
    server-sent events. Empty where it is nothing of that."""
    told = parsed(body)
    if isinstance(told, dict):
        return told
    if isinstance(told, str):
        events = list(_sent(told)) if told.lstrip().startswith(_BEGINS) else []
    else:
        events = [_event(each) for each in objects(told)]
    return _joined(events) if events else {}


def _sent(body: str) -> Iterator[Fields]:
    """The objects of a stream; other lines (an event's name, a comment, the end) are none."""
    for line in body.splitlines():
        told = parsed(line.removeprefix("data:").strip())
        if isinstance(told, dict):
            yield told


def _event(fields: Fields) -> Fields:
    """An event as some programs keep it: its name beside its data."""
    told = parsed(fields.get("data"))
    return told if isinstance(told, dict) and "choices" not in fields else fields


def _joined(events: list[Fields]) -> Fields:
    kinds = {text(event, "type") for event in events}
    if "message_start" in kinds:
        return _anthropic(events)
    for event in reversed(events):
        if text(event, "type") in _ENDS:
            return fields_at(event, "response")
    if any("candidates" in event for event in events):
        return _gemini(events)
    if any({"contentBlockDelta", "messageStart"} & event.keys() for event in events):
        return _converse(events)
    if any("choices" in event for event in events):
        return _openai(events)
    return _ollama(events) if any("message" in event for event in events) else {}


def _anthropic(events: Iterable[Fields]) -> Fields:
    """Blocks by their number; the last usage holds, as far as it tells something."""
    whole: dict[str, object] = {}
    usage: dict[str, object] = {}
    blocks: dict[int | None, dict[str, object]] = {}
    for event in events:
        kind, place = text(event, "type"), number(event, "index")
        if kind == "message_start":
            whole = dict(fields_at(event, "message"))
            usage = dict(fields_at(whole, "usage"))
        elif kind == "content_block_start":
            blocks[place] = dict(fields_at(event, "content_block"))
        elif kind == "content_block_delta":
            _grow(blocks.setdefault(place, {}), fields_at(event, "delta"))
        elif kind == "message_delta":
            usage.update((k, v) for k, v in fields_at(event, "usage").items() if v is not None)
    for block in blocks.values():
        if "input" in block:
            block["input"] = parsed(block["input"])
    return {**whole, "content": list(blocks.values()), "usage": usage}


_DELTAS = {"text": "text", "thinking": "thinking", "signature": "signature", "partial_json": "input"}


def _grow(block: dict[str, object], delta: Fields) -> None:
    for key, grown in _DELTAS.items():
        more = text(delta, key)
        if more is not None:
            before = block.get(grown)
            block[grown] = (before if isinstance(before, str) else "") + more


def _openai(events: Iterable[Fields]) -> Fields:
    """The first of the choices."""
    whole: dict[str, object] = {}
    message: dict[str, object] = {"role": "assistant"}
    calls: dict[int | None, dict[str, str]] = {}
    for event in events:
        whole.update((key, event[key]) for key in ("id", "model", "usage") if event.get(key))
        if groq := fields_at(fields_at(event, "x_groq"), "usage"):
            whole["usage"] = groq
        for choice in objects(event.get("choices"))[:1]:
            delta = fields_at(choice, "delta", "message") or choice
            for key in ("content", "reasoning_content", "reasoning", "refusal", "text"):
                if more := text(delta, key):
                    message[key] = str(message.get(key, "")) + more
            for call in objects(delta.get("tool_calls")):
                _call(calls.setdefault(number(call, "index"), {}), call)
    message["tool_calls"] = [{"id": call.get("id"), "function": call} for call in calls.values()]
    return {**whole, "choices": [{"message": message, "text": message.get("text")}]}


def _call(known: dict[str, str], call: Fields) -> None:
    function = fields_at(call, "function")
    known["id"] = known.get("id") or text(call, "id") or ""
    known["name"] = known.get("name") or text(function, "name") or ""
    known["arguments"] = known.get("arguments", "") + (text(function, "arguments") or "")


def _gemini(events: Iterable[Fields]) -> Fields:
    whole: dict[str, object] = {}
    found: list[Fields] = []
    for event in events:
        whole.update((key, event[key]) for key in (*_USAGE, "modelVersion", "responseId") if event.get(key))
        for candidate in objects(event.get("candidates"))[:1]:
            for part in objects(fields_at(candidate, "content").get("parts")):
                found = _with_part(found, part)
    return {**whole, "candidates": [{"content": {"role": "model", "parts": found}}]}


def _with_part(found: list[Fields], part: Fields) -> list[Fields]:
    """Texts that follow one another are one."""
    last = found[-1] if found else {}
    before, more = last.get("text"), part.get("text")
    if isinstance(before, str) and isinstance(more, str) and last.get("thought") == part.get("thought"):
        return [*found[:-1], {**last, **part, "text": before + more}]
    return [*found, part]


def _converse(events: Iterable[Fields]) -> Fields:
    blocks: dict[int | None, dict[str, object]] = {}
    usage: Fields = {}
    for event in events:
        usage = fields_at(fields_at(event, "metadata"), "usage") or usage
        told = fields_at(event, "contentBlockStart", "contentBlockDelta")
        block = blocks.setdefault(number(told, "contentBlockIndex"), {}) if told else {}
        started, delta = fields_at(fields_at(told, "start"), "toolUse"), fields_at(told, "delta")
        if started:
            block["toolUse"] = dict(started)
        if more := text(delta, "text"):
            block["text"] = str(block.get("text", "")) + more
        if more := text(fields_at(delta, "toolUse"), "input"):
            call = fields_at(block, "toolUse")
            block["toolUse"] = {**call, "input": str(call.get("input", "")) + more}
    return {"output": {"message": {"role": "assistant", "content": list(blocks.values())}}, "usage": usage}


def _ollama(events: Iterable[Fields]) -> Fields:
    whole: dict[str, object] = {}
    message: dict[str, object] = {"role": "assistant"}
    for event in events:
        whole.update((key, event[key]) for key in (*_USAGE, "model", "done") if event.get(key))
        told = fields_at(event, "message")
        for key in ("content", "thinking"):
            if more := text(told, key):
                message[key] = str(message.get(key, "")) + more
        message["tool_calls"] = items(message, "tool_calls") + items(told, "tool_calls")
    return {**whole, "message": message}
