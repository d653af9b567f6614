"""``tokviz chat``: any conversation, from a file, a pipe or a folder; every failure a sentence."""

import json
from base64 import b64encode
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
    assert len(answer["fits"]) == 1


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


def test_tools_are_called_tools_and_not_as_the_first_of_them(command: Runner, file: Path) -> None:
    for arguments in ((), ("--by", "message"), ("--by", "file")):
        table = command("chat", str(file), *arguments).out
        assert "\ntools " in table and "\nweather " not in table
    assert "\ntool weather " in command("chat", str(file), "--by", "tool").out


def test_tables_for_people(command: Runner, session: Path) -> None:
    outcome = command("chat", str(session))
    assert (outcome.code, outcome.err) == (0, "")
    assert "2 recorded requests; 4 messages (user 2, assistant 2); largest context 520 tokens" in outcome.out
    assert "not in the file (system prompt, tools)" in outcome.out
    assert "of its window" in outcome.out
    largest = command("chat", str(session), "--top", "1")
    assert "and 8 more parts" in largest.out or "more parts" in largest.out


def test_the_table_of_models_says_how_a_count_is_known_as_the_answer_does(
    command: Runner, tmp_path: Path
) -> None:
    """A request without a model is counted for a stand-in, and Llama 3.1 405B by a template of its family."""
    path = tmp_path / "request.json"
    path.write_text('{"messages": [{"role": "user", "content": "hi"}]}')
    for options in ([], ["--model", "llama-3.1-405b"]):
        record = json.loads(command("chat", str(path), "--fits", "--json", *options).out)
        assert record["provenance"] == record["fits"][0]["provenance"] == "assumed"


def test_texts_alone_are_not_called_exact(command: Runner, tmp_path: Path) -> None:
    """What Kimi K3's maker puts around a message is not published, and nobody has measured it."""
    path = tmp_path / "request.json"
    path.write_text('{"model": "kimi-k3", "messages": [{"role": "user", "content": "hi"}]}')
    answer = json.loads(command("chat", str(path), "--fits", "--json").out)
    assert answer["provenance"] == answer["fits"][0]["provenance"] == "texts alone"
    told = command("chat", str(path), "--fits", "--model", "kimi-k3").out
    assert "for Kimi K3 (texts alone)" in told
    assert "Texts alone: its texts are counted; what the maker puts around them is not known" in told


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
    assert "Gemini 2.5 Pro" in own.out and own.out.index("GPT-4o") < own.out.index("Gemini 2.5 Pro")


def test_a_model_named_twice_is_shown_once(command: Runner, file: Path) -> None:
    answer = answer_of(command, str(file), "--model", "gpt-4o", "--model", "gpt-4o")
    assert [row["id"] for row in answer["fits"]] == ["gpt-4o"]


def test_a_long_path_leaves_room_for_titles(command: Runner, tmp_path: Path) -> None:
    place = tmp_path / "a-rather-long-name" / "of-a-folder" / "within-another"
    place.mkdir(parents=True)
    asked = {"messages": [{"role": "user", "content": "Find out why the tests of the tide tables fail"}]}
    (place / "asked.json").write_text(json.dumps(asked), "utf-8")
    head, row = command("chat", str(tmp_path)).out.splitlines()[:2]
    assert head.split()[:3] == ["Date", "Project", "Title"]
    assert "within-another" in row and "Find out why" in row


def test_what_is_no_date_is_left_out(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "session.jsonl"
    path.write_bytes(SESSION.replace(b"2026-01-02", b"[left out]"))
    assert "[left out]" not in command("chat", str(path)).out


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
        ("c.json", b"", "The file is empty."),
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


def test_diff_names_the_first_token_that_differs(command: Runner, tmp_path: Path, file: Path) -> None:
    other = tmp_path / "other.json"
    changed = json.loads(json.dumps(REQUEST))
    changed["messages"][1]["content"] = "What is the time?"
    other.write_text(json.dumps(changed), "utf-8")
    outcome = command("chat", str(other), "--diff", str(file), "--model", "gpt-4o")
    assert outcome.code == 0
    assert max(map(len, outcome.out.splitlines())) <= 110
    assert "message 2, text, at token 4 of 5 stood “ weather?” and now stands “ time?”" in " ".join(
        outcome.out.split()
    )
    answer = answer_of(command, str(other), "--diff", str(file), "--model", "gpt-4o")
    found = answer["difference"]
    assert (found["change"], found["before"], found["now"]) == ("replaced", " weather?", " time?")
    assert found["shared"] + found["reread"] == answer["tokens"]
    assert found["place_now"]["message"] == 2
    assert command("chat", str(other), "--diff", str(tmp_path / "none.json")).code == 1


def test_requests_of_one_file_are_compared_with_one_another(command: Runner, tmp_path: Path) -> None:
    changed = REQUEST | {"messages": [{"role": "user", "content": "Something else."}]}
    path = tmp_path / "requests.jsonl"
    path.write_bytes(lines(REQUEST, REQUEST, changed))
    outcome = command("chat", str(path), "--model", "gpt-4o")
    assert outcome.code == 0
    assert "Request 3 after 2: The first " in outcome.out
    assert "Request 2 after 1" not in outcome.out


def test_a_sessions_cache_misses_are_explained(command: Runner, tmp_path: Path) -> None:
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")
    told = [dict(zip(names, numbers, strict=True)) for numbers in ((3, 9_000, 0, 1), (3, 9_500, 0, 1))]
    path = tmp_path / "session.jsonl"
    path.write_bytes(
        lines(turn(0, "user", "a"), turn(1, "assistant", "b", told[0]), turn(8, "assistant", "c", told[1]))
    )
    outcome = command("chat", str(path))
    assert "Why the cache missed:" in outcome.out
    assert "Request 2 read 9,000 tokens anew: it came 7 minutes after" in outcome.out


def test_long_names_of_a_file_do_not_fill_the_screen(command: Runner) -> None:
    said = {"role": "r" * 3_000, "content": None, "tool_calls": [{"function": {"name": "n" * 4_000}}]}
    request = {"model": "m" * 5_000, "messages": [said]}
    outcome = command("chat", "-", piped=json.dumps(request).encode())
    assert outcome.code == 0 and len(outcome.out) < 2_500
    assert f"{'m' * 50}" in outcome.out


def test_long_paths_leave_the_figures_in_sight(command: Runner, tmp_path: Path) -> None:
    path = f"/a{'/folder' * 40}/file.py"
    read = {"type": "tool_use", "id": "c1", "name": "Read", "input": {"file_path": path}}
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "x = 1\n" * 200}
    session = tmp_path / "session.jsonl"
    session.write_bytes(
        lines(turn(0, "user", "Look. " * 60), turn(1, "assistant", [read], {}), turn(2, "user", [result]))
    )
    for option in (["--by", "file"], ["--top", "4"]):
        outcome = command("chat", str(session), *option)
        row = next(line for line in outcome.out.splitlines() if "file.py" in line)
        assert "…" in row and "%" in row
        assert len(row) <= 100
    assert max(map(len, outcome.out.splitlines())) <= 100


def test_a_conversation_in_a_named_encoding(command: Runner, tmp_path: Path) -> None:
    text = json.dumps({"messages": [{"role": "user", "content": "Größe, naïve"}]}, ensure_ascii=False)
    file, utf8 = tmp_path / "latin.json", tmp_path / "utf8.json"
    file.write_bytes(text.encode("latin-1"))
    utf8.write_text(text, encoding="utf-8")
    options = ["--model", "gpt-4o", "--json", "--encoding", "Windows-1252"]
    right = json.loads(command("chat", str(utf8), "--model", "gpt-4o", "--json").out)
    named = json.loads(command("chat", str(file), *options).out)
    piped = json.loads(command("chat", "-", *options, piped=file.read_bytes()).out)
    assert named["parts"] == piped["parts"] == right["parts"]
    assert named["parts"]
    assert command("chat", str(file), "--diff", str(file), *options).code == 0
    missing = command("chat", str(tmp_path / "missing.json"), *options)
    assert (missing.code, missing.out) == (1, "")
    assert "there is no such file" in missing.err


def test_what_does_not_decode_in_a_named_encoding_is_told(command: Runner, tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    file.write_bytes(b'{"messages": [{"role": "user", "content": "\x81\x8d"}]}')
    outcome = command("chat", str(file), "--model", "gpt-4o", "--encoding", "Windows-1252")
    assert "2 places could not be read as Windows-1252" in outcome.err


def test_a_tokenizer_of_one_s_own_counts_in_place_of_the_model_s(
    command: Runner, file: Path, tmp_path: Path
) -> None:
    ranks = tmp_path / "bytes.tiktoken"
    ranks.write_bytes(b"".join(b64encode(bytes([rank])) + b" %d\n" % rank for rank in range(256)))
    usual = answer_of(command, str(file))
    outcome = command("chat", str(file), "--tokenizer", str(ranks), "--json")
    found = json.loads(outcome.out)
    assert f"By bytes.tiktoken, the file {ranks}: assumed." in outcome.err
    assert found["own_tokenizers"][0]["tokenizer"] == "bytes.tiktoken"
    (model,) = found["fits"]
    assert (model["id"], model["tokenizer"]) == ("gpt-4o", "bytes.tiktoken")
    assert model["tokens"] > usual["fits"][0]["tokens"]
    texts = {part["tokens"] for part in found["parts"] if (part["kind"], part["role"]) == ("text", "user")}
    assert texts == {len("What is the weather?")}
    assert "own_tokenizers" not in usual
    named = answer_of(command, str(file), "--tokenizer", "o200k_base")
    assert named["fits"] == usual["fits"]  # it is the model's own
    outcome = command("chat", str(file), "--tokenizer", "o200k_bas")
    assert outcome.code == 2 and "o200k_base" in outcome.err
    outcome = command("chat", str(tmp_path), "--tokenizer", "o200k_base")
    assert outcome.code == 2 and "--tokenizer takes one file" in outcome.err


@pytest.mark.parametrize("options", [[], ["--by", "tool"], ["--json"], ["--fits"]])
def test_half_a_surrogate_pair_in_any_name_is_shown(
    command: Runner, tmp_path: Path, options: list[str]
) -> None:
    """JSON can spell it, as the name of a model, a role, a tool or an argument, and UTF-8 cannot hold it."""
    call = {"type": "function", "id": "a", "function": {"name": "rm\udfff", "arguments": '{"\\ud834": 1}'}}
    messages = [
        {"role": "user", "content": "a\ud800b"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "us\ud800er", "content": "x"},
    ]
    path = tmp_path / "request.json"
    path.write_text(json.dumps({"model": "gp\ud800t", "messages": messages}), encoding="utf-8")
    for place in (path, tmp_path):
        outcome = command("chat", str(place), *options)
        assert "report it as a mistake" not in outcome.err
        assert outcome.out.encode() or outcome.code == 2
        assert "\\ud" not in outcome.out if "--json" in options else "rm" in outcome.out or place == tmp_path


def test_a_model_may_be_named_with_who_serves_it(command: Runner) -> None:
    words = b'{"contents": [{"role": "user", "parts": [{"text": "Hello there"}]}]}'
    counts = [
        json.loads(command("chat", "-", "--json", "--model", name, piped=words).out)["tokens"]
        for name in ("gemini-2.5-flash", "vertex/gemini-2.5-flash")
    ]
    assert counts == [3, 2]
