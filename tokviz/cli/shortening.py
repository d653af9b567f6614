"""``--shorten``: what each way of making texts shorter saves, and the counts of what was asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.kept_shortened import KeptShortened
from tokviz.analysis.codebase.scan import Counters, loader
from tokviz.analysis.codebase.shortened_counts import (
    Saving,
    ShortenedCounts,
    bit_of,
    count_shortened,
    mask_of,
    savings,
    shortenings_of,
)
from tokviz.analysis.codebase.shrinking import Shrinking
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import tokens_by_file
from tokviz.analysis.count_plan import SIZE_COLUMNS, Counter, CountPlan
from tokviz.cli.console import Console, printable
from tokviz.cli.counted_texts import counted_texts
from tokviz.cli.inputs import STANDARD_INPUT
from tokviz.cli.progress import Progress
from tokviz.cli.tables import Column, render
from tokviz.cli.totals import Totals
from tokviz.count_cache.cache import CountCache
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import BATCH, TextBatch
from tokviz.language import _, ngettext, number

CODE = frozenset({Shortening.COMMENTS, Shortening.BLANK_LINES})
"""What lexers find: slowly."""
MEASURED = 32_000_000
"""Bytes of text up to which all is measured although not all is asked for: some half a minute."""
MOST_MEASURED = 256_000_000
"""Bytes of text up to which a plan looks for what can be shortened unasked: half a minute as well."""
_MOST_NAMED = 5
"""So many files are named that stay as they are; ``--json`` names all."""


@dataclass(frozen=True)
class Smaller:
    """All inputs as they are, and what their files count when they are shortened."""

    whole: TokenTree
    found: ShortenedCounts
    ways: frozenset[Shortening]
    """What was measured."""
    chosen: frozenset[Shortening]
    plan: CountPlan
    kept: NDArray[np.bool_] | None = None
    """Files that stay as they are (``bool[files]``)."""

    @property
    def wanted(self) -> NDArray[np.uint8]:
        """The mask of what is chosen, for each file."""
        wanted = np.full(len(self.whole.sizes), mask_of(self.chosen), np.uint8)
        return wanted if self.kept is None else np.where(self.kept, np.uint8(0), wanted)

    def with_more(self, more: "Smaller", among: NDArray[np.bool_]) -> "Smaller":
        """With what was measured in more ways of the files ``among`` (``bool[files]``)."""
        return replace(self, found=self.found.replaced(more.found, among))

    def shrinking(self, name: str) -> Shrinking:
        """What may be shortened yet, by a tokenizer."""
        return Shrinking(self.whole, self.found, self.wanted, name)

    @cached_property
    def tree(self) -> TokenTree:
        """With the counts of what is chosen."""
        return self.found.shorten(self.whole, self.wanted)

    @cached_property
    def savings(self) -> list[Saving]:
        """What each of ``ways`` saves."""
        found = savings(self.whole, self.found, self.wanted, self.plan)
        return [one for one in found if one.shortening in self.ways]

    def table(self, names: Sequence[str], console: Console) -> list[str]:
        """For people: a row for each way that changes something."""
        rows = [
            [
                one.shortening,
                number(one.files),
                *(number(one.saves(name)) for name in names),
                _("applied") if one.shortening in self.chosen else "",
                one.shortening.words,
            ]
            for one in self.savings
            if one.files
        ]
        if not rows:
            return ["", _("Nothing here can be shortened.")]
        saves = [
            Column(_("Saves {tokenizer}", tokenizer=name) if len(names) > 1 else _("Saves"), right=True)
            for name in names
        ]
        columns = (
            Column("--shorten"),
            Column(_("Files"), right=True),
            *saves,
            Column(""),
            Column("", optional=1),
        )
        lines = ["", *render(columns, rows, console.width, console.styled)]
        if self.ways != frozenset(Shortening):
            lines.append(
                _("Not measured: what comments and blank lines would save. Name them with --shorten.")
            )
        return [*lines, *self._kept_lines()]

    def _kept_lines(self) -> list[str]:
        """Which files stay as they are, and why."""
        if not self.found.kept:
            return []
        shape = self.whole.shape
        lines = [
            ngettext(
                "{n} file cannot be shortened in every way:",
                "{n} files cannot be shortened in every way:",
                len(self.found.kept),
            )
        ]
        for file, reason in sorted(self.found.kept.items())[:_MOST_NAMED]:
            lines.append(printable(f"  {shape.path(int(shape.file_nodes[file]))}: {reason}"))
        if (rest := len(self.found.kept) - _MOST_NAMED) > 0:
            lines.append(
                "  "
                + ngettext(
                    "and {n} more file; --json names all", "and {n} more files; --json names all", rest
                )
            )
        return lines

    def records(self) -> list[dict[str, object]]:
        """For programs: an object for each way that was measured."""
        return [
            {
                "name": one.shortening,
                "applied": one.shortening in self.chosen,
                "files": one.files,
                "saves": {name: one.saves(name) for name in one.before},
            }
            for one in self.savings
        ]

    def of_file(self, number: int) -> dict[str, object]:
        """For programs: what was done to one file, what each way saves in it, and why not more."""
        about: dict[str, Any] = {}
        for way, saved in self._saved.items():
            saves = {name: int(by_file[number]) for name, by_file in saved.items()}
            if any(saves.values()):
                about.setdefault("saves", {})[way] = saves
        if applied := shortenings_of(int(self.tree.shortened[number])):
            about["shortened"] = list(applied)
        if number in self.found.kept:
            about["not_shortened"] = self.found.kept[number]
        return about

    @cached_property
    def _saved(self) -> dict[Shortening, dict[str, NDArray[np.int64]]]:
        """What each way saves in each file, by tokenizer: ``int64[files]``."""
        found: dict[Shortening, dict[str, NDArray[np.int64]]] = {}
        for one in (one for one in Shortening if one in self.ways):
            bit = np.uint8(bit_of(one))
            without, with_it = (
                tokens_by_file(self.found.shorten(self.whole, wanted), self.plan)
                for wanted in (self.wanted & ~bit, self.wanted | bit)
            )
            found[one] = {name: before - with_it[name] for name, before in without.items()}
        return found

    def totals(self, before: Totals) -> Totals:
        """The sums of all inputs, as they are chosen to be."""
        return replace(before, values=self.tree.total())


def measure_shortened(
    totals: Totals,
    tree: TokenTree,
    reading: ReadOptions,
    plan: CountPlan,
    counters: Counters,
    console: Console,
    all_ways: bool,
    kept: NDArray[np.bool_] | None = None,
    cache: CountCache | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Smaller:
    """Read all counted files again, or those ``among`` (``bool[files]``), and count their shorter texts.
    ``all_ways``: however long it takes. ``kept`` (``bool[files]``) stay as they are; ``cache``: counts of
    earlier runs."""
    every = frozenset(Shortening)
    ways = every if all_ways or totals["bytes"] <= MEASURED else (every - CODE) | reading.shortened
    plain = replace(reading, shortened=frozenset())
    names = {
        first + number: file.path
        for part, first in totals.placed()
        for number, file in enumerate(part.listing.files)
    }
    files = totals.files if among is None else int(np.count_nonzero(among))
    whole = totals["bytes"] if among is None else int(tree.counted[tree.column("bytes")][among].sum())
    with Progress() as progress:
        size, found = 0, []
        able = _Able(counters, totals.columns[len(SIZE_COLUMNS) :])
        known = KeptShortened(cache, able.columns, ways)
        texts = _texts(totals, plain, console, known, among)
        for batch in count_shortened(texts, names, able, ways, recalled=known):
            found.append(batch)
            size += batch.size
            progress.show(files, size, files, whole)
    known.flush()
    counted = ShortenedCounts.of(found, len(tree.columns))
    usable = CountPlan(tuple(plan.counts(totals.columns, totals.values)))
    return Smaller(tree, counted, ways, reading.shortened, usable, kept)


@dataclass(frozen=True, slots=True)
class _Able:
    """Those counters that counted something, loaded when they are needed: of the others the columns are
    gone."""

    counters: Counters
    columns: tuple[str, ...]

    def load(self, columns: Sequence[str]) -> list[Counter]:
        """See ``scan.CounterLoader``."""
        loaded = loader(self.counters).load(columns)
        return [one for one in loaded if set(one.columns) <= set(self.columns)]


def _texts(
    totals: Totals,
    reading: ReadOptions,
    console: Console,
    known: KeptShortened,
    among: NDArray[np.bool_] | None,
) -> Iterator[TextBatch]:
    """The texts of all counted files, or those ``among``, of which it is not ``known`` what they are when
    they are shortened."""
    for part, first in totals.placed():
        wanted = [number for number in part.counted_files if among is None or among[first + number]]
        if part.path == STANDARD_INPUT:
            yield from counted_texts(part, first, wanted, reading, console)
        else:
            files = ((first + number, part.listing.files[number]) for number in wanted)
            yield from known.texts(part.listing.root, files, part.reading(reading), BATCH)
