"""What the mouse does: placing the caret, selecting, dragging, dropping, hovering."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDrag, QDragMoveEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication

from tokviz.ui.editor.input.clipboard import TextMime, text_of
from tokviz.ui.editor.layout.row_space import Caret

if TYPE_CHECKING:
    from tokviz.ui.editor.token_view import TokenView


class _Unit(Enum):
    CHARACTER = auto()
    WORD = auto()
    LINE = auto()


class _DraggedText(TextMime):
    """A selection that is being dragged."""

    def __init__(self, view: "TokenView") -> None:
        self.buffer, self.editor = view.buffer, view.editor
        super().__init__(self.buffer.slice(*self.editor.selection))


class Mouse(QObject):
    """Turns mouse events of a view into movements of its caret. Events are in the viewport's coordinates."""

    def __init__(self, view: "TokenView") -> None:
        super().__init__(view)
        self._view = view
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

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._paste_selection(event.position())
        if event.button() != Qt.MouseButton.LeftButton:
            return
        view, place = self._view, event.position()
        caret = view.caret_at(place)
        self._pressed_at, self._moved, self._may_drag = place, False, False
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._triple.isActive() and self._last_double is not None and self._near(place, self._last_double):
            self._select_unit(_Unit.LINE, caret)
            self._triple.stop()
        elif extend:
            self._unit = _Unit.CHARACTER
            view.editor.place(caret, extend=True)
        elif view.editor.has_selection and self._over_selection(place):
            self._may_drag = True
        else:
            self._unit = _Unit.CHARACTER
            view.editor.place(caret)

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at, self._moved, self._may_drag = event.position(), True, False
        self._select_unit(_Unit.WORD, Caret(self._view.character_at(event.position())))
        self._last_double = event.position()
        self._triple.start()

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""
        self._at = event.position()
        if not event.buttons() & Qt.MouseButton.LeftButton or self._pressed_at is None:
            self._view.hover_at(self._at)
            return
        if not self._moved and self._near(self._at, self._pressed_at):
            return
        self._moved = True
        if self._may_drag:
            self._start_drag()
            return
        self._extend_to(self._at)
        inside = self._view.viewport().rect().contains(self._at.toPoint())
        if inside:
            self._scroll.stop()
        elif not self._scroll.isActive():
            self._scroll.start()

    def release(self, event: QMouseEvent) -> None:
        """A button went up."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        self._scroll.stop()
        if not self._moved:
            if self._may_drag:
                self._view.editor.place(self._view.caret_at(event.position()))
            self._view.click_at(event.position())
        self._pressed_at, self._may_drag = None, False
        self._view.publish_selection()

    def leave(self) -> None:
        """The mouse left the view."""
        self._view.hover_at(None)

    # -- drag and drop ---------------------------------------------------------------------------------

    def drag_over(self, event: QDragMoveEvent) -> None:
        """Something is held over the view: show where it would go, scrolling near the edges."""
        mime = event.mimeData()
        if mime.hasUrls() and any(url.isLocalFile() for url in mime.urls()):
            event.acceptProposedAction()
        elif mime.hasText() and not self._view.editor.read_only:
            self._view.show_drop_caret(event.position())
            self._scroll_at_edge(event.position())
            event.acceptProposedAction()
        else:
            event.ignore()

    def drag_left(self) -> None:
        """What was held over the view went elsewhere."""
        self._view.show_drop_caret(None)

    def drop(self, event: QDropEvent) -> None:
        """Insert the dropped text, or hand up the dropped files."""
        view, mime = self._view, event.mimeData()
        view.show_drop_caret(None)
        paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            view.files_dropped.emit(paths)
            return
        data = text_of(mime)
        if data is None or view.editor.read_only:
            event.ignore()
            return
        event.accept()
        moved = None
        if isinstance(mime, _DraggedText) and mime.buffer is view.buffer:
            moved = mime.editor.selection if event.dropAction() == Qt.DropAction.MoveAction else None
            # Within one text a move is one edit, and all of it is made here: nothing is left to take away.
            event.setDropAction(Qt.DropAction.CopyAction)
        view.editor.drop(data, view.caret_at(event.position()).offset, moved)
        view.setFocus(Qt.FocusReason.MouseFocusReason)

    def _start_drag(self) -> None:
        view = self._view
        self._pressed_at = None
        drag = QDrag(view)
        drag.setMimeData(_DraggedText(view))
        actions = default = Qt.DropAction.CopyAction
        if not view.editor.read_only:
            default = Qt.DropAction.MoveAction
            actions |= default
        if drag.exec(actions, default) == Qt.DropAction.MoveAction and not view.editor.read_only:
            view.editor.insert(b"")

    # -- selecting -------------------------------------------------------------------------------------

    def _select_unit(self, unit: _Unit, caret: Caret) -> None:
        self._unit = unit
        self._origin = self._bounds(caret.offset)
        self._view.editor.select(*self._origin)

    def _bounds(self, offset: int) -> tuple[int, int]:
        movement = self._view.movement
        return movement.word_at(offset) if self._unit is _Unit.WORD else movement.line_at(offset)

    def _extend_to(self, place: QPointF) -> None:
        editor = self._view.editor
        caret = self._view.caret_at(place)
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
        area = self._view.viewport().rect()
        above, below = min(0.0, self._at.y()), max(0.0, self._at.y() - area.height())
        aside = min(0.0, self._at.x()) + max(0.0, self._at.x() - area.width())
        self._view.scroll_pixels(round((above + below) * 0.6), round(aside * 0.6))
        self._extend_to(self._at)

    def _scroll_at_edge(self, place: QPointF) -> None:
        row, height = self._view.row_height, self._view.viewport().height()
        if place.y() < row:
            self._view.scroll_pixels(-row // 2, 0)
        elif place.y() > height - row:
            self._view.scroll_pixels(row // 2, 0)

    def _over_selection(self, place: QPointF) -> bool:
        start, end = self._view.editor.selection
        return start <= self._view.character_at(place) < end and self._view.is_over_text(place)

    def _paste_selection(self, place: QPointF) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and not self._view.editor.read_only:
            data = text_of(clipboard.mimeData(clipboard.Mode.Selection))
            self._view.editor.place(self._view.caret_at(place))
            if data:
                self._view.editor.insert(data)

    @staticmethod
    def _near(one: QPointF, other: QPointF) -> bool:
        way: QPoint = (one - other).toPoint()
        return way.manhattanLength() < QApplication.startDragDistance()
