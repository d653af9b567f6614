"""``tokviz cost``: what a habit costs, on the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("word " * 2_000)
    return path


def test_models_stand_side_by_side(command: Runner, file: Path) -> None:
    outcome = command(
        "cost",
        str(file),
        "--model",
        "gpt-4o",
        "--model",
        "gpt-4o-mini",
        "--calls",
        "1,000",
        "--answer",
        "500",
    )
    assert (outcome.code, outcome.err) == (0, "")
    assert "1,000 calls a day, each with the text and an answer of 500 tokens." in outcome.out
    assert "Cheapest that fits: GPT-4o mini." in outcome.out
    assert "Prices in US dollars as of" in outcome.out


def test_cached_and_batch_make_it_cheaper_in_every_form(command: Runner, file: Path) -> None:
    base = ["cost", str(file), "--model", "gpt-4o", "--calls", "10"]

    def day(*options: str) -> float:
        record = json.loads(command(*base, *options, "--json").out)
        return float(record["models"][0]["per_day"]["likely"])

    assert day("--batch") < day("--cached", "80%") < day("--cached", "10%") < day()
    (row,) = csv.DictReader(io.StringIO(command(*base, "--csv").out))
    assert float(row["per_day"]) == day()
    assert command(*base, "--markdown").out.startswith("| Model |")
    assert "80 % of it cached: written once a day" in command(*base, "--cached", "80%").out


def test_standard_input_is_reckoned_too(command: Runner) -> None:
    outcome = command("cost", "-", "--model", "gpt-4o", "--json", piped=b"hello world")
    assert json.loads(outcome.out)["models"][0]["tokens"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name a model with --model ID"),
        (["--model", "gpt4o"], "There is no model “gpt4o”; did you mean “gpt-4o”?"),
        (["--model", "gpt-4o", "--cached", "120%"], "“120%” is no percentage from 0 to 100"),
        (["--model", "gpt-4o", "--cached", "x"], "“x” is no number of tokens"),
        (["--model", "gpt-4o", "--calls", "0"], "--calls takes at least 1"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(
    arguments: list[str], said: str, command: Runner, file: Path
) -> None:
    outcome = command("cost", str(file), *arguments)
    assert outcome.code == 2 and said in outcome.err


def test_a_tier_ahead_is_told(command: Runner, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(" a" * 270_200)
    outcome = command("cost", str(path), "--model", "gpt-6.1-sol")
    assert "more and the whole request" in outcome.out
