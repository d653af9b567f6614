"""Windows, splitters and headers come back as they were; what is damaged changes nothing."""

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication, QStandardItemModel
from PySide6.QtWidgets import QSplitter, QTableView, QWidget
from pytestqt.qtbot import QtBot

import tokviz.ui
from tokviz.ui.common import placement
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings

KEY = "a/key"
NUMBERS = st.lists(st.one_of(st.integers(), st.integers(-3000, 3000), st.integers(0, 5)), max_size=14)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def header(qtbot: QtBot) -> QTableView:
    table = QTableView()
    table.setModel(QStandardItemModel(2, 4, table))
    table.horizontalHeader().setSectionsMovable(True)
    qtbot.addWidget(table)
    return table


def _room() -> QRect:
    return QGuiApplication.primaryScreen().availableGeometry()


def test_a_window_comes_back(qtbot: QtBot, settings: Settings) -> None:
    first, second = QWidget(), QWidget()
    qtbot.addWidget(first)
    qtbot.addWidget(second)
    first.resize(500, 400)
    first.move(30, 40)
    placement.remember_window(first, settings, KEY)
    placement.restore_window(second, settings, KEY, QSize(100, 100))
    assert (second.pos(), second.size()) == (first.pos(), first.size())


def test_a_maximized_window_comes_back_maximized(qtbot: QtBot, settings: Settings) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    settings.set(KEY, [30, 40, 500, 400, 1])
    placement.restore_window(window, settings, KEY, QSize(100, 100))
    assert window.windowState() & Qt.WindowState.WindowMaximized


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(NUMBERS)
def test_a_window_is_always_inside_the_screen(qtbot: QtBot, settings: Settings, numbers: list[int]) -> None:
    window = QWidget()
    settings.set(KEY, numbers)
    placement.restore_window(window, settings, KEY, QSize(100, 100))
    assert _room().contains(QRect(window.pos(), window.size()))
    window.deleteLater()


def test_a_splitter_comes_back(qtbot: QtBot, settings: Settings) -> None:
    splitters = [QSplitter(), QSplitter()]
    for splitter in splitters:
        qtbot.addWidget(splitter)
        splitter.resize(600, 100)
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
    splitters[0].setSizes([450, 150 - splitters[0].handleWidth()])
    placement.remember_splitter(splitters[0], settings, KEY)
    placement.restore_splitter(splitters[1], settings, KEY)
    assert splitters[1].sizes() == splitters[0].sizes()


def test_a_splitter_in_which_nothing_was_moved_keeps_nothing(qtbot: QtBot, settings: Settings) -> None:
    def window() -> QSplitter:
        splitter = QSplitter()
        qtbot.addWidget(splitter)
        for _ in range(2):
            splitter.addWidget(QWidget())
        splitter.resize(600, 100)
        splitter.setSizes([300, 300])
        placement.keep_splitter(splitter, settings, KEY)
        splitter.show()
        return splitter

    here, there = window(), window()
    there.resize(700, 100)
    assert settings.numbers(KEY, 0, 1000) == []
    here.moveSplitter(450, 1)
    assert settings.numbers(KEY, 0, 1000) == here.sizes()
    there.close()
    assert window().sizes() == here.sizes()
    first = here.widget(0)
    assert first is not None
    first.hide()
    here.setSizes([0, 600])
    assert window().sizes() == settings.numbers(KEY, 0, 1000)


def test_a_header_comes_back(header: QTableView, qtbot: QtBot, settings: Settings) -> None:
    first = header.horizontalHeader()
    first.moveSection(0, 2)
    first.resizeSection(1, 77)
    first.setSectionHidden(3, True)
    first.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
    placement.remember_header(first, settings, KEY)
    table = QTableView()
    table.setModel(QStandardItemModel(2, 4, table))
    qtbot.addWidget(table)
    second = table.horizontalHeader()
    placement.restore_header(second, settings, KEY)
    for column in range(4):
        assert second.visualIndex(column) == first.visualIndex(column)
        assert second.isSectionHidden(column) == first.isSectionHidden(column)
    assert second.sectionSize(1) == 77
    assert (second.sortIndicatorSection(), second.sortIndicatorOrder()) == (1, Qt.SortOrder.DescendingOrder)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(NUMBERS)
def test_a_damaged_header_stays_whole(header: QTableView, settings: Settings, numbers: list[int]) -> None:
    settings.set(KEY, numbers)
    placement.restore_header(header.horizontalHeader(), settings, KEY)
    assert header.horizontalHeader().hiddenSectionCount() < 4
    assert sorted(header.horizontalHeader().visualIndex(column) for column in range(4)) == [0, 1, 2, 3]


def test_a_second_window_does_not_cover_the_first_one_nor_leaves_the_screen(qtbot: QtBot) -> None:
    window, room = QWidget(), _room()
    qtbot.addWidget(window)
    window.setGeometry(room.x() + 10, room.y() + 10, 300, 200)
    placement.step_aside(window)
    assert (window.x(), window.y()) == (room.x() + 42, room.y() + 42)
    window.setGeometry(room.right() - 310, room.bottom() - 250, 300, 200)
    for _ in range(5):
        placement.step_aside(window)
    assert room.contains(QRect(window.pos(), window.size()))


def test_a_dialog_is_no_larger_than_its_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    resize_within(window, room.width() * 2, 100)
    assert (window.width() < room.width(), window.height()) == (True, 100)
    resize_within(window, 100, room.height())
    assert window.height() < room.height(), "its title needs room"


def test_no_dialog_gives_itself_a_size_that_a_screen_may_not_have() -> None:
    found = []
    for file in Path(tokviz.ui.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("self.resize", "dialog.resize"):
                bounded = "min(" in ast.unparse(node)
                found += [] if bounded else [f"{file.name}:{node.lineno}"]
    assert found == []
