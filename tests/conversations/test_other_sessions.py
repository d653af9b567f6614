"""Sessions of Gemini CLI and OpenCode and their traps."""

import json
from typing import Any

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.model import PartKind, Side, Usage, largest_context

HEADER = {"sessionId": "s1", "projectHash": "h", "startTime": "2026-01-01T00:00:00Z"}


def gemini(identity: str, words: str, read: int, **more: Any) -> dict[str, Any]:
    tokens = {"input": read, "output": 20, "cached": 30, "thoughts": 5, "tool": 7, "total": read + 32}
    row = {"id": identity, "type": "gemini", "content": words, "model": "gemini-3-pro", "tokens": tokens}
    return {**row, **more}


CALL = {
    "id": "c1",
    "name": "read_file",
    "args": {"file_path": "/a.md"},
    "resultDisplay": "what the screen shows",
    "result": [{"functionResponse": {"id": "c1", "name": "read_file", "response": {"output": "# Title"}}}],
}


def test_gemini_cli_counts_thoughts_as_output_and_cached_tokens_inside_the_input() -> None:
    rows = [{"id": "u", "type": "user", "content": "hi"}, gemini("g", "hello", 100, toolCalls=[CALL])]
    found = only(
        document({**HEADER, "messages": [*rows, {"id": "i", "type": "info", "content": "stopped"}]}),
        "gemini-cli",
    )
    assert found.requests[0].usage == Usage(input=70, output=25, cache_read=30, reasoning=5)
    assert largest_context((found,)) == 100
    assert found.roles == {"user": 1, "gemini": 1, "info": 1}
    assert found.messages[2].side is Side.NOTE
    assert texts(found)[1] == ("gemini", ["hello", '{"file_path":"/a.md"}', "# Title"])
    assert found.messages[1].parts[2].file == "/a.md"
    assert found.tool_calls == {"read_file": 1}


def test_in_gemini_clis_lines_the_same_id_replaces_and_patches_are_no_messages() -> None:
    found = only(
        lines(
            HEADER,
            {"id": "u", "type": "user", "content": [{"text": "hi"}]},
            {"$set": {"lastUpdated": "later"}},
            gemini("g", "", 100),
            gemini("g", "done", 100, toolCalls=[CALL]),
        ),
        "gemini-cli",
    )
    assert len(found.requests) == 1
    assert [role for role, _ in texts(found)] == ["user", "gemini"]
    assert found.messages[1].parts[0].text == "done"


def test_what_gemini_cli_rewound_is_paid_for_but_not_in_the_context() -> None:
    found = only(
        lines(
            HEADER,
            {"id": "u1", "type": "user", "content": "one"},
            gemini("g1", "first", 100),
            {"id": "u2", "type": "user", "content": "two"},
            gemini("g2", "dead", 200, toolCalls=[CALL]),
            {"$rewindTo": "u2"},
            {"id": "u3", "type": "user", "content": "three"},
            gemini("g3", "live", 300),
        ),
        "gemini-cli",
    )
    assert [words for _, (words,) in texts(found)] == ["one", "first", "three", "live"]
    spans = [(request.key, request.start, request.end) for request in found.requests]
    assert spans == [("g1", 0, 1), ("g2", None, None), ("g3", 0, 3)]
    assert (found.roles, found.tool_calls) == ({"user": 3, "gemini": 3}, {"read_file": 1})


def test_a_rewind_to_a_message_that_nobody_knows_takes_back_all_of_them() -> None:
    rows = [{"id": "u", "type": "user", "content": "one"}, gemini("g", "x", 100), {"$rewindTo": "?"}]
    found = only(lines(HEADER, *rows), "gemini-cli")
    assert (found.messages, len(found.requests)) == ((), 1)


def test_gemini_clis_new_history_takes_the_place_of_all_above_and_repeats_no_call() -> None:
    answer = {"functionResponse": {"id": "c1", "name": "read_file", "response": {"output": "# Title"}}}
    asked = [{"text": "I look"}, {"functionCall": {"id": "c1", "name": "read_file", "args": {}}}]
    history = [
        {"id": "s", "type": "user", "content": [{"text": "a summary"}]},
        gemini("g2", "", 200, toolCalls=[CALL]) | {"content": asked},
        {"id": "r", "type": "user", "content": [answer]},
    ]
    found = only(
        lines(
            HEADER,
            {"id": "u", "type": "user", "content": "one"},
            *(gemini("g1", "first", 100), gemini("g2", "", 200, toolCalls=[CALL])),
            {"$set": {"messages": history, "lastUpdated": "later"}},
        ),
        "gemini-cli",
    )
    assert texts(found) == [
        ("user", ["a summary"]),
        ("gemini", ["I look", '{"file_path":"/a.md"}', "# Title"]),
        ("user", []),
    ]
    assert [(request.key, request.end) for request in found.requests] == [("g1", None), ("g2", 1)]
    assert found.tool_calls == {"read_file": 1}


def test_gemini_clis_log_of_prompts_is_a_conversation_a_session() -> None:
    log = [
        {"sessionId": name, "messageId": n, "type": "user", "message": words, "timestamp": "2026-01-01"}
        for n, (name, words) in enumerate((("a", "one"), ("b", "two"), ("a", "three")))
    ]
    found = reading(document(log))
    assert (found.format, found.problems) == ("gemini-cli", ())
    assert [texts(one) for one in found.conversations] == [
        [("user", ["one"]), ("user", ["three"])],
        [("user", ["two"])],
    ]


def test_gemini_clis_checkpoint_is_the_request_that_goes_on_from_there() -> None:
    history = [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"text": "hello"}]}]
    found = only(document({"history": history, "authType": "oauth-personal"}), "request-gemini")
    assert texts(found) == [("user", ["hi"]), ("model", ["hello"])]


def step(tokens: int, reasoning: int = 0) -> dict[str, Any]:
    told = {"input": 4, "output": 10, "reasoning": reasoning, "cache": {"read": tokens, "write": 6}}
    return {"type": "step-finish", "id": f"p{tokens}", "tokens": told}


def tool(output: str, **time: int) -> dict[str, Any]:
    state = {"status": "completed", "input": {"filePath": "/a.py"}, "output": output, "time": time}
    return {"type": "tool", "callID": "c1", "tool": "read", "state": state}


def test_opencode_counts_each_step_and_not_the_message_that_repeats_them() -> None:
    told = {"input": 8, "output": 20, "reasoning": 3, "cache": {"read": 300, "write": 12}}
    info = {"role": "assistant", "modelID": "claude-opus-4", "tokens": told}
    parts = [
        {"type": "step-start"},
        {"type": "reasoning", "text": "hm"},
        tool("print()"),
        step(100, 3),
        {"type": "step-start"},
        {"type": "text", "text": "done"},
        step(200),
    ]
    user = {"info": {"role": "user"}, "parts": [{"type": "text", "text": "fix it"}]}
    found = only(
        document({"info": {"id": "s1", "title": "Fix"}, "messages": [user, {"info": info, "parts": parts}]}),
        "opencode",
    )
    assert [request.usage for request in found.requests] == [
        Usage(4, 13, 100, 6, reasoning=3),
        Usage(4, 10, 200, 6, reasoning=0),
    ]
    assert [(request.start, request.end) for request in found.requests] == [(0, 1), (0, 3)]
    assert texts(found) == [
        ("user", ["fix it"]),
        ("assistant", ["hm", '{"filePath":"/a.py"}']),
        ("tool results", ["print()"]),
        ("assistant", ["done"]),
    ]
    assert found.roles == {"user": 1, "assistant": 1}
    assert (found.title, found.model) == ("Fix", "claude-opus-4")


def test_an_output_that_opencode_cleared_is_not_in_the_context() -> None:
    message = {"info": {"role": "assistant"}, "parts": [tool("x" * 5000, compacted=1)]}
    found = only(document({"info": {}, "messages": [message]}), "opencode")
    result = found.messages[1].parts[0]
    assert result.kind is PartKind.TOOL_RESULT and result.size is not None and result.size < 100


def test_opencodes_summary_takes_the_place_of_what_stands_above() -> None:
    messages = [
        {"info": {"role": "user"}, "parts": [{"type": "text", "text": "old"}]},
        {
            "info": {"role": "assistant", "summary": True},
            "parts": [{"type": "text", "text": "so far"}, step(900)],
        },
        {"info": {"role": "assistant"}, "parts": [{"type": "text", "text": "new"}, step(50)]},
    ]
    found = only(document({"info": {}, "messages": messages}), "opencode")
    assert [compaction.message for compaction in found.compactions] == [1]
    assert [(request.start, request.end) for request in found.requests] == [(0, 1), (1, 2)]


def test_opencodes_event_stream_is_read_by_message() -> None:
    rows = [
        {
            "type": "step_start",
            "sessionID": "s",
            "part": {"messageID": "m1", "sessionID": "s", "type": "step-start"},
        },
        {
            "type": "text",
            "sessionID": "s",
            "part": {"messageID": "m1", "sessionID": "s", "type": "text", "text": "one"},
        },
        {"type": "step_finish", "sessionID": "s", "part": {"messageID": "m1", "sessionID": "s", **step(50)}},
        {
            "type": "text",
            "sessionID": "s",
            "part": {"messageID": "m2", "sessionID": "s", "type": "text", "text": "two"},
        },
    ]
    found = only(lines(*rows), "opencode")
    assert texts(found) == [("assistant", ["one"]), ("assistant", ["two"])]
    assert found.requests[0].model is None and len(found.requests) == 1


def test_a_single_file_of_opencodes_store_may_be_indented() -> None:
    part = {"id": "p", "sessionID": "s", "messageID": "m", "type": "text", "text": "hello"}
    found = only(json.dumps(part, indent=2).encode(), "opencode")
    assert texts(found) == [("assistant", ["hello"])]
