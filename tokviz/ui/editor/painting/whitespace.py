"""Signs for what cannot be seen: blanks, tabs, line ends, characters without width."""

import re
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout.fonts import TextStyle
from tokviz.ui.editor.painting.visible_rows import VisibleRow

_SIGHTLESS = re.compile(
    "[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_BLANKS = {" ", "\u1680", "\u205f", *map(chr, range(0x2000, 0x200B))}
_NO_BREAK = {"\u00a0", "\u202f"}


def _signs(visible: VisibleRow) -> Iterator[tuple[str, float, float]]:
    """(character, left, right) of every character in sight on the row that cannot be seen."""
    segment = visible.row.segment
    begin = visible.start - segment.start
    data = segment.content[begin : min(visible.stop, visible.row.end) - segment.start]
    if data.isascii():
        starts = [at for at, byte in enumerate(data) if byte in (0x20, 0x09)]
        letters = [chr(data[at]) for at in starts]
        sizes = [1] * len(starts)
    else:
        text = data.decode()
        found = list(_SIGHTLESS.finditer(text))
        letters = [match[0] for match in found]
        sizes = [len(letter.encode()) for letter in letters]
        lengths = np.cumsum([0, *(len(letter.encode()) for letter in text)])
        starts = [int(lengths[match.start()]) for match in found]
    if not starts:
        return
    edges = {0, len(data), *starts, *(start + size for start, size in zip(starts, sizes, strict=True))}
    boundaries = np.array(sorted(edges), np.int64)
    wanted = dict(zip(starts, letters, strict=True))
    for owner, left, right in visible.spans(boundaries + visible.start):
        letter = wanted.get(int(boundaries[owner]))
        if letter is not None:
            yield letter, left, right


def draw_whitespace(
    painter: QPainter, color: QColor, visible: VisibleRow, origin: QPointF, style: TextStyle
) -> None:
    """Draw the signs of a row whose top left corner is ``origin``."""
    dots: list[QPointF] = []
    lines: list[QLineF] = []
    thin: list[QLineF] = []
    # Whole pixels, or the signs would differ by a pixel between rows.
    x, middle = origin.x(), round(origin.y() + style.baseline - style.advance * 0.45)
    for letter, left, right in _signs(visible):
        center = round(x + (left + right) / 2)
        if letter in _BLANKS:
            dots.append(QPointF(center, middle))
        elif letter == "\t":
            lines += _arrow(x + left + 2, x + right - 2, middle, style.advance * 0.28)
        elif letter in _NO_BREAK:
            dots.append(QPointF(center, middle))
            foot, half = middle + round(style.advance * 0.35), round(style.advance * 0.3)
            lines.append(QLineF(center - half, foot, center + half, foot))
        elif letter == "\u3000":
            half = round(style.advance * 0.45)
            painter.setPen(QPen(color, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(center - half, middle - half, 2 * half, 2 * half))
        else:
            top, bottom = origin.y() + 3, origin.y() + style.row_height - 3
            thin += [QLineF(center, top, center, bottom), QLineF(center - 2, top, center + 2, top)]
    if dots:
        size = max(1.6, style.advance * 0.24)
        painter.setPen(QPen(color, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(dots)
    painter.setPen(QPen(color, 1))
    painter.drawLines(lines + thin)


def draw_break(
    painter: QPainter,
    color: QColor,
    buffer: TextBuffer,
    visible: VisibleRow,
    origin: QPointF,
    style: TextStyle,
) -> None:
    """Draw the sign of the line break at the row's end: ↵ for a line feed, ← for a carriage return."""
    row = visible.row
    if row.stop == row.end or visible.stop < row.stop:
        return
    signs = "".join("↵" if byte == 0x0A else "←" for byte in buffer.slice(row.end, row.stop))
    left, right = visible.shape.extent
    x = origin.x() + (left - len(signs) * style.advance if row.segment.right_to_left else right)
    painter.setPen(color)
    painter.drawText(QPointF(x, origin.y() + style.baseline), signs)


def _arrow(left: float, right: float, y: float, size: float) -> list[QLineF]:
    if right - left < 2 * size:
        return [QLineF(left, y, right, y)]
    return [
        QLineF(left, y, right, y),
        QLineF(right - size, y - size, right, y),
        QLineF(right - size, y + size, right, y),
    ]
