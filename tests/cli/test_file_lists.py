"""``tokviz count`` on files that somebody else has listed."""

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tests.documents.tree.test_ignore_files import write

ONE = ("--tokenizer", "r50k_base")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"a.py": "x = 1\n", "b/c.py": "y = 2\n", "b/d.py": "z\n", ".gitignore": "a.py\n", "e": "o\n"}
    write(tmp_path, files)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def counted(command: Runner, *arguments: str) -> tuple[set[str], dict[str, str]]:
    outcome = command("count", *arguments, *ONE, "--json")
    assert outcome.code == 0, outcome.err
    answer = json.loads(outcome.out)
    return {one["path"] for one in answer["paths"]}, {one["path"]: one["reason"] for one in answer["skipped"]}


def test_what_is_deleted_or_binary_is_left_out_and_the_rest_counted(command: Runner, project: Path) -> None:
    (project / "list").write_text("a.py\nb/c.py\ngone.py\npicture.png\nb\n\n./a.py\n", encoding="utf-8")
    paths, skipped = counted(command, "--files-from", "list")
    assert paths == {"a.py", "b/c.py"}
    assert set(skipped) == {"gone.py", "picture.png", "b"}


def test_names_that_end_with_nul(command: Runner, project: Path) -> None:
    odd = os.fsdecode(b"odd\n\xff name")
    (project / odd).write_text("x\n", encoding="utf-8")
    (project / "list").write_bytes(b"b/d.py\0" + os.fsencode(odd) + b"\0")
    outcome = command("count", "--files-from", "list", "-0", *ONE, "--json")
    assert (outcome.code, json.loads(outcome.out)["files"]) == (0, 2)


def test_a_list_on_standard_input(command: Runner, project: Path) -> None:
    outcome = command("count", "--files-from", "-", *ONE, "--json", piped=b"b/c.py\r\nb/d.py\r\n")
    assert {one["path"] for one in json.loads(outcome.out)["paths"]} == {"b/c.py", "b/d.py"}
    assert command("count", "-", "--files-from", "-", *ONE).code == 2


def test_two_slashes_at_the_beginning_are_one(command: Runner, project: Path) -> None:
    (project / "list").write_text(f"/{project}/a.py\n{project}/b/c.py\n//gone\n", encoding="utf-8")
    outcome = command("count", "--files-from", "list", *ONE, "--json")
    assert (outcome.code, json.loads(outcome.out)["files"]) == (0, 2)


def test_an_empty_list_is_no_mistake(command: Runner, project: Path) -> None:
    (project / "list").write_text("", encoding="utf-8")
    assert counted(command, "--files-from", "list") == (set(), {})
    assert command("count", "--files-from", "none", *ONE).code == 1


def test_beside_named_folders_each_file_counts_once(command: Runner, project: Path) -> None:
    (project / "list").write_text("b/c.py\ne\n", encoding="utf-8")
    outcome = command("count", "b", "--files-from", "list", *ONE, "--json")
    assert json.loads(outcome.out)["files"] == 3


def test_limits_hold_for_a_list_too(command: Runner, project: Path) -> None:
    (project / "list").write_text("a.py\nb/c.py\n", encoding="utf-8")
    assert command("count", "--files-from", "list", "--budget", "1", *ONE).code == 3
    assert "the listed files: 2 files" in command("count", "--files-from", "list", *ONE).out


@pytest.mark.parametrize(
    "arguments", ["--tree .", ". --tree", "--tree 1 .", "--tree=1 .", ". --tree --files"]
)
def test_no_option_takes_a_path_for_its_value(command: Runner, project: Path, arguments: str) -> None:
    outcome = command("count", *arguments.split(), *ONE)
    assert outcome.code == 0, outcome.err
    assert "b/" in outcome.out
