"""Keeps the ruler beside the text true: a moment after anything that it marks is elsewhere."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel

from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.language import _
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.widgets import plain_label
from tokviz.ui.editor.layout.row_estimate import RowEstimate
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.text_ruler import WIDTH, Mark, TextRuler
from tokviz.ui.text.panels.window_end import rule_label
from tokviz.ui.tokens.shown_tokens import ShownTokens
from tokviz.ui.tokens.text_limits import TextLimits

_SETTLE = 60
"""Milliseconds after which the marks follow the text and the caret."""
_SCAN = 250
"""The same for special tokens, for which all tokens are looked through."""
_MOST = 100_000
"""Special tokens that are marked."""
_GAP = 6
"""Between the ruler and the label beside it, in pixels."""

Offsets = NDArray[np.int64]


class Overview(QObject):
    """Marks on the ruler of a view where things are."""

    def __init__(
        self,
        view: TokenView,
        ruler: TextRuler,
        limits: TextLimits,
        shown: ShownTokens,
        matches: Callable[[], Offsets],
        parent: QObject | None = None,
    ) -> None:
        """``matches``: the starts of all that was found."""
        super().__init__(parent)
        self._view = view
        self._ruler = ruler
        self._limits = limits
        self._shown = shown
        self._matches = matches
        self._estimate = RowEstimate(view.buffer)
        self._label = _end_label(view)
        self._special: Offsets = np.zeros(0, np.int64)
        self._scanning = SlicedWork(self)
        self._later = Debouncer(self._show, _SETTLE, self)
        self._scan_later = Debouncer(self._scan, _SCAN, self)
        for signal in (view.cursor_moved, view.edited, view.scrolled, limits.changed, ruler.marks_moved):
            signal.connect(self._later.request)
        view.edited.connect(self._scanning.stop)
        shown.changed.connect(self._scan_later.restart)

    def refresh(self) -> None:
        """What was found changed."""
        self._later.request()

    def _show(self) -> None:
        self._estimate.set_columns(self._view.text_viewport.layout.columns)
        size = len(self._view.buffer)
        ruler, end = self._ruler, self._limits.selected
        ends = [] if end is None else [end.offset, *([end.latest] if end.latest is not None else [])]
        self._mark(Mark.END, [offset for offset in ends if offset < size])
        self._mark(Mark.OTHER_END, [other.offset for other in self._limits.others])
        self._mark(Mark.CARET, [self._view.state.caret.offset] if size else [])
        self._mark(Mark.MATCH, self._matches())
        self._mark(Mark.SPECIAL, self._special)
        over = None if end is None else float(self._estimate.shares(np.array([end.offset]))[0])
        ruler.set_over(over)
        self._show_label(over)

    def _mark(self, mark: Mark, offsets: list[int] | Offsets) -> None:
        places = np.asarray(offsets, np.int64)
        self._ruler.set_marks(mark, self._estimate.shares(places[places <= len(self._view.buffer)]))

    def _show_label(self, share: float | None) -> None:
        """Say beside the ruler what the mark means, where the rule itself is out of sight."""
        end, label = self._limits.selected, self._label
        low, high = self._view.visible_bytes()
        if end is None or share is None or low <= end.offset < high or not self._view.isVisible():
            label.hide()
            return
        label.setText(_("{model} window ends here", model=end.limit.name))
        label.setToolTip(rule_label(end))
        label.adjustSize()
        ruler = self._ruler
        top = ruler.mapTo(self._view, ruler.rect().topLeft()).y() + round(ruler.y_of(share))
        room = self._view.height() - label.height()
        left = self._view.width() - WIDTH - _GAP - label.width()
        label.move(max(left, 0), min(max(top - label.height() // 2, 0), max(room, 0)))
        label.show()
        label.raise_()

    def _scan(self) -> None:
        """Look for special tokens, in slices; marks stay until it is known where they are now."""
        ids = np.array(sorted(self._shown.special), np.uint32)
        if not len(ids):
            self._found([])
        elif self._shown.settled is not None:
            found: list[Offsets] = []
            self._scanning.start(self._scan_steps(ids, found), lambda: self._found(found))

    def _scan_steps(self, ids: NDArray[np.uint32], found: list[Offsets]) -> Iterator[None]:
        tokens, count = self._shown.settled, 0
        if tokens is None:
            return
        for run in token_chunks(tokens):
            starts = run.starts[np.isin(run.ids, ids)]
            if len(starts):
                found.append(starts.copy())
                count += len(starts)
            if count > _MOST:
                return
            yield

    def _found(self, parts: list[Offsets]) -> None:
        self._special = np.concatenate([np.zeros(0, np.int64), *parts])
        self._later.request()


def _end_label(view: TokenView) -> QLabel:
    """A child of the view and not of what scrolls in it, so that it stays beside the ruler."""
    label = plain_label(name=_("Where the window ends"))
    label.setParent(view)
    label.setObjectName("endLabel")
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.hide()
    return label
