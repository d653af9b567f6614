"""Values of a text's chunks (counts, normalization changes), found by the worker and kept up to date."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.text_values import TextValues
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.ui.tokens.request_pump import RequestPump, Submitter
from tokviz.worker.jobs import Job

MakeJob = Callable[[tuple[str, ...], bytes, bool], Job]
"""Makes the job that finds values: their names, the chunk's bytes, whether it begins the text. It answers
with the values by their names."""


class ChunkValues(QObject):
    """The values of one buffer's text, chunk by chunk. Its owner tells it of changes, and when to ask."""

    delivered = Signal()
    """Another chunk's values are known."""
    failed = Signal(str)

    def __init__(
        self,
        buffer: TextBuffer,
        worker: Submitter,
        rule: SafeSplitRule,
        names: list[str],
        make_job: MakeJob,
        parent: QObject | None = None,
    ) -> None:
        """``names``: the values wanted, which may grow."""
        super().__init__(parent)
        self.rule = rule
        self.map = TextValues(len(buffer), rule, names)
        self._buffer = buffer
        self._make_job = make_job
        self._pump = RequestPump(worker, self, self)
        self.lacks_some = False
        """Whether a chunk's values could not be found: they stay unknown until the text is edited."""

    def apply(self, change: Change) -> None:
        """Keep what a change of the text left valid."""
        self.lacks_some = False
        if change.keeps_nothing:
            self.restart()
        else:
            self.map.apply(change)
            self._pump.supersede()

    def restart(self) -> None:
        """Know nothing any more."""
        self.stop()
        self.lacks_some = False
        self.map = TextValues(len(self._buffer), self.rule, self.map.names)

    def fill(self) -> None:
        """Ask for what is not known."""
        self._pump.fill()

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._pump.cancel_all()

    def next_request(self) -> tuple[int, Job] | None:
        """The next chunk that lacks values."""
        found = self.map.next_request(self._buffer.text)
        if found is None:
            return None
        request, names = found
        data = self._buffer.slice(request.start, request.end)
        return request.key, self._make_job(names, data, request.start == 0)

    def deliver(self, key: int, result: Mapping[str, Any]) -> None:
        """Take values. Whether to ask on is the owner's to say."""
        self.map.deliver(key, result)
        self.delivered.emit()

    def give_up(self, sentence: str) -> None:
        """The chunk's values stay unknown."""
        self.lacks_some = True
        self.failed.emit(sentence)
