"""Cline's and Roo's tasks, Continue's and Goose's sessions, OpenHands' trajectories, and their traps."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.model import ModelUsage, PartKind, Side, Usage


def said(role: str, *blocks: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "content": list(blocks), **more}


def words(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def use(call: str, name: str, **given: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": call, "name": name, "input": given}


def result(call: str, content: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": call, "content": content}


ENVIRONMENT = words("<environment_details>\n# Current Workspace Directory (/home/dev/app) Files\n")
CLINE = document(
    [
        said("user", words("<task>\nmend it\n</task>"), ENVIRONMENT, ts=1_760_000_000_000),
        said(
            "assistant",
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            use("c", "read_file", path="/a.py"),
            ts=1_760_000_001_000,
            modelInfo={"modelId": "gemini-2.5-pro", "providerId": "vertex", "mode": "act"},
            metrics={"tokens": {"prompt": 900, "completion": 40, "cached": 600}, "cost": 0.01},
        ),
        said("user", result("c", "print(1)")),
        said("assistant", words("Done."), metrics={"tokens": {"prompt": 0, "completion": 0, "cached": 0}}),
    ]
)


def test_clines_prompt_tokens_hold_the_cached_ones() -> None:
    found = only(CLINE, "cline")
    (request,) = found.requests
    assert (request.usage, request.end) == (Usage(input=300, output=40, cache_read=600), 1)
    assert (found.model, found.host) == ("gemini-2.5-pro", "gemini-vertex")
    assert (found.title, found.project) == ("mend it", "/home/dev/app")
    assert found.date == "2025-10-09T08:53:20Z"
    assert texts(found)[1:3] == [("assistant", ["hm", '{"path":"/a.py"}']), ("user", ["print(1)"])]
    assert found.messages[2].parts[0].file == "/a.py"


SESSION = {
    "version": 1,
    "updated_at": "2026-04-22T17:42:10Z",
    "agent": "lead",
    "sessionId": "s1",
    "system_prompt": "You are Cline.",
    "messages": [
        said("user", words("sum it up"), {"type": "file", "path": "/a.md", "content": "# A"}, id="m1"),
        said("assistant", use("c", "read_files"), id="m2", modelInfo={"id": "claude-sonnet-4-6"}),
        said("user", result("c", "x"), id="m3"),
        said(
            "assistant",
            words("Short."),
            id="m4",
            modelInfo={"id": "claude-sonnet-4-6", "provider": "anthropic"},
            metrics={"inputTokens": 21, "outputTokens": 8, "cacheReadTokens": 3, "cacheWriteTokens": 1},
        ),
    ],
}


def test_clines_newer_sessions_tell_their_figures_once_a_turn() -> None:
    found = only(document(SESSION), "cline")
    (request,) = found.requests
    assert request.usage == Usage(input=17, output=8, cache_read=3, cache_write=1)
    assert (request.model, request.start, request.end) == ("claude-sonnet-4-6", 0, 3)
    assert (found.id, found.is_subagent, found.title) == ("s1", False, "sum it up")
    assert found.system[0].text == "You are Cline."
    attached = found.messages[0].parts[1]
    assert (attached.kind, attached.name, attached.text) == (PartKind.FILE, "/a.md", "# A")


def test_clines_subagents_bear_their_parents_id() -> None:
    found = only(document({**SESSION, "agent": "subagent"}), "cline")
    assert (found.id, found.parent, found.is_subagent) == ("m1", "s1", True)


def test_what_roo_condensed_or_cut_off_is_not_sent() -> None:
    rows = [
        said("user", words("first"), ts=1),
        said("assistant", words("gone"), ts=2, condenseParent="k"),
        said("user", words("kept: nothing stands for it"), ts=3, condenseParent="unknown"),
        {"role": "assistant", "type": "reasoning", "encrypted_content": "xxxx", "ts": 4},
        said("assistant", words("summary"), ts=5, isSummary=True, condenseId="k"),
        said("user", words("cut"), ts=6, truncationParent="t"),
        said("user", words("cut here"), ts=7, isTruncationMarker=True, truncationId="t"),
    ]
    found = only(document(rows), "cline")
    assert [told for _, told in texts(found)] == [
        ["first"],
        ["kept: nothing stands for it"],
        [None],
        ["summary"],
        ["cut here"],
    ]
    assert found.messages[2].parts[0].kind is PartKind.THINKING
    assert found.roles == {"user": 4, "assistant": 3}
    assert found.requests == ()


def item(role: str, content: Any, **more: Any) -> dict[str, Any]:
    beside = {key: more.pop(key) for key in ("toolCalls", "usage", "toolCallId") if key in more}
    return {"message": {"role": role, "content": content, **beside}, "contextItems": [], **more}


CALL = {"id": "c", "type": "function", "function": {"name": "read_file", "arguments": '{"filepath":"a.py"}'}}
USAGE = {"promptTokens": 100, "completionTokens": 9, "promptTokensDetails": {"cachedTokens": 60}}
CONTINUE = {
    "sessionId": "s1",
    "title": "Mend",
    "workspaceDirectory": "file:///home/dev/my%20app",
    "history": [
        item("user", "mend it", contextItems=[{"description": "src/a.py", "content": "x = 1"}]),
        item("thinking", "hm", signature="s"),
        item(
            "assistant",
            "I look.",
            toolCalls=[CALL],
            usage=USAGE,
            promptLogs=[{"modelTitle": "GPT-4o", "modelProvider": "openai", "prompt": "everything again"}],
            toolCallStates=[{"toolCallId": "c", "toolCall": CALL, "output": [{"content": "x = 1"}]}],
        ),
        item("tool", "x = 1", toolCallId="c"),
        item(
            "assistant", [{"type": "text", "text": "Done."}, {"type": "imageUrl", "imageUrl": {"url": "u"}}]
        ),
    ],
}


def test_continues_context_is_sent_and_its_tools_answers_count_once() -> None:
    found = only(document(CONTINUE), "continue")
    assert texts(found) == [
        ("user", ["x = 1\n", "mend it"]),
        ("thinking", ["hm"]),
        ("assistant", ["I look.", '{"filepath":"a.py"}']),
        ("tool", ["x = 1"]),
        ("assistant", ["Done.", None]),
    ]
    assert found.messages[0].parts[0].name == "src/a.py"
    assert found.messages[4].parts[1].kind is PartKind.IMAGE
    assert found.tool_calls == {"read_file": 1}
    (request,) = found.requests
    assert (request.model, request.usage) == ("GPT-4o", Usage(input=40, output=9, cache_read=60))
    assert (request.start, request.end) == (0, 1)
    assert (found.title, found.project, found.model) == ("Mend", "/home/dev/my app", "GPT-4o")


def test_continue_keeps_anthropics_cached_tokens_apart() -> None:
    history = [item("user", "hi"), item("assistant", "yes", usage=USAGE)]
    whole = {**CONTINUE, "history": history, "chatModelTitle": "Claude 3.5 Sonnet"}
    (request,) = only(document(whole), "continue").requests
    assert request.usage == Usage(input=100, output=9, cache_read=60)


def test_continue_sends_what_follows_a_summary_and_the_summary() -> None:
    history = [
        item("user", "old"),
        item("assistant", "older", conversationSummary="It was mended."),
        item("assistant", "at once", usage=USAGE),
        item("user", "new"),
        item("thinking", "hm"),
        item("thinking", "so", usage=USAGE),
    ]
    found = only(document({**CONTINUE, "history": history}), "continue")
    assert [(one.start, one.end) for one in found.requests] == [(2, 3), (2, 5)]
    (compaction,) = found.compactions
    live = found.messages[compaction.message :]
    assert [(one.side, one.parts[0].text) for one in live] == [
        (Side.SYSTEM, "Previous conversation summary:\n\n It was mended."),
        (Side.ASSISTANT, "at once"),
        (Side.USER, "new"),
        (Side.ASSISTANT, "hm"),
        (Side.ASSISTANT, "so"),
    ]


def goose(role: str, *blocks: Any, **more: Any) -> dict[str, Any]:
    return {"role": role, "created": 1_747_178_328, "content": list(blocks), **more}


SHELL = {"status": "success", "value": {"name": "developer__shell", "arguments": {"command": "ls"}}}
GOOSE = [
    {
        "working_dir": "/home/dev/app",
        "description": "List",
        "message_count": 4,
        "input_tokens": 90,
        "output_tokens": 10,
        "accumulated_input_tokens": 150,
        "accumulated_output_tokens": 20,
    },
    goose("user", words("list them")),
    goose("assistant", {"type": "toolRequest", "id": "c", "toolCall": SHELL}),
    goose(
        "user",
        {"type": "toolResponse", "id": "c", "toolResult": {"status": "success", "value": [words("a.txt")]}},
    ),
    goose("assistant", words("One.")),
]


def test_gooses_sums_are_told_as_such() -> None:
    found = only(lines(*GOOSE), "goose")
    assert found.reported == {"unknown": ModelUsage(0, Usage(input=150, output=20))}
    assert found.requests == ()
    assert texts(found)[1:3] == [("assistant", ['{"command":"ls"}']), ("user", ["a.txt"])]
    assert found.messages[2].parts[0].name == "developer__shell"
    assert (found.title, found.project, found.date) == ("List", "/home/dev/app", "2025-05-13T23:18:48Z")


def test_what_is_not_for_gooses_agent_is_not_sent() -> None:
    answered = {"status": "success", "value": {"content": [words("a.txt")], "isError": False}}
    failed = {"status": "error", "error": "-32603: no such tool"}
    whole = {
        "id": "20260403_20",
        "working_dir": "/home/dev/app",
        "name": "List",
        "created_at": "2026-04-03T19:50:29Z",
        "model_config": {"model_name": "claude-sonnet-4-5"},
        "accumulated_input_tokens": None,
        "conversation": [
            goose("user", words("old"), metadata={"userVisible": True, "agentVisible": False}),
            goose("assistant", {"type": "systemNotification", "msg": "Compacting"}),
            goose("user", words("summary"), metadata={"userVisible": False, "agentVisible": True}),
            goose("assistant", {"type": "toolRequest", "id": "c", "toolCall": SHELL}),
            goose("user", {"type": "toolResponse", "id": "c", "toolResult": answered}),
            goose("assistant", {"type": "toolRequest", "id": "d", "toolCall": failed}),
        ],
    }
    found = only(document(whole), "goose")
    assert [told for _, told in texts(found)] == [
        ["summary"],
        ['{"command":"ls"}'],
        ["a.txt"],
        ["-32603: no such tool"],
    ]
    assert (found.id, found.model, found.reported) == ("20260403_20", "claude-sonnet-4-5", {})
    assert found.roles == {"user": 3, "assistant": 3}


def response(name: str, *calls: str) -> dict[str, Any]:
    asked = [
        {"id": call, "function": {"name": "execute_bash", "arguments": '{"command":"ls"}'}} for call in calls
    ]
    return {
        "id": name,
        "model": "gpt-5",
        "choices": [{"message": {"role": "assistant", "content": "I look.", "tool_calls": asked}}],
        "usage": {
            "prompt_tokens": 100,
            "completion_tokens": 20,
            "prompt_tokens_details": {"cached_tokens": 80},
            "completion_tokens_details": {"reasoning_tokens": 10},
        },
    }


def action(number: int, kind: str, source: str = "agent", **args: Any) -> dict[str, Any]:
    return {"id": number, "source": source, "timestamp": "2026", "action": kind, "args": args}


def observed(number: int, kind: str, content: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "source": "agent", "observation": kind, "content": content, "extras": {}, **more}


def called(one: dict[str, Any], call: str) -> dict[str, Any]:
    return {
        "tool_call_metadata": {"function_name": "execute_bash", "tool_call_id": call, "model_response": one}
    }


ONE = response("r1", "c", "d")
CLASSIC = [
    action(0, "system", content="You are OpenHands.", tools=[{"function": {"name": "execute_bash"}}]),
    action(1, "message", "user", content="list them", image_urls=None),
    action(2, "recall", "user", query="list them"),
    observed(3, "recall", "Added workspace context"),
    {**action(4, "run", command="ls"), **called(ONE, "c")},
    {**action(5, "run", command="ls"), **called(ONE, "d")},
    observed(6, "run", "a.txt", **called(ONE, "c")),
    observed(7, "run", "b.txt", **called(ONE, "d")),
    observed(8, "agent_state_changed", ""),
    action(9, "message", content="Two."),
]


def test_a_response_of_openhands_stands_on_each_of_its_events_and_counts_once() -> None:
    found = only(document(CLASSIC), "openhands")
    assert texts(found) == [
        ("user", ["list them"]),
        ("assistant", ["I look.", '{"command":"ls"}', '{"command":"ls"}']),
        ("tool", ["a.txt"]),
        ("tool", ["b.txt"]),
        ("assistant", ["Two."]),
    ]
    (request,) = found.requests
    assert request.usage == Usage(input=20, output=20, cache_read=80, reasoning=10)
    assert (request.model, request.start, request.end, request.key) == ("gpt-5", 0, 1, "r1")
    assert found.system[0].text == "You are OpenHands."
    assert found.tools is not None and found.tools[0].name == "execute_bash"
    assert found.tool_calls == {"execute_bash": 2}


def test_rows_of_openhands_hold_events_or_pairs_of_them() -> None:
    pairs = [[CLASSIC[1], CLASSIC[9]], [action(2, "run", thought="I look.", command="ls"), {}]]
    rows = [{"instance_id": "one", "history": CLASSIC}, {"instance_id": "two", "history": pairs}]
    first, second = reading(lines(*rows)).conversations
    assert (first.id, len(first.messages), second.id) == ("one", 5, "two")
    assert texts(second)[2] == ("assistant", ["I look.", '{"command":"ls"}'])


def test_a_condensation_of_openhands_leaves_what_is_kept_and_a_summary() -> None:
    forget: dict[str, Any] = {"forgotten_events_start_id": 4, "forgotten_events_end_id": 8}
    after = action(10, "condensation", summary="Two files.", summary_offset=2, **forget)
    two = response("r2", "e")
    found = only(document([*CLASSIC, after, {**action(11, "run"), **called(two, "e")}]), "openhands")
    assert found.compactions[0].message == 5
    assert [told for _, told in texts(found)[5:]] == [
        ["list them"],
        ["Two files."],
        ["Two."],
        ["I look.", '{"command":"ls"}'],
    ]
    assert (found.requests[1].start, found.requests[1].end) == (5, 8)
    assert found.roles == {"user": 1, "assistant": 3, "tool": 2}


def event(kind: str, name: str, source: str = "agent", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "id": name, "source": source, "timestamp": "2026", **more}


def acted(name: str, call: str, thought: str) -> dict[str, Any]:
    asked = {"id": call, "name": "terminal", "arguments": '{"command":"ls"}'}
    said = [words(thought)] if thought else []
    return event(
        "ActionEvent",
        name,
        thought=said,
        reasoning_content="hm" if thought else None,
        tool_name="terminal",
        tool_call_id=call,
        tool_call=asked,
        llm_response_id="r1",
        action={"kind": "TerminalAction"},
    )


NEWER = [
    event(
        "SystemPromptEvent",
        "0",
        system_prompt=words("You are OpenHands."),
        dynamic_context=words("Host: a"),
        tools=[{"name": "terminal", "description": "Runs."}],
    ),
    event("MessageEvent", "1", "user", llm_message={"role": "user", "content": [words("list them")]}),
    acted("2", "c", "I look."),
    acted("3", "d", ""),
    event(
        "ObservationEvent",
        "4",
        tool_name="terminal",
        tool_call_id="c",
        observation={"content": [words("no")], "is_error": True, "command": "ls"},
    ),
    event("AgentErrorEvent", "5", tool_name="terminal", tool_call_id="d", error="no such tool"),
    event("ConversationStateUpdateEvent", "6", key="stats", value={}),
]


def test_openhands_newer_events() -> None:
    usage = {"response_id": "r1", "model": "m", "prompt_tokens": 50, "completion_tokens": 5}
    row = {"instance_id": "one", "history": NEWER, "metrics": {"token_usages": [usage]}}
    found = only(lines(row), "openhands")
    assert texts(found) == [
        ("user", ["list them"]),
        ("assistant", ["hm", "I look.", '{"command":"ls"}', '{"command":"ls"}']),
        ("tool", ["[An error occurred during execution.]\n\nno"]),
        ("tool", ["no such tool"]),
    ]
    assert [part.text for part in found.system] == ["You are OpenHands.", "Host: a"]
    (request,) = found.requests
    assert (request.usage, request.model, request.end) == (Usage(input=50, output=5), "m", 1)


AIDER = b"""
# aider chat started at 2024-08-05 19:33:32

> Aider v0.47.2  \n> Models: claude-3-5-sonnet-20240620 with diff edit format, weak model claude-3-haiku  \n\
> Added utils.py to the chat.  \n
#### Use the Spinner  \n#### and nothing else  \n
Certainly!

# A heading of the answer
```sh
> kept: a prompt in a block
```

> Tokens: 5,244 sent, 604 received. Cost: $0.02 request, $0.02 session.  \n
#### /diff  \n
#### /ask why?  \n
Because:
```
it ends in the middle
> ^C KeyboardInterrupt  \n
#### <blank>  \n
#### /clear  \n
#### new  \n
# aider chat started at 2024-08-05 20:40:10

> Model: gpt-4o-mini with whole edit format  \n
"""


def test_aiders_history() -> None:
    found = only(AIDER, "aider")  # in the other session nothing was said
    assert texts(found) == [
        (
            "note",
            [
                "\n".join(
                    (
                        "Aider v0.47.2",
                        "Models: claude-3-5-sonnet-20240620 with diff edit format, weak model claude-3-haiku",
                        "Added utils.py to the chat.",
                    )
                )
            ],
        ),
        ("user", ["Use the Spinner\nand nothing else"]),
        (
            "assistant",
            ["Certainly!\n\n# A heading of the answer\n```sh\n> kept: a prompt in a block\n```"],
        ),
        ("note", ["Tokens: 5,244 sent, 604 received. Cost: $0.02 request, $0.02 session."]),
        ("command", ["/diff"]),
        ("user", ["why?"]),
        ("assistant", ["Because:\n```\nit ends in the middle"]),
        ("note", ["^C KeyboardInterrupt"]),
        ("command", ["/clear"]),
        ("user", ["new"]),
    ]
    assert (found.model, found.date) == ("claude-3-5-sonnet-20240620", "2024-08-05T19:33:32")
    assert (found.requests, found.reported, found.title) == ((), {}, "Use the Spinner")
    assert [one.message for one in found.compactions] == [8]


def test_a_line_of_aiders_history_ends_at_its_newline_alone() -> None:
    said = "first\f\u2028#### not typed\x85> no note"
    found = only(
        f"# aider chat started at 2024-08-05 19:33:32\n\n#### hello\r\n\r\n{said}\r\n\r\n#### bye\n".encode(),
        "aider",
    )
    assert [(one.role, one.parts[0].text, one.line) for one in found.messages] == [
        ("user", "hello", 3),
        ("assistant", said, 5),
        ("user", "bye", 7),
    ]


def test_each_session_of_aiders_history_is_one_conversation() -> None:
    data = AIDER + AIDER.replace(b"Use the Spinner", b"And again")
    assert [one.title for one in reading(data).conversations] == ["Use the Spinner", "And again"]
    assert reading(AIDER.decode().encode("utf-16")).format == "aider"
    damaged = reading(AIDER.replace(b"Certainly!", b"Certainl\xff!"))
    assert [problem.sentence for problem in damaged.problems] == [
        "The file is not UTF-8; what cannot be read is shown as �."
    ]
    assert reading(AIDER[: len(AIDER) // 2]).format == "aider"


def asked(number: int, model: str, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    usage = {"input_tokens": 10, "output_tokens": 2, "input_tokens_cache_read": 90, "reasoning_tokens": 1}
    tools = [{"name": "bash", "description": "Runs.", "parameters": {"type": "object"}}]
    output = {"model": "m", "usage": usage}
    told = {"event": "model", "timestamp": "2026", "uuid": f"e{number}", "model": model, "tools": tools}
    return {**told, "input": list(messages), "output": output, **more}


SYSTEM = {"id": "1", "role": "system", "content": "Solve it."}
ASKED = {"id": "2", "role": "user", "content": "attachment://abc"}
RAN = {
    "id": "3",
    "role": "assistant",
    "content": [{"type": "reasoning", "reasoning": "hm", "redacted": False}, words("I run.")],
    "tool_calls": [{"id": "c", "function": "bash", "arguments": {"cmd": "ls"}}],
}
GAVE = {"id": "4", "role": "tool", "tool_call_id": "c", "function": "bash", "content": "a.txt"}
SAMPLE = {
    "id": 7,
    "epoch": 1,
    "uuid": "s1",
    "scores": {},
    "messages": [SYSTEM, ASKED, RAN, GAVE],
    "attachments": {"abc": "Which files are there?"},
    "events": [
        {"event": "sample_init"},
        asked(1, "openai/gpt-5", SYSTEM, ASKED),
        asked(2, "openai/gpt-5", input_refs=[[0, 2], [2, 4]]),
        asked(3, "openai/gpt-5", SYSTEM, ASKED, cache="read"),
        asked(4, "openai/grader", {"id": "9", "role": "user", "content": "Is it right?"}),
    ],
    "events_data": {"messages": [SYSTEM, ASKED, RAN, GAVE]},
}
LOG = {
    "version": 2,
    "eval": {"task": "files", "model": "openai/gpt-5", "created": "2025"},
    "samples": [SAMPLE],
}


def test_a_sample_of_inspects_log() -> None:
    found = only(document(LOG), "inspect")
    assert texts(found) == [
        ("system", ["Solve it."]),
        ("user", ["Which files are there?"]),
        ("assistant", ["hm", "I run.", '{"cmd":"ls"}']),
        ("tool", ["a.txt"]),
    ]
    assert found.messages[2].parts[0].kind is PartKind.THINKING
    first, _second, grader = found.requests
    assert first.usage == Usage(input=10, output=2, cache_read=90, reasoning=1)
    assert [(one.start, one.end) for one in found.requests] == [(0, 2), (0, 4), (None, None)]
    assert (first.model, grader.model) == ("openai/gpt-5", "openai/grader")
    assert found.tools is not None and found.tools[0].name == "bash"
    assert (found.id, found.project, found.title) == ("s1", "files", "Which files are there?")
    assert found.tool_calls == {"bash": 1}
    alone = only(document(SAMPLE), "inspect")
    assert alone.messages == found.messages


def test_the_total_tells_where_inspects_cached_tokens_stand() -> None:
    told = {"input_tokens": 50, "output_tokens": 5, "input_tokens_cache_read": 40}
    for total, fresh in ((55, 10), (95, 50)):
        output = {"usage": {**told, "total_tokens": total}}
        sample = {**SAMPLE, "events": [asked(1, "openai/gpt-5", SYSTEM, ASKED, output=output)]}
        (request,) = only(document(sample), "inspect").requests
        assert request.usage == Usage(input=fresh, output=5, cache_read=40)


def test_each_sample_is_a_conversation_and_sums_stand_in_for_events() -> None:
    usage = {"openai/gpt-5": {"input_tokens": 5, "output_tokens": 3}}
    bare = {**SAMPLE, "id": 8, "uuid": None, "events": [], "model_usage": usage}
    one, two = reading(document({**LOG, "samples": [SAMPLE, bare]})).conversations
    assert (one.reported, two.requests) == ({}, ())
    assert two.reported == {"openai/gpt-5": ModelUsage(0, Usage(input=5, output=3))}
    assert (two.id, two.tool_calls) == ("8/1", {"bash": 1})


def generation(number: int, given: object, output: object, **more: object) -> dict[str, object]:
    return {
        "id": f"o{number}",
        "traceId": "t1",
        "type": "GENERATION",
        "startTime": f"2026-05-01T10:00:0{number}Z",
        "model": "gpt-5",
        "input": given,
        "output": output,
        "usageDetails": {"input": 10 * number, "output": number, "total": 11 * number},
        **more,
    }


BASH = {"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}}
WHICH = {"role": "user", "content": "Which files are there?"}
LISTS = {"role": "assistant", "content": "", "tool_calls": [
    {"id": "c1", "type": "function", "function": {"name": "bash", "arguments": '{"cmd":"ls"}'}}
]}  # fmt: skip
LISTED = {"role": "tool", "tool_call_id": "c1", "content": "a.txt"}
GENERATIONS = [
    generation(
        3, {"tools": [BASH], "messages": [WHICH, LISTS, LISTED]}, {"role": "assistant", "content": "One."}
    ),
    generation(1, {"tools": [BASH], "messages": [WHICH]}, LISTS),
    generation(2, [{"role": "user", "content": "Is it safe?"}], "yes", model="judge"),
    {**generation(0, None, None), "id": "a1", "type": "AGENT", "usageDetails": {"input": 60, "output": 6}},
]
TRACE = {
    "id": "t1",
    "name": "files",
    "timestamp": "2026-05-01T10:00:00Z",
    "input": "Which?",
    "output": "One.",
}
LANGFUSE = {"trace": {**TRACE, "observations": GENERATIONS}, "observations": GENERATIONS}


def test_generations_of_a_langfuse_trace_that_go_on_are_one_conversation() -> None:
    agent, judge = reading(document(LANGFUSE)).conversations
    assert agent.format == "langfuse"
    assert texts(agent) == [
        ("user", ["Which files are there?"]),
        ("assistant", ['{"cmd":"ls"}']),
        ("tool", ["a.txt"]),
        ("assistant", ["One."]),
    ]
    assert [(one.start, one.end, one.usage.context) for one in agent.requests] == [(0, 1, 10), (0, 3, 30)]
    assert agent.tools is not None and [tool.name for tool in agent.tools] == ["bash"]
    assert (agent.project, agent.title, agent.tool_calls) == ("files", "Which files are there?", {"bash": 1})
    assert texts(judge) == [("user", ["Is it safe?"]), ("assistant", ["yes"])]
    assert (judge.model, len(judge.requests), judge.tools) == ("judge", 1, None)
    assert judge.tool_calls == {}
    twice = reading(lines(LANGFUSE, {**TRACE, "observations": GENERATIONS})).conversations
    assert [one.messages for one in twice] == [agent.messages, judge.messages] * 2


@pytest.mark.parametrize("form", [lines, lambda *rows: document(rows)])
def test_langfuses_exports_to_a_storage_have_one_observation_a_row(form: Callable[..., bytes]) -> None:
    names = {"traceId": "trace_id", "startTime": "start_time", "usageDetails": "usage_details"}
    names |= {"model": "provided_model_name"}
    rows: list[dict[str, object]] = []
    for one in GENERATIONS:
        packed = {key: json.dumps(one[key]) for key in ("input", "output")}
        rows.append({names.get(key, key): value for key, value in {**one, **packed}.items()})
        rows[-1]["trace_name"] = "files"
    rows.append({**rows[1], "trace_id": "t2", "id": "o9", "usage_details": {"input": "12", "output": "3"}})
    agent, other, judge = reading(form(*rows)).conversations
    whole, judged = reading(document(LANGFUSE)).conversations
    assert (agent.messages, agent.project) == (whole.messages, "files")
    assert [(one.usage, one.end) for one in agent.requests] == [
        (one.usage, one.end) for one in whole.requests
    ]
    assert (judge.messages, judge.model) == (judged.messages, "judge")
    assert [one.usage.context for one in other.requests] == [12]


def test_a_trace_without_generations_is_said_to_hold_none() -> None:
    found = reading(document({**TRACE, "observations": GENERATIONS[-1:]}))
    assert (found.format, [each.sentence for each in found.problems]) == (
        "langfuse",
        ["It holds no messages."],
    )


def test_what_langfuse_calls_input_is_all_that_was_read() -> None:
    told = {"input": 10, "input_cached_tokens": 90, "output": 3, "output_reasoning_tokens": 4, "total": 107}
    apart = {"input": 5, "cache_read_input_tokens": 70, "input_cache_creation": 20, "output": 1}
    old = {"input": 13, "output": 353, "total": 366, "unit": "TOKENS"}
    counted = {"usageDetails": None, "usage": {**old, "unit": "CHARACTERS"}}
    for more, usage in (
        ({"usageDetails": told}, Usage(input=10, output=7, cache_read=90, reasoning=4)),
        ({"usageDetails": apart}, Usage(input=5, output=1, cache_read=70, cache_write=20)),
        ({"usageDetails": {}, "usage": old}, Usage(input=13, output=353)),
        ({"usageDetails": None, "promptTokens": 4, "completionTokens": 2}, Usage(input=4, output=2)),
    ):
        found = only(
            document({**TRACE, "observations": [generation(1, [WHICH], "One.", **more)]}), "langfuse"
        )
        assert found.requests[0].usage == usage
    bare = only(document({**TRACE, "observations": [generation(1, [WHICH], "One.", **counted)]}), "langfuse")
    assert bare.requests == () and len(bare.messages) == 2


def test_texts_of_json_and_langchains_wrapping_are_read_in_langfuse() -> None:
    names = ("HumanMessage", "AIMessageChunk", "ToolMessage")
    block = {"type": "tool_use", "id": "c1", "name": "bash", "input": {"cmd": "ls"}}
    call = {"id": "c1", "name": "bash", "args": {"cmd": "ls"}, "type": "tool_call"}
    kwargs = (
        {"content": "Which files are there?"},
        {"content": [block], "tool_calls": [call, {**call, "id": "c2"}]},
        {"content": "a.txt", "tool_call_id": "c1"},
    )
    wrapped: list[object] = [
        {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", name], "kwargs": kwarg}
        for name, kwarg in zip(names, kwargs, strict=True)
    ]
    wrapped.append({"role": "tool", "content": {"name": "bash", "description": "Runs.", "input_schema": {}}})
    output = {"choices": [{"message": {"role": "assistant", "content": "One."}}]}
    page = {
        "data": [generation(1, document(wrapped).decode(), document(output).decode())],
        "meta": {"cursor": None},
    }
    found = only(document(page), "langfuse")
    assert texts(found) == [
        ("user", ["Which files are there?"]),
        ("assistant", ['{"cmd":"ls"}', '{"cmd":"ls"}']),
        ("tool", ["a.txt"]),
        ("assistant", ["One."]),
    ]
    assert found.tools is not None and found.tools[0].name == "bash"
    assert (found.requests[0].end, found.tool_calls, found.project) == (3, {"bash": 2}, None)
    plain = {"system": "Be brief.", "messages": [WHICH]}
    found = only(document({**TRACE, "observations": [generation(1, plain, "")]}), "langfuse")
    assert texts(found) == [("system", ["Be brief."]), ("user", ["Which files are there?"])]
    found = only(
        document({**TRACE, "observations": [generation(1, {"query": "files"}, "a.txt")]}), "langfuse"
    )
    assert (found.requests[0].start, found.requests[0].usage.context) == (None, 10)
    items = [WHICH, {"type": "function_call", "call_id": "c1", "name": "bash", "arguments": "{}"}]
    items.append({"type": "function_call_output", "call_id": "c1", "output": "a.txt"})
    said = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "One."}]}]
    found = only(document({**TRACE, "observations": [generation(1, items, said)]}), "langfuse")
    assert [texts_ for _role, texts_ in texts(found)] == [
        ["Which files are there?"],
        ["{}"],
        ["a.txt"],
        ["One."],
    ]


AGENTS = {
    "langfuse": document(LANGFUSE),
    "inspect": document(LOG),
    "cline": CLINE,
    "cline session": document(SESSION),
    "continue": document(CONTINUE),
    "goose": lines(*GOOSE),
    "openhands": document(CLASSIC),
    "openhands rows": lines({"history": NEWER}),
}
