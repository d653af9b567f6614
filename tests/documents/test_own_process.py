"""There is one way to start a process of tokviz's own, and it needs no ``python -m``."""

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import MODULES, tree_of
from tokviz.documents.own_process import OWN_PROCESS, command_line, own_environment, run_module, serve

PROCESSES = {
    "tokviz.conversations.user_template",
    "tokviz.count_cache.hashing",
    "tokviz.documents.extraction.child",
    "tokviz.documents.tree.git_process",
    "tokviz.documents.tree.git_reading",
    "tokviz.ui.common.held_clipboard",
}
"""What is started by it."""
KNOW_THE_PROGRAM = {
    "tokviz.count_cache.fingerprints": "reads it, as the file that holds the code",
    "tokviz.documents.own_process": "the one way",
}


def strings_of(module: str) -> set[str]:
    nodes = ast.walk(tree_of(module))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_nothing_else_starts_the_program() -> None:
    """A place that did it by ``sys.executable`` or ``-m`` would fail in a standalone build alone."""
    named = {
        module
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.executable"
    }
    assert named == set(KNOW_THE_PROGRAM)
    assert {module for module in MODULES if "-m" in strings_of(module)} == {"tokviz.documents.own_process"}


def test_every_process_is_known_to_this_test() -> None:
    entries = {
        module
        for module in MODULES.keys() - {"tokviz.__main__", "tokviz.app"}
        for node in tree_of(module).body
        if isinstance(node, ast.FunctionDef) and node.name == "main"
    }
    assert entries == PROCESSES
    assert not {module for module in entries if "__main__" in strings_of(module)}


@pytest.mark.parametrize("module", sorted(PROCESSES))
def test_a_process_can_be_started(module: str) -> None:
    assert callable(importlib.import_module(module).main)
    assert command_line(module, "x") == [sys.executable, "-m", "tokviz", OWN_PROCESS, module, "x"]


def test_a_standalone_build_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", "/opt/tokviz/tokviz")
    module = "tokviz.documents.tree.git_process"
    assert command_line(module, "x") == ["/opt/tokviz/tokviz", OWN_PROCESS, module, "x"]


def test_the_arguments_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr("tokviz.documents.extraction.child.main", lambda: seen.append(sys.argv[1:]))
    monkeypatch.setattr("sys.argv", ["tokviz"])
    assert serve(["tokviz.documents.extraction.child", "one", "two"]) == 0
    assert seen == [["one", "two"]]


def test_no_other_module_is_run() -> None:
    with pytest.raises(ValueError, match="no module of tokviz"):
        serve(["pdb"])


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_program_that_is_no_python_can_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a standalone build: one file, which takes the arguments as the program does."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m tokviz \"$@\"\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(program))
    job = {
        "source": "{{ messages[0].content }}!",
        "special": {"bos_token": "", "eos_token": ""},
        "today": "2026-11-30",
        "messages": [{"role": "user", "content": "hello"}],
        "tools": [],
        "generation_prompt": False,
    }
    answer = run_module("tokviz.conversations.user_template", job, 60)
    assert json.loads(answer) == {"text": "hello!"}


def test_the_help_does_not_name_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tokviz", "--help"],
        env=own_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert OWN_PROCESS not in done.stdout


def test_git_is_read_on_a_system_without_certificates(tmp_path: Path) -> None:
    """pygit2 looks for them when it is imported, and cannot be where there are none."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "a.txt").write_text("one two three\n")
    for command in (["add", "."], ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "a.txt").write_text("one two three four\n")
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "tokviz", "count", str(tmp_path), "--staged", "--tokenizer", "r50k_base"],
        env=own_environment() | {"SSL_CERT_DIR": "/nowhere", "SSL_CERT_FILE": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 and "breaks off" not in done.stderr, done.stderr
