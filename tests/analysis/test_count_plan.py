"""The count plan: what is loaded, which columns that fills, and what they mean."""

import pickle

import numpy as np
import pytest

from tokviz.analysis.count_plan import (
    FEATURE_COLUMNS,
    FEATURES_SOURCE,
    SIZE_COLUMNS,
    CountPlan,
    columns_of,
    make_decoder,
)
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance

NAMES = ("r50k_base", "claude", "claude-new")
TEXTS = [b"one two three", "Grüße, 世界 🎉 123".encode(), b""]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(Assets())


def test_what_several_names_need_is_loaded_once() -> None:
    plan = CountPlan(NAMES)
    assert plan.sources == ("r50k_base", FEATURES_SOURCE)
    assert plan.columns == (*SIZE_COLUMNS, "r50k_base", *FEATURE_COLUMNS)


def test_counters_fill_the_columns_behind_the_sizes(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    counters = plan.counters(registry)
    assert tuple(column for each in counters for column in each.columns) == plan.columns[len(SIZE_COLUMNS) :]
    assert [each.columns for each in counters] == [columns_of(source) for source in plan.sources]
    for counter in counters:
        assert counter.count(TEXTS).shape == (len(TEXTS), len(counter.columns))


def test_columns_in_any_order_mean_the_same(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    (tokens, features) = (counter.count(TEXTS).sum(axis=0) for counter in plan.counters(registry))
    columns, sums = plan.columns[len(SIZE_COLUMNS) :], np.concatenate([tokens, features])
    counts = plan.counts(columns, sums)
    assert list(counts) == list(NAMES)
    assert counts["r50k_base"] == Count.certain(int(tokens[0]))
    assert counts["claude"] == registry.estimator("claude").estimate(features)
    assert plan.counts(columns[::-1], sums[::-1]) == counts


def test_what_could_not_be_loaded_has_no_count(registry: Registry) -> None:
    plan = CountPlan(NAMES)
    (counter, _) = plan.counters(registry)
    assert list(plan.counts(counter.columns, counter.count(TEXTS)[0])) == ["r50k_base"]


@pytest.mark.parametrize("name", NAMES)
def test_tokens_of_many_texts_are_the_counts_of_each(registry: Registry, name: str) -> None:
    decoder = make_decoder(name)
    (counter,) = CountPlan((name,)).counters(registry)
    values = counter.count(TEXTS)
    assert decoder.tokens(values.T).tolist() == [decoder.count(row).tokens for row in values]
    assert decoder.count(values[0]).provenance is decoder.provenance
    assert decoder.provenance is (Provenance.EXACT if name == "r50k_base" else Provenance.ESTIMATE)


def test_plans_are_values_that_travel_to_the_worker() -> None:
    plan = CountPlan(NAMES)
    assert plan.decoders
    assert pickle.loads(pickle.dumps(plan)) == plan == CountPlan(NAMES)
    assert plan != CountPlan(NAMES[:1])
