"""``tokviz tokens``: the token ids of one text, as the tokenizer gives them."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.assets import Assets
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import add_paths, add_reading, check_tokenizers, named_paths, read_input, reading_of
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import ReadError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Provenance


@dataclass(frozen=True, slots=True)
class TokensRequest:
    """One text and one tokenizer."""

    paths: tuple[str, ...]
    """One path, or none."""
    tokenizer: str
    as_json: bool
    reading: ReadOptions


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> TokensRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_paths(parser, "a file; - is standard input", "?")
    parser.add_argument(
        "--tokenizer", metavar="NAME", required=True, help="which one; `tokviz tokenizers` lists them"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help='{"tokenizer", "ids": […], "ends": […]}: ends count bytes of the UTF-8 text (Claude has '
        '"pieces", which are no ids of its own, and a "note")',
    )
    add_reading(parser)
    found = parser.parse_args(argv)
    return TokensRequest(
        (found.paths,) if found.paths else (), found.tokenizer, found.json, reading_of(found)
    )


def run(request: TokensRequest, console: Console) -> int:
    """Print the ids in order, parted by spaces."""
    name = request.tokenizer
    registry = Registry(Assets())
    if name in registry.estimator_names():
        raise Failure(
            f"“{name}” is an estimate and has no tokens to show; `tokviz tokenizers` lists what has.", 2
        )
    check_tokenizers([name], registry.names())
    (path,) = named_paths(request.paths, console)
    try:
        text = read_input(path, console, request.reading).text
        tokenization = registry.get(name).encode(text)
    except (ReadError, VocabularyError) as error:
        raise Failure(str(error)) from error
    ids = tokenization.ids.tolist()
    info = registry.info(name)
    reconstructed = info.provenance is Provenance.RECONSTRUCTED
    if request.as_json:
        answer = {"tokenizer": name, f"{info.id_word}s": ids, "ends": tokenization.ends.tolist()}
        note = {"provenance": info.provenance, "note": info.note} if reconstructed else {}
        console.print(json.dumps(answer | note))
    else:
        console.print(" ".join(map(str, ids)))
        if reconstructed:
            console.complain(info.note)
    return 0
