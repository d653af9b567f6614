"""The ruler beside the scroll bar: where in the text tokenizers differ, and which part is in sight."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tokviz.analysis import formatting
from tokviz.language import _, ngettext
from tokviz.ui.common.focus_ring import paint_ring
from tokviz.ui.common.painted_parts import PaintedParts
from tokviz.ui.common.theme import Theme

_WIDTH = 22
_EDGE = 3
_BAND, _GAP = 3, 1
"""Pixels of a mark and below it. Marks a pixel high run into one red field where differences are dense."""
_LEAST = 0.15
"""How far across the mark of a part with few differences reaches: one must be able to see it."""
_FULL = 0.95
"""The share of marks that are shorter than full: a few very dense parts do not flatten all the others."""


class OverviewRuler(PaintedParts):
    """Draws, from top to bottom of the text, a bar as long as the part's share of differing boundaries.

    Length, not colour, says how much differs. A click or drag asks to go there, and arrow keys to where there
    are differences; the page's keys go from one of these to the next.
    """

    place_chosen = Signal(float)
    """A place in the text, from 0.0 (its start) to 1.0."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Where the tokenizers differ"), parent)
        self._theme = theme
        self._density: NDArray[np.float64] = np.zeros(0)
        self._place: float | None = None
        """Where keys have gone, from 0.0 to 1.0."""
        self._known = 1.0
        self._in_sight = (0.0, 1.0)
        self._marks: QPixmap | None = None
        self._found: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        """What ``_stretches`` gave for these differences and this height."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the text
        self.setFixedWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

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
        self._marks = self._found = None
        self.show_parts()

    def set_in_sight(self, start: float, stop: float) -> None:
        """The part of the text that is in sight, each end from 0.0 to 1.0."""
        if (start, stop) != self._in_sight:
            self._in_sight = (start, stop)
            self.update()

    # -- the parts with differences, for keys and screen readers ----------------------------------------

    def part_count(self) -> int:
        return len(self._stretches()[0])

    def part_words(self, number: int) -> str:
        places, counts = self._stretches()
        # Translators: {share} is how far into the text, such as “42.1 %”.
        return ngettext(
            "{share} into the text: {n} boundary differs",
            "{share} into the text: {n} boundaries differ",
            int(counts[number]),
            share=formatting.percent(float(places[number])),
        )

    def part_box(self, number: int) -> QRectF:
        height = self.height() / self._bands
        return QRectF(0, self._stretches()[0][number] * self.height(), self.width(), height)

    def current_part(self) -> int | None:
        places, _counts = self._stretches()
        if self._place is None or not len(places):
            return None
        return max(0, int(np.searchsorted(places, self._place, side="right")) - 1)

    def choose_part(self, number: int) -> None:
        self._go(float(self._stretches()[0][number]))

    def overview(self) -> str:
        parts = int(np.count_nonzero(self._density))
        return ngettext(
            "Differences in {parts} of {n} part of the text",
            "Differences in {parts} of {n} parts of the text",
            len(self._density),
            n=len(self._density),
            parts=parts,
        )

    @property
    def _bands(self) -> int:
        return max(1, min(len(self._density), self.height() // (_BAND + _GAP)))

    def _stretches(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of the bands that have differences: where the first is, from 0.0 to 1.0, and how many they are."""
        if self._found is None:
            parts, some = len(self._density), np.flatnonzero(self._density)
            self._found = np.zeros(0), np.zeros(0)
            if len(some):
                _bands, first = np.unique(some * self._bands // parts, return_index=True)
                self._found = some[first] / parts, np.add.reduceat(self._density[some], first)
        return self._found

    def _go(self, place: float) -> None:
        self._place = place
        self.tell()
        self.place_chosen.emit(place)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._marks = self._found = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._marks is None or self._marks.devicePixelRatioF() != self.devicePixelRatioF():
            self._marks = self._draw_marks(self.devicePixelRatioF())
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._marks)
            top, bottom = (share * self.height() for share in self._in_sight)
            painter.setPen(QPen(self._theme.text, 1))
            painter.drawRect(QRectF(0.5, top + 0.5, self.width() - 1, max(bottom - top - 1, 3.0)))
            if self.hasFocus():
                paint_ring(painter, self.rect(), self._theme)

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
            self._go(min(max(event.position().y() / self.height(), 0.0), 1.0))


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
