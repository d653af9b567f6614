"""Whatever the bytes are: a sentence, bounded memory, the rest shown, never a traceback."""

import gzip
import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conversations.files import document, lines, only, reading, texts
from tests.conversations.test_agent_sessions import AGENTS
from tests.conversations.test_antigravity import STEPS
from tests.conversations.test_api_logs import LOGS
from tests.conversations.test_claude_code import answer, line, text
from tests.conversations.test_cline_shown import SHOWN as SHOWN_TASK
from tests.conversations.test_codex import META, TURN, said, tokens
from tests.conversations.test_exports import tree
from tests.conversations.test_grok_and_droid import DROID, GROK
from tests.conversations.test_lm_studio import CHAT as LOCAL_CHAT
from tests.conversations.test_more_sessions import OTHERS
from tests.conversations.test_otel import OPENINFERENCE, OPENLLMETRY, conventional, span
from tests.conversations.test_other_sessions import HEADER, gemini
from tests.conversations.test_requests import CHAT
from tests.conversations.test_traces import CHAIN, LOADED, ROWS, RUNS, TRACE
from tests.conversations.test_vscode_chat import SESSION, SHOWN
from tokviz.conversations import reading as reader
from tokviz.conversations.model import count_roles, largest_context, usage_by_model
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Limits

SEEDS = [
    lines(
        line("user", "u1", None, "first"),
        answer("a1", "u1", text("one"), "m1"),
        line("user", "u2", "a1", "x"),
    ),
    lines(META, TURN, said("user", "hi"), tokens(5, 5), {"type": "compacted", "payload": {"message": "m"}}),
    lines(HEADER, {"id": "u", "type": "user", "content": "hi"}, gemini("g", "yes", 9)),
    document(
        {"info": {}, "messages": [{"info": {"role": "assistant", "tokens": {}}, "parts": [{"type": "tool"}]}]}
    ),
    document([{"mapping": tree(), "current_node": "b"}]),
    document([{"chat_messages": [{"sender": "human", "content": [], "attachments": [{}]}]}]),
    document(CHAT),
    document({"model": "m", "input": [{"type": "function_call"}, {"type": "x", "role": "user"}]}),
    document({"contents": [{"parts": [{"functionCall": {}}, {"inlineData": {}}]}], "tools": [{}]}),
    document({"toolConfig": {}, "messages": [{"role": "user", "content": [{"toolResult": {}}]}]}),
    document([{"conversations": [{"from": "function_call", "value": "[1]"}]}]),
    document({"tools": [{"name": "n", "inputSchema": {}}]}),
    document([{"history": {"messages": {"1": {"role": "user", "content": "x"}}}, "models": ["m"]}]),
    document({"chunkedPrompt": {"chunks": [{"role": "user", "parts": [{}]}]}, "systemInstruction": {}}),
    document(SHOWN_TASK),
    document(LOCAL_CHAT),
    lines(*GROK),
    lines(*DROID),
    document(TRACE),
    lines(*ROWS),
    document({"history": [{"messages": [{"role": "user", "content": "x"}], "prompt": "p", "model": {}}]}),
    document(SESSION),
    lines({"kind": 0, "v": SESSION}, {"kind": 2, "k": ["requests"], "v": [SHOWN], "i": 1}),
    *OTHERS.values(),
    *LOGS.values(),
    lines(*RUNS),
    document(CHAIN),
    conventional(as_text=False),
    lines(span(1, OPENINFERENCE), span(2, OPENLLMETRY)),
    document(LOADED),
    lines(*STEPS),
    *AGENTS.values(),
]


def values() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    return st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=6,
    )


def survives(data: bytes) -> None:
    found = reading(data)
    assert found.conversations or found.problems
    (
        usage_by_model(found.conversations),
        largest_context(found.conversations),
        count_roles(found.conversations),
    )
    for conversation in found.conversations:
        for message in conversation.messages:
            for part in message.parts:
                assert part.text is None or part.text.encode() is not None
    for problem in found.problems:
        assert problem.sentence.endswith(".")


def replaced(value: Any, draw: st.DataObject) -> Any:
    """The value with one thing in it, somewhere, replaced by anything."""
    if isinstance(value, dict) and value and draw.draw(st.integers(0, 4)):
        key = draw.draw(st.sampled_from(sorted(value)))
        return {**value, key: replaced(value[key], draw)}
    if isinstance(value, list) and value and draw.draw(st.integers(0, 4)):
        index = draw.draw(st.integers(0, len(value) - 1))
        return [*value[:index], replaced(value[index], draw), *value[index + 1 :]]
    return draw.draw(values())


@given(st.data())
def test_any_value_may_stand_anywhere(data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from(SEEDS))
    try:
        survives(document(replaced(json.loads(seed), data)))
    except json.JSONDecodeError:
        rows = [json.loads(row) for row in seed.splitlines()]
        index = data.draw(st.integers(0, len(rows) - 1))
        rows[index] = replaced(rows[index], data)
        survives(lines(*rows))


WRONG: list[Any] = [None, True, -1, 1.5, float("nan"), 10**30, "", "x", "\ud83d", [], {}]
WRONG += [[[]], [None], [1, "a", {}], {"text": {}}, [{"type": ["x"]}], {"a": {"b": [{}]}}]


def each_replaced(value: Any, by: Any) -> Iterator[Any]:
    """The value with each thing in it, one after the other, replaced by ``by``."""
    yield by
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: one} for one in each_replaced(inner, by))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from ([*value[:index], one, *value[index + 1 :]] for one in each_replaced(inner, by))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_type_in_any_field(seed: bytes) -> None:
    try:
        whole, is_one = json.loads(seed), True
    except json.JSONDecodeError:
        whole, is_one = [json.loads(row) for row in seed.splitlines()], False
    for wrong in WRONG:
        for value in each_replaced(whole, wrong):
            survives(document(value) if is_one or not isinstance(value, list) else lines(*value))


@given(st.sampled_from(SEEDS), st.data())
def test_any_bytes_may_be_cut_or_changed(seed: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(seed)))
    survives(seed[:at] + data.draw(st.binary(max_size=4)) + seed[at + data.draw(st.integers(0, 20)) :])


@given(st.binary(max_size=60))
def test_any_bytes_at_all(data: bytes) -> None:
    found = reading(data)
    assert found.conversations or found.problems or not data.strip()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        *((data, "The file is empty.") for data in (b"", b"\n\n", b"\xef\xbb\xbf")),
        (b"hello", "It is no JSON."),
        (b"null", "It is JSON, but neither an object nor a list."),
        *((data, "Its JSON is cut off or broken.") for data in (b"[", b'{"a":', b'\xef\xbb\xbf {"a":')),
        *((data, "The format is not known.") for data in (b"[]", b"{}")),
        (b"[" * 3000 + b"]" * 3000, "Its JSON is nested too deeply to be read."),
        (b"\x28\xb5\x2f\xfd\x00", "The file is packed with Zstandard. Unpack it first: zstd -d FILE."),
    ],
)
def test_what_is_no_conversation_is_told_in_a_sentence(data: bytes, why: str) -> None:
    found = reading(data)
    assert found.format is None and not found.conversations
    assert [problem.sentence for problem in found.problems] == [why]


def test_a_broken_file_of_no_known_format_says_both() -> None:
    found = reading(b'{"colour":\n"red",\n"size":')
    assert [problem.sentence for problem in found.problems] == [
        "The format is not known.",
        "The file is cut off or broken; what stands before the break is shown.",
    ]


def test_nesting_without_end() -> None:
    row = line("user", "u1", None, "first")
    for deep in (b"[" * 200_000, b'{"a":' * 200_000):
        found = reading(lines(row, b'{"type":"user","message":' + deep, line("user", "u2", "u1", "second")))
        assert [problem.line for problem in found.problems] == [2]
        assert len(found.conversations[0].messages) == 2
        assert reading(deep).problems


def test_nesting_just_short_of_too_deep() -> None:
    content: Any = "x"
    for _ in range(400):
        content = {"type": "tool_result", "content": [content]}
    assert reading(lines(line("user", "u1", None, [content]))).format == "claude-code"


@pytest.mark.parametrize("prefix", ["gen_ai.prompt.0", "llm.output_messages.0", "llm.tools.0"])
def test_names_nested_in_an_attributes_key(prefix: str) -> None:
    deep = {prefix + ".a" * 2000: "x", prefix + ".message" * 19 + ".role": "user"}
    found = only(lines(span(1, {**OPENLLMETRY, **deep})), "otel-genai")
    assert found.requests


def test_duplicate_keys_nan_and_huge_numbers() -> None:
    usage = b'{"input_tokens":NaN,"output_tokens":' + b"9" * 5000 + b"}"
    row = b'{"type":"user","type":"assistant","uuid":"a","parentUuid":null,"sessionId":"s","message":'
    row += b'{"role":"assistant","id":"m","model":"x","content":[],"usage":' + usage + b"}}"
    found = reading(lines(line("user", "u1", None, "first"), row))
    assert found.conversations[0].requests == ()


def test_half_a_surrogate_pair_becomes_text_that_can_be_counted() -> None:
    found = only(lines(line("user", "u1", None, "a\ud83db")), "claude-code")
    assert texts(found) == [("user", ["a�b"])]


def test_bytes_that_are_not_utf8_are_named_and_shown() -> None:
    found = reading(
        lines(line("user", "u1", None, "naive"), line("user", "u2", "u1", "x")).replace(b"naive", b"na\xefve")
    )
    assert texts(found.conversations[0])[0] == ("user", ["na�ve"])
    assert [problem.line for problem in found.problems] == [1]


def test_values_glued_together_on_a_line_are_named_and_the_first_is_shown() -> None:
    rows = [line("user", "u1", None, "first"), line("user", "u2", "u1", "second")]
    found = reading(lines(*rows).replace(b"\n", b""))
    assert texts(found.conversations[0]) == [("user", ["first"])]
    assert [problem.line for problem in found.problems] == [1]


TWO = [line("user", "u1", None, "first"), line("user", "u2", "u1", "second")]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_utf16_and_a_byte_order_mark(codec: str) -> None:
    assert len(only(lines(*TWO).decode().encode(codec), "claude-code").messages) == 2


@pytest.mark.parametrize("between", [b"\n", b"", b",\r\n", b"\n\n  "])
def test_objects_that_each_span_lines(between: bytes) -> None:
    found = only(between.join(document(row) for row in TWO), "claude-code")
    assert texts(found) == [("user", ["first"]), ("user", ["second"])]
    assert found.messages[0].line == 1


def test_many_objects_that_each_span_lines() -> None:
    rows = [line("user", f"u{n}", f"u{n - 1}" if n else None, str(n)) for n in range(120)]
    assert len(only(b"\n".join(map(document, rows)), "claude-code").messages) == 120


def test_a_packed_file_is_read_as_it_was_before() -> None:
    assert len(only(gzip.compress(lines(*TWO)), "claude-code").messages) == 2
    assert len(only(gzip.compress(document({"loglines": TWO})), "claude-code-web").messages) == 2


def test_a_packed_file_is_shown_up_to_where_it_breaks() -> None:
    rows = [line("user", f"u{n}", f"u{n - 1}" if n else None, f"{n * 7919 % 9973}" * 40) for n in range(400)]
    packed = gzip.compress(lines(*rows))
    for data in (packed[: len(packed) // 2], packed[: len(packed) // 2] + b"x" * 100):
        found = reading(data)
        assert 10 < len(found.conversations[0].messages) < 400
        assert "packed file is cut off or broken" in found.problems[-1].sentence


def test_a_packed_file_that_grows_without_end_is_bounded() -> None:
    found = reading(gzip.compress(b"a" * 3_000_000), Limits(line=10_000, document=20_000, file=100_000))
    assert found.format is None and found.problems


def test_a_document_that_was_cut_off_is_shown_up_to_the_cut() -> None:
    whole = document(
        {"model": "gpt-4o", "messages": [{"role": "user", "content": f"message {i}"} for i in range(9)]}
    )
    found = reading(whole[: whole.index(b"message 7")])
    assert found.format == "request-openai-chat"
    assert len(found.conversations[0].messages) >= 7
    assert len(found.problems) == 1


def test_a_cut_off_document_whose_lines_are_objects_is_no_list_of_lines() -> None:
    rows = b",\n".join(b'{"role": "user", "content": "message %d"}' % i for i in range(9))
    whole = b'{"model": "gpt-4o",\n"messages": [\n' + rows + b'\n],\n"tools": [\n'
    found = reading(whole)
    assert found.format == "request-openai-chat"
    assert len(found.conversations[0].messages) == 9


def test_a_document_too_large_is_shown_from_its_beginning() -> None:
    messages = [{"role": "user", "content": f"message {i}"} for i in range(900)]
    found = reading(document({"model": "gpt-4o", "messages": messages}), Limits(document=10_000))
    assert found.format == "request-openai-chat"
    assert 50 < len(found.conversations[0].messages) < 900
    assert "larger than 10,000 bytes" in found.problems[0].sentence


def test_a_line_too_long_is_left_out_without_being_held() -> None:
    data = lines(
        line("user", "u1", None, "first"),
        line("user", "u2", "u1", "x" * 3_000_000),
        line("user", "u3", "u2", "last"),
    )
    found = reading(data, Limits(line=100_000))
    assert [problem.line for problem in found.problems] == [2]
    assert [role for role, _ in texts(found.conversations[0])] == ["user", "user"]


def test_base64_of_many_megabytes_is_not_kept() -> None:
    image = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "A" * 20_000_000},
    }
    data = lines(line("user", "u1", None, [image]), line("user", "u2", "u1", "and?"))
    tracemalloc.start()
    found = only(data, "claude-code")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.messages[0].parts[0].size == 20_000_000
    assert kept < 2_000_000


def openhands(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "source": "agent", **more}


SPOKEN = [openhands(number, action="message", args={"content": "x"}) for number in range(3000)]
SPAN = {"forgotten_events_start_id": 0, "forgotten_events_end_id": 999_000}
CONDENSED = [openhands(number, action="condensation", args=SPAN) for number in range(3000, 3100)]
NOTHING_GONE = [openhands(number, action="condensation", args={}) for number in range(3000, 6000)]
EVENTS = [
    {"type": "event_msg", "payload": {"type": "agent_message", "message": f"{number}"}}
    for number in range(4000)
]
INJECTED = [
    {"type": "response_item", "payload": {"type": "message", "role": "user", "content": f"<x>{number}"}}
    for number in range(4000)
]
USAGE = {"promptTokens": 1, "completionTokens": 1}
REFERRED = {
    "event": "model",
    "input_refs": [[0, 5000]] * 100,
    "output": {"usage": {"input_tokens": 1, "output_tokens": 1}},
}
REFERRING = {
    "epoch": 1,
    "messages": [{"role": "user", "content": "x"}],
    "events_data": {"messages": [{"role": "user", "content": "x"}] * 5000},
    "events": [REFERRED] * 2000,
}
CALLED = {"source": "agent", "kind": "ActionEvent", "llm_response_id": "r", "tool_call": {"name": "x"}}
THOUGHT = [{"message": {"role": "thinking", "content": "x", "usage": USAGE}}] * 15_000


@pytest.mark.parametrize(
    "data",
    [
        lines(*SPOKEN, *CONDENSED),
        lines(*SPOKEN, *NOTHING_GONE),
        lines({"type": "session_meta", "payload": {"id": "a"}}, *EVENTS, *INJECTED),
        document({"sessionId": "a", "history": THOUGHT}),
        document({"eval": {"task": "x"}, "samples": [REFERRING]}),
        lines(*[CALLED] * 50_000),
    ],
    ids=["ids of a million", "condensed on and on", "events beside items", "thinking", "refs", "calls"],
)
def test_what_is_read_takes_time_as_it_is_long(data: bytes) -> None:
    began = time.thread_time()
    found = reading(data)
    assert found.format and time.thread_time() - began < 2
    assert sum(len(one.messages) for one in found.conversations) <= 200_000


def test_ten_thousand_tools() -> None:
    tools = [{"name": f"t{i}", "inputSchema": {"type": "object"}} for i in range(10_000)]
    found = only(document({"tools": tools}), "mcp-tools")
    assert found.tools is not None and len(found.tools) == 10_000


def test_problems_are_bounded() -> None:
    found = reading(lines(line("user", "u1", None, "first"), *[b"{broken"] * 5000))
    assert len(found.problems) < 300
    assert "more lines" in found.problems[-1].sentence


@pytest.mark.parametrize("begins", [b"5\n", b'"x"\n', b"\n", b"[]\n", b"\r\n \n"])
def test_a_short_first_line_loses_nothing_of_the_next(begins: bytes) -> None:
    rows = lines(line("user", "u1", None, "first"), line("user", "u2", "u1", "second"))
    found = reading(begins + rows)
    assert [len(conversation.messages) for conversation in found.conversations] == [2]


@pytest.mark.parametrize("made", ["[\n{}\n]", "[\n{},\n{}\n]", "[\r\n{}]"])
def test_a_list_whose_objects_begin_their_lines(made: str) -> None:
    one = document({"chat_messages": [{"sender": "human", "text": "hello"}]}).decode().strip()
    found = reading(made.replace("{}", one).encode())
    assert (found.format, len(found.conversations)) == ("claude-ai-export", made.count("{}"))
    assert found.problems == ()


def test_an_object_whose_keys_begin_their_lines() -> None:
    found = reading(b'{\n"messages":\n[\n{"role":"user","content":"x"}\n],\n"model":"gpt-4o"}')
    assert (found.format, found.problems) == ("request-openai-chat", ())


def test_text_that_is_too_much_to_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "TEXT_KEPT", 1_000)
    monkeypatch.setattr(PartFactory.__init__, "__defaults__", (1_000, None))
    rows = [line("user", f"u{i}", f"u{i - 1}" if i else None, "x" * 400) for i in range(4)]
    (said,) = reading(lines(*rows)).problems
    assert said.sentence.startswith("The file holds more than 1,000 characters of text;")
    assert reading(lines(*rows[:2])).problems == ()
