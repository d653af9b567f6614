"""Fit in a window: three limits, and a verdict that honours an estimate's range."""

import pytest
from msgspec.structs import replace

from tokviz.analysis.budget import Limit, default_reserve, fit
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count, Provenance

CATALOG = Catalog(Assets())


def model_with(
    context_window: int | None, max_input: int | None = None, max_output: int | None = None
) -> LanguageModel:
    limits = {"context_window": context_window, "max_input": max_input, "max_output": max_output}
    return replace(CATALOG.models[0], **limits)


def estimate(low: int, likely: int, high: int) -> Count:
    return Count(likely, Provenance.ESTIMATE, low, high)


def test_usable_is_the_smaller_of_input_limit_and_what_the_reserve_leaves() -> None:
    gpt5 = CATALOG.get("gpt-5")
    assert fit(Count.certain(0), gpt5, 4_096).usable == 272_000
    assert fit(Count.certain(0), gpt5, 128_000).usable == 272_000
    assert fit(Count.certain(0), gpt5, 200_000).usable == 200_000


def test_used_left_and_share_are_exact() -> None:
    gpt4o = CATALOG.get("gpt-4o")
    fitted = fit(Count.certain(32_000), gpt4o, 1_000)
    assert (fitted.used, fitted.reserve, fitted.usable, fitted.left) == (32_000, 1_000, 127_000, 95_000)
    assert fitted.share == 0.25
    assert fitted.fits is True


def test_over_by_one_does_not_fit() -> None:
    gpt4o = CATALOG.get("gpt-4o")
    assert fit(Count.certain(127_000), gpt4o, 1_000).fits is True
    over = fit(Count.certain(127_001), gpt4o, 1_000)
    assert over.fits is False
    assert over.left == -1


@pytest.mark.parametrize(
    ("count", "fits"),
    [
        (estimate(800, 900, 1_000), True),
        (estimate(800, 900, 1_001), None),
        (estimate(900, 1_100, 1_300), None),
        (estimate(1_000, 1_100, 1_300), None),
        (estimate(1_001, 1_100, 1_300), False),
    ],
)
def test_the_verdict_honours_the_range(count: Count, fits: bool | None) -> None:
    fitted = fit(count, model_with(1_200), 200)
    assert fitted.fits is fits


def test_unknown_stays_unknown() -> None:
    fitted = fit(Count.certain(10), model_with(None))
    assert (fitted.usable, fitted.left) == (None, None)
    assert (fitted.share, fitted.fits) == (None, None)
    only_input = fit(Count.certain(10), model_with(None, max_input=100))
    assert (only_input.usable, only_input.left, only_input.fits) == (100, 90, True)
    assert only_input.share is None


def test_a_reserve_larger_than_the_window_leaves_nothing() -> None:
    fitted = fit(Count.certain(5), model_with(1_000), 2_000)
    assert (fitted.usable, fitted.left, fitted.fits) == (0, -5, False)


@pytest.mark.parametrize(
    ("model_id", "reserve"), [("gpt-4o", 4_096), ("claude-opus-5.5", 4_096), ("gpt-4", 2_048), ("gpt-3", 512)]
)
def test_the_default_reserve_leaves_small_windows_usable(model_id: str, reserve: int) -> None:
    assert default_reserve(CATALOG.get(model_id)) == reserve


def test_the_default_reserve_is_no_more_than_an_answer_can_be() -> None:
    assert default_reserve(model_with(1_000_000, max_output=1_000)) == 1_000
    assert default_reserve(model_with(None)) == 4_096


@pytest.mark.parametrize(
    ("tokens", "limit", "left", "over", "answer"),
    [
        (800, Limit.RESERVE, 0, 0, 200),
        (801, Limit.RESERVE, -1, 0, 199),
        (900, Limit.RESERVE, -100, 0, 100),
        (901, Limit.INPUT, -101, 1, 0),
        (1_100, Limit.INPUT, -300, 200, 0),
    ],
)
def test_left_counts_the_reserve_and_over_does_not(
    tokens: int, limit: Limit, left: int, over: int, answer: int
) -> None:
    fitted = fit(Count.certain(tokens), model_with(1_000, 900), 200)
    assert (fitted.limit, fitted.left, fitted.over, fitted.answer_room) == (limit, left, over, answer)


@pytest.mark.parametrize(
    ("window", "max_input", "reserve", "tokens", "limit"),
    [
        (1_000, 600, 200, 10, Limit.INPUT),
        (1_000, 800, 200, 10, Limit.INPUT),
        (1_000, 1_000, 200, 10, Limit.RESERVE),
        (1_000, 1_000, 200, 1_001, Limit.WINDOW),
        (1_000, 2_000, 200, 1_001, Limit.WINDOW),
        (1_000, None, 200, 1_001, Limit.WINDOW),
        (1_000, None, 0, 10, Limit.WINDOW),
        (1_000, 1_000, 0, 10, Limit.WINDOW),
        (None, 500, 0, 10, Limit.INPUT),
        (None, None, 0, 10, None),
    ],
)
def test_the_limit_that_binds_is_named(
    window: int | None, max_input: int | None, reserve: int, tokens: int, limit: Limit | None
) -> None:
    assert fit(Count.certain(tokens), model_with(window, max_input), reserve).limit is limit


@pytest.mark.parametrize(("max_input", "room"), [(None, None), (1000, 500)])
def test_the_answer_room_where_the_window_is_unknown(max_input: int | None, room: int | None) -> None:
    assert fit(Count.certain(100), model_with(None, max_input), 500).answer_room == room
