"""The terminal: what is printed where, how wide, and what is piped in."""

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

_PIPE_WIDTH = 110
"""Columns where there is no terminal to ask."""


class Failure(Exception):  # noqa: N818 - it is not an error in the program
    """Something the user must change. ``str()`` is one sentence; ``code`` is the exit code it leads to."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


class OutputError(Exception):
    """Standard output takes no more (a full disk); ``str()`` is one sentence."""


class Console:
    """Standard input, output and error of one run of a command."""

    def __init__(self, program: str = "tokviz") -> None:
        self._program = program
        for stream in (sys.stdout, sys.stderr):
            # A terminal that cannot show a character must not end the program.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    @property
    def has_piped_input(self) -> bool:
        """Whether something is piped in (and not the keyboard)."""
        return sys.stdin is not None and not sys.stdin.isatty()

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return shutil.get_terminal_size((_PIPE_WIDTH, 24)).columns

    @property
    def styled(self) -> bool:
        """Whether weight may be shown by escape sequences (see no-color.org)."""
        return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"

    def print(self, lines: str | Iterable[str] = "") -> None:
        """Print to standard output."""
        text = lines if isinstance(lines, str) else "\n".join(lines)
        with _output_errors():
            sys.stdout.write(text + "\n")

    def print_bytes(self, data: bytes) -> None:
        """Write ``data`` to standard output as it is."""
        with _output_errors():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)

    def flush(self) -> None:
        """Hand on what was printed so far."""
        with _output_errors():
            sys.stdout.flush()

    def complain(self, sentence: str) -> None:
        """Print one sentence to standard error, after the output so far."""
        self.flush()
        self.lament(sentence)

    def lament(self, sentence: str) -> None:
        """Print one sentence to standard error, whatever became of the output."""
        sys.stderr.write(f"{self._program}: {printable(sentence)}\n")

    @cached_property
    def piped_input(self) -> bytes:
        """All of standard input (read once, however often ``-`` is named)."""
        return sys.stdin.buffer.read() if sys.stdin is not None else b""


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"Cannot write the output: {reason}.") from error


def printable(text: str) -> str:
    """``text`` with what no terminal can show (names that are not UTF-8) replaced by U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
