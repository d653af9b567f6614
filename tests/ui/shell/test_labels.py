"""What is written can be heard, and what is cut can be read whole."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QTextDocumentFragment
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.shell.test_keyboard_walk import PAGES
from tokviz.composition import Application
from tokviz.ui.common.mnemonics import without_mnemonic


def labels(window: QWidget) -> list[QLabel]:
    return [one for one in window.findChildren(QLabel) if one.isVisible() and read(one)]


def read(label: QLabel) -> str:
    """What is written on it."""
    text = label.text()
    if label.buddy() is not None:
        text = without_mnemonic(text)
    if "<" in text:
        text = QTextDocumentFragment.fromHtml(text).toPlainText()
    return text.strip().strip("\u200e")


def heard(label: QLabel) -> str:
    """What a screen reader says of it."""
    name = QAccessible.queryAccessibleInterface(label).text(QAccessible.Text.Name)
    return QTextDocumentFragment.fromHtml(name).toPlainText() if "<" in name else name


@pytest.mark.parametrize("name", PAGES)
def test_every_label_is_heard_whole_and_has_a_tip_where_it_may_be_cut(
    name: str, application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    PAGES[name](application, qtbot, tmp_path)
    QApplication.processEvents()
    found = labels(application.window)
    assert len(found) > 5

    def silent(label: QLabel) -> bool:
        # A tip may say it in full, as the age of the figures does.
        said = heard(label)
        return read(label) not in said and said != label.toolTip()

    assert [(read(label), heard(label)) for label in found if silent(label)] == []
    cut = [
        label
        for label in found
        if label.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored and not label.wordWrap()
    ]
    assert [read(label) for label in cut if not label.toolTip()] == []
