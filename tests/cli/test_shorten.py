"""``--shorten``: exact savings before and after, in words and for programs, and the counts of it."""

import json
from base64 import b64encode
from pathlib import Path
from random import Random

import pytest

from tests.cli.conftest import Runner
from tokviz.assets import Assets
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import make_text
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.tokenization.registry import Registry

PNG = b64encode(Random(4).randbytes(6000)).decode()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    outputs = [{"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}}]
    cells = [{"cell_type": "code", "source": ["x = 1  # one\n"], "outputs": outputs}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "a.py").write_text("# a comment\n\nx = 1  # and one behind\n" * 50)
    (tmp_path / "yarn.lock").write_text("left-pad@1.0\n" * 90)
    return tmp_path


def exact(tree: Path, *ways: Shortening) -> int:
    tokenizer = Registry(Assets()).get("o200k_base")
    options = ReadOptions(shortened=frozenset(ways))
    texts = [make_text(path.read_bytes(), path.name, options).text for path in sorted(tree.iterdir())]
    return sum(map(tokenizer.count, texts))


def test_none_says_what_each_would_save(command: Runner, tree: Path) -> None:
    outcome = command("count", str(tree), "--shorten", "none", "--json", "--tokenizer", "o200k_base")
    answer = json.loads(outcome.out)
    assert answer["counts"][0]["tokens"] == exact(tree)
    saves = {row["name"]: row["saves"]["o200k_base"] for row in answer["shortened"]}
    assert saves == {one: exact(tree) - exact(tree, one) for one in Shortening}
    assert not any(row["applied"] for row in answer["shortened"])
    files = {Path(row["path"]).name: row for row in answer["paths"]}
    assert files["yarn.lock"]["saves"] == {"lockfiles": {"o200k_base": saves["lockfiles"]}}
    assert files["broken.ipynb"]["not_shortened"] == "the notebook is broken: it is no JSON"
    assert "shortened" not in files["a.py"]


def test_what_is_chosen_is_counted(command: Runner, tree: Path) -> None:
    chosen = (Shortening.NOTEBOOKS, Shortening.COMMENTS)
    outcome = command(
        "count", str(tree), "--shorten", "notebooks,comments", "--json", "--tokenizer", "o200k_base"
    )
    answer = json.loads(outcome.out)
    assert answer["counts"][0]["tokens"] == exact(tree, *chosen)
    rows = {row["name"]: row for row in answer["shortened"]}
    assert [name for name, row in rows.items() if row["applied"]] == list(chosen)
    without = exact(tree, Shortening.NOTEBOOKS)
    assert rows["comments"]["saves"]["o200k_base"] == without - exact(tree, *chosen)
    more = exact(tree, *chosen, Shortening.BLANK_LINES)
    assert rows["blank-lines"]["saves"]["o200k_base"] == exact(tree, *chosen) - more
    files = {Path(row["path"]).name: row for row in answer["paths"]}
    assert files["a.ipynb"]["shortened"] == ["notebooks"]
    assert sum(row["tokens"]["o200k_base"] for row in answer["paths"]) == exact(tree, *chosen)


def test_a_table_for_people(command: Runner, tree: Path) -> None:
    outcome = command("count", str(tree), "--shorten", "lockfiles", "--tokenizer", "o200k_base", "--files")
    lines = [" ".join(line.split()) for line in outcome.out.splitlines()]
    saved = exact(tree) - exact(tree, Shortening.LOCK_FILES)
    assert f"lockfiles 1 {saved:,} applied lock files as one line each" in lines
    assert "1 file cannot be shortened in every way:" in lines
    assert "broken.ipynb: the notebook is broken: it is no JSON" in lines
    one_line = (
        Registry(Assets()).get("o200k_base").count(b"[yarn.lock: a lock file of 1,170 bytes, left out]\n")
    )
    assert any(line.startswith(f"yarn.lock {one_line} ") for line in lines)


def test_nothing_to_shorten(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("plain")
    assert "Nothing here can be shortened." in command("count", str(tmp_path), "--shorten", "all").out
    assert json.loads(command("count", str(tmp_path), "--json").out).keys().isdisjoint({"shortened"})


def test_standard_input_has_no_name_but_may_hold_base64(command: Runner) -> None:
    outcome = command("count", "-", "--shorten", "all", "--json", piped=f"key: {PNG}".encode())
    answer = json.loads(outcome.out)
    assert answer["counts"][0]["tokens"] < 30
    assert answer["paths"][0]["shortened"] == ["base64"]


def test_the_pack_holds_the_shorter_texts(command: Runner, tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.md"
    outcome = command(
        "count", str(tree), "--shorten", "all", "--pack", str(target), "--tokenizer", "o200k_base"
    )
    text = target.read_text()
    assert outcome.code == 0
    assert "[image/png, 6,000 bytes]" in text
    assert "a comment" not in text
    assert "[yarn.lock: a lock file of 1,170 bytes, left out]" in text
    assert PNG not in text
    assert "## a.ipynb (shortened: its cells)\n" in text
    assert "## a.py (shortened: without comments, without blank lines)\n" in text
    assert "## broken.ipynb\n" in text


@pytest.mark.parametrize("name", ["tokens", "cut", "cost"])
def test_other_commands_take_it_too(command: Runner, tree: Path, name: str) -> None:
    extra = {"cut": ["--tokens", "5"], "cost": ["--json", "--model", "gpt-5"], "tokens": []}[name]
    command_line = [name, str(tree / "yarn.lock"), *extra]
    assert command(*command_line, "--shorten", "lockfiles").out != command(*command_line).out


def test_an_unknown_way(command: Runner, tree: Path) -> None:
    outcome = command("count", str(tree), "--shorten", "notebok")
    assert outcome.code == 2
    assert "did you mean “notebooks”?" in outcome.err


def test_a_plan_shrinks_before_it_drops(command: Runner, tree: Path) -> None:
    name = ("--tokenizer", "o200k_base")
    budget = str(exact(tree, Shortening.NOTEBOOKS))
    outcome = command("count", str(tree), *name, "--budget", budget, "--json")
    assert outcome.code == 3
    saves = exact(tree) - exact(tree, Shortening.NOTEBOOKS)
    assert json.loads(outcome.out)["plan"] == [
        {
            "pattern": "*",
            "shorten": "notebooks",
            "kind": "notebooks as their cells",
            "action": "shrink",
            "files": 1,
            "tokens": saves,
        }
    ]
    shown = command("count", str(tree), *name, "--budget", budget).err
    assert "shorten (with --shorten notebooks):" in shown
    assert f"{saves:,}  notebooks as their cells (1 file)" in shown
    assert "leave out" not in shown
    assert command("count", str(tree), *name, "--budget", budget, "--shorten", "notebooks").code == 0


def test_apply_writes_what_an_ignore_file_can_say_and_names_the_option(command: Runner, tree: Path) -> None:
    (tree / "data.csv").write_text("1,2,3,4\n" * 400)
    budget = exact(tree, Shortening.NOTEBOOKS) - 1600
    arguments = ("count", str(tree), "--tokenizer", "o200k_base", "--budget", str(budget))
    outcome = command(*arguments, "--apply")
    assert "and leave out" in outcome.err
    assert "What is to be shortened needs the option --shorten notebooks." in outcome.err
    assert "*.csv" in (tree / ".tokvizignore").read_text()
    assert command(*arguments).code == 3
    assert command(*arguments, "--shorten", "notebooks").code == 0


def test_what_is_kept_is_not_shortened(command: Runner, tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.md"
    arguments = ("--shorten", "all", "--keep", "a.py", "--pack", str(target), "--json")
    outcome = command("count", str(tree), *arguments, "--tokenizer", "o200k_base")
    files = {Path(row["path"]).name: row for row in json.loads(outcome.out)["paths"]}
    assert "shortened" not in files["a.py"]
    assert files["yarn.lock"]["shortened"] == ["lockfiles"]
    text = target.read_text()
    assert "a comment" in text
    assert "a lock file of" in text


def test_a_plan_for_a_pack_counts_the_shorter_pack(command: Runner, tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "pack.md"
    arguments = ("count", str(tree), "--tokenizer", "o200k_base", "--pack", str(target), "--budget", "2500")
    outcome = command(*arguments)
    assert (outcome.code, target.exists()) == (3, False)
    option = outcome.err.partition("--shorten ")[2].partition(")")[0]
    assert command(*arguments, "--shorten", option).code == 0
    assert target.exists()


def test_where_shortenings_are_not_looked_for_it_says_so(
    command: Runner, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("count", str(tree), "--budget", "1")
    assert "was not looked for" not in command(*asked).err
    monkeypatch.setattr("tokviz.cli.tree_answers.MOST_MEASURED", 10)
    assert "what could be shortened was not looked for; --shorten none" in command(*asked).err
    assert json.loads(command(*asked, "--json").out)["unmeasured"] == list(Shortening)


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    """A tree with a large by-product, and a source that is mostly comments."""
    folder = tmp_path / "commented"
    folder.mkdir()
    (folder / "data.csv").write_text("1,2,3,4\n" * 2_000)
    (folder / "a.py").write_text("# a comment that tells a long story\n" * 200 + "a = 1\n" * 100)
    (folder / "b.py").write_text("b = 1\n" * 100)
    return folder


def test_in_a_large_tree_comments_are_looked_for_in_what_they_can_save(
    command: Runner, commented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("count", str(commented), "--tokenizer", "o200k_base", "--budget", "1000", "--json")
    whole = json.loads(command(*asked).out)["plan"]
    assert [one.get("shorten") or one["kind"] for one in whole] == ["data", "comments"]
    monkeypatch.setattr("tokviz.cli.shortening.MEASURED", 0)
    assert json.loads(command(*asked).out)["plan"] == whole
    assert "was not looked for" not in command(*asked).err


def test_where_that_is_too_much_it_says_so(
    command: Runner, commented: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.cli.shortening.MEASURED", 0)
    monkeypatch.setattr("tokviz.cli.tree_answers.MEASURED", 0)
    asked = ("count", str(commented), "--tokenizer", "o200k_base")
    said = command(*asked, "--budget", "1000").err
    assert "What comments and blank lines would save was not looked for in more than 0 MB" in said
    assert "own source: /a.py" in said
    answer = json.loads(command(*asked, "--budget", "1000", "--json").out)
    assert answer["unmeasured"] == ["comments", "blank-lines"]
    enough = command(*asked, "--budget", "4000").err
    assert "data" in enough and "was not looked for" not in enough


def test_what_is_named_to_be_kept_and_is_not_there_is_told(command: Runner, tree: Path) -> None:
    """A misspelled name protects nothing, which would be seen when it is gone."""
    arguments = ("count", str(tree), "--tokenizer", "o200k_base", "--budget", "10")
    outcome = command(*arguments, "--keep", "a.py", "--keep", "srcs", "--keep", "!b")
    assert outcome.err.startswith(
        "tokviz count: --keep srcs matches nothing here, or only what is left out.\n"
    )
    assert "--keep a.py" not in outcome.err and "--keep !b" not in outcome.err
    assert outcome.code == 3
