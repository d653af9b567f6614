"""``tokviz decode``: the text that token ids stand for."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tokviz.analysis.tokens.id_text import IdsError, IdText, decode_ids, parse_ids, unknown_words
from tokviz.assets import Assets
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import STANDARD_INPUT, read_input, shown
from tokviz.cli.one_tokenizer import DEFAULT_TOKENIZER, one_tokenizer
from tokviz.cli.own_tokenizers import own_records
from tokviz.documents.reading import ReadError, exists
from tokviz.language import _
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """Ids, and whose they are."""

    given: tuple[str, ...]
    """Ids, files that hold them, ``-``; nothing is standard input."""
    tokenizer: str | None
    """None: the model's, or the usual one."""
    model_id: str | None
    as_json: bool


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> DecodeRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    parser.add_argument(
        "given",
        nargs="*",
        metavar="IDS",
        help=_(
            "ids with any separators, a JSON list, ranges (0..255), or a file that holds such; - is "
            "standard input"
        ),
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--tokenizer",
        metavar="NAME",
        help=_(
            "whose ids they are, or a file of yours ({tokenizer} by default); `tokviz "
            "tokenizers` lists those known",
            tokenizer=DEFAULT_TOKENIZER,
        ),
    )
    which.add_argument(
        "--model", metavar="ID", help=_("ids of this model's tokenizer; `tokviz models` lists them")
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=_(
            '{"tokenizer", "ids": […], "text", "bytes", "tokens": [{"id", "bytes", "text"}…]}: bytes are '
            "hexadecimal; a text is null where its bytes are no UTF-8"
        ),
    )
    found = parser.parse_args(argv)
    return DecodeRequest(tuple(found.given), found.tokenizer, found.model, found.json)


def run(request: DecodeRequest, console: Console) -> int:
    """Print the bytes that the ids stand for, as they are."""
    assets = Assets()
    registry = Registry(assets)
    chosen = one_tokenizer(
        request.tokenizer, request.model_id, assets, registry, console, estimates_lack="ids"
    )
    name = chosen.name
    given = _given(request, console)
    try:
        ids = parse_ids(given)
        found = decode_ids(registry.get(name), registry.info(name), ids)
    except (IdsError, VocabularyError) as error:
        raise Failure(str(error)) from error
    if found.unknown:
        raise Failure(unknown_words(name, found.unknown, len(ids)))
    if request.as_json:
        console.print_json(json.dumps(_record(name, found) | own_records(registry)))
    else:
        console.print_bytes(found.data)
        if not _is_text(found.data):
            console.complain(_("These bytes are not UTF-8 as a whole: a token ends inside a character."))
    chosen.tell(console)
    return 0


def _given(request: DecodeRequest, console: Console) -> str:
    """The ids as text. What is no file is ids, and so is a number, even if a file is called so."""
    parts = []
    for one in request.given or (STANDARD_INPUT,):
        if one != STANDARD_INPUT and (one.isdecimal() or not exists(one)):
            parts.append(one)
            continue
        if one == STANDARD_INPUT and not request.given and not console.has_piped_input:
            raise Failure(_("Name token ids, or a file that holds them; - is standard input."), 2)
        try:
            parts.append(read_input(one, console).text.decode())
        except ReadError as error:
            raise Failure(f"{shown(one)}: {error}" if one not in str(error) else str(error)) from error
    return "\n".join(parts) if len(parts) != 1 else parts[0]


def _record(name: str, found: IdText) -> dict[str, object]:
    starts = [0, *found.ends.tolist()]
    pieces = [found.data[start:end] for start, end in pairwise(starts)]
    return {
        "tokenizer": name,
        "ids": found.ids.tolist(),
        "text": _text(found.data),
        "bytes": found.data.hex(),
        "tokens": [
            {"id": token_id, "bytes": piece.hex(), "text": _text(piece)}
            for token_id, piece in zip(found.ids.tolist(), pieces, strict=True)
        ],
    }


def _text(data: bytes) -> str | None:
    return data.decode() if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
