"""``tokviz tokens``: the token ids of one text, as the tokenizer gives them."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.assets import Assets
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import add_paths, add_reading, named_paths, read_input, reading_of
from tokviz.cli.one_tokenizer import DEFAULT_TOKENIZER, one_tokenizer
from tokviz.cli.own_tokenizers import own_records
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import ReadError
from tokviz.language import _, gettext
from tokviz.lists import listed
from tokviz.tokenization.engine import TextRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Provenance


@dataclass(frozen=True, slots=True)
class TokensRequest:
    """One text, what tokenizes it, and how special tokens are taken."""

    paths: tuple[str, ...]
    """One path, or none."""
    tokenizer: str | None
    """None: the model's, or the usual one."""
    model_id: str | None
    special: SpecialTokens
    as_json: bool
    reading: ReadOptions


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> TokensRequest:
    """Read the command's arguments; argparse ends the program where they are wrong."""
    add_paths(parser, _("a file; - is standard input"), "?")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--tokenizer",
        metavar="NAME",
        help=_(
            "which one, or a file of yours ({tokenizer} by default); `tokviz tokenizers` lists those known",
            tokenizer=DEFAULT_TOKENIZER,
        ),
    )
    which.add_argument(
        "--model", metavar="ID", help=_("the tokenizer of this model; `tokviz models` lists them")
    )
    parser.add_argument(
        "--special",
        choices=[str(mode) for mode in SpecialTokens],
        default=str(SpecialTokens.PLAIN),
        help=_(
            "what the text of special tokens becomes: text like any other (plain, by default), the tokens "
            "(parsed), or the tokens between those that the model puts around a text (framed)"
        ),
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help=_(
            '{"tokenizer", "special_tokens", "ids": […], "ends": […]}: ends count bytes of the UTF-8 text '
            '(Claude has "pieces", which are no ids of its own, and a "note")'
        ),
    )
    add_reading(parser)
    found = parser.parse_args(argv)
    paths, special = (found.paths,) if found.paths else (), SpecialTokens(found.special)
    return TokensRequest(paths, found.tokenizer, found.model, special, found.json, reading_of(found))


def run(request: TokensRequest, console: Console) -> int:
    """Print the ids in order, parted by spaces."""
    assets = Assets()
    registry = Registry(assets)
    chosen = one_tokenizer(
        request.tokenizer, request.model_id, assets, registry, console, estimates_lack="tokens"
    )
    name = chosen.name
    if request.special not in registry.info(name).modes:
        known = listed(registry.info(name).modes)
        raise Failure(
            _(
                "The tokenizer {tokenizer} does not know --special {special}, only {known}.",
                tokenizer=name,
                special=request.special,
                known=known,
            ),
            2,
        )
    (path,) = named_paths(request.paths, console)
    try:
        text = read_input(path, console, request.reading).text
        tokenization = registry.get(name, request.special).encode(text)
    except (ReadError, VocabularyError, TextRefusedError) as error:
        raise Failure(str(error)) from error
    ids = tokenization.ids.tolist()
    info = registry.info(name)
    reconstructed = info.provenance is Provenance.RECONSTRUCTED
    if request.as_json:
        answer = {
            "tokenizer": name,
            "special_tokens": request.special,
            f"{info.id_word}s": ids,
            "ends": tokenization.ends.tolist(),
        }
        note = {"provenance": info.provenance, "note": info.note} if reconstructed else {}
        console.print_json(json.dumps(answer | note | own_records(registry)))
    else:
        console.print(" ".join(map(str, ids)))
        if reconstructed:
            console.complain(gettext(info.note))
    chosen.tell(console)
    return 0
