"""Counting the inputs of a command once, with the tokenizers of the models that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokviz.analysis.count_plan import CountPlan
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.cli.cache import user_cache
from tokviz.cli.console import Console
from tokviz.cli.inputs import user_packs
from tokviz.cli.process_shards import MOST_BYTES, ShardedCounters
from tokviz.cli.progress import Progress
from tokviz.cli.totals import Inputs, Totals
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.walking import WalkOptions
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count


@dataclass(frozen=True, slots=True)
class ModelCounts:
    """What was counted."""

    totals: Totals
    counts: Mapping[str, Count]
    """By tokenizer; one that could not be used is absent."""
    failed: bool
    """Whether an input or a tokenizer failed, which was told."""


def count_for_models(
    models: Sequence[LanguageModel],
    paths: Sequence[str],
    reading: ReadOptions,
    assets: Assets,
    registry: Registry,
    console: Console,
) -> ModelCounts:
    """Count ``paths`` with the tokenizers of ``models``, and tell what failed."""
    walk = WalkOptions(largest=reading.largest, reading=reading, packs=user_packs().read())
    cache = user_cache().open(registry)
    inputs = Inputs(paths, console, walk, MOST_BYTES, cache=cache)
    plan = CountPlan(tuple(dict.fromkeys(model.tokenizer for model in models)))
    with (
        inputs.read_ahead(plan.sources) as batches,
        ShardedCounters(plan.sources, registry, assets, inputs.processes) as counters,
        Progress() as progress,
    ):
        totals = inputs.count(batches, counters, progress, file_by_file=False)
    unusable = counters.unusable
    console.complain_first([*unusable, *totals.failed, *totals.problems])
    counts = plan.counts(totals.columns, totals.values)
    return ModelCounts(totals, counts, bool(unusable or totals.failed))
