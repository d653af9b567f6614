"""``tokviz cut``: the beginning of a text, as much as is so many tokens or as a model takes."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.analysis.formatting import stopped, tokens
from tokviz.analysis.tokens.chunking import TextChunk, TooFewTokensError, take
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.cli.console import Console, Failure
from tokviz.cli.token_limits import LimitRequest, MeasuredText, add_limits, limit_request, measured_text
from tokviz.language import _, number


@dataclass(frozen=True, slots=True)
class CutRequest:
    """A text, a limit, and the form of the answer."""

    limit: LimitRequest
    as_json: bool


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> CutRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_limits(parser)
    parser.add_argument(
        "--json", action="store_true", help='{"tokenizer", "limit", "tokens", "end", "bytes", "at", "text"…}'
    )
    found = parser.parse_args(argv)
    return CutRequest(limit_request(found), found.json)


def run(request: CutRequest, console: Console) -> int:
    """Print the text's beginning as it is; what was cut off is said on standard error."""
    measured = measured_text(request.limit, console)
    try:
        chunk = take(measured.text, measured.gauge, 0, measured.most, request.limit.at)
    except TooFewTokensError as error:
        raise Failure(str(error)) from error
    data = measured.text[: chunk.end]
    if request.as_json:
        console.print_json(json.dumps(_record(measured, chunk, data)))
    else:
        console.print_bytes(data)
    console.complain(_summary(measured, chunk))
    return 0


def _record(measured: MeasuredText, chunk: TextChunk, data: bytes) -> dict[str, object]:
    return {
        "tokenizer": measured.tokenizer,
        "provenance": str(measured.provenance),
        "limit": measured.most,
        "tokens": chunk.tokens,
        "end": chunk.end,
        "bytes": len(measured.text),
        "at": str(chunk.at),
        "text": data.decode(),
        **measured.own,
    }


def _summary(measured: MeasuredText, chunk: TextChunk) -> str:
    many = tokens(chunk.tokens)
    values = {
        # Translators: {tokens} is a number of tokens, {how} the tokenizer that has counted them.
        "kept": _("{tokens} ({how})", tokens=many, how=measured.counted_by),
        "end": number(chunk.end),
        "size": number(len(measured.text)),
    }
    if chunk.end == len(measured.text):
        said = _("The whole text fits: {kept} of {most}.", kept=values["kept"], most=number(measured.most))
    elif chunk.at is BreakAt.TOKEN:
        said = _("Kept {kept}, {end} of {size} bytes, to the end of a token.", **values)
    elif chunk.at is BreakAt.LINE:
        said = _("Kept {kept}, {end} of {size} bytes, to the end of a line.", **values)
    else:
        said = _("Kept {kept}, {end} of {size} bytes, to the end of a sentence.", **values)
    return f"{said} {stopped(measured.of)}" if measured.of else said
