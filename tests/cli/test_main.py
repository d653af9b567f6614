"""Dispatch, help, versions and exit codes."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz import __version__
from tokviz.cli import main
from tokviz.cli.commands import COMMANDS


def test_version(command: Runner) -> None:
    outcome = command("--version")
    assert (outcome.code, outcome.out) == (0, f"tokviz {__version__}\n")


def test_help_names_every_command(command: Runner) -> None:
    outcome = command("--help")
    assert outcome.code == 0
    for name, shows in COMMANDS.items():
        assert f"{name} " in outcome.out
        assert shows in outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(command: Runner, name: str) -> None:
    outcome = command(name, "--help")
    assert outcome.code == 0
    assert f"usage: tokviz {name}" in outcome.out
    assert "--json" in outcome.out


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_a_request_is_a_value_that_never_changes(name: str) -> None:
    command = main.load_command(name)
    required = ["--tokenizer", "r50k_base"] if name == "tokens" else []
    one, other = (command.parse(argparse.ArgumentParser(), required) for _ in range(2))
    assert one == other and hash(one) == hash(other)


@pytest.mark.parametrize("arguments", [["--nonsense"], ["count", "--nonsense"], ["cache", "extra"]])
def test_wrong_usage_is_2(command: Runner, arguments: list[str]) -> None:
    outcome = command(*arguments)
    assert outcome.code == 2
    assert "usage: tokviz" in outcome.err
    assert outcome.out == ""


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "many.txt"
    file.write_text("1 2 3 4 5 6 7 8 9\n" * 50_000)
    command = f'"{sys.executable}" -m tokviz tokens "{file}" --tokenizer r50k_base | head -c 10'
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "16 362 513"[:10]
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
@pytest.mark.parametrize("command", ["models", "models --json", "tokenizers"])
def test_a_full_disk_is_one_sentence(command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tokviz", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"Cannot write the output: no space left on device." in done.stderr


def test_a_terminal_that_cannot_show_a_character_is_no_error() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tokviz", "models"],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"claude-opus-4 ?" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["cut", "--at", "lines", "--tokens", "1", "-"], "; did you mean line?"),
        (["count", "--modle", "gpt-4o", "-"], "; did you mean --model?"),
        (["count", "--modle=gpt-4o", "-"], "; did you mean --model?"),
        (["models", "--zzz"], "unrecognized arguments: --zzz\n"),
    ],
)
def test_a_mistyped_option_or_value_is_answered_with_a_near_one(
    arguments: list[str], hint: str, command: Runner
) -> None:
    outcome = command(*arguments)
    assert outcome.code == 2 and hint in outcome.err
