"""The font of the text, and its measures."""

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from tokviz.ui.common.text_family import text_base

MINIMUM_POINTS = 10.5
"""The size to begin with, where the system's own is smaller: tokens are looked at, not only read."""


def text_font(zoom: int) -> QFont:
    """A fixed-width font, ``zoom`` points larger (or smaller) than its own size."""
    font = text_base()
    font.setPointSizeF(max(4.0, max(MINIMUM_POINTS, font.pointSizeF()) + zoom))
    font.setKerning(False)
    return font


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The measures of a font, in pixels."""

    font: QFont
    advance: float
    row_height: int
    baseline: int
    """From a row's top."""
    pixel_font: QFont
    """The same font for ``QPainter.drawText``, which measures points by the device it draws on."""
    monospaced: bool
    """Whether all of printable ASCII is exactly ``advance`` wide."""

    @classmethod
    def of(cls, font: QFont) -> "TextStyle":
        """Measure ``font``. A row is high enough for the scripts that stand taller than Latin."""
        metrics = QFontMetricsF(font)
        advance = metrics.horizontalAdvance("0")
        printable = "".join(map(chr, range(0x20, 0x7F)))
        monospaced = all(abs(metrics.horizontalAdvance(letter) - advance) < 0.01 for letter in printable)
        height = round(max(metrics.height() * 1.2, QFontInfo(font).pixelSize() * 1.65))
        baseline = round((height - metrics.height()) / 2 + metrics.ascent())
        pixel_font = QFont(font)
        pixel_font.setPixelSize(max(1, QFontInfo(font).pixelSize()))
        return cls(font, advance, height, baseline, pixel_font, monospaced)
