"""Rebuild the man page and the shells' completions from the command line's own parsers.

    python resources/build_manual.py

Writes ``resources/manual``. Needs tokviz installed with its test extra.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock

import shtab
from argparse_manpage.manpage import Manpage

from tokviz import __version__, language

FOLDER = Path(__file__).resolve().parent / "manual"
SHELLS = {"bash": "tokviz.bash", "zsh": "_tokviz", "fish": "tokviz.fish"}
"""By shell, the name under which it looks for what completes ``tokviz``."""
_ABOUT = "see texts the way a language model sees them, offline"
_FILES = {"PATH", "FILE", "PATH…"}
_FOLDERS = {"DIR", "FOLDER"}


class _DescribedError(Exception):
    """The command has said which arguments it takes."""


class _Parser(argparse.ArgumentParser):
    """Takes what a command says of its arguments, and parses none."""

    def parse_args(self, *_: Any, **__: Any) -> NoReturn:
        raise _DescribedError


def main(arguments: Sequence[str]) -> int:
    """Write every file."""
    argparse.ArgumentParser(description="Rebuild the manual from the parsers.").parse_args(arguments)
    # Before modules are imported that have words; they are English whatever the environment says.
    language.begin({language.VARIABLE: language.ENGLISH}, FOLDER)
    FOLDER.mkdir(exist_ok=True)
    for name, text in manual().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def manual() -> dict[str, str]:
    """By name of the file, its text."""
    commands = _whole(_without_paths)
    pages = {file: shtab.complete(commands, shell=shell) for shell, file in SHELLS.items()}
    with mock.patch.dict(os.environ, COLUMNS="100"):  # whatever the terminal has: usage is broken into lines
        _, _, *rest = str(Manpage(_whole())).splitlines()
    # No date: only what has changed in the parsers may change the page.
    head = [f'.TH TOKVIZ 1 "" "tokviz {__version__}" "User Commands"', ".SH NAME", f"tokviz \\- {_ABOUT}"]
    pages["tokviz.1"] = "\n".join([*head, *rest[rest.index(".SH SYNOPSIS") :], ""])
    return pages


def _without_paths(whole: argparse.ArgumentParser) -> None:
    """A command may stand where a file may, but shells know one thing for one place: commands. Bash goes on
    to files by itself where no command fits."""
    (paths,) = [action for action in whole._actions if action.dest == "paths"]
    whole._remove_action(paths)


def _whole(change: Callable[[argparse.ArgumentParser], None] | None = None) -> argparse.ArgumentParser:
    """All parsers as one."""
    from tokviz.cli.commands import COMMANDS

    whole = _Parser(prog="tokviz", description=f"{_ABOUT[0].upper()}{_ABOUT[1:]}.")
    whole.add_argument("--version", action="version", version=f"tokviz {__version__}")
    _describe(whole, "")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    for name, about in COMMANDS.items():
        _describe(commands.add_parser(name, help=about, description=f"Shows {about}."), name)
    if change:
        change(whole)
    return whole


def _describe(parser: argparse.ArgumentParser, name: str) -> None:
    from tokviz.cli.main import load_command

    with contextlib.suppress(_DescribedError):
        load_command(name).parse(parser, ())
    for action in parser._actions:
        named = action.metavar if isinstance(action.metavar, str) else ""
        if action.dest == "paths" or named in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif named in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
