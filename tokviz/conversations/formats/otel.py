"""OpenTelemetry's GenAI spans as JSON lines: ``resourceSpans``, values wrapped by type.

Parent spans repeat their children's usage: only the operation ``chat`` is a request. Where such spans have
their messages, each has all that its request read, as Langfuse's generations do, and is read as one of them;
else the spans themselves, of tools for instance, are all that is known. Roles count the operations.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tokviz.conversations.fields import Fields, fields_at, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.langfuse import conversations_of
from tokviz.conversations.formats.otel_messages import (
    answered_of,
    asked_of,
    block_of,
    has_more,
    is_request,
    operation_of,
    tools_of_span,
)
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
    roles_of,
    uncached,
)
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Source
from tokviz.language import _

_NAME = "otel-genai"
_PARTIAL = _("Spans hold only what their writer recorded.")
_MORE = _("There are more messages or tools in a request than are shown.")
_DEEPEST = 20
_USAGE = (
    ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"),
    (
        *("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
        "llm.token_count.prompt_details.cache_read",
    ),
    (
        *("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens"),
        "llm.token_count.prompt_details.cache_write",
    ),
    ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.token_count.completion"),
)
"""Where OpenTelemetry, in new and older names, and OpenInference have what was read, what of that came
from the cache, what went there, and what was answered."""


def read(source: Source) -> list[Conversation]:
    """One conversation for each ``gen_ai.conversation.id``, or for each trace without one."""
    found: dict[str, list[tuple[int, Fields, Fields]]] = {}
    for line, span in _spans(source):
        facts = _attributes(span)
        if operation_of(facts):
            name = text(facts, "gen_ai.conversation.id") or text(span, "traceId") or ""
            found.setdefault(name, []).append((line, span, facts))
    return [one for name, spans in found.items() for one in _conversations(name, spans)]


def _conversations(name: str, spans: list[tuple[int, Fields, Fields]]) -> list[Conversation]:
    """One for each thread of requests, if their messages are told; else one of all spans."""
    used = {text(span, "spanId") for _line, span, facts in spans if _request_usage(facts) is not None}
    paid = used - {None}
    kept = [
        one for one in spans if not is_request(one[2]) or text(one[1], "parentSpanId") not in paid
    ] or spans
    asked = [(span, facts, asked_of(facts)) for _line, span, facts in kept if is_request(facts)]
    if not any(messages for _span, _facts, messages in asked):
        return [_conversation(name, kept)]
    partial = _MORE if any(has_more(facts) for _span, facts, _messages in asked) else _PARTIAL
    observations = [_generation(name, *one) for one in asked if one[2] or _request_usage(one[1])]
    found = [
        replace(one, format=_NAME, id=name or None, roles={}, partial=partial)
        for one in conversations_of(PartFactory(), {"observations": observations})
    ]
    called = _conversation(name, [one for one in kept if not is_request(one[2])] or kept).tool_calls
    if len(asked) < len(kept) and called:  # each call has a span of its own
        found = [replace(one, tool_calls={}) for one in found]
        found[0] = replace(found[0], tool_calls=called)
    roles = Counter(operation_of(facts) or "" for _line, _span, facts in spans)
    return [replace(found[0], roles=dict(roles)), *found[1:]]


def _request_usage(facts: Fields) -> Usage | None:
    usage = _usage(facts)
    return usage if is_request(facts) and (usage.context or usage.output) else None


def _generation(name: str, span: Fields, facts: Fields, asked: list[Fields]) -> Fields:
    usage = _usage(facts)
    told = {
        "input": usage.input,
        "output": usage.output,
        "input_cached_tokens": usage.cache_read,
        "input_cache_creation": usage.cache_write,
    }
    return {
        "type": "GENERATION",
        "id": text(span, "spanId"),
        "traceId": name,
        "startTime": _began(span),
        "model": _model(facts),
        "input": {"messages": asked, "tools": tools_of_span(facts)},
        "output": answered_of(facts),
        "usageDetails": {key: count for key, count in told.items() if count is not None},
    }


def _began(span: Fields) -> str | None:
    began = str(span.get("startTimeUnixNano") or "")
    return moment(int(began) / 1e9) if began.isdecimal() and len(began) < 20 else None


def _model(facts: Fields) -> str | None:
    return text(facts, "gen_ai.response.model", "gen_ai.request.model", "llm.model_name")


def _spans(source: Source) -> Iterator[tuple[int, Fields]]:
    for record in source.records():
        for resource in objects(record.fields.get("resourceSpans")):
            for scope in objects(resource.get("scopeSpans")):
                for span in objects(scope.get("spans")):
                    yield record.line, span


def _attributes(span: Fields) -> Fields:
    """Attributes by key, out of their wrappings."""
    return _by_key(span.get("attributes"))


def _by_key(pairs: object, depth: int = 0) -> dict[str, object]:
    return {text(pair, "key") or "": _value(fields_at(pair, "value"), depth) for pair in objects(pairs)}


def _value(wrapped: Fields, depth: int) -> object:
    """Whole numbers come as strings."""
    if depth < _DEEPEST and "arrayValue" in wrapped:
        return [_value(each, depth + 1) for each in objects(fields_at(wrapped, "arrayValue").get("values"))]
    if depth < _DEEPEST and "kvlistValue" in wrapped:
        return _by_key(fields_at(wrapped, "kvlistValue").get("values"), depth + 1)
    value = next(iter(wrapped.values()), None)
    whole = "intValue" in wrapped and isinstance(value, str) and value.isdecimal() and len(value) < 19
    return int(str(value)) if whole else value


def _conversation(name: str, spans: list[tuple[int, Fields, Fields]]) -> Conversation:
    parts = PartFactory()
    messages: list[Message] = []
    requests: list[Request] = []
    for line, span, facts in spans:
        operation, time = operation_of(facts) or "unknown", _began(span)
        messages += _messages(parts, operation, facts, line, time)
        if (usage := _request_usage(facts)) is not None:
            end, key = len(messages), text(span, "spanId")
            requests.append(Request(_model(facts), usage, line, time, 0, end, key))
    facts = spans[0][2]
    return Conversation(
        format=_NAME,
        messages=tuple(messages),
        requests=tuple(requests),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        id=name or None,
        title=text(facts, "gen_ai.agent.name"),
        model=_model(facts),
        date=messages[0].time if messages else None,
        partial=_PARTIAL,
    )


def _messages(
    parts: PartFactory, operation: str, facts: Fields, line: int, time: str | None
) -> list[Message]:
    found: list[Part] = []
    for key in ("gen_ai.input.messages", "gen_ai.output.messages"):
        for told in objects(parsed(facts.get(key))):
            for block in objects(told.get("parts")):
                found += parts.blocks([block_of(block)], line=line)
    if operation != "execute_tool":
        return [Message(operation, Side.ASSISTANT, tuple(found), line, time)]
    call, name = text(facts, "gen_ai.tool.call.id"), text(facts, "gen_ai.tool.name")
    found.append(parts.tool_call(name, facts.get("gen_ai.tool.call.arguments"), call=call, line=line))
    result = facts.get("gen_ai.tool.call.result")
    if result is not None:
        found += parts.tool_results(result, call=call, name=name, line=line)
    kind = Side.TOOL if any(part.kind is PartKind.TOOL_RESULT for part in found) else Side.ASSISTANT
    return [Message(operation, kind, tuple(found), line, time)]


def _usage(facts: Fields) -> Usage:
    """Input should be all that was read; where the cached part is larger, it stands beside it."""
    read, cached, written, output = (number(facts, *keys) for keys in _USAGE)
    return Usage(uncached(read, cached, written), output, cached, written)


OTEL = Format(
    _NAME,
    lambda source: any(isinstance(record.fields.get("resourceSpans"), list) for record in source.head),
    read,
)
