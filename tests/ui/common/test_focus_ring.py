"""The ring shows what keys go to, and nothing where the mouse has put the focus."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from tokviz.assets import Assets
from tokviz.ui.common.focus_ring import FocusRing
from tokviz.ui.common.theme import Themes


@pytest.fixture
def ring(qapp: QApplication) -> Iterator[FocusRing]:
    made = FocusRing(qapp, Themes(Assets()).load("light"))
    yield made
    qapp.focusChanged.disconnect(made._follow)
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    row = QHBoxLayout(made)
    for control in (QPushButton("One"), QComboBox(), QLineEdit()):
        row.addWidget(control)
    made.resize(400, 80)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_it_stands_around_what_a_key_has_chosen(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    button, box = window.findChildren(QPushButton)[0], window.findChildren(QComboBox)[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    assert ring.geometry() == button.geometry().adjusted(-3, -3, 3, 3)
    image = window.grab().toImage()
    edge = image.pixelColor(ring.geometry().left() + 1, ring.geometry().center().y())
    assert edge == Themes(Assets()).load("light").accent
    QTest.keyClick(button, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: ring.geometry() == box.geometry().adjusted(-3, -3, 3, 3))


def test_a_click_draws_none(ring: FocusRing, window: QWidget) -> None:
    field = window.findChildren(QLineEdit)[0]
    QTest.mousePress(field, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    assert not ring.isVisible()
    QTest.mouseRelease(field, Qt.MouseButton.LeftButton)


def test_it_moves_with_its_control_and_goes_with_it(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    button = window.findChildren(QPushButton)[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    window.resize(700, 200)
    qtbot.waitUntil(lambda: ring.geometry() == button.geometry().adjusted(-3, -3, 3, 3))
    button.hide()
    assert not ring.isVisible() or ring.geometry() != button.geometry().adjusted(-3, -3, 3, 3)


def test_it_moves_with_what_its_control_lies_in(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    panel = QWidget(window)
    inner = QPushButton("Inner", panel)
    panel.setGeometry(10, 10, 200, 60)
    panel.show()
    inner.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    panel.move(150, 15)
    QApplication.processEvents()
    assert ring.pos() == inner.mapTo(window, QPoint(-3, -3))


def test_it_outlives_a_window_that_goes(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    dialog = QWidget()
    fields = QVBoxLayout(dialog)
    inner = QPushButton("Inner")
    fields.addWidget(inner)
    dialog.show()
    dialog.activateWindow()
    inner.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    dialog.deleteLater()
    qtbot.wait(20)
    window.activateWindow()
    window.findChildren(QPushButton)[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)


def test_it_scrolls_with_its_control(ring: FocusRing, qtbot: QtBot) -> None:
    area, content = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    column = QVBoxLayout(content)
    buttons = [QPushButton(str(number)) for number in range(40)]
    for button in buttons:
        column.addWidget(button)
    area.setWidget(content)
    area.show()
    area.activateWindow()
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    assert ring.parentWidget() is content


def test_a_control_that_is_gone_is_left(ring: FocusRing, window: QWidget, qtbot: QtBot) -> None:
    box, field = window.findChildren(QComboBox)[0], window.findChildren(QLineEdit)[0]
    box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    ring._control = QLineEdit()
    delete(ring._control)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: ring.isVisible() and ring._control is field)


def test_a_control_that_is_deleted_takes_nothing_along(
    ring: FocusRing, window: QWidget, qtbot: QtBot
) -> None:
    button, box = window.findChildren(QPushButton)[0], window.findChildren(QComboBox)[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(ring.isVisible)
    button.deleteLater()
    qtbot.wait(20)
    box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: ring.isVisible() and ring.geometry() == box.geometry().adjusted(-3, -3, 3, 3))
