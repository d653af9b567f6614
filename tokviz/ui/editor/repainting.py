"""What of a view is drawn again when something changed: no more than that, so that a key stays cheap."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractScrollArea

from tokviz.ui.editor.input.editor_state import EditorState
from tokviz.ui.editor.layout.text_viewport import TextViewport

_RECOLOR = 40
"""Milliseconds after which tokens of which only the index changed get the colours that go with it."""


class Blinking(QObject):
    """Turns the caret on and off at the pace the desktop is set to; one that moves stays on."""

    turned = Signal()
    """The caret is on now, or off."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = True
        self._moved = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin, with the caret on."""
        self.on = True
        flash = QGuiApplication.styleHints().cursorFlashTime()
        if flash > 0:
            self._timer.start(flash // 2)
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Blink no more."""
        self._timer.stop()

    def moved(self) -> None:
        """The caret moved: it is on, for a whole turn. (The timer runs on, as starting it anew at each key
        would cost more than the rest.)"""
        self.on = self._moved = True

    def _turn(self) -> None:
        self.on = self._moved or not self.on
        self._moved = False
        self.turned.emit()


class Repainting(QObject):
    """Asks for the parts of a view to be painted that changed."""

    def __init__(self, area: QAbstractScrollArea, viewport: TextViewport, state: EditorState) -> None:
        super().__init__(area)
        self._area = area  # (its viewport is asked for each time: what is kept of it ends before it does)
        self._viewport = viewport
        self._state = state
        self._painted_caret = (0, 0)
        """The (y, height) of the row on which the caret was last."""
        self._painted_selection = (0, 0)
        self._recoloring = QTimer(self, singleShot=True, interval=_RECOLOR)
        self._recoloring.timeout.connect(self._recolor)
        self._recolored_from = 0
        """Where the first of those tokens begins."""

    def all(self) -> None:
        """Everything."""
        self._area.viewport().update()

    def band(self, top: int, bottom: int) -> None:
        """Whole rows, from one y to another."""
        self._area.viewport().update(0, top, self._viewport.geometry.width, bottom - top)

    def spans(self, *spans: tuple[int, int] | None) -> None:
        """The rows that these bytes touch."""
        for span in spans:
            for y, _ in self._viewport.touching(*span) if span else ():
                self.band(y, y + self._viewport.row_height)

    def tokens(self, start: int, end: int) -> None:
        """The tokens of these bytes, or the indices of those after them, changed. What only has other indices
        is drawn a little later: a key's frame need not be a whole screen, nor change twice."""
        seen_start, seen_end = self._viewport.visible_bytes()
        if start <= seen_start and end >= seen_end:
            self._recoloring.stop()
            self.all()
            return
        self.spans((start, max(end, start + 1)))
        if self._recoloring.isActive():
            self._recolored_from = min(self._recolored_from, start)
        else:
            self._recolored_from = start
            self._recoloring.start()

    def _recolor(self) -> None:
        touched = self._viewport.touching(self._recolored_from, self._viewport.visible_bytes()[1])
        if touched:
            self.band(touched[0][0], self._viewport.geometry.height)

    def caret(self) -> None:
        """The row on which the caret was and the one where it is now; everything where a selection came,
        changed or went."""
        selection, before = self._state.selection, self._painted_selection
        row = self._caret_row()
        if selection != before and (selection[0] != selection[1] or before[0] != before[1]):
            self.all()
        else:
            for y, height in {row, self._painted_caret}:
                self.band(y, y + height)
        self._painted_selection, self._painted_caret = selection, row

    def forget_caret(self) -> None:
        """All will be drawn, so that nothing need be for where the caret was."""
        self._painted_caret = (0, 0)

    def scrolled(self) -> None:
        """Nothing: but the caret's row stands elsewhere now."""
        self._painted_caret = self._caret_row()

    def blink(self) -> None:
        """What the caret covers."""
        box = self._viewport.caret_box(self._state.caret)
        if box is not None:
            advance = round(self._viewport.layout.style.advance)
            self._area.viewport().update(box.toAlignedRect().adjusted(-6, -2, advance, 2))

    def _caret_row(self) -> tuple[int, int]:
        """The (y, height) of the caret's row; (0, 0) if it is out of sight."""
        y = self._viewport.y_of(self._viewport.navigator.of_caret(self._state.caret))
        return (0, 0) if y is None else (y, self._viewport.row_height)
