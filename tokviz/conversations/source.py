"""A file of JSON as adapters read it: one document, or one object a line, with bounds on both."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import BinaryIO

import msgspec

from tokviz.conversations.archives import ArchiveError, is_archive, unarchived
from tokviz.conversations.fields import NO_FIELDS, Fields
from tokviz.conversations.model import Problem
from tokviz.conversations.repair import close_truncated
from tokviz.conversations.unpacking import Gunzipped, Joined, is_gzip, packed_otherwise, utf16_of
from tokviz.language import _, ngettext, number

_UTF8_BOM = b"\xef\xbb\xbf"
_MEBIBYTE = 1 << 20
AIDER_BEGINS = re.compile(rb"^# aider chat started at \d{4}-", re.MULTILINE)
"""How Aider's history, the one format that is no JSON, is known."""
_DECODE = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one file, in bytes; what is beyond is told as a problem."""

    line: int = 128 * _MEBIBYTE
    document: int = 256 * _MEBIBYTE
    file: int = 2048 * _MEBIBYTE
    problems: int = 200
    head: int = 50
    """Objects to recognize the format by."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a file: its 1-based number and its object."""

    line: int
    fields: Fields


class Wrong(Enum):
    """What can be wrong with a piece of JSON."""

    NO_OBJECT = auto()
    NOT_UTF8 = auto()
    NESTED = auto()
    SEVERAL = auto()
    NO_JSON = auto()

    def of_line(self, line: int) -> str:
        """A sentence about a line of a file."""
        said = {"line": number(line)}
        match self:
            case Wrong.NO_OBJECT:
                return _("Line {line} is no object.", **said)
            case Wrong.NOT_UTF8:
                return _("Line {line} is not UTF-8; what cannot be read is shown as �.", **said)
            case Wrong.NESTED:
                return _("Line {line} is nested too deeply.", **said)
            case Wrong.SEVERAL:
                return _("Line {line} holds more than one value; the first is shown.", **said)
        return _("Line {line} is cut off or no JSON.", **said)

    @property
    def of_file(self) -> str:
        """A sentence about a file that could be read."""
        if self is Wrong.NOT_UTF8:
            return _("The file is not UTF-8; what cannot be read is shown as �.")
        return _("The file holds more than one value; the first is shown.")

    def of_document(self, opened: bool) -> str:
        """A sentence about a file of which nothing could be read; ``opened``: it begins as JSON does."""
        if self is Wrong.NESTED:
            return _("Its JSON is nested too deeply to be read.")
        if self is Wrong.NO_OBJECT:
            return _("It is JSON, but neither an object nor a list.")
        return _("Its JSON is cut off or broken.") if opened else _("It is no JSON.")


class Problems:
    """Gathers problems, at most so many; the rest is only counted."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[Problem] = []
        self._left_out = 0

    def add(self, sentence: str, line: int | None = None) -> None:
        """Keeps one problem, or counts it."""
        if len(self._kept) < self._limit:
            self._kept.append(Problem(sentence, line))
        else:
            self._left_out += 1

    def all(self) -> tuple[Problem, ...]:
        """The problems kept, and how many more there were."""
        if not self._left_out:
            return tuple(self._kept)
        return (
            *self._kept,
            Problem(
                ngettext(
                    "{n} more lines could not be read.", "{n} more lines could not be read.", self._left_out
                )
            ),
        )


class Source:
    """One file, read once from its beginning.

    ``document`` is the whole file's value if it is one JSON value, else None; then ``head`` holds its first
    objects, one a line, and ``records`` gives all of them. A file of one line is both.
    """

    def __init__(self, file: BinaryIO, name: str = "", limits: Limits | None = None) -> None:
        self.name = name
        self.limits = limits or Limits()
        self.problems = Problems(self.limits.problems)
        self.size = 0
        """Bytes of lines that were read so far."""
        self.document: object = None
        self.head: list[Record] = []
        self.prose: str | None = None
        """The whole file, if it is no JSON but Markdown of a kind that is known: see ``AIDER_BEGINS``."""
        self._lines = self._split(Joined(b"", file))
        self._sequence: list[Record] = []
        """Objects after the first ones where each spans lines."""
        self._packed: Gunzipped | None = None
        self._sniff(file)

    def elements(self) -> "list[Source]":
        """A list of several documents as one source each; empty if the file is no such list."""
        if not isinstance(self.document, list):
            return []
        rows = enumerate(self.document, 1)
        return [self.element(at, value) for at, value in rows if isinstance(value, dict)]

    def element(self, position: int, value: Fields) -> "Source":
        """A document that stands in this file at a position, counted from 1."""
        found = Source(io.BytesIO(), self.name, self.limits)
        found.problems = self.problems
        found.document, found.head = value, [Record(position, value)]
        return found

    def records(self) -> Iterator[Record]:
        """Every object of the file with its line. Lines that hold none are told as problems. Once only."""
        head, self.head = self.head, []
        yield from head
        yield from self._sequence
        for line, raw in self._lines:
            fields = self._decode(line, raw)
            if fields is not None:
                yield Record(line, fields)

    def tell_no_messages(self, row: int) -> None:
        """Name a row, counted from 1, or a line that holds nothing of a conversation."""
        self.problems.add(_("Row {number} has no messages.", number=number(row)), row)

    def tell_packing(self) -> None:
        """Name a packed file that ends in the middle, once it was read."""
        if self._packed is not None and self._packed.broken:
            self.problems.add(
                _("The packed file is cut off or broken; what stands before the break is shown.")
            )

    @property
    def first(self) -> Fields:
        """The document, if it is an object; else the first line's object."""
        if isinstance(self.document, dict):
            return self.document
        return self.head[0].fields if self.head and self.document is None else NO_FIELDS

    def _sniff(self, file: BinaryIO) -> None:
        """Decides between document and lines by the first line that is not blank."""
        start = file.read(4)
        if is_gzip(start):
            self._packed = Gunzipped(Joined(start, file))
            file = io.BufferedReader(self._packed, _MEBIBYTE)
            start = file.read(4)
        if is_archive(start):
            try:
                whole = file if file.seekable() else io.BytesIO(start + file.read(self.limits.document))
                file = io.BytesIO(unarchived(whole, self.limits.document))
            except ArchiveError as error:
                self.problems.add(str(error))
                return
            start = file.read(4)
        if why := packed_otherwise(start):
            self.problems.add(why)
            return
        if codec := utf16_of(start):
            data = start + file.read(self.limits.document)
            start, file = b"", io.BytesIO(data.decode(codec, errors="replace").encode())
        joined = Joined(start.removeprefix(_UTF8_BOM), file)
        self._lines = self._split(joined)
        first = next(self._lines, None)
        if first is None:
            self.problems.add(_("The file is empty."))
            return
        value, wrong = decode(first[1], glued=True)
        if not isinstance(value, (dict, list)):
            self._read_document(joined, first, wrong or Wrong.NO_OBJECT)
            return
        if wrong:
            self.problems.add(wrong.of_line(first[0]), first[0])
        second = next(self._lines, None)
        if second is None:
            self.document = value
        if isinstance(value, dict):
            self.head.append(Record(first[0], value))
        elif second is not None:
            self.problems.add(Wrong.NO_OBJECT.of_line(first[0]), first[0])
        if second is not None:
            self._fill_head(second)

    def _fill_head(self, line: tuple[int, bytes] | None) -> int:
        """Reads the first objects; how many lines that took."""
        tried = 0
        while line is not None:
            tried += 1
            fields = self._decode(*line)
            if fields is not None:
                self.head.append(Record(line[0], fields))
            enough = len(self.head) >= self.limits.head or tried >= 4 * self.limits.head
            line = None if enough else next(self._lines, None)
        return tried

    def _read_document(self, file: Joined, first: tuple[int, bytes], broken: Wrong) -> None:
        """The file as one value that spans lines; if it is none, as lines of which the first is broken."""
        line, raw = first
        data = raw + file.read(self.limits.document)
        if AIDER_BEGINS.search(data, 0, _MEBIBYTE):
            self._take_prose(data)
            return
        if len(data) <= self.limits.document:
            value, wrong = decode(data)
            if isinstance(value, (dict, list)):
                self.document = value
                if wrong:
                    self.problems.add(wrong.of_file)
                return
            sequence = objects_in(data, line)
            if len(sequence) > 1:
                self.head, self._sequence = sequence[: self.limits.head], sequence[self.limits.head :]
                self._lines = iter(())
                return
        self._lines = self._split(file.after(data), line - 1)
        tried = self._fill_head(next(self._lines, None))
        if 2 * len(self.head) < tried:  # most lines hold no object: a document, and not a whole one
            self.head = []
            self._close(data, broken)

    def _take_prose(self, data: bytes) -> None:
        """Text that is no JSON, as far as it is not too much."""
        whole = self.limits.document
        if len(data) > whole:
            self.problems.add(_too_large(whole))
        try:
            self.prose = data[:whole].decode()
        except UnicodeDecodeError:
            self.prose = data[:whole].decode(errors="replace")
            if len(data) <= whole:
                self.problems.add(Wrong.NOT_UTF8.of_file)

    def _close(self, data: bytes, broken: Wrong) -> None:
        """The readable beginning of a document that was cut off or is too large."""
        whole, most = self.limits.document, min(self.limits.document, 64 * _MEBIBYTE)
        value = close_truncated(data[:most].decode(errors="replace"))
        self.problems = Problems(self.limits.problems)
        if not isinstance(value, (dict, list)) or not value:
            opened = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
            self.problems.add(broken.of_document(opened))
            return
        self.document = value
        if len(data) > whole:
            self.problems.add(_too_large(whole))
        else:
            self.problems.add(_("The file is cut off or broken; what stands before the break is shown."))

    def _decode(self, line: int, raw: bytes) -> Fields | None:
        value, wrong = decode(raw, glued=True)
        if isinstance(value, dict):
            if wrong:
                self.problems.add(wrong.of_line(line), line)
            return value
        self.problems.add((wrong or Wrong.NO_OBJECT).of_line(line), line)
        return None

    def _split(self, joined: Joined, line: int = 0) -> Iterator[tuple[int, bytes]]:
        """Numbered lines that are not blank; over-long ones are skipped without being held."""
        limit, left = self.limits.line, self.limits.file
        readline: Callable[[int], bytes] = joined.readline
        while raw := readline(limit):
            if joined.spent:
                readline = joined.file.readline
            line += 1
            left -= len(raw)
            self.size += len(raw)
            if len(raw) == limit and not raw.endswith(b"\n"):
                self.problems.add(_too_long(line, limit), line)
                while (rest := readline(_MEBIBYTE)) and not rest.endswith(b"\n"):
                    left -= len(rest)
            elif not raw.isspace():
                yield line, raw
            if left < 0:
                most = number(self.limits.file)
                self.problems.add(
                    _("Only the first {n} bytes were read. Split the file to see the rest.", n=most), line
                )
                return


def _too_large(most: int) -> str:
    return _(
        "The file is larger than {n} bytes; only its beginning is shown. Split it to see the rest.",
        n=number(most),
    )


def _too_long(line: int, limit: int) -> str:
    return _("Line {line} is longer than {n} bytes and was left out.", line=number(line), n=number(limit))


def objects_in(raw: bytes, line: int) -> list[Record]:
    """The objects that follow one another in ``raw``, which begins on ``line``, each spanning lines; none if
    anything else stands there."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return []
    found: list[Record] = []
    position, decoder = 0, json.JSONDecoder()
    while (start := _next_value(text, position)) < len(text):
        line += text.count("\n", position, start)
        try:
            value, position = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return []
        if not isinstance(value, dict):
            return []
        found.append(Record(line, value))
        line += text.count("\n", start, position)
    return found


def _next_value(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position


def decode(raw: bytes, glued: bool = False) -> tuple[object, Wrong | None]:
    """The JSON value in ``raw``, and what was wrong with it, if anything.

    ``glued``: take the first of several values that stand on one line, as a lost line end leaves them.
    """
    try:
        return _DECODE(raw), None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # json.loads takes more: NaN, half a surrogate pair
    wrong = None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, wrong = raw.decode(errors="replace"), Wrong.NOT_UTF8
    try:
        return json.loads(text), wrong
    except RecursionError:
        return None, Wrong.NESTED
    except json.JSONDecodeError as error:
        if glued and error.msg == "Extra data" and text.startswith("{", error.pos):  # verbatim
            return json.loads(text[: error.pos]), Wrong.SEVERAL
        return None, Wrong.NO_JSON
    except ValueError:
        return None, Wrong.NO_JSON
