"""What must not happen while the window is used: an exception, a warning, a stall, memory without bound."""

import logging
import sys
import time
import traceback
from dataclasses import dataclass, field
from types import TracebackType

import psutil
from PySide6.QtCore import QAbstractEventDispatcher, QMessageLogContext, QtMsgType, qInstallMessageHandler

_IGNORED = ("propagateSizeHints", "This plugin does not support", "OpenType support missing")
"""What Qt says of the offscreen platform and of the fonts there are, whatever a program does."""


@dataclass
class Faults:
    """Everything that went wrong, with what was done just before."""

    doing: str = ""
    """The action under way."""
    found: list[str] = field(default_factory=list)

    def add(self, what: str) -> None:
        """Note it, and tell it at once: the program may end before it is over."""
        self.found.append(f"{self.doing}: {what}")
        print(self.found[-1], file=sys.stderr, flush=True)

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


class Turns:
    """Measures the main thread's processor time for each turn of an event loop: so long the window answers
    nothing.

    Not each event by an override of ``QApplication.notify``: PySide then makes a Python object of every
    event and of every object of Qt's own. A menu that lay on the stack where an event had been was taken for
    that event, and PySide (6.11) crashes on the error that follows.
    """

    def __init__(self, faults: Faults, most_stall: float) -> None:
        """``most_stall``: seconds that a turn may take."""
        self._faults = faults
        self._most_stall = most_stall
        self._watching = False
        self._begun = 0.0
        self.longest = 0.0
        """Seconds of processor time that the slowest turn took."""
        self.slowest = ""
        """What was done then."""
        self.excused = 0.0
        """Seconds that this turn may take: what is known to be slow, and told of."""
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        # In the event loops of menus and dialogs too: the window answers, whatever they run inside.
        dispatcher.awake.connect(self._turn)

    def watch(self) -> None:
        """Note slow turns from now on."""
        self._begun, self._watching = time.thread_time(), True

    def look_away(self) -> None:
        """Note none from now on."""
        self._watching = False

    def _turn(self) -> None:
        """One turn is over, another begins."""
        now = time.thread_time()
        took, self._begun = now - self._begun, now
        excused, self.excused = self.excused, 0.0
        if not self._watching:
            return
        if took > max(self._most_stall, excused):
            self._faults.add(f"{took * 1000:.0f} ms in which nothing was answered")
        if not excused and took > self.longest:
            self.longest, self.slowest = took, self._faults.doing


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
