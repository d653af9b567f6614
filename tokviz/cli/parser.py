"""argparse in the language of whoever reads, with the near name for one that is mistyped.

What argparse says by itself is recognized by its words and said anew; its own gettext would need files of
another format. Metavars stay as they are: help texts and the manual refer to them.
"""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from tokviz import __version__
from tokviz.cli.cells import display_width, wrapped
from tokviz.cli.commands import COMMANDS
from tokviz.cli.console import printable
from tokviz.language import N_, _, gettext

_UNKNOWN_CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)$", re.DOTALL)
_UNKNOWN_OPTION = re.compile(r"unrecognized arguments: (--\S+)")
"""How argparse says so."""
_NEGATIVE = re.compile(r"-\d[\d.,_]*%?$")
_ARGUMENT = re.compile(r"argument (?P<option>\S+): (?P<problem>.*)", re.DOTALL)
_PROBLEMS = (
    N_("the following arguments are required: {names}"),
    N_("one of the arguments {names} is required"),
    N_("unrecognized arguments: {arguments}"),
    N_("not allowed with argument {option}"),
    N_("ignored explicit argument {argument}"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("ambiguous option: {option} could match {options}"),
    N_("invalid choice: {choice} (choose from {choices})"),
)
"""What argparse complains of, in its own words."""
_HEADINGS = (N_("positional arguments"), N_("options"))


def problem_words(problem: str) -> str:
    """A complaint of argparse in the reader's language; any other sentence as it is."""
    if found := _ARGUMENT.fullmatch(problem):
        inner = problem_words(found["problem"])
        # Translators: {option} is an option, such as --top; {problem} says what is wrong with it.
        return _("argument {option}: {problem}", option=found["option"], problem=inner)
    for message in _PROBLEMS:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.*)", re.escape(message))
        if found := re.fullmatch(pattern, problem):
            return gettext(message, **found.groupdict())
    return problem


def _usage() -> str:
    # Translators: stands before how a command is called; with a blank at its end.
    return _("usage: ")


class Help(argparse.RawDescriptionHelpFormatter):
    """Help with argparse's own words translated, and wrapped by how wide letters are."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(gettext(heading) if heading in _HEADINGS else heading)

    def _format_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None,
    ) -> str:
        words = _usage() if prefix is None else prefix
        # Whose length, in letters, is its width: by that argparse indents the lines below.
        stand_in = "·" * display_width(words)
        return super()._format_usage(usage, actions, groups, stand_in).replace(stand_in, words, 1)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(" ".join(text.split()), width)


class Parser(argparse.ArgumentParser):
    """Shows arguments that are wrong without obeying what they hold, and the near one that was meant."""

    def __init__(
        self, prog: str, description: str, usage: str | None = None, epilog: str | None = None
    ) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            epilog=epilog,
            formatter_class=Help,
            add_help=False,
        )
        # Else one option that is a number, such as -0, would make options of all negative numbers.
        self._negative_number_matcher = _NEGATIVE
        self.add_argument("-h", "--help", action="help", help=_("show this help message and exit"))

    def parse_known_args(self, *args: Any, **named: Any) -> Any:
        """Argparse's own, but a negative number is a value, unless an option is called so."""
        self._has_negative_number_optionals.clear()
        return super().parse_known_args(*args, **named)

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        problem, near = problem_words(message), self._nearest(message)
        if near:
            problem = _("{problem}; did you mean {name}?", problem=problem, name=near)
        # Translators: {command} is the program's name, or a command's, such as “tokviz count”.
        told = _("{command}: error: {problem}", command=self.prog, problem=printable(problem))
        self.exit(2, told + "\n")

    def _nearest(self, message: str) -> str | None:
        from tokviz.names import nearest  # starting fast matters

        if found := _UNKNOWN_CHOICE.search(message):
            return nearest(found[1], re.findall(r"[\w.-]+", found[2]))
        if found := _UNKNOWN_OPTION.search(message):
            return nearest(found[1].partition("=")[0], self._option_string_actions)
        return None


def parser_of(command: str) -> Parser:
    """The parser of a command, or of the program itself if ``command`` is empty, with no arguments yet."""
    if command:
        # Translators: {what} is what a command shows, such as “the token ids of one text”.
        shows = _("Shows {what}.", what=COMMANDS[command])
        return Parser(f"tokviz {command}", shows)  # verbatim
    commands = "\n".join(f"  {name:<12}{shows}" for name, shows in COMMANDS.items())
    parser = Parser(
        "tokviz",
        _("Shows a text, a file or a codebase the way a language model sees it, offline."),
        f"tokviz [PATH… | -]\n{' ' * display_width(_usage())}tokviz COMMAND …",  # verbatim
        "\n".join((_("commands:"), commands, "", _("`tokviz COMMAND --help` says more."))),
    )
    version = f"tokviz {__version__}"  # verbatim
    parser.add_argument(
        "--version", action="version", version=version, help=_("show program's version number and exit")
    )
    return parser
