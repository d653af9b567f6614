"""The options of ``tokviz count`` that are about folders, and what each adds to the answer."""

import argparse
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from tokviz.analysis import formatting
from tokviz.analysis.codebase.scan import count_text
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import tokens_by_file
from tokviz.analysis.count_plan import Counter, CountPlan
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.cli import packing
from tokviz.cli.console import Console, Failure
from tokviz.cli.fitting import DOES_NOT_FIT, Limit, advice, budget_limit, model_limit
from tokviz.cli.tally import Inputs, Tally
from tokviz.cli.tree_answers import (
    DEFAULT_DEPTH,
    Tokens,
    file_table,
    path_records,
    token_tree,
    tree_table,
)
from tokviz.documents.tree.walking import WalkOptions
from tokviz.tokens import Count

STANDARD_OUTPUT = "-"


def add_tree_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    folders = parser.add_argument_group("folders")
    folders.add_argument(
        "--include", metavar="GLOB", action="append", default=[], help="only files that match (repeatable)"
    )
    folders.add_argument(
        "--exclude",
        metavar="GLOB",
        action="append",
        default=[],
        help="no files that match, written as in .gitignore (repeatable)",
    )
    folders.add_argument("--no-ignore", action="store_true", help="pay no heed to .gitignore and the like")
    folders.add_argument("--hidden", action="store_true", help="hidden files too")
    folders.add_argument("--files", action="store_true", help="the tokens of each file")
    folders.add_argument("--top", metavar="N", type=_at_least_one, help="the N largest files")
    folders.add_argument(
        "--tree",
        metavar="DEPTH",
        type=_number,
        nargs="?",
        const=DEFAULT_DEPTH,
        help=f"the tokens of each folder, {DEFAULT_DEPTH} storeys deep or as many as named",
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--fits",
        metavar="MODEL",
        help="exit with 3 unless it surely fits this model, and say what to leave out",
    )
    limits.add_argument(
        "--budget",
        metavar="N",
        type=_number,
        help="exit with 3 unless it is surely at most N tokens, by the first tokenizer asked for "
        "(else o200k_base)",
    )
    limits.add_argument(
        "--pack",
        metavar="FILE",
        help="write all files as one text for a model, in XML if the name ends in .xml, else in Markdown; "
        "- is standard output; with --fits or --budget only if the text keeps to them",
    )


def list_inputs(paths: Sequence[str], arguments: argparse.Namespace, console: Console, enough: int) -> Inputs:
    """The inputs as the options want them; ``Failure`` for a pattern that can match nothing."""
    options = WalkOptions(
        respect_ignore_files=not arguments.no_ignore,
        hidden=arguments.hidden,
        include=tuple(arguments.include),
        exclude=tuple(arguments.exclude),
    )
    target = arguments.pack
    apart = Path(target) if target and target != STANDARD_OUTPUT else None
    try:
        return Inputs(paths, console, options, enough, apart)
    except ValueError as error:
        raise Failure(str(error), 2) from error


class TreeAnswer:
    """What the options ask for, worked out only where they ask."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        sums: Tally,
        counters: Sequence[Counter],
        counts: Mapping[str, Count],
        rows: Sequence[Evaluation],
        console: Console,
    ) -> None:
        self._arguments = arguments
        self._sums = sums
        self._counters = counters
        self._counts = counts
        self._rows = rows
        self._console = console
        self._packed: list[Limit] | None = None

    def tables(self) -> list[str]:
        """``--files``, ``--top`` and ``--tree``."""
        wanted, width, styled = self._arguments, self._console.width, self._console.styled
        files, tree = wanted.files or wanted.top is not None, wanted.tree is not None
        lines: list[str] = []
        if not (files or tree) or not self._sums.files or not self._names:
            return lines
        if files:
            lines += ["", *file_table(self._tree, self._shown, wanted.top, width, styled)]
        if tree:
            lines += ["", *tree_table(self._tree, self._shown, wanted.tree, width, styled)]
        return lines

    def with_paths(self, record: str) -> str:
        """The JSON object ``record`` with ``paths`` at its end, one a line."""
        tokens = tokens_by_file(self._tree, CountPlan(tuple(self._counts)))
        paths = ",\n".join(f"    {one}" for one in path_records(self._sums, self._tree, tokens))
        inside = f"[\n{paths}\n  ]" if paths else "[]"
        return f'{record.removesuffix("}").rstrip()},\n  "paths": {inside}\n}}'

    def pack(self) -> None:
        """``--pack``: write the text if it keeps to the limits, and say how many tokens it is."""
        target = self._arguments.pack
        pack = packing.packed(self._sums, target, False, self._console)
        counts = count_text(pack.text, CountPlan(tuple(self._counts)), self._counters)
        self._packed = self._limits(counts)
        lines = []
        for name in self._names:
            files, whole = self._counts[name].tokens, counts[name]
            wrapping = formatting.grouped(whole.tokens - files)
            lines.append(f"{formatting.count(whole)} tokens by {name}, {wrapping} of them for the wrapping")
        what = f"{formatting.quantity(pack.files, 'file')}, {'; '.join(lines)}"
        if not all(limit.kept for limit in self._packed):
            self._console.complain(f"Not written: {target} would be {what}.")
            return
        if target == STANDARD_OUTPUT:
            self._console.print_bytes(pack.text)
        else:
            packing.write(target, pack.text)
        self._console.complain(f"{target}: {what}.")

    def report_limits(self) -> int:
        """``--fits`` and ``--budget``: a sentence each, what to leave out, and the exit code."""
        limits = self._packed if self._packed is not None else self._limits(self._counts)
        for limit in limits:
            lines = [limit.sentence]
            if not limit.kept and limit.most and self._sums.files:
                weights = tokens_by_file(self._tree, CountPlan((limit.tokenizer,)))[limit.tokenizer]
                lines += advice(limit, self._tree, weights)
            self._console.complain("\n".join(lines))
        return 0 if all(limit.kept for limit in limits) else DOES_NOT_FIT

    def _limits(self, counts: Mapping[str, Count]) -> list[Limit]:
        limits = []
        if self._arguments.fits:
            # If its tokenizer could not be used there is no row, and that is reported already.
            for model in (row.model for row in self._rows if row.model.id == self._arguments.fits):
                limits.append(model_limit(evaluate(model, counts[model.tokenizer], self._arguments.reserve)))
        if self._arguments.budget is not None and self._names:
            name = self._names[0]
            limits.append(budget_limit(name, counts[name], self._arguments.budget))
        return limits

    @cached_property
    def _names(self) -> list[str]:
        """What tables and limits are counted with: the tokenizers asked for, else the first there is."""
        asked = bool(self._arguments.tokenizer or self._arguments.model or self._arguments.fits)
        return list(self._counts) if asked else list(self._counts)[:1]

    @cached_property
    def _tree(self) -> TokenTree:
        return token_tree(self._sums)

    @cached_property
    def _shown(self) -> Tokens:
        return tokens_by_file(self._tree, CountPlan(tuple(self._names)))


def _at_least_one(text: str) -> int:
    number = _number(text)
    if not number:
        raise argparse.ArgumentTypeError("it takes at least 1")
    return number


def _number(text: str) -> int:
    digits = text.replace(",", "").replace("_", "")
    if not digits.isdecimal():
        raise argparse.ArgumentTypeError(f"“{text}” is no number")
    return int(digits)
