"""What a language costs: one short passage in ten languages, counted by every tokenizer."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tokviz.analysis.comparison.comparison_table import ComparisonEntry
from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.documents.samples import Samples
from tokviz.language import _
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.widgets import fill, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.lines import language_lines
from tokviz.worker.jobs import CountPassages

_ABOUT = _(
    "The same five sentences in each language; in brackets, how many times as many tokens as in English."
)


class LanguagesTab(QWidget):
    """Counts when it is first shown; the texts never change, so once is enough."""

    passages_wanted = Signal()
    """The user wants to see the passages in the panes."""
    failed = Signal(str)

    def __init__(
        self,
        entries: Sequence[ComparisonEntry],
        samples: Samples,
        worker: Worker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self._passages = samples.passages()
        self._worker = worker
        self._counts: dict[str, tuple[Count, ...]] = {}
        self._asked = False
        self.table = CellTable(_("Tokens of the same passage in ten languages"))
        show = QPushButton(_("&Show the Passages"))
        show.setToolTip(_("Open the passages in all languages as the text that the panes compare"))
        show.clicked.connect(self.passages_wanted)
        about = plain_label(_ABOUT, "muted")
        about.setWordWrap(True)
        head = fill(QHBoxLayout(), about, show, wide=about)
        fill(QVBoxLayout(self), head, self.table, wide=self.table, above=6)

    @property
    def text(self) -> bytes:
        """All passages, one below the other."""
        return "\n\n".join(f"{each.endonym}\n{each.text}" for each in self._passages).encode() + b"\n"

    def set_entries(self, entries: Sequence[ComparisonEntry], anew: str) -> None:
        """Compare these; ``anew`` is the name of one that was not here before, or counts otherwise now."""
        self._entries = tuple(entries)
        self._counts.pop(anew, None)
        if self._asked:
            self._ask(anew)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._asked:
            self._asked = True
            for entry in self._entries:
                self._ask(entry.name)

    def _ask(self, name: str) -> None:
        texts = tuple(each.text.encode() for each in self._passages)
        self._worker.submit(CountPassages(name, texts), partial(self._take, name), self.failed.emit)

    def _take(self, name: str, counts: tuple[Count, ...]) -> None:
        self._counts[name] = counts
        known = [each.name for each in self._entries if each.name in self._counts]
        tokens = [[self._counts[each][row].tokens for each in known] for row in range(len(self._passages))]
        found = CountMatrix(
            tuple(each.words for each in self._passages),
            tuple(known),
            np.array([len(each.text.encode()) for each in self._passages], np.int64),
            np.array(tokens, np.int64),
        )
        estimated = [self._counts[each][0].provenance is Provenance.ESTIMATE for each in known]
        endonyms = [each.endonym for each in self._passages]
        self.table.set_table(*language_lines(found, endonyms, estimated))
