"""``tokviz count`` on folders: single files and folders, what belongs to them, limits, and packing."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Runner
from tests.documents.tree.test_ignore_files import write
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.cli.progress import Progress
from tokviz.tokenization.registry import Registry

NAME = "r50k_base"
ONE = ("--tokenizer", NAME)
FILES = {
    "README.md": "# Read me\n",
    "src/a.py": "print('hello')\n" * 40,
    "src/deep/b.py": "x = 1\n",
    "package-lock.json": '{"lock": "file"}\n' * 100,
    "notes.log": "ignored\n",
    ".env": "SECRET=1\n",
    ".gitignore": "*.log\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write(root, FILES)
    return root


def tokens(*names: str) -> int:
    tokenizer = Registry(Assets()).get(NAME)
    return sum(tokenizer.count(FILES[name].encode()) for name in names)


def test_json_has_every_counted_file(command: Runner, project: Path) -> None:
    answer = json.loads(command("count", str(project), "--json", *ONE).out)
    expected = ["README.md", "package-lock.json", "src/a.py", "src/deep/b.py"]
    assert answer["paths"] == [
        {"path": str(project / name), "bytes": len(FILES[name]), "tokens": {NAME: tokens(name)}}
        for name in expected
    ]
    assert answer["counts"][0]["tokens"] == tokens(*expected)


def test_json_paths_have_reconstructed_counts_too(command: Runner, project: Path) -> None:
    answer = json.loads(command("count", str(project / "src"), "--json", "--model", "claude-opus-4").out)
    assert [list(one["tokens"]) for one in answer["paths"]] == [["claude-v3"], ["claude-v3"]]
    assert all(one["tokens"]["claude-v3"] > 0 for one in answer["paths"])


def rows(out: str) -> list[list[str]]:
    """The cells of the last table."""
    return [line.split() for line in out.rstrip("\n").split("\n\n")[-1].split("\n")]


def test_files_in_order_and_the_largest(command: Runner, project: Path) -> None:
    listed = rows(command("count", str(project), "--files", *ONE).out)
    assert [row[0] for row in listed] == [
        "Path",
        "README.md",
        "package-lock.json",
        "src/a.py",
        "src/deep/b.py",
    ]
    assert listed[1][1] == str(tokens("README.md"))
    largest = rows(command("count", str(project), "--top", "2", *ONE).out)
    assert [row[0] for row in largest] == ["Path", "package-lock.json", "src/a.py"]


def test_a_tree_as_deep_as_asked(command: Runner, project: Path) -> None:
    tree = rows(command("count", str(project), "--tree", *ONE).out)
    assert [row[0] for row in tree] == [
        *("Path", f"{project}/", "package-lock.json", "src/", "a.py", "deep/", "README.md"),
    ]
    assert tree[3][1] == str(tokens("src/a.py", "src/deep/b.py"))
    shallow = rows(command("count", str(project), "--tree", "1", *ONE).out)
    assert [row[0] for row in shallow] == ["Path", f"{project}/", "package-lock.json", "src/", "README.md"]


def test_several_inputs_are_told_apart(command: Runner, project: Path) -> None:
    paths = [str(project / "src"), str(project / "README.md"), "-"]
    listed = rows(command("count", *paths, "--files", *ONE, piped=b"hello").out)
    assert [row[0] for row in listed[1:]] == [
        f"{project}/src/a.py",
        f"{project}/src/deep/b.py",
        f"{project}/README.md",
        "standard",
    ]


def test_what_belongs_to_the_tree(command: Runner, project: Path) -> None:
    def names(*options: str) -> set[str]:
        answer = json.loads(command("count", str(project), "--json", *ONE, *options).out)
        return {os.path.relpath(one["path"], project) for one in answer["paths"]}

    usual = {"README.md", "package-lock.json", "src/a.py", "src/deep/b.py"}
    assert names("--no-ignore") == usual | {"notes.log"}
    assert names("--hidden") == usual | {".env", ".gitignore"}
    assert names("--include", "*.py") == {"src/a.py", "src/deep/b.py"}
    assert names("--exclude", "*.json", "--exclude", "/src/deep/") == {"README.md", "src/a.py"}
    outcome = command("count", str(project), "--exclude", "/", *ONE)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "--exclude /: the pattern matches nothing" in outcome.err


def test_an_ignore_file_that_cannot_be_read_is_told(command: Runner, project: Path) -> None:
    (project / "src" / ".gitignore").mkdir()
    outcome = command("count", str(project), *ONE)
    assert outcome.code == 0
    assert "src/.gitignore: it is a folder" in outcome.err
    assert "Its rules are not applied." in outcome.err


def test_fits_answers_by_its_exit_code(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), "--fits", "gpt-4o")
    assert outcome.code == 0
    assert "Fits GPT-4o: " in outcome.err
    assert "r50k_base" not in outcome.out  # it is counted for this model only
    write(project, {"big.txt": "many words " * 2000})
    outcome = command("count", str(project), "--fits", "gpt-3")
    assert outcome.code == 3
    assert "Does not fit GPT-3" in outcome.err
    assert "over by" in outcome.err
    assert "  lock files: *-lock.json\n" in outcome.err
    assert "/big.txt" in outcome.err
    assert command("count", str(project), "--fits", "gtp-4o").code == 2


def test_an_estimate_fits_only_where_its_whole_range_does(command: Runner, project: Path) -> None:
    models = (model for model in Catalog(Assets()).models if model.tokenizer == "estimate")
    model = next(each for each in models if each.context_window and each.max_input is None)
    window = model.context_window
    assert window is not None
    write(project, {"text.txt": "several words of plain text " * 5000})
    (counted,) = json.loads(command("count", str(project), "--json", "--tokenizer", "estimate").out)["counts"]
    assert counted["low"] < counted["tokens"] < counted["high"]

    def fit(reserve: int) -> Outcome:
        return command("count", str(project), "--fits", model.id, "--reserve", str(reserve))

    outcome = fit(window - counted["tokens"])
    assert outcome.code == 3
    assert f"May not fit {model.name}" in outcome.err
    assert fit(window - counted["high"]).code == 0


def test_a_budget(command: Runner, project: Path) -> None:
    total = tokens("README.md", "package-lock.json", "src/a.py", "src/deep/b.py")
    assert command("count", str(project), "--budget", str(total), *ONE).code == 0
    outcome = command("count", str(project), "--budget", str(total - 1), *ONE, "--json")
    assert outcome.code == 3
    assert f"Over the budget of {total - 1:,} by 1: {total:,} tokens ({NAME})." in outcome.err
    assert json.loads(outcome.out)["files"] == 4


def test_the_advice_for_programs_adds_up(command: Runner, project: Path) -> None:
    write(project, {"docs/a.md": "some words " * 300, "tests/test_a.py": "x = 1\n" * 200})
    answer = json.loads(command("count", str(project), "--budget", "100", *ONE, "--json").out)
    total = answer["counts"][0]["tokens"]
    assert total - sum(step["tokens"] for step in answer["plan"]) <= 100
    assert {step["action"] for step in answer["plan"]} == {"drop"}
    assert all(("path" in step) != ("pattern" in step) for step in answer["plan"])
    kinds = list(dict.fromkeys(step["kind"] for step in answer["plan"]))
    assert kinds == ["lock files", "documentation", "tests", "own source"]
    within = json.loads(command("count", str(project), "--budget", str(total), *ONE, "--json").out)
    assert within["plan"] == []


@pytest.mark.parametrize("keep", [(), ("--keep", "docs/")])
def test_advice_that_is_applied_is_true_on_the_next_count(
    command: Runner, project: Path, keep: tuple[str, ...]
) -> None:
    write(project, {"docs/a.md": "some words " * 300, "tests/test_a.py": "x = 1\n" * 200})
    budget = ("--budget", "700", *ONE, *keep)
    outcome = command("count", str(project), *budget, "--apply")
    assert outcome.code == 3
    assert f"Written to {project}/.tokvizignore." in outcome.err
    assert command("count", str(project), *budget).code == 0
    assert ("docs" in (project / ".tokvizignore").read_text()) != bool(keep)


def test_advice_on_a_pack_counts_its_wrapping(command: Runner, project: Path) -> None:
    """Many small files: headings and fences are more than the text."""
    write(project, {f"src/many/{number}.py": f"x = {number}\n" for number in range(60)})
    target = project.parent / "packed.md"
    pack = ("--pack", str(target), "--budget", "900", *ONE)
    outcome = command("count", str(project), *pack, "--apply")
    assert outcome.code == 3
    assert "tokens are left, which fits" in outcome.err
    assert not target.exists()
    assert command("count", str(project), *pack).code == 0
    assert target.exists()


def test_several_models_are_to_fit(command: Runner, project: Path) -> None:
    write(project, {"big.txt": "many words " * 2000})
    outcome = command("count", str(project), "--fits", "gpt-4o", "--fits", "gpt-3")
    assert outcome.code == 3
    assert "Fits GPT-4o: " in outcome.err
    assert "Does not fit GPT-3" in outcome.err
    assert outcome.err.count("To make it fit") == 1


def test_a_pattern_to_keep_that_can_match_nothing(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), "--budget", "1", "--keep", "[", *ONE)
    assert (outcome.code, "--keep [: the pattern matches nothing" in outcome.err) == (2, True)


def test_a_pack_that_would_hold_a_secret(command: Runner, project: Path) -> None:
    key = "AKIA" + "ABCDEFGHIJKLMNOP"[::-1]
    write(project, {"src/keys.py": f"\nKEY = '{key}'\n"})
    target = project.parent / "packed.md"
    outcome = command("count", str(project), "--pack", str(target), *ONE)
    assert (outcome.code, target.exists()) == (0, True)
    assert "1 place looks like a key or a password" in outcome.err
    assert "src/keys.py, line 2: AWS access key" in outcome.err
    assert key not in outcome.err
    target.unlink()
    outcome = command("count", str(project), "--pack", str(target), "--fail-on-secrets", *ONE)
    assert (outcome.code, target.exists()) == (4, False)
    (project / "src" / "keys.py").unlink()
    assert command("count", str(project), "--pack", str(target), "--fail-on-secrets", *ONE).code == 0


def test_packing_into_a_file(command: Runner, project: Path) -> None:
    target = project / "packed.md"
    for _ in range(2):  # the second time it is there already, and no part of the input
        outcome = command("count", str(project), "--pack", str(target), *ONE)
        assert outcome.code == 0
        text = target.read_text()
        whole = Registry(Assets()).get(NAME).count(text.encode())
        wrapping = whole - tokens("README.md", "package-lock.json", "src/a.py", "src/deep/b.py")
        assert f"4 files, {whole:,} tokens by {NAME}, {wrapping:,} of them for the wrapping." in outcome.err
    assert text.startswith(
        "# project\n\n```\nREADME.md\npackage-lock.json\nsrc/\n  a.py\n  deep/\n    b.py\n```\n"
    )
    assert "\n## src/deep/b.py\n\n```py\nx = 1\n```\n" in text
    assert [path.name for path in project.iterdir() if path.name.startswith(".packed")] == []
    if os.name == "posix":
        assert target.stat().st_mode & 0o444 == 0o444 & ~current_umask()


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_packing_xml_and_to_standard_output(command: Runner, project: Path) -> None:
    target = project.parent / "packed.xml"
    assert command("count", str(project / "src"), "--pack", str(target), *ONE).code == 0
    assert target.read_text().startswith('<codebase name="src">\n<tree><![CDATA[\na.py\n')
    outcome = command("count", str(project / "src" / "deep"), "-", "--pack", "-", *ONE, piped=b"piped text")
    assert outcome.out.startswith("# files\n\n```\ndeep/\n  b.py\nstandard input\n```\n")
    assert outcome.out.endswith(
        "\n## deep/b.py\n\n```py\nx = 1\n```\n\n## standard input\n\n```\npiped text\n```\n"
    )
    assert "-: 2 files, " in outcome.err


def test_a_pack_that_does_not_fit_is_not_written(command: Runner, project: Path) -> None:
    target = project / "packed.md"
    total = tokens("README.md", "package-lock.json", "src/a.py", "src/deep/b.py")
    # The files alone would keep to it; the text around them does not.
    outcome = command("count", str(project), "--pack", str(target), "--budget", str(total + 5), *ONE)
    assert outcome.code == 3
    assert "Not written: " in outcome.err
    assert "Over the budget" in outcome.err
    assert not target.exists()
    outcome = command("count", str(project), "--pack", str(project / "no/such/folder.md"), *ONE)
    assert outcome.code == 1
    assert "Cannot write " in outcome.err


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_packing_into_a_link_that_leads_in_a_circle(command: Runner, project: Path) -> None:
    target = project / "packed.md"
    target.symlink_to("packed.md")
    outcome = command("count", str(project), "--pack", str(target), *ONE)
    assert outcome.code == 1
    assert "Cannot write " in outcome.err


def test_no_progress_where_no_one_watches(command: Runner, project: Path) -> None:
    assert command("count", str(project), *ONE).err == ""


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 0.1, 0.6, 0.65, 2.0])
    monkeypatch.setattr("tokviz.cli.progress.time.monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress() as progress:
        for files in (1, 2, 3, 4):
            progress.show(files * 1000, files * 10_000_000, 5000)
    assert capsys.readouterr().err == (
        "\r\x1b[K2,000 of 5,000 files, 20 MB, 33 MB/s\r\x1b[K4,000 of 5,000 files, 40 MB, 20 MB/s\r\x1b[K"
    )


def test_the_largest_files_are_at_least_one(command: Runner, project: Path) -> None:
    outcome = command("count", str(project), "--top", "0", *ONE)
    assert outcome.code == 2 and not outcome.out and "at least 1" in outcome.err


def test_an_include_that_matches_nothing_fails(command: Runner, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    for patterns, told in ((["*.rs"], "--include *.rs"), (["*.py", "*.rs"], "--include *.rs")):
        options = [option for pattern in patterns for option in ("--include", pattern)]
        outcome = command("count", str(tmp_path), "--tokenizer", "r50k_base", *options)
        assert outcome.code == 1
        assert f"{told} matches nothing here" in outcome.err
    outcome = command("count", str(tmp_path), "--tokenizer", "r50k_base", "--include", "*.{py,rs}")
    assert (outcome.code, outcome.err) == (0, "")
