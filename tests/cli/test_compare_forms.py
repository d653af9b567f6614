"""``tokviz compare --forms``: the same data in other forms, in every output, and every failure reported."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry

DATA = [{"id": 1, "zip": "12345", "name": "Ann"}, {"id": 2, "zip": "01234", "name": "Bob, Jr."}]
TWO = ("--tokenizer", "o200k_base", "--tokenizer", "r50k_base")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(DATA, indent=4), encoding="utf-8")
    return path


def test_json_holds_every_figure(command: Runner, file: Path) -> None:
    outcome = command("compare", "--forms", str(file), "--json", *TWO)
    assert outcome.code == 0 and not outcome.err
    answer = json.loads(outcome.out)
    assert answer["source"] == "JSON" and answer["notes"] == []
    forms = {each["form"]: each for each in answer["forms"]}
    tokenizer = Registry(Assets()).get("o200k_base")
    tokens = {name: {one["tokenizer"]: one for one in each["tokens"]} for name, each in forms.items()}
    whole = len(tokenizer.encode(file.read_bytes()))
    minified = len(tokenizer.encode(json.dumps(DATA, separators=(",", ":")).encode()))
    assert tokens["as-it-is"]["o200k_base"]["tokens"] == whole
    assert tokens["json-min"]["o200k_base"]["tokens"] == minified
    assert tokens["json-min"]["o200k_base"]["saving"] == pytest.approx(1 - minified / whole)
    assert tokens["yaml"]["r50k_base"]["provenance"] == "exact"
    assert {name for name, each in forms.items() if not each["unchanged"]} == {
        "csv",
        "tsv",
        "markdown",
        "xml",
    }
    assert forms["csv"]["loses"] == [{"what": "numbers and text look alike", "where": "[0].zip"}]


def test_the_table_says_what_saves_and_what_is_lost(command: Runner, file: Path) -> None:
    outcome = command("compare", "--forms", str(file), *TWO)
    lines = outcome.out.splitlines()
    assert lines[0] == "Read as JSON." and max(map(len, lines)) <= 100
    rows = {line.split("  ")[0]: line for line in lines}
    assert rows["As it is (JSON)"].rstrip()[-1].isdigit()
    assert rows["YAML"].endswith("yes") and rows["XML"].endswith("no")
    assert "CSV, TSV, Markdown table, XML: numbers and text look alike ([0].zip)." in outcome.out
    assert len(rows["r50k_base"].split()) == 11
    kept = [line for line in lines if line.endswith("  yes")]
    best = next(line for line in lines if " ←  " in line)
    assert best == min(kept, key=lambda line: int(line[16:].replace("←", "").split()[0]))


@pytest.mark.parametrize("form", ["--csv", "--markdown"])
def test_the_table_can_be_taken_away(command: Runner, file: Path, form: str) -> None:
    answer = command("compare", "--forms", str(file), form, *TWO).out
    if form == "--csv":
        rows = list(csv.DictReader(io.StringIO(answer)))
        assert len(rows) == 10 * 2 and {row["tokenizer"] for row in rows} == {"o200k_base", "r50k_base"}
        assert [row["unchanged"] for row in rows if row["form"] == "csv"] == ["false", "false"]
    else:
        assert answer.splitlines()[0] == "| Form | Bytes | Comes back unchanged | o200k_base | r50k_base |"
        assert len(answer.splitlines()) == 12


def test_a_form_can_be_written(command: Runner, file: Path) -> None:
    outcome = command("compare", "--to", "csv", str(file))
    assert outcome.out == 'id,zip,name\n1,12345,Ann\n2,01234,"Bob, Jr."\n' and outcome.code == 0
    assert "numbers and text look alike ([0].zip)" in outcome.err
    assert command("compare", "--to", "json-min", "-", piped=b"a: 1\n").out == '{"a":1}\n'


@pytest.mark.parametrize(
    ("arguments", "piped", "said"),
    [
        (("--forms", "-"), b"Just words.", "no JSON, JSON Lines, CSV, YAML or Markdown table"),
        (("--forms", "-"), b'{"a": 1', "Line 1, column 8"),
        (("--from", "json", "-"), b"a: 1", "not JSON. Line 1, column 1"),
        (("--forms", "-", "-"), b"", "only once"),
        (("--forms", "missing.json"), b"", "missing.json"),
        (("--forms", "a", "b"), b"", "name one file"),
        (("--to", "csv", "-"), b"[]", "at least one row"),
        (("--forms", "-"), b"[" * 9_999, "levels deep"),
    ],
)
def test_every_failure_is_one_sentence(
    command: Runner, arguments: tuple[str, ...], piped: bytes, said: str
) -> None:
    outcome = command("compare", *arguments, piped=piped)
    assert outcome.code in (1, 2) and said in outcome.err and not outcome.out
    assert len(outcome.err.splitlines()) == 1 and "Traceback" not in outcome.err


def test_tokenizers_can_be_taken_away_too(command: Runner, file: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(command("compare", str(file), "--csv", *TWO).out)))
    assert [row["tokenizer"] for row in rows] == ["o200k_base", "r50k_base"]
    assert command("compare", str(file), "--markdown", *TWO).out.startswith("| Tokenizer | Tokens |")
