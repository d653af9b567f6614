"""The tokens as a table: made row by row as it is looked at, so that a million rows are there at once."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QFont

from tokviz.analysis.formatting import grouped, sentence
from tokviz.analysis.tokens.token_spelling import hex_bytes, spelled
from tokviz.language import _, gettext
from tokviz.tokens import Provenance
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout.fonts import text_font
from tokviz.ui.tokens.shown_tokens import ShownTokens

_BLOCK = 64
"""Rows fetched together."""
_BLOCKS = 64
"""Blocks remembered."""
_LONGEST = 60
_Index = QModelIndex | QPersistentModelIndex
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """The columns, from left to right."""

    INDEX = 0
    ID = 1
    TOKEN = 2
    BYTES = 3
    HEX = 4
    CHARACTERS = 5


_HEADS = {
    Column.INDEX: (_("Index"), _("The token's place among all tokens, from 0")),
    Column.ID: (_("Id"), _("The token's number in the vocabulary")),
    Column.TOKEN: (_("Token"), _("The text that it covers; ‹E2 9C› are bytes of a character that it shares")),
    Column.BYTES: (_("Bytes"), _("How many bytes of the text it covers")),
    Column.HEX: (_("Hex"), _("The bytes of the text that it covers")),
    Column.CHARACTERS: (_("Characters"), _("How many characters (code points) begin in it")),
}


@dataclass(frozen=True, slots=True)
class _Row:
    token_id: int
    data: bytes


class TokenTable(QAbstractTableModel):
    """The tokens whose index is known, one row each; a row's number is the token's index."""

    def __init__(self, shown: ShownTokens, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._rows = shown.indexed
        self._blocks: dict[int, list[_Row]] = {}
        self._font = QFont()
        self.set_theme(theme)
        shown.changed.connect(self._refresh)
        shown.facts_arrived.connect(self._repaint)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self._brushes = [QBrush(color) for color in theme.token_colors]
        self._text = QBrush(theme.text)
        self._special = QBrush(theme.violet)
        self._font = text_font(0)
        self._repaint()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        column = Column(section)
        # A view that is styled asks for titles before a tokenizer is chosen.
        chosen = self._shown.tokens is not None
        own = chosen and column is Column.ID and self._shown.info.provenance is Provenance.RECONSTRUCTED
        if role == Qt.ItemDataRole.DisplayRole:
            return sentence(gettext(self._shown.info.id_word)) if own else _HEADS[column][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return gettext(self._shown.info.note) if own else _HEADS[column][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _TEXT if column in (Column.TOKEN, Column.HEX) else _NUMBER
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = Column(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _TEXT if column in (Column.TOKEN, Column.HEX) else _NUMBER
        if role == Qt.ItemDataRole.FontRole:
            return self._font if column in (Column.TOKEN, Column.HEX) else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole):
            row = self._row(index.row())
            if row is None:
                return None
            if role == Qt.ItemDataRole.DisplayRole:
                return self._cell(index.row(), column, row)
            return self._special if row.token_id in self._shown.special and column == Column.TOKEN else None
        if role == Qt.ItemDataRole.BackgroundRole and column == Column.TOKEN:
            return self._brushes[index.row() % len(self._brushes)]
        return None

    def line(self, row: int) -> str:
        """A row as it is copied: its cells with tabs between."""
        found = self._row(row)
        return "\t".join(self._cell(row, column, found, str) for column in Column) if found else ""

    def _cell(self, number: int, column: Column, row: _Row, written: Callable[[int], str] = grouped) -> str:
        match column:
            case Column.INDEX:
                return written(number)
            case Column.ID:
                return str(row.token_id)
            case Column.TOKEN:
                return self._token(row)
            case Column.BYTES:
                return written(len(row.data))
            case Column.HEX:
                return hex_bytes(row.data[:_LONGEST]) + (" …" if len(row.data) > _LONGEST else "")
            case Column.CHARACTERS:
                return written(sum(byte & 0xC0 != 0x80 for byte in row.data))

    def _token(self, row: _Row) -> str:
        if row.data:
            return spelled(row.data, _LONGEST)
        # It covers no text (the model adds it, or a normalization made it): what the vocabulary says.
        fact = self._shown.facts.get(row.token_id)
        return spelled(fact.data, _LONGEST) if fact and fact.data else "…" if fact is None else ""

    def _row(self, number: int) -> _Row | None:
        key = number // _BLOCK
        block = self._blocks.get(key)
        if block is None:
            if len(self._blocks) >= _BLOCKS:
                self._blocks.clear()
            block = self._blocks[key] = self._fetch(key * _BLOCK)
        at = number - key * _BLOCK
        return block[at] if at < len(block) else None

    def _fetch(self, first: int) -> list[_Row]:
        tokens = self._shown.tokens
        if tokens is None or len(tokens) != len(self._shown.buffer):
            return []
        run = tokens.tokens_between(first, first + _BLOCK)
        spans = zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True)
        return [_Row(token_id, self._shown.buffer.slice(start, end)) for token_id, start, end in spans]

    def _refresh(self) -> None:
        """Take in other tokens: rows come and go at the end, so that nothing else moves."""
        self._blocks.clear()
        rows = self._shown.indexed
        if rows > self._rows:
            self.beginInsertRows(QModelIndex(), self._rows, rows - 1)
            self._rows = rows
            self.endInsertRows()
        elif rows < self._rows:
            self.beginRemoveRows(QModelIndex(), rows, self._rows - 1)
            self._rows = rows
            self.endRemoveRows()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.ID, Column.ID)
        self._repaint()

    def _repaint(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, len(Column) - 1))
