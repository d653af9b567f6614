"""The pre-commit hooks and the example for continuous integration run, and fail when they should."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pygit2
import pytest
import yaml

from tokviz.cli.commands import COMMANDS

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / ".github/examples/tokens.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = EXAMPLE["jobs"]["tokens"]["steps"]
SCRIPTS = {step["name"]: step for step in STEPS if "tokviz count" in step.get("run", "")}
WHO = pygit2.Signature("A", "a@example.org", 0, 0)
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the scripts are for a POSIX shell")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a budget, and a branch that adds a little."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n" * 10)
    (folder / "tokviz.toml").write_text('[budgets]\n"*.py" = 200\n')
    repository = pygit2.init_repository(str(folder), initial_head="main")
    commit(repository, "HEAD")
    repository.references.create("refs/remotes/origin/main", repository.head.target)
    (folder / "b.py").write_text("y = 2\n" * 5)
    commit(repository, "HEAD")
    return folder


def commit(repository: pygit2.Repository, reference: str) -> None:
    repository.index.add_all()
    repository.index.write()
    parents = [] if repository.head_is_unborn else [repository.head.target]
    repository.create_commit(reference, WHO, WHO, "one", repository.index.write_tree(), parents)


def run(command: str | Sequence[str], folder: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """In a shell where ``tokviz`` is this one."""
    programs = folder.parent / "bin"
    programs.mkdir(exist_ok=True)
    program = programs / "tokviz"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tokviz "$@"\n')
    program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder.parent), **more}
    words = ["sh", "-e", "-c", command] if isinstance(command, str) else list(command)
    return subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def hook(identity: str) -> list[str]:
    (found,) = (one for one in HOOKS if one["id"] == identity)
    return [*shlex.split(found["entry"]), *found.get("args", [])]


def stage(project: Path, name: str, text: str) -> None:
    (project / name).write_text(text)
    repository = pygit2.Repository(str(project))
    repository.index.add(name)
    repository.index.write()


def test_hooks_are_as_pre_commit_wants_them() -> None:
    for one in HOOKS:
        assert {"id", "name", "entry", "language"} <= one.keys()
        assert one["language"] == "python"
        assert shlex.split(one["entry"])[1] in COMMANDS
        assert one["pass_filenames"] is False


@pytest.mark.parametrize("identity", [one["id"] for one in HOOKS])
def test_every_hook_passes_where_all_is_well(project: Path, identity: str) -> None:
    stage(project, "c.py", "z = 3\n")
    done = run(hook(identity), project)
    assert done.returncode == 0, done.stderr


def test_hooks_fail_when_they_should(project: Path) -> None:
    stage(project, "c.py", "word = 'word'\n" * 8000)
    done = run(hook("tokviz-budgets"), project)
    assert done.returncode == 3
    assert "*.py is over its budget of 200 by" in done.stderr
    done = run(hook("tokviz-growth"), project)
    assert (done.returncode, "Grown by" in done.stderr) == (3, True)
    stage(project, "c.py", f"key = '{'AKIA' + 'ABCDEFGHIJKLMNOP'[::-1]}'\n")
    done = run(hook("tokviz-secrets"), project)
    assert (done.returncode, done.stdout) == (4, "")


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_of_the_example_runs(project: Path, name: str) -> None:
    step = SCRIPTS[name]
    environment = {
        key: re.sub(r"\$\{\{ github\.base_ref \}\}", "main", value)
        for key, value in step.get("env", {}).items()
    }
    done = run(step["run"], project, RUNNER_TEMP=str(project.parent), **environment)
    assert done.returncode == 0, done.stderr
    if "pack.md" in step["run"]:
        assert (project.parent / "pack-001.md").read_text().startswith("# project, part 1 of 1\n")
    if "--diff" in step["run"]:
        assert "1 file changed" in done.stdout


def test_the_example_installs_what_this_is_called() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (name,) = re.findall(r'^name = "(.*)"$', project, re.MULTILINE)
    assert any(step.get("run") == f"pip install {name}" for step in STEPS)
