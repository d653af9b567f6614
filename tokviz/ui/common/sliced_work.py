"""Long work on the main thread in short slices, between which the window lives on."""

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

_SLICE = 0.008
"""Seconds of work in one turn of the event loop: half a frame."""


class SlicedWork(QObject):
    """Runs one generator at a time, step by step; starting another one forgets the one before.

    What the steps yield is of no interest: they leave their results with whoever wrote them.
    """

    def __init__(self, parent: QObject | None = None, slice_seconds: float = _SLICE) -> None:
        super().__init__(parent)
        self._slice = slice_seconds
        self._steps: Iterator[object] | None = None
        self._done: Callable[[], object] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._work)

    @property
    def running(self) -> bool:
        """Whether there is work left."""
        return self._steps is not None

    def start(self, steps: Iterator[object], done: Callable[[], object] | None = None) -> None:
        """Run ``steps`` to their end, then call ``done``."""
        self._steps, self._done = steps, done
        self._timer.start()

    def finish(self) -> None:
        """Do all that is left now."""
        while self.running:
            self._work()

    def stop(self) -> None:
        """Forget the work; ``done`` is not called."""
        self._timer.stop()
        self._steps = self._done = None

    def _work(self) -> None:
        until = time.perf_counter() + self._slice
        steps = self._steps
        while steps is not None:
            try:
                next(steps)
            except StopIteration:
                # The last step may have started other work, which is none of this one's business.
                if steps is self._steps:
                    done = self._done
                    self.stop()
                    if done:
                        done()
                return
            except BaseException:
                if steps is self._steps:
                    self.stop()
                raise
            if steps is not self._steps or time.perf_counter() > until:
                return
