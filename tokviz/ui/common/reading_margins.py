"""Room around a layout, told by where reading begins: Qt mirrors what lies in it, and not its margins."""

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QGuiApplication


def reading_margins(start: int, top: int, end: int, bottom: int) -> QMargins:
    """Margins of which ``start`` is where lines begin: at the right where one reads from the right."""
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        start, end = end, start
    return QMargins(start, top, end, bottom)
