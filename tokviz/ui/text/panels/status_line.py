"""The text page's part of the status bar: where the caret is, and what is open."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from tokviz.analysis.codebase.languages import OTHER, language, language_words
from tokviz.analysis.formatting import grouped
from tokviz.language import _, ngettext
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.widgets import NamedLabel, plain_label
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.document import Document
from tokviz.ui.tokens.tokenizing import Tokenizing

_SETTLE = 50
"""Milliseconds after which the position follows the caret."""
_GAP = 10


class StatusLine(QWidget):
    """``Ln 530, Col 35 | Token 8,171 …  note …  UTF-8 | LF | Markdown | name``."""

    def __init__(
        self,
        view: TokenView,
        tokenizing: Tokenizing,
        document: Document,
        reading: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        """``reading``: what says how the file was read."""
        super().__init__(parent)
        self._reading = reading
        self._view = view
        self._tokenizing = tokenizing
        self._document = document
        self._position = plain_label(name=_("Line and column of the caret"))
        self._token = plain_label(name=_("Token at the caret"), tip=_("Tokens count from 0, as in Go To"))
        self._note = _ElidedLabel(_("Remarks on the text"))
        self._language = plain_label(name=_("Kind of file"))
        self._name = _ElidedLabel(_("What is open"))
        self._later = Debouncer(self._show_position, _SETTLE, self)
        self._lay_out()
        for signal in (view.cursor_moved, view.edited, tokenizing.tokens_changed, tokenizing.map_changed):
            signal.connect(self._later.request)
        view.selection_changed.connect(self._later.request)
        document.origin_changed.connect(self.refresh)
        view.read_only_changed.connect(self.refresh)
        self._show_position()
        self.refresh()

    @property
    def texts(self) -> list[str]:
        """All that is shown, from the left."""
        labels = (self._position, self._token, self._note, self._language)
        return [label.text() for label in (*labels, self._name) if not label.isHidden() and label.text()]

    def refresh(self) -> None:
        """Say what is open."""
        origin, document = self._document.origin, self._document
        kind = language(document.name) if origin.path else OTHER
        self._language.setText("" if kind == OTHER else language_words(kind))
        self._name.set_whole(document.name, str(origin.path or document.name))
        notes = [note for note in (origin.undecodable, self._view.state.read_only_reason) if note]
        self._note.set_whole("  ".join(notes), "\n".join(notes))
        for label, line in zip((self._language, self._name), self._lines, strict=True):
            label.setVisible(bool(label.text() or (label is self._name and document.name)))
            line.setVisible(not label.isHidden())

    def _show_position(self) -> None:
        buffer, state = self._view.buffer, self._view.state
        offset = min(state.caret.offset, len(buffer))
        lines = buffer.lines
        if not lines.complete and max(offset, state.selection[1]) > lines.covered:
            self._position.setText(_("Ln …"))
        else:
            start = lines.start_of_line(offset)
            column = lines.code_points_before(offset) - lines.code_points_before(start) + 1
            low, high = state.selection
            place = {"line": grouped(lines.line_of(offset) + 1), "column": grouped(column)}
            if low < high:
                many = lines.code_points_before(high) - lines.code_points_before(low)
                self._position.setText(
                    # Translators: the line and the column of the caret; {n} characters are selected.
                    ngettext(
                        "Ln {line}, Col {column} ({n} selected)",
                        "Ln {line}, Col {column} ({n} selected)",
                        many,
                        **place,
                    )
                )
            else:
                # Translators: the line and the column of the caret, in little room.
                self._position.setText(_("Ln {line}, Col {column}", **place))
        tokens = self._tokenizing.map
        index = tokens.index_at(offset) if tokens is not None and len(buffer) else -1
        self._token.setText(
            _("Token {index}", index=grouped(index)) if index >= 0 else _("Token …") if len(buffer) else ""
        )

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._position)
        row.addWidget(_line())
        row.addWidget(self._token)
        row.addWidget(self._note, 1)
        row.addWidget(self._reading)
        self._lines = []
        for label in (self._language, self._name):
            self._lines.append(_line())
            row.addWidget(self._lines[-1])
            row.addWidget(label)


class _ElidedLabel(NamedLabel):
    """A label that takes what room there is, cut off at the right."""

    def __init__(self, name: str) -> None:
        self._whole = ""
        super().__init__(name)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def set_whole(self, text: str, tip: str) -> None:
        """Show ``text``, and say ``tip`` where the mouse rests on it."""
        self._whole = text
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.updateGeometry()
        self._elide()

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self._whole) + margins.left() + margins.right() + 14
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        self._elide()

    def _elide(self) -> None:
        room = max(0, self.width() - 12)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
        self.say(self._whole)


def _line() -> QFrame:
    line = QFrame()
    line.setBackgroundRole(QPalette.ColorRole.Mid)
    line.setAutoFillBackground(True)
    line.setFixedSize(1, 12)
    return line
