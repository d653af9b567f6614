"""Sessions of Grok Build and of Factory's Droid."""

from typing import Any

from tests.conversations.files import lines, only, texts
from tokviz.conversations.model import PartKind, Side

GROK: list[dict[str, Any]] = [
    {"type": "system", "content": "You are Grok."},
    {
        "type": "user",
        "content": [{"type": "text", "text": "rules"}],
        "synthetic_reason": "project_instructions",
    },
    {"type": "user", "content": [{"type": "text", "text": "When is the tide?"}], "prompt_index": 0},
    {"type": "reasoning", "id": "r", "summary": [{"type": "summary_text", "text": "Look."}]},
    {
        "type": "backend_tool_call",
        "kind": {"tool_type": "web_search", "action": {"query": "tide"}, "id": "w"},
    },
    {
        "type": "assistant",
        "content": "I look.",
        "tool_calls": [{"id": "c", "name": "read_file", "arguments": '{"target_file":"tides.txt"}'}],
        "model_id": "grok-4.5",
    },
    {"type": "tool_result", "tool_call_id": "c", "content": "five"},
    {"type": "reasoning", "id": "q", "summary": [], "encrypted_content": "AAAA"},
]


def test_grok_builds_history_is_what_its_model_reads() -> None:
    found = only(lines(*GROK), "grok-build")
    assert texts(found) == [
        ("system", ["You are Grok."]),
        ("user", ["rules"]),
        ("user", ["When is the tide?"]),
        ("assistant", ["Look.", '{"query":"tide"}', "I look.", '{"target_file":"tides.txt"}']),
        ("tool_result", ["five"]),
    ]
    kinds = [PartKind.THINKING, PartKind.TOOL_CALL, PartKind.TEXT, PartKind.TOOL_CALL]
    assert [part.kind for part in found.messages[3].parts] == kinds
    assert found.messages[4].side is Side.TOOL and found.messages[4].parts[0].name == "read_file"
    assert (found.model, dict(found.tool_calls)) == ("grok-4.5", {"web_search": 1, "read_file": 1})
    assert found.title == "When is the tide?"
    broken = only(lines(*GROK, {"type": "user", "content": "go on"}), "grok-build")
    assert [message.role for message in broken.messages[-2:]] == ["assistant", "user"]


def test_grok_builds_older_lines_are_messages() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "read_file", "arguments": "{}"}}
    asked = {"role": "user", "content": "When?"}
    answer = {"role": "assistant", "content": "I look.", "tool_calls": [call], "model_id": "grok-4.5"}
    result = {"role": "tool", "content": "five", "tool_call_id": "c"}
    found = only(lines(asked, {**answer, "reasoning_content": "Look."}, result), "grok-build")
    assert [each[0] for each in texts(found)] == ["user", "assistant", "tool"]
    assert found.model == "grok-4.5" and [message.line for message in found.messages] == [1, 2, 3]


def droid(name: str, role: str, *blocks: object) -> dict[str, Any]:
    time = "2026-01-02T03:04:05.000Z"
    return {"type": "message", "id": name, "timestamp": time, "message": {"role": role, "content": blocks}}


DROID: list[dict[str, Any]] = [
    {"type": "session_start", "id": "s", "title": "t", "sessionTitle": "Tides", "cwd": "/home/dev/tides"},
    droid("1", "user", {"type": "text", "text": "When?"}),
    droid("2", "assistant", {"type": "tool_use", "id": "c", "name": "Execute", "input": {"command": "ls"}}),
    droid("3", "user", {"type": "tool_result", "tool_use_id": "c", "content": "tides.txt"}),
    {"type": "todo_state", "id": "x", "todos": {}},
    {"type": "compaction_state", "id": "y", "summaryText": "The tide was asked for.", "summaryKind": "auto"},
    droid("4", "assistant", {"type": "text", "text": "At five."}),
]


def test_droids_messages_and_its_compactions() -> None:
    found = only(lines(*DROID), "droid")
    assert texts(found) == [
        ("user", ["When?"]),
        ("assistant", ['{"command":"ls"}']),
        ("user", ["tides.txt"]),
        ("compaction summary", ["The tide was asked for."]),
        ("assistant", ["At five."]),
    ]
    assert [each.message for each in found.compactions] == [3]
    assert (found.id, found.title, found.project) == ("s", "Tides", "/home/dev/tides")
    assert found.date == "2026-01-02T03:04:05.000Z" and dict(found.roles) == {"user": 2, "assistant": 2}
