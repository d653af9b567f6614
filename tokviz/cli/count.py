"""``tokviz count``: how many tokens the inputs are, which models they fit, and what sending them costs."""

import argparse
import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets, DataFileError
from tokviz.catalog.catalog import Catalog, UnknownNameError
from tokviz.catalog.model import LanguageModel
from tokviz.cli.console import Console, Failure
from tokviz.cli.count_answers import record, report
from tokviz.cli.inputs import add_paths, named_paths
from tokviz.cli.progress import Progress
from tokviz.cli.shares import MOST_BYTES, load_in_shares, usable_processes
from tokviz.cli.tree_options import STANDARD_OUTPUT, TreeAnswer, add_tree_arguments, list_inputs
from tokviz.tokenization.registry import Registry


@dataclass(frozen=True, slots=True)
class Choice:
    """What to count with, and the models to show."""

    plan: CountPlan
    models: tuple[LanguageModel, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The inputs, and what narrows the answer."""
    add_paths(parser, "files and folders; - is standard input", "*")
    parser.add_argument(
        "--tokenizer",
        metavar="NAME",
        action="append",
        default=[],
        help="count with this one only (repeatable); `tokviz tokenizers` lists them",
    )
    parser.add_argument(
        "--model",
        metavar="ID",
        action="append",
        default=[],
        help="show this model only (repeatable); `tokviz models` lists them",
    )
    parser.add_argument(
        "--reserve",
        metavar="N",
        type=_tokens,
        help="tokens kept for the answer (4,096 by default, less where a model's window or answer is small)",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    add_tree_arguments(parser)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Count and print; 1 if a named input could not be counted, 3 if a limit is not kept."""
    assets = Assets()
    registry = Registry(assets)
    narrowed = [*arguments.model, *([arguments.fits] if arguments.fits else [])]
    try:
        choice = choose(Catalog(assets), registry, arguments.tokenizer, narrowed)
    except DataFileError as error:
        raise Failure(str(error)) from error
    paths = named_paths(arguments, console)
    inputs = list_inputs(paths, arguments, console, MOST_BYTES)
    with ExitStack() as stack:
        batches = stack.enter_context(inputs.read_ahead(len(choice.plan.sources)))
        processes = usable_processes() if inputs.size <= MOST_BYTES else 1
        counters, unusable = load_in_shares(choice.plan.sources, registry, assets, processes, stack)
        progress = stack.enter_context(Progress())
        sums = inputs.tally(batches, counters, progress, _asks_for_files(arguments))
        counts = choice.plan.counts(sums.columns, sums.figures)
        rows = [
            evaluate(model, counts[model.tokenizer], arguments.reserve)
            for model in choice.models
            if model.tokenizer in counts
        ]
        answer = TreeAnswer(arguments, sums, counters, counts, rows, console)
        if arguments.pack:
            answer.pack()
    if arguments.json:
        console.print(answer.with_paths(json.dumps(record(sums, counts, rows), indent=2)))
    elif arguments.pack != STANDARD_OUTPUT:
        console.print([*report(paths, sums, counts, rows, console), *answer.tables()])
    for sentence in (*unusable, *sums.failed, *sums.problems):
        console.complain(sentence)
    code = answer.report_limits()
    return 1 if unusable or sums.failed else code


def _asks_for_files(arguments: argparse.Namespace) -> bool:
    """Whether anything of the answer is about single files."""
    wanted = ("files", "top", "tree", "json", "pack", "fits", "budget")
    return any(getattr(arguments, name) not in (None, False) for name in wanted)


def choose(
    catalog: Catalog, registry: Registry, tokenizers: Sequence[str], model_ids: Sequence[str]
) -> Choice:
    """What the options ask for: with neither, everything; ``Failure`` for a name that is not known.

    Named models bring their tokenizers with them, and named tokenizers, alone, the models that use them.
    """
    known = (*registry.names(), *registry.estimator_names())
    for name in tokenizers:
        if name not in known:
            raise Failure(str(UnknownNameError("tokenizer", name, known)), 2)
    try:
        models = tuple(catalog.get(model_id) for model_id in dict.fromkeys(model_ids))
    except UnknownNameError as error:
        raise Failure(str(error), 2) from error
    if not models:
        models = tuple(m for m in catalog.models if not tokenizers or m.tokenizer in tokenizers)
    if not tokenizers and not model_ids:
        return Choice(CountPlan(known), models)
    wanted = {*tokenizers, *(model.tokenizer for model in models)}
    return Choice(CountPlan(tuple(name for name in known if name in wanted)), models)


def _tokens(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}” is no number of tokens")
    return int(digits)
