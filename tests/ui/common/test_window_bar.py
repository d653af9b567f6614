"""The window bar's marks lie where the numbers say, and each is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tokviz.analysis.budget import Fit
from tokviz.assets import Assets
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.common.window_bar import HEIGHT, bar_parts, marks_of, paint_window_bar
from tokviz.ui.common.window_bar_legend import WindowBarLegend

WIDTH, MARGIN = 200, 10


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    return Themes(Assets()).load(request.param)


def fit(
    tokens: int, window: int | None = 100_000, reserve: int = 0, max_input: int | None = None, low: int = -1
) -> Fit:
    """``low``: an estimate from there to as much above."""
    if low < 0:
        return Fit(Count.certain(tokens), window, reserve, max_input)
    return Fit(Count(tokens, Provenance.ESTIMATE, low, 2 * tokens - low), window, reserve, max_input)


def painted(value: Fit | None, theme: Theme, mirrored: bool = False) -> QImage:
    image = QImage(WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN, QImage.Format.Format_RGB32)
    image.fill(theme.surface)
    painter = QPainter(image)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    paint_window_bar(painter, QRectF(MARGIN, MARGIN, WIDTH, HEIGHT), value, theme)
    painter.end()
    return image


def color(image: QImage, x: float, y: int = HEIGHT // 2) -> QColor:
    return image.pixelColor(MARGIN + int(x), MARGIN + y)


def test_each_part_is_told_where_it_is_painted(theme: Theme) -> None:
    bar = QRectF(MARGIN, MARGIN, WIDTH, HEIGHT)

    def told(value: Fit | None, mirrored: bool = False) -> list[tuple[str, int, int]]:
        found = bar_parts(value, bar, mirrored)
        assert all((box.top(), box.height()) == (MARGIN, HEIGHT) for _words, box in found)
        return [(words, round(box.left()) - MARGIN, round(box.right()) - MARGIN) for words, box in found]

    half = fit(50_000, reserve=10_000)
    used, left = "50,000 tokens, 50.0 % of the window", "40,000 left"
    assert told(half) == [(used, 0, 100), ("reserve 10,000", 101, 121), (left, 121, 200)]
    assert told(half, mirrored=True) == [(used, 100, 200), ("reserve 10,000", 79, 99), (left, 0, 79)]
    assert told(fit(200_000)) == [
        ("200,000 tokens, 200 % of the window", 0, 100),
        ("over by 100,000", 100, 200),
    ]
    (estimated, low, high), *_rest = told(fit(50_000, low=40_000))
    assert (estimated, low, high) == ("~50,000 tokens, ~50.0 % of the window", 0, 120)
    assert told(None) == told(fit(5, window=None)) == []


def test_little_is_a_mark_and_nothing_is_none(theme: Theme) -> None:
    image = painted(fit(50), theme)
    assert [color(image, x) == theme.accent for x in range(4)] == [True, True, True, False]
    assert color(painted(fit(0), theme), 0) == theme.track


def test_the_reserve_follows_after_a_gap_and_ends_in_an_edge(theme: Theme) -> None:
    image = painted(fit(50_000, reserve=10_000), theme)
    assert color(image, 99) == theme.accent
    assert color(image, 100) == theme.track
    assert color(image, 105) == theme.reserve
    assert color(image, 120) == theme.accent
    assert color(image, 122) == theme.track


def test_beyond_the_largest_input_the_bar_is_hollow_behind_a_tick(theme: Theme) -> None:
    image = painted(fit(20_000, max_input=50_000), theme)
    assert color(image, 80) == theme.track
    assert color(image, 150) == theme.surface
    assert color(image, 150, 0) == theme.border
    assert color(image, 100, -3).lightness() != theme.surface.lightness()
    assert color(image, 100, -4) == theme.surface


def test_over_the_input_inside_the_window(theme: Theme) -> None:
    image = painted(fit(75_000, max_input=50_000), theme)
    assert color(image, 50) == theme.error_mid
    assert color(image, 125) == theme.error
    assert color(image, 175) == theme.surface


def test_past_the_window_the_bar_is_the_text(theme: Theme) -> None:
    little, far = painted(fit(125_000), theme), painted(fit(5_000_000), theme)
    assert color(little, 150) == theme.error_mid
    assert color(little, 175) == theme.error
    assert color(far, 10) == theme.error
    assert color(far, 1) == theme.error_mid, "the tick stays three pixels from the start"
    for image in (little, far):
        assert color(image, WIDTH - 1, 0) == theme.surface, "the end is a point"


def test_the_windows_end_is_a_gap_in_the_red(theme: Theme) -> None:
    marks = marks_of(fit(200_000, max_input=50_000), WIDTH)
    assert marks is not None
    assert (marks.tick, marks.gap) == (50, 100)


def test_an_estimate_is_striped_from_its_low_end_to_its_high_end(theme: Theme) -> None:
    image = painted(fit(50_000, low=40_000), theme)
    assert color(image, 79) == theme.accent
    stripes = {color(image, x).name() for x in range(80, 120)}
    assert {theme.accent.name(), theme.track.name()} <= stripes
    assert color(image, 121) == theme.track
    narrow = marks_of(fit(50_000, low=49_500), WIDTH)
    assert narrow is not None
    assert narrow.striped is None


@pytest.mark.parametrize("value", [None, fit(10, window=None)])
def test_what_is_unknown_is_hatched(value: Fit | None, theme: Theme) -> None:
    colors = {color(painted(value, theme), x).name() for x in range(5, WIDTH - 5)}
    assert theme.track.name() not in colors
    assert len(colors) > 1


def test_right_to_left_it_starts_at_the_right(theme: Theme) -> None:
    image = painted(fit(25_000), theme, mirrored=True)
    assert color(image, WIDTH - 20) == theme.accent
    assert color(image, 20) == theme.track


tokens = st.integers(0, 10**8)


@given(tokens, tokens, tokens, st.none() | tokens, st.none() | tokens, st.sampled_from([40, 64, 128.5, 600]))
def test_marks_never_leave_the_bar(
    one: int, two: int, reserve: int, window: int | None, max_input: int | None, width: float
) -> None:
    low, high = sorted((one, two))
    value = Fit(Count((low + high) // 2, Provenance.ESTIMATE, low, high), window, reserve, max_input)
    marks = marks_of(value, width)
    if marks is None:
        assert not (window or max_input)
        return
    ends = [marks.solid, *(marks.striped or ()), *(marks.reserve or ()), *(marks.red or ())]
    ends += [end for end in (marks.tick, marks.hollow, marks.gap) if end is not None]
    assert all(0 <= end <= width + 1e-6 for end in ends)
    assert value.used == 0 or marks.solid > 0 or marks.striped
    assert bool(marks.red) == bool(value.over)


def test_the_legend_leaves_out_what_has_no_room(theme: Theme, qtbot: QtBot) -> None:
    legend = WindowBarLegend(theme)
    qtbot.addWidget(legend)
    legend.resize(700, 30)
    wide = legend.grab().toImage()
    legend.resize(120, 30)
    assert legend.grab().toImage().width() < wide.width()
    found = {wide.pixelColor(x, 15).name() for x in range(wide.width())}
    assert {theme.accent.name(), theme.reserve.name(), theme.error.name()} <= found
    assert "max input" in legend.toolTip()
