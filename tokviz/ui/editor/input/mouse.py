"""What the mouse does: placing the caret, selecting, dragging, dropping, hovering."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

from tokviz.ui.common.dropped_files import dropped_files, take_copy
from tokviz.ui.editor.input.clipboard import TextMime, publish_selection, text_of
from tokviz.ui.editor.input.editor import Editor
from tokviz.ui.editor.layout.row_navigator import Caret
from tokviz.ui.editor.layout.text_viewport import TextViewport


class Pointing(Protocol):
    """What is told of the tokens that the mouse points at. Points are in the viewport."""

    def hover_at(self, point: QPointF | None) -> None: ...
    def click_at(self, point: QPointF) -> None: ...


class MouseHost(Protocol):
    """What the mouse does to the view besides moving the caret and editing."""

    def finish_composing(self) -> None: ...
    def refresh(self) -> None: ...
    def scroll_pixels(self, down: int, right: int) -> None: ...


class _Unit(Enum):
    CHARACTER = auto()
    WORD = auto()
    LINE = auto()


class _DraggedText(TextMime):
    """A selection that is being dragged."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        super().__init__(editor.buffer.slice(*editor.state.selection))


class Mouse(QObject):
    """Turns mouse events of a view into movements of its caret. Events are in the viewport's coordinates."""

    files_dropped = Signal(list)

    def __init__(
        self,
        host: MouseHost,
        widget: QAbstractScrollArea,
        viewport: TextViewport,
        editor: Editor,
        pointing: Pointing,
    ) -> None:
        super().__init__(widget)
        self._host = host
        self._pointing = pointing
        self._widget = widget
        self._viewport = viewport
        self._editor = editor
        self._state = editor.state
        self._pressed_at: QPointF | None = None
        self._may_drag = False
        self._moved = False
        self._unit = _Unit.CHARACTER
        self._origin = (0, 0)
        self._last_double: QPointF | None = None
        self._triple = QTimer(self, singleShot=True, interval=QApplication.doubleClickInterval())
        self._scroll = QTimer(self, interval=30)
        self._scroll.timeout.connect(self._auto_scroll)
        self._at = QPointF()
        widget.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the mouse's events."""
        handler = _HANDLERS.get(event.type())
        if handler is not None:
            handler(self, event)
        return handler is not None and event.type() is not QEvent.Type.Leave

    def _press(self, event: QMouseEvent) -> None:
        """A button went down."""
        self._host.finish_composing()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._paste_selection(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position()
        caret = self._viewport.caret_at(point)
        self._pressed_at, self._moved, self._may_drag = point, False, False
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._triple.isActive() and self._last_double is not None and self._near(point, self._last_double):
            self._select_unit(_Unit.LINE, caret)
            self._triple.stop()
        elif extend:
            self._unit = _Unit.CHARACTER
            self._editor.place(caret, extend=True)
        elif self._state.has_selection and self._over_selection(point):
            self._may_drag = True
        else:
            self._unit = _Unit.CHARACTER
            self._editor.place(caret)

    def _double_click(self, event: QMouseEvent) -> None:
        """Select the word."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at, self._moved, self._may_drag = event.position(), True, False
        self._select_unit(_Unit.WORD, Caret(self._viewport.character_at(event.position())))
        self._last_double = event.position()
        self._triple.start()

    def _move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""
        self._at = event.position()
        if not event.buttons() & Qt.MouseButton.LeftButton or self._pressed_at is None:
            self._pointing.hover_at(self._at)
            return
        if not self._moved and self._near(self._at, self._pressed_at):
            return
        self._moved = True
        if self._may_drag:
            self._start_drag()
            return
        self._extend_to(self._at)
        inside = self._widget.viewport().rect().contains(self._at.toPoint())
        if inside:
            self._scroll.stop()
        elif not self._scroll.isActive():
            self._scroll.start()

    def _release(self, event: QMouseEvent) -> None:
        """A button went up."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._scroll.stop()
        if not self._moved:
            if self._may_drag:
                self._editor.place(self._viewport.caret_at(event.position()))
            self._pointing.click_at(event.position())
        self._pressed_at, self._may_drag = None, False
        publish_selection(self._editor.buffer, self._state.selection)

    def _leave(self, _: QEvent) -> None:
        self._pointing.hover_at(None)

    # -- drag and drop ---------------------------------------------------------------------------------

    def _drag_over(self, event: QDragMoveEvent) -> None:
        """Something is held over the view: show where it would go, scrolling near the edges."""
        mime = event.mimeData()
        if dropped_files(mime):
            take_copy(event)
        elif mime.hasText() and not self._state.read_only:
            self._show_drop_caret(event.position())
            self._scroll_at_edge(event.position())
            event.acceptProposedAction()
        else:
            event.ignore()

    def _drag_left(self, _: QEvent) -> None:
        self._show_drop_caret(None)

    def _show_drop_caret(self, point: QPointF | None) -> None:
        """Show where a drop at a point would insert."""
        at = None if point is None else self._viewport.caret_at(point).offset
        self._state.decorations.drop_caret = at
        self._host.refresh()

    def _drop(self, event: QDropEvent) -> None:
        """Insert the dropped text, or hand up the dropped files."""
        self._host.finish_composing()
        mime = event.mimeData()
        self._show_drop_caret(None)
        if paths := dropped_files(mime):
            take_copy(event)
            self.files_dropped.emit(paths)
            return
        data = text_of(mime)
        if data is None or self._state.read_only:
            event.ignore()
            return
        event.accept()
        moved = None
        if isinstance(mime, _DraggedText) and mime.editor.buffer is self._editor.buffer:
            moved = mime.editor.state.selection if event.dropAction() == Qt.DropAction.MoveAction else None
            # Within one text a move is one edit, and all of it is made here: nothing is left to take away.
            event.setDropAction(Qt.DropAction.CopyAction)
        self._editor.drop(data, self._viewport.caret_at(event.position()).offset, moved)
        self._widget.setFocus(Qt.FocusReason.MouseFocusReason)

    def _start_drag(self) -> None:
        self._pressed_at = None
        drag = QDrag(self._widget)
        drag.setMimeData(_DraggedText(self._editor))
        actions = default = Qt.DropAction.CopyAction
        if not self._state.read_only:
            default = Qt.DropAction.MoveAction
            actions |= default
        if drag.exec(actions, default) == Qt.DropAction.MoveAction and not self._state.read_only:
            self._editor.insert(b"")

    # -- selecting -------------------------------------------------------------------------------------

    def _select_unit(self, unit: _Unit, caret: Caret) -> None:
        self._unit = unit
        self._origin = self._bounds(caret.offset)
        self._editor.select(*self._origin)

    def _bounds(self, offset: int) -> tuple[int, int]:
        movement = self._editor.movement
        return movement.word_at(offset) if self._unit is _Unit.WORD else movement.line_at(offset)

    def _extend_to(self, point: QPointF) -> None:
        editor = self._editor
        caret = self._viewport.caret_at(point)
        if self._unit is _Unit.CHARACTER:
            editor.place(caret, extend=True)
            return
        start, end = self._bounds(caret.offset)
        if caret.offset < self._origin[0]:
            editor.select(self._origin[1], start)
        else:
            editor.select(self._origin[0], max(end, self._origin[1]))

    def _auto_scroll(self) -> None:
        """While the mouse is held outside: scroll towards it, faster the farther it is."""
        area = self._widget.viewport().rect()
        above, below = min(0.0, self._at.y()), max(0.0, self._at.y() - area.height())
        aside = min(0.0, self._at.x()) + max(0.0, self._at.x() - area.width())
        self._host.scroll_pixels(round((above + below) * 0.6), round(aside * 0.6))
        self._extend_to(self._at)

    def _scroll_at_edge(self, point: QPointF) -> None:
        row, height = self._viewport.row_height, self._widget.viewport().height()
        if point.y() < row:
            self._host.scroll_pixels(-row // 2, 0)
        elif point.y() > height - row:
            self._host.scroll_pixels(row // 2, 0)

    def _over_selection(self, point: QPointF) -> bool:
        start, end = self._state.selection
        return start <= self._viewport.character_at(point) < end and self._viewport.is_over_text(point)

    def _paste_selection(self, point: QPointF) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and not self._state.read_only:
            data = text_of(clipboard.mimeData(clipboard.Mode.Selection))
            self._editor.place(self._viewport.caret_at(point))
            if data:
                self._editor.insert(data)

    @staticmethod
    def _near(one: QPointF, other: QPointF) -> bool:
        way: QPoint = (one - other).toPoint()
        return way.manhattanLength() < QApplication.startDragDistance()


_HANDLERS: dict[QEvent.Type, Callable[[Mouse, Any], None]] = {
    QEvent.Type.MouseButtonPress: Mouse._press,
    QEvent.Type.MouseButtonDblClick: Mouse._double_click,
    QEvent.Type.MouseMove: Mouse._move,
    QEvent.Type.MouseButtonRelease: Mouse._release,
    QEvent.Type.Leave: Mouse._leave,
    QEvent.Type.DragEnter: Mouse._drag_over,
    QEvent.Type.DragMove: Mouse._drag_over,
    QEvent.Type.DragLeave: Mouse._drag_left,
    QEvent.Type.Drop: Mouse._drop,
}
