"""OpenTelemetry's GenAI spans as JSON lines: ``resourceSpans``, values wrapped by type.

Parent spans repeat their children's usage: only the operation ``chat`` is a request.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, number, objects, parsed, text
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
    roles_of,
    uncached,
)
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Source
from tokviz.language import _

_REQUESTS = ("chat", "text_completion", "generate_content")


def read(source: Source) -> list[Conversation]:
    """One conversation for each ``gen_ai.conversation.id``, or for each trace without one."""
    found: dict[str, list[tuple[int, Fields, Fields]]] = {}
    for line, span in _spans(source):
        facts = _attributes(span)
        if text(facts, "gen_ai.operation.name"):
            name = text(facts, "gen_ai.conversation.id") or text(span, "traceId") or ""
            found.setdefault(name, []).append((line, span, facts))
    return [_conversation(name, spans) for name, spans in found.items()]


def _spans(source: Source) -> Iterator[tuple[int, Fields]]:
    for record in source.records():
        for resource in objects(record.fields.get("resourceSpans")):
            for scope in objects(resource.get("scopeSpans")):
                for span in objects(scope.get("spans")):
                    yield record.line, span


def _attributes(span: Fields) -> Fields:
    """Attributes by key, out of their wrappings; whole numbers come as strings."""
    found: dict[str, object] = {}
    for attribute in objects(span.get("attributes")):
        key, wrapped = text(attribute, "key"), fields_at(attribute, "value")
        for kind, value in wrapped.items():
            whole = kind == "intValue" and isinstance(value, str) and value.isdecimal() and len(value) < 19
            found[key or ""] = int(str(value)) if whole else value
    return found


def _conversation(name: str, spans: list[tuple[int, Fields, Fields]]) -> Conversation:
    parts = PartFactory()
    messages: list[Message] = []
    requests: list[Request] = []
    for line, span, facts in spans:
        operation = text(facts, "gen_ai.operation.name") or "unknown"
        began = text(span, "startTimeUnixNano") or ""
        time = moment(int(began) / 1e9) if began.isdecimal() and len(began) < 20 else None
        messages += _messages(parts, operation, facts, line, time)
        usage = _usage(facts)
        if operation in _REQUESTS and (usage.context or usage.output):
            model = text(facts, "gen_ai.response.model", "gen_ai.request.model")
            requests.append(Request(model, usage, line, time, 0, len(messages), text(span, "spanId")))
    facts = spans[0][2]
    return Conversation(
        format="otel-genai",
        messages=tuple(messages),
        requests=tuple(requests),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        id=name or None,
        title=text(facts, "gen_ai.agent.name"),
        model=text(facts, "gen_ai.response.model", "gen_ai.request.model"),
        date=messages[0].time if messages else None,
        partial=_("Spans hold only what their writer recorded."),
    )


def _messages(
    parts: PartFactory, operation: str, facts: Fields, line: int, time: str | None
) -> list[Message]:
    found: list[Part] = []
    for key in ("gen_ai.input.messages", "gen_ai.output.messages"):
        for told in objects(parsed(facts.get(key))):
            for block in objects(told.get("parts")):
                found += parts.blocks([{**block, "text": block.get("content")}], line=line)
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
    read = number(facts, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    cached = number(facts, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens")
    written = number(
        facts, "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens"
    )
    output = number(facts, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
    return Usage(uncached(read, cached, written), output, cached, written)


OTEL = Format(
    "otel-genai",
    lambda source: any(isinstance(record.fields.get("resourceSpans"), list) for record in source.head),
    read,
)
