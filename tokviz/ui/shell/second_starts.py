"""Listens for later starts of the program, and shows in this window what they were given."""

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from tokviz.second_start import Asking, Listener

_AGAIN = 3000
"""Milliseconds after which a window that may not listen tries again: the one that does may have ended."""
_LONGEST = 60_000
"""Milliseconds that a start may take to say what it wants."""


class SecondStarts(QObject):
    """Takes over as soon as no other window listens. ``wanted`` says whether starts are taken at all."""

    asked = Signal(object)
    """A ``Start`` to be shown here: it ended, and relies on that."""

    def __init__(self, place: Path, wanted: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self._wanted = wanted
        self._listener: Listener | None = None
        self._notifiers: dict[socket.socket, QSocketNotifier] = {}
        self._again = QTimer(self, interval=_AGAIN)
        self._again.timeout.connect(self._try)
        self.is_first = self._try()
        """Whether no other window was open when this one opened."""

    @property
    def listens(self) -> bool:
        """Whether starts come to this window."""
        return self._listener is not None

    def close(self) -> None:
        """Take no more of them."""
        self._again.stop()
        for connection in list(self._notifiers):
            self._drop(connection)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _try(self) -> bool:
        """Listen, if no other window does; False if one does."""
        try:
            self._listener = Listener(self._place)
        except OSError as error:  # also where there is no folder for it: then each start has a window
            self._again.start()
            return not isinstance(error, BlockingIOError)
        self._again.stop()
        self._follow(self._listener.socket, self._accept)
        return True

    def _follow(self, source: socket.socket, read: Callable[[], object]) -> None:
        notifier = QSocketNotifier(source.fileno(), QSocketNotifier.Type.Read, self)
        notifier.activated.connect(read)
        self._notifiers[source] = notifier

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            connection, _ = self._listener.socket.accept()
        except OSError:
            return
        asking = Asking(connection, lambda _: self._wanted())
        self._follow(connection, lambda: self._read(asking))
        QTimer.singleShot(_LONGEST, self, lambda: self._drop(connection))

    def _read(self, asking: Asking) -> None:
        try:
            start = asking.read()
        except EOFError:
            self._drop(asking.connection)
            return
        if start is not None:
            self._drop(asking.connection)
            self.asked.emit(start)

    def _drop(self, connection: socket.socket) -> None:
        if notifier := self._notifiers.pop(connection, None):
            notifier.setEnabled(False)
            notifier.deleteLater()
            if self._listener is None or connection is not self._listener.socket:
                connection.close()


def come_forward(window: QWidget, activation: str) -> None:
    """Bring the window before all others, as far as the desktop allows."""
    if activation:
        # Qt looks for it here when a window is activated.
        os.environ["XDG_ACTIVATION_TOKEN"] = activation
    if window.isMinimized():
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    with contextlib.suppress(KeyError):
        del os.environ["XDG_ACTIVATION_TOKEN"]
