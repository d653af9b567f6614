"""A token view in a comparison: it shows which of its boundaries the others do not have."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from tokviz.ui.text.buffer import Edit, TextBuffer
from tokviz.ui.text.painting import LONG_ROW
from tokviz.ui.text.row_space import PlacedRow
from tokviz.ui.text.token_view import TokenView
from tokviz.ui.text.undo import UndoHistory
from tokviz.ui.theme import Theme

Boundaries = Callable[[int, int], tuple[NDArray[np.int64], NDArray[np.bool_]]]
"""The differing boundaries in ``start <= offset < stop``, and whether this view's tokenizer has each."""

_ROWS_KEPT = 300
"""Rows whose marks are remembered."""
_CAP, _THICK = 3, 2
"""Half the width of a mark's head and foot, and their height."""


class ComparedView(TokenView):
    """Draws over the text: where this tokenizer cuts and some other does not, a broken beam (⌶) as high as
    the row; where some other cuts and this one does not, only the beam's head and foot. What all cut alike
    keeps its thin line. So the three are told apart by shape.

    While it is hidden, it takes no part in edits, which then cost it nothing.
    """

    def __init__(
        self, buffer: TextBuffer, theme: Theme, history: UndoHistory, parent: QWidget | None = None
    ) -> None:
        super().__init__(buffer, theme, history, parent)
        self._differing: Boundaries | None = None
        self._differing_version = 0
        self._beams: dict[tuple[int, int], list[QRect]] = {}
        self._beams_valid_for: tuple[object, ...] = ()
        self._missed_edit = False
        self.step: tuple[int, int] | None = None
        """While the view scrolls by so many pixels (down, right): how far."""

    def set_differing(self, differing: Boundaries | None) -> None:
        """Show these from now on; call it again whenever they are others."""
        self._differing = differing
        self._differing_version += 1
        self.viewport().update()

    def scroll_pixels(self, down: int, right: int) -> None:
        self.step = (down, right)
        try:
            super().scroll_pixels(down, right)
        finally:
            self.step = None

    def follow(self, other: "ComparedView") -> None:
        """Go where ``other`` is, which shows the same text at the same width."""
        if other.step is not None:
            self.scroll_pixels(*other.step)  # what stays in sight is not drawn again
        self.set_scroll_state(other.scroll_state())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._differing is None:
            return
        painter = QPainter(self.viewport())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.error)
        painter.setClipRect(event.rect() & self.viewport().rect().adjusted(self._geometry.gutter, 0, 0, 0))
        area, height = event.rect(), self.row_height
        left, drawn = self._geometry.text_left, 0
        for y, placed in self._visible():
            if y <= area.bottom() and y + height > area.top() and (beams := self._beams_of(placed)):
                painter.translate(left, y - drawn)
                painter.drawRects(beams)
                left, drawn = 0, y
        painter.end()

    def _beams_of(self, placed: PlacedRow) -> list[QRect]:
        """A row's marks, from the text's left edge and the row's top, remembered until they change."""
        state = (self.buffer.revision, self._differing_version, self.line_layout.version)
        if state != self._beams_valid_for:
            self._beams.clear()
            self._beams_valid_for = state
        key = self._in_sight(placed)
        if key not in self._beams:
            if len(self._beams) >= _ROWS_KEPT:  # one at a time: to free all at once takes longer than a frame
                del self._beams[next(iter(self._beams))]
            self._beams[key] = [
                rect
                for x, own in self._measure(placed, *key)
                for rect in beam(round(x), self.row_height, own)
            ]
        return self._beams[key]

    def _in_sight(self, placed: PlacedRow) -> tuple[int, int]:
        """The bytes of a row that are in sight: all, unless it is long and does not wrap."""
        if placed.stop - placed.start <= LONG_ROW:
            return placed.start, placed.stop
        row, base, left = self._rows.row(placed), placed.segment.start, self._geometry.text_left
        low = base + row.character_at(self._geometry.gutter - left)
        high = base + row.character_at(self._geometry.width - left)
        return self.buffer.boundary_before(low), min(self.buffer.boundary_after(high + 8), placed.stop)

    def _measure(self, placed: PlacedRow, start: int, stop: int) -> list[tuple[float, bool]]:
        assert self._differing is not None
        offsets, own = self._differing(start + 1, stop + 1)
        if not len(offsets):
            return []
        cuts = np.unique(np.concatenate((offsets, np.array([start, stop], np.int64))))
        spans = self._rows.row(placed).spans(cuts - placed.segment.start)
        has = dict(zip(offsets.tolist(), own.tolist(), strict=True))
        at = cuts[spans.edge_cuts].tolist()
        beams = [
            (x, has[offset]) for offset, x in zip(at, spans.edges.tolist(), strict=True) if offset in has
        ]
        # A cut inside a character has no edge: its mark stands where the painter draws its tick.
        inside = [has[offset] for offset in sorted(has.keys() - set(at))]
        return beams + [(x, mine) for (x, _, _), mine in zip(spans.inner, inside, strict=False)]

    def _text_changed(self, edit: Edit) -> None:
        if self.isVisible():
            super()._text_changed(edit)
        else:
            self._missed_edit = True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._missed_edit:
            self._missed_edit = False
            self.clear_highlights()
            self.set_pinned(None)
            self._apply_limit()
            self.relayout()


def beam(x: int, height: int, own: bool) -> list[QRect]:
    """The rectangles of a mark at ``x`` in a row of ``height``: head and foot, with stems if it is own.

    The stems leave the middle free: where tokenizers differ at every letter, the letters are still read.
    """
    head = QRect(x - _CAP, 0, 2 * _CAP, _THICK)
    foot = QRect(x - _CAP, height - _THICK, 2 * _CAP, _THICK)
    if not own:
        return [head, foot]
    stem = max(3, height // 4)
    return [head, foot, QRect(x - 1, _THICK, 2, stem), QRect(x - 1, height - _THICK - stem, 2, stem)]
