"""Shaped text: a display chunk as a QTextLayout, and its rows in bytes."""

import re

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QTextLayout, QTextLine, QTextOption

from tokviz.ui.common.text_positions import Utf16Map

RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Finds text that may run from right to left."""

SUBSTITUTES: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code != 0x09},
    **dict.fromkeys(range(0x80, 0xA0), "␦"),
    0x7F: "␡",
    0x85: "␤",
    0xFEFF: "\u2060",  # as wide, and PySide drops a BOM at the beginning of a string
    0x2028: "↵",
    0x2029: "¶",
    0xFFFC: "▣",
}
"""What is drawn for characters that have no glyph, or that QTextLayout would obey instead of drawing.
Each takes one UTF-16 unit, as what it stands for does."""

_BLANKS = re.compile(" {3,}")

UNBOUNDED = 1e7
"""A line width (pixels) that nothing reaches."""


class ShapedChunk:
    """One chunk of a line, shaped: its rows, and where each byte stands. Offsets are bytes in it."""

    def __init__(
        self,
        content: bytes,
        font: QFont,
        width: float | None,
        tab_width: float,
        right_to_left: bool,
        preedit: tuple[int, str, list[QTextLayout.FormatRange]] | None = None,
    ) -> None:
        """Shape ``content``, wrapped at ``width`` pixels unless it is None.

        ``preedit`` is what an input method is composing: where in the content (bytes), its text, its formats.
        """
        self.content = content
        self.right_to_left = right_to_left
        self._map = Utf16Map(content)
        text = content.decode()
        self.bidirectional = right_to_left or (not content.isascii() and bool(RIGHT_TO_LEFT.search(text)))
        self.preedit_at = self.preedit_units = 0
        self.layout = QTextLayout(_displayed(text), font)
        if preedit is not None:
            self._insert_preedit(text, *preedit)
            self.bidirectional = self.bidirectional or bool(RIGHT_TO_LEFT.search(preedit[1]))
        self.layout.setTextOption(_option(width, tab_width, right_to_left))
        self.layout.setCacheEnabled(True)
        self.lines = self._lay_out(UNBOUNDED if width is None else width)
        self.row_starts = [self.byte(line.textStart()) for line in self.lines]

    def unit(self, byte: int) -> int:
        """The layout's position (UTF-16 units, what is being composed included) of ``byte``."""
        unit = self._map.unit(byte)
        return unit if unit < self.preedit_at or not self.preedit_units else unit + self.preedit_units

    def byte(self, unit: int) -> int:
        """The byte at the layout's position ``unit``; where text is being composed, for all of it."""
        if self.preedit_units and unit > self.preedit_at:
            unit = max(self.preedit_at, unit - self.preedit_units)
        return self._map.byte(min(unit, self._map.units))

    def units(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """``unit`` of many bytes."""
        units = self._map.unit_array(positions)
        return np.where(units >= self.preedit_at, units + self.preedit_units, units)

    def _insert_preedit(
        self, text: str, at: int, composing: str, formats: list[QTextLayout.FormatRange]
    ) -> None:
        self.preedit_at = self._map.unit(at)
        before = self.content[:at].decode()
        self.layout.setText(_displayed(before + composing + text[len(before) :]))
        self.preedit_units = len(composing.encode("utf-16-le", "surrogatepass")) // 2
        self.layout.setFormats([_shifted(part, self.preedit_at) for part in formats])

    def _lay_out(self, width: float) -> list[QTextLine]:
        lines = []
        self.layout.beginLayout()
        while (line := self.layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, 0))
            lines.append(line)
        self.layout.endLayout()
        return lines


def _shifted(part: QTextLayout.FormatRange, by: int) -> QTextLayout.FormatRange:
    moved = QTextLayout.FormatRange()
    moved.start, moved.length, moved.format = part.start + by, part.length, part.format
    return moved


def _displayed(text: str) -> str:
    """``text`` as it is drawn, unit for unit. Qt lets blanks at a row's end hang beyond it, however many:
    within a run of them all but the outer ones are drawn as no-break spaces, which wrap."""
    text = text.translate(SUBSTITUTES)
    if "   " in text:
        text = _BLANKS.sub(lambda run: " " + "\u00a0" * (len(run[0]) - 2) + " ", text)
    return text


def _option(width: float | None, tab_width: float, right_to_left: bool) -> QTextOption:
    option = QTextOption()
    mode = QTextOption.WrapMode
    option.setWrapMode(mode.NoWrap if width is None else mode.WrapAtWordBoundaryOrAnywhere)
    option.setTabStopDistance(tab_width)
    option.setTextDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )
    side = Qt.AlignmentFlag.AlignRight if right_to_left and width is not None else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    return option
