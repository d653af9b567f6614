"""The ruler beside the scroll bar: where in the text tokenizers differ, and which part is in sight."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.language import _, ngettext
from tokviz.ui.common.theme import Theme

_WIDTH = 22
_EDGE = 3
_BAND, _GAP = 3, 1
"""Pixels of a mark and below it. Marks a pixel high run into one red field where differences are dense."""
_LEAST = 0.15
"""How far across the mark of a part with few differences reaches: one must be able to see it."""
_FULL = 0.95
"""The share of marks that are shorter than full: a few very dense parts do not flatten all the others."""


class OverviewRuler(QWidget):
    """Draws, from top to bottom of the text, a bar as long as the part's share of differing boundaries.

    Length, not colour, says how much differs. A click or drag asks to go there; the difference keys of the
    page do the same by keyboard.
    """

    place_chosen = Signal(float)
    """A place in the text, from 0.0 (its start) to 1.0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._density: NDArray[np.float64] = np.zeros(0)
        self._known = 1.0
        self._in_sight = (0.0, 1.0)
        self._marks: QPixmap | None = None
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Where the tokenizers differ"))

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self._marks = None
        self.update()

    def set_density(self, density: NDArray[np.int64], known: float) -> None:
        """``density``: differing boundaries in each equal part of the text; the first ``known`` share of the
        text has been compared."""
        self._density = density.astype(np.float64)
        self._known = known
        self._marks = None
        parts = int(np.count_nonzero(density))
        said = ngettext(
            "Differences in {parts} of {n} part of the text",
            "Differences in {parts} of {n} parts of the text",
            len(density),
            n=len(density),
            parts=parts,
        )
        self.setAccessibleDescription(said)
        self.update()

    def set_in_sight(self, start: float, stop: float) -> None:
        """The part of the text that is in sight, each end from 0.0 to 1.0."""
        if (start, stop) != self._in_sight:
            self._in_sight = (start, stop)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._marks = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._marks is None or self._marks.devicePixelRatioF() != self.devicePixelRatioF():
            self._marks = self._draw_marks(self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._marks)
            top, bottom = (share * self.height() for share in self._in_sight)
            painter.setPen(QPen(self._theme.text, 1))
            painter.drawRect(QRectF(0.5, top + 0.5, self.width() - 1, max(bottom - top - 1, 3.0)))

    def _draw_marks(self, ratio: float) -> QPixmap:
        """A mark for each band, as long as its differences are many; hatched where not known."""
        picture = QPixmap(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.raised)
        painter = QPainter(picture)
        if self._density.any():
            shares = mark_lengths(fold(self._density, max(1, self.height() // (_BAND + _GAP))))
            for band in np.flatnonzero(shares).tolist():
                length = (self.width() - 2 * _EDGE) * (_LEAST + (1 - _LEAST) * float(shares[band]))
                top = band * (_BAND + _GAP)
                painter.fillRect(QRectF(_EDGE, top, length, _BAND), self._theme.error)
        if self._known < 1.0:
            unknown = QRectF(0, self._known * self.height(), self.width(), self.height())
            painter.fillRect(unknown, QBrush(self._theme.muted, Qt.BrushStyle.BDiagPattern))
        painter.end()
        return picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.height() > 0:
            self.place_chosen.emit(min(max(event.position().y() / self.height(), 0.0), 1.0))


def fold(density: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """``density`` over ``rows`` rows: the mean where several parts share a row, repeated where a part covers
    several."""
    parts = len(density)
    if rows >= parts:
        repeated: NDArray[np.float64] = density[np.arange(rows) * parts // rows]
        return repeated
    starts = np.arange(rows) * parts // rows
    sums: NDArray[np.float64] = np.add.reduceat(density, starts)
    folded: NDArray[np.float64] = sums / np.diff(np.append(starts, parts))
    return folded


def mark_lengths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 0.0 to 1.0 each: shares of what nearly all values are below; none that is not 0 becomes 0.

    Where all are about alike, they are about half as long as can be, so that more and less are both seen.
    """
    some = values[values > 0]
    if not len(some):
        return np.zeros(len(values))
    full = max(float(np.quantile(some, _FULL)), 2 * float(np.median(some)))
    lengths: NDArray[np.float64] = np.clip(values / full, 0.0, 1.0)
    return lengths
