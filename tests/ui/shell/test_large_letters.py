"""Larger letters, set while everything is open: nothing is cut, and all is as before when they go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from tests.ui.shell.test_keyboard_walk import PAGES
from tokviz.composition import Application
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.delegate import PADDING
from tokviz.ui.codebase.plan_row import PlanRow
from tokviz.ui.codebase.tree_metrics import Column
from tokviz.ui.codebase.tree_view import TreeView
from tokviz.ui.common.settings import LETTERS
from tokviz.ui.compare.pane import Pane
from tokviz.ui.conversation.message_list import MessageList
from tokviz.ui.conversation.requests_chart import RequestsChart
from tokviz.ui.conversation.window_stack import WindowStack

LARGER = 5


@pytest.fixture
def opened(application: Application, qtbot: QtBot, tmp_path: Path) -> Iterator[Application]:
    """Every page with something in it."""
    for name, show in PAGES.items():
        (tmp_path / name).mkdir()
        show(application, qtbot, tmp_path / name)
    (stack,) = application.conversation.findChildren(WindowStack)
    qtbot.waitUntil(lambda: bool(stack._segments()), timeout=60_000)
    yield application
    application.settings.set(LETTERS, 0)


def sizes(application: Application) -> list[int]:
    """The heights of rows, and the widths of columns that do not stretch."""
    tables = application.window.findChildren(QTableView)
    (tree,) = application.codebase.findChildren(TreeView)
    rows = [table.verticalHeader().defaultSectionSize() for table in tables]
    return [*rows, *(tree.columnWidth(column) for column in list(Column)[1:])]


def test_rows_columns_and_bars_grow_with_the_letters_and_shrink_again(opened: Application) -> None:
    before = sizes(opened)
    opened.settings.set(LETTERS, LARGER)
    QApplication.processEvents()
    line = QFontMetrics(QApplication.font()).height()
    tables = opened.window.findChildren(QTableView)
    assert [one.accessibleName() for one in tables if one.verticalHeader().defaultSectionSize() < line] == []
    assert_the_tree_shows_its_figures(opened)
    (plan,) = opened.codebase.findChildren(PlanRow)
    assert plan.height() >= max(button.sizeHint().height() for button in plan.findChildren(QPushButton))
    assert_the_conversation_has_room(opened)
    for pane in opened.compare.findChildren(Pane):
        assert pane._figures.geometry().right() < pane.width()
    opened.settings.set(LETTERS, 0)
    assert all(abs(one - other) <= 1 for one, other in zip(sizes(opened), before, strict=True))


def assert_the_tree_shows_its_figures(application: Application) -> None:
    (tree,) = application.codebase.findChildren(TreeView)
    metrics, top = tree.fontMetrics(), tree.model().index(0, 0)
    for row in (top, tree.model().index(0, 0, top)):
        for column in (Column.TOKENS, Column.FOLDER, Column.WINDOW, Column.BYTES):
            text = str(row.siblingAtColumn(column).data())
            assert metrics.horizontalAdvance(text) + 2 * PADDING <= tree.columnWidth(column), text
    megabytes = metrics.horizontalAdvance(size(8_880_000))  # wider than kilobytes, as folders have them
    assert megabytes + 2 * PADDING <= tree.columnWidth(Column.BYTES)
    assert tree.columnWidth(Column.NAME) > 100


def assert_the_conversation_has_room(application: Application) -> None:
    page = application.conversation
    (messages,) = page.findChildren(MessageList)
    assert messages.columnWidth(1) >= messages._room_for_tokens()
    (chart,) = page.findChildren(RequestsChart)
    assert chart._area().rect.left() > chart.fontMetrics().horizontalAdvance("200k")
    (stack,) = page.findChildren(WindowStack)
    assert stack.part_box(0).height() >= 2 * stack.fontMetrics().height() * 0.8
