"""``tokviz decode`` prints the bytes that ids stand for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.references import reference


def test_ids_become_their_bytes_and_nothing_else(command: Runner) -> None:
    text = "größer\r\n字"
    ids = reference("cl100k_base").encode_ordinary(text)
    outcome = command("decode", *map(str, ids), "--tokenizer", "cl100k_base")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.encode() == text.encode()


@pytest.mark.parametrize("written", ["9906 1917", "[9906, 1917]", '{"ids": [9906, 1917]}', "9906;1917"])
def test_a_list_a_file_and_standard_input(command: Runner, tmp_path: Path, written: str) -> None:
    file = tmp_path / "ids.txt"
    file.write_text(written)
    marked = tmp_path / "marked.txt"  # as Windows' editors write it
    marked.write_text(written, "utf-8-sig")
    for given, piped in (
        (written, None),
        (str(file), None),
        (str(marked), None),
        ("-", written.encode()),
    ):
        outcome = command(
            "decode", given, "--tokenizer", "cl100k_base", **({"piped": piped} if piped else {})
        )
        assert outcome.out == "Hello world", outcome.err


def test_tokens_and_decode_are_inverse(command: Runner, tmp_path: Path) -> None:
    text = "def f(x):\n    return x  # größer 字\n"
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    ids = command("tokens", str(tmp_path / "a.py"), "--tokenizer", "qwen3", "--json").out
    assert command("decode", "-", "--tokenizer", "qwen3", piped=ids.encode()).out == text


def test_json_tells_each_token(command: Runner) -> None:
    ids = reference("cl100k_base").encode_ordinary("字")
    answer = json.loads(command("decode", str(ids), "--tokenizer", "cl100k_base", "--json").out)
    assert answer["text"] == "字"
    assert "".join(one["bytes"] for one in answer["tokens"]) == answer["bytes"] == "字".encode().hex()
    half = json.loads(command("decode", "161", "--json").out)
    assert half["text"] is None
    assert half["tokens"][0]["text"] is None


def test_half_a_character_is_printed_as_it_is_and_said() -> None:
    arguments = [sys.executable, "-m", "tokviz", "decode", "161", "--tokenizer", "cl100k_base"]
    done = subprocess.run(arguments, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, reference("cl100k_base").decode_bytes([161]))
    assert b"a token ends inside a character" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["5", "9999999", "--tokenizer", "o200k_base"],
            1,
            "o200k_base has no token 9999999 (number 2): 1 of 2",
        ),
        (["twelve"], 1, "“twelve” is no token id"),
        (["5", "--tokenizer", "claude-v3"], 1, "rebuilt from counts"),
        (["5", "--tokenizer", "o200k"], 2, "did you mean"),
        (["5", "--tokenizer", "estimate"], 2, "is an estimate"),
    ],
)
def test_what_cannot_be_decoded_is_one_sentence(
    command: Runner, arguments: list[str], code: int, words: str
) -> None:
    outcome = command("decode", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert words in outcome.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_no_list_of_ids(command: Runner, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "7")
    outcome = command("decode", str(tmp_path / "7"))
    assert (outcome.code, outcome.out) == (1, "")
    assert "it is a named pipe" in outcome.err


def test_whose_ids_they_are_is_said(command: Runner) -> None:
    assert "By o200k_base, the default" in command("decode", "5").err
    assert "GPT-4o's tokenizer" in command("decode", "5", "--model", "gpt-4o").err
