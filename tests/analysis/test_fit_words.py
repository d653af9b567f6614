"""The limit that binds, in words: one set for panel, tree, tooltips and command line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis import fit_words
from tokviz.analysis.budget import Fit, Standing
from tokviz.tokens import Count, Provenance

OVER = Standing.TOO_LONG


def exact(tokens: int, window: int | None = 400_000, reserve: int = 4_096, most: int | None = None) -> Fit:
    return Fit(Count.certain(tokens), window, reserve, most)


def estimate(low: int, likely: int, high: int, window: int = 1_200, reserve: int = 200) -> Fit:
    return Fit(Count(likely, Provenance.ESTIMATE, low, high), window, reserve)


@pytest.mark.parametrize(
    ("fit", "share", "room", "brief", "standing"),
    [
        (exact(168_000, most=272_000), "42.0 %", "104,000 left", "104k left", Standing.FITS),
        (exact(356_000, most=272_000), "89.0 %", "over input by 84,000", "over input by 84.0k", OVER),
        (exact(188_160, 128_000), "147 %", "over by 60,160", "over by 60.2k", OVER),
        (exact(401_244, 8_192), "4,898 %", "over by 393,052", "over by 393k", OVER),
        (exact(126_796, 128_000), "99.1 %", "answer cut to 1,204", "answer cut to 1.2k", Standing.ANSWER_CUT),
        (exact(128_000, 128_000), "100 %", "answer cut to 0", "answer cut to 0", Standing.ANSWER_CUT),
        (exact(128_001, 128_000), ">100 %", "over by 1", "over by 1", OVER),
        (exact(100, None), "unknown", "window unknown", "window unknown", Standing.UNKNOWN),
        (exact(100, None, most=70), "unknown", "over input by 30", "over input by 30", OVER),
        (estimate(500, 600, 700), "~50.0 %", "~400 left", "~400 left", Standing.FITS),
    ],
)  # fmt: skip
def test_the_words(fit: Fit, share: str, room: str, brief: str, standing: Standing) -> None:
    assert (fit_words.share(fit), fit_words.room(fit)) == (share, room)
    assert fit_words.room(fit, brief=True) == brief
    assert fit.standing is standing
    assert fit_words.doubt(fit) == ""


@pytest.mark.parametrize(
    ("fit", "words", "standing"),
    [
        (
            estimate(800, 900, 1_300),
            "~100 left; only the estimate's high end goes over",
            Standing.MAY_NOT_FIT,
        ),
        (
            estimate(800, 900, 1_100),
            "~100 left; only the estimate's high end cuts the answer",
            Standing.MAY_NOT_FIT,
        ),
        (
            estimate(900, 1_100, 1_150),
            "answer cut to ~100; the estimate's low end fits",
            Standing.ANSWER_CUT,
        ),
        (
            estimate(1_050, 1_100, 1_300),
            "answer cut to ~100; only the estimate's high end goes over",
            Standing.ANSWER_CUT,
        ),
        (estimate(900, 1_300, 1_400), "over by ~100; the estimate's low end fits", Standing.MAY_NOT_FIT),
        (
            estimate(1_100, 1_300, 1_400),
            "over by ~100; the estimate's low end can be sent",
            Standing.MAY_NOT_FIT,
        ),
        (estimate(1_201, 1_300, 1_400), "over by ~100", OVER),
    ],
)
def test_what_an_estimates_range_leaves_open_is_said(fit: Fit, words: str, standing: Standing) -> None:
    assert fit_words.room_and_doubt(fit) == words
    assert fit.standing is standing


def test_a_clause_names_model_and_limit() -> None:
    over = exact(356_000, most=272_000)
    assert (
        fit_words.against(over, "GPT-5")
        == "89.0 % of the window of GPT-5: it does not fit, over input by 84,000"
    )
    assert fit_words.against(exact(70, None, most=100), "M") == "for M: it fits, 30 left"
    assert fit_words.against(exact(70, None), "M") == "the window of M is unknown"


@given(
    st.lists(st.integers(0, 3_000), min_size=3, max_size=3).map(sorted),
    st.integers(1, 2_000),
    st.integers(0, 1_000),
    st.none() | st.integers(1, 2_500),
)
def test_words_and_standing_never_contradict_each_other(
    ends: list[int], window: int, reserve: int, most: int | None
) -> None:
    low, likely, high = ends
    fit = Fit(Count(likely, Provenance.ESTIMATE, low, high), window, reserve, most)
    words = fit_words.room_and_doubt(fit)
    assert (fit.standing is Standing.FITS) == (fit.fits is True) == words.endswith("left")
    assert fit.standing is not Standing.TOO_LONG or words.startswith("over")
    assert (fit.standing is Standing.ANSWER_CUT) == words.startswith("answer cut")
    assert fit.usable is not None and fit.sendable is not None
    nearest = fit.usable if likely <= fit.usable else fit.sendable
    assert ("high end" in words) == (likely <= nearest < high)
