"""Which command was asked for; everything else is in the command's own file."""

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tokviz import language
from tokviz.cli.commands import COMMANDS
from tokviz.cli.console import Console, Failure, OutputError
from tokviz.cli.parser import parser_of
from tokviz.language import _

_LEAST_MEMORY = 256 << 20
"""Bytes of address space: with 300 MB a small file can be counted, with 100 numpy does not start."""
_BROKEN_PIPE = 141
_INTERRUPTED = 130
"""What a shell reports for a program ended by SIGPIPE and by Ctrl+C."""


class Command(Protocol):
    """What a command's module holds."""

    def parse(self, parser: argparse.ArgumentParser, argv: Sequence[str]) -> Any:
        """The request that the arguments make: a value that never changes."""

    def run(self, request: Any, console: Console) -> int:
        """Do it and return the exit code; ``Failure`` ends it with a sentence."""


def run(argv: list[str]) -> int:
    """Run the command line ``argv`` (without the program's name) and return its exit code.

    0: done; 1: an input failed, and the others are reported nevertheless; 2: it was asked for wrongly.
    """
    name = argv[0] if argv and argv[0] in COMMANDS else ""
    console = Console(f"tokviz {name}".rstrip())  # verbatim
    if damage := language.damage():
        console.lament(damage)
    if _too_little_memory():
        console.lament(
            _(
                "tokviz needs {size} MB of address space; lift the limit (ulimit -v).",
                size=_LEAST_MEMORY >> 20,
            )
        )
        return 1
    try:
        command = load_command(name)
        request = command.parse(parser_of(name), argv[1:] if name else argv)
        code = _run(command, request, console)
    except SystemExit as end:  # argparse: --help, --version, or a usage error it has printed
        return end.code if isinstance(end.code, int) else 2
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        _drop_output()
        return _BROKEN_PIPE
    except OutputError as error:
        _drop_output()
        console.lament(str(error))
        return 1
    except MemoryError:
        console.lament(
            _("There is not enough memory for this; count less at once, or lift the limit (ulimit -v).")
        )
        return 1
    finally:
        console.close()
    return code


def _run(command: Command, request: object, console: Console) -> int:
    try:
        code = command.run(request, console)
        console.flush()
    except Failure as failure:
        console.complain(str(failure))
        return failure.code
    except Exception as error:
        if isinstance(error, BrokenPipeError | OutputError | MemoryError):
            raise
        console.complain(_sentence(error))
        return 1
    return code


def _sentence(error: Exception) -> str:
    """What failed, and what to do; where it is a mistake in the program, which one, for a report."""
    from tokviz.assets import DataFileError  # starting fast matters
    from tokviz.tokenization.engine import TextRefusedError
    from tokviz.tokenization.vocabularies import VocabularyError

    if isinstance(error, DataFileError | VocabularyError | TextRefusedError):
        return str(error)
    if isinstance(error, FileNotFoundError) and not _folder_exists():
        return _("The current folder is gone; change to another one.")
    what, where = f"{type(error).__name__}: {error}", ""
    if error.__traceback__:
        *_before, (frame, line) = traceback.walk_tb(error.__traceback__)
        where = f" ({Path(frame.f_code.co_filename).name}:{line})"
    # Translators: {error} is its English name, with what it says and where it happened.
    return _("tokviz failed: {error}; please report it as a mistake in tokviz.", error=what + where)


def _folder_exists() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _too_little_memory() -> bool:
    """Whether the address space is limited to less than libraries need: one of them never returns then."""
    if sys.platform == "win32":
        return False
    import resource  # there is none on Windows

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit != resource.RLIM_INFINITY and limit < _LEAST_MEMORY


def _drop_output() -> None:
    """Let nothing more be written: Python would complain once more when it flushes at exit."""
    if sys.stdout is None:
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def load_command(name: str) -> Command:
    """The command's module. Only the one that is asked for is imported: starting fast matters."""
    match name:
        case "count":
            from tokviz.cli import count

            return count
        case "cache":
            from tokviz.cli import cache

            return cache
        case "chat":
            from tokviz.cli import chat

            return chat
        case "compare":
            from tokviz.cli import compare

            return compare
        case "cost":
            from tokviz.cli import cost

            return cost
        case "history":
            from tokviz.cli import history

            return history
        case "tokens":
            from tokviz.cli import token_ids

            return token_ids
        case "decode":
            from tokviz.cli import decode

            return decode
        case "cut":
            from tokviz.cli import cut

            return cut
        case "split":
            from tokviz.cli import split

            return split
        case "models":
            from tokviz.cli import models

            return models
        case "tokenizers":
            from tokviz.cli import tokenizers

            return tokenizers
        case _:
            from tokviz.cli import window

            return window
