"""What the help says is true."""

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.shell.help import AboutDialog


def test_about_names_everything_that_is_kept_on_disk(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    about = AboutDialog("A notice", "/log", parent)
    (said,) = [label.text() for label in about.findChildren(QLabel) if "offline" in label.text()]
    for kept in ("preferences", "recently opened", "not saved yet", "Unsaved Texts", "/log"):
        assert kept in said
