"""OpenTelemetry's spans with the messages of their requests, in the three ways that they are written."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.conversations.files import lines, only, reading, texts
from tokviz.conversations.model import Usage


def wrapped(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        return {"arrayValue": {"values": [wrapped(each) for each in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": [{"key": k, "value": wrapped(v)} for k, v in value.items()]}}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}


def span(number: int, facts: Mapping[str, object], parent: str = "") -> dict[str, Any]:
    told = {
        "traceId": "t",
        "spanId": f"s{number}",
        "parentSpanId": parent,
        "startTimeUnixNano": str(1_700_000_000_000_000_000 + number * 1_000_000_000),
        "attributes": [{"key": key, "value": wrapped(value)} for key, value in facts.items()],
    }
    return {"resourceSpans": [{"scopeSpans": [{"spans": [told]}]}]}


def said(role: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "parts": [*parts]}


def words(content: str) -> dict[str, Any]:
    return {"type": "text", "content": content}


CALL = {"type": "tool_call", "id": "c", "name": "tides", "arguments": {"port": "Brest"}}
GIVEN = {"type": "tool_call_response", "id": "c", "response": "high at 5"}
SYSTEM = [words("Be brief.")]
ASKED = [said("user", words("When?"))]
TOOLS = [{"type": "function", "name": "tides", "parameters": {"type": "object"}}]
USED = {"gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 9}


def conventional(as_text: bool) -> bytes:
    def told(value: object) -> object:
        return json.dumps(value) if as_text else value

    def chat(asked: list[Any], answered: list[Any], **more: object) -> dict[str, object]:
        return {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "gpt-5",
            "gen_ai.system_instructions": told(SYSTEM),
            "gen_ai.input.messages": told(asked),
            "gen_ai.output.messages": told(answered),
            "gen_ai.tool.definitions": told(TOOLS),
            **USED,
            **more,
        }

    answer = said("assistant", CALL)
    longer = [*ASKED, answer, said("tool", GIVEN)]
    cached = {"gen_ai.usage.input_tokens": 70, "gen_ai.usage.cache_read.input_tokens": 30}
    tool = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "tides",
        "gen_ai.tool.call.result": "high at 5",
    }
    return lines(
        span(0, {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 110}),
        span(1, chat(ASKED, [answer]), "s0"),
        span(2, tool, "s0"),
        span(3, chat(longer, [said("assistant", words("At five."))], **cached), "s0"),
    )


@pytest.mark.parametrize("as_text", [True, False])
def test_a_chat_has_the_messages_that_its_request_read(as_text: bool) -> None:
    found = only(conventional(as_text), "otel-genai")
    assert texts(found) == [
        ("system", ["Be brief."]),
        ("user", ["When?"]),
        ("assistant", ['{"port":"Brest"}']),
        ("tool", ["high at 5"]),
        ("assistant", ["At five."]),
    ]
    assert [(each.usage, each.start, each.end) for each in found.requests] == [
        (Usage(40, 9), 0, 2),
        (Usage(40, 9, 30), 0, 4),
    ]
    assert found.roles == {"invoke_agent": 1, "chat": 2, "execute_tool": 1}
    assert (found.tool_calls, found.model, found.title) == ({"tides": 1}, "gpt-5", "When?")
    assert found.tools is not None and (found.tools[0].name, found.tools[0].schema) == (
        "tides",
        '{"type":"object"}',
    )


OPENLLMETRY = {
    "llm.request.type": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "Be brief.",
    "gen_ai.prompt.1.role": "user",
    "gen_ai.prompt.1.content": "When?",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.tool_calls.0.id": "c",
    "gen_ai.completion.0.tool_calls.0.name": "tides",
    "gen_ai.completion.0.tool_calls.0.arguments": '{"port":"Brest"}',
    "llm.request.functions.0.name": "tides",
    "llm.request.functions.0.parameters": '{"type": "object"}',
    "gen_ai.usage.prompt_tokens": 40,
    "gen_ai.usage.completion_tokens": 9,
}
OPENINFERENCE = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o",
    "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": "Be brief.",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.contents.0.message_content.type": "text",
    "llm.input_messages.1.message.contents.0.message_content.text": "When?",
    "llm.output_messages.0.message.role": "assistant",
    "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "tides",
    "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": '{"port":"Brest"}',
    "llm.tools.0.tool.json_schema": json.dumps({"type": "function", "function": TOOLS[0]}),
    "llm.token_count.prompt": 40,
    "llm.token_count.completion": 9,
}


@pytest.mark.parametrize("facts", [OPENLLMETRY, OPENINFERENCE], ids=["openllmetry", "openinference"])
def test_messages_that_are_told_attribute_by_attribute(facts: dict[str, object]) -> None:
    found = only(lines(span(1, facts), span(2, facts, "s1")), "otel-genai")
    assert texts(found) == [
        ("system", ["Be brief."]),
        ("user", ["When?"]),
        ("assistant", ['{"port":"Brest"}']),
    ]
    assert [(each.usage, each.end) for each in found.requests] == [(Usage(40, 9), 2)], (
        "the inner one repeats it"
    )
    assert (found.model, found.tool_calls) == ("gpt-4o", {"tides": 1})
    assert found.tools is not None and (found.tools[0].name, found.tools[0].schema) == (
        "tides",
        '{"type":"object"}',
    )


def test_requests_without_messages_count_beside_those_with_them() -> None:
    told = {**OPENLLMETRY}
    bare = {"gen_ai.operation.name": "chat", **USED}
    found = reading(lines(span(1, told), span(2, bare)))
    assert [each.usage for one in found.conversations for each in one.requests] == [Usage(40, 9)] * 2


@pytest.mark.parametrize("messages", [10_000, 10_001])
def test_what_follows_ten_thousand_messages_still_fills_them_and_more_are_told(messages: int) -> None:
    roles = {f"gen_ai.prompt.{at}.role": "user" for at in range(messages)}
    said = {f"gen_ai.prompt.{at}.content": "When?" for at in range(messages)}
    found = only(lines(span(1, {"llm.request.type": "chat", **USED, **roles, **said})), "otel-genai")
    assert texts(found) == [("user", ["When?"])] * 10_000
    assert found.partial == (
        "Spans hold only what their writer recorded."
        if messages == 10_000
        else "There are more messages or tools in a request than are shown."
    )
