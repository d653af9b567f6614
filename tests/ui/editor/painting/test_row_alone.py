"""A row that is painted alone, after a key or for the caret, looks as it does among all others."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest

from tests.ui.conftest import OpenView
from tests.ui.token_source import FixedTokens
from tests.ui.tokens.test_tokenizing_machine import Queue
from tokviz.text.change import Phase
from tokviz.ui.editor.painting.token_colors import bytes_per_token_heat
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.tokenizing import Tokenizing

TEXT = "a first line\nsome words, and\tmore: words = in_a(line)\n\na last line " + "that wraps " * 12


def alone(view: TokenView, row: int) -> QImage:
    """The picture of one row, painted alone."""
    area = QRect(0, row * view.row_height, view.viewport().width(), view.row_height)
    image = QImage(area.size(), QImage.Format.Format_RGB32)
    view.viewport().render(image, QPoint(0, 0), QRegion(area))
    return image


def among(view: TokenView, row: int) -> QImage:
    """The same, painted with everything."""
    whole = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    area = QRect(0, row * view.row_height, view.viewport().width(), view.row_height)
    return whole.copy(area)


@pytest.mark.parametrize("offset", [13, 18, 27, 30, 52, 53, 67, 130])
@pytest.mark.parametrize("keys", ["x", "x y", " ", "(", "xyz\b", "\b\b"])
@pytest.mark.parametrize(
    "options", [{}, {"boundaries": False}, {"heat_map": bytes_per_token_heat}, {"colors": False}]
)
def test_what_is_typed(open_view: OpenView, offset: int, keys: str, options: dict[str, Any]) -> None:
    tokens = FixedTokens.every(4, len(TEXT))
    view = open_view(TEXT, tokens=tokens)
    view.set_options(replace(view.options, **options))
    view.buffer.follow(Phase.DERIVED, tokens.edited)
    view.select(offset, offset)
    for row in range(3):
        assert alone(view, row) == among(view, row)
    for key in keys:
        if key == "\b":
            QTest.keyClick(view, Qt.Key.Key_Backspace)
        else:
            QTest.keyClicks(view, key)
        box = view.caret_rectangle()
        assert box is not None
        row = int(box.top()) // view.row_height
        assert alone(view, row) == among(view, row)
        assert alone(view, row) == among(view, row), "painted once more, as when the caret blinks"
    assert alone(view, 0) == among(view, 0)


def test_what_is_typed_at_a_lines_beginning_belongs_to_the_break_before(open_view: OpenView) -> None:
    view, worker = open_view("foo\nbar baz\nqux"), Queue()
    view._blinking.stop()
    tokenizing = Tokenizing(view.buffer, worker)
    tokenizing.map_changed.connect(lambda _: view.set_token_map(tokenizing))
    tokenizing.tokens_changed.connect(view.tokens_changed)
    tokenizing.choose("o200k_base")
    while worker.jobs:
        worker.answer(0)
    view.select(4, 4)
    assert alone(view, 1) == among(view, 1)
    QTest.keyClicks(view, "x")
    assert alone(view, 1) == among(view, 1)
    tokenizing.close()


def test_tokens_that_arrive_are_seen(open_view: OpenView) -> None:
    tokens = FixedTokens.every(4, len(TEXT))
    view = open_view(TEXT, tokens=tokens)
    view.buffer.follow(Phase.DERIVED, tokens.edited)
    view.select(18, 18)
    QTest.keyClicks(view, "x")
    before = alone(view, 1)
    others = FixedTokens.every(3, len(view.buffer))
    view.set_token_map(others)
    view.buffer.follow(Phase.DERIVED, others.edited)
    assert alone(view, 1) != before
    assert alone(view, 1) == among(view, 1)
    QTest.keyClicks(view, "y")
    view.set_special_tokens([104, 105, 106, 107])
    assert alone(view, 1) == among(view, 1)
