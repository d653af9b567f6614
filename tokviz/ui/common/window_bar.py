"""The window bar: a model's context window to scale, with what a text takes of it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Fit
from tokviz.language import _
from tokviz.ui.common.theme import Theme

HEIGHT = 8
"""Pixels; 6 in trees."""
TICK_OVERHANG = 3
"""What the tick stands out above and below, in pixels."""
_LEAST = 3.0
"""Pixels of a mark at least: 0.05 % is a mark and not dirt."""
_TICK = 1.5
_STRIPE, _STRIDE = 2.0, 4.0
_RADIUS = 2.0
_ARROW = 5.0
"""Pixels of the point that says that the text goes on beyond the window."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the marks of a bar lie, in pixels from its start. None: there is no such mark."""

    solid: float = 0.0
    """The text, as far as it is certain; its end."""
    striped: tuple[float, float] | None = None
    """From an estimate's low end to its high end."""
    reserve: tuple[float, float] | None = None
    tick: float | None = None
    """The limit that binds, where it is not the bar's own end."""
    hollow: float | None = None
    """From here on the window takes answers only."""
    red: tuple[float, float] | None = None
    """What cannot be sent."""
    arrow: bool = False
    """The text goes beyond the window: the bar is the text, to scale."""
    gap: float | None = None
    """In the red, the window's end, where the tick is the largest input."""


def marks_of(fit: Fit, width: float) -> Marks | None:
    """The marks of a bar ``width`` pixels long; None if no limit is known."""
    window = fit.window or fit.max_input
    if not window or fit.sendable is None:
        return None
    limit = fit.sendable if fit.sendable < window else None
    if fit.used > window:
        scale = width / fit.used
        end = max(_LEAST, fit.sendable * scale)
        gap = window * scale if limit is not None and window * scale - end > 2 * _TICK else None
        return Marks(solid=end, tick=end, red=(end, width), arrow=True, gap=gap)
    scale = width / window
    tick = None if limit is None else max(_LEAST, limit * scale)
    used = max(_LEAST, fit.used * scale) if fit.used else 0.0
    if tick is not None and fit.over:
        return Marks(solid=tick, tick=tick, hollow=tick, red=(tick, max(used, tick + _LEAST)))
    striped, end, solid = None, used, used
    low, high = fit.count.low * scale, min(width, fit.count.high * scale)
    if high - low >= _LEAST:
        solid = max(_LEAST, low) if fit.count.low else 0.0
        striped, end = (solid, high), high
    reserve = None
    if fit.reserve and end + 1 < width:
        reserve = (end + 1 if end else 0.0, min(width, end + 1 + max(_LEAST, fit.reserve * scale)))
    return Marks(solid, striped, reserve, tick, tick)


def bar_parts(fit: Fit | None, bar: QRectF, mirrored: bool) -> list[tuple[str, QRectF]]:
    """What the bar tells, part by part: in words, and where that is painted. ``mirrored``: from the right."""
    marks = None if fit is None else marks_of(fit, bar.width())
    if fit is None or marks is None:
        return []
    tokens = formatting.tokens(fit.count)
    used = _("{tokens}, {share} of the window", tokens=tokens, share=fit_words.share(fit))
    end = marks.striped[1] if marks.striped else marks.solid
    told = [(used, 0.0, end)]
    if marks.reserve:
        start, end = marks.reserve
        told.append((_("reserve {reserve}", reserve=formatting.grouped(fit.reserve)), start, end))
    start, end = marks.red or (end, bar.width())
    told.append((fit_words.room_and_doubt(fit), start, end))
    edge = 2 * bar.left() + bar.width()
    parts = [(words, _part(bar, start, end)) for words, start, end in told]
    if mirrored:
        parts = [(words, box.translated(edge - box.left() - box.right(), 0)) for words, box in parts]
    return parts


def paint_window_bar(
    painter: QPainter, bar: QRectF, fit: Fit | None, theme: Theme, *, hatched: bool = False
) -> None:
    """Draw the bar into ``bar``; the tick stands out above and below it.

    ``fit``: None is unknown. ``hatched``: tell the part for answers alone by stripes, where there is room to
    see them, not only by an outline.
    """
    painter.save()
    if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        painter.translate(2 * bar.center().x(), 0)
        painter.scale(-1, 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    marks = None if fit is None else marks_of(fit, bar.width())
    if marks is None:
        _outline(painter, bar, theme, theme.border)
    else:
        _paint_marks(painter, bar, marks, theme, hatched)
    painter.restore()


def fit_color(fit: Fit | None, theme: Theme, usual: QColor) -> QColor:
    """``error`` where the text cannot be sent, ``warning`` where only the answer is cut or may be."""
    if fit is None or fit.left is None:
        return usual
    if fit.over:
        return theme.error
    return theme.warning if fit.left < 0 or not fit.fits else usual


def _paint_marks(painter: QPainter, bar: QRectF, marks: Marks, theme: Theme, hatched: bool) -> None:
    if marks.hollow is not None:
        _outline(painter, bar, theme, theme.border if hatched else None)
    end = bar.width() if marks.hollow is None else marks.hollow
    if not marks.arrow:
        painter.fillPath(_rounded(_part(bar, 0, end), marks.hollow is None), theme.track)
    painter.save()
    if marks.hollow is None and not marks.arrow:
        painter.setClipPath(_rounded(bar, True), Qt.ClipOperation.IntersectClip)
    painter.fillRect(_part(bar, 0, marks.solid), theme.error_mid if marks.red else theme.accent)
    if marks.striped:
        paint_stripes(painter, _part(bar, *marks.striped), theme.accent)
    if marks.reserve:
        start, stop = marks.reserve
        painter.fillRect(_part(bar, start, stop), theme.reserve)
        painter.fillRect(_part(bar, stop - 1, stop), theme.accent)
    painter.restore()
    if marks.red:
        _paint_red(painter, _part(bar, *marks.red), marks.arrow, theme.error)
    if marks.gap is not None:
        painter.fillRect(_part(bar, marks.gap - 0.5, marks.gap + 0.5), theme.surface)
    if marks.tick is not None:
        tick = _part(bar, marks.tick - _TICK / 2, marks.tick + _TICK / 2)
        painter.fillRect(tick.adjusted(0, -TICK_OVERHANG, 0, TICK_OVERHANG), theme.text)


def _part(bar: QRectF, start: float, stop: float) -> QRectF:
    return QRectF(bar.left() + start, bar.top(), stop - start, bar.height())


def _rounded(part: QRectF, right: bool) -> QPainterPath:
    """Square at the left, so that little is seen; rounded at the right if that is the bar's end."""
    path = QPainterPath(part.topLeft())
    if right and part.width() > 2 * _RADIUS:
        round_, side = 2 * _RADIUS, part.right() - 2 * _RADIUS
        path.arcTo(QRectF(side, part.top(), round_, round_), 90, -90)
        path.arcTo(QRectF(side, part.bottom() - round_, round_, round_), 0, -90)
    else:
        path.lineTo(part.topRight())
        path.lineTo(part.bottomRight())
    path.lineTo(part.bottomLeft())
    path.closeSubpath()
    return path


def _outline(painter: QPainter, bar: QRectF, theme: Theme, stripes: QColor | None) -> None:
    painter.fillRect(bar, theme.surface)
    if stripes is not None:
        paint_stripes(painter, bar, stripes, 1.0)
    painter.setPen(QPen(theme.border, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def paint_stripes(
    painter: QPainter, part: QRectF, color: QColor, width: float = _STRIPE, stride: float = _STRIDE
) -> None:
    """Lines at 45°, every ``stride`` pixels."""
    painter.save()
    painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
    # Across a slanting line: what is wide along the bar is 1.41 times narrower.
    painter.setPen(QPen(color, width / 1.414, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    x, height = part.left(), part.height()
    while x < part.right() + height:
        painter.drawLine(QPointF(x - height - 1, part.bottom() + 1), QPointF(x + 1, part.top() - 1))
        x += stride
    painter.restore()


def _paint_red(painter: QPainter, part: QRectF, arrow: bool, color: QColor) -> None:
    if not arrow:
        painter.fillRect(part, color)
        return
    point = min(_ARROW, part.width())
    path = QPainterPath(part.topLeft())
    path.lineTo(part.right() - point, part.top())
    path.lineTo(part.right(), part.center().y())
    path.lineTo(part.right() - point, part.bottom())
    path.lineTo(part.bottomLeft())
    path.closeSubpath()
    painter.fillPath(path, color)
