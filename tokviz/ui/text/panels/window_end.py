"""Draws in the text where the chosen models' windows end: a stepped rule, and what does not fit paler."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QRegion

from tokviz.analysis import formatting
from tokviz.language import _
from tokviz.ui.common.type_sizes import LEGEND, sized
from tokviz.ui.editor.painting.visible_rows import VisibleRow
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.text_limits import LimitEnd, TextLimits

VEIL = 0.28
"""How much of the surface is painted over what does not fit. It is still to be read: more would take its
contrast below 4.5."""
_DOUBT = 0.14
"""The same over what an estimate leaves open."""
_DASHES = [3.0, 3.0]
_INSET = 12
"""Between a label and the right edge, in pixels."""
_PADDING = 8
_LABEL_HEIGHT = 18


class WindowEndRule:
    """An overlay of a view (see ``Overlay``). What is hovered and the caret are left as they are."""

    def __init__(self, view: TokenView, limits: TextLimits) -> None:
        self._view = view
        self._limits = limits
        view.add_overlay(self)
        limits.changed.connect(view.refresh)

    @property
    def draws(self) -> bool:
        """See Overlay."""
        return self._limits.limit is not None or bool(self._limits.others)

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        """See Overlay."""
        end, others = self._limits.selected, self._limits.others
        if end is None and not others:
            return
        for other in others:
            self._draw_tick(painter, other.offset, height)
        if end is None:
            return
        self._veil(painter, rows, end, height)
        estimated = end.latest is not None and end.latest > end.offset
        self._draw_rule(painter, end.offset, height, rule_label(end), estimated)
        if estimated and end.latest is not None and end.latest < len(self._view.buffer):
            self._draw_rule(
                painter, end.latest, height, _("{model}: at the latest", model=end.limit.name), estimated
            )

    # -- what does not fit -----------------------------------------------------------------------------

    def _veil(self, painter: QPainter, rows: Sequence[VisibleRow], end: LimitEnd, height: int) -> None:
        latest = end.offset if end.latest is None else end.latest
        if not rows or rows[-1].stop <= min(end.offset, latest):
            return  # as for most keys, which draw one row
        surface, clear = QColor(self._view.theme.surface), self._left_clear(rows)
        for start, stop, share in ((end.offset, latest, _DOUBT), (latest, len(self._view.buffer), VEIL)):
            region = QRegion()
            for row in rows:
                for box in self._boxes(row, start, stop, height):
                    region += box
            surface.setAlphaF(share)
            if not region.isEmpty():
                painter.save()
                painter.setClipRegion(region - clear, Qt.ClipOperation.IntersectClip)
                painter.fillRect(region.boundingRect(), surface)
                painter.restore()

    def _left_clear(self, rows: Sequence[VisibleRow]) -> QRegion:
        """The token under the mouse, and the caret."""
        view, left = self._view, self._view.text_viewport.geometry.text_left
        region = QRegion()
        if hovered := view.state.decorations.hovered:
            for box in view.text_viewport.boxes(hovered, [(row.y, row.row) for row in rows]):
                region += box.toAlignedRect().translated(-left, 0)
        if caret := view.caret_rectangle():
            region += caret.toAlignedRect().translated(-left, 0)
        return region

    def _boxes(self, row: VisibleRow, start: int, stop: int, height: int) -> Iterator[QRect]:
        """The boxes of what these bytes have in a row, from the text's left edge."""
        if start >= stop or row.stop <= start or row.start >= stop:
            return
        low, high = self._view.text_viewport.geometry.clip
        if row.start >= start and row.stop <= stop:
            yield QRectF(low, row.y, high - low, height).toAlignedRect()
            return
        edges = np.unique(np.array([start, stop, row.start, row.stop], np.int64).clip(row.start, row.stop))
        for owner, left, right in row.spans(edges):
            if start <= int(edges[owner]) < stop:
                yield QRectF(left, row.y, right - left, height).toAlignedRect()

    # -- the rule --------------------------------------------------------------------------------------

    def _place(self, offset: int) -> tuple[int, float, bool] | None:
        """The y of the row in which an offset is, its x there, and whether the row begins there."""
        found = self._view.text_viewport.touching(offset, offset + 1)
        if not found:
            return None
        y, row = found[0]
        return y, row.x_of(offset), offset <= row.start

    def _draw_rule(self, painter: QPainter, offset: int, height: int, label: str, dashed: bool) -> None:
        place = self._place(offset)
        if place is None:
            return
        y, x, starts_row = place
        low, high = self._view.text_viewport.geometry.clip
        drawn = painter.clipBoundingRect()
        if y - 2 * height > drawn.bottom() or y + 2 * height < drawn.top():
            return  # neither the rule nor its label, which stands half over the row before, is drawn again
        color = self._view.theme.error
        painter.setPen(_pen(color, dashed))
        top, foot = y + 0.5, y + height - 0.5
        if starts_row:
            painter.drawLine(QLineF(low, top, high, top))
        else:
            step = round(x) + 0.5
            corners = (QPointF(low, foot), QPointF(step, foot), QPointF(step, top), QPointF(high, top))
            painter.drawPolyline(corners)
        self._draw_label(painter, label, y, high)

    def _draw_label(self, painter: QPainter, label: str, y: int, right: float) -> None:
        theme, font = self._view.theme, sized(self._view.font(), LEGEND)
        metrics = QFontMetrics(font)
        width = metrics.horizontalAdvance(label) + 2 * _PADDING
        high = max(_LABEL_HEIGHT, metrics.height() + 2)
        # On the first row the label stands under the rule, not out of sight.
        box = QRectF(right - _INSET - width, max(y - high / 2, 0), width, high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.error)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(box, 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(theme.accent_text)
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    def _draw_tick(self, painter: QPainter, offset: int, height: int) -> None:
        if place := self._place(offset):
            y, x, _ = place
            painter.fillRect(QRectF(round(x) - 1, y + 1, 2, height - 2), self._view.theme.error)


def rule_label(end: LimitEnd) -> str:
    """What stands at the rule: ``GPT-4: 8,192 of 9,448``."""
    model, limit = end.limit.name, formatting.grouped(end.limit.tokens)
    if not end.count:
        return f"{model}: {limit}"
    # Translators: so many tokens fit the model, of so many that the text has.
    return _("{model}: {limit} of {tokens}", model=model, limit=limit, tokens=formatting.count(end.count))


def _pen(color: QColor, dashed: bool) -> QPen:
    pen = QPen(color, 1)
    if dashed:
        pen.setDashPattern(_DASHES)
    return pen
