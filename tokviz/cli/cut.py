"""``tokviz cut``: the beginning of a text, as much as is so many tokens or as a model takes."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.analysis.formatting import quantity
from tokviz.analysis.tokens.chunking import TextChunk, TooFewTokensError, take
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.cli.console import Console, Failure
from tokviz.cli.token_limits import LimitRequest, MeasuredText, add_limits, limit_request, measured_text


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
    of = f" {measured.of}." if measured.of else ""
    many = f"{quantity(chunk.tokens, 'token')} ({measured.counted_by})"
    if chunk.end == len(measured.text):
        return f"The whole text fits: {many} of {measured.most:,}.{of}"
    where = {
        BreakAt.TOKEN: "to the end of a token",
        BreakAt.LINE: "to the end of a line",
        BreakAt.SENTENCE: "to the end of a sentence",
    }[chunk.at]
    return f"Kept {many}, {chunk.end:,} of {len(measured.text):,} bytes, {where}.{of}"
