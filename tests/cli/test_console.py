"""What is printed where: the answer as it is, complaints after it, and nothing that a terminal obeys."""

import io
import sys

import pytest

from tokviz.analysis.escaping import encodable
from tokviz.cli.console import Console, OutputError, printable

HOSTILE = "a\x1b]52;c;eA==\x07\nb\u202e\udcff"
SHOWN = "a\\x1b]52;c;eA==\\x07\\x0ab\\u202e\ufffd"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_one_line_is_printable_and_one_name_fits_into_json() -> None:
    assert printable(HOSTILE) == SHOWN
    assert encodable("a\udcffü") == "a\ufffdü"


def test_complaints_are_lines_that_no_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console("tokviz count")
    console.print("the answer")
    console.complain(HOSTILE, "another")
    console.lament(HOSTILE)
    found = capsys.readouterr()
    assert found.out == "the answer\n"
    assert found.err == f"tokviz count: {SHOWN}\nanother\ntokviz count: {SHOWN}\n"


@pytest.mark.parametrize("styled", [True, False])
def test_only_our_own_styles_reach_a_terminal(styled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal() if styled else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console = Console()
    assert console.styled is styled
    console.print("\x1b[1mTitle\x1b[0m \x1b[31mred\x07\tend")
    shown = "\x1b[1mTitle\x1b[0m \\x1b[31mred\\x07\tend\n"
    assert stream.getvalue() == (shown if styled else shown.replace("\x1b", "\\x1b"))


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", ""), ("TERM", "dumb")])
def test_no_style_where_nobody_wants_it(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    assert not Console().styled


def test_what_failed_stands_apart_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for output, apart in ((Terminal(), "\n"), (io.StringIO(), "")):
        errors = io.StringIO()
        monkeypatch.setattr(sys, "stdout", output)
        monkeypatch.setattr(sys, "stderr", errors)
        Console().complain_first([])
        Console().complain_first(["one", "two"])
        assert errors.getvalue() == "tokviz: one\ntokviz: two\n" + apart


def test_closed_streams_are_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    Console().lament("nobody hears it")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stdin", None)
    assert not Console().styled and not Console().has_piped_input
    with pytest.raises(OutputError, match="standard output is closed"):
        Console().print("x")


def test_a_full_disk_is_one_sentence_and_a_reader_that_left_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        error: OSError = OSError(28, "No space left on device")

        def write(self, text: str) -> int:
            raise self.error

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputError, match=r"Cannot write the output: no space left on device\."):
        Console().print("x")
    monkeypatch.setattr(Full, "error", BrokenPipeError())
    with pytest.raises(BrokenPipeError):
        Console().print("x")
