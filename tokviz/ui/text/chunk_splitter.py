"""Splits the open text into chunks in the worker, part by part, so that even 100 MB stall nothing."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.tokens.chunking import TextChunk
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.text.buffer import TextBuffer
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.worker.text_limit_jobs import SplitPart

_BYTES_A_TOKEN = 16
"""So many bytes are sent for each token of a chunk: several chunks then, of any text."""
_LEAST, _MOST = 1 << 18, 1 << 22
"""Bytes that are sent at first, and once the first chunks are there."""


class ChunkSplitter(QObject):
    """Keeps the chunks found so far. Starting again, as after an edit, forgets them."""

    changed = Signal()
    """There are more chunks, or none any more."""
    failed = Signal(str)

    def __init__(self, buffer: TextBuffer, worker: Submitter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._worker = worker
        self._ticket: int | None = None
        self.chunks: list[TextChunk] = []

    @property
    def running(self) -> bool:
        """Whether there are chunks to come."""
        return self._ticket is not None

    def start(self, name: str, most: int, overlap: int, at: BreakAt) -> None:
        """Split the text as it is now by the tokenizer or estimator ``name``."""
        self.stop()
        self.chunks = []
        if len(self._buffer):
            self._ask(SplitPart(name, b"", most, overlap, at, False), 0, max(most * _BYTES_A_TOKEN, _LEAST))
        self.changed.emit()

    def stop(self) -> None:
        """Find no more."""
        self._worker.cancel(self._ticket)
        self._ticket = None

    def _ask(self, like: SplitPart, start: int, size: int) -> None:
        stop = self._buffer.boundary_before(start + size)
        last = stop == len(self._buffer)
        data = self._buffer.slice(start, stop)
        job = SplitPart(like.name, data, like.most, like.overlap, like.at, last)
        done = partial(self._found, like, start, size, last)
        self._ticket = self._worker.submit(job, done, self._failed)

    def _found(
        self,
        like: SplitPart,
        start: int,
        size: int,
        last: bool,
        found: tuple[tuple[TextChunk, ...], int],
    ) -> None:
        chunks, following = found
        self.chunks += [TextChunk(c.start + start, c.end + start, c.tokens, c.at) for c in chunks]
        self._ticket = None
        if not last:
            # A chunk that is larger than what was sent needs more, however much that is.
            self._ask(like, start + following, min(2 * size, max(size, _MOST)) if chunks else 2 * size)
        self.changed.emit()

    def _failed(self, sentence: str) -> None:
        self._ticket = None
        self.failed.emit(sentence)
        self.changed.emit()
