"""What the help says is true."""

from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMainWindow,
    QTableWidget,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.ui.shell.help import AboutDialog, ShortcutsDialog
from tokviz.ui.shell.menu_entries import entries_of


def test_about_names_everything_that_is_kept_on_disk(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    about = AboutDialog("A notice", "/log", parent)
    (said,) = [label.text() for label in about.findChildren(QLabel) if "offline" in label.text()]
    for kept in ("preferences", "recently opened", "not saved yet", "Unsaved Texts", "/log"):
        assert kept in said


def test_about_shows_the_icon_and_breaks_no_line_of_the_notices(qtbot: QtBot, qapp: QApplication) -> None:
    qapp.setWindowIcon(QIcon(str(Assets().path("icons", "tokviz.svg"))))
    parent = QWidget()
    qtbot.addWidget(parent)
    notice = Assets().path("NOTICE").read_text("utf-8")
    about = AboutDialog(notice, "/log", parent)
    about.show()
    qapp.setWindowIcon(QIcon())
    assert any(not label.pixmap().isNull() for label in about.findChildren(QLabel))
    (licences,) = about.findChildren(QTextBrowser)
    longest = max(map(licences.fontMetrics().horizontalAdvance, notice.splitlines()))
    assert licences.viewport().width() > min(longest, 700)


def test_shortcuts_stand_under_their_menus_and_are_narrowed(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    for title, names in (("&File", ("Open…", "Quit")), ("&View", ("Theme",))):
        menu = window.menuBar().addMenu(title)
        for number, name in enumerate(names):
            menu.addAction(QAction(name, window, shortcut=QKeySequence(f"Ctrl+{number}")))
    dialog = ShortcutsDialog(entries_of(window.menuBar()), (("Cancel", "Esc"),), window)
    table, field = dialog.findChildren(QTableWidget)[0], dialog.findChildren(QLineEdit)[0]

    def shown() -> list[str]:
        cells = [table.item(row, 0) for row in range(table.rowCount()) if not table.isRowHidden(row)]
        return [cell.text() for cell in cells if cell is not None]

    assert shown() == ["File", "Open", "Quit", "View", "Theme", "In no menu", "Cancel"]
    field.setText("quit")
    assert shown() == ["File", "Quit"]
    field.setText("zzz")
    assert shown() == []
    field.clear()
    assert len(shown()) == 7
