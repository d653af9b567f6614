"""What several commands take: named files or standard input as ``-``, and how it is read."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import shorten

from tokviz import language
from tokviz.catalog.folders import user_folders
from tokviz.cli.console import Console, Failure
from tokviz.documents.decoding import FOUND_OUT, MB, ReadOptions, TextFile
from tokviz.documents.encodings import Encoding, UnknownEncodingError, find_encoding
from tokviz.documents.reading import ReadError, TooLargeError, exists, is_file, make_text, read_text
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.language import _

STANDARD_INPUT = "-"
LARGEST = 100
"""The default of ``--largest``."""
LARGER = _("take more with --largest MB, or split it")
"""What helps a text that is too large."""
_SHOWN_AS = _("standard input")
_PATH = re.compile(r"[\\/]|\.\w+$")
"""What words that are a path have in them: folders, or a file's ending."""
_MOST_SHOWN = 60
"""Characters of a text that was given in a file's place."""


def add_paths(parser: argparse.ArgumentParser, what: str, most: str) -> None:
    """Declare the paths a command takes: ``most`` is ``*`` or ``?``."""
    parser.add_argument("paths", nargs=most, metavar="PATH", help=what)


def add_names(parser: argparse._ActionsContainer, option: str, metavar: str, what: str) -> None:
    """Declare an option that takes names, several at once with commas between, and may be given again."""
    parser.add_argument(option, metavar=f"{metavar},…", action="extend", type=_names, default=[], help=what)


def add_patterns(parser: argparse._ActionsContainer, option: str, what: str) -> None:
    """Declare an option that takes a pattern of files, and may be given several times."""
    parser.add_argument(option, metavar="GLOB", action="append", default=[], help=what)


def _names(given: str) -> list[str]:
    """The names with commas between; one that is a file, whatever it is called."""
    if is_file(given):
        return [given]
    return [name for part in given.split(",") if (name := part.strip())] or [given]


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Declare the forms of an answer that is a table: ``output`` is ``table``, ``json``, ``csv`` or
    ``markdown``."""
    add = parser.add_argument_group(_("output")).add_mutually_exclusive_group().add_argument
    forms = (
        ("json", _("one JSON object")),
        ("csv", _("comma-separated values")),
        ("markdown", _("a Markdown table")),
    )
    for name, what in forms:
        add(f"--{name}", dest="output", action="store_const", const=name, help=what)
    parser.set_defaults(output="table")


def named_paths(paths: Sequence[str], console: Console) -> tuple[str, ...]:
    """The paths asked for: if none are, standard input where something is piped in; ``Failure`` otherwise."""
    if paths.count(STANDARD_INPUT) > 1:
        raise Failure(_("Standard input can be read only once: name - only once."), 2)
    if paths:
        refuse_text(paths)
        return tuple(paths)
    if console.has_piped_input:
        return (STANDARD_INPUT,)
    raise Failure(_("Name a file, or - for standard input; --help says more."), 2)


def refuse_text(paths: Sequence[str]) -> None:
    """``Failure`` if the only path is words, as if a text itself could be named, and no file."""
    if len(paths) != 1 or len(paths[0].split()) < 2 or _PATH.search(paths[0]) or exists(paths[0]):
        return
    words = shorten(paths[0], _MOST_SHOWN, placeholder=" …")
    raise Failure(
        _("There is no file “{path}”; to take it as a text, pipe it in and name - instead.", path=words)
    )


def add_reading(parser: argparse._ActionsContainer) -> None:
    """Declare how files are read; ``reading_of`` takes it from the arguments."""
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        type=encoding,
        help=_("read files as NAME, such as Windows-1252; in folders, those that are not UTF-8"),
    )
    parser.add_argument(
        "-a", "--text", action="store_true", help=_("read what looks binary too, as if it were text")
    )
    parser.add_argument(
        "--largest",
        metavar="MB",
        type=at_least_one,
        default=LARGEST,
        help=_(
            "the largest text taken as a whole and the largest file of a folder ({size} MB by "
            "default); the count of a named file has no limit",
            size=LARGEST,
        ),
    )
    parser.add_argument(
        "--as-text",
        action="store_true",
        help=_("HTML, RTF and e-mail as the text that they show, not as source"),
    )
    parser.add_argument(
        "--shorten",
        metavar="WAYS",
        type=shortenings,
        help=_(
            "make texts shorter: all, or some of {ways}, with commas between; none changes "
            "nothing, but `tokviz count` says what each would save",
            ways=", ".join(Shortening),
        ),
    )


def reading_of(found: argparse.Namespace) -> ReadOptions:
    """How named files are to be read."""
    return ReadOptions(
        binaries=found.text,
        encoding=found.encoding,
        forced=found.encoding is not None,
        largest=found.largest * MB,
        shortened=found.shorten or frozenset(),
        document_text=getattr(found, "documents", False),
        markup_text=found.as_text,
    )


def read_input(path: str, console: Console, reading: ReadOptions = FOUND_OUT) -> TextFile:
    """The text of the file at ``path``, or of standard input; ``ReadError`` says why there is none."""
    # What is named is wanted, so a document is opened whatever it is.
    reading = replace(reading, document_text=reading.document_text or not reading.binaries)
    try:
        if path != STANDARD_INPUT:
            return read_text(path, reading)
        piped, most = console.piped_input, reading.largest
        if most is not None and piped.size > most:
            raise TooLargeError(_SHOWN_AS, _("it is larger than {most} bytes", most=language.number(most)))
        return make_text(piped.read(), _SHOWN_AS, reading)
    except TooLargeError as error:
        raise ReadError(error.name, error.reason, LARGER) from error


def shown(path: str) -> str:
    """What the input is called in what is printed."""
    return _SHOWN_AS if path == STANDARD_INPUT else path


def encoding(text: str) -> Encoding:
    """An option's encoding."""
    try:
        return find_encoding(text)
    except UnknownEncodingError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def shortenings(text: str) -> frozenset[Shortening]:
    """An option's ways of making texts shorter."""
    names = [name.strip() for name in text.split(",")]
    if names in (["all"], ["none"]):
        return frozenset(Shortening if names == ["all"] else ())
    for name in names:
        if name not in list(Shortening):
            from tokviz.names import UnknownNameError  # starting fast matters

            known = (*Shortening, "all", "none")
            unknown = UnknownNameError("way to shorten", name, known)  # verbatim
            raise argparse.ArgumentTypeError(str(unknown))
    return frozenset(map(Shortening, names))


_MANY = re.compile(r"([0-9]+)(?:\.([0-9]+))?([kKmM])")
_UNITS = {"k": 3, "m": 6}
"""So many zeros each stands for."""


def number(text: str) -> int:
    """An option's number, which may be grouped (``12,345``, ``12_345``) or be said in thousands or millions
    (``128k``, ``1.05M``)."""
    found = _whole_number(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("“{text}” is no number", text=text))
    return found


def _whole_number(text: str) -> int | None:
    """None if it is none; ``argparse.ArgumentTypeError`` if it is negative."""
    digits = text.replace(",", "").replace("_", "")
    if digits.startswith("-") and digits[1:].isdecimal():
        raise argparse.ArgumentTypeError(_("it cannot be negative, as {text} is", text=text))
    if digits.isdecimal():
        return int(digits)
    many = _MANY.fullmatch(text)  # with no comma: in half of the world 1,5k is no 15k
    if many is None:
        return None
    whole, part, unit = many.groups()
    zeros = _UNITS[unit.lower()] - len(part or "")
    return int(f"{whole}{part or ''}{'0' * zeros}") if zeros >= 0 else None


def at_least_one(text: str) -> int:
    """The same, but not 0."""
    found = number(text)
    if not found:
        raise argparse.ArgumentTypeError(_("it takes at least 1"))
    return found


def tokens(text: str) -> int:
    """An option's number of tokens."""
    found = _whole_number(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("“{text}” is no number of tokens", text=text))
    return found


def user_packs() -> KnownPacks:
    """What whoever runs the command has packed."""
    return KnownPacks(user_folders(os.environ, sys.platform, Path.home()).packs)


def pack_left_out(shown: str, path: str) -> str:
    """That a packed text is not counted, and how it would be. ``path`` is from its folder, as a pattern has
    it."""
    return _("{file} is left out: tokviz has packed it; --include {path} counts it.", file=shown, path=path)
