"""What must be known of the chosen tokenizer: a note above the text, and underlines where it normalizes."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from tokviz.language import _, gettext, ngettext
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Provenance
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.widgets import plain_label, tool_button
from tokviz.ui.editor.painting.visible_rows import VisibleRow
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.normalization_changes import NormalizationChanges

_MODES = {
    SpecialTokens.PLAIN: "",
    SpecialTokens.PARSED: _("Special tokens are parsed here; the models' counts take them for plain text."),
    SpecialTokens.FRAMED: _(
        "Special tokens are parsed here, and those around a text are added; the models' counts do neither."
    ),
}
"""What must be known of how special tokens are treated, as the figures beside do not agree."""


class TokenizerNote(QWidget):
    """Hidden where there is nothing to say."""

    change_wanted = Signal(bool)
    """Show the next (True) or the previous range that normalization changes."""

    def __init__(self, changes: NormalizationChanges, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        self._info: TokenizerInfo | None = None
        self._mode = SpecialTokens.PLAIN
        self._label = plain_label(role="muted", name=_("About this tokenizer"))
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._previous = self._button("▲", _("Previous place that is changed"), forward=False)
        self._next = self._button("▼", _("Next place that is changed"), forward=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(reading_margins(2, 0, 0, 0))
        row.setSpacing(2)
        row.addWidget(self._label, 1)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        changes.changed.connect(self._refresh)
        self._refresh()

    @property
    def text(self) -> str:
        """What is said; empty if nothing is."""
        return "" if self.isHidden() else self._label.text()

    def show_info(self, info: TokenizerInfo | None, mode: SpecialTokens = SpecialTokens.PLAIN) -> None:
        """Speak of this tokenizer, used in this mode."""
        self._info = info
        self._mode = mode
        self._refresh()

    def _refresh(self) -> None:
        info = self._info
        normalized = self._normalized(info) if info and info.normalization else ""
        # The bundled tokenizers' notes are in the list of tokenizers; a user's file is vouched for by nobody,
        # and of what is reconstructed the boundaries are in sight.
        said = info is not None and (not info.sha256 or info.provenance is Provenance.RECONSTRUCTED)
        own = gettext(info.note) if info and said else ""
        text = " ".join(part for part in (normalized, _MODES[self._mode], own) if part)
        if text != self._label.text():
            self._label.setText(text)
            self._label.setAccessibleDescription(text)
        for button in (self._previous, self._next):
            button.setVisible(bool(normalized) and self._changes.count > 0)
        self.setVisible(bool(text))

    def _normalized(self, info: TokenizerInfo) -> str:
        count, complete = self._changes.count, self._changes.complete
        if not self._changes.size:
            what = _("no text yet.")
        elif count and complete:
            what = ngettext("{n} place is changed, underlined.", "{n} places are changed, underlined.", count)
        elif count:
            what = ngettext(
                "{n} place is changed, underlined; still looking.",
                "{n} places are changed, underlined; still looking.",
                count,
            )
        else:
            what = _("nothing in this text is changed.") if complete else _("looking for what that changes…")
        # Translators: {form} is NFC or NFKC; {what} goes on, such as “nothing in this text is changed.”
        return _(
            "{tokenizer} normalizes the text ({form}) before it cuts it: {what}",
            tokenizer=info.display_name,
            form=info.normalization,
            what=what,
        )

    def _button(self, text: str, name: str, forward: bool) -> QToolButton:
        button = tool_button(text, name, partial(self.change_wanted.emit, forward))
        button.setAutoRaise(True)
        button.setMaximumHeight(self.fontMetrics().height() + 6)
        return button


_WIDTH = 2


class NormalizationMarks:
    """An overlay of a view: a dashed line under each range."""

    def __init__(self, view: TokenView, changes: NormalizationChanges) -> None:
        self._view = view
        self._changes = changes
        view.add_overlay(self)
        changes.changed.connect(view.refresh)

    @property
    def draws(self) -> bool:
        """See Overlay."""
        return self._changes.form is not None

    def draw(self, painter: QPainter, rows: Sequence[VisibleRow], height: int) -> None:
        """See Overlay."""
        if not self._changes.count:
            return
        pen = QPen(self._view.theme.accent, _WIDTH, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([1.5, 1])
        painter.setPen(pen)
        for row in rows:
            y = row.y + height - _WIDTH
            for left, right in self._ranges(row):
                painter.drawLine(QLineF(left + 1, y, right - 1, y))

    def _ranges(self, row: VisibleRow) -> list[tuple[float, float]]:
        ranges = self._changes.ranges_in(row.start, row.stop)
        if not ranges:
            return []
        edges = np.array(ranges, np.int64).ravel().clip(row.start, row.stop)
        boundaries = np.unique(np.concatenate((edges, [row.start, row.stop])))
        # What lies between two boundaries is changed if the one before it begins a range.
        opening = np.isin(boundaries, edges[::2])
        spans = row.spans(boundaries)
        return [(left, right) for owner, left, right in spans if opening[owner]]
