"""The order in which Tab goes through a window: as it is read, whatever was built or put elsewhere when."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea, QScrollArea, QWidget


def tab_order(ground: QWidget) -> list[QWidget]:
    """What takes the focus by Tab now in ``ground``: by regions, from the top and where reading begins."""
    found: list[QWidget] = []
    for child in _as_read(ground):
        # What hands its focus on is a part of what it hands it to.
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled() and child.focusProxy() is None:
            found.append(child)
        found += tab_order(child)
    return found


def move_focus(window: QWidget, forward: bool) -> bool:
    """Give the focus to what is next in order, or before; whether there is anything.

    Stands in for ``QWidget.focusNextPrevChild``: Qt's own chain has the order of building, and falls into
    rings that do not meet when parts of a window are put elsewhere."""
    order = tab_order(window)
    if QGuiApplication.styleHints().tabFocusBehavior() != Qt.TabFocusBehavior.TabFocusAllControls:
        text = Qt.FocusPolicy.ClickFocus  # where the system wants Tab to lead to texts and lists alone
        order = [widget for widget in order if widget.focusPolicy() & text]
    if not order:
        return False
    current: QWidget | None = window.focusWidget()
    if current is not None and not (current.isVisible() and current.isEnabled()):
        # Nobody pressed Tab: Qt asks where the keys are to go now that they cannot stay.
        near = _nearest_view(current, order)
        if near is not None:
            near.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    step = 1 if forward else -1
    while current is not None and current not in order and current is not window:
        current = current.parentWidget()
    place = order.index(current) + step if current in order else 0 if forward else -1
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found = order[place % len(order)]
    found.setFocus(reason)
    around = found.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(found)
        around = around.parentWidget()
    return True


def _nearest_view(gone: QWidget, order: Sequence[QWidget]) -> QWidget | None:
    """The list, tree or text that is nearest to what is gone, by what both lie in."""
    around = gone.parentWidget()
    while around is not None:
        for widget in order:
            if isinstance(widget, QAbstractScrollArea) and around.isAncestorOf(widget):
                return widget
        around = around.parentWidget()
    return None


def _as_read(parent: QWidget) -> Sequence[QWidget]:
    """The visible children in rows, and each row from the side where reading begins."""
    children = [
        child
        for child in parent.children()
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow()
    ]
    children.sort(key=lambda child: (child.y(), child.x()))
    rows: list[list[QWidget]] = []
    for child in children:
        if rows and child.geometry().center().y() <= min(each.geometry().bottom() for each in rows[-1]):
            rows[-1].append(child)
        else:
            rows.append([child])
    mirrored = parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
    for row in rows:
        row.sort(key=lambda child: (-child.geometry().right() if mirrored else child.x(), child.y()))
    return [child for row in rows for child in row]
