"""Traces of any-agent and of Braintrust, and Chatbot UI's export."""

import json
from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.model import Altered, Usage


def span(start: int, operation: str, **more: Any) -> dict[str, Any]:
    facts = {key.replace("__", "."): value for key, value in more.items()}
    return {
        "name": f"{operation} x",
        "start_time": start,
        "context": {"span_id": start},
        "attributes": {"gen_ai.operation.name": operation, **facts},
    }


def call(start: int, output: str, read: int, written: int, **more: Any) -> dict[str, Any]:
    told = {"gen_ai__usage__input_tokens": read, "gen_ai__usage__output_tokens": written}
    return span(
        start, "call_llm", gen_ai__request__model="gpt-4.1-mini", gen_ai__output=output, **told, **more
    )


CALLED = json.dumps([{"tool.name": "tides", "tool.args": '{"port":"Brest"}'}])
ASKED = json.dumps([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "When?"}])
GIVEN = {"gen_ai__tool__name": "tides", "gen_ai__output": '{"type":"text","text":"high at 5"}'}
TRACE: dict[str, Any] = {
    "spans": [
        call(3_000_000_000, "At five.", 60, 4, gen_ai__input__messages=ASKED),
        call(1_000_000_000, CALLED, 40, 9, gen_ai__input__messages=ASKED),
        span(2_000_000_000, "execute_tool", **GIVEN),
        span(500_000_000, "invoke_agent", gen_ai__agent__name="tidal", gen_ai__usage__input_tokens=100),
    ],
    "final_output": "At five.",
}


def test_any_agents_spans_in_the_order_in_which_they_began() -> None:
    found = only(document(TRACE), "any-agent")
    assert texts(found) == [
        ("system", ["Be brief."]),
        ("user", ["When?"]),
        ("assistant", ['{"port":"Brest"}']),
        ("tool", ["high at 5"]),
        ("assistant", ["At five."]),
    ]
    assert [(one.usage, one.end, one.key) for one in found.requests] == [
        (Usage(40, 9), 2, "1000000000"),
        (Usage(60, 4), 4, "3000000000"),
    ]
    assert (found.title, found.model, dict(found.tool_calls)) == ("When?", "gpt-4.1-mini", {"tides": 1})
    assert found.partial is None and found.date == "1970-01-01T00:00:00.500000Z"


def test_any_agents_older_spans_do_not_tell_what_was_read() -> None:
    nested = json.dumps([{"id": "c", "type": "function", "function": {"name": "tides", "arguments": "{}"}}])
    older = span(
        1, "call_llm", gen_ai__request__model="m", gen_ai__usage__input_tokens=7, genai__output=nested
    )
    result = span(2, "execute_tool", gen_ai__tool__name="tides", genai__output='{"high": 5}')
    found = only(document([older, result, span(3, "invoke_agent", gen_ai__agent__name="tidal")]), "any-agent")
    assert texts(found) == [("assistant", ["{}"]), ("tool", ['{"high": 5}'])] and found.title == "tidal"
    assert found.partial is not None and found.requests[0].usage == Usage(7, None)


def row(name: str, kind: str, given: object, output: object, **metrics: object) -> dict[str, Any]:
    return {
        "id": name,
        "span_id": name,
        "root_span_id": "t",
        "span_attributes": {"type": kind, "name": "chat"},
        "metadata": {"model": "claude-sonnet-4-5"},
        "created": "2026-02-01T00:00:00Z",
        "input": given,
        "output": output,
        "metrics": metrics,
    }


QUESTION = {"role": "user", "content": "When?"}
ANSWER = {"role": "assistant", "content": "At five."}
ROWS = [
    row("a", "task", "When?", "At five.", prompt_tokens=999),
    row("c", "llm", [QUESTION, ANSWER, QUESTION], ANSWER, start=1770000009.0, prompt_tokens=30),
    row(
        "b",
        "llm",
        {"messages": [QUESTION], "model": "x"},
        [{"finish_reason": "stop", "message": ANSWER}],
        start=1770000000.0,
        prompt_tokens=20,
        completion_tokens=4,
        prompt_cached_tokens=12,
        prompt_cache_creation_tokens=5,
    ),
]


def test_braintrusts_rows_of_models_are_requests() -> None:
    for data in (lines(*ROWS), document(ROWS), document({"events": ROWS})):
        found = only(data, "braintrust")
        assert [each[0] for each in texts(found)] == ["user", "assistant", "user", "assistant"]
        assert [(one.key, one.usage, one.end) for one in found.requests] == [
            ("b", Usage(3, 4, 12, 5), 1),
            ("c", Usage(30), 3),
        ]
        assert (found.model, found.date) == ("claude-sonnet-4-5", "2026-02-02T02:40:00Z")


def test_every_chat_of_chatbot_ui() -> None:
    chat = {
        "id": "1",
        "name": "Tides",
        "messages": [QUESTION, ANSWER],
        "model": {"id": "gpt-4", "name": "GPT-4"},
        "prompt": "Be brief.",
        "folderId": "f",
    }
    export = {
        "version": 4,
        "history": [chat, {**chat, "folderId": None}],
        "folders": [{"id": "f", "name": "Sea"}],
    }
    found = reading(document(export))
    assert (found.format, found.problems) == ("chatbot-ui", ())
    one, other = found.conversations
    assert texts(one) == [("user", ["When?"]), ("assistant", ["At five."])]
    assert (one.title, one.model, one.project, other.project) == ("Tides", "gpt-4", "Sea", None)
    assert [part.text for part in one.system] == ["Be brief."]


def run(name: str, inputs: object, outputs: object, **more: Any) -> dict[str, Any]:
    told = {"id": name, "trace_id": "t", "run_type": "llm", "start_time": f"2026-02-01T00:00:0{name}.0"}
    extra = {
        "metadata": {"ls_model_name": "claude-sonnet-4-5"},
        "invocation_params": {"tools": more.pop("tools", None)},
    }
    return {**told, "inputs": inputs, "outputs": outputs, "extra": extra, **more}


def constructed(kind: str, content: object, **more: object) -> dict[str, Any]:
    return {"lc": 1, "type": "constructor", "id": ["langchain", kind], "kwargs": {"content": content, **more}}


TIDES = {"type": "function", "function": {"name": "tides", "parameters": {"type": "object"}}}
USED = {
    "input_tokens": 30,
    "output_tokens": 9,
    "input_token_details": {"cache_read": 12, "cache_creation": 5},
    "output_token_details": {"reasoning": 4},
}
RUNS = [
    run("0", {"input": "When?"}, {"output": "At five."}, run_type="chain", prompt_tokens=999),
    run(
        "1",
        {"messages": [[constructed("SystemMessage", "Be brief."), constructed("HumanMessage", "When?")]]},
        {
            "generations": [
                [{"text": "", "message": constructed("AIMessage", "At five.", usage_metadata=USED)}]
            ]
        },
        tools=[TIDES],
    ),
    run(
        "2",
        {
            "messages": [
                {"type": "system", "data": {"content": "Be brief."}},
                {"type": "human", "data": {"content": "When?"}},
                {"type": "ai", "content": "At five."},
                {"role": "user", "content": "Thanks."},
            ]
        },
        {"choices": [{"message": {"role": "assistant", "content": "Not at all."}}]},
        prompt_tokens=50,
        completion_tokens=3,
        prompt_token_details={"cache_read": 30},
    ),
]


@pytest.mark.parametrize("shape", ["list", "lines", "page", "children"])
def test_langsmiths_runs_of_models_are_requests(shape: str) -> None:
    shapes = {
        "list": document(RUNS),
        "lines": lines(*RUNS),
        "page": document({"runs": RUNS}),
        "children": document({**RUNS[0], "child_runs": RUNS[1:]}),
    }
    found = reading(shapes[shape])
    assert (found.format, found.problems) == ("langsmith", ())
    said = [text for one in found.conversations for text in texts(one)]
    assert said[:3] == [("system", ["Be brief."]), ("user", ["When?"]), ("assistant", ["At five."])]
    assert said[-1] == ("assistant", ["Not at all."])
    assert [each.usage for one in found.conversations for each in one.requests] == [
        Usage(13, 9, 12, 5, reasoning=4),
        Usage(20, 3, 30),
    ]
    first = found.conversations[0]
    assert first.model == "claude-sonnet-4-5" and first.date == "2026-02-01T00:00:01.0"


def typed(kind: str, content: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "content": content, **more}


ASKED_FOR = [{"name": "tides", "args": {"port": "Brest"}, "id": "c"}]
ABOUT = {"model_name": "claude-sonnet-4-5"}
CHAIN = [
    typed("human", "When?"),
    typed("ai", "", tool_calls=ASKED_FOR, usage_metadata=USED, response_metadata=ABOUT, id="run-1"),
    typed("tool", "high at 5", tool_call_id="c", name="tides"),
    typed("ai", "At five.", usage_metadata={"input_tokens": 60, "output_tokens": 4}, response_metadata=ABOUT),
]
AS_DATA = [{"type": one["type"], "data": one} for one in CHAIN]
CLASSES = {"human": "HumanMessage", "ai": "AIMessage", "tool": "ToolMessage"}
LOADED = [constructed(CLASSES[one["type"]], **{k: v for k, v in one.items() if k != "type"}) for one in CHAIN]


@pytest.mark.parametrize(
    "data",
    [
        document(CHAIN),
        document({"messages": CHAIN}),
        document({"values": {"messages": CHAIN}, "next": []}),
        lines(*CHAIN),
        document(AS_DATA),
        document(LOADED),
    ],
    ids=["list", "messages", "state", "lines", "data", "constructors"],
)
def test_langchains_messages_tell_their_usage(data: bytes) -> None:
    found = only(data, "langchain")
    assert texts(found) == [
        ("user", ["When?"]),
        ("assistant", ['{"port":"Brest"}']),
        ("tool", ["high at 5"]),
        ("assistant", ["At five."]),
    ]
    assert [(each.usage, each.start, each.end) for each in found.requests] == [
        (Usage(13, 9, 12, 5, reasoning=4), 0, 1),
        (Usage(60, 4), 0, 3),
    ]
    assert (found.title, found.model, found.tools) == ("When?", "claude-sonnet-4-5", None)
    assert found.messages[2].parts[0].name == "tides" and found.partial is not None


def marked(content: str) -> dict[str, Any]:
    block = {"type": "text", "text": content, "cache_control": {"type": "ephemeral"}}
    return {"role": "user", "content": [block]}


def test_what_a_trace_altered_from_request_to_request() -> None:
    system, later = ({"role": "system", "content": words} for words in ("It is 5:01.", "It is 5:02."))
    turns = [marked("When?"), ANSWER, marked("And then?"), ANSWER, QUESTION]
    plain = [QUESTION, ANSWER, {"role": "user", "content": "And then?"}, ANSWER, QUESTION, ANSWER, QUESTION]
    edited = [plain[0], {**ANSWER, "content": "At six."}, *plain[2:], ANSWER, QUESTION]
    asked = [[system, *turns[:1]], [system, QUESTION, *turns[1:3]], [later, *plain[:5]], [later, *edited]]
    told = [
        row(str(at), "llm", messages, ANSWER, start=1770000000.0 + at, prompt_tokens=9)
        for at, messages in enumerate(asked)
    ]
    found = only(lines(*told), "braintrust")
    changes = [None, Altered("nothing"), Altered("system"), Altered("message", 3)]
    assert [each.altered for each in found.requests] == changes
    sent = [each.sent for each in found.requests]
    assert [each.messages[0].parts[0].text for each in sent[1:3] if each] == ["It is 5:01.", "It is 5:02."]
    assert [each.messages[2].parts[0].text for each in sent[2:] if each] == ["At five.", "At six."]
