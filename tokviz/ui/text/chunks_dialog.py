"""A preview of the chunks that a text makes, by size and overlap: each can be copied, all can be written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.formatting import grouped, tokens_between
from tokviz.analysis.tokens.chunking import TextChunk
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.language import _, ngettext, number
from tokviz.text.change import Change, Phase
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.model_limits import ModelLimit
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.table_model import TableColumn, TableModel
from tokviz.ui.common.widgets import caption, name_box, number_field, offer, plain_label, set_up_table
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.chunk_splitter import ChunkSplitter

# Translators: these follow “Ends at”, which says where a chunk of a text ends.
_AT = (
    (BreakAt.LINE, _("the end of a line")),
    (BreakAt.SENTENCE, _("the end of a sentence")),
    (BreakAt.TOKEN, _("any token")),
)
_DEFAULT_SIZE, _LARGEST = 1000, 10_000_000
_SETTLE = 300
"""Milliseconds after a key or an edit before the text is split again."""
_REFRESH = 150
"""Least milliseconds between two updates while chunks stream in."""
_BEGINNING = 80
"""Bytes of a chunk's text that are shown."""
_ROW = 24
_WIDTHS = (64, 76, 84, 72)
"""Pixels of the columns of numbers."""
_JSON, _LINES = ".json", ".jsonl"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    chunk: TextChunk


class ChunksDialog(QDialog):
    """Stands beside the window, which can be worked in meanwhile: an edit splits anew."""

    information = Signal(str)

    def __init__(
        self,
        view: TokenView,
        splitter: ChunkSplitter,
        exporter: Exporter,
        settings: Settings,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._splitter = splitter
        self._exporter = exporter
        self._settings = settings
        self._name = ""
        self._size = _number(_DEFAULT_SIZE, 1, _("Tokens in a chunk, at most"))
        self._size.setValue(settings.number("chunks/size", _DEFAULT_SIZE, 1, _LARGEST))
        self._overlap = _number(0, 0, _("Tokens that two chunks share, at most"))
        self._overlap.setValue(settings.number("chunks/overlap", 0, 0, _LARGEST))
        self._at = ChoiceBox()
        self._says = plain_label(role="muted")
        self._copy = QPushButton(_("&Copy Chunk"))
        self._export = QPushButton(_("&Export All…"))
        self._close = QPushButton(_("Close"))
        self._table = TableModel[_Row](self._columns(), lambda row: row.number, self)
        self._rows = QTableView()
        self._later = Debouncer(self._split, _SETTLE, self)
        self._shown_later = Debouncer(self._show, _REFRESH, self)
        self._build()
        view.buffer.follow(Phase.VIEW, self._edited)

    @property
    def chunks(self) -> list[TextChunk]:
        """The chunks found so far."""
        return self._splitter.chunks

    @property
    def text(self) -> str:
        """What the dialog says of them."""
        return self._says.text()

    def open_for(self, name: str, limit: ModelLimit | None) -> None:
        """Show the chunks by the tokenizer or estimator ``name``; ``limit``: that of the selected model."""
        self._name = name
        self.setWindowTitle(_("Chunks by {tokenizer}", tokenizer=name))
        self._size.setMaximum(min(limit.tokens, _LARGEST) if limit and limit.tokens else _LARGEST)
        self.show()
        self.activateWindow()
        self._split()

    def choose(self, size: int, overlap: int, at: BreakAt) -> None:
        """Split so from now on."""
        self._size.setValue(size)
        self._overlap.setMaximum(max(size - 1, 0))
        self._overlap.setValue(overlap)
        self._at.setCurrentIndex(self._at.findData(str(at)))
        self._later.flush()

    def copy_chunk(self) -> None:
        """Put the selected chunk's text on the clipboard."""
        if row := self._selected():
            data = self._view.buffer.slice(row.chunk.start, row.chunk.end)
            QGuiApplication.clipboard().setMimeData(TextMime(data))
            self.information.emit(
                ngettext(
                    "Copied chunk {chunk}: {n} token.",
                    "Copied chunk {chunk}: {n} tokens.",
                    row.chunk.tokens,
                    chunk=number(row.number),
                )
            )

    def export(self, path: Path) -> None:
        """Write all chunks to a file: JSON, or a line of JSON for each."""
        parts = self._json_parts(as_lines=path.suffix == _LINES)
        self._exporter.write_parts(
            path,
            parts,
            _("Writing {file}…", file=path.name),
            ngettext(
                "Wrote {n} chunk to {file}.", "Wrote {n} chunks to {file}.", len(self.chunks), file=path
            ),
        )

    def reject(self) -> None:
        self._splitter.stop()
        self._later.cancel()
        super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._size.setFocus()

    # -- building --------------------------------------------------------------------------------------

    def _columns(self) -> tuple[TableColumn[_Row], ...]:
        return (
            TableColumn(_("Chunk"), "", lambda row: grouped(row.number)),
            TableColumn(_("Tokens"), _("Of the chunk by itself"), lambda row: grouped(row.chunk.tokens)),
            TableColumn(_("Bytes"), "", lambda row: grouped(row.chunk.end - row.chunk.start)),
            TableColumn(_("Line"), _("In which it begins"), self._line),
            TableColumn(_("Begins with"), "", self._beginning, number=False),
        )

    def _build(self) -> None:
        offer(self._at, ((text, str(at)) for at, text in _AT), self._settings.text("chunks/at", "line"))
        name_box(self._at, _("Where a chunk ends"))
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for text, field in (
            (_("&Tokens"), self._size),
            (_("&Overlap"), self._overlap),
            (_("&Ends at"), self._at),
        ):
            choices.addWidget(caption(text, field))
            choices.addWidget(field)
            choices.addSpacing(8)
        choices.addStretch(1)
        table = self._rows
        table.setModel(self._table)
        header = set_up_table(table, _("Chunks; the selected one is selected in the text"), _ROW)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header.set_widths(enumerate(_WIDTHS))
        header.setSectionResizeMode(len(self._table.columns) - 1, QHeaderView.ResizeMode.Stretch)
        feet = QHBoxLayout()
        feet.addWidget(self._says, 1)
        for button in (self._copy, self._export, self._close):
            button.setAutoDefault(False)
            feet.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(choices)
        column.addWidget(table, 1)
        column.addLayout(feet)
        resize_within(self, 720, 420)
        self._connect()

    def _connect(self) -> None:
        for field in (self._size, self._overlap):
            field.valueChanged.connect(self._later.restart)
        self._at.currentIndexChanged.connect(self._later.restart)
        self._rows.selectionModel().selectionChanged.connect(self._show_selected)
        self._splitter.changed.connect(self._shown_later.request)
        self._splitter.failed.connect(self._says.setText)
        self._copy.clicked.connect(self.copy_chunk)
        self._export.clicked.connect(self._ask_where)
        self._close.clicked.connect(self.reject)

    # -- splitting -------------------------------------------------------------------------------------

    def _edited(self, _: Change) -> None:
        if self.isVisible():
            self._splitter.stop()
            self._later.restart()

    def _split(self) -> None:
        self._later.cancel()
        at = BreakAt(self._at.currentData())
        self._overlap.setMaximum(max(self._size.value() - 1, 0))
        for key, value in (("size", self._size.value()), ("overlap", self._overlap.value()), ("at", str(at))):
            self._settings.set(f"chunks/{key}", value)
        self._splitter.start(self._name, self._size.value(), self._overlap.value(), at)

    def _show(self) -> None:
        chunks = self.chunks
        self._table.set_rows(_Row(number, chunk) for number, chunk in enumerate(chunks, 1))
        more = "…" if self._splitter.running else ""
        if chunks:
            divided = sum(chunk.at != self._at.currentData() for chunk in chunks)
            inside = _divided(BreakAt(self._at.currentData()), divided) if divided else ""
            self._says.setText("; ".join(filter(None, (_sizes(chunks), inside))) + more)
        elif self._splitter.running or not len(self._view.buffer):
            self._says.setText(more or _("The text is empty."))
        self._export.setEnabled(bool(chunks) and not self._splitter.running)
        self._copy.setEnabled(self._selected() is not None)

    def _selected(self) -> _Row | None:
        rows = self._rows.selectionModel().selectedRows()
        return self._table.rows[rows[0].row()] if rows else None

    def _show_selected(self) -> None:
        row = self._selected()
        self._copy.setEnabled(row is not None)
        if row is not None and row.chunk.end <= len(self._view.buffer):
            self._view.select(row.chunk.start, row.chunk.end)
            self._view.reveal(row.chunk.start)

    def select_chunk(self, number: int) -> None:
        """Select a chunk (from 1), here and in the text."""
        flags = QItemSelectionModel.SelectionFlag
        index = self._table.index(number - 1, 0)
        self._rows.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)

    def _line(self, row: _Row) -> str:
        return grouped(self._view.buffer.lines.line_of(min(row.chunk.start, len(self._view.buffer))) + 1)

    def _beginning(self, row: _Row) -> str:
        start = row.chunk.start
        data = self._view.buffer.slice(start, min(row.chunk.end, start + _BEGINNING))
        return " ".join(data.decode("utf-8", "ignore").split())

    def _ask_where(self) -> None:
        types = (written("json"), written("jsonl"))
        if path := ask_where(self, self._settings, _("Export the Chunks"), f"chunks{_JSON}", *types):
            self.export(path)

    def _json_parts(self, as_lines: bool) -> Iterator[str]:
        chunks = list(self.chunks)
        for nth, chunk in enumerate(chunks, 1):
            record = {
                "number": nth,
                "start": chunk.start,
                "end": chunk.end,
                "tokens": chunk.tokens,
                "text": self._view.buffer.slice(chunk.start, chunk.end).decode(),
            }
            text = json.dumps(record, ensure_ascii=False)
            if as_lines:
                yield text + "\n"
            else:
                yield ("[\n" if nth == 1 else "") + text + (",\n" if nth < len(chunks) else "\n]\n")


def _sizes(chunks: Sequence[TextChunk]) -> str:
    """How many chunks there are, and of how many tokens."""
    tokens = [chunk.tokens for chunk in chunks]
    # Translators: {sizes} is such as “1,000 tokens” or “12 to 1,000 tokens”.
    return ngettext(
        "{n} chunk of {sizes}",
        "{n} chunks of {sizes}",
        len(chunks),
        sizes=tokens_between(min(tokens), max(tokens)),
    )


def _divided(at: BreakAt, count: int) -> str:
    """How many chunks end elsewhere than they are to."""
    if at is BreakAt.LINE:
        # Translators: {n} chunks of a text; they were to end at the ends of lines.
        return ngettext(
            "{n} ends inside a line that is longer", "{n} end inside a line that is longer", count
        )
    # Translators: {n} chunks of a text; they were to end at the ends of sentences.
    return ngettext(
        "{n} ends inside a sentence that is longer", "{n} end inside a sentence that is longer", count
    )


def _number(value: int, least: int, name: str) -> QSpinBox:
    field = number_field(name, least, _LARGEST)
    field.setGroupSeparatorShown(True)
    field.setSingleStep(100)
    field.setKeyboardTracking(False)
    field.setValue(value)
    field.setToolTip(name)
    return field
