"""A menu of entries to tick stays open while they are ticked."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokviz.ui.common.staying_menu import StayingMenu

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


@pytest.fixture
def menu(qtbot: QtBot) -> StayingMenu:
    menu = StayingMenu()
    qtbot.addWidget(menu)
    for title in ("One", "Two"):
        menu.addAction(QAction(title, menu, checkable=True))
    group = QActionGroup(menu)
    menu.addAction(QAction("Either", group, checkable=True))
    menu.addAction(QAction("Or", group, checkable=True))
    menu.addAction("Do")
    menu.popup(QPoint(20, 20))
    qtbot.waitUntil(menu.isVisible)
    return menu


def click(menu: StayingMenu, entry: QAction) -> None:
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())


def test_several_are_ticked_one_after_the_other(menu: StayingMenu) -> None:
    one, two, *_ = menu.actions()
    click(menu, one)
    click(menu, two)
    assert menu.isVisible() and one.isChecked() and two.isChecked()
    click(menu, one)
    assert menu.isVisible() and not one.isChecked()
    menu.setActiveAction(one)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert menu.isVisible() and one.isChecked()


@pytest.mark.parametrize("place", [2, 4])
def test_what_is_chosen_once_closes_it(place: int, menu: StayingMenu) -> None:
    click(menu, menu.actions()[place])
    assert not menu.isVisible()


def test_enter_toggles_and_closes(menu: StayingMenu) -> None:
    one = menu.actions()[0]
    menu.setActiveAction(one)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert one.isChecked() and not menu.isVisible()
