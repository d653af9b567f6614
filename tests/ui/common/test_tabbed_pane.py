"""Tabs over a stack."""

import pytest
from PySide6.QtWidgets import QLabel, QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.common.tabbed_pane import TabbedPane


@pytest.fixture
def pane(qtbot: QtBot) -> TabbedPane:
    made = TabbedPane("Parts", [(title, QWidget()) for title in ("Karte", "Weggelassen", "Einpassen")])
    qtbot.addWidget(made)
    made.resize(900, 300)
    made.show()
    return made


def test_a_number_is_seen_however_often_it_is_set(pane: TabbedPane) -> None:
    for number in (0, 1, 1, 1399, 0, 7):
        pane.set_number(1, number)
        badge = pane._tabs.tabButton(1, QTabBar.ButtonPosition.RightSide)
        assert (badge is not None) == (number > 0)
        if badge is not None:
            (label,) = badge.findChildren(QLabel)
            assert label.isVisible()
            assert label.text() == f"{number:,}"
            assert label.mapTo(pane._tabs, label.rect().topRight()).x() < pane._tabs.tabRect(1).right() - 10


def test_the_tabs_have_the_room_that_they_need_whichever_is_in_front(pane: TabbedPane, qtbot: QtBot) -> None:
    pane.setStyleSheet("QTabBar::tab { padding: 0 12px } QTabBar::tab:selected { font-weight: 900 }")
    for place in range(3):
        pane.show_place(place)
        qtbot.waitUntil(lambda: pane._tabs.width() >= pane._tabs.sizeHint().width())
        assert not [one for one in pane._tabs.findChildren(QToolButton) if one.isVisible()]
