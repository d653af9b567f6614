"""Tab, as someone uses it who has no mouse: what it reaches, in which order, and whether that is seen."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTableView,
    QWidget,
)

_INNER = (QAbstractSpinBox, QComboBox, QLineEdit, QTabBar, QHeaderView, QTableView)
_RING, _TRIES = 3, 20


def words(widget: QWidget) -> str:
    """The name that is said of it, or written on it; empty if there is none."""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def box(widget: QWidget, window: QWidget) -> QRect:
    """Where it lies in its window."""
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def walk(window: QWidget, forward: bool) -> list[QWidget]:
    """What Tab reaches, from where the focus is, until it is there again."""
    reached: list[QWidget] = []
    for _ in range(300):
        window.focusNextPrevChild(forward)
        now = QApplication.focusWidget()
        assert now is not None
        if now in reached:
            assert now is reached[0], f"Tab goes in a ring from {words(reached[-1])} back to {words(now)}"
            return reached
        reached.append(now)
    raise AssertionError("Tab does not come back to where it began")


def takes_keys(widget: QWidget, window: QWidget) -> bool:
    """Whether a user would expect to do something there."""
    if widget.window() is not window or not widget.isVisible() or not widget.isEnabled():
        return False
    if isinstance(widget, QRadioButton) and not widget.isChecked():
        return False  # arrow keys lead there from the one that is chosen
    if isinstance(widget, QScrollArea | QScrollBar | QHeaderView) or isinstance(
        widget.parentWidget(), _INNER
    ):
        return False
    own = any("mousePressEvent" in vars(kind) for kind in type(widget).__mro__ if "tokviz" in kind.__module__)
    kinds = QAbstractButton | QComboBox | QLineEdit | QAbstractSpinBox | QAbstractScrollArea | QTabBar
    return own or isinstance(widget, kinds)


def missed_by(reached: Sequence[QWidget], window: QWidget) -> set[str]:
    """What takes keys and is not among what Tab reached."""
    expected = {widget for widget in window.findChildren(QWidget) if takes_keys(widget, window)}
    return {words(widget) or type(widget).__name__ for widget in expected if widget not in reached}


def assert_reading_order(reached: Sequence[QWidget], window: QWidget) -> None:
    """Each lies after the one before: further down, or beside it. What can be scrolled lies as a whole where
    its area lies."""
    for one, other in pairwise(reached):
        areas = _area(one), _area(other)
        before, after = (
            box(widget if areas[0] is areas[1] else area, window)
            for widget, area in zip((one, other), areas, strict=True)
        )
        further = before.bottom() <= after.bottom() or before.right() < after.left()
        beside = after.left() > before.right() or after.top() > before.bottom()
        assert further or beside, f"from {words(one)} back to {words(other)}"


def _area(widget: QWidget) -> QWidget:
    """What it is scrolled in; itself where it is not."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea) and parent.verticalScrollBar().maximum() > 0:
            return parent
        parent = parent.parentWidget()
    return widget


def assert_back_is_the_same_way(reached: Sequence[QWidget], window: QWidget) -> None:
    """Shift+Tab, from where Tab has come back to."""
    back = walk(window, forward=False)
    assert set(back) == set(reached)
    at = reached.index(back[0])
    assert back == [*reached[at::-1], *reached[:at:-1]]


def unseen(reached: Sequence[QWidget], window: QWidget) -> list[str]:
    """What looks the same with the focus and without."""
    found = []
    far = 3 if len(reached) > 3 else 1
    for widget, other in zip(reached, [*reached[far:], *reached[:far]], strict=True):
        area = _area(widget)
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(widget)  # as Tab does
        for _ in range(_TRIES):
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            place, focused = _seen(widget, window)
            widget.clearFocus()
            if other is not widget:
                other.setFocus(Qt.FocusReason.TabFocusReason)
            place_after, without = _seen(widget, window)
            if place_after == place:
                break
        else:
            found.append(f"{words(widget)}, which does not keep still")
        if without == focused:
            found.append(words(widget))
    return found


def _seen(widget: QWidget, window: QWidget) -> tuple[QRect, QImage]:
    """Where a control lies once all has happened that is to, and what is seen there. Figures that come from
    the worker meanwhile may have moved it: then two pictures show two places, and say nothing."""
    QApplication.processEvents()
    place = box(widget, window).adjusted(-_RING, -_RING, _RING, _RING)
    return place, window.grab(place).toImage()
