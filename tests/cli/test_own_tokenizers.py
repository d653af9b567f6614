"""Commands count with a tokenizer's file in place of a name."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tests.cli.conftest import Outcome, Runner
from tests.tokenization.user.test_user_files import byte_level, word_piece
from tokviz.assets import Assets
from tokviz.tokenization import engine

TEXT = "hello words, naïve 12\n" * 5
Made = tuple[Path, tokenizers.Tokenizer]


@pytest.fixture
def text(tmp_path: Path) -> str:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, "utf-8")
    return str(path)


@pytest.fixture
def own(tmp_path: Path) -> Made:
    made = byte_level()
    path = tmp_path / "tokenizer.json"
    path.write_text(made.to_str())
    return path, made


def expected(made: tokenizers.Tokenizer) -> int:
    return len(made.encode(TEXT, add_special_tokens=False).ids)


def answer(outcome: Outcome) -> dict[str, Any]:
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def test_count_names_the_file_and_says_what_its_counts_are(command: Runner, text: str, own: Made) -> None:
    path, made = own
    outcome = command("count", text, "--tokenizer", str(path))
    assert outcome.err == f"tokviz count: By tokenizer.json, the file {path}: exact.\n"
    assert outcome.out.splitlines()[3].split()[:3] == ["tokenizer.json", str(expected(made)), "exact"]
    found = answer(command("count", text, "--tokenizer", str(path), "--json"))
    (counted,) = found["counts"]
    assert (counted["tokenizer"], counted["tokens"]) == ("tokenizer.json", expected(made))
    (said,) = found["own_tokenizers"]
    assert said["file"] == str(path) and said["provenance"] == "exact" and len(said["sha256"]) == 64


def test_other_tokenizers_and_models_stand_beside_it(command: Runner, text: str, own: Made) -> None:
    options = ("--tokenizer", str(own[0]), "--tokenizer", "r50k_base", "--model", "gpt-4o", "--json")
    found = answer(command("count", text, *options))
    assert {each["tokenizer"] for each in found["counts"]} == {*("tokenizer.json", "r50k_base", "o200k_base")}
    assert [each["id"] for each in found["models"]] == ["gpt-4o"]


def test_every_command_that_takes_a_tokenizer_takes_a_file(command: Runner, text: str, own: Made) -> None:
    path, made = own
    ids = made.encode(TEXT, add_special_tokens=False).ids
    tokens = answer(command("tokens", text, "--tokenizer", str(path), "--json"))
    cut = answer(command("cut", text, "--tokens", "7", "--tokenizer", str(path), "--json"))
    split = answer(command("split", text, "--tokens", "30", "--tokenizer", str(path), "--json"))
    compared = answer(command("compare", text, "--tokenizer", "r50k_base", "--baseline", str(path), "--json"))
    assert tokens["ids"] == ids
    assert cut["tokenizer"] == split["tokenizer"] == compared["baseline"] == "tokenizer.json"
    assert len(split["chunks"]) == -(-len(ids) // 30)
    decoded = answer(command("decode", *map(str, ids), "--tokenizer", str(path), "--json"))
    assert decoded["text"] == TEXT
    for each in (tokens, cut, split, compared, decoded):
        assert [one["file"] for one in each["own_tokenizers"]] == [str(path)]


def test_a_form_and_a_budget_are_measured_by_it(command: Runner, tmp_path: Path, own: Made) -> None:
    path, made = own
    data = tmp_path / "data.json"
    data.write_text('[{"name": "a", "age": 1}, {"name": "b", "age": 2}]')
    found = answer(command("compare", "--forms", str(data), "--tokenizer", str(path), "--json"))
    assert "tokenizer.json" in json.dumps(found["forms"])
    size = len(made.encode(data.read_text(), add_special_tokens=False).ids)
    assert command("count", str(data), "--tokenizer", str(path), "--budget", str(size)).code == 0
    assert command("count", str(data), "--tokenizer", str(path), "--budget", str(size - 1)).code == 3


def test_two_files_of_one_name_are_told_apart(command: Runner, tmp_path: Path, text: str) -> None:
    paths = []
    for folder, made in (("first", byte_level()), ("second", word_piece())):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "tokenizer.json")
        paths[-1].write_text(made.to_str())
    options = [option for path in (*paths, paths[0]) for option in ("--tokenizer", str(path))]
    found = answer(command("count", text, *options, "--json"))
    assert {each["tokenizer"] for each in found["counts"]} == {*("tokenizer.json", "second/tokenizer.json")}


@pytest.mark.parametrize("chance", [0.1, 7])
def test_dropout_is_switched_off_and_said(command: Runner, text: str, own: Made, chance: float) -> None:
    path, made = own
    contents = json.loads(made.to_str())
    contents["model"]["dropout"] = chance
    path.write_text(json.dumps(contents))
    outcome = command("count", text, "--tokenizer", str(path), "--json")
    assert f"Its dropout ({chance}) is switched off" in outcome.err
    found = answer(outcome)
    assert found["counts"][0]["tokens"] == expected(made)
    assert "switched off" in found["own_tokenizers"][0]["note"]


def test_a_rank_file_that_does_not_say_how_it_splits_is_assumed(
    command: Runner, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "ranks.tiktoken"
    path.write_bytes(b"".join(b64encode(bytes([rank])) + b" %d\n" % rank for rank in range(256)))
    outcome = command("count", text, "--tokenizer", str(path))
    assert f"By ranks.tiktoken, the file {path}: assumed. Assumed: split as r50k_base does." in outcome.err
    assert outcome.out.splitlines()[3].split()[:3] == ["ranks.tiktoken", str(len(TEXT.encode())), "assumed"]
    cut = answer(command("cut", text, "--tokens", "7", "--tokenizer", str(path), "--json"))
    assert cut["provenance"] == "assumed"


def test_a_known_file_is_recognized(command: Runner, text: str) -> None:
    path = Assets().path("vocabularies", "o200k_base.tiktoken")
    outcome = command("count", text, "--tokenizer", str(path))
    assert "(o200k_base.tiktoken (" in outcome.err and ": exact." in outcome.err
    usual = command("count", text, "--tokenizer", "o200k_base", "--json")
    tokens = json.loads(usual.out)["counts"][0]["tokens"]
    assert outcome.out.splitlines()[3].split()[1] == str(tokens)


@pytest.mark.parametrize("name", ["count", "tokens", "cut", "split", "compare"])
def test_what_is_no_tokenizer_is_refused_in_one_sentence(
    command: Runner, tmp_path: Path, text: str, own: Made, name: str
) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "torn.json").write_text(own[1].to_str()[:500])
    (tmp_path / "vast.json").write_bytes(b"")
    os.truncate(tmp_path / "vast.json", (1 << 28) + 1)
    said = {
        "pipe.json": "pipe.json cannot be read (it is no regular file).",
        ".": f"{tmp_path.name} cannot be read",
        "none.json": "none.json cannot be read (No such file or directory).",
        "torn.json": "torn.json cannot be used as a tokenizer: it is not valid JSON",
        "vast.json": "vast.json cannot be used as a tokenizer: it is too large.",
    }
    limit = ("--tokens", "5") if name in ("cut", "split") else ()
    for file, sentence in said.items():
        outcome = command(name, text, *limit, "--tokenizer", f"{tmp_path}/{file}")
        assert outcome.code == 1
        assert outcome.err.startswith(f"tokviz {name}: {sentence}") and outcome.err.count("\n") == 1


def test_a_mistyped_name_opens_no_file(
    command: Runner, text: str, own: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own[0].parent)
    own[0].rename("o200k")
    outcome = command("count", text, "--tokenizer", "o200k")
    assert outcome.code == 2
    assert outcome.err == "tokviz count: There is no tokenizer “o200k”; write ./o200k if you mean the file.\n"
    assert command("count", text, "--tokenizer", "./o200k").code == 0
    Path("o200k").rename("words.json")
    assert command("count", text, "--tokenizer", "words.json").code == 0


def test_a_project_names_no_file(command: Runner, tmp_path: Path, text: str, own: Made) -> None:
    """It may be of whoever made the tree that is counted."""
    (tmp_path / "tokviz.toml").write_text(f'tokenizers = ["{own[0]}", "./tokenizer.json"]\n')
    outcome = command("count", str(tmp_path), "--json")
    assert "own_tokenizers" not in json.loads(outcome.out)
    assert outcome.err.count("There is no tokenizer") == 2


def test_a_text_that_is_refused_is_told_and_the_others_count(
    command: Runner, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST_AT_ONCE", 50)
    path = tmp_path / "words.json"
    path.write_text(word_piece().to_str())
    both = ("--tokenizer", str(path), "--tokenizer", "r50k_base")
    for more in ((), ("--shorten", "none"), ("--pack", str(tmp_path / "pack.txt")), ("--budget", "1")):
        outcome = command("count", text, *both, "--json", *more)
        assert outcome.code == 1
        assert "words.json takes a text only as a whole" in outcome.err
        found = json.loads(outcome.out)
        assert [each["tokenizer"] for each in found["counts"]] == ["r50k_base"]
        assert ["takes a text only as a whole" in problem for problem in found["problems"]] == [True]
    alone = command("count", text, "--tokenizer", str(path), "--pack", str(tmp_path / "pack.txt"))
    assert alone.code == 1 and "pack.txt: 1 file, not counted." in alone.err
    for name in ("tokens", "compare"):
        outcome = command(name, text, "--tokenizer", str(path))
        assert outcome.code == 1
        assert outcome.err.splitlines()[-1].startswith(
            f"tokviz {name}: The tokenizer words.json takes a text"
        )


def test_a_large_text_is_not_parted_where_nobody_knows_how(
    command: Runner, tmp_path: Path, own: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.cli.input_reading.HELD", 1000)
    monkeypatch.setattr("tokviz.cli.input_reading.PART", 400)
    text = tmp_path / "text.txt"
    text.write_text("hello words, naïve 12" * 500, "utf-8")
    found = answer(command("count", str(text), "--tokenizer", str(own[0]), "--json"))
    whole = len(own[1].encode(text.read_text("utf-8"), add_special_tokens=False).ids)
    assert found["counts"][0]["tokens"] == whole


def test_what_a_library_reports_by_itself_reaches_nobody(tmp_path: Path) -> None:
    """A library in Rust writes where it panicked to standard error, before it raises."""
    script = """
import os, threading
from tokviz.tokenization.engine import EngineError, TextRefusedError, refusal, text_refusal
class PanicException(BaseException): pass
def panic(context, error):
    try:
        with context:
            os.write(2, b"thread panicked\\n")
            raise PanicException("index out of bounds")
    except error as found:
        print(found)
panic(refusal("tokenizers"), EngineError)
threads = [threading.Thread(target=panic, args=(text_refusal("mine"), TextRefusedError)) for _ in range(20)]
for one in threads: one.start()
for one in threads: one.join()
os.write(2, b"still there\\n")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr == "still there\n"
    assert done.stdout.count("index out of bounds") == 21
