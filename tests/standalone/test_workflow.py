"""The workflow that builds what is handed out: its form, and every command that can be looked at here."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.test_documents import check_words, help_of

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/builds.yml").read_text("utf-8"))
SYSTEMS = {"ubuntu-22.04": "linux", "macos-15": "macos", "windows-2022": "windows"}


def steps() -> Iterator[dict[str, Any]]:
    for job in WORKFLOW["jobs"].values():
        yield from job["steps"]


def commands() -> list[str]:
    lines = [line.strip() for step in steps() for line in step.get("run", "").splitlines()]
    return list(dict.fromkeys(filter(None, lines)))


def test_it_builds_for_every_system() -> None:
    matrix = WORKFLOW["jobs"]["standalone"]["strategy"]["matrix"]
    assert set(matrix["os"]) == SYSTEMS.keys() == {row["os"] for row in matrix["include"]}


def test_every_action_is_pinned_to_a_commit() -> None:
    text = (ROOT / ".github/workflows/builds.yml").read_text("utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_it_may_only_read() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in WORKFLOW["jobs"].values())


def test_the_systems_libraries_are_those_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    named, _for_tests = re.findall(r"^sudo apt install (.+)$", readme, re.MULTILINE)
    installed = [line for line in commands() if "libegl1" in line]
    assert [line.partition("recommends ")[2] for line in installed] == [named]


@pytest.mark.parametrize("command", commands())
def test_a_command_can_be_given(command: str) -> None:
    """Scripts and their options, tests and extras are there; the rest is the system's."""
    words = shlex.split(command)
    variables = []
    while words[0] == "sudo" or "=" in words[0]:
        variables.append(words.pop(0))
    match words:
        case ["apt-get", ("update" | "install"), *_] | ["lintian", *_]:
            pass
        case ["python", "-m", "pip", "install", *rest]:
            project = (ROOT / "pyproject.toml").read_text("utf-8")
            for extra in re.findall(r"\w+", rest[-1]):
                assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
        case ["python", "-m", "pip", "wheel", *_]:
            pass
        case [("python" | "$(command -v python)"), "-m", "pytest", "-q", *paths]:
            assert paths and all((ROOT / path).is_file() for path in paths)
        case ["python", script, *rest]:
            assert (ROOT / script).is_file()
            check_words(help_of(script), rest)
        case _:
            pytest.fail(f"this test cannot follow: {command}")


def test_the_variables_are_those_that_the_tests_read() -> None:
    text = (ROOT / ".github/workflows/builds.yml").read_text("utf-8")
    read = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for name in set(re.findall(r"\bTOKVIZ_\w+", text)):
        assert f'"{name}"' in read, name


def test_the_programs_stand_where_the_build_puts_them() -> None:
    script = (ROOT / "resources/standalone/build.py").read_text("utf-8")
    assert '"build" / "standalone"' in script and '"program"' in script
    for row in WORKFLOW["jobs"]["standalone"]["strategy"]["matrix"]["include"]:
        assert row["program"].startswith("build/standalone/program/tokviz")
