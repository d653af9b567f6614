"""Files and folders that are dragged in from another program."""

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDropEvent


def dropped_files(mime: QMimeData) -> list[str]:
    """The paths of what is dragged, as far as it is on this computer."""
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


def take_copy(event: QDropEvent) -> None:
    """Accept what is dragged, or let go, and leave it where it is: told of a move, the program that it comes
    from would delete it there."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
