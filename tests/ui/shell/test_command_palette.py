"""Every command of the menus is found by a few letters, and run."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QMenu, QTableView
from pytestqt.qtbot import QtBot

from tokviz.ui.common.page import Page
from tokviz.ui.common.table_header import PADDING
from tokviz.ui.shell.command_palette import CommandPalette, search
from tokviz.ui.shell.menu_entries import MenuEntry, all_entries, entries_of


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    file = made.menuBar().addMenu("&File")
    for text, keys in (("&Open…", "Ctrl+O"), ("Open &Folder…", ""), ("Save && Close", "")):
        file.addAction(QAction(text, made, shortcut=QKeySequence(keys)))
    file.addSeparator()
    view = made.menuBar().addMenu("&View")
    theme = view.addMenu("&Theme")
    for text in ("Light", "Dark"):
        theme.addAction(QAction(text, made, checkable=True, checked=text == "Dark"))
    view.addAction(QAction("Cannot be done", made, enabled=False))
    made.resize(800, 600)
    made.show()
    return made


class OtherPage(Page):
    """A page with one entry of its own, and one that it shares."""

    def __init__(self, own: QAction, shared: QAction) -> None:
        super().__init__()
        self._own = [own, shared]

    @property
    def title(self) -> str:
        return "Other"

    def actions_for(self, menu: str) -> list[QAction]:
        return self._own if menu == "file" else []


def titles(entries: Sequence[MenuEntry]) -> list[str]:
    return [entry.title for entry in entries]


def test_entries_are_what_the_menus_hold(window: QMainWindow) -> None:
    entries = entries_of(window.menuBar())
    assert titles(entries) == ["Open…", "Open Folder…", "Save & Close", "Light", "Dark", "Cannot be done"]
    assert [entry.place for entry in entries][::3] == ["File", "View ▸ Theme"]
    assert [entry.keys for entry in entries][:2] == ["Ctrl+O", ""]


def test_what_a_disabled_menu_holds_is_not_offered(window: QMainWindow) -> None:
    def offered() -> list[str]:
        return titles(search(entries_of(window.menuBar()), "dark"))

    assert offered() == ["Dark"]
    (theme,) = [entry for entry in window.findChildren(QMenu) if entry.title() == "&Theme"]
    theme.menuAction().setEnabled(False)
    assert offered() == []


def test_what_other_pages_have_is_there_too_and_nothing_twice(window: QMainWindow, qtbot: QtBot) -> None:
    shared = entries_of(window.menuBar())[0].action
    front, other = OtherPage(shared, shared), OtherPage(QAction("Scan", window), shared)
    for page in (front, other):
        qtbot.addWidget(page)
    entries = all_entries(window.menuBar(), [front, other], front)
    assert titles(entries) == [*titles(entries_of(window.menuBar())), "Scan"]
    assert entries[-1].page is other and entries[-1].place == "Other"
    assert {entry.page for entry in entries[:-1]} == {None}


def test_a_menu_that_is_filled_when_it_opens_is_filled(window: QMainWindow) -> None:
    recent = QMenu("Recent", window)

    def refill() -> None:
        recent.clear()
        recent.addAction("a.txt")

    recent.aboutToShow.connect(refill)
    (file,) = (entry.menu() for entry in window.menuBar().actions()[:1])
    assert isinstance(file, QMenu)
    file.addMenu(recent)
    window.menuBar().addMenu(recent)  # twice, as pages share a menu
    (entry,) = [entry for entry in entries_of(window.menuBar()) if entry.title == "a.txt"]
    assert entry.action.isEnabled()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("open", ["Open…", "Open Folder…"]),
        ("folder", ["Open Folder…"]),
        ("the da", ["Dark"]),
        ("file close", ["Save & Close"]),
        ("ark", ["Dark"]),
        ("cannot", []),
        ("xyz", []),
    ],
)
def test_words_find_titles_and_menus(window: QMainWindow, text: str, found: list[str]) -> None:
    assert titles(search(entries_of(window.menuBar()), text)) == found


def test_keys_in_the_field_move_the_list_and_run(window: QMainWindow) -> None:
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    field, table = palette.findChildren(QLineEdit)[0], palette.findChildren(QTableView)[0]
    QTest.keyClicks(field, "the")
    assert palette.titles == ["Light", "Dark"] and table.currentIndex().row() == 0
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1
    assert table.currentIndex().data() == "✓ Dark"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert palette.chosen and palette.chosen.title == "Dark" and not palette.isVisible()


def test_nothing_found_says_so_and_runs_nothing(window: QMainWindow) -> None:
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    field = palette.findChildren(QLineEdit)[0]
    QTest.keyClicks(field, "zzz")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert palette.chosen is None and palette.isVisible() and palette.titles == []
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert palette.isVisible() and palette.titles
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_a_click_chooses(window: QMainWindow) -> None:
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    table = palette.findChildren(QTableView)[0]
    place: QPoint = table.visualRect(table.model().index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert palette.chosen and palette.chosen.title == "Open Folder…"


def test_it_lies_inside_its_window(window: QMainWindow) -> None:
    window.resize(500, 300)
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    assert palette.width() <= 500 and palette.geometry().top() >= window.geometry().top()


def test_a_menu_that_is_filled_anew_meanwhile_only_loses_its_entries(window: QMainWindow) -> None:
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    (file,) = (entry.menu() for entry in window.menuBar().actions()[:1])
    assert isinstance(file, QMenu)
    table = palette.findChildren(QTableView)[0]
    for action in file.actions():
        file.removeAction(action)  # as those of the recent files are when one was opened
        action.deleteLater()
        QCoreApplication.sendPostedEvents(action, QEvent.Type.DeferredDelete)
    palette.grab()
    assert table.currentIndex().data() == "Open…"
    QTest.keyClick(palette.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
    assert palette.chosen
    palette.chosen.run()
    QTest.keyClicks(palette.findChildren(QLineEdit)[0], "o")
    assert palette.titles == []


@pytest.mark.parametrize("long", [False, True])
def test_menus_and_keys_take_what_they_need_and_leave_room_for_the_commands(
    window: QMainWindow, qtbot: QtBot, long: bool
) -> None:
    if long:  # as in other languages, whose letters may be wider, too
        window.menuBar().actions()[0].setText(
            "最近使ったファイルとフォルダーのすべてを開くためのメニュー" * 2
        )
    palette = CommandPalette(entries_of(window.menuBar()), window)
    qtbot.addWidget(palette)
    palette.show()
    (table,) = palette.findChildren(QTableView)
    name, menu = table.columnWidth(0), table.columnWidth(1)
    assert name > 0.35 * palette.width()
    assert (menu < 0.3 * palette.width()) is not long
    assert table.columnWidth(2) > table.fontMetrics().horizontalAdvance("Ctrl+O")


def test_a_screen_reader_hears_the_row_that_the_keys_move_to(window: QMainWindow, said: list[str]) -> None:
    """The keys stay in the field, so nothing else would tell."""
    palette = CommandPalette(entries_of(window.menuBar()), window)
    palette.show()
    said.clear()
    (field,) = palette.findChildren(QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert len(said) == 1 and said[0].startswith(palette.titles[1])
    palette.close()


def test_a_long_way_through_menus_keeps_its_end(window: QMainWindow, qtbot: QtBot) -> None:
    """The menu that an entry stands in says what it does: “UTF-8” alone does not."""
    under = window.menuBar().addMenu("Codebase").addMenu("Counted Files")
    under = under.addMenu("Encoding of what is not UTF-8").addMenu("Central European")
    under.addAction("ISO-8859-2")
    palette = CommandPalette(entries_of(window.menuBar()), window)
    qtbot.addWidget(palette)
    palette.show()
    (table,) = palette.findChildren(QTableView)
    index = table.model().index(table.model().rowCount() - 1, 1)
    whole = "Codebase ▸ Counted Files ▸ Encoding of what is not UTF-8 ▸ Central European"
    room = table.columnWidth(1) - 2 * PADDING
    shown = table.fontMetrics().elidedText(whole, table.textElideMode(), room)
    assert index.data() == index.data(Qt.ItemDataRole.ToolTipRole) == whole
    assert shown.startswith("Codebase") and shown.endswith("Central European")


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_return_runs_the_first_in_either_direction(
    direction: Qt.LayoutDirection, window: QMainWindow, qtbot: QtBot
) -> None:
    """From right to left no row was selected, and Return did nothing."""
    palette = CommandPalette(entries_of(window.menuBar()), window)
    qtbot.addWidget(palette)
    palette.setLayoutDirection(direction)
    palette.show()
    (field,) = palette.findChildren(QLineEdit)
    QTest.keyClicks(field, "dark")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert palette.chosen is not None and palette.chosen.title == "Dark"
