"""Which tokenizer pays for what: the panes' tokens by kind of text, counted in short steps."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.analysis.comparison.kinds import KINDS, byte_totals, token_totals
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.language import _, gettext
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.type_table import matrix_lines
from tokviz.ui.common.widgets import fill, plain_label

_PART = 1 << 18
"""Bytes counted in one step: some milliseconds."""
_PAUSE = 250
"""Milliseconds without a change after which all is counted again."""
_TIP = _(
    "A token counts for the kind of its first character that is no white space, so “ the” is a word; "
    "letters and marks count for their script"
)


class KindsTab(QWidget):
    """Counts only while it is shown."""

    def __init__(self, buffer: TextBuffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._titles: tuple[str, ...] = ()
        self._maps: tuple[TokenMap, ...] = ()
        self._sizes: NDArray[np.int64] = np.zeros(len(KINDS), np.int64)
        self._tokens: NDArray[np.int64] = np.zeros((0, len(KINDS)), np.int64)
        self.table = CellTable(_("Tokens by kind of text"))
        self._state = plain_label(role="muted")
        self._state.setWordWrap(True)
        fill(QVBoxLayout(self), self._state, self.table, wide=self.table, above=6)
        self._pause = Debouncer(self._begin, _PAUSE, self)
        self._counting = SlicedWork(self)

    def set_maps(self, titles: Sequence[str], maps: Sequence[TokenMap]) -> None:
        """Count these tokens, once they are all known; call it again whenever they are others."""
        self._titles, self._maps = tuple(titles), tuple(maps)
        self._counting.stop()
        if self.isVisible():
            self._pause.restart()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.cancel()
        self._counting.stop()

    def _begin(self) -> None:
        size = len(self._buffer)
        if not self._maps or not all(each.complete and len(each) == size for each in self._maps):
            self._state.setText(_("The text is still being tokenized…"))
            return
        self._sizes = np.zeros(len(KINDS), np.int64)
        self._tokens = np.zeros((len(self._maps), len(KINDS)), np.int64)
        self._counting.start(self._count(), self._show)

    def _count(self) -> Iterator[None]:
        """All the work, a part between two yields; an edit starts it anew."""
        for start in range(0, len(self._buffer), _PART):
            low = self._buffer.boundary_before(start)
            high = self._buffer.boundary_before(start + _PART)
            self._sizes += byte_totals(self._buffer.slice(low, high))
            yield
        for row, token_map in zip(self._tokens, self._maps, strict=True):
            for run in token_map.runs():
                low, high = int(run.starts[0]), int(run.ends[-1])
                row += token_totals(self._buffer.slice(low, high), run.ends - low)
                yield

    def _show(self) -> None:
        self._state.setText(f"{_TIP}.")
        present = [int(kind) for kind in np.argsort(-self._sizes, kind="stable") if self._sizes[kind]]
        found = CountMatrix(
            tuple(gettext(KINDS[kind]) for kind in present),
            self._titles,
            self._sizes[present],
            self._tokens[:, present].T.copy(),
        )
        self.table.set_table(*matrix_lines(found, _("Kind"), _TIP))
