"""The font of the text: the system's fixed-width one."""

from PySide6.QtGui import QFont, QFontDatabase

MINIMUM_POINTS = 10.5
"""The size to begin with, where the system's own is smaller: tokens are looked at, not only read."""
ZOOM_STEPS = (-6, 30)
"""How far the letters may be made smaller or larger, in steps of one point."""


def text_font(zoom: int) -> QFont:
    """A fixed-width font, ``zoom`` points larger (or smaller) than its own size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    # No families of our own after it: Qt would try each of them for every script before it asks the platform.
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(max(4.0, max(MINIMUM_POINTS, font.pointSizeF()) + zoom))
    font.setKerning(False)
    return font
