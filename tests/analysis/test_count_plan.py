"""The count plan: what is loaded, which columns that fills, and what they mean."""

import pickle

import numpy as np
import pytest

from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan, make_decoder
from tokviz.assets import Assets
from tokviz.tokenization.estimate import SOURCES
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

NAMES = ("r50k_base", "claude-v3", "estimate")
TEXTS = [b"one two three", "Grüße, 世界 🎉 123".encode(), b""]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(Assets())


def test_what_several_names_need_is_loaded_once() -> None:
    plan = CountPlan((*NAMES, "o200k_base"))
    assert plan.sources == ("r50k_base", "claude-v3", *SOURCES)
    assert plan.columns == (*SIZE_COLUMNS, *plan.sources)


def test_counters_fill_the_columns_behind_the_sizes(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    counters = plan.counters(registry)
    assert tuple(column for each in counters for column in each.columns) == plan.columns[len(SIZE_COLUMNS) :]
    for counter in counters:
        assert counter.count(TEXTS).shape == (len(TEXTS), len(counter.columns))


def test_columns_in_any_order_mean_the_same(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    sums = np.concatenate([counter.count(TEXTS).sum(axis=0) for counter in plan.counters(registry)])
    columns = plan.columns[len(SIZE_COLUMNS) :]
    counts = plan.counts(columns, sums)
    assert list(counts) == list(NAMES)
    assert counts["r50k_base"] == Count.certain(int(sums[0]))
    assert counts["claude-v3"] == Count.certain(int(sums[1]), Provenance.RECONSTRUCTED)
    own = sorted(sum(registry.get(name).count(text) for text in TEXTS) for name in SOURCES)
    assert counts["estimate"] == Count(own[len(own) // 2], Provenance.ESTIMATE, own[0], own[-1])
    assert plan.counts(columns[::-1], sums[::-1]) == counts


def test_what_could_not_be_loaded_has_no_count(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    counter = plan.counters(registry)[0]
    assert list(plan.counts(counter.columns, counter.count(TEXTS)[0])) == ["r50k_base"]


@pytest.mark.parametrize("name", NAMES)
def test_tokens_of_many_texts_are_the_counts_of_each(registry: Registry, name: str) -> None:
    decoder = make_decoder(name)
    values = np.concatenate(
        [counter.count(TEXTS) for counter in CountPlan((name,)).counters(registry)], axis=1
    )
    assert decoder.tokens(values.T).tolist() == [decoder.count(row).tokens for row in values]
    assert decoder.count(values[0]).provenance is decoder.provenance


def test_provenance_is_that_of_the_tokenizer(registry: Registry) -> None:
    for name in registry.names():
        assert make_decoder(name).provenance is registry.info(name).provenance
    for name in registry.estimator_names():
        assert make_decoder(name).provenance is Provenance.ESTIMATE


def test_plans_are_values_that_travel_to_the_worker() -> None:
    plan = CountPlan(NAMES)
    assert plan.decoders
    assert pickle.loads(pickle.dumps(plan)) == plan == CountPlan(NAMES)
    assert plan != CountPlan(NAMES[:1])
