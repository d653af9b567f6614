"""Puts the events of a streamed response together into the response that it would have been in one piece."""

from collections.abc import Callable, Iterable, Iterator

from tokviz.conversations.fields import NO_FIELDS, Fields, fields_at, items, number, objects, parsed, text

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
    for line in body.split("\n"):
        told = line.removeprefix("data:").strip()
        if told.startswith("{") and isinstance(event := parsed(told), dict):
            yield event


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


class _Growing:
    """An object of which some texts come in pieces."""

    def __init__(self, told: Fields = NO_FIELDS) -> None:
        self.told = dict(told)
        self._pieces: dict[str, list[str]] = {}

    def add(self, key: str, piece: str | None) -> None:
        """Append a piece to one of its texts."""
        if piece:
            self._pieces.setdefault(key, []).append(piece)

    def whole(self) -> dict[str, object]:
        """The object with its texts."""
        begun = {key: text(self.told, key) or "" for key in self._pieces}
        return {**self.told, **{key: "".join([begun[key], *more]) for key, more in self._pieces.items()}}


_DELTAS = {"text": "text", "thinking": "thinking", "signature": "signature", "partial_json": "input"}


def _anthropic(events: Iterable[Fields]) -> Fields:
    """Blocks by their number; the last usage holds, as far as it tells something."""
    whole: dict[str, object] = {}
    usage: dict[str, object] = {}
    blocks: dict[int | None, _Growing] = {}
    for event in events:
        kind, place = text(event, "type"), number(event, "index")
        if kind == "message_start":
            whole = dict(fields_at(event, "message"))
            usage = dict(fields_at(whole, "usage"))
        elif kind == "content_block_start":
            blocks[place] = _Growing(fields_at(event, "content_block"))
        elif kind == "content_block_delta":
            block, delta = blocks.setdefault(place, _Growing()), fields_at(event, "delta")
            for key, grown in _DELTAS.items():
                block.add(grown, text(delta, key))
        elif kind == "message_delta":
            usage.update((k, v) for k, v in fields_at(event, "usage").items() if v is not None)
    content = [block.whole() for block in blocks.values()]
    content = [{**block, "input": parsed(block["input"])} if "input" in block else block for block in content]
    return {**whole, "content": content, "usage": usage}


_SAID = ("content", "reasoning_content", "reasoning", "refusal", "text")


def _openai(events: list[Fields]) -> Fields:
    """The first of the choices, and that there are others."""
    whole: dict[str, object] = {}
    mine, others = _first_of(events, "choices")
    message = _Growing({"role": "assistant"})
    calls: dict[int | None, _Growing] = {}
    for event in events:
        whole.update((key, event[key]) for key in ("id", "model", "usage") if event.get(key))
        if groq := fields_at(fields_at(event, "x_groq"), "usage"):
            whole["usage"] = groq
        for choice in mine(event):
            delta = fields_at(choice, "delta", "message") or choice
            for key in _SAID:
                message.add(key, text(delta, key))
            for told in objects(delta.get("tool_calls")):
                call = calls.setdefault(number(told, "index"), _Growing())
                function = fields_at(told, "function")
                call.told.setdefault("id", text(told, "id"))
                call.told.setdefault("name", text(function, "name"))
                call.add("arguments", text(function, "arguments"))
    said = message.whole()
    said["tool_calls"] = [{"id": call.told["id"], "function": call.whole()} for call in calls.values()]
    return {**whole, "choices": [{"message": said, "text": said.get("text")}, *others]}


def _first_of(events: list[Fields], key: str) -> tuple[Callable[[Fields], list[Fields]], list[Fields]]:
    """What gives an event's piece of the first of several answers, told apart by number; and, if there are
    others, one in whose place nothing is said."""
    told = {number(each, "index") or 0 for event in events for each in objects(event.get(key))}
    first = min(told, default=0)

    def mine(event: Fields) -> list[Fields]:
        return [each for each in objects(event.get(key)) if (number(each, "index") or 0) == first][:1]

    return mine, [{}] if len(told) > 1 else []


def _gemini(events: list[Fields]) -> Fields:
    """Texts that follow one another are one."""
    whole: dict[str, object] = {}
    found: list[_Growing] = []
    mine, others = _first_of(events, "candidates")
    for event in events:
        whole.update((key, event[key]) for key in (*_USAGE, "modelVersion", "responseId") if event.get(key))
        for candidate in mine(event):
            for part in objects(fields_at(candidate, "content").get("parts")):
                last = found[-1].told if found else NO_FIELDS
                more = text(part, "text")
                if more and isinstance(last.get("text"), str) and last.get("thought") == part.get("thought"):
                    found[-1].add("text", more)
                    found[-1].told.update((key, value) for key, value in part.items() if key != "text")
                else:
                    found.append(_Growing(part))
    parts = [part.whole() for part in found]
    return {**whole, "candidates": [{"content": {"role": "model", "parts": parts}}, *others]}


def _converse(events: Iterable[Fields]) -> Fields:
    blocks: dict[int | None, tuple[_Growing, _Growing]] = {}
    usage: Fields = NO_FIELDS
    for event in events:
        usage = fields_at(fields_at(event, "metadata"), "usage") or usage
        if told := fields_at(event, "contentBlockStart", "contentBlockDelta"):
            said, call = blocks.setdefault(number(told, "contentBlockIndex"), (_Growing(), _Growing()))
            call.told.update(fields_at(fields_at(told, "start"), "toolUse"))
            delta = fields_at(told, "delta")
            said.add("text", text(delta, "text"))
            call.add("input", text(fields_at(delta, "toolUse"), "input"))
    content = [{"toolUse": call.whole()} if call.told else said.whole() for said, call in blocks.values()]
    return {"output": {"message": {"role": "assistant", "content": content}}, "usage": usage}


def _ollama(events: Iterable[Fields]) -> Fields:
    whole: dict[str, object] = {}
    message = _Growing({"role": "assistant"})
    calls: list[object] = []
    for event in events:
        whole.update((key, event[key]) for key in (*_USAGE, "model", "done") if event.get(key))
        told = fields_at(event, "message")
        for key in ("content", "thinking"):
            message.add(key, text(told, key))
        calls += items(told, "tool_calls")
    return {**whole, "message": {**message.whole(), "tool_calls": calls}}
