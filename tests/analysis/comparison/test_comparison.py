"""Comparisons of boundaries equal what plain Python sets say, for any cuts of any text."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tokviz.analysis.comparison import comparison, differences
from tokviz.analysis.comparison.comparison import Comparing, boundaries, boundary_source, compare
from tokviz.analysis.comparison.differences import Difference, Differences

Cut = tuple[int, list[list[int]]]


@st.composite
def cut_texts(draw: st.DrawFn) -> Cut:
    """A text's size and, for two to four tokenizers, the offsets at which tokens end (some of them twice)."""
    size = draw(st.integers(1, 60))
    one = st.lists(st.integers(1, size), max_size=40)
    shared = draw(one)
    return size, [sorted([*shared, *draw(one), size]) for _ in range(draw(st.integers(2, 4)))]


def arrays(ends: list[list[int]]) -> list[NDArray[np.int64]]:
    return [np.array(each, np.int64) for each in ends]


def inside(size: int, ends: list[list[int]]) -> list[set[int]]:
    return [set(each) - {0, size} for each in ends]


def naive_differences(size: int, ends: list[list[int]]) -> list[Difference]:
    sets = inside(size, ends)
    common = sorted({0, size} | set.intersection(*sets))
    differing = set.union(*sets) - set(common)
    return [
        Difference(low, high)
        for low, high in pairwise(common)
        if any(low < offset < high for offset in differing)
    ]


@settings(deadline=None)
@given(cut_texts(), st.integers(1, 80), st.integers(1, 9))
def test_a_comparison_counts_what_sets_count(text: Cut, buckets: int, step: int) -> None:
    size, ends = text
    sets = inside(size, ends)
    comparing = Comparing(size, [boundary_source(each) for each in arrays(ends)], buckets)
    while not comparing.advance(step):
        assert 0 < comparing.position < size
    found = comparing.result()
    assert comparing.position == size
    common = set.intersection(*sets)
    differing = set.union(*sets) - common
    counts = found.counts
    assert (counts.common, counts.differing) == (len(common), len(differing))
    for first, one in enumerate(sets):
        for second, other in enumerate(sets):
            agreement = counts.agreement(first, second)
            assert agreement.shared == len(one & other)
            assert (agreement.only_first, agreement.only_second) == (len(one - other), len(other - one))
            expected = len(one & other) / len(one | other) if one | other else 1.0
            assert agreement.share == pytest.approx(expected)
    edges = [size * number // buckets for number in range(buckets + 1)]
    for number, (low, high) in enumerate(pairwise(edges)):
        assert found.density[number] == sum(low <= offset < high for offset in differing)


@settings(deadline=None)
@given(cut_texts(), st.integers(0, 60), st.integers(0, 60))
def test_masks_say_who_cuts_where(text: Cut, one: int, other: int) -> None:
    size, ends = text
    start, stop = sorted((min(one, size), min(other, size)))
    at, masks = boundaries([boundary_source(each) for each in arrays(ends)], start, stop)
    expected = {
        offset: sum(1 << number for number, each in enumerate(ends) if offset in each)
        for offset in range(start, stop)
        if any(offset in each for each in ends)
    }
    assert dict(zip(at.tolist(), masks.tolist(), strict=True)) == expected


@settings(deadline=None)
@given(cut_texts(), st.integers(0, 60), st.integers(0, 90))
def test_differences_are_found_from_anywhere(text: Cut, offset: int, parts: int) -> None:
    size, ends = text
    offset = min(offset, size)
    all_of_them = naive_differences(size, ends)
    density = compare(size, arrays(ends), parts).density if parts else None
    finder = Differences(size, [boundary_source(each) for each in arrays(ends)], density)
    later = [found for found in all_of_them if found.start >= offset]
    earlier = [found for found in all_of_them if found.stop <= offset]
    assert finder.following(offset) == (later[0] if later else None)
    assert finder.preceding(offset) == (earlier[-1] if earlier else None)


def test_a_difference_may_lie_many_blocks_away() -> None:
    size = 3_000_000
    one = np.array([1, 2_500_000, 2_500_010, size], np.int64)
    other = np.array([1, 2_500_000, 2_500_004, 2_500_010, size], np.int64)
    finder = Differences(size, [boundary_source(one), boundary_source(other)])
    found = Difference(2_500_000, 2_500_010)
    assert finder.following(0) == finder.preceding(size) == found
    assert finder.following(2_500_001) is None and finder.preceding(2_500_009) is None


def test_blocks_meet_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    ends = [np.unique(np.append(rng.integers(1, 5000, 900), 5000)) for _ in range(3)]
    whole = compare(5000, ends, buckets=7)
    monkeypatch.setattr(comparison, "_BLOCK", 13)
    monkeypatch.setattr(differences, "_FIRST_BLOCK", 3)
    parted = compare(5000, ends, buckets=7)
    assert np.array_equal(whole.counts.shared, parted.counts.shared)
    assert np.array_equal(whole.density, parted.density)
    both = whole.counts + parted.counts
    assert (both.common, both.differing) == (2 * parted.counts.common, 2 * parted.counts.differing)
    assert both.agreement(0, 2).share == pytest.approx(whole.counts.agreement(0, 2).share)
    finder = Differences(5000, [boundary_source(each) for each in ends])
    walked = []
    place = finder.following(0)
    while place:
        walked.append(place)
        place = finder.following(place.stop)
    assert walked == naive_differences(5000, [each.tolist() for each in ends])


@pytest.mark.parametrize("size", [0, 1])
def test_texts_without_an_inside_agree(size: int) -> None:
    found = compare(size, [np.full(size, size, np.int64)] * 2).counts
    assert (found.common, found.differing, found.common_share) == (0, 0, 1.0)
    assert found.agreement(0, 1).share == 1.0
    finder = Differences(size, [boundary_source(np.full(size, size, np.int64))] * 2)
    assert finder.following(0) is None and finder.preceding(size) is None
