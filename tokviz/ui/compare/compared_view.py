"""A token view in a comparison: it shows which of its boundaries the others do not have."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from tokviz.text.buffer import TextBuffer
from tokviz.text.undo import UndoHistory
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.painting.visible_rows import VisibleRow
from tokviz.ui.editor.token_view import TokenView

Boundaries = Callable[[int, int], tuple[NDArray[np.int64], NDArray[np.bool_]]]
"""The differing boundaries in ``start <= offset < stop``, and whether this view's tokenizer has each."""

_ROWS_KEPT = 300
"""Rows whose marks are remembered."""
_CAP, _THICK = 3, 2
"""Half the width of a mark's head and foot, and their height."""


class ComparedView(TokenView):
    """Draws over the text: where this tokenizer has a boundary and some other has not, a broken beam (⌶) as
    high as the row; where some other has one and this one has not, only the beam's head and foot. What all
    share keeps its thin line. So the three are told apart by shape.

    While it is hidden it lays out nothing, so edits cost it next to nothing.
    """

    def __init__(
        self, buffer: TextBuffer, theme: Theme, history: UndoHistory, parent: QWidget | None = None
    ) -> None:
        super().__init__(buffer, theme, history, parent)
        self.sleeps_while_hidden = True
        self._beams = _Beams(self)
        self.add_overlay(self._beams)
        self.step: tuple[int, int] | None = None
        """While the view scrolls by so many pixels (down, right): how far."""

    def set_differing(self, differing: Boundaries | None) -> None:
        """Show these from now on; call it again whenever they are others."""
        self._beams.set_differing(differing)
        self.refresh()

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


class _Beams:
    """Draws the marks, and remembers those of each row until something changes."""

    def __init__(self, view: TokenView) -> None:
        self._view = view
        self._differing: Boundaries | None = None
        self._version = 0
        self._known: dict[tuple[int, int], list[QRect]] = {}
        self._known_for: tuple[object, ...] = ()

    def set_differing(self, differing: Boundaries | None) -> None:
        """Draw these from now on."""
        self._differing = differing
        self._version += 1

    @property
    def draws(self) -> bool:
        """See Overlay."""
        return self._differing is not None

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        """See Overlay."""
        if self._differing is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._view.theme.error)
        drawn = 0
        for row in rows:
            beams = self._of(row, height, self._differing)
            if beams:
                painter.translate(0, row.y - drawn)
                painter.drawRects(beams)
                drawn = row.y

    def _of(self, row: VisibleRow, height: int, differing: Boundaries) -> list[QRect]:
        """A row's marks, from the text's left edge and the row's top."""
        state = (self._view.text_viewport.rows.version, self._version)
        if state != self._known_for:
            self._known.clear()
            self._known_for = state
        key = (row.start, row.stop)
        if key not in self._known:
            if len(self._known) >= _ROWS_KEPT:  # one at a time: to free all at once takes longer than a frame
                del self._known[next(iter(self._known))]
            marks = _measure(row, *differing(row.start + 1, row.stop + 1))
            self._known[key] = [rect for x, own in marks for rect in beam(round(x), height, own)]
        return self._known[key]


def _measure(row: VisibleRow, offsets: NDArray[np.int64], own: NDArray[np.bool_]) -> list[tuple[float, bool]]:
    """Where in its row each of the differing boundaries stands, and whether it is this view's own."""
    if not len(offsets):
        return []
    edges = np.unique(np.concatenate((offsets, np.array([row.start, row.stop], np.int64))))
    spans = row.spans(edges)
    has = dict(zip(offsets.tolist(), own.tolist(), strict=True))
    at = edges[spans.edge_boundaries].tolist()
    beams = [(x, has[offset]) for offset, x in zip(at, spans.edges.tolist(), strict=True) if offset in has]
    # A boundary inside a character has no edge: its mark stands where the painter draws its tick.
    inside = [has[offset] for offset in sorted(has.keys() - set(at))]
    return beams + [(x, mine) for (x, _, _), mine in zip(spans.inner, inside, strict=False)]


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
