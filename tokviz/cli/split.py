"""``tokviz split``: a text in chunks of so many tokens, which may overlap."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokviz.analysis import formatting
from tokviz.analysis.formatting import stopped
from tokviz.analysis.tokens.chunking import TextChunk, TooFewTokensError, split
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import STANDARD_INPUT, tokens
from tokviz.cli.token_limits import LimitRequest, MeasuredText, add_limits, limit_request, measured_text
from tokviz.documents.reading import exists
from tokviz.documents.writing import WriteError, write_file
from tokviz.language import _, ngettext, number
from tokviz.lists import listed
from tokviz.system_errors import reason

_SEPARATOR = "\0"
_LEAST_DIGITS = 3
"""Of the numbers in the files' names, so that they stand in order."""


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """A text, the chunks' size, and the form of the answer."""

    limit: LimitRequest
    overlap: int
    output: str | None
    """The folder to write the chunks to."""
    separator: str
    as_json: bool


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> SplitRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_limits(parser)
    add = parser.add_argument
    add(
        "--overlap",
        metavar="M",
        type=tokens,
        default=0,
        help=_("begin each chunk with up to M tokens of the one before it (0 by default)"),
    )
    add("--output", metavar="DIR", help=_("write each chunk to a file in this folder, NAME-001 and so on"))
    add(
        "--separator",
        metavar="TEXT",
        help=_("what stands behind each chunk on standard output (a NUL byte by default, for xargs -0)"),
    )
    add("--json", action="store_true", help='{"tokenizer", "limit", "chunks": [{"start", "end", "text"…}]…}')
    found = parser.parse_args(argv)
    if found.json and found.output is not None:
        parser.error(_("--json does not go with --output: it holds the chunks itself"))
    if found.separator is not None and (found.json or found.output is not None):
        parser.error(_("--separator is for chunks on standard output, without --json or --output"))
    separator = _SEPARATOR if found.separator is None else found.separator
    return SplitRequest(limit_request(found), found.overlap, found.output, separator, found.json)


def run(request: SplitRequest, console: Console) -> int:
    """Print the chunks one after the other as they are found, or write them to files."""
    measured = measured_text(request.limit, console)
    if request.overlap >= measured.most:
        raise Failure(
            _(
                "An overlap of {overlap} leaves nothing of chunks of {most}; make --overlap smaller.",
                overlap=formatting.tokens(request.overlap),
                most=number(measured.most),
            ),
            2,
        )
    chunks = split(measured.text, measured.gauge, measured.most, request.overlap, request.limit.at)
    try:
        if request.output is not None:
            counts = _write(request.output, measured, list(chunks))
        elif request.as_json:
            counts = _print_json(request, measured, chunks, console)
        else:
            counts = _print(request.separator, measured, chunks, console)
    except TooFewTokensError as error:
        raise Failure(str(error)) from error
    console.complain(_summary(request, measured, counts))
    return 0


def _print(
    separator: str, measured: MeasuredText, chunks: Iterator[TextChunk], console: Console
) -> list[int]:
    counts = []
    for chunk in chunks:
        console.print_bytes(measured.text[chunk.start : chunk.end] + separator.encode())
        counts.append(chunk.tokens)
    return counts


def _print_json(
    request: SplitRequest, measured: MeasuredText, chunks: Iterator[TextChunk], console: Console
) -> list[int]:
    """One object, a line for each chunk: a large text is never there twice."""
    head: dict[str, object] = {
        "tokenizer": measured.tokenizer,
        "provenance": str(measured.provenance),
        "limit": measured.most,
        "overlap": request.overlap,
        "at": str(request.limit.at),
        "bytes": len(measured.text),
        **measured.own,
    }
    counts: list[int] = []
    line = json.dumps(head)[:-1] + ', "chunks": ['
    for chunk in chunks:
        console.print(line + ("," if counts else ""))
        counts.append(chunk.tokens)
        record = {
            "number": len(counts),
            "start": chunk.start,
            "end": chunk.end,
            "tokens": chunk.tokens,
            "at": str(chunk.at),
            "text": measured.text[chunk.start : chunk.end].decode(),
        }
        line = json.dumps(record)
    console.print([line, "]}"])
    return counts


def _write(folder: str, measured: MeasuredText, chunks: Sequence[TextChunk]) -> list[int]:
    """Write each chunk to a file of its own, if none of them is there yet."""
    target = Path(folder)
    source = Path("input.txt" if measured.path == STANDARD_INPUT else measured.path)
    digits = max(_LEAST_DIGITS, len(str(len(chunks))))
    names = [f"{source.stem}-{number:0{digits}}{source.suffix}" for number in range(1, len(chunks) + 1)]
    for name in names:
        if exists(target / name):
            raise Failure(
                _("{file} is there already; name another folder with --output.", file=target / name)
            )
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, chunk in zip(names, chunks, strict=True):
            write_file(target / name, measured.text[chunk.start : chunk.end])
    except (WriteError, OSError) as error:
        sentence = str(error) if isinstance(error, WriteError) else _cannot_make(target, error)
        raise Failure(sentence) from error
    return [chunk.tokens for chunk in chunks]


def _cannot_make(folder: Path, error: OSError) -> str:
    return _(
        "Cannot make the folder {folder}: {reason}; choose another place.",
        folder=folder,
        reason=reason(error),
    )


def _summary(request: SplitRequest, measured: MeasuredText, counts: Sequence[int]) -> str:
    if not counts:
        return _("The text is empty: there are no chunks.")
    sizes = formatting.tokens_between(min(counts), max(counts))
    clauses = [
        ngettext(
            "{n} chunk of {sizes} ({how})",
            "{n} chunks of {sizes} ({how})",
            len(counts),
            sizes=sizes,
            how=measured.counted_by,
        )
    ]
    if request.overlap:
        # Translators: of chunks of a text; a number of tokens.
        clauses.append(_("overlapping by up to {tokens}", tokens=number(request.overlap)))
    if request.limit.at is BreakAt.LINE:
        # Translators: of chunks of a text: where they end.
        clauses.append(_("at lines"))
    elif request.limit.at is BreakAt.SENTENCE:
        # Translators: of chunks of a text: where they end.
        clauses.append(_("at sentences"))
    sentences = [stopped(listed(clauses))]
    if request.output is not None:
        sentences.append(_("In {folder}.", folder=request.output))
    if measured.of:
        sentences.append(stopped(measured.of))
    return " ".join(sentences)
