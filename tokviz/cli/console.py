"""The terminal: what is printed where, how wide, and what is piped in."""

import io
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, TextIO

from tokviz.analysis.escaping import escaped, escaped_lines, json_safe
from tokviz.language import _
from tokviz.system_errors import reason

if TYPE_CHECKING:
    from tokviz.cli.piped import PipedInput

_STYLE = re.compile("\x1b\\[[012]m")
"""What ``tables`` writes around titles and remarks."""
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
        return (
            sys.stdout is not None
            and sys.stdout.isatty()
            and "NO_COLOR" not in os.environ
            and os.environ.get("TERM") != "dumb"
        )

    def print(self, lines: str | Iterable[str] = "") -> None:
        """Print to standard output."""
        text = lines if isinstance(lines, str) else "\n".join(lines)
        with _output_errors():
            _output().write(_harmless(text, self.styled) + "\n")

    def print_json(self, text: str) -> None:
        """Print JSON: what a terminal would obey is escaped as JSON does it."""
        self.print(json_safe(text))

    def print_bytes(self, data: bytes) -> None:
        """Write a text to standard output as it is; to a terminal, without controls that it would obey."""
        with _output_errors():
            output = _output()
            if output.isatty():
                output.write(escaped_lines(data.decode("utf-8", "replace")))
                return
            output.flush()
            output.buffer.write(data)

    def flush(self) -> None:
        """Hand on what was printed so far."""
        with _output_errors():
            _output().flush()

    def complain(self, *sentences: str) -> None:
        """Print to standard error, after the output so far, each sentence in a line of its own."""
        self.flush()
        self.lament(*sentences)

    def complain_first(self, sentences: Sequence[str]) -> None:
        """Print what failed before the answer about all else, and on a terminal apart from it."""
        for sentence in sentences:
            self.complain(sentence)
        if sentences and sys.stderr is not None and sys.stdout is not None and sys.stdout.isatty():
            sys.stderr.write("\n")

    def lament(self, *sentences: str) -> None:
        """The same, whatever became of the output."""
        if sys.stderr is not None:  # it may be closed
            text = "\n".join(map(printable, sentences))
            sys.stderr.write(f"{self._program}: {text}\n")

    @cached_property
    def piped_input(self) -> "PipedInput":
        """All of standard input; ``Failure`` if there is no room for it."""
        from tokviz.cli.piped import PipedInput  # starting fast matters

        try:
            return PipedInput(sys.stdin.buffer if sys.stdin is not None else None)
        except OSError as error:
            raise Failure(
                _(
                    "Cannot keep standard input: {reason}; write it to a file and name that.",
                    reason=reason(error),
                )
            ) from error

    def close(self) -> None:
        """Let go of what was piped in."""
        if "piped_input" in self.__dict__:
            self.piped_input.close()


def _output() -> TextIO:
    """Standard output; OutputError if it is closed."""
    if sys.stdout is None:
        raise OutputError(_("Cannot write the output: standard output is closed."))
    return sys.stdout


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(_("Cannot write the output: {reason}.", reason=reason(error))) from error


def printable(text: str) -> str:
    """``text`` as one line that a terminal can show, and that it does not obey."""
    return escaped(text)


def _harmless(text: str, styled: bool) -> str:
    """Lines without controls but those of our own styles."""
    if not styled:
        return escaped_lines(text)
    parts = _STYLE.split(text)
    styles = _STYLE.findall(text)
    return "".join(chain.from_iterable(zip_longest(map(escaped_lines, parts), styles, fillvalue="")))
