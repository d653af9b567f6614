"""Langfuse's traces as JSON, as its window and its interface give them.

A trace has observations, of which generations are requests; those around them repeat their sums, and the
export of the window has all of them twice. Each generation has the whole input: where one goes on from an
earlier one they are one conversation. In the usage each key with ``input`` in its name is a part of the
input, as Langfuse itself sums them up. Its exports to a storage have one observation a row, under names in
snake case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.langfuse_messages import (
    bare,
    message_of,
    messages_of,
    read_answer,
    read_asked,
)
from tokviz.conversations.model import Altered, Conversation, Message, Request, Side, Usage, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.conversations.source import Source

_ROW = {
    "trace_id": "traceId",
    "start_time": "startTime",
    "provided_model_name": "providedModelName",
    "usage_details": "usageDetails",
    "trace_name": "traceName",
}
"""What the exports' rows call what is read here."""
_NAMES = (("traceId", "startTime"), ("trace_id", "start_time"))
_TYPES = (
    *("GENERATION", "SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING"),
    "GUARDRAIL",
)
_LOOKED_AT = 20
_LATEST = 50
"""Threads among which it is looked for the one that a generation goes on from."""


_Sent: TypeAlias = tuple[list[Fields], list[object]]
"""The messages of a request, and its tools."""


@dataclass(slots=True)
class _Thread:
    """Generations each of which goes on from the one before."""

    trace: str
    asked: list[Fields]
    name: str | None = None
    """That of the trace, where its observations tell it."""
    output: object = None
    tools: list[object] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    sent: list[_Sent] = field(default_factory=list)
    """What each of the requests read."""
    date: str | None = None

    def goes_on(self, trace: str, asked: list[Fields], tools: list[object]) -> bool:
        """Whether what is asked begins with all that was asked before.

        Where more follows, the system prompt may be another than before, unless the tools are, too.
        """
        before = self.asked
        if not before or trace != self.trace or len(before) > len(asked):
            return False
        first = 0
        if len(before) < len(asked) and tools == self.tools:
            first = next((at for at, message in enumerate(before) if not _is_system(message)), 0)
        return bare(before[first]) == bare(asked[first]) and bare(before[-1]) == bare(asked[len(before) - 1])


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of generations; lines may hold one trace each."""
    whole = source.document
    parts = PartFactory()
    if isinstance(whole, dict) and not _is_row(whole):
        return list(conversations_of(parts, whole))
    told = objects(whole) if isinstance(whole, list) else [record.fields for record in source.records()]
    rows = [{_ROW.get(key, key): value for key, value in one.items()} for one in told if _is_row(one)]
    traces = [one for one in told if not _is_row(one)]
    found = [*traces, {"observations": rows}] if rows else traces
    return [one for each in found for one in conversations_of(parts, each)]


def conversations_of(parts: PartFactory, whole: Fields) -> Iterator[Conversation]:
    """Those of one trace: a conversation for each thread of its generations."""
    threads: list[_Thread] = []
    for line, one in enumerate(_generations(whole), 1):
        asked, tools = read_asked(one.get("input"))
        name = text(one, "traceId") or ""
        late = threads[: -_LATEST - 1 : -1]
        thread = next((each for each in late if each.goes_on(name, asked, tools)), None)
        if thread is None:
            thread = _Thread(name, asked, text(one, "traceName"), date=text(one, "startTime"))
            threads.append(thread)
        thread.asked, thread.output, thread.tools = asked, parsed(one.get("output")), tools
        if (request := _request(one, line, len(asked))) is not None:
            thread.requests.append(request)
            thread.sent.append((asked, tools))
    trace = fields_at(whole, "trace") or whole
    for place, thread in enumerate(threads, 1):
        yield _conversation(parts, thread, place, trace)


def _generations(whole: Fields) -> Iterator[Fields]:
    """Each once, in the order in which they were asked."""
    listed = [observation for place in (whole, fields_at(whole, "trace")) for observation in _listed(place)]
    seen: set[str] = set()
    for one in sorted(listed, key=lambda one: text(one, "startTime") or ""):
        key = text(one, "id")
        if one.get("type") == "GENERATION" and key not in seen:
            seen |= {key} if key else set()
            yield one


def _is_row(fields: Fields) -> bool:
    """Whether it is an observation by itself."""
    return any({trace, start, "type"} <= fields.keys() for trace, start in _NAMES)


def _listed(place: Fields) -> list[Fields]:
    return objects(items(place, "observations", "data"))


def _request(one: Fields, line: int, shown: int) -> Request | None:
    usage = _usage(one)
    if not usage.context and not usage.output:
        return None
    model = text(one, "model", "providedModelName")
    start, end = (0, shown) if shown else (None, None)
    return Request(model, usage, line, text(one, "startTime"), start, end, text(one, "id"))


def _usage(one: Fields) -> Usage:
    details = fields_at(one, "usageDetails")
    if not details:
        old = fields_at(one, "usage")
        if text(old, "unit") not in (None, "TOKENS"):
            return Usage()
        fresh, output = number(old, "input"), number(old, "output")
        return Usage(
            number(one, "promptTokens") if fresh is None else fresh,
            number(one, "completionTokens") if output is None else output,
        )
    sums: dict[str, int] = {}
    for key in details:
        count, kind = number(details, key), _kind(key)
        if count is not None and kind:
            sums[kind] = sums.get(kind, 0) + count
    reasoning = [number(details, key) for key in details if "output" in key and "reasoning" in key]
    return Usage(
        sums.get("input"),
        sums.get("output"),
        sums.get("read"),
        sums.get("write"),
        reasoning=next(iter(reasoning), None),
    )


def _kind(key: str) -> str | None:
    if "input" not in key:
        return "output" if "output" in key else None
    if "cache" not in key:
        return "input"
    return "write" if "creation" in key or "write" in key else "read"


def _conversation(parts: PartFactory, thread: _Thread, place: int, trace: Fields) -> Conversation:
    calls = parts.tool_calls.copy()
    messages = messages_of(parts, [*thread.asked, *read_answer(thread.output)])
    found = Conversation(
        format="langfuse",
        messages=tuple(messages),
        tools=tools_of(thread.tools) if thread.tools else None,
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls - calls),
        id=f"{thread.trace}/{place}",
        title=first_words(messages),
        project=thread.name or (text(trace, "name") if text(trace, "id") == thread.trace else None),
        model=thread.requests[-1].model if thread.requests else None,
        date=thread.date,
    )
    return replace(found, requests=_as_sent(thread, found))


def _as_sent(thread: _Thread, whole: Conversation) -> tuple[Request, ...]:
    """The requests with what each of them altered, and, where one did, with all that each of them read."""
    if not thread.requests:
        return ()
    changes = [None, *(_altered(before, now) for before, now in pairwise(thread.sent))]
    requests = [replace(one, altered=each) for one, each in zip(thread.requests, changes, strict=True)]
    if all(each is None or each.kind == "nothing" for each in changes):
        return tuple(requests)
    parts, known, found = PartFactory(), list[tuple[Fields, Message]](), []
    for request, (asked, tools) in zip(requests, thread.sent, strict=True):
        known = [
            known[at] if at < len(known) and known[at][0] == told else (told, message_of(parts, told, at + 1))
            for at, told in enumerate(asked)
        ]
        messages = tuple(message for _told, message in known)
        offered = tools_of(tools) if tools else None
        found.append(replace(request, sent=replace(whole, messages=messages, tools=offered)))
    return tuple(found)


def _is_system(message: Fields) -> bool:
    return side_of(text(message, "role") or "") is Side.SYSTEM


def _altered(before: _Sent, now: _Sent) -> Altered:
    """What of all that was asked before is not in what is asked now."""
    if before[1] != now[1]:
        return Altered("tools")
    for at, (one, other) in enumerate(zip(before[0], now[0], strict=False), 1):
        if bare(one) != bare(other):
            return Altered("system") if _is_system(other) else Altered("message", at)
    return Altered("nothing")


def _recognizes(source: Source) -> bool:
    whole = source.first
    found = [one for place in (whole, fields_at(whole, "trace")) for one in _listed(place)[:_LOOKED_AT]]
    rows = source.document if isinstance(source.document, list) else [record.fields for record in source.head]
    return any(map(_is_row, found)) or any(map(_is_observation, objects(rows[:_LOOKED_AT])))


def _is_observation(fields: Fields) -> bool:
    """The same of what stands alone in a file, where other formats have such keys, too."""
    return _is_row(fields) and fields.get("type") in _TYPES and "input" in fields


LANGFUSE = Format("langfuse", _recognizes, read)
