"""The font in which texts are written: one for all views, kept where Qt keeps those of kinds of widgets."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

_KIND = "TokenText"
"""What no widget is called: Qt hands the font to whoever asks, and to nobody else."""


def use_text_family(family: str) -> None:
    """Write texts in this family from now on; empty, or one that is not there: in the system's own."""
    QApplication.setFont(_font(family), _KIND)  # type: ignore[arg-type]  # PySide6 takes no bytes


def text_base() -> QFont:
    """The fixed-width font that texts are written in, in the size of the system's own."""
    font = QApplication.font(_KIND)  # type: ignore[call-overload]  # as above
    return font if font.styleHint() == QFont.StyleHint.Monospace else _font("")


def fixed_families() -> list[str]:
    """The families of this system whose letters are all of one width."""
    families = QFontDatabase.families()
    return [
        one for one in families if QFontDatabase.isFixedPitch(one) and not QFontDatabase.isPrivateFamily(one)
    ]


def _font(family: str) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if family and family in QFontDatabase.families():
        font.setFamilies([family])
    # No families of our own after it: Qt would try each of them for every script before it asks the platform.
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font
