"""Sizes of type, in proportion to the user's own; and lengths that go with them."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget

BODY = 13.0
"""The size, in pixels, that all others and all lengths below are meant for."""
CARD_TITLE = 16.0
SUMMARY = 15.0
CHIP = 12.0
SECOND_LINE = 11.5
LEGEND = 11.0
BADGE = 10.5
TOKENS = 13.5


def sized(base: QFont, size: float, semibold: bool = False) -> QFont:
    """The user's font ``base`` as a type of ``size`` where the body has BODY."""
    font = QFont(base)
    if base.pointSizeF() > 0:
        font.setPointSizeF(base.pointSizeF() * size / BODY)
    else:
        font.setPixelSize(max(1, round(base.pixelSize() * size / BODY)))
    font.setWeight(QFont.Weight.DemiBold if semibold else QFont.Weight.Normal)
    return font


class _Sizing(QObject):
    """Gives a widget its font anew whenever the user's own is another one."""

    def __init__(self, widget: QWidget, size: float, semibold: bool) -> None:
        super().__init__(widget)
        self._size, self._semibold = size, semibold
        widget.installEventFilter(self)
        self._give(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Another font comes with a style sheet of its own; of the font itself Qt tells windows alone.
        if event.type() == QEvent.Type.StyleChange and isinstance(watched, QWidget):
            self._give(watched)
        return False

    def _give(self, widget: QWidget) -> None:
        widget.setFont(sized(QApplication.font(), self._size, self._semibold))


def keep_sized(widget: QWidget, size: float, semibold: bool = False) -> None:
    """Write in ``widget`` in a type of ``size``, in proportion to the user's font now and later."""
    _Sizing(widget, size, semibold)


def scaled(base: QFont, length: float) -> int:
    """A height or width in pixels that grows with the type, as ``length`` is for a body of BODY pixels."""
    return max(1, round(length * QFontInfo(base).pixelSize() / BODY))


def with_tabular_figures(font: QFont) -> QFont:
    """``font`` with figures of one width, so that numbers below one another align."""
    tabular = QFont(font)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    return tabular
