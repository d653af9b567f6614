"""``tokviz.toml``: applied where the only folder has one, said so, and never in the way."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Runner

ONE = ("--tokenizer", "r50k_base")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path in ("src/a.py", "docs/b.md", "package-lock.json"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x = 1\n" * 50, encoding="utf-8")
    return folder


def write(project: Path, text: str) -> None:
    (project / "tokviz.toml").write_text(text, encoding="utf-8")


def paths(command: Runner, project: Path, *options: str) -> set[str]:
    found = json.loads(command("count", str(project), "--json", *options, *ONE).out)
    return {str(Path(one["path"]).relative_to(project)) for one in found["paths"]}


def test_patterns_are_applied_and_said(command: Runner, project: Path) -> None:
    write(project, 'exclude = ["*.json", "tokviz.toml"]\n')
    assert paths(command, project) == {"src/a.py", "docs/b.md"}
    out = command("count", str(project), *ONE).out.splitlines()
    assert out[1] == "tokviz.toml is applied: 2 patterns; --no-project-file counts without it."
    assert len(paths(command, project, "--no-project-file")) == 4
    assert paths(command, project, "--exclude", "docs") == {"src/a.py"}
    write(project, 'include = ["src"]\n')
    assert paths(command, project) == {"src/a.py"}
    assert paths(command, project, "--include", "docs") == {"docs/b.md"}


def test_what_it_includes_and_is_not_there(command: Runner, project: Path) -> None:
    write(project, 'include = ["gone/**", "docs"]\n')
    outcome = command("count", str(project), *ONE)
    assert outcome.code == 0
    sentence = "tokviz.toml: include gone/** matches nothing here, or only what is left out."
    assert outcome.err == f"tokviz count: {sentence}\n"


def test_a_part_of_a_models_name_means_what_it_means_on_the_command_line(
    command: Runner, project: Path
) -> None:
    write(project, 'models = ["claude"]\n')
    sentence = "There is no model “claude”; did you mean “"
    told = command("count", str(project)).err.partition(sentence)[2].partition("”")[0]
    named = command("count", str(project), "--model", "claude").err.partition(sentence)[2].partition("”")[0]
    assert told and told == named


def test_its_models_unless_others_are_named(command: Runner, project: Path) -> None:
    write(project, 'models = ["gpt-4o", "gpt-nonsense"]\n')
    outcome = command("count", str(project), "--json")
    found = json.loads(outcome.out)
    assert [model["id"] for model in found["models"]] == ["gpt-4o"]
    assert "tokviz.toml: models: There is no model “gpt-nonsense”" in outcome.err
    assert found["project"]["file"] == "tokviz.toml"
    assert found["project"]["problems"] == [
        line.removeprefix("tokviz count: ") for line in outcome.err.splitlines()
    ]
    others = json.loads(command("count", str(project), "--json", *ONE).out)
    assert [count["tokenizer"] for count in others["counts"]] == ["r50k_base"]


def test_budgets_by_pattern(command: Runner, project: Path) -> None:
    write(project, '[budgets]\n"src" = 10\n"docs/*.md" = 100_000\n')
    outcome = command("count", str(project), "--json", *ONE)
    found = json.loads(outcome.out)
    tokens = {Path(one["path"]).name: one["tokens"]["r50k_base"] for one in found["paths"]}
    assert found["budgets"] == [
        {"pattern": "src", "budget": 10, "tokens": tokens["a.py"], "files": 1},
        {"pattern": "docs/*.md", "budget": 100_000, "tokens": tokens["b.md"], "files": 1},
    ]
    over = tokens["a.py"] - 10
    sentence = f"src is over its budget of 10 by {over:,}: {tokens['a.py']:,} tokens (r50k_base)."
    assert outcome.err == f"tokviz count: {sentence}\n"
    assert outcome.code == 3
    assert command("count", str(project), "--no-project-file", *ONE).code == 0


def test_what_it_keeps_is_not_left_out(command: Runner, project: Path) -> None:
    budget = ("--budget", "300", *ONE)
    assert "docs" in command("count", str(project), *budget).err
    write(project, 'exclude = ["tokviz.toml"]\nkeep = ["docs"]\n')
    assert "docs" not in command("count", str(project), *budget).err


def test_shortenings(command: Runner, project: Path) -> None:
    whole = json.loads(command("count", str(project), "--json", *ONE).out)["counts"][0]["tokens"]
    write(project, 'shorten = ["lockfiles"]\nexclude = ["tokviz.toml"]\n')
    less = json.loads(command("count", str(project), "--json", *ONE).out)["counts"][0]["tokens"]
    assert less < whole


def test_only_that_of_the_only_folder(command: Runner, project: Path) -> None:
    write(project, 'exclude = ["*"]\n')
    file = str(project / "src/a.py")
    assert "tokviz.toml" not in command("count", file, *ONE).out
    assert "is applied" not in command("count", str(project), str(project / "src"), *ONE).out


def test_mistakes_are_told_and_the_count_goes_on(command: Runner, project: Path) -> None:
    write(project, 'exclud = ["*.json"]\nexclude = ["docs"]\n')
    outcome = command("count", str(project), *ONE)
    assert outcome.code == 0
    assert outcome.err == "tokviz count: tokviz.toml, line 1: unknown key “exclud”; did you mean “exclude”?\n"
    assert outcome.out.startswith(f"{project}: 3 files")


def test_one_that_cannot_be_read_is_not_said_to_be_applied(command: Runner, project: Path) -> None:
    (project / "tokviz.toml").write_bytes(b"\xff")
    outcome = command("count", str(project), *ONE)
    assert outcome.code == 0
    assert outcome.err == "tokviz count: tokviz.toml is not used: line 1 is not UTF-8.\n"
    assert "is applied" not in outcome.out
    found = json.loads(command("count", str(project), "--json", *ONE).out)["project"]
    assert found["applied"] == "tokviz.toml is not applied"
