"""``tokviz count``: sums, fit and cost as the parts say, and every failure reported beside the rest."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.analysis.budget import fit
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count

TEXT = "Tokens, tokens: naïve 漢字 🙂\r\nand 12345 more.\n"
KEYS = ["files", "bytes", "characters", "lines", "skipped", "counts", "models", "plan", "paths"]
COUNT_KEYS = ["tokenizer", "tokens", "provenance", "low", "high"]
MODEL_KEYS = [
    *("id", "name", "developer", "access", "tokenizer", "tokens", "low", "high", "provenance"),
    *("context_window", "reserve", "share", "left", "fits"),
    *("input_cost_usd", "total_cost_usd", "prices_as_of", "limit", "over"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_json_is_as_specified(command: Runner, file: Path) -> None:
    outcome = command("count", str(file), "--json", "--model", "gpt-3", "--model", "claude-2.1")
    assert outcome.code == 0
    answer = json.loads(outcome.out, parse_float=Decimal)
    assert list(answer) == KEYS
    assert (answer["files"], answer["bytes"], answer["characters"]) == (1, len(TEXT.encode()), len(TEXT))
    assert (answer["lines"], answer["skipped"]) == (2, [])
    tokens = {name: Registry(Assets()).get(name).count(TEXT.encode()) for name in ("r50k_base", "claude-2")}
    assert [list(row) for row in answer["counts"]] == [COUNT_KEYS] * 2
    assert {row["tokenizer"]: row["tokens"] for row in answer["counts"]} == tokens
    gpt3 = answer["models"][0]
    assert list(gpt3) == MODEL_KEYS
    count = tokens["r50k_base"]
    fitted = fit(Count.certain(count), Catalog(Assets()).get("gpt-3"))
    assert (gpt3["tokens"], gpt3["low"], gpt3["high"], gpt3["provenance"]) == (count, count, count, "exact")
    assert (gpt3["context_window"], gpt3["reserve"]) == (2_049, fitted.reserve)
    assert (gpt3["left"], gpt3["fits"]) == (2_049 - fitted.reserve - count, True)
    assert float(gpt3["share"]) == count / 2_049
    # exactly: 20 dollars per million tokens, either way
    assert gpt3["input_cost_usd"] == Decimal(count) * 20 / 1_000_000
    assert gpt3["total_cost_usd"] == Decimal(count + fitted.reserve) * 20 / 1_000_000
    assert gpt3["prices_as_of"] == "2026-11-10"


def test_the_reserve_is_kept(command: Runner, file: Path) -> None:
    answer = json.loads(command("count", str(file), "--json", "--model", "gpt-3", "--reserve", "2049").out)
    (model,) = answer["models"]
    assert model["reserve"] == 2_049
    assert model["left"] == -model["tokens"]
    assert model["fits"] is False
    assert (model["limit"], model["over"]) == ("window less the reserve", 0)


def test_what_the_host_charges_is_null_and_not_0(command: Runner, file: Path) -> None:
    answer = json.loads(command("count", str(file), "--json", "--model", "llama-3.1-405b").out)
    (model,) = answer["models"]
    assert model["input_cost_usd"] is None
    assert model["total_cost_usd"] is None
    assert model["prices_as_of"] is None


def test_an_estimate_carries_its_range_everywhere(command: Runner, file: Path) -> None:
    outcome = command("count", str(file), "--json", "--tokenizer", "estimate")
    (counted,) = json.loads(outcome.out)["counts"]
    assert (counted["tokenizer"], counted["provenance"]) == ("estimate", "estimate")
    assert 0 < counted["low"] < counted["tokens"] < counted["high"]
    shown = command("count", str(file), "--tokenizer", "estimate").out
    assert f"~{counted['tokens']:,}" in shown
    assert f"{counted['low']:,}–{counted['high']:,}" in shown
    assert "estimate" in shown


def test_claude_is_counted_and_says_how(command: Runner, file: Path) -> None:
    answer = json.loads(command("count", str(file), "--json", "--model", "claude-opus-4").out)
    (counted,), (model,) = answer["counts"], answer["models"]
    assert (counted["tokenizer"], counted["provenance"]) == ("claude-v3", "reconstructed")
    assert counted["low"] == counted["tokens"] == counted["high"] == model["tokens"] == 24
    assert model["provenance"] == "reconstructed"
    shown = command("count", str(file), "--model", "claude-opus-4").out
    assert "Reconstructed: rebuilt from the maker's published counts" in shown
    assert json.loads(command("count", str(file), "--json", "--model", "claude-opus-5.5").out)["models"][0][
        "provenance"
    ] == ("assumed")


def test_without_a_name_the_first_models_are_shown(command: Runner, file: Path) -> None:
    first = Catalog(Assets()).models[:8]
    answer = json.loads(command("count", str(file), "--json").out)
    assert [row["id"] for row in answer["models"]] == [model.id for model in first]
    assert {row["tokenizer"] for row in answer["counts"]} == {model.tokenizer for model in first}
    assert "--all-models shows all" in command("count", str(file)).out
    assert "--all-models" not in command("count", str(file), "--model", "gpt-3").out


def test_options_narrow_the_answer(command: Runner, file: Path) -> None:
    by_tokenizer = json.loads(command("count", str(file), "--json", "--tokenizer", "r50k_base").out)
    assert [row["tokenizer"] for row in by_tokenizer["counts"]] == ["r50k_base"]
    assert [row["id"] for row in by_tokenizer["models"]] == ["gpt-3"]
    both = json.loads(
        command("count", str(file), "--json", "--tokenizer", "r50k_base", "--model", "claude-2.1").out
    )
    assert [row["tokenizer"] for row in both["counts"]] == ["r50k_base", "claude-2"]
    assert [row["id"] for row in both["models"]] == ["claude-2.1"]


def test_an_assumed_model_says_so(command: Runner, file: Path) -> None:
    outcome = command("count", str(file), "--model", "gpt-6.1-sol")
    (line,) = (line for line in outcome.out.splitlines() if line.startswith("GPT-6.1 Sol"))
    assert "assumed" in line
    assert "Assumed: " in outcome.out


def test_several_files_add_up_and_failures_are_reported_beside_them(command: Runner, tmp_path: Path) -> None:
    good = [tmp_path / "a.txt", tmp_path / "b.txt"]
    good[0].write_bytes(b"one two three\n")
    good[1].write_bytes("vier fünf".encode("utf-16"))
    binary = tmp_path / "c.bin"
    binary.write_bytes(bytes(range(256)) * 10)
    paths = [*map(str, good), str(binary), str(tmp_path / "missing")]
    outcome = command("count", *paths, "--json", "--tokenizer", "r50k_base")
    assert outcome.code == 1
    answer = json.loads(outcome.out)
    tokenizer = Registry(Assets()).get("r50k_base")
    assert answer["files"] == 2
    assert answer["characters"] == len("one two three\nvier fünf")
    assert answer["counts"][0]["tokens"] == tokenizer.count(b"one two three\n") + tokenizer.count(
        "vier fünf".encode()
    )
    assert [row["path"] for row in answer["skipped"]] == [str(tmp_path / "missing"), str(binary)]
    assert all(row["reason"] for row in answer["skipped"])
    assert len(outcome.err.splitlines()) == 2


def test_a_folder_is_counted_and_what_is_left_out_is_listed(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("one two\n")
    (tmp_path / "sub" / "b.txt").write_text("three\n")
    (tmp_path / "image").write_bytes(b"\0" * 100)
    (tmp_path / "notes.log").write_text("left out")
    (tmp_path / ".gitignore").write_text("*.log\n")
    outcome = command("count", str(tmp_path), "--json", "--tokenizer", "r50k_base")
    assert outcome.code == 0
    answer = json.loads(outcome.out)
    assert (answer["files"], answer["bytes"], answer["lines"]) == (2, 14, 2)
    skipped = {os.path.relpath(row["path"], tmp_path): row["reason"] for row in answer["skipped"]}
    assert skipped.keys() == {"image", "notes.log", ".gitignore"}
    assert ".gitignore" in skipped["notes.log"]
    assert "left out" in command("count", str(tmp_path), "--tokenizer", "r50k_base").out.splitlines()[0]


def test_a_file_named_beside_its_folder_counts_once(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one two\n")
    paths = [str(tmp_path / "a.txt"), str(tmp_path), str(tmp_path)]
    answer = json.loads(command("count", *paths, "--json", "--tokenizer", "r50k_base").out)
    assert answer["files"] == 1


def test_standard_input(command: Runner) -> None:
    for arguments in (["-"], []):
        outcome = command("count", *arguments, "--json", "--tokenizer", "r50k_base", piped=b"a b c")
        answer = json.loads(outcome.out)
        assert (answer["files"], answer["bytes"], answer["counts"][0]["tokens"]) == (1, 5, 3)
    assert "standard input: 5 bytes" in command("count", "-", "--model", "gpt-3", piped=b"a b c").out


def test_an_empty_input_is_zero_tokens(command: Runner) -> None:
    answer = json.loads(command("count", "-", "--json", "--model", "gpt-3", piped=b"").out)
    assert (answer["files"], answer["bytes"], answer["lines"]) == (1, 0, 0)
    assert answer["models"][0]["tokens"] == 0
    assert answer["models"][0]["fits"] is True
    assert answer["models"][0]["input_cost_usd"] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--tokenizer", "o200k"], "There is no tokenizer “o200k”; did you mean “o200k_base”?"),
        (["--model", "gpt4o"], "There is no model “gpt4o”; did you mean “gpt-4o”?"),
        (["--model", "calude-opus-4"], "did you mean “claude-opus-4”?"),
        (["--reserve", "many"], "“many” is no number of tokens"),
        (["--reserve", "-5"], "--reserve"),
    ],
)
def test_wrong_usage(command: Runner, file: Path, arguments: list[str], complaint: str) -> None:
    outcome = command("count", str(file), *arguments)
    assert outcome.code == 2
    assert complaint in outcome.err
    assert outcome.out == ""


def test_a_damaged_vocabulary_is_named_and_the_others_go_on(
    command: Runner, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assets = tmp_path / "resources"
    (assets / "vocabularies").mkdir(parents=True)
    real = Assets()
    (assets / "catalog").symlink_to(real.path("catalog"))
    (assets / "vocabularies" / "special").symlink_to(real.path("vocabularies", "special"))
    claude = "claude-2.tiktoken"
    (assets / "vocabularies" / claude).symlink_to(real.path("vocabularies", claude))
    monkeypatch.setattr("tokviz.cli.count.Assets", lambda: Assets(assets))
    outcome = command("count", str(file), "--json", "--tokenizer", "r50k_base", "--tokenizer", "claude-2")
    assert outcome.code == 1
    assert "r50k_base" in outcome.err
    assert [row["tokenizer"] for row in json.loads(outcome.out)["counts"]] == ["claude-2"]


def test_the_table_fits_a_terminal(command: Runner, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (80, 100, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        lines = command("count", str(file), "--model", "gpt-3", "--model", "claude-opus-4").out.splitlines()
        assert max(map(len, lines[1:])) <= width  # the first names the file
        assert any(line.startswith("GPT-3 (davinci) †") and "$" in line for line in lines)


def test_standard_input_is_read_once(command: Runner, file: Path) -> None:
    outcome = command("count", "-", str(file), "-", "--tokenizer", "o200k_base", piped=b"a text")
    assert outcome.code == 2 and not outcome.out
    assert outcome.err.count("\n") == 1 and "only once" in outcome.err


def test_what_failed_is_told_before_the_figures_of_the_others(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("words\n", encoding="utf-8")
    for options in (["count"], ["compare"], ["compare", "--model", "gpt-4o"]):
        tokenizer = [] if "--model" in options else ["--tokenizer", "r50k_base"]
        command = [sys.executable, "-m", "tokviz", *options, *tokenizer, "missing.txt", str(good)]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
        )
        assert done.returncode == 1
        assert done.stdout.startswith(f"tokviz {options[0]}: Cannot read missing.txt: there is no such file")
        assert "1 of 2 inputs" in done.stdout
