"""Estimates: the lowest, the middle and the highest of what known tokenizers count."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tokviz.assets import Assets
from tokviz.tokenization.estimate import ESTIMATE, SOURCES, estimate
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance


def test_a_range_is_lowest_middle_and_highest() -> None:
    assert estimate(np.array([9, 2, 7, 3, 5, 8, 4])) == Count(5, Provenance.ESTIMATE, 2, 9)
    assert estimate(np.zeros(7, np.int64)) == Count(0, Provenance.ESTIMATE, 0, 0)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=9))
def test_every_end_is_a_count_that_one_of_them_gives(tokens: list[int]) -> None:
    found = estimate(np.array(tokens, np.int64))
    assert {found.low, found.tokens, found.high} <= set(tokens)
    assert found.low <= found.tokens <= found.high


def test_it_is_made_of_tokenizers_one_of_each_maker() -> None:
    registry = Registry(Assets())
    infos = [registry.info(name) for name in SOURCES]
    assert len(infos) % 2 == 1
    assert len({info.developer for info in infos}) == len(infos)
    assert registry.estimator_names() == (ESTIMATE,)
