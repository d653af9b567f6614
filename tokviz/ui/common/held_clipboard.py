"""A process that puts a text from standard input on the clipboard and holds it there until another is copied.

The command line starts it: on X11 the text of a clipboard is with the program that copied it.
"""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

_HOLDS_ITSELF = ("windows", "cocoa")
"""Platforms of Qt on which the system keeps the text."""


def hold(application: QGuiApplication, text: str) -> int:
    """Put ``text`` there, say ``taken`` on standard output, and stay while it is the clipboard's."""
    clipboard = application.clipboard()
    clipboard.setText(text)
    if not (clipboard.ownsClipboard() or clipboard.text() == text):
        return 1
    print("taken", flush=True)
    if application.platformName() in _HOLDS_ITSELF:
        QTimer.singleShot(0, application, application.quit)

    def leave(mode: QClipboard.Mode) -> None:
        if mode is QClipboard.Mode.Clipboard and not clipboard.ownsClipboard():
            application.quit()

    clipboard.changed.connect(leave)
    return application.exec()


def main() -> int:
    """The process."""
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    return hold(QGuiApplication(sys.argv[:1]), text)
