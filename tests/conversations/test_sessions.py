"""Files beside a session, and folders of sessions."""

import gc
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.files import lines, texts
from tests.conversations.test_agent_sessions import NEWER, acted
from tests.conversations.test_claude_code import MODEL, answer, line, text
from tests.conversations.test_codex import row, said, tokens
from tests.conversations.test_other_sessions import HEADER, gemini, step
from tokviz.conversations.model import Message, Part, PartKind, Side, usage_by_model
from tokviz.conversations.parts import first_words
from tokviz.conversations.reading import FORMATS, read_conversations
from tokviz.conversations.sessions import read_file, read_folder, read_store
from tokviz.conversations.source import Source


def put(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lines(*rows))
    return path


def agent(identity: str, response: str) -> list[dict[str, Any]]:
    side: dict[str, Any] = {"isSidechain": True, "agentId": identity}
    return [
        line("user", f"{identity}1", None, "look", **side),
        answer(f"{identity}2", f"{identity}1", text("found"), response, **side),
    ]


SESSION = [line("user", "u1", None, "go"), answer("a1", "u1", text("done"), "m1")]


@pytest.mark.parametrize("place", ["s1/subagents/agent-x.jsonl", "agent-x.jsonl"])
def test_a_sessions_subagents_lie_in_its_folder_or_beside_it(tmp_path: Path, place: str) -> None:
    put(tmp_path / place, *agent("x", "m2"))
    found = read_file(put(tmp_path / "s1.jsonl", *SESSION))
    conversation = found.conversations[0]
    assert [lane.id for lane in conversation.lanes()] == ["s1", "x"]
    assert usage_by_model(found.conversations)[MODEL].requests == 2
    assert conversation.roles == {"user": 2, "assistant": 2}


@pytest.mark.parametrize("read", ["file", "folder"])
def test_what_lies_in_a_sessions_own_folder_is_its_subagents_whatever_they_say(
    tmp_path: Path, read: str
) -> None:
    bare = [{key: value for key, value in row.items() if key != "sessionId"} for row in SESSION]
    path = put(tmp_path / "s1.jsonl", *bare)
    nested = tmp_path / "s1" / "subagents" / "workflows" / "w"
    put(nested / "agent-x.jsonl", *({**row, "sessionId": "agent-x"} for row in agent("x", "m2")))
    nameless = [
        {k: v for k, v in row.items() if k not in ("sessionId", "agentId")} for row in agent("y", "m3")
    ]
    put(tmp_path / "s1" / "subagents" / "agent-y.jsonl", *nameless)
    (tmp_path / "s1" / "subagents" / "agent-z.jsonl").touch()
    if read == "file":
        found = read_file(path)
        assert found.problems == ()
        conversation = found.conversations[0]
    else:
        (one,) = read_folder(tmp_path).conversations
        conversation = one.conversation
    assert sorted(lane.id or "" for lane in conversation.lanes()) == ["s1", "x", "y"]
    assert usage_by_model((conversation,))[MODEL].requests == 3


def test_a_folder_called_subagents_makes_no_session_one(tmp_path: Path) -> None:
    found = read_file(put(tmp_path / "subagents" / "s1.jsonl", *SESSION)).conversations[0]
    assert (found.is_subagent, found.parent) == (False, None)


@pytest.mark.parametrize("read", ["file", "folder"])
def test_gemini_clis_subagents_lie_in_a_folder_of_the_sessions_id(tmp_path: Path, read: str) -> None:
    prompt = {"id": "u", "type": "user", "content": "go"}
    path = put(tmp_path / "session-1.jsonl", HEADER, prompt, gemini("g1", "done", 100))
    side = {**HEADER, "sessionId": "sub", "kind": "subagent"}
    put(tmp_path / "s1" / "sub.jsonl", side, prompt, gemini("g2", "found", 50))
    if read == "file":
        conversation = read_file(path).conversations[0]
    else:
        (one,) = read_folder(tmp_path).conversations
        conversation = one.conversation
    assert [(lane.id, lane.parent) for lane in conversation.lanes()] == [("s1", None), ("sub", "s1")]
    assert usage_by_model((conversation,))["gemini-3-pro"].requests == 2


def test_anothers_subagents_stay_out(tmp_path: Path) -> None:
    put(tmp_path / "agent-x.jsonl", *({**r, "sessionId": "another"} for r in agent("x", "m2")))
    assert read_file(put(tmp_path / "s1.jsonl", *SESSION)).conversations[0].subagents == ()


def test_a_lone_subagents_file_is_a_conversation(tmp_path: Path) -> None:
    found = read_file(put(tmp_path / "agent-x.jsonl", *agent("x", "m2"))).conversations[0]
    assert (found.id, found.parent, found.is_subagent, len(found.messages)) == ("x", "s1", True, 2)


def test_a_folder_lists_newest_first_and_counts_copied_lines_once(tmp_path: Path) -> None:
    put(tmp_path / "p" / "s1.jsonl", *SESSION)
    copied = [{**r, "sessionId": "s2", "timestamp": "u"} for r in SESSION]
    put(tmp_path / "p" / "s2.jsonl", *copied, {**answer("a2", "a1", text("more"), "m9"), "sessionId": "s2"})
    put(tmp_path / "p" / "notes.json", {"nothing": 1})
    found = read_folder(tmp_path)
    assert [one.conversation.id for one in found.conversations] == ["s2", "s1"]
    assert [len(one.conversation.requests) for one in found.conversations] == [1, 1]
    assert len(found.conversations[0].conversation.messages) == 3
    assert [path.name for path, _ in found.problems] == ["notes.json"]


def test_forks_of_codex_share_their_parents_requests(tmp_path: Path) -> None:
    turn = row("turn_context", model="gpt-5.2")
    past = [turn, said("user", "hi"), tokens(500, 500), tokens(900, 400)]
    put(tmp_path / "parent.jsonl", row("session_meta", id="p", timestamp="1"), *past)
    put(
        tmp_path / "one.jsonl",
        row("session_meta", id="c", timestamp="2", forked_from_id="p"),
        *past,
        tokens(950, 50),
    )
    put(
        tmp_path / "two.jsonl",
        row("session_meta", id="d", timestamp="3", forked_from_id="p"),
        *past,
        tokens(960, 60),
    )
    put(tmp_path / "stranger.jsonl", row("session_meta", id="x", timestamp="4"), *past)
    found = {o.conversation.id: len(o.conversation.requests) for o in read_folder(tmp_path).conversations}
    assert found == {"p": 2, "c": 1, "d": 1, "x": 2}


def test_a_subagent_of_codex_is_a_lane_of_its_parent(tmp_path: Path) -> None:
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "p"}}}
    put(tmp_path / "parent.jsonl", row("session_meta", id="p"), said("user", "go"))
    put(tmp_path / "child.jsonl", row("session_meta", id="c", source=source), said("user", "look"))
    found = read_folder(tmp_path).conversations
    assert [[lane.id for lane in one.conversation.lanes()] for one in found] == [["p", "c"]]


def opencode(folder: Path) -> None:
    info = {"id": "s", "title": "Fix", "directory": "/home/dev", "time": {"created": 1_700_000_000_000}}
    message = {"id": "m", "sessionID": "s", "role": "assistant", "modelID": "x"}
    put(folder / "storage/session/p/s.json", info)
    put(folder / "storage/message/s/m.json", message)
    put(folder / "storage/part/m/p1.json", {"id": "p1", "messageID": "m", "type": "text", "text": "hi"})
    put(folder / "storage/part/m/p2.json", {"messageID": "m", **step(100)})


def test_opencodes_files_are_put_together(tmp_path: Path) -> None:
    opencode(tmp_path)
    (tmp_path / "storage/part/m/p3.json").write_text("{")
    found = read_folder(tmp_path)
    conversation = found.conversations[0].conversation
    assert (conversation.title, conversation.project) == ("Fix", "/home/dev")
    assert [part.text for message in conversation.messages for part in message.parts] == ["hi"]
    assert len(conversation.requests) == 1
    assert len(found.problems) == 1


def database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE session (id, parent_id, title, directory, time_created)")
        base.execute("CREATE TABLE message (id, session_id, time_created, data)")
        base.execute("CREATE TABLE part (id, message_id, data)")
        base.execute("INSERT INTO session VALUES ('s', NULL, 'Fix', '/home/dev', 1700000000000)")
        base.execute("INSERT INTO session VALUES ('c', 's', 'Search', '/home/dev', 1700000000001)")
        told = json.dumps({"role": "assistant", "modelID": "x"})
        for name, session in (("m", "s"), ("n", "c")):
            base.execute("INSERT INTO message VALUES (?, ?, 1, ?)", (name, session, told))
            part = json.dumps({**step(100), "id": name})
            base.execute("INSERT INTO part VALUES (?, ?, ?)", (name, name, part))
        base.commit()


def test_opencodes_database_is_read_in_place_of_its_files(tmp_path: Path) -> None:
    opencode(tmp_path)
    database(tmp_path / "opencode.db")
    found = read_folder(tmp_path).conversations
    assert [[lane.id for lane in one.conversation.lanes()] for one in found] == [["s", "c"]]
    assert usage_by_model((found[0].conversation,))["x"].requests == 2
    assert read_file(tmp_path / "opencode.db").format == "opencode"


def test_a_database_of_something_else_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "opencode.db")) as base:
        base.execute("CREATE TABLE x (y)")
        base.commit()
    assert "OpenCode" in read_file(tmp_path / "opencode.db").problems[0].sentence


@pytest.mark.parametrize("on", [True, False])
def test_the_collector_rests_while_a_file_is_read(on: bool) -> None:
    seen: list[bool] = []

    def recognizes(source: Source) -> bool:
        seen.append(gc.isenabled())
        raise ValueError(f"{source.name} is broken")

    odd = replace(FORMATS[0], recognizes=recognizes)
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(ValueError, match="broken"):
            read_conversations(io.BytesIO(b"{}"), "it", formats=(odd,))
        assert seen == [False] and gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["<command-name>/init</command-name>", "and now?"], "and now?"),
        (["<command-message>init…</command-message>\n<command-name>/init</command-name>"], "/init"),
        (
            ["<command-name>/plan</command-name>\n<command-args>the\n tides</command-args>"],
            "/plan the tides",
        ),
        (
            ["# Context from my IDE setup:\n\n## My request for Codex:\nmend it\nnow"],
            "mend it",
        ),
        (["# Context from my IDE setup:\n\nnothing else"], None),
        (["<command-name></command-name>", "<environment_context>"], None),
    ],
)
def test_a_title_is_what_was_typed_or_else_a_command(words: list[str], title: str | None) -> None:
    messages = [Message("user", Side.USER, (Part(PartKind.TEXT, each),)) for each in words]
    assert first_words(messages) == title


def test_openhands_own_conversations_are_a_file_for_each_event(tmp_path: Path) -> None:
    folder = tmp_path / "c1"
    usage = {"response_id": "r1", "model": "m", "prompt_tokens": 50, "completion_tokens": 5}
    left = {**usage, "response_id": "r0", "prompt_tokens": 40}
    state = {
        "id": "c1",
        "workspace": {"working_dir": "/home/dev/app"},
        "agent": {"llm": {"model": "openai/m"}},
        "stats": {"usage_to_metrics": {"agent": {"token_usages": [left, usage]}}},
    }
    abandoned = {**acted("x", "y", "No."), "llm_response_id": "r0", "parent_id": "1"}
    back = {**NEWER[2], "parent_id": "1"}
    put(folder / "base_state.json", state)
    for place, event in enumerate((*NEWER[:2], abandoned, back, *NEWER[3:], "broken")):
        put(folder / "events" / f"event-{place:05}-0000000{place}.json", event)
    found = read_folder(tmp_path)
    ((path, read),) = [(one.path, one.conversation) for one in found.conversations]
    assert path == folder / "events"
    assert (read.id, read.project, read.title) == ("c1", "/home/dev/app", "list them")
    assert texts(read)[1] == ("assistant", ["hm", "I look.", *['{"command":"ls"}'] * 2])
    assert [(one.key, one.start, one.end) for one in read.requests] == [("r1", 0, 1), ("r0", None, None)]
    assert [problem.sentence for _, problem in found.problems] == [
        "event-00008-00000008.json cannot be read."
    ]
    assert read_store(path).conversations == (read,)
    for file in (folder / "events").iterdir():
        file.unlink()
    assert read_store(path).format is None
