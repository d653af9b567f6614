"""A field of one line."""

from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QLineEdit

from tokviz.ui.common.dropped_files import dropped_files


class TextField(QLineEdit):
    """Takes words that are dropped on it, and leaves files to whatever is around it: Qt's would take the
    address of the file as if it had been typed."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.ignore()
        else:
            super().dragEnterEvent(event)
