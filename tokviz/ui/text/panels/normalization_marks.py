"""Underlines what the tokenizer's normalization changes."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QPainter, QPen

from tokviz.ui.editor.painting.row_parts import RowPart
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.rewritings import Rewritings

_WIDTH = 2


class NormalizationMarks:
    """An overlay of a view: a dashed line under each place."""

    def __init__(self, view: TokenView, rewritings: Rewritings) -> None:
        self._view = view
        self._rewritings = rewritings
        view.add_overlay(self)
        rewritings.changed.connect(view.refresh)

    @property
    def draws(self) -> bool:
        """See Overlay."""
        return self._rewritings.form is not None

    def draw(self, painter: QPainter, parts: Sequence[RowPart], height: int) -> None:
        """See Overlay."""
        if not self._rewritings.count:
            return
        pen = QPen(self._view.theme.accent, _WIDTH, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.5, 1])
        painter.setPen(pen)
        for part in parts:
            y = part.y + height - _WIDTH
            for left, right in self._stretches(part):
                painter.drawLine(QLineF(left + 1, y, right - 1, y))

    def _stretches(self, part: RowPart) -> list[tuple[float, float]]:
        places = self._rewritings.places_in(part.start, part.stop)
        if not places:
            return []
        edges = np.array(places, np.int64).ravel().clip(part.start, part.stop)
        cuts = np.unique(np.concatenate((edges, [part.start, part.stop])))
        # A stretch between two cuts is one of the places where the cut before it opens one.
        opening = np.isin(cuts, edges[::2])
        spans = part.row.spans(cuts - part.placed.segment.start)
        return [(left, right) for owner, left, right in spans if opening[owner]]
