"""Nothing from a tree commands the terminal, and nothing that fails shows a traceback."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.tokenization.vocabularies import VocabularyError

HOSTILE = "\x1b]52;c;eA==\x07\u202e\x9bevil.txt"
ROOT = Path(__file__).resolve().parents[2]
COUNT = ["-m", "tokviz", "count", "--tokenizer", "r50k_base"]
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def harmless(text: str) -> bool:
    return not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}


def tokviz(shell: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = shell.format(" ".join([sys.executable, *COUNT]))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=environment, cwd=folder, timeout=120
    )


@posix
@pytest.mark.parametrize(
    "options",
    [
        ["--files"],
        ["--tree"],
        ["--json", "--files"],
        ["--fits", "gpt-4o"],
        ["--budget", "1"],
        ["--pack", "-"],
    ],
)
def test_names_of_a_tree_are_escaped(command: Runner, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / HOSTILE).write_text("some words\n", encoding="utf-8")
    (tmp_path / f"b{HOSTILE}").write_bytes(b"\0\1\2" * 9)
    outcome = command("count", str(tmp_path), "--tokenizer", "r50k_base", *options)
    assert harmless(outcome.out + outcome.err)
    if "--json" in options:
        assert json.loads(outcome.out)["paths"][0]["path"].endswith(HOSTILE)


@posix
def test_names_are_escaped_in_errors_and_remarks(command: Runner, tmp_path: Path) -> None:
    guessed = tmp_path / HOSTILE
    guessed.write_bytes(b"ab\xe0\xe8 cd\n")
    for name in ("count", "tokens", "compare"):
        for path, tokenizer in ((str(guessed), "r50k_base"), (f"missing{HOSTILE}", f"r{HOSTILE}")):
            outcome = command(name, path, "--tokenizer", tokenizer)
            assert harmless(outcome.out + outcome.err)
    outcome = command("count", "--no-such" + HOSTILE)
    assert outcome.code == 2
    assert harmless(outcome.err)


@posix
def test_a_text_on_a_terminal_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"red \x1b[31m\x1b]52;c;eA==\x07 end\n")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tokviz", "cut", str(path), "--tokens", "50", "--tokenizer", "r50k_base"]
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, timeout=120, check=True)
    os.close(theirs)
    shown = os.read(ours, 1000)
    assert b"\x1b" not in shown
    assert b"red \\x1b[31m" in shown
    command = [*command[:4], str(path), *command[5:]]
    piped = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=120, check=True)
    assert piped.stdout == path.read_bytes()


@posix
@pytest.mark.parametrize(
    ("shell", "code", "sentence"),
    [
        ("{} /dev/null </dev/null >&-", 1, "standard output is closed"),
        ("{} README.md >/dev/full", 1, "no space left"),
        ("mkdir gone; cd gone; rmdir ../gone; {} x --pack o.md", 1, "current folder is gone"),
        ("ulimit -v 100000; {} README.md", 1, "MB of address space"),
    ],
)
def test_a_fault_of_the_surroundings_is_one_sentence(
    tmp_path: Path, shell: str, code: int, sentence: str
) -> None:
    (tmp_path / "README.md").write_text("words\n", encoding="utf-8")
    found = tokviz(shell, tmp_path)
    assert "Traceback" not in found.stderr
    assert sentence in found.stderr.lower() or sentence in found.stderr
    assert found.returncode == code


def test_a_tokenizer_whose_file_goes_missing_while_it_counts_is_one_sentence(
    command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise VocabularyError("The tokenizer x cannot be used: its file is missing; install tokviz again.")

    monkeypatch.setattr("tokviz.cli.totals.count", fail)
    outcome = command("count", "-", "--tokenizer", "r50k_base", piped=b"x")
    assert outcome.code == 1
    assert outcome.err == (
        "tokviz count: The tokenizer x cannot be used: its file is missing; install tokviz again.\n"
    )


def test_a_mistake_in_the_program_is_one_sentence(command: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise TypeError("wrong")

    monkeypatch.setattr("tokviz.cli.totals.count", fail)
    outcome = command("count", "-", "--tokenizer", "r50k_base", piped=b"x")
    assert outcome.code == 1
    assert "TypeError: wrong (test_terminal_safety.py:" in outcome.err
    assert outcome.err.count("\n") == 1
