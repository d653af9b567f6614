"""``tokviz tokens`` prints what the tokenizer gives."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry

SENTENCE = b"AI models are fascinating"


def test_prints_the_ids_in_order(command: Runner) -> None:
    outcome = command("tokens", "-", "--tokenizer", "o200k_base", piped=SENTENCE)
    assert outcome.code == 0
    assert outcome.out == "17527 7015 553 33733\n"


def test_json_has_ends_in_utf8_bytes(command: Runner, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes("naïve 漢字 🙂\r\n".encode())
    outcome = command("tokens", str(file), "--tokenizer", "r50k_base", "--json")
    answer = json.loads(outcome.out)
    expected = Registry(Assets()).get("r50k_base").encode(file.read_bytes())
    assert answer == {
        "tokenizer": "r50k_base",
        "special_tokens": "plain",
        "ids": expected.ids.tolist(),
        "ends": expected.ends.tolist(),
    }
    assert answer["ends"][-1] == len(file.read_bytes())


def test_special_token_text_is_plain(command: Runner) -> None:
    outcome = command("tokens", "-", "--tokenizer", "r50k_base", piped=b"<|endoftext|>")
    assert outcome.code == 0
    assert "50256" not in outcome.out.split()


def test_an_empty_text_has_no_ids(command: Runner) -> None:
    outcome = command("tokens", "-", "--tokenizer", "r50k_base", "--json", piped=b"")
    assert json.loads(outcome.out) == {
        "tokenizer": "r50k_base",
        "special_tokens": "plain",
        "ids": [],
        "ends": [],
    }


def test_unknown_names_and_estimators(command: Runner) -> None:
    outcome = command("tokens", "-", "--tokenizer", "o200k", piped=SENTENCE)
    assert outcome.code == 2
    assert outcome.err == "tokviz tokens: There is no tokenizer “o200k”; did you mean “o200k_base”?\n"
    outcome = command("tokens", "-", "--tokenizer", "estimate", piped=SENTENCE)
    assert outcome.code == 2
    assert "estimate" in outcome.err


def test_input_that_fails(command: Runner, tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\0\1\2" * 100)
    for path in (str(binary), str(tmp_path / "missing"), str(tmp_path)):
        outcome = command("tokens", path, "--tokenizer", "r50k_base")
        assert outcome.code == 1
        assert path in outcome.err
        assert outcome.out == ""
    outcome = command("tokens", "-", "--tokenizer", "r50k_base", piped=b"\0\1\2" * 100)
    assert outcome.code == 1
    assert "standard input" in outcome.err


def test_claudes_pieces_come_with_a_word_about_them(command: Runner) -> None:
    outcome = command("tokens", "-", "--tokenizer", "claude-v3", piped=b"Hello, world")
    assert outcome.code == 0 and len(outcome.out.split()) == 3
    assert "not Claude's own" in outcome.err
    answer = json.loads(
        command("tokens", "-", "--tokenizer", "claude-v3", "--json", piped=b"Hello, world").out
    )
    assert answer["ends"] == [5, 6, 12] and len(answer["pieces"]) == 3
    assert "not Claude's own" in answer["note"] and answer["provenance"] == "reconstructed"


def test_special_tokens_can_be_parsed_and_framed(command: Runner) -> None:
    text = b"a<|eot_id|>"
    outcomes = {
        mode: command("tokens", "-", "--tokenizer", "llama3", "--special", mode, piped=text).out.split()
        for mode in ("plain", "parsed", "framed")
    }
    assert outcomes["parsed"] == ["64", "128009"]
    assert outcomes["framed"] == ["128000", *outcomes["parsed"]]
    assert len(outcomes["plain"]) > 2
    outcome = command("tokens", "-", "--tokenizer", "o200k_base", "--special", "framed", piped=text)
    assert outcome.code == 2
    assert "does not know --special framed, only plain, parsed." in outcome.err


def test_the_default_tokenizer_is_stated(command: Runner) -> None:
    outcome = command("tokens", "-", piped=SENTENCE)
    assert outcome.code == 0
    assert outcome.out == "17527 7015 553 33733\n"
    assert outcome.err == "tokviz tokens: By o200k_base, the default; --tokenizer or --model takes another.\n"
    assert command("tokens", "-", "--tokenizer", "o200k_base", piped=SENTENCE).err == ""


def test_a_model_brings_its_tokenizer(command: Runner) -> None:
    outcome = command("tokens", "-", "--model", "gpt-4o", piped=SENTENCE)
    assert outcome.out == "17527 7015 553 33733\n"
    assert "By o200k_base, GPT-4o's tokenizer (exact)." in outcome.err
    outcome = command("tokens", "-", "--model", "gpt4o", piped=SENTENCE)
    assert outcome.code == 2
    assert "did you mean “gpt-4o”?" in outcome.err
    both = command("tokens", "-", "--model", "gpt-4o", "--tokenizer", "o200k_base", piped=SENTENCE)
    assert both.code == 2 and "not allowed with" in both.err


def test_a_model_that_is_estimated_has_no_tokens(command: Runner) -> None:
    outcome = command("tokens", "-", "--model", "grok-4.7", piped=SENTENCE)
    assert outcome.code == 2
    assert "is counted by an estimate, which has no tokens to show" in outcome.err


@pytest.mark.parametrize("start", [["tokens"], ["count"], ["compare"], ["cost", "--model", "gpt-4o"], []])
def test_a_text_in_the_place_of_a_file_is_told_where_it_belongs(command: Runner, start: list[str]) -> None:
    outcome = command(*start, "Hello, world")
    assert outcome.code == 1
    assert (
        "There is no file “Hello, world”; to take it as a text, pipe it in and name - instead." in outcome.err
    )


def test_words_that_are_a_path_are_one(command: Runner) -> None:
    assert (
        "Cannot read my notes.txt: there is no such file; check the name."
        in command("tokens", "my notes.txt").err
    )
