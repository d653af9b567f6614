"""``tokviz compare --model``: the models named, in every output, and every failure reported."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.cli.models import display_name
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

TEXT = "Tokens, tokens: naïve 漢字 🙂\nand 12345 more untokenizable words.\n" * 20
TWO = ("--model", "gpt-5", "--model", "llama-3.1-405b")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_holds_what_evaluate_says(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), "--json", *TWO, "--reserve", "1,000")
    assert outcome.code == 0 and not outcome.err
    answer = json.loads(outcome.out)
    registry, catalog = Registry(Assets()), Catalog(Assets())
    rows = {row["model"]: row for row in answer["models"]}
    for name in ("gpt-5", "llama-3.1-405b"):
        model = catalog.get(name)
        tokens = len(registry.get(model.tokenizer).encode(TEXT.encode()))
        expected = evaluate(model, Count.certain(tokens), 1000)
        row = rows[name]
        assert (row["tokens"], row["provenance"]) == (tokens, expected.count.provenance)
        assert row["reserve"] == 1000 and row["share"] == pytest.approx(tokens / (model.context_window or 0))
        assert row["left"] == expected.fit.left
        if expected.sending:
            assert row["input_cost_usd"] == pytest.approx(float(expected.sending.likely))
    assert answer["baseline"] == "gpt-5" and rows["gpt-5"]["relative_to_baseline"] == 1
    ratio = rows["llama-3.1-405b"]["tokens"] / rows["gpt-5"]["tokens"]
    assert rows["llama-3.1-405b"]["relative_to_baseline"] == pytest.approx(ratio)


def test_the_table_fits_a_terminal(command: Runner, file: Path) -> None:
    outcome = command("compare", str(file), *TWO, "--baseline", "gpt-4.1")
    lines = outcome.out.splitlines()
    assert outcome.code == 0 and max(map(len, lines[1:])) <= 100
    catalog = Catalog(Assets())
    names = [display_name(catalog.get(each), date.today()) for each in ("gpt-4.1", "gpt-5", "llama-3.1-405b")]
    assert [line.split("  ")[0] for line in lines[3:6]] == names
    assert "Cheapest: " in outcome.out
    assert "compared with GPT-4.1" in outcome.out and "Prices as of" in outcome.out


@pytest.mark.parametrize("output", ["--csv", "--markdown"])
def test_the_table_can_be_taken_away(command: Runner, file: Path, output: str) -> None:
    answer = command("compare", str(file), output, *TWO).out
    if output == "--csv":
        rows = list(csv.DictReader(io.StringIO(answer)))
        assert [row["model"] for row in rows] == ["gpt-5", "llama-3.1-405b"]
        assert all(int(row["low"]) <= int(row["tokens"]) <= int(row["high"]) for row in rows)
    else:
        assert answer.startswith("| Model | Tokens |") and len(answer.splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--model", "gpt-55"), "gpt-5"),
        (("--model", "gpt-5", "--baseline", "nothing"), "nothing"),
        (("--model", "gpt-5", "--forms"), "ask for one of them"),
        (("--model", "gpt-5", "--tokenizer", "o200k_base"), "ask for one of them"),
        (("--reserve", "5"), "only a model has a window"),
        (("--model", "gpt-5", "--reserve", "many"), "no number of tokens"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(
    command: Runner, file: Path, arguments: tuple[str, ...], said: str
) -> None:
    outcome = command("compare", str(file), *arguments)
    assert outcome.code == 2 and said in outcome.err and not outcome.out


def test_a_file_that_is_missing_is_told(command: Runner, tmp_path: Path) -> None:
    outcome = command("compare", str(tmp_path / "missing.txt"), *TWO)
    assert outcome.code == 1 and "missing.txt" in outcome.err
