"""What ``tokviz count`` says of files, folders and limits: tables for people, JSON for programs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis import formatting
from tokviz.analysis.codebase.file_kinds import file_kinds, folders
from tokviz.analysis.codebase.glob_budgets import GlobBudget, glob_budgets, matches
from tokviz.analysis.codebase.packing import PackLayout, shown
from tokviz.analysis.codebase.scan import CounterLoader, count_texts
from tokviz.analysis.codebase.secrets import SecretFinder, told
from tokviz.analysis.codebase.suggestions import ignore_line, ignore_text
from tokviz.analysis.codebase.token_density_priors import TokenDensity, read_token_density
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import tokens_by_file
from tokviz.analysis.codebase.tree_images import TreeImages
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan, Decoder
from tokviz.analysis.escaping import encodable
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.clipboard import copy_text
from tokviz.cli.console import Console, Failure
from tokviz.cli.count_request import CountRequest
from tokviz.cli.file_tables import Tokens, file_table, path_records, tree_table
from tokviz.cli.fitting import DOES_NOT_FIT, Advice, Limit, advise, budget_limit, model_limit
from tokviz.cli.image_counts import CountedImages
from tokviz.cli.keep_option import kept_files
from tokviz.cli.packing import Packer, pack_record, pack_words, write
from tokviz.cli.shortening import CODE, MEASURED, MOST_MEASURED, Smaller, measure_shortened
from tokviz.cli.totals import Totals
from tokviz.count_cache.cache import CountCache
from tokviz.documents.reading import ReadError
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.git_attributes import read_attributes
from tokviz.documents.tree.ignore_file import add_rules
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.documents.writing import WriteError
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

SECRETS = 4
"""The exit code."""


@dataclass(frozen=True, kw_only=True)
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
    packs: KnownPacks
    layout: PackLayout | None = None
    """How a pack is laid out, if one is asked for."""
    images: CountedImages | None = None
    smaller: Smaller | None = None
    """What files count when they are shortened, if that was asked for."""
    cache: CountCache | None = None
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
        if not wanted.files and wanted.top is None and wanted.depth is None:
            return lines
        tree, found = self._tree, self._images
        images = self.images.columns(found, tree, self._image_models) if found and self.images else {}
        if images and found:
            tree = tree.with_images(found.numbers, next(iter(images.values())))
        if wanted.files or wanted.top is not None:
            lines += ["", *file_table(tree, self._shown, wanted.top, width, styled, images)]
        if wanted.depth is not None:
            lines += ["", *tree_table(tree, self._shown, wanted.depth, width, styled, images)]
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
        pack = self._packer.packed(SecretFinder(self.assets), self._decoder)
        self.console.complain_first(told(pack.secrets))
        if pack.secrets and request.fail_on_secrets:
            raise Failure(
                _("Not written: {file} would hold what looks like a secret.", file=request.name), SECRETS
            )
        counts = {name: self._count(name, pack.texts) for name in self.counts}
        limits = self.limits(
            {name: max(many, key=lambda count: count.tokens) for name, many in counts.items()}
        )
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
        notes = write(request, pack, self.packs, self.console)
        if request.copy:
            notes.append(copy_text(pack.text))
        self.console.complain(told_of, *notes)
        self._packed.append(pack_record(request, pack, counts))
        return limits

    def limits(self, counts: Mapping[str, Count]) -> list[Limit]:
        """``--fits`` and ``--budget`` for a text of so many tokens."""
        # If its tokenizer could not be used a model has no row, and that is reported already.
        fitted = [row for row in self.rows if row.model.id in self.request.fits]
        if counts is not self.counts:  # of a pack, which has no images in it
            reserve = self.request.reserve
            fitted = [evaluate(row.model, counts[row.model.tokenizer], reserve) for row in fitted]
        limits = list(map(model_limit, fitted))
        if self.request.budget is not None and self._names:
            name = self._names[0]
            model = self._image_model(name) if counts is self.counts else None
            limits.append(self._budget_limit(name, counts[name], self.request.budget, model))
        return limits

    def _image_model(self, tokenizer: str) -> LanguageModel | None:
        """The model asked for whose formula counts the images in a budget of its tokenizer."""
        if self.images is None or not self.request.all_model_ids:
            return None
        return next((model for model in self._image_models if model.tokenizer == tokenizer), None)

    def _budget_limit(self, name: str, count: Count, budget: int, model: LanguageModel | None) -> Limit:
        tokens = self.images.tokens(model) if self.images and model else None
        if tokens is None or model is None:
            return budget_limit(name, count, budget)
        limit = budget_limit(name, count + Count.certain(tokens, Provenance.FORMULA), budget)
        told = ngettext(
            "Of these, {n} is of images, by the formula of {model}.",
            "Of these, {n} are of images, by the formula of {model}.",
            tokens,
            model=model.name,
        )
        return replace(limit, sentence=f"{limit.sentence} {told}", model=model)

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
        kinds, images = file_kinds(shape, attributes), None if self.request.pack else self._images

        def advised(smaller: Smaller | None) -> Advice | None:
            shrinking = smaller.shrinking if smaller else None
            return advise(limits, self._tree, weights, kinds, kept, measure, shrinking, images)

        smaller = self._measured(kept)
        advice = advised(smaller)
        if advice and smaller and not smaller.ways >= CODE:
            rest = advice.of_code
            if 0 < int(self._tree.counted[self._tree.column("bytes")][rest].sum()) <= MEASURED:
                advice = advised(smaller.with_more(self._measured_in(rest, kept), rest))
            elif rest.any():
                advice = replace(advice, unmeasured=True)
        return advice

    @property
    def _is_too_much_to_measure(self) -> bool:
        return self.smaller is None and self.totals["bytes"] > MOST_MEASURED

    def _measured(self, kept: NDArray[np.bool_] | None) -> Smaller | None:
        """What files would count when they are shortened; None for so much that it takes too long to ask."""
        if self.smaller or self._is_too_much_to_measure:
            return self.smaller
        return self._measured_in(None, kept)

    def _measured_in(self, among: NDArray[np.bool_] | None, kept: NDArray[np.bool_] | None) -> Smaller:
        """What files count when they are shortened: those ``among`` in every way."""
        return measure_shortened(
            self.totals,
            self._tree,
            self.request.as_they_are.reading,
            self._plan,
            self.counters,
            self.console,
            all_ways=among is not None,
            kept=kept,
            cache=self.cache,
            among=among,
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
            if advice.unmeasured:
                self.console.complain(
                    _(
                        "What comments and blank lines would save was not looked for in more than {size} MB; "
                        "--shorten none looks for it.",
                        size=MEASURED // 1_000_000,
                    )
                )
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
        if advice and (advice.unmeasured or self._is_too_much_to_measure):
            # What the plan would shorten if it were known that it helps.
            found["unmeasured"] = [one for one in Shortening if one in CODE or not advice.unmeasured]
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
        return self._count(tokenizer, [self._packer.text(chosen, wanted)])[0].tokens

    def _own_tokens(self, name: str) -> int:
        layout = self._packer.layout
        return sum(count.tokens for count in self._count(name, [layout.before, layout.after]))

    def _count(self, name: str, texts: Sequence[bytes]) -> list[Count]:
        return count_texts(texts, self._plan.decoders[name], self.counters)

    @cached_property
    def _plan(self) -> CountPlan:
        """What everything is counted with."""
        return CountPlan(tuple(self.counts), self.registry.assumed)

    @property
    def _decoder(self) -> Decoder | None:
        """What reads the counts of the first tokenizer or estimator, if there is one."""
        return self._plan.decoders[self._names[0]] if self._names else None

    @cached_property
    def _packer(self) -> Packer:
        assert self.request.pack is not None and self.layout is not None
        names = self._names[:1]
        return Packer(
            request=self.request.pack,
            layout=self.layout,
            totals=self.totals,
            reading=self.request.walk.reading,
            registry=self.registry,
            counters=self.counters,
            weights=self._tokens(names)[names[0]] if names else np.zeros(len(self._tree.sizes), np.int64),
            console=self.console,
            wanted=self.smaller.wanted if self.smaller else None,
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
        if not self.request.budgets or self._decoder is None:
            return []
        budgets = dict(self.request.budgets)
        matched = matches(self._tree.shape, budgets)
        return glob_budgets(self._tree, budgets, matched, self._decoder)

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
    def _images(self) -> TreeImages | None:
        """The images that are counted by formula, if there are any."""
        return TreeImages(self.totals.image_numbers(), self.images.counts) if self.images else None

    @property
    def _image_models(self) -> list[LanguageModel]:
        """Whose formulas tables have a column of: the models asked for, else the first with a formula."""
        models, images = [row.model for row in self.rows], self.images
        known = [model for model in models if images and images.has_formula(model)]
        return known if self.request.all_model_ids else known[:1]

    @cached_property
    def _shown(self) -> Tokens:
        return self._tokens(self._names)

    def _tokens(self, names: Iterable[str]) -> Tokens:
        return tokens_by_file(self._tree, CountPlan(tuple(names)))


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
