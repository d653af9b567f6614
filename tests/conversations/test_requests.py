"""Requests of each maker: never a recorded request, always all of their content."""

import io
import json

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.hosts import host_of, model_in
from tokviz.conversations.model import PartKind, Side
from tokviz.conversations.reading import read_conversations

CHAT = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": "data:AAAA"}},
            ],
        },
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "1"},
    ],
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
}


def test_openai_chat() -> None:
    found = only(document(CHAT), "request-openai-chat")
    assert texts(found) == [
        ("system", ["Be brief."]),
        ("user", ["look", None]),
        ("assistant", ["{}"]),
        ("tool", ["1"]),
    ]
    assert found.messages[1].parts[1].kind is PartKind.IMAGE
    assert found.messages[3].parts[0].name == "f"
    assert found.requests == () and found.tool_calls == {"f": 1} and found.model == "gpt-4o"
    assert found.tools is not None and found.tools[0].schema == '{"type":"object"}'


@pytest.mark.parametrize(
    ("messages", "name"),
    [
        (CHAT["messages"], "request-openai-chat"),
        ([{"role": "user", "content": [{"type": "tool_result", "content": "1"}]}], "request-anthropic"),
        ([{"role": "user", "parts": [{"text": "hi"}]}], "request-gemini"),
    ],
)
def test_a_bare_list_of_messages_is_a_request(messages: list[object], name: str) -> None:
    found = only(document(messages), name)
    assert len(found.messages) == len(messages) and found.model is None


@pytest.mark.parametrize(
    "rows", [[{"role": "admin", "content": "x"}], [{"role": "user", "name": "Ada"}], [{"user": "x"}], [1], []]
)
def test_other_lists_are_none(rows: list[object]) -> None:
    assert reading(document(rows)).format is None


def test_messages_of_vercels_ai_sdk_have_their_content_in_parts() -> None:
    call = {"type": "tool-weather", "toolCallId": "t", "state": "output-available", "input": {"in": "Oslo"}}
    older = {"state": "result", "toolCallId": "u", "toolName": "tides", "args": {}, "result": "high at 5"}
    answer = [
        {"type": "step-start"},
        {"type": "reasoning", "text": "Hm."},
        {**call, "output": {"temp": 3}},
        {"type": "tool-invocation", "toolInvocation": older},
        {"type": "text", "text": "3 degrees."},
    ]
    asked = {"role": "user", "parts": [{"type": "text", "text": "How cold?"}]}
    found = only(
        document({"messages": [asked, {"role": "assistant", "parts": answer}]}), "request-openai-chat"
    )
    assert texts(found) == [
        ("user", ["How cold?"]),
        ("assistant", ["Hm.", '{"in":"Oslo"}', '{"temp":3}', "{}", "high at 5", "3 degrees."]),
    ]
    assert found.tool_calls == {"weather": 1, "tides": 1} and found.title == "How cold?"


def test_models_messages_of_vercels_ai_sdk() -> None:
    call = {"type": "tool-call", "toolCallId": "t", "toolName": "weather", "input": {"in": "Oslo"}}
    given = {"type": "tool-result", "toolCallId": "t", "toolName": "weather"}
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "How cold?"}]},
        {"role": "assistant", "content": [call]},
        {"role": "tool", "content": [{**given, "output": {"type": "json", "value": {"temp": 3}}}]},
    ]
    found = only(document({"model": "gpt-4o", "messages": messages}), "request-openai-chat")
    assert texts(found)[1:] == [("assistant", ['{"in":"Oslo"}']), ("tool", ['{"temp":3}'])]
    assert found.messages[2].parts[0].name == "weather"


def test_openais_old_functions() -> None:
    call = {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}
    found = only(
        document({"model": "gpt-4", "messages": [call], "functions": [{"name": "f"}]}), "request-openai-chat"
    )
    assert found.tool_calls == {"f": 1} and found.tools is not None and found.tools[0].name == "f"


def test_responses_items() -> None:
    items = [
        {"role": "user", "content": "hi"},
        {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "xxxx",
        },
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "1"},
    ]
    found = only(
        document(
            {"model": "gpt-5", "instructions": "Be brief.", "input": items, "tools": [{"type": "web_search"}]}
        ),
        "request-openai-responses",
    )
    assert texts(found) == [
        ("user", ["hi"]),
        ("reasoning", ["hm", None]),
        ("function_call", ["{}"]),
        ("function_call_output", ["1"]),
    ]
    assert found.roles == {"user": 1, "reasoning": 1, "function_call": 1, "function_call_output": 1}
    assert found.messages[3].parts[0].name == "f" and found.messages[3].side is Side.TOOL
    assert found.tools is not None and found.tools[0].builtin
    assert found.partial is None


def test_a_response_that_continues_another_is_not_whole() -> None:
    found = only(
        document({"model": "gpt-5", "input": "and?", "previous_response_id": "resp_1"}),
        "request-openai-responses",
    )
    assert texts(found) == [("user", ["and?"])] and found.partial


def test_anthropic() -> None:
    messages = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "1"}]}
            ],
        },
    ]
    request = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": messages,
    }
    found = only(
        document({**request, "tools": [{"name": "f", "input_schema": {"type": "object"}}]}),
        "request-anthropic",
    )
    assert texts(found) == [("user", ["hi"]), ("assistant", ['{"a":1}']), ("user", ["1"])]
    assert found.system[0].text == "Be brief." and found.tool_calls == {"f": 1}


@pytest.mark.parametrize("system", ["systemInstruction", "system_instruction"])
def test_gemini_in_camel_and_snake_case(system: str) -> None:
    call, answer = (
        ("functionCall", "functionResponse") if "I" in system else ("function_call", "function_response")
    )
    contents = [
        {"role": "user", "parts": [{"text": "hi"}]},
        {
            "role": "model",
            "parts": [
                {"text": "hm", "thought": True},
                {call: {"name": "f", "args": {"a": 1}}, "thoughtSignature": "x"},
            ],
        },
        {"role": "user", "parts": [{answer: {"name": "f", "response": {"output": "1"}}}]},
    ]
    tools = [
        {"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}]},
        {"googleSearch": {}},
    ]
    found = only(
        document({"contents": contents, system: {"parts": [{"text": "Be brief."}]}, "tools": tools}),
        "request-gemini",
    )
    assert texts(found) == [("user", ["hi"]), ("model", ["hm", '{"a":1}', None]), ("user", ["1"])]
    assert [part.kind for part in found.messages[1].parts] == [
        PartKind.THINKING,
        PartKind.TOOL_CALL,
        PartKind.THINKING,
    ]
    assert found.system[0].text == "Be brief."
    assert found.tools is not None and [(tool.name, tool.builtin) for tool in found.tools] == [
        ("f", False),
        ("googleSearch", True),
    ]


def test_bedrock_converse() -> None:
    messages = [
        {"role": "user", "content": [{"text": "hi"}, {"cachePoint": {"type": "default"}}]},
        {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "f", "input": {}}}]},
        {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"text": "1"}]}}]},
    ]
    tools = {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]}
    found = only(
        document({"system": [{"text": "Be brief."}], "messages": messages, "toolConfig": tools}),
        "request-bedrock-converse",
    )
    assert texts(found) == [("user", ["hi"]), ("assistant", ["{}"]), ("user", ["1"])]
    assert found.tools is not None and found.tools[0].schema == '{"type":"object"}'


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ({"model": "llama3.2:1b", "options": {"seed": 1}}, "request-ollama"),
        ({"model": "command-a-03-2025"}, "request-cohere"),
    ],
)
def test_what_speaks_as_openai_does_has_its_own_name(extra: dict[str, object], name: str) -> None:
    assert reading(document({**CHAT, **extra})).format == name


def test_a_batch_holds_a_request_a_line() -> None:
    found = reading(
        lines(
            *(
                {"custom_id": str(i), "method": "POST", "url": "/v1/chat/completions", "body": CHAT}
                for i in range(3)
            )
        )
    )
    assert (found.format, len(found.conversations)) == ("request-openai-chat", 3)


def test_a_single_line_without_a_model_is_a_row_to_train_with_by_the_files_name() -> None:
    row = lines({"messages": [{"role": "user", "content": "hi"}]})
    assert read_conversations(io.BytesIO(row), "rows.jsonl").format == "fine-tuning"
    assert read_conversations(io.BytesIO(row), "request.json").format == "request-openai-chat"


def test_a_list_of_logged_requests_is_read_request_by_request() -> None:
    request = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "model": "gemini-2.5-pro"}
    found = reading(document([request, {"kind": "note"}, {"request": request}]))
    assert (found.format, len(found.conversations)) == ("request-gemini", 2)
    assert [problem.sentence for problem in found.problems] == ["Row 2 has no messages."]
    assert found.conversations[0] == reading(document(request)).conversations[0]


def test_a_list_of_what_nobody_knows_is_told() -> None:
    found = reading(document([{"a": 1}, {"b": 2}]))
    assert (found.format, found.conversations) == (None, ())
    assert [problem.sentence for problem in found.problems] == ["The format is not known."]


def test_what_converse_hands_on_to_the_model_counts_as_its_makers_own() -> None:
    request = {
        "messages": [{"role": "user", "content": [{"text": "hi"}]}],
        "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        "toolConfig": {"tools": [{"toolSpec": {"name": "f"}}], "toolChoice": {"tool": {"name": "f"}}},
    }
    found = only(document(request), "request-bedrock-converse")
    assert json.loads(found.options["thinking"])["type"] == "enabled"
    assert json.loads(found.options["tool_choice"]) == {"type": "tool", "name": "f"}


_GOOGLE = "https://eu-aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-flash:generateContent"
_ASKED = {"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}


@pytest.mark.parametrize(
    "log",
    [
        {"url": _GOOGLE, "body": _ASKED},
        {"url": _GOOGLE, "body": json.dumps(_ASKED)},
        {"request": {"method": "POST", "uri": _GOOGLE, "body": _ASKED}, "response": {"status": 200}},
        {
            "scope": "https://eu-aiplatform.googleapis.com",
            "path": "/v1/models/gemini-2.5-flash",
            "body": _ASKED,
        },
    ],
)
def test_a_logs_address_tells_model_and_host(log: dict[str, object]) -> None:
    found = only(document(log), "request-gemini")
    assert (found.model, found.host, texts(found)) == (
        "gemini-2.5-flash",
        "gemini-vertex",
        [("user", ["hi"])],
    )


@pytest.mark.parametrize(
    ("model", "address", "host", "named"),
    [
        ("vertex_ai/gemini-2.5-pro", "", "gemini-vertex", None),
        ("publishers/google/models/gemini-2.5-pro", "", "gemini-vertex", None),
        ("groq/llama-3.3-70b-versatile", "", "groq", None),
        ("openai/gpt-5", "", None, None),
        (None, "https://api.groq.com/openai/v1/chat/completions", "groq", None),
        (None, "http://localhost:11434/api/chat", "ollama", None),
        (
            None,
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:x?alt=sse",
            None,
            "gemini-3-pro",
        ),
        (
            None,
            "https://b.amazonaws.com/model/us.amazon.nova-2-lite-v1%3A0/converse",
            None,
            "us.amazon.nova-2-lite-v1:0",
        ),
        (
            None,
            "https://a.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=1",
            None,
            "gpt-4o",
        ),
        (None, "", None, None),
    ],
)
def test_who_serves_a_model(model: str | None, address: str, host: str | None, named: str | None) -> None:
    assert (host_of(model, address), model_in(address)) == (host, named)
