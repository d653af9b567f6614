"""What is painted in parts (bars, tiles, points), for keys and for screen readers.

To a screen reader such a picture is a list of its parts, of which the current one has the focus, as the
current row of a table has it.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleObject,
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget
from shiboken6 import VoidPtr, getCppPointer

from tokviz.ui.common.accessible import Childless, Interfaces, in_one_line


class PaintedParts(QWidget):
    """Arrow keys, Home, End and the page keys make another part current, which a screen reader is told. The
    pointer tells what it rests on.

    Whoever inherits says what the parts are, paints which one is current, and calls ``tell`` whenever another
    one is, or says something else."""

    MIRRORED = False
    """Whether the parts run from the right where people read from there."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[_Part] = []
        self.interfaces = Interfaces()
        self._told: tuple[int | None, str] = None, ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)

    # -- what the parts are ------------------------------------------------------------------------------

    def part_count(self) -> int:
        """How many there are."""
        raise NotImplementedError

    def part_words(self, number: int) -> str:
        """All that is known of a part, its name first."""
        raise NotImplementedError

    def part_box(self, number: int) -> QRectF:
        """Where it is painted, in pixels of the widget."""
        raise NotImplementedError

    def current_part(self) -> int | None:
        """The number of the current one, if there is one."""
        raise NotImplementedError

    def choose_part(self, number: int) -> None:
        """Make it the current one, as a click on it does."""
        raise NotImplementedError

    def part_at(self, point: QPointF) -> int | None:
        """The number of the part at a point of the widget, if there is one: of several, which have a least
        width, the one that is painted last."""
        numbers = reversed(range(self.part_count()))
        return next((number for number in numbers if self.part_box(number).contains(point)), None)

    def overview(self) -> str:
        """What is said of the whole while no part is current."""
        return ""

    # -- the pointer -------------------------------------------------------------------------------------

    def tip_at(self, point: QPointF) -> str:
        """What is told where the pointer rests."""
        number = self.part_at(point)
        return self.toolTip() if number is None else self.part_words(number)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    # -- keys --------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count, current = self.part_count(), self.current_part()
        last, far = count - 1, max(1, count // 10)
        # With none chosen, on goes to the first and back to the last.
        before, at = (count, -1) if current is None else (current, current)
        wanted = {
            Qt.Key.Key_Left: before - 1,
            Qt.Key.Key_Up: before - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Down: at + 1,
            Qt.Key.Key_PageUp: before - far,
            Qt.Key.Key_PageDown: at + far,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }.get(_mirrored(event.key()) if self.MIRRORED and self.isRightToLeft() else Qt.Key(event.key()))
        if wanted is None or not count:
            super().keyPressEvent(event)
        else:
            self.choose_part(max(0, min(last, wanted)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()
        if QAccessible.isActive():
            self._focus_part(self.current_part())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # -- screen readers ----------------------------------------------------------------------------------

    def show_parts(self) -> None:
        """The parts are others now, or another one is current: say so, and paint them."""
        self.tell()
        self.update()

    def tell(self) -> None:
        """Say which part is current, if that is another one or it says something else."""
        number = self.current_part()
        words = self.overview() if number is None else in_one_line(self.part_words(number))
        if (number, words) == self._told:
            return
        self._told = number, words
        if QAccessible.isActive() and self.hasFocus():
            self._focus_part(number)
        self.setAccessibleDescription(words)

    def _focus_part(self, number: int | None) -> None:
        if number is not None:
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(number)
            QAccessible.updateAccessibility(event)

    def accessible_interface(self) -> QAccessibleInterface | None:
        """What a screen reader talks to from now on."""
        return self.interfaces.new(lambda: _AccessiblePicture(self))

    def accessible_part(self, number: int) -> QAccessibleInterface | None:
        """What it talks to of a part."""
        if not 0 <= number < self.part_count():
            return None
        # They are made as somebody asks for them, and stay: a part's number means another part later on.
        while len(self._parts) <= number:
            self._parts.append(_Part(self, len(self._parts)))
        return QAccessible.queryAccessibleInterface(self._parts[number])


def _mirrored(key: int) -> Qt.Key:
    other = {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}
    return other.get(Qt.Key(key), Qt.Key(key))


class ReadParts(PaintedParts):
    """Parts that are there to be read: which one is current changes nothing else."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._current: int | None = None

    def current_part(self) -> int | None:
        return self._current if self._current is not None and self._current < self.part_count() else None

    def choose_part(self, number: int) -> None:
        self._current = number
        self.show_parts()

    def paint_current(self, painter: QPainter, color: QColor) -> None:
        """Show where the keys are: around the current part, or around all."""
        number = self.current_part()
        if self.hasFocus():
            box = QRectF(self.rect()) if number is None else self.part_box(number).adjusted(-2, -2, 2, 2)
            box = box.intersected(QRectF(self.rect())).adjusted(0.75, 0.75, -0.75, -0.75)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1.5))
            painter.drawRect(box)


class _Part(QObject):
    """Stands for one part: Qt keeps interfaces by the objects that they are of."""

    def __init__(self, picture: PaintedParts, number: int) -> None:
        super().__init__(picture)
        self.picture, self.number = picture, number

    def accessible_interface(self) -> QAccessibleInterface | None:
        return self.picture.interfaces.new(lambda: _AccessiblePart(self))


class _AccessiblePicture(QAccessibleObject):
    """The list of the parts."""

    def __init__(self, picture: PaintedParts) -> None:
        super().__init__(picture)
        self._picture = picture

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        # Nothing but an address may be answered; see tokviz/ui/editor/input/accessibility.py.
        return VoidPtr(0)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self._picture.hasFocus()
        state.disabled = not self._picture.isEnabled()
        state.invisible = not self._picture.isVisible()
        return state

    def rect(self) -> QRect:
        return QRect(self._picture.mapToGlobal(QPoint(0, 0)), self._picture.size())

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._picture.parentWidget() or self._picture.window())

    def childCount(self) -> int:
        return self._picture.part_count()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return self._picture.accessible_part(index)

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        part = child.object()
        return part.number if isinstance(part, _Part) and part.picture is self._picture else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        number = self._picture.part_at(self._picture.mapFromGlobal(QPoint(x, y)).toPointF())
        return None if number is None else self._picture.accessible_part(number)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        number = self._picture.current_part() if self._picture.hasFocus() else None
        return None if number is None else self._picture.accessible_part(number)

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self._picture.accessibleName()
        return self._picture.accessibleDescription() if kind == QAccessible.Text.Description else ""


class _AccessiblePart(Childless, QAccessibleActionInterface):
    """One entry of the list."""

    def __init__(self, part: _Part) -> None:
        Childless.__init__(self, part)
        QAccessibleActionInterface.__init__(self)
        self._picture, self._number = part.picture, part.number

    @property
    def _there(self) -> bool:
        return self._number < self._picture.part_count()

    def interface_cast(self, kind: QAccessible.InterfaceType) -> VoidPtr:  # type: ignore[override]
        action = kind == QAccessible.InterfaceType.ActionInterface
        return VoidPtr(getCppPointer(self)[1] if action else 0)

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if self._there and name == QAccessibleActionInterface.pressAction():
            self._picture.choose_part(self._number)

    def keyBindingsForAction(self, name: str) -> list[str]:
        return []

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = state.selectable = True
        state.selected = self._there and self._number == self._picture.current_part()
        state.focused = state.selected and self._picture.hasFocus()
        state.disabled = not self._picture.isEnabled()
        state.invisible = not self._there or not self._picture.isVisible()
        return state

    def rect(self) -> QRect:
        if not self._there:
            return QRect()
        box = self._picture.part_box(self._number).toAlignedRect()
        return QRect(self._picture.mapToGlobal(box.topLeft()), box.size())

    def parent(self) -> QAccessibleInterface:
        return QAccessible.queryAccessibleInterface(self._picture)

    def text(self, kind: QAccessible.Text) -> str:
        if kind != QAccessible.Text.Name or not self._there:
            return ""
        return in_one_line(self._picture.part_words(self._number))
