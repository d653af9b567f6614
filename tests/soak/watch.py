"""What must not happen while the window is used: an exception, a warning, a stall, memory without bound."""

import logging
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

import psutil
from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QEvent,
    QMessageLogContext,
    QObject,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

_IGNORED = ("propagateSizeHints", "This plugin does not support", "OpenType support missing")
"""What Qt says of the offscreen platform and of the fonts there are, whatever a program does."""


@dataclass
class Faults:
    """Everything that went wrong, with what was done just before."""

    doing: str = ""
    """The action under way."""
    found: list[str] = field(default_factory=list)

    def add(self, what: str) -> None:
        self.found.append(f"{self.doing}: {what}")

    def watch_exceptions(self) -> None:
        """Note what nobody catches, errors that are logged, and what Qt complains of."""
        sys.excepthook = self._exception
        logging.getLogger().addHandler(_ErrorHandler(self))
        qInstallMessageHandler(self._qt_message)

    def _exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.add("".join(traceback.format_exception(kind, error, trace)))

    def _qt_message(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not any(words in text for words in _IGNORED):
            self.add(f"Qt said: {text}")


class _ErrorHandler(logging.Handler):
    def __init__(self, faults: Faults) -> None:
        super().__init__(logging.ERROR)
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        self._faults.add(f"logged: {self.format(record)}")


class TimedApplication(QApplication):
    """Measures the main thread's processor time for each event that is not inside another's handling."""

    def __init__(self, arguments: Sequence[str], faults: Faults, most_stall: float) -> None:
        super().__init__(list(arguments))
        self._faults = faults
        self._most_stall = most_stall
        self._levels: list[int] = []
        """Of the events being handled, in which event loop each is: menus and dialogs have their own."""
        self._woken = 0.0
        self.watching = False
        self.longest = 0.0
        """Seconds of processor time that the slowest event took."""
        self.slowest = ""
        """Which one that was, and what was done then."""
        self.excused = 0.0
        """Seconds that the event being handled may take: what is known to be slow, and told of."""
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.awake.connect(self._wake)

    def _wake(self) -> None:
        """An event loop begins another turn: the window answers, whatever event this loop runs inside."""
        self._woken = time.thread_time()

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        """Handle an event, and note it if that took too long."""
        level = self.thread().loopLevel()
        if not self.watching or (self._levels and self._levels[-1] == level):
            return super().notify(receiver, event)
        kind = event.type()
        self._levels.append(level)
        start = time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._levels.pop()
            took = time.thread_time() - max(start, self._woken)
            if took > max(self._most_stall, self.excused):
                self._faults.add(f"{took * 1000:.0f} ms for {kind.name} of {_named(receiver)}")
            if not self.excused and took > self.longest:
                self.longest = took
                self.slowest = f"{kind.name} of {_named(receiver)} at {self._faults.doing}"
            self.excused = 0.0


def _named(thing: QObject) -> str:
    try:
        return f"{type(thing).__name__} {thing.objectName()}".strip()
    except RuntimeError:
        return "what is gone by now"


class Memory:
    """The resident bytes of this process and of the worker."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self.peak = self.worker_peak = 0

    @property
    def now(self) -> int:
        return int(self._process.memory_info().rss)

    def look(self) -> None:
        self.peak = max(self.peak, self.now)
        for child in self._process.children():
            try:
                self.worker_peak = max(self.worker_peak, int(child.memory_info().rss))
            except psutil.Error:
                continue
