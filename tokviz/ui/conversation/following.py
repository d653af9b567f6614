"""Following a session that is being written, and which request is looked at then."""

from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.analysis.conversation.overview import Overview
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.conversation_jobs import Look, LookForChange
from tokviz.worker.conversation_store import Source

_LOOK = 1000
"""Milliseconds between two looks at a file."""
_WAITS = 5
"""Looks for which the end of a line that is being written is waited for."""


class FileWatch(QObject):
    """Looks at one file now and then."""

    written = Signal()
    """The file is another than at the last look."""
    problem = Signal(str)

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._source: Source | None = None
        self._told: object = None
        self._last: object = None
        self._waited = 0
        self._looking = QTimer(self)
        self._looking.setInterval(_LOOK)
        self._looking.timeout.connect(self._look)

    def watch(self, source: Source | None) -> None:
        """Look at this file from now on; None: at none."""
        self._source, self._told, self._last, self._waited = source, None, None, 0
        if source is None:
            self._looking.stop()
        else:
            self._looking.start()
            self._look()

    def _look(self) -> None:
        source = self._source
        if source is None:
            return

        def compare(look: object) -> None:
            if isinstance(look, Look) and source is self._source:
                self._compare(look)

        self._worker.submit(LookForChange(source), compare, self.problem.emit)

    def _compare(self, look: Look) -> None:
        before, self._last = self._last, look.state
        if self._told is None:
            self._told = look.state
        elif look.state != self._told:
            self._waited += 1
            if look.whole or look.state == before or self._waited > _WAITS:
                self._told, self._waited = look.state, 0
                self.written.emit()


def last_shown(found: Overview) -> int | None:
    """The last request of the conversation itself whose context can be shown."""
    return next((one.number for one in reversed(found.requests) if one.shown and one.lane == 0), None)


def same_request(before: Overview, now: Overview, number: int | None) -> int | None:
    """What a request's number is in a later version of its file: requests before a subagent's move it on."""
    one = next((each for each in before.requests if each.number == number), None)
    if one is None or one.lane >= len(now.lanes):
        return last_shown(now)
    place = sum(each.lane == one.lane and each.number < one.number for each in before.requests)
    same = [each.number for each in now.requests if each.lane == one.lane]
    return same[place] if place < len(same) else last_shown(now)
