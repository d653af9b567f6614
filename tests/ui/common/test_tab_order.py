"""Where keys go by Tab, and when what they went to is gone."""

import pytest
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QTabBar, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.common.tab_order import move_focus


class _Window(QWidget):
    """Tabs above a tree with a row of buttons, as a page has them."""

    def __init__(self) -> None:
        super().__init__()
        self.tabs = QTabBar()
        self.tabs.addTab("Pages")
        self.far, self.near = QPlainTextEdit(), QPlainTextEdit()
        self.apply, self.back = QPushButton("Apply"), QPushButton("Back")
        row, part = QHBoxLayout(), QWidget()
        row.addWidget(self.back)
        row.addWidget(self.apply)
        column = QVBoxLayout(part)
        column.addWidget(self.near)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        for widget in (self.tabs, self.far, part):
            whole.addWidget(widget)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return move_focus(self, forward)


@pytest.mark.parametrize("how", ["hidden", "disabled"])
def test_what_is_gone_leaves_the_keys_to_the_nearest_view(qtbot: QtBot, how: str) -> None:
    window = _Window()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.apply.setFocus()
    qtbot.waitUntil(window.apply.hasFocus)
    if how == "hidden":
        window.apply.hide()
    else:
        window.apply.setEnabled(False)
    assert window.near.hasFocus()
    window.tabs.setFocus()
    assert move_focus(window, True)
    assert window.far.hasFocus()
