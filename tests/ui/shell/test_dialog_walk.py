"""Tab alone leads through every dialog, the focus is seen there, and Esc leads out of it again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton, QScrollArea, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.codebase.test_git import project  # noqa: F401
from tests.ui.models.test_model_lists import newer
from tests.ui.shell.walks import (
    assert_back_is_the_same_way,
    assert_reading_order,
    box,
    missed_by,
    unseen,
    walk,
    words,
)
from tests.ui.shell.windows import choose
from tokviz.composition import Application
from tokviz.ui.codebase.history_dialog import HistoryDialog
from tokviz.ui.text.chunks_dialog import ChunksDialog
from tokviz.ui.tokens.document import Origin

PATIENCE = 60_000
_LINE = 12
"""Pixels by which what stands on one line may lie higher or lower."""
TEXT = ("Preferences…", "Commands…", "Keyboard Shortcuts", "Guide", "About tokviz", "Cost Planner…")
TEXT_TOOLS = ("Decode Token Ids…", "Preview Chunks…", "Own Models…")
CODEBASE = ("Pack for a Model…", "Ask About This Codebase…", "Only What Changed…", "History…")
UPDATE = "Update from a File…"
BY_ARROWS = {"Commands"}
"""The field above keeps the keys; arrows move in the list, and what they come to is announced."""
WITHOUT_DEFAULT = (
    "GuideWindow",
    "CommandPalette",
    "ChunksDialog",
    "PlannerDialog",
    "DecodeDialog",
    "HistoryDialog",
    "PreferencesDialog",
)
"""Nothing is decided there: what is chosen holds at once, and Return in a field is for the field."""


@pytest.fixture(scope="module")
def shared(shared: Application) -> Application:
    shared.text.document.show(b"Hello world of tokens\n" * 30, Origin())
    return shared


def dialogs() -> list[QDialog]:
    found = QApplication.topLevelWidgets()
    return [one for one in found if isinstance(one, QDialog) and one.isVisible()]


def visit(qtbot: QtBot, open_it: Callable[[], object], look: Callable[[QDialog], None]) -> None:
    """Open a dialog, which may take over until it is closed, and look at it."""
    failures: list[BaseException] = []
    looked: list[bool] = []
    before = dialogs()

    def wait() -> None:
        opened = [one for one in dialogs() if one not in before]
        if not opened:
            QTimer.singleShot(20, wait)
            return
        try:
            look(opened[0])
        except BaseException as failure:
            failures.append(failure)
        finally:
            for one in opened:
                one.hide()
            looked.append(True)

    QTimer.singleShot(0, wait)
    open_it()
    qtbot.waitUntil(lambda: bool(looked), timeout=PATIENCE)
    if failures:
        raise failures[0]


def walk_through(dialog: QDialog, qtbot: QtBot) -> None:
    """What holds for every dialog."""
    qtbot.waitUntil(dialog.isActiveWindow)
    if isinstance(dialog, ChunksDialog):
        (ready,) = (table.model() for table in dialog.findChildren(QTableView))
        qtbot.waitUntil(lambda: ready.rowCount() > 0 and not dialog._splitter.running, timeout=PATIENCE)
    if isinstance(dialog, HistoryDialog):
        qtbot.waitUntil(lambda: dialog._ticket is None, timeout=PATIENCE)  # its Stop goes when it is done
    assert dialog.windowTitle()
    first = QApplication.focusWidget()
    assert first is not None and first.window() is dialog, "keys go into the dialog at once"
    reached = walk(dialog, forward=True)
    assert missed_by(reached, dialog) - BY_ARROWS == set()
    assert [type(widget).__name__ for widget in reached if not words(widget)] == []
    boxes = [widget for widget in reached if isinstance(widget, QComboBox)]
    assert [words(one) for one in boxes if not one.accessibleDescription()] == []

    def place(widget: QWidget) -> tuple[int, int]:
        lies = box(widget, dialog)
        return lies.center().y() // _LINE, lies.left()

    begins = reached.index(min(reached, key=place))
    assert_reading_order(reached[begins:] + reached[:begins], dialog)
    assert_back_is_the_same_way(reached, dialog)
    assert unseen(reached, dialog) == []
    buttons = [one for one in dialog.findChildren(QPushButton) if one.isVisible()]
    defaults = [one for one in buttons if one.isDefault()]
    expected = 0 if type(dialog).__name__ in WITHOUT_DEFAULT else 1
    assert len(defaults) == expected, [one.text() for one in buttons]
    leave(dialog, first)


def leave(dialog: QDialog, first: QWidget) -> None:
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert not dialog.isVisible(), "Esc closes it"


@pytest.mark.parametrize("title", [*TEXT, *TEXT_TOOLS])
def test_tab_leads_through_the_dialogs_of_every_page(
    title: str, application: Application, qtbot: QtBot
) -> None:
    application.window.show_page(application.text)
    qtbot.waitUntil(lambda: application.text.tokenizing.is_settled, timeout=PATIENCE)
    visit(qtbot, choose(application, title), lambda dialog: walk_through(dialog, qtbot))


@pytest.mark.parametrize("title", CODEBASE)
def test_tab_leads_through_the_dialogs_of_a_codebase(
    title: str,
    application: Application,
    qtbot: QtBot,
    project: Path,  # noqa: F811
) -> None:
    scan = application.codebase.codebase
    application.opening.open_paths([project])
    qtbot.waitUntil(
        lambda: scan.roots == (project,) and scan.tree is not None and not scan.scan.under_way,
        timeout=PATIENCE,
    )
    visit(qtbot, choose(application, title), lambda dialog: walk_through(dialog, qtbot))


def test_tab_leads_through_what_an_update_changes(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = newer(tmp_path)
    visit(
        qtbot,
        lambda: application.model_lists.update_from(path),
        lambda dialog: walk_through(dialog, qtbot),
    )


def test_tab_scrolls_to_what_it_reaches(application: Application, qtbot: QtBot) -> None:
    def tab(dialog: QDialog) -> None:
        qtbot.waitUntil(dialog.isActiveWindow)
        (area,) = dialog.findChildren(QScrollArea)
        seen = 0
        for _ in range(12):
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, Qt.Key.Key_Tab)
            now = QApplication.focusWidget()
            if now is not None and area.isAncestorOf(now):
                seen += 1
                assert not now.visibleRegion().isEmpty(), words(now)
        assert seen > 8
        dialog.resize(dialog.width(), 300)

    visit(qtbot, choose(application, "Preferences…"), tab)


def test_every_dialog_is_walked_through(application: Application, qtbot: QtBot) -> None:
    """A new one is to be listed above."""
    walked = {
        *("PreferencesDialog", "CommandPalette", "ShortcutsDialog", "GuideWindow", "AboutDialog"),
        *("PlannerDialog", "DecodeDialog", "ChunksDialog", "OwnModelsDialog", "UpdateDialog"),
        *("PackDialog", "ChangedDialog", "HistoryDialog"),
    }
    kinds = {kind.__name__ for kind in QDialog.__subclasses__() if kind.__module__.startswith("tokviz.")}
    assert kinds == walked
