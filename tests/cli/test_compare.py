"""``tokviz compare``: the table and the agreement, of one input or of many, and every failure reported."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.analysis.comparison.comparison import compare
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

TEXT = "Tokens, tokens: naïve 漢字 🙂\r\nand 12345 more untokenizable words.\n"
TWO = ("--tokenizer", "o200k_base", "--tokenizer", "r50k_base")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_json_holds_the_table_and_the_agreement(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), "--json", *TWO, "--tokenizer", "estimate")
    assert outcome.code == 0 and not outcome.err
    answer = json.loads(outcome.out)
    registry, data = Registry(Assets()), TEXT.encode()
    ends = [registry.get(name).encode(data).ends for name in ("o200k_base", "r50k_base")]
    rows = {row["tokenizer"]: row for row in answer["tokenizers"]}
    assert [rows["o200k_base"]["tokens"], rows["r50k_base"]["tokens"]] == [len(each) for each in ends]
    assert rows["r50k_base"]["relative"] == pytest.approx(len(ends[1]) / len(ends[0]))
    assert rows["estimate"]["low"] < rows["estimate"]["tokens"] < rows["estimate"]["high"]
    assert rows["estimate"]["provenance"] == "estimate" and rows["estimate"]["vocabulary_size"] is None
    expected = compare(len(data), ends).counts
    (pair,) = answer["agreement"]
    assert (pair["first"], pair["second"]) == ("o200k_base", "r50k_base")
    assert pair["agreement"] == pytest.approx(expected.agreement(0, 1).share)
    assert answer["boundaries"]["differing"] == expected.differing > 0
    assert (answer["files"], answer["bytes"], answer["words"]) == (1, len(data), len(TEXT.split()))
    assert (answer["baseline"], answer["skipped"]) == ("o200k_base", [])


def test_inputs_are_compared_one_by_one_and_added_up(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes(TEXT.encode())
    (tmp_path / "two.py").write_bytes(b"print('hello')\n")
    (tmp_path / "three.bin").write_bytes(bytes(range(256)))
    whole = json.loads(command("compare", str(tmp_path), "--json", *TWO).out)
    parts = [
        json.loads(command("compare", str(tmp_path / name), "--json", *TWO).out)
        for name in ("one.txt", "two.py")
    ]
    assert whole["files"] == 2 and "three.bin" in whole["skipped"][0]["path"]
    for key in ("shared", "only_first", "only_second"):
        assert whole["agreement"][0][key] == sum(part["agreement"][0][key] for part in parts)
    tokens = [part["tokenizers"][1]["tokens"] for part in parts]
    assert whole["tokenizers"][1]["tokens"] == sum(tokens)


def test_a_person_reads_a_table_and_a_triangle(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), *TWO, "--tokenizer", "gemma", "--baseline", "gemma")
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert lines[0].startswith(f"{file}: {len(TEXT.encode())} bytes")
    row = next(line for line in lines if line.startswith("gemma"))
    assert "100 %" in row and "exact" in row
    start = next(number for number, line in enumerate(lines) if line.startswith("Agreement"))
    assert lines[start].split() == ["Agreement", "1", "2"]
    assert lines[start + 3].startswith("3 ") and lines[start + 3].count("%") == 2
    assert "common to all" in lines[start + 4]


def test_standard_input_is_compared(command: Runner) -> None:
    outcome = command("compare", "-", "--json", *TWO, piped=TEXT.encode())
    assert outcome.code == 0 and json.loads(outcome.out)["bytes"] == len(TEXT.encode())


def test_by_default_every_tokenizer_is_compared(command: Runner, file: Path) -> None:
    answer = json.loads(command("compare", str(file), "--json").out)
    registry = Registry(Assets())
    assert [row["tokenizer"] for row in answer["tokenizers"]] == [
        *registry.names(),
        *registry.estimator_names(),
    ]
    count = sum(registry.info(name).provenance is Provenance.EXACT for name in registry.names())
    assert len(answer["agreement"]) == count * (count - 1) // 2


def test_one_tokenizer_agrees_with_nobody(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), "--tokenizer", "o200k_base")
    assert outcome.code == 0 and "o200k_base" in outcome.out
    assert "common to all" not in outcome.out


@pytest.mark.parametrize("text", [b"", b"a"], ids=["empty", "one token"])
def test_a_text_that_nobody_cuts_has_no_agreement(command: Runner, text: bytes) -> None:
    outcome = command("compare", "-", *TWO, piped=text)
    assert outcome.code == 0 and "100" not in outcome.out.split("Agreement", 1)[1].splitlines()[0]
    assert "no boundaries to compare" in outcome.out


def test_prices_of_one_day_are_dated_once(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), "--tokenizer", "o200k_base")
    dates = re.search(r"Prices as of (\S+) to ([^;]+);", outcome.out)
    assert "Prices as of" in outcome.out
    assert dates is None or dates[1] != dates[2]


@pytest.mark.parametrize("option", ["--tokenizer", "--baseline"])
def test_an_unknown_tokenizer_is_answered_with_the_nearest(command: Runner, file: Path, option: str) -> None:
    outcome = command("compare", str(file), option, "o20k_base")
    assert outcome.code == 2 and "o200k_base" in outcome.err and not outcome.out


def test_what_cannot_be_read_is_said_and_the_rest_is_compared(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), str(file.parent / "gone.txt"), "--json", *TWO)
    assert outcome.code == 1 and "gone.txt" in outcome.err
    assert json.loads(outcome.out)["files"] == 1
