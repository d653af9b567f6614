"""What is drawn: tokens where they are, and after any change the same picture as drawn anew."""

import random
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tests.ui.token_source import FixedTokens
from tokviz.assets import Assets
from tokviz.text.change import Change, Phase
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.editor.input.editor import Move
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.painting.token_colors import UNKNOWN, bytes_per_token_heat
from tokviz.ui.editor.token_view import TokenView

FAMILY = "👩‍👩‍👧‍👦"
TEXT = (
    "Plain words, and\tmore of them that wrap at the end of a row, as words do in a narrow view.\n"
    "naïve 漢字 العربية 123 abc שלום\r\n"
    f"emoji {FAMILY} e\u0301 zero\u200bwidth\n\n"
    "कृत्रिम ไทย தமிழ் \u00a0\u3000 end"
)


def picture(view: TokenView) -> QImage:
    return view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def on_screen(view: TokenView) -> QImage:
    """What the screen shows, drawn step by step as things changed."""
    for _ in range(3):
        QApplication.processEvents()
    corner = view.viewport().mapTo(view.window(), QPoint(0, 0))
    size = view.viewport().size()
    shot = view.screen().grabWindow(view.winId(), corner.x(), corner.y(), size.width(), size.height())
    return shot.toImage().convertToFormat(QImage.Format.Format_RGB32)


def colors_in(image: QImage, x: int, y: int, width: int, height: int) -> set[str]:
    return {
        image.pixelColor(column, row).name()
        for column in range(max(0, x), min(image.width(), x + width))
        for row in range(max(0, y), min(image.height(), y + height))
    }


def box_of(view: TokenView, offset: int) -> tuple[int, int, int, int]:
    """(x, y, width, height) between the caret at ``offset`` and one to the right, in the row's body."""
    before = view.state.caret
    view.editor.place(Caret(offset))
    first = view.caret_rectangle()
    view.editor.move(Move.RIGHT)
    second = view.caret_rectangle()
    view.editor.place(before)
    assert first is not None and second is not None
    left, right = sorted((int(first.center().x()), int(second.center().x())))
    return left, int(first.top()) + 1, max(1, right - left), view.row_height - 8


def names(theme: Theme) -> list[str]:
    return [color.name() for color in theme.token_colors]


# -- token colours -----------------------------------------------------------------------------------------


def test_neighbours_differ_and_colours_go_by_index(open_view: OpenView, theme: Theme) -> None:
    view = open_view("abcdefghijkl", tokens=FixedTokens.every(3, 12))
    image = picture(view)
    for number in range(4):
        x, y, width, _ = box_of(view, number * 3 + 1)
        assert names(theme)[number] in colors_in(image, x, y, width, 3)
    view.set_token_map(FixedTokens([3, 6, 9, 12], first_index=5))
    x, y, width, _ = box_of(view, 1)
    assert names(theme)[5] in colors_in(picture(view), x, y, width, 3)


def test_unknown_tokens_have_no_colour_and_stale_ones_are_dim(open_view: OpenView, theme: Theme) -> None:
    view = open_view("abcdef", tokens=FixedTokens([3, 6], stale=[1]))
    image = picture(view)
    assert names(theme)[0] in colors_in(image, *box_of(view, 1))
    dim = colors_in(image, *box_of(view, 4))
    assert names(theme)[1] not in dim
    assert theme.surface.name() not in colors_in(image, *box_of(view, 4)[:2], 4, 3)
    source = FixedTokens([3, 6])
    source._ids[1] = UNKNOWN
    view.set_token_map(source)
    left, top, _, _ = box_of(view, 4)
    assert colors_in(picture(view), left, top, 3, 2) == {theme.surface.name()}
    view.set_token_map(None)
    assert not set(names(theme)) & colors_in(picture(view), *box_of(view, 1))


@pytest.mark.parametrize("text", ["ab cd ef", "éé èè ùù", "שלום עולם", "漢字漢字"])
def test_colours_off_shows_boundaries_as_lines(open_view: OpenView, theme: Theme, text: str) -> None:
    size = len(text.encode())
    first = len(text[:3].encode())
    view = open_view(text, tokens=FixedTokens([first, size]))
    view.set_options(replace(view.options, colors=False))
    image = picture(view)
    assert not set(names(theme)) & colors_in(image, 0, 0, image.width(), view.row_height)
    left, top, _, height = box_of(view, first)
    assert theme.muted.name() in colors_in(image, left - 2, top, 4, height)
    view.set_options(replace(view.options, boundaries=False))
    assert theme.muted.name() not in colors_in(picture(view), 0, 0, image.width(), view.row_height)


def test_special_tokens_are_drawn_as_such(open_view: OpenView, theme: Theme) -> None:
    view = open_view("abcdef", tokens=FixedTokens([3, 6]))
    plain = colors_in(picture(view), *box_of(view, 1))
    view.set_special_tokens([100])
    special = colors_in(picture(view), *box_of(view, 1))
    assert names(theme)[0] in plain and names(theme)[0] not in special


def test_a_token_without_text_is_marked(open_view: OpenView, theme: Theme) -> None:
    view = open_view("abcdef", tokens=FixedTokens([0, 3, 6, 6]))
    view.select(3, 3)
    image = picture(view)
    assert theme.violet.name() in colors_in(image, *box_of(view, 0)[:2], 3, 5)
    left, top, width, _ = box_of(view, 5)
    assert theme.violet.name() in colors_in(image, left + width - 2, top, 5, 5)


def test_heat_tells_what_wastes_tokens(open_view: OpenView, theme: Theme) -> None:
    text = "economical words " * 4 + "8f3a91" * 8
    ends = [*range(17, 69, 17), *range(69, 117)]
    view = open_view(text, tokens=FixedTokens(ends))
    view.set_options(replace(view.options, heat_map=bytes_per_token_heat))
    image = picture(view)
    cold, hot = (image.pixelColor(*box_of(view, offset)[:2]) for offset in (5, 100))
    toward = QColor(theme.error)
    assert abs(hot.hue() - toward.hue()) < 25
    assert cold.saturation() < hot.saturation()


# -- characters split over tokens --------------------------------------------------------------------------


def test_a_split_character_is_whole_with_its_parts_marked_at_the_foot(
    open_view: OpenView, theme: Theme
) -> None:
    view = open_view("x漢y", tokens=FixedTokens([1, 2, 4, 5]))
    view.set_zoom(10)
    image = picture(view)
    left, _, width, _ = box_of(view, 1)
    foot = view.row_height - 3
    third = width // 3
    first = colors_in(image, left + 2, foot, third - 4, 1)
    second = colors_in(image, left + third + 3, foot, third, 1)
    assert first == {names(theme)[1]}
    assert second == {names(theme)[2]}
    assert theme.muted.name() in colors_in(image, left + third - 2, foot, 5, 1)
    whole = open_view("x漢y")
    whole.set_zoom(10)
    assert box_of(whole, 1) == box_of(view, 1)


# -- whitespace --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sign", [" ", "\t", "\u00a0", "\u200b", "\u3000", "\n", "\r\n", "\r", "\u2003", "\u200e"]
)
def test_what_cannot_be_seen_is_shown_on_demand(open_view: OpenView, theme: Theme, sign: str) -> None:
    view = open_view(f"a{sign}b")
    without = picture(view)
    assert theme.muted.name() not in colors_in(without, 0, 0, 100, view.row_height)
    view.set_options(replace(view.options, whitespace=True))
    assert difference(without, picture(view))[: view.row_height].any()
    assert view.buffer.snapshot() == f"a{sign}b".encode()


def test_controls_and_separators_are_drawn_and_break_no_row(open_view: OpenView) -> None:
    view = open_view("a\x00b\x1bc\u2028d\u2029e\x85f\ufffcg\x7fh")
    assert len(view.text_viewport.visible()) == 1
    plain = open_view("abcdefgh")
    assert box_of(view, len(view.buffer) - 1)[0] > box_of(plain, 7)[0] + 40


# -- selection, marks, line numbers ------------------------------------------------------------------------


def test_the_selection_stands_out(open_view: OpenView) -> None:
    for text in ("abc def", "é漢ש def"):
        view = open_view(text, tokens=FixedTokens.every(2, len(text.encode())))
        before = picture(view)
        view.select(0, len(text.encode()) - 3)
        after = picture(view)
        left, top, width, height = box_of(view, len(text.encode()) - 2)
        assert colors_in(before, left + 3, top, width - 4, height) == colors_in(
            after, left + 3, top, width - 4, height
        )
        assert before.pixelColor(10, 2) != after.pixelColor(10, 2)


def test_line_numbers_are_drawn_at_the_beginning_of_lines(open_view: OpenView, theme: Theme) -> None:
    view = open_view("one " * 60 + "\ntwo\n" + "x\n" * 2000)
    left = box_of(view, 0)[0]
    view.set_options(replace(view.options, line_numbers=True))
    assert box_of(view, 0)[0] > left + 3 * view.text_viewport.layout.style.advance
    image = picture(view)
    gutter = box_of(view, 0)[0] - 12
    second_row = colors_in(image, 0, view.row_height, gutter, view.row_height)
    assert len(second_row) == 1  # the first line wraps: its second row has no number
    rows = [row for _, row in view.text_viewport.visible()]
    third = next(number for number, row in enumerate(rows) if row.start == 241)
    assert len(colors_in(image, 0, third * view.row_height, gutter, view.row_height)) > 1


@pytest.mark.parametrize("theme_name", ["light", "dark"])
def test_themes(open_view: OpenView, theme_name: str) -> None:
    view = open_view("abc", tokens=FixedTokens([3]))
    theme = Themes(Assets()).load(theme_name)
    view.set_theme(theme)
    image = picture(view)
    assert image.pixelColor(image.width() - 5, image.height() - 5) == theme.surface
    assert names(theme)[0] in colors_in(image, *box_of(view, 1))


# -- step by step ----------------------------------------------------------------------------------------


def difference(one: QImage, other: QImage) -> NDArray[np.bool_]:
    assert one.size() == other.size()
    pixels = [
        np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
        for image in (one, other)
    ]
    return np.asarray(pixels[0] != pixels[1])


def hover(view: TokenView, chance: random.Random) -> None:
    at = QPointF(chance.randrange(10, 400), chance.randrange(5, 200))
    nothing = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        at,
        view.viewport().mapToGlobal(at),
        nothing,
        nothing,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), event)


def change(view: TokenView, chance: random.Random) -> str:
    """Do something at random; what it was."""
    what = chance.choice(
        [
            "type",
            "type",
            "type",
            "return",
            "backspace",
            "delete",
            "move",
            "select",
            "scroll",
            "hover",
            "undo",
            "pin",
        ]
    )
    keys = {
        "return": Qt.Key.Key_Return,
        "backspace": Qt.Key.Key_Backspace,
        "delete": Qt.Key.Key_Delete,
        "move": chance.choice([Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Up]),
    }
    if what in keys:
        QTest.keyClick(view, keys[what])
    elif what == "type":
        view.editor.insert(chance.choice(["x", "é", "漢", "ש", " ", "\t"]).encode())
    elif what == "select":
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    elif what == "scroll":
        view.scroll_pixels(chance.randrange(-90, 90), 0)
    elif what == "hover":
        hover(view, chance)
    elif what == "undo":
        view.commands.run("undo")
    else:
        start = chance.randrange(len(view.buffer))
        view.set_pinned((start, start + 3))
    return what


@pytest.mark.parametrize("seed", range(6))
def test_step_by_step_the_picture_is_as_drawn_anew(open_view: OpenView, seed: int) -> None:
    chance = random.Random(seed)
    view = open_view(TEXT * 6, size=(420, 300))
    view.set_options(replace(view.options, whitespace=bool(seed % 2), line_numbers=seed % 3 == 0))
    tokens = FixedTokens.every(4, len(view.buffer))
    view.set_token_map(tokens)

    def follow(change: Change) -> None:
        tokens.edited(change)
        if seed > 3:  # the right tokens arrive at once
            view.set_token_map(FixedTokens.every(4, len(view.buffer)))

    view.buffer.follow(Phase.VIEW, follow)
    view._blinking.stop()
    done = []
    for _ in range(30):
        done.append(change(view, chance))
        view._blinking.stop()
        view._scrolling.settle()
        different = difference(on_screen(view), picture(view))
        assert not different.any(), (done, np.argwhere(different)[:3].tolist())


def test_every_row_moves_where_the_longest_becomes_shorter(open_view: OpenView) -> None:
    view = open_view("long line " * 40 + "\n" + "short line " * 30, tokens=FixedTokens.every(4, 731))
    view.set_options(replace(view.options, wrap=False))
    view._blinking.stop()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    on_screen(view)
    before = view.horizontalScrollBar().value()
    view.buffer.replace(380, 400, b"")
    view._scrolling.settle()
    assert 0 < view.horizontalScrollBar().value() < before
    assert not difference(on_screen(view), picture(view)).any()


class PaintedRows(QObject):
    """The (top, height) of every part of a viewport that is drawn."""

    def __init__(self, view: TokenView) -> None:
        super().__init__(view)
        self.seen: list[tuple[int, int]] = []
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.seen.append((event.rect().top(), event.rect().height()))
        return False


def test_a_key_draws_its_row_alone_and_what_counts_on_follows(open_view: OpenView, qtbot: QtBot) -> None:
    data = "some words\n" * 40
    view = open_view(data, tokens=FixedTokens.every(4, len(data)))
    view.select(60, 60)
    QApplication.processEvents()
    tokens = FixedTokens([*range(4, 57, 4), 57, *range(61, len(data), 4), len(data) + 1])
    painted = PaintedRows(view)

    def edited(_: Change) -> None:
        view.state.tokens.source = tokens
        view.tokens_changed(55, 67)  # what a map tells: the others only have other indices

    view.buffer.follow(Phase.VIEW, edited)
    QTest.keyClick(view, Qt.Key.Key_X)
    QApplication.sendPostedEvents()
    assert painted.seen == [(5 * view.row_height, view.row_height)]
    below = view.viewport().height() - 5 * view.row_height
    qtbot.waitUntil(lambda: painted.seen[-1] == (5 * view.row_height, below))
    assert not difference(on_screen(view), picture(view)).any()


def test_tokens_of_all_in_sight_are_drawn_at_once(open_view: OpenView) -> None:
    view = open_view("some words\n" * 40, tokens=FixedTokens.every(4, 440))
    QApplication.processEvents()
    painted = PaintedRows(view)
    view.set_token_map(FixedTokens.every(3, 440))
    QApplication.sendPostedEvents()
    assert painted.seen == [(0, view.viewport().height())]


def outlined(view: TokenView) -> bool:
    """Whether anything has an outline in the accent colour."""
    image = view.viewport().grab().toImage()
    accent = view.theme.accent.rgb()
    return any(image.pixel(x, y) == accent for x in range(image.width()) for y in range(3 * view.row_height))


def test_the_outline_of_a_pinned_token_moves_with_the_text(open_view: OpenView) -> None:
    text = "some words\nand more words\n"
    view = open_view(text, tokens=FixedTokens.every(5, len(text)))
    view.set_pinned((15, 20))
    for start, end, data in ((0, 0, b"xy"), (3, 4, b""), (25, 25, b"z"), (12, 16, b"new")):
        view.buffer.replace(start, end, data)
        assert outlined(view)
    assert view.state.decorations.pinned == (15, 20)
    view.buffer.replace(17, 17, b"x")
    assert not outlined(view)
