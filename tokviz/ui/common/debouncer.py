"""One call for a burst of requests: a while after the first of them, or a while after the last."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal


class Debouncer(QObject):
    """Calls a function ``delay`` milliseconds after it was asked to, once for all requests in between.

    With 0 milliseconds the call comes when the event loop is next idle.
    """

    due = Signal()

    def __init__(self, call: Callable[[], object], delay: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.delay = delay
        """Milliseconds; a change holds from the next request on, not for the one that is pending."""
        # A connection keeps no owner alive, unlike a reference to one of its methods.
        self.due.connect(call)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.due)

    @property
    def pending(self) -> bool:
        """Whether a call is due."""
        return self._timer.isActive()

    def request(self) -> None:
        """Call after the delay. Further requests do not put it off, so a steady stream of them is served."""
        if not self.pending:
            self._timer.start(self.delay)

    def restart(self) -> None:
        """Call once there was no request for as long as the delay: a steady stream puts it off for ever."""
        self._timer.start(self.delay)

    def flush(self) -> None:
        """Call at once if a call is due."""
        if self.pending:
            self.cancel()
            self.due.emit()

    def cancel(self) -> None:
        """Forget the call that is due."""
        self._timer.stop()
