"""``tokviz tokens``: the token ids of one text, as the tokenizer gives them."""

import argparse
import json

from tokviz.assets import Assets
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import add_paths, named_paths, read_input
from tokviz.documents.reading import ReadError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One text and one tokenizer."""
    add_paths(parser, "a file; - is standard input", "?")
    parser.add_argument(
        "--tokenizer", metavar="NAME", required=True, help="which one; `tokviz tokenizers` lists them"
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help='{"tokenizer", "ids": […], "ends": […]}: ends count bytes of the UTF-8 text',
    )


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Print the ids in order, parted by spaces."""
    name: str = arguments.tokenizer
    registry = Registry(Assets())
    check_tokenizer(name, registry)
    (path,) = named_paths(arguments, console)
    try:
        text = read_input(path, console).text
        tokenization = registry.get(name).encode(text)
    except (ReadError, VocabularyError) as error:
        raise Failure(str(error)) from error
    ids = tokenization.ids.tolist()
    if arguments.json:
        answer = {"tokenizer": name, "ids": ids, "ends": tokenization.ends.tolist()}
        console.print(json.dumps(answer))
    else:
        console.print(" ".join(map(str, ids)))
    return 0


def check_tokenizer(name: str, registry: Registry) -> None:
    """``Failure`` unless ``name`` is that of a tokenizer with tokens to show."""
    if name in registry.names():
        return
    if name in registry.estimator_names():
        raise Failure(
            f"“{name}” is an estimate and has no tokens to show; “claude-2” is the last public one.", 2
        )
    from tokviz.catalog.catalog import UnknownNameError

    raise Failure(str(UnknownNameError("tokenizer", name, registry.names())), 2)
