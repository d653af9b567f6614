"""``tokviz chat``: any conversation, from a file, a pipe or a folder; every failure a sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.analysis.conversation.test_contexts import turn
from tests.cli.conftest import Runner
from tests.conversations.files import lines

REQUEST = {
    "model": "gpt-4o",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is the weather?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": "Rain, rain, rain."},
    ],
    "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}],
}
SESSION = lines(
    turn(0, "user", "Hello."),
    turn(1, "assistant", [{"type": "text", "text": "Hi."}], {"input_tokens": 500, "output_tokens": 3}),
    turn(2, "user", "Again."),
    turn(3, "assistant", [{"type": "text", "text": "Hi."}], {"input_tokens": 520, "output_tokens": 4}),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(REQUEST), "utf-8")
    return path


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "session.jsonl"
    path.write_bytes(SESSION)
    return path


def answer_of(command: Runner, *arguments: str, **piped: bytes) -> dict[str, Any]:
    outcome = command("chat", *arguments, "--json", **piped)
    assert (outcome.code, outcome.err) == (0, "")
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


def test_json_is_as_specified(command: Runner, file: Path) -> None:
    answer = answer_of(command, str(file))
    assert list(answer) == [
        *("format", "requests", "models", "largest_context", "messages", "tool_calls"),
        *("tokens", "low", "high", "provenance", "parts", "fits"),
    ]
    assert (answer["format"], answer["requests"], answer["models"]) == ("request-openai-chat", 0, {})
    assert answer["largest_context"] is None
    assert answer["messages"] == {"system": 1, "user": 1, "assistant": 1, "tool": 1}
    assert answer["tool_calls"] == {"weather": 1}
    assert answer["provenance"] == "measured"
    for part in answer["parts"]:
        assert list(part) == ["kind", "role", "name", "request", "tokens", "share"]
    assert sum(part["tokens"] for part in answer["parts"]) == answer["tokens"]
    assert sum(part["share"] for part in answer["parts"]) == pytest.approx(1)
    assert answer["fits"][0]["id"] == "gpt-4o"
    assert (answer["fits"][0]["tokens"], answer["fits"][0]["fits"]) == (answer["tokens"], True)
    assert len(answer["fits"]) > 30


def test_a_pipe_is_recognized_by_content(command: Runner) -> None:
    answer = answer_of(command, "-", "--model", "gpt-4o", piped=SESSION)
    assert (answer["format"], answer["requests"], answer["largest_context"]) == ("claude-code", 2, 520)
    assert [row["id"] for row in answer["fits"]] == ["gpt-4o"]
    without_name = command("chat", piped=SESSION)
    assert without_name.code == 0
    assert "standard input: claude-code" in without_name.out


def test_one_request_of_a_session(command: Runner, session: Path) -> None:
    answer = answer_of(command, str(session), "--request", "2")
    assert (answer["tokens"], answer["low"], answer["high"]) == (520, 520, 520)
    hidden = answer["parts"][0]
    assert (hidden["kind"], hidden["name"]) == ("not in the file", "system prompt, tools")
    missing = command("chat", str(session), "--request", "3")
    assert missing.code == 2
    assert "There is no request 3; the file records 2." in missing.err


def test_parts_are_limited_and_put_together(command: Runner, file: Path) -> None:
    whole = answer_of(command, str(file), "--model", "gpt-4o")
    top = answer_of(command, str(file), "--model", "gpt-4o", "--top", "2")
    sizes = sorted((part["tokens"] for part in whole["parts"]), reverse=True)
    assert [part["tokens"] for part in top["parts"]] == sizes[:2]
    by_tool = answer_of(command, str(file), "--model", "gpt-4o", "--by", "tool")
    assert ("tool", "weather") in [(part["kind"], part["name"]) for part in by_tool["parts"]]
    assert sum(part["tokens"] for part in by_tool["parts"]) == whole["tokens"] == by_tool["tokens"]
    by_message = answer_of(command, str(file), "--model", "gpt-4o", "--by", "message")
    names = [part["name"] for part in by_message["parts"] if part["kind"] == "message"]
    assert sorted(names) == ["1. system", "2. user", "3. assistant", "4. tool"]


def test_tables_for_people(command: Runner, session: Path) -> None:
    outcome = command("chat", str(session))
    assert (outcome.code, outcome.err) == (0, "")
    assert "2 recorded requests; 4 messages (user 2, assistant 2); largest context 520 tokens" in outcome.out
    assert "not in the file (system prompt, tools)" in outcome.out
    assert "of its window" in outcome.out
    largest = command("chat", str(session), "--top", "1")
    assert "and 8 more parts" in largest.out or "more parts" in largest.out


def test_fits_decides_the_exit_code(command: Runner, tmp_path: Path, file: Path) -> None:
    fits = command("chat", str(file), "--fits", "--model", "gpt-4o")
    assert fits.code == 0
    assert "Fits GPT-4o: ~" in fits.err
    long = tmp_path / "long.json"
    long.write_text(json.dumps(REQUEST | {"messages": [{"role": "user", "content": "so " * 9_000}]}), "utf-8")
    over = command("chat", str(long), "--fits", "--model", "gpt-4")
    assert over.code == 3
    assert "Does not fit GPT-4: ~" in over.err and "over by ~" in over.err
    own = command("chat", str(long), "--fits")
    assert own.code == 0
    assert "Gemini 2.5 Pro" in own.out


def test_a_folder_is_a_list_newest_first(command: Runner, tmp_path: Path, file: Path, session: Path) -> None:
    older = SESSION.replace(b"2026-01-02", b"2025-01-02").replace(b'"id": "m', b'"id": "old')
    (tmp_path / "older.jsonl").write_bytes(older.replace(b'"sessionId": "s"', b'"sessionId": "o"'))
    outcome = command("chat", str(tmp_path))
    assert outcome.code == 0
    dates = [line[:10] for line in outcome.out.splitlines()[1:4]]
    assert dates == ["2026-01-02", "2025-01-02", "unknown   "[:10]]
    assert "4 recorded requests" in outcome.out
    answer = answer_of(command, str(tmp_path))
    assert answer["requests"] == 4
    assert [one["read"] for one in answer["conversations"]] == [1_020, 1_020, None]
    assert command("chat", str(tmp_path), "--request", "1").code == 2


def test_what_is_no_conversation_is_said_in_a_sentence(command: Runner, tmp_path: Path) -> None:
    for name, content, sentence in (
        ("a.json", b'{"name": "no chat"}', "The format is not known."),
        ("b.txt", b"Just words.", "no JSON"),
        ("c.json", b"", "The format is not known."),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        outcome = command("chat", str(path))
        assert (outcome.code, outcome.out) == (1, "")
        assert sentence in outcome.err and "Traceback" not in outcome.err
    assert command("chat", str(tmp_path / "none.json")).code == 1
    assert command("chat", "--model", "gpt-nobody", piped=SESSION).code == 2
    (tmp_path / "empty").mkdir()
    assert command("chat", str(tmp_path / "empty")).code == 1


def test_broken_lines_are_named_and_the_rest_is_shown(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_bytes(SESSION + b'{"type": "user", "mess\n' + b"[" * 5_000 + b"\n\xff\xfe{}\n")
    outcome = command("chat", str(path), "--json", "--model", "gpt-4o")
    assert outcome.code == 0
    assert json.loads(outcome.out)["requests"] == 2
    for line in (5, 6, 7):
        assert f"Line {line} " in outcome.err


def test_ten_thousand_tools(command: Runner, tmp_path: Path) -> None:
    tools = [
        {"name": f"tool{n}", "description": "Does.", "inputSchema": {"type": "object"}} for n in range(10_000)
    ]
    path = tmp_path / "tools.json"
    path.write_text(json.dumps({"tools": tools}), "utf-8")
    answer = answer_of(command, str(path), "--model", "gpt-4o", "--top", "3")
    assert answer["format"] == "mcp-tools"
    assert len(answer["parts"]) == 3 and answer["tokens"] > 50_000
