"""Tells when the file of the text in front is another on the disk than the one that was read."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.document import Document
from tokviz.worker.text_jobs import LookAtFile, state_of

_EVERY = 2000
"""Milliseconds between two looks at the file, while it can be seen."""

State = tuple[int, ...]
_ANOTHER: State = (-1,)
"""No file is ever so."""


class DiskWatch(QObject):
    """Looks at one file now and then, in the worker: a disk may take its time."""

    written = Signal(object)
    """The file of this ``Path`` was written to by others; told once for each time, and again when its text
    comes back to the front."""
    gone = Signal(object)
    """The file of this ``Path`` is not there any more."""

    def __init__(
        self, document: Document, worker: Worker, is_seen: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._worker = worker
        self._is_seen = is_seen
        self._known: dict[Path, State] = {}
        """How the files of open texts were when they were read or written last."""
        self._told: State | None = None
        """How the file in front was when it was told of last, since its text came there."""
        self._ticket: int | None = None
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        document.origin_changed.connect(self._turned)

    def take(self, path: Path) -> None:
        """The file was read or written just now."""
        self._known.pop(path, None)
        self._worker.submit(LookAtFile(path), partial(self._known.__setitem__, path), lambda _: None)

    def resume(self, path: Path, since: int) -> None:
        """The text of this file is back, which a window that is gone kept at the time ``since``: what was
        written to the file later is others'."""
        state = state_of(path)
        if state and state[0] > since:
            self._known[path] = _ANOTHER
        else:
            self.take(path)

    def written_by_others(self, path: Path) -> bool:
        """Whether saving there would undo what others wrote since the file was read or written here."""
        known = self._known.get(path)
        return known is not None and state_of(path) not in (known, ())

    def look(self) -> None:
        """Look at the file of the text in front, if it can be seen."""
        path = self._document.origin.path
        if path in self._known and self._is_seen() and self._ticket is None:
            self._ticket = self._worker.submit(LookAtFile(path), partial(self._compare, path), self._fail)

    def _turned(self) -> None:
        self._told = None

    def _compare(self, path: Path, state: State) -> None:
        self._ticket = None
        before = self._known.get(path)
        if before is None or state in (before, self._told) or path != self._document.origin.path:
            return
        self._told = state
        if state:
            self.written.emit(path)
        else:
            self.gone.emit(path)

    def _fail(self, _sentence: str) -> None:
        self._ticket = None
