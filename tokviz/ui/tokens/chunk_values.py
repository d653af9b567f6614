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
        self.names = names
        self.values = TextValues(len(buffer), rule)
        self._buffer = buffer
        self._make_job = make_job
        self._pump = RequestPump(worker, 3, self, self)

    def apply(self, change: Change) -> None:
        """Keep what a change of the text left valid."""
        if change.keeps_nothing:
            self.restart()
        else:
            self.values.edited(change.start, change.removed, change.inserted)
            self._pump.supersede()

    def restart(self) -> None:
        """Know nothing any more."""
        self.stop()
        self.values = TextValues(len(self._buffer), self.rule)

    def fill(self) -> None:
        """Ask for what is not known."""
        self._pump.fill()

    def stop(self) -> None:
        """Wait for no answer any more."""
        self._pump.cancel_all()

    @property
    def under_way(self) -> set[int]:
        """The keys of the chunks that were asked for."""
        return self.values.under_way

    def next_request(self) -> tuple[int, Job] | None:
        """The next chunk that lacks values."""
        wanted = self.values.next_piece(self._buffer.text, self.names)
        if wanted is None:
            return None
        data = self._buffer.slice(wanted.start, wanted.end)
        return wanted.key, self._make_job(wanted.names, data, wanted.start == 0)

    def deliver(self, key: int, result: Mapping[str, Any]) -> None:
        """Take values, and ask on."""
        self.values.deliver(key, result)
        self.fill()
        self.delivered.emit()

    def give_up(self, sentence: str) -> None:
        """The chunk's values stay unknown."""
        self.failed.emit(sentence)
