"""Claude Code's sessions and their traps."""

from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.model import PartKind, Side, Usage, largest_context, usage_by_model

MODEL = "claude-sonnet-4-5"


def line(kind: str, uuid: str, parent: str | None, content: object, **more: Any) -> dict[str, Any]:
    role = {"user": "user", "assistant": "assistant"}[kind]
    message = {"role": role, "content": content, **more.pop("message", {})}
    row = {"type": kind, "uuid": uuid, "parentUuid": parent, "sessionId": "s1", "isSidechain": False}
    return {**row, "cwd": "/home/dev/app", "timestamp": f"t-{uuid}", "message": message, **more}


def answer(
    uuid: str, parent: str | None, content: object, response: str, output: int = 5, **more: Any
) -> dict[str, Any]:
    usage = {"input_tokens": 3, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 20}
    message = {"id": response, "model": MODEL, "usage": {**usage, "output_tokens": output}}
    return line("assistant", uuid, parent, content, message=message, requestId=f"req_{response}", **more)


def text(words: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": words}]


def call(name: str, identity: str, **given: str) -> list[dict[str, Any]]:
    return [{"type": "tool_use", "id": identity, "name": name, "input": given}]


def result(identity: str, content: object) -> list[dict[str, Any]]:
    return [{"type": "tool_result", "tool_use_id": identity, "content": content}]


def test_a_response_of_several_lines_is_one_message_and_one_request_with_its_last_usage() -> None:
    found = only(
        lines(
            line("user", "u1", None, "Fix the bug\nplease"),
            answer("a1", "u1", [{"type": "thinking", "thinking": "hm"}], "m1", output=2),
            answer("a2", "a1", text("I read it."), "m1", output=2),
            answer("a3", "a2", call("Read", "t1", file_path="/a.py"), "m1", output=90),
            line("user", "u2", "a3", result("t1", "print()")),
        ),
        "claude-code",
    )
    assert texts(found) == [
        ("user", ["Fix the bug\nplease"]),
        ("assistant", ["hm", "I read it.", '{"file_path":"/a.py"}']),
        ("tool results", ["print()"]),
    ]
    assert [request.usage.output for request in found.requests] == [90]
    assert (found.requests[0].start, found.requests[0].end) == (0, 1)
    assert found.title == "Fix the bug"
    assert (found.id, found.project, found.model) == ("s1", "/home/dev/app", MODEL)
    assert found.roles == {"user": 1, "assistant": 1, "tool results": 1}
    assert found.tool_calls == {"Read": 1}
    assert found.tools is None and found.partial


def test_a_result_knows_the_tool_and_the_file_of_its_call() -> None:
    found = only(
        lines(
            answer("a1", None, call("Read", "t1", file_path="/a.py"), "m1"),
            line("user", "u2", "a1", result("t1", text("print()"))),
        ),
        "claude-code",
    )
    part = found.messages[1].parts[0]
    assert (part.kind, part.name, part.file, part.line) == (PartKind.TOOL_RESULT, "Read", "/a.py", 2)
    assert found.messages[1].side is Side.TOOL


def test_a_partial_usage_that_comes_last_does_not_replace_the_whole_one() -> None:
    found = only(
        lines(answer("a1", None, text("x"), "m1", 631), answer("a2", "a1", text("y"), "m1", 5)), "claude-code"
    )
    assert found.requests[0].usage.output == 631


def test_requests_without_a_request_id_are_told_apart_by_their_message() -> None:
    one, two = answer("a1", None, text("x"), "m1"), answer("a2", "a1", text("y"), "m1", 9)
    del two["requestId"]
    three = answer("a3", "a2", text("z"), "m2")
    del three["requestId"]
    found = only(lines(one, two, three), "claude-code")
    assert [request.usage.output for request in found.requests] == [9, 5]


def test_cached_tokens_stand_beside_the_fresh_ones() -> None:
    told = {
        "input_tokens": 7,
        "output_tokens": 5,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 300,
        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
    }
    row = line("assistant", "a1", None, text("x"), message={"id": "m1", "model": MODEL, "usage": told})
    found = only(lines(row), "claude-code")
    assert found.requests[0].usage == Usage(7, 5, 1000, 300, 100, 200)
    assert largest_context((found,)) == 1307


def test_a_synthetic_answer_is_no_request() -> None:
    row = line(
        "assistant",
        "a1",
        None,
        text("API Error"),
        message={"id": "x", "model": "<synthetic>", "usage": {"input_tokens": 0, "output_tokens": 0}},
    )
    found = only(
        lines(line("user", "u0", None, "hi"), {**row, "parentUuid": "u0", "isApiErrorMessage": True}),
        "claude-code",
    )
    assert found.requests == ()
    assert found.messages[1].side is Side.NOTE


def test_a_rewound_branch_is_paid_for_but_not_in_the_context() -> None:
    found = only(
        lines(
            line("user", "u1", None, "first"),
            answer("a1", "u1", text("one"), "m1"),
            line("user", "u2", "a1", "dead end"),
            answer("a2", "u2", text("lost"), "m2"),
            line("user", "u3", "a1", "other way"),
            answer("a3", "u3", text("kept"), "m3"),
        ),
        "claude-code",
    )
    assert [t[0] for _, t in texts(found)] == ["first", "one", "other way", "kept"]
    assert len(found.requests) == 3
    assert [request.end for request in found.requests] == [1, None, 3]
    assert found.roles == {"user": 3, "assistant": 3}


def test_results_of_parallel_calls_stay_though_they_fork_the_tree() -> None:
    found = only(
        lines(
            line("user", "u1", None, "both"),
            answer("a1", "u1", call("Read", "t1"), "m1"),
            answer("a2", "a1", call("Read", "t2"), "m1"),
            line("user", "r1", "a1", result("t1", "one")),
            line("user", "r2", "a2", result("t2", "two")),
            answer("a3", "r2", text("done"), "m2"),
        ),
        "claude-code",
    )
    assert [role for role, _ in texts(found)] == [
        "user",
        "assistant",
        "tool results",
        "tool results",
        "assistant",
    ]


def test_what_stands_above_a_compaction_has_left_the_context() -> None:
    boundary: dict[str, Any] = {
        "type": "system",
        "subtype": "compact_boundary",
        "uuid": "b",
        "parentUuid": None,
    }
    boundary |= {"logicalParentUuid": "a1", "compactMetadata": {"trigger": "auto", "preTokens": 9000}}
    summary = line("user", "s", "b", "We fixed it.", isCompactSummary=True, isVisibleInTranscriptOnly=True)
    found = only(
        lines(
            line("user", "u1", None, "first"),
            answer("a1", "u1", text("one"), "m1"),
            boundary,
            summary,
            answer("a2", "s", text("two"), "m2"),
        ),
        "claude-code",
    )
    assert [role for role, _ in texts(found)] == ["user", "assistant", "compaction summary", "assistant"]
    compaction = found.compactions[0]
    assert (compaction.message, compaction.trigger, compaction.before, compaction.after) == (
        2,
        "auto",
        9000,
        None,
    )
    assert (found.requests[1].start, found.requests[1].end) == (2, 3)


def test_subagents_inside_the_file_are_lanes_of_their_own() -> None:
    side = {"isSidechain": True}
    found = only(
        lines(
            line("user", "u1", None, "go"),
            answer("a1", "u1", call("Task", "t1"), "m1"),
            line("user", "x1", None, "look there", **side),
            line("user", "y1", None, "and there", **side),
            answer("x2", "x1", text("searching"), "m2", **side),
            answer("x3", "x2", call("Grep", "t2"), "m2", **side),
            line("user", "x4", "x3", result("t2", "hit"), **side),
            answer("y2", "y1", text("nothing"), "m3", **side),
            line("user", "u2", "a1", result("t1", "found")),
        ),
        "claude-code",
    )
    assert [len(lane.messages) for lane in found.lanes()] == [3, 3, 2]
    assert [len(lane.requests) for lane in found.lanes()] == [1, 1, 1]
    assert usage_by_model((found,))[MODEL].requests == 3
    assert found.roles == {"user": 3, "assistant": 3, "tool results": 2}


def test_progress_lines_and_tool_use_results_are_second_copies() -> None:
    copy = {
        "type": "progress",
        "uuid": "p",
        "parentUuid": "u1",
        "data": {"message": line("user", "q", None, "x")},
    }
    row = line(
        "user", "u2", "p", result("t1", "short"), toolUseResult={"file": {"content": "the whole file"}}
    )
    found = only(lines(line("user", "u1", None, "go"), copy, row), "claude-code")
    assert texts(found) == [("user", ["go"]), ("tool results", ["short"])]


def test_a_line_that_repeats_a_uuid_is_in_the_context_once() -> None:
    row = line("user", "u2", "u1", result("t1", "x"))
    found = only(lines(line("user", "u1", None, "go"), row, row), "claude-code")
    assert len(found.messages) == 2


def test_images_are_never_text() -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 5000}}
    found = only(lines(line("user", "u1", None, [image, *text("what is it?")])), "claude-code")
    part = found.messages[0].parts[0]
    assert (part.kind, part.text, part.size) == (PartKind.IMAGE, None, 5000)


def test_encrypted_thinking_has_a_size_but_no_text() -> None:
    sealed = [{"type": "thinking", "thinking": "", "signature": "s" * 80}]
    found = only(lines(answer("a1", None, sealed, "m1")), "claude-code")
    part = found.messages[0].parts[0]
    assert (part.kind, part.text, part.size) == (PartKind.THINKING, None, 80)


def test_a_broken_line_is_named_and_what_hangs_below_it_is_shown() -> None:
    broken = b'{"type": "assistant", "uuid": "a1", "parentUu'
    found = reading(
        lines(line("user", "u1", None, "first"), broken, b"\0\0\0", line("user", "u2", "a1", "second"))
    )
    assert [problem.line for problem in found.problems] == [2, 3]
    assert texts(found.conversations[0]) == [("user", ["first"]), ("user", ["second"])]


def test_bare_lines_are_recognized() -> None:
    rows = [{"type": "user", "timestamp": "t", "message": {"content": "hi"}}]
    rows.append({"type": "assistant", "timestamp": "t", "message": {"content": text("yes")}})
    assert texts(only(lines(*rows), "claude-code")) == [("user", ["hi"]), ("assistant", ["yes"])]


def test_where_answers_have_no_parents_the_order_of_the_lines_counts() -> None:
    rows = [line("user", "u1", None, "a"), answer("a1", None, text("b"), "m1"), line("user", "u2", None, "c")]
    assert [t[0] for _, t in texts(only(lines(*rows), "claude-code"))] == ["a", "b", "c"]


def test_a_command_that_was_queued_is_sent() -> None:
    queued: dict[str, Any] = {"type": "attachment", "uuid": "q", "parentUuid": "u1"}
    queued |= {"attachment": {"type": "queued_command", "prompt": "and this"}}
    found = only(
        lines(line("user", "u1", None, "do it"), queued, answer("a1", "q", text("yes"), "m1")), "claude-code"
    )
    assert [t[0] for _, t in texts(found)] == ["do it", "and this", "yes"]
    assert found.roles == {"user": 1, "assistant": 1}


def test_a_circle_of_parents_ends() -> None:
    found = only(lines(line("user", "u1", "u2", "a"), line("user", "u2", "u1", "b")), "claude-code")
    assert len(found.messages) == 2


def test_a_title_and_lines_without_messages_are_no_messages() -> None:
    found = only(
        lines(
            {"type": "queue-operation", "operation": "enqueue"},
            {"type": "summary", "summary": "Bug fixed", "leafUuid": "elsewhere"},
            line("user", "u1", None, "first"),
            line("user", "u2", "u1", "not typed", isMeta=True),
        ),
        "claude-code",
    )
    assert found.title == "Bug fixed"
    assert found.roles == {"user": 1, "user (meta)": 1}


def test_the_web_variant_holds_its_lines_in_one_object() -> None:
    found = only(
        document({"loglines": [line("user", "u1", None, "hi"), line("assistant", "a1", "u1", text("yes"))]}),
        "claude-code-web",
    )
    assert texts(found) == [("user", ["hi"]), ("assistant", ["yes"])]


def test_lines_without_a_message_id_are_one_response_by_their_request() -> None:
    rows = [answer(f"a{i}", None, text(f"block {i}"), "m") for i in range(2)]
    for row in rows:
        del row["message"]["id"]
        row["requestId"] = "r1"
    found = only(lines(line("user", "u1", None, "hi"), *rows), "claude-code")
    assert len(found.requests) == 1
    assert found.roles["assistant"] == 1


def test_answers_to_several_prompts_are_several_though_they_name_one_request() -> None:
    rows = [line("user", "u1", None, "a"), answer("a1", "u1", text("b"), "m")]
    rows += [line("user", "u2", "a1", "c"), answer("a2", "u2", text("d"), "m")]
    for row in rows[1::2]:
        del row["message"]["id"]
    found = only(lines(*rows), "claude-code")
    assert [words for _, (words,) in texts(found)] == ["a", "b", "c", "d"]
    assert (len(found.requests), found.roles["assistant"]) == (1, 2)


def printed(kind: str, content: object, agent: str | None = None, **message: Any) -> dict[str, Any]:
    told = {"role": kind, "content": content, **message}
    return {"type": kind, "message": told, "parent_tool_use_id": agent, "session_id": "s1"}


PRINTED = [
    {"type": "system", "subtype": "init", "session_id": "s1", "cwd": "/home/dev/app", "model": MODEL},
    printed(
        "assistant", call("Task", "t1", prompt="look"), id="m1", usage={"input_tokens": 9, "output_tokens": 1}
    ),
    printed("user", text("look"), agent="t1"),
    printed("assistant", text("found"), "t1", id="m2", usage={"input_tokens": 4, "output_tokens": 1}),
    printed("user", result("t1", "found")),
    {"type": "result", "session_id": "s1", "usage": {"input_tokens": 13, "output_tokens": 80}},
]


@pytest.mark.parametrize("data", [lines(*PRINTED), document(PRINTED)], ids=["stream-json", "json"])
def test_what_claude_prints_is_read_as_what_it_keeps(data: bytes) -> None:
    found = only(data, "claude-code")
    assert texts(found) == [("assistant", ['{"prompt":"look"}']), ("tool results", ["found"])]
    assert [texts(lane) for lane in found.subagents] == [[("user", ["look"]), ("assistant", ["found"])]]
    assert (found.id, found.project) == ("s1", "/home/dev/app")
    assert sum(len(lane.requests) for lane in found.lanes()) == 2


def test_lines_of_usage_alone_are_requests() -> None:
    told = [
        {"sessionId": "s1", "requestId": f"r{n}", "message": answer("", None, "", f"m{n}")["message"]}
        for n in (1, 2)
    ]
    for one in told:
        del one["message"]["content"]
    assert usage_by_model((only(lines(*told), "claude-code"),))[MODEL].requests == 2
    bare = {"type": "assistant", "message": {"usage": {"input_tokens": 5, "output_tokens": 1}}}
    found = only(lines({"type": "user", "message": {}}, bare, bare), "claude-code")
    assert usage_by_model((found,))["unknown"].usage.input == 10
