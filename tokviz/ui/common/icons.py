"""Icons: one SVG each, painted in the palette's colours, so that every theme has them."""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tokviz.assets import Assets

SIDE = 16
"""Pixels of an icon's side at the usual size; the strokes of the files are then 1.5 wide."""
_DISABLED = 0.6
"""How much of an icon is seen where it does nothing."""
_STROKE = 'stroke-width="2.25"'
_MIRRORED = {"chevron-left": "chevron-right", "chevron-right": "chevron-left"}
"""What points back and ahead points the other way where one reads from the right."""


class Tint(StrEnum):
    """Which colour of the palette an icon has. Where it is checked, it has the accent."""

    QUIET = "quiet"
    """Beside words."""
    ALONE = "alone"
    """Without words."""
    ACCENT = "accent"
    ERROR = "error"
    ON_ACCENT = "on accent"  # verbatim


_ROLES = {
    Tint.QUIET: QPalette.ColorRole.PlaceholderText,
    Tint.ALONE: QPalette.ColorRole.WindowText,
    Tint.ACCENT: QPalette.ColorRole.Accent,
    Tint.ERROR: QPalette.ColorRole.BrightText,
    Tint.ON_ACCENT: QPalette.ColorRole.Light,
}
"""What ``Theme.palette`` puts there: muted, text, accent, error and accent_text."""


def icon(name: str, tint: Tint = Tint.QUIET) -> QIcon:
    """The icon ``name`` of ``resources/icons/lucide``. It follows the theme by itself."""
    return QIcon(_Engine(name, tint))


def paint_icon(painter: QPainter, rect: QRectF, name: str, color: QColor, stroke: float = 1.5) -> None:
    """Draw an icon into ``rect`` in any colour; ``stroke``: how wide its lines are, in pixels."""
    QSvgRenderer(svg(name, color, stroke * 24 / rect.width())).render(painter, rect)


def svg(name: str, color: QColor, stroke: float = 2.25) -> bytes:
    """The icon as a file; ``stroke``: how wide its lines are, in units of 24 a side."""
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        name = _MIRRORED.get(name, name)
    text = _svg(name).replace(_STROKE, f'stroke-width="{stroke:.3f}"').replace("currentColor", color.name())
    return text.encode()


@cache
def _svg(name: str) -> str:
    return Assets().path("icons", "lucide", f"{name}.svg").read_text("utf-8")


class _Engine(QIconEngine):
    """Paints an SVG in the colours that the application's palette has at that moment."""

    def __init__(self, name: str, tint: Tint) -> None:
        super().__init__()
        self._name = name
        self._tint = tint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tint = Tint.ACCENT if state == QIcon.State.On else self._tint
        color = QGuiApplication.palette().color(QPalette.ColorGroup.Active, _ROLES[tint])
        side = min(rect.width(), rect.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(QRectF(rect).center())
        painter.save()
        if mode == QIcon.Mode.Disabled:
            painter.setOpacity(_DISABLED * painter.opacity())
        paint_icon(painter, square, self._name, color, 1.5 * side / SIDE)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._tint)
