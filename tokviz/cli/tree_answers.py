"""What ``tokviz count`` says of files, folders and limits: tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.file_kinds import file_kinds, folders, matching_files
from tokviz.analysis.codebase.glob_budgets import GlobBudget, glob_budgets, matches
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.codebase.packing import PackLayout, shown
from tokviz.analysis.codebase.scan import CounterLoader, count_texts
from tokviz.analysis.codebase.secrets import SecretFinder, told
from tokviz.analysis.codebase.suggestions import ignore_line, ignore_text
from tokviz.analysis.codebase.token_density_priors import TokenDensity, read_token_density
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import by_node, tokens_by_file
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import CountPlan, make_decoder
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.assets import Assets
from tokviz.cli.clipboard import copy_text
from tokviz.cli.console import Console, Failure, encodable
from tokviz.cli.count_request import CountRequest
from tokviz.cli.encoding_words import reading_record
from tokviz.cli.fitting import DOES_NOT_FIT, Advice, Limit, advise, budget_limit, model_limit
from tokviz.cli.image_counts import CountedImages
from tokviz.cli.packing import Packer, pack_record, pack_words, write
from tokviz.cli.shortening import MOST_MEASURED, Smaller, measure_shortened
from tokviz.cli.tables import Column, render
from tokviz.cli.totals import Totals
from tokviz.documents.reading import ReadError
from tokviz.documents.tree.git_attributes import read_attributes
from tokviz.documents.tree.ignore_file import add_rules
from tokviz.documents.writing import WriteError
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

SECRETS = 4
"""The exit code."""
Tokens = Mapping[str, NDArray[np.int64]]
"""By tokenizer or estimator, the (likely) tokens of each file: ``int64[files]``."""


@dataclass(frozen=True)
class TreeAnswer:
    """What is asked about folders, files and limits, worked out only where it is asked."""

    request: CountRequest
    totals: Totals
    counters: CounterLoader
    counts: Mapping[str, Count]
    rows: Sequence[Evaluation]
    console: Console
    assets: Assets
    registry: Registry
    layout: PackLayout | None = None
    """How a pack is laid out, if one is asked for."""
    images: CountedImages | None = None
    smaller: Smaller | None = None
    """What files count when they are shortened, if that was asked for."""
    _packed: list[dict[str, object]] = field(default_factory=list)
    """What was packed, for programs."""

    def tables(self) -> list[str]:
        """``--files``, ``--top`` and ``--tree``."""
        wanted, width, styled = self.request, self.console.width, self.console.styled
        lines: list[str] = []
        if not self.totals.files or not self._names:
            return lines
        if self.smaller:
            lines += self.smaller.table(self._names, self.console)
        if wanted.files or wanted.top is not None:
            lines += ["", *file_table(self._tree, self._shown, wanted.top, width, styled)]
        if wanted.depth is not None:
            lines += ["", *tree_table(self._tree, self._shown, wanted.depth, width, styled)]
        return lines

    def with_paths(self, record: str) -> str:
        """The JSON object ``record`` with ``paths`` at its end, one a line."""
        tokens = self._tokens(self.counts)
        paths = ",\n".join(
            f"    {one}" for one in path_records(self.totals, self._tree, tokens, self.smaller)
        )
        inside = f"[\n{paths}\n  ]" if paths else "[]"
        return f'{record.removesuffix("}").rstrip()},\n  "paths": {inside}\n}}'

    def pack(self) -> list[Limit]:
        """``--pack`` and ``--copy``: write the text if it keeps to the limits, and say what it comes to."""
        request = self._packer.request
        if request.split is not None and not self._names:
            raise Failure(_("Without a tokenizer no parts can be made."))
        if self.totals.failed and not self.totals.files:
            self.console.complain(_("Not written: {file} would hold no file.", file=request.name))
            return []
        pack = self._packer.packed(SecretFinder(self.assets), self._names[0] if self._names else "")
        self.console.complain_first(told(pack.secrets))
        if pack.secrets and request.fail_on_secrets:
            raise Failure(
                _("Not written: {file} would hold what looks like a secret.", file=request.name), SECRETS
            )
        counts = {name: count_texts(pack.texts, name, self.counters) for name in self.counts}
        limits = self.limits({name: max(many, key=_tokens) for name, many in counts.items()})
        own = {name: self._own_tokens(name) for name in self._names}
        what = [pack_words(name, self.counts[name].tokens, counts[name], own[name]) for name in self._names]
        files = ngettext("{n} file", "{n} files", pack.files)
        if pack.parts:
            files = ngettext("{files} in {n} part", "{files} in {n} parts", len(pack.parts), files=files)
        sizes = "; ".join(what) or _("not counted")
        told_of = formatting.told_of(request.name, listed([files, sizes]))
        if not all(limit.kept for limit in limits):
            self.console.complain(_("Not written: {what}", what=told_of))
            return limits
        notes = write(request, pack, self.console)
        if request.copy:
            notes.append(copy_text(pack.text))
        self.console.complain(told_of, *notes)
        self._packed.append(pack_record(request, pack, counts))
        return limits

    def limits(self, counts: Mapping[str, Count]) -> list[Limit]:
        """``--fits`` and ``--budget`` for a text of so many tokens."""
        # If its tokenizer could not be used a model has no row, and that is reported already.
        fitted = [row.model for row in self.rows if row.model.id in self.request.fits]
        found = [evaluate(model, counts[model.tokenizer], self.request.reserve) for model in fitted]
        if self.images and counts is self.counts:  # a pack has no images in it
            found = list(map(self.images.added, found))
        limits = [model_limit(each) for each in found]
        if self.request.budget is not None and self._names:
            name = self._names[0]
            limits.append(budget_limit(name, counts[name], self.request.budget))
        return limits

    def advice(self, limits: Sequence[Limit]) -> Advice | None:
        """What to leave out so that the limits are kept; None if they are, or nothing was counted."""
        if not self.totals.files or all(limit.kept for limit in limits):
            return None
        roots = [part.listing.root for part in self.totals.parts]
        shape = self._tree.shape
        attributes = [read_attributes(root, folders(shape, number)) for number, root in enumerate(roots)]
        kept = kept_files(shape, self.request)
        weights = self._tokens(dict.fromkeys(limit.tokenizer for limit in limits))
        if self.request.pack and self.request.pack.split is not None:
            return None  # what is left out makes no part smaller
        measure = self._packed_tokens if self.request.pack else None
        shrinking = smaller.shrinking if (smaller := self._measured(kept)) else None
        return advise(limits, self._tree, weights, file_kinds(shape, attributes), kept, measure, shrinking)

    @property
    def _is_too_much_to_measure(self) -> bool:
        return self.smaller is None and self.totals["bytes"] > MOST_MEASURED

    def _measured(self, kept: NDArray[np.bool_] | None) -> Smaller | None:
        """What files would count when they are shortened; None for so much that it takes too long to ask."""
        if self.smaller or self._is_too_much_to_measure:
            return self.smaller
        reading, plan = self.request.as_they_are.reading, CountPlan(tuple(self.counts))
        return measure_shortened(
            self.totals, self._tree, reading, plan, self.counters, self.console, all_ways=False, kept=kept
        )

    def report(self, limits: Sequence[Limit], advice: Advice | None) -> int:
        """A sentence for each limit, what to leave out, and the exit code."""
        over = [str(one) for one in self._budgets if not one.kept]
        for sentence in (*(limit.sentence for limit in limits), *over):
            self.console.complain(sentence)
        if advice and advice.leaves_nothing and self.totals.files == 1:
            self.console.complain(_("`tokviz cut` gives as much of this one text as fits."))
        elif advice:
            self.console.complain(*advice.lines(self._path))
            if self._is_too_much_to_measure and not (self.request.pack and self.request.pack.split):
                self.console.complain(
                    _(
                        "More than {size} MB: what could be shortened was not looked for; --shorten none "
                        "looks for it.",
                        size=MOST_MEASURED // 1_000_000,
                    )
                )
            if self.request.apply:
                self._apply(advice)
                if advice.shorten:
                    option = ",".join(dict.fromkeys((*self.request.walk.reading.shortened, *advice.shorten)))
                    self.console.complain(
                        _("What is to be shortened needs the option --shorten {option}.", option=option)
                    )
        return DOES_NOT_FIT if over or not all(limit.kept for limit in limits) else 0

    def more_records(self, advice: Advice | None) -> dict[str, object]:
        """The advice, the pack, and what can be made smaller, for programs."""
        found: dict[str, object] = {"plan": list(advice.records(self._path)) if advice else []}
        if self._packed:
            found["pack"] = self._packed[0]
        if self.request.shortens:
            found["shortened"] = self.smaller.records() if self.smaller else []
        if self._budgets:
            found["budgets"] = [
                {"pattern": one.pattern, "budget": one.most, "tokens": one.count.tokens, "files": one.files}
                for one in self._budgets
            ]
        return found

    def _apply(self, advice: Advice) -> None:
        """``--apply``: write the advice into the ignore file of each folder."""
        for number, part in enumerate(self.totals.parts):
            lines = ignore_text(self._tree.shape, advice.steps, number).splitlines()
            if lines and part.is_folder:
                try:
                    self.console.complain(_("Written to {file}.", file=add_rules(part.listing.root, lines)))
                except (ReadError, WriteError) as error:
                    raise Failure(str(error)) from error

    def _packed_tokens(
        self, tokenizer: str, chosen: NDArray[np.bool_], wanted: NDArray[np.uint8] | None
    ) -> int:
        """The tokens of a pack of these files, shortened so."""
        return count_texts([self._packer.text(chosen, wanted)], tokenizer, self.counters)[0].tokens

    def _own_tokens(self, name: str) -> int:
        layout = self._packer.layout
        return sum(count.tokens for count in count_texts([layout.before, layout.after], name, self.counters))

    @cached_property
    def _packer(self) -> Packer:
        assert self.request.pack is not None and self.layout is not None
        names = self._names[:1]
        return Packer(
            self.request.pack,
            self.layout,
            self.totals,
            self.request.walk.reading,
            self.registry,
            self.counters,
            self._tokens(names)[names[0]] if names else np.zeros(len(self._tree.sizes), np.int64),
            self.console,
            self.smaller.wanted if self.smaller else None,
        )

    def _path(self, node: int) -> str:
        """As an ignore file in its root names a node, after the root's name where there are several."""
        shape = self._tree.shape
        line = encodable(ignore_line(shape, node))
        if len(shape.root_nodes) == 1:
            return line
        return f"{shown(shape.names[shape.root_nodes[shape.root(node)]])}: {line}"

    @cached_property
    def _budgets(self) -> list[GlobBudget]:
        """What the patterns of a project file come to, which have a budget."""
        if not self.request.budgets or not self._names:
            return []
        budgets = dict(self.request.budgets)
        matched = matches(self._tree.shape, budgets)
        return glob_budgets(self._tree, budgets, matched, make_decoder(self._names[0]))

    @cached_property
    def _names(self) -> list[str]:
        """What tables and limits are counted with: the tokenizers asked for, else the first there is."""
        names, request = list(self.counts), self.request
        named = request.tokenizers or (request.names_tokenizers and not request.all_models)
        return names if named else names[:1]

    @cached_property
    def _tree(self) -> TokenTree:
        if self.smaller:
            return self.smaller.tree
        return token_tree(self.totals, read_token_density(self.assets))

    @cached_property
    def _shown(self) -> Tokens:
        return self._tokens(self._names)

    def _tokens(self, names: Iterable[str]) -> Tokens:
        return tokens_by_file(self._tree, CountPlan(tuple(names)))


def kept_files(shape: TreeShape, request: CountRequest) -> NDArray[np.bool_] | None:
    """What ``--keep`` names (``bool[files]``), if it is given; ``Failure`` if it can name nothing."""
    try:
        return matching_files(shape, request.keep, "--keep") if request.keep else None
    except ValueError as error:  # a pattern that can match nothing
        raise Failure(str(error), 2) from error


def token_tree(totals: Totals, density: TokenDensity) -> TokenTree:
    """All inputs as one tree. A named file stands in a root called like the folder that it lies in."""
    roots = []
    for part in totals.parts:
        name = part.path if part.is_folder else str(part.listing.root)
        roots.append((name, [file.path for file in part.listing.files]))
    sizes = [file.size for part in totals.parts for file in part.listing.files]
    tree = TokenTree.begin(TreeShape(roots), sizes, totals.columns, density)
    for part, first in totals.placed():
        tree = tree.with_counts(part.counted, first)
    return tree


def file_table(tree: TokenTree, tokens: Tokens, top: int | None, width: int, styled: bool) -> list[str]:
    """A row for each file in the order of the tree, or for the ``top`` largest."""
    first = next(iter(tokens.values()))
    chosen = np.flatnonzero(tree.takes_part)
    if top is not None:
        chosen = chosen[np.argsort(-first[chosen], kind="stable")[:top]]
    nodes = tree.shape.file_nodes[chosen]
    return _table(tree, tokens, nodes.tolist(), [_path(tree, node) for node in nodes.tolist()], width, styled)


def tree_table(tree: TokenTree, tokens: Tokens, depth: int, width: int, styled: bool) -> list[str]:
    """A row for each folder and file down to ``depth``, the largest of a folder first."""
    weights = by_node(tree, next(iter(tokens.values())) * tree.takes_part)
    nodes = list(_downwards(tree.shape, weights, TOP, depth + 1))
    depths = tree.shape.depths
    labels = [f"{'  ' * (int(depths[node]) - 1)}{_name(tree.shape, node)}" for node in nodes]
    return _table(tree, tokens, nodes, labels, width, styled)


def path_records(totals: Totals, tree: TokenTree, tokens: Tokens, smaller: Smaller | None) -> Iterator[str]:
    """Each counted file as a JSON object: its path, its bytes, its tokens by name, what made it smaller, and
    its encoding where that is not just UTF-8."""
    names = list(tokens)
    sizes = tree.values[tree.column("bytes")].tolist()
    values = np.array([*tokens.values()]).T.tolist() if names else [[]] * len(sizes)
    taken = tree.takes_part.tolist()
    number = 0
    readings = dict(totals.readings)
    for part in totals.parts:
        for file in part.listing.files:
            if taken[number]:
                path = part.shown(file.path)
                about = {"path": encodable(path), "bytes": sizes[number]}
                about["tokens"] = dict(zip(names, values[number], strict=True))
                about |= smaller.of_file(number) if smaller else {}
                yield json.dumps(about | (reading_record(readings[path]) if path in readings else {}))
            number += 1


def _downwards(shape: TreeShape, weights: NDArray[np.int64], node: int, depth: int) -> Iterator[int]:
    children = shape.children(node)
    for child in children[np.argsort(-weights[children], kind="stable")].tolist():
        yield child
        if depth > 1:
            yield from _downwards(shape, weights, child, depth - 1)


def _table(
    tree: TokenTree, tokens: Tokens, nodes: Sequence[int], labels: Sequence[str], width: int, styled: bool
) -> list[str]:
    columns = [
        Column(_("Path")),
        *(Column(name, right=True) for name in tokens),
        Column(_("Share"), right=True, optional=1),
        Column(_("Bytes"), right=True, optional=2),
        Column(_("Language"), optional=3),
    ]
    chosen = np.array(nodes, np.int64)
    sums = [by_node(tree, values * tree.takes_part)[chosen] for values in tokens.values()]
    sizes = tree.totals(chosen)[:, tree.column("bytes")]
    total = int((next(iter(tokens.values())) * tree.takes_part).sum())
    marks = ["~" if make_decoder(name).provenance is Provenance.ESTIMATE else "" for name in tokens]
    rows = []
    for row, (node, label) in enumerate(zip(nodes, labels, strict=True)):
        is_file = bool(tree.shape.is_file[node])
        kind = tree.language_names[tree.language_of[tree.shape.first_files[node]]] if is_file else ""
        rows.append(
            [
                label,
                *(mark + formatting.grouped(int(sums[i][row])) for i, mark in enumerate(marks)),
                marks[0] + formatting.percent(int(sums[0][row]) / total) if total else "",
                formatting.grouped(int(sizes[row])),
                language_words(kind),
            ]
        )
    return render(columns, rows, width, styled)


def _tokens(count: Count) -> int:
    return count.tokens


def _name(shape: TreeShape, node: int) -> str:
    return shown(shape.names[node]) + ("" if shape.is_file[node] or shape.names[node].endswith("/") else "/")


def _path(tree: TokenTree, node: int) -> str:
    """Relative to the only root, else with the root's name in front."""
    path = shown(tree.shape.path(node))
    if len(tree.shape.root_nodes) == 1:
        return path
    root = shown(tree.shape.names[tree.shape.root_nodes[tree.shape.root(node)]])
    return path if root == "." else f"{root.removesuffix('/')}/{path}"
