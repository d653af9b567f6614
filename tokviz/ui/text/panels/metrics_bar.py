"""The line of metrics under the text: how much there is of what, and how much of it is selected."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from tokviz.analysis.formatting import grouped, tokens
from tokviz.analysis.tokens.statistics import TextSize, text_size
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.language import _, ngettext, number, pgettext
from tokviz.lists import listed
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.type_sizes import SECOND_LINE, keep_sized, scaled, with_tabular_figures
from tokviz.ui.common.widgets import plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.counting import TextCounter
from tokviz.worker.jobs import MeasureText


@dataclass(frozen=True, slots=True)
class TextMetrics:
    """Sizes of a text or of a part of one; None: not known yet."""

    tokens: int | None = None
    characters: int | None = None
    bytes: int | None = None
    words: int | None = None
    lines: int | None = None

    @property
    def characters_per_token(self) -> float | None:
        """None where there are no tokens or they are not known yet."""
        return self.characters / self.tokens if self.tokens and self.characters is not None else None


_HEADS = (_("Tokens"), _("Characters"), _("Bytes"), _("Words"), _("Lines"), _("Characters per token"))
_NAMES: tuple[Callable[[int], str], ...] = (
    # Translators: these stand behind their numbers, in little room.
    lambda many: ngettext("token", "tokens", many),
    lambda many: ngettext("character", "characters", many),
    lambda many: ngettext("byte", "bytes", many),
    lambda many: ngettext("word", "words", many),
    lambda many: ngettext("line", "lines", many),
    lambda _many: _("characters per token"),
)
_TIPS = (
    _("Tokens under the chosen tokenizer"),
    _("Unicode code points"),
    _("Bytes of UTF-8"),
    _("Runs without white space"),
    _("Lines; an empty text has none"),
    _("Characters per token, on average"),
)
_HEIGHT, _NARROW_HEIGHT = 48, 30
_COLUMN_GAP, _WORD_GAP = 20, 5


class MetricsBar(QWidget):
    """The whole text's metrics in a line, each under its name or, where there is little room, before it; and
    the selection's at the right end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 0, 2, 0)
        self._grid.setVerticalSpacing(0)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._heads = [plain_label(text, "muted", tip=tip) for text, tip in zip(_HEADS, _TIPS, strict=True)]
        self._text = [plain_label(role="metric", tip=tip) for tip in _TIPS]
        self._selection_head = plain_label(_("Selection"), "muted")
        self._selection = plain_label(role="muted")
        self._chosen: list[str] = []
        for label in (*self._heads, self._selection_head):
            keep_sized(label, SECOND_LINE)
        for label in self._text:
            label.setFont(with_tabular_figures(label.font()))
        self._narrow = False
        self._sizes = _sizes(TextMetrics())
        self._lay_out()
        self.set_text(TextMetrics())
        self.set_selection(None)

    def set_narrow(self, narrow: bool) -> None:
        """Stand in one line, or in two."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._lay_out()

    def set_text(self, metrics: TextMetrics) -> None:
        """Show the whole text's metrics."""
        self._sizes = _sizes(metrics)
        for label, head, text in zip(self._text, _HEADS, _texts(metrics), strict=True):
            label.setText(text)
            # Translators: {what} is such as “Tokens” or “Lines”.
            label.setAccessibleName(_("{what} of the text: {count}", what=head, count=text))
        self._name_figures()
        self._drop()

    def set_selection(self, metrics: TextMetrics | None) -> None:
        """Show the selection's figures; None: nothing is selected."""
        self._chosen = [] if metrics is None else _texts(metrics)
        self._selection.setText(_selected(metrics) if metrics else pgettext("selection", "none"))
        lines = [f"{head}: {text}" for head, text in zip(_HEADS, self._chosen, strict=bool(self._chosen))]
        self._selection.setToolTip("\n".join(lines))
        # Translators: {sizes} is such as “Tokens: 5, Characters: 12”.
        said = _("Selection: {sizes}", sizes=listed(lines)) if lines else _("Selection: none")
        self._selection.setAccessibleName(said)
        self._selection.setVisible(bool(self._chosen) or not self._narrow)
        self._drop()

    def texts(self, what: str) -> list[str]:
        """What is shown of ``text`` or known of the ``selection``; nothing while there is none."""
        return [label.text() for label in self._text] if what == "text" else list(self._chosen)

    def minimumSizeHint(self) -> QSize:
        # What has no room is left out: it must not make the window wider.
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop()

    def _drop(self) -> None:
        """Leave out, from the last but for the tokens, what there is no room for."""
        ends = self._selection if self._narrow else self._selection_head
        room = self.width() - max(self._selection.sizeHint().width(), ends.sizeHint().width()) - _COLUMN_GAP
        for head, value in zip(self._heads, self._text, strict=True):
            widths = head.sizeHint().width(), value.sizeHint().width()
            room -= (sum(widths) + 2 * _WORD_GAP) if self._narrow else (max(widths) + _COLUMN_GAP)
            for label in (head, value):
                label.setVisible(room >= 0 or head is self._heads[0])

    def _name_figures(self) -> None:
        """``Words`` above a figure; behind it ``5 words``, but ``1 word``."""
        for name, inline, head, size in zip(_HEADS, _NAMES, self._heads, self._sizes, strict=True):
            head.setText(inline(size) if self._narrow else name)

    def _lay_out(self) -> None:
        grid, narrow = self._grid, self._narrow
        grid.setHorizontalSpacing(_WORD_GAP if narrow else _COLUMN_GAP)
        height = _NARROW_HEIGHT if narrow else _HEIGHT
        for nth, (head, value) in enumerate(zip(self._heads, self._text, strict=True)):
            head.setContentsMargins(reading_margins(0, 0, _COLUMN_GAP - _WORD_GAP if narrow else 0, 0))
            grid.addWidget(value, 0 if narrow else 1, 2 * nth)
            grid.addWidget(head, 0, 2 * nth + 1 if narrow else 2 * nth)
        last = 2 * len(_HEADS)
        right = Qt.AlignmentFlag.AlignRight
        grid.setColumnStretch(last, 1)
        grid.addWidget(self._selection_head, 0, last + 1, right)
        grid.addWidget(self._selection, 0 if narrow else 1, last + 2 if narrow else last + 1, right)
        self._selection_head.setVisible(not narrow)
        self._selection.setVisible(bool(self._chosen) or not narrow)
        self._name_figures()
        self.setFixedHeight(max(scaled(self.font(), height), grid.minimumSize().height()))
        self._drop()


def _selected(metrics: TextMetrics) -> str:
    """How much is selected, in few words."""
    said, characters = _texts(metrics)[:2]
    return listed(
        (
            tokens(metrics.tokens or 0, said),
            ngettext("{n} character", "{n} characters", metrics.characters or 0, n=characters),
        )
    )


def _whole(metrics: TextMetrics) -> tuple[int | None, ...]:
    return (metrics.tokens, metrics.characters, metrics.bytes, metrics.words, metrics.lines)


def _sizes(metrics: TextMetrics) -> tuple[int, ...]:
    """What decides whether a name stands in the singular; 0 for what is not known, or no whole number."""
    return (*(value or 0 for value in _whole(metrics)), 0)


def _texts(metrics: TextMetrics) -> list[str]:
    texts = [grouped(value) if value is not None else "…" for value in _whole(metrics)]
    ratio = metrics.characters_per_token
    return [*texts, number(f"{ratio:.2f}") if ratio is not None else "–"]


_AT_ONCE = 1 << 17
"""Bytes of a selection measured on the spot (under 2 ms); a larger one is measured by the worker."""

_SETTLE = 30
"""Milliseconds after which the metrics follow the text."""

_PATIENCE = 6
"""How often that is waited for the tokens of what was just typed, which come in a moment: a figure that is
gone and back at every other key cannot be read."""
_A_LITTLE = 1 << 16
"""Bytes whose tokens come in a moment."""


class MetricsUpdater(QObject):
    """Tokens from the token map, characters and lines from the line index, words from the counter."""

    def __init__(
        self,
        buffer: TextBuffer,
        tokens: Callable[[], TokenMap | None],
        counter: TextCounter,
        worker: Worker,
        bar: MetricsBar,
        parent: QObject | None = None,
    ) -> None:
        """``tokens`` gives those in force."""
        super().__init__(parent)
        self._buffer = buffer
        self._tokens = tokens
        self._counter = counter
        self._worker = worker
        self._bar = bar
        self._selection = (0, 0)
        self._ticket: int | None = None
        self._waited = 0
        self._later = Debouncer(self._show, _SETTLE, self)

    def refresh(self) -> None:
        """The text or its tokens changed: show their metrics once the keys' own frames are drawn."""
        self._later.request()

    def select(self, start: int, end: int) -> None:
        """The selection is these bytes now."""
        self._selection = (start, end)
        self._later.request()

    def _show(self) -> None:
        lines, size = self._buffer.lines, len(self._buffer)
        token_map = self._tokens()
        if token_map is not None and self._is_typed_in(token_map) and self._waited < _PATIENCE:
            self._waited += 1
            self._later.restart()
            return
        self._waited = 0
        known = lines.complete
        self._bar.set_text(
            TextMetrics(
                tokens=token_map.count if token_map is not None else None,
                characters=lines.code_points_before(size) if known else None,
                bytes=size,
                words=self._counter.words if size else 0,
                lines=self._line_count() if known else None,
            )
        )
        self._show_selection()

    @staticmethod
    def _is_typed_in(token_map: TokenMap) -> bool:
        """Whether all tokens are known but for those of a range that was edited."""
        return token_map.known_bytes > 0 and 0 < len(token_map) - token_map.known_bytes <= _A_LITTLE

    def _line_count(self) -> int:
        """Lines as ``analysis.statistics`` counts them: what follows the last break is one if not empty."""
        size = len(self._buffer)
        return self._buffer.lines.line_count - (self._buffer.lines.start_of_line(size) == size)

    def _show_selection(self) -> None:
        self._worker.cancel(self._ticket)
        self._ticket = None
        start, end = self._selection
        if start >= end or end > len(self._buffer):
            self._bar.set_selection(None)
        elif end - start <= _AT_ONCE:
            self._show_measured(text_size(self._buffer.slice(start, end)))
        else:
            self._bar.set_selection(TextMetrics(tokens=self._tokens_between(start, end), bytes=end - start))
            job = MeasureText(self._buffer.slice(start, end))
            self._ticket = self._worker.submit(job, self._show_measured, lambda _: None)

    def _show_measured(self, size: TextSize) -> None:
        start, end = self._selection
        if end - start != size.bytes:
            return
        self._bar.set_selection(
            TextMetrics(self._tokens_between(start, end), size.characters, size.bytes, size.words, size.lines)
        )

    def _tokens_between(self, start: int, end: int) -> int | None:
        """How many tokens hold any byte of the selection; None if not known yet."""
        token_map = self._tokens()
        if token_map is None:
            return None
        first, last = token_map.index_at(start), token_map.index_at(end - 1)
        return None if first < 0 or last < 0 else last - first + 1
