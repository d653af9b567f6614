"""Sessions of Copilot CLI, Qwen Code, SWE-agent, LibreChat, Kimi, pi, and OpenTelemetry's spans."""

from typing import Any

from tests.conversations.files import document, lines, only, texts
from tokviz.conversations.model import ModelUsage, PartKind, Usage


def event(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": data, "id": "e", "timestamp": "2026-01-01T00:00:00Z", "parentId": None}


COPILOT = lines(
    event("session.start", sessionId="s1", startTime="2026", context={"cwd": "/home/dev/app"}),
    event("system.message", content="You are Copilot."),
    event("user.message", content="hi", transformedContent="<date>…</date> hi"),
    event(
        "assistant.message",
        content="",
        toolRequests=[{"toolCallId": "c", "name": "view", "arguments": {"path": "/a"}}],
    ),
    event("tool.execution_start", toolCallId="c", toolName="view", arguments={"path": "/a"}),
    event("tool.execution_start", toolCallId="d", toolName="glob", arguments={}),
    event(
        "tool.execution_complete",
        toolCallId="c",
        result={"content": "short", "detailedContent": "for the screen"},
    ),
    event(
        "session.shutdown",
        modelMetrics={
            "m": {
                "requests": {"count": 6},
                "usage": {"inputTokens": 100, "cacheReadTokens": 80, "outputTokens": 9},
            }
        },
    ),
)


def test_copilots_usage_is_told_once_by_model_with_the_cached_tokens_inside() -> None:
    found = only(COPILOT, "copilot-cli")
    assert found.reported == {"m": ModelUsage(6, Usage(input=20, output=9, cache_read=80))}
    assert (found.requests, found.title) == ((), "hi")
    assert texts(found) == [
        ("system", ["You are Copilot."]),
        ("user", ["<date>…</date> hi"]),
        ("assistant", ['{"path":"/a"}']),
        ("assistant", ["{}"]),
        ("tool results", ["short"]),
    ]
    assert found.roles == {"system": 1, "user": 1, "assistant": 1, "tool results": 1}
    assert found.tool_calls == {"view": 1, "glob": 1}


def qwen(kind: str, uuid: str, parent: str | None, part: dict[str, Any], **more: Any) -> dict[str, Any]:
    role = "model" if kind == "assistant" else "user"
    return {
        "type": kind,
        "uuid": uuid,
        "parentUuid": parent,
        "sessionId": "s",
        "message": {"role": role, "parts": [part]},
        **more,
    }


QWEN_USAGE = {
    "promptTokenCount": 100,
    "cachedContentTokenCount": 60,
    "candidatesTokenCount": 9,
    "thoughtsTokenCount": 4,
}
QWEN = lines(
    qwen("user", "1", None, {"text": "hi"}),
    qwen(
        "assistant",
        "2",
        "1",
        {"text": "dead"},
        model="coder",
        usageMetadata={**QWEN_USAGE, "totalTokenCount": 109},
    ),
    {
        "type": "system",
        "subtype": "rewind",
        "uuid": "3",
        "parentUuid": "1",
        "systemPayload": {"targetUuid": "1"},
    },
    qwen(
        "assistant",
        "4",
        "3",
        {"text": "live"},
        model="coder",
        usageMetadata={**QWEN_USAGE, "totalTokenCount": 113},
    ),
)


def test_qwen_codes_tree_and_thoughts_inside_or_outside_of_the_output() -> None:
    found = only(QWEN, "qwen-code")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["live"])]
    assert [request.usage for request in found.requests] == [
        Usage(input=40, output=9, cache_read=60, reasoning=4),
        Usage(input=40, output=13, cache_read=60, reasoning=4),
    ]


SWE = document(
    {
        "trajectory": [{"action": "ls"}],
        "history": [{"role": "user", "content": "fix"}, {"role": "assistant", "content": "x"}],
        "info": {"model_stats": {"tokens_sent": 900, "tokens_received": 0, "api_calls": 2}},
    }
)


def test_a_demonstration_of_swe_agent_has_a_history_alone() -> None:
    history = [{"role": "user", "content": "fix", "message_type": "observation", "agent": "main"}]
    assert texts(only(document({"history": history}), "swe-agent")) == [("user", ["fix"])]


def test_swe_agent_tells_only_totals_and_its_zeros_are_unknown() -> None:
    found = only(SWE, "swe-agent")
    assert found.reported == {"unknown": ModelUsage(2, Usage(input=900))}
    assert texts(found) == [("user", ["fix"]), ("assistant", ["x"])]


def libre(name: str, parent: str, words: str, user: bool, children: list[Any]) -> dict[str, Any]:
    return {
        "messageId": name,
        "parentMessageId": parent,
        "text": words,
        "isCreatedByUser": user,
        "children": children,
    }


LIBRE = document(
    {
        "conversationId": "c",
        "title": "Chat",
        "options": {"promptPrefix": "Be brief.", "model": "gpt-4o"},
        "messages": [
            libre(
                "1", "0", "hi", True, [libre("2", "1", "dead", False, []), libre("3", "1", "live", False, [])]
            )
        ],
    }
)


def test_librechats_nested_branches() -> None:
    found = only(LIBRE, "librechat")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["live"])]
    assert found.roles == {"user": 1, "assistant": 2}
    assert (found.system[0].text, found.model) == ("Be brief.", "gpt-4o")


def span(operation: str, **facts: Any) -> dict[str, Any]:
    wrapped = [{"key": "gen_ai.operation.name", "value": {"stringValue": operation}}]
    for key, value in facts.items():
        kind = {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}
        wrapped.append({"key": "gen_ai." + key.replace("__", "."), "value": kind})
    spans = [
        {
            "traceId": "t",
            "spanId": operation,
            "startTimeUnixNano": "1700000000000000000",
            "attributes": wrapped,
        }
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}


OTEL = lines(
    span("invoke_agent", usage__input_tokens=900, usage__output_tokens=90),
    span(
        "chat",
        usage__input_tokens=900,
        usage__output_tokens=90,
        usage__cache_read__input_tokens=500,
        response__model="m",
    ),
    span("execute_tool", tool__name="f", tool__call__arguments="{}", tool__call__result="1"),
)


def test_only_the_span_of_a_chat_is_a_request() -> None:
    found = only(OTEL, "otel-genai")
    assert [request.usage for request in found.requests] == [Usage(input=400, output=90, cache_read=500)]
    assert found.roles == {"invoke_agent": 1, "chat": 1, "execute_tool": 1}
    assert found.tool_calls == {"f": 1}


def loop(kind: str, **event: Any) -> dict[str, Any]:
    return {"type": "context.append_loop_event", "event": {"type": kind, **event}, "time": 1750000000000}


KIMI_USAGE = {"inputOther": 9, "output": 4, "inputCacheRead": 100, "inputCacheCreation": 0}
KIMI = lines(
    {"type": "config.update", "systemPrompt": "You are Kimi.", "modelAlias": "kimi-k2"},
    {"type": "turn.prompt", "input": [{"type": "text", "text": "hi"}]},
    {
        "type": "context.append_message",
        "message": {"role": "user", "content": [{"type": "text", "text": "hi"}]},
    },
    loop("step.begin", uuid="s1"),
    loop("content.part", part={"type": "think", "think": "hm"}),
    loop("tool.call", toolCallId="c", name="Read", args={"path": "/a"}),
    loop("step.end", uuid="s1", usage=KIMI_USAGE),
    {"type": "usage.record", "usage": KIMI_USAGE, "usageScope": "turn"},
    loop("tool.result", toolCallId="c", result={"output": "text"}),
    {"type": "context.apply_compaction", "tokensBefore": 900, "tokensAfter": 90},
)


def test_kimis_records_repeat_its_steps_and_its_messages_its_prompts() -> None:
    found = only(KIMI, "kimi")
    assert [request.usage for request in found.requests] == [Usage(9, 4, 100, 0)]
    assert (found.requests[0].start, found.requests[0].end) == (0, 1)
    assert texts(found) == [("user", ["hi"]), ("assistant", ["hm", '{"path":"/a"}']), ("tool", ["text"])]
    assert (found.system[0].text, found.compactions[0].before) == ("You are Kimi.", 900)


def pi(name: str, parent: str | None, role: str, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    message = {"role": role, "content": list(content), **more}
    return {"type": "message", "id": name, "parentId": parent, "message": message}


PI_USAGE = {"input": 9, "output": 4, "cacheRead": 100, "cacheWrite": 6}
PI_CALL = {"type": "toolCall", "id": "c", "name": "read", "arguments": {"path": "/a"}}
PI = lines(
    {"type": "session", "id": "s", "cwd": "/home/dev"},
    pi("1", None, "user", {"type": "text", "text": "hi"}),
    pi("2", "1", "assistant", {"type": "text", "text": "dead"}, usage=PI_USAGE, model="m"),
    pi("3", "1", "assistant", PI_CALL, usage=PI_USAGE, model="m"),
    {
        "type": "message",
        "id": "4",
        "parentId": "c",
        "message": {"role": "toolResult", "toolCallId": "c", "content": "x"},
    },
    {"type": "compaction", "id": "5", "parentId": "4", "summary": "so far", "tokensBefore": 900},
)


def test_pis_tree_and_compaction() -> None:
    found = only(PI, "pi")
    assert texts(found) == [
        ("user", ["hi"]),
        ("assistant", ['{"path":"/a"}']),
        ("toolResult", ["x"]),
        ("compaction", ["so far"]),
    ]
    assert [request.usage for request in found.requests] == [Usage(9, 4, 100, 6)] * 2
    assert (found.compactions[0].message, found.compactions[0].before) == (3, 900)
    assert found.roles == {"user": 1, "assistant": 2, "toolResult": 1}


OTHERS = {"copilot": COPILOT, "qwen": QWEN, "swe": SWE, "libre": LIBRE, "otel": OTEL, "kimi": KIMI, "pi": PI}


def said(role: str, *content: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "message": {"content": list(content)}}


def test_librechats_calls_stand_in_the_answer_with_what_they_gave() -> None:
    call = {"id": "c", "name": "search", "args": '{"q": "tide"}', "output": "high at 6"}
    content = [
        {"type": "think", "think": "hm"},
        {"type": "text", "text": {"value": "I look."}},
        {"type": "tool_call", "tool_call": call},
        {"type": "text", "text": "At 6."},
    ]
    messages = [
        {"messageId": "1", "isCreatedByUser": True, "text": "when?"},
        {"messageId": "2", "parentMessageId": "1", "isCreatedByUser": False, "content": content},
    ]
    found = only(document({"conversationId": "x", "messages": messages}), "librechat")
    assert texts(found)[1] == ("assistant", ["hm", "I look.", '{"q": "tide"}', "high at 6", "At 6."])
    assert found.messages[1].parts[0].kind is PartKind.THINKING
    assert found.tool_calls == {"search": 1}


def test_cursors_transcripts() -> None:
    rows = [
        said("user", {"type": "text", "text": "list them"}),
        said(
            "assistant", {"type": "text", "text": "Yes."}, {"type": "tool_use", "name": "Bash", "input": {}}
        ),
        {"type": "turn_ended", "status": "success"},
    ]
    found = only(lines(*rows), "cursor")
    assert texts(found) == [("user", ["list them"]), ("assistant", ["Yes.", "{}"])]
    assert (found.tool_calls, found.title) == ({"Bash": 1}, "list them")


def test_a_message_on_each_line() -> None:
    rows = [
        {"timestamp": 1767225600, "role": "user", "content": "which branch?", "model": "gpt-4o-mini"},
        {"type": "tool_call", "function": {"name": "git"}, "arguments": "status"},
        {"type": "tool_result", "name": "git", "result": "main"},
        {"role": "assistant", "content": [{"type": "text", "text": "main"}]},
        {"type": "error", "text": "nobody's"},
        {"role": "_usage", "token_count": 90},
    ]
    found = only(lines(*rows), "messages")
    assert texts(found) == [
        ("user", ["which branch?"]),
        ("assistant", ["status"]),
        ("tool", ["main"]),
        ("assistant", ["main"]),
    ]
    assert (found.model, found.date) == ("gpt-4o-mini", "2026-01-01T00:00:00Z")
    assert (found.roles, found.tool_calls) == ({"user": 1, "assistant": 2, "tool": 1}, {"git": 1})
