"""Ctrl+C in the terminal, a session that ends, a `kill`: heard while Qt waits, on the main thread."""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class Interruption(QObject):
    """Tells of the first signal that asks the program to end; at a second one it ends at once.

    Python would handle a signal only once Qt comes back to it, in whatever slot or paint event that is.
    """

    wanted = Signal(int)
    """The number of the signal."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._ignore) for number in _SIGNALS}

    def close(self) -> None:
        """Give the signals back."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _ignore(self, number: int, frame: FrameType | None) -> None:
        """Without a handler of Python's, nothing is written to the socket, which is what wakes Qt."""

    def _read(self) -> None:
        numbers = self._reader.recv(64)
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        if numbers:
            self.wanted.emit(numbers[0])
