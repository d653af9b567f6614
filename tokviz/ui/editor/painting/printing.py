"""The text with its tokens on paper, or in a PDF."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPagedPaintDevice, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout.line_layout import LineLayout, TextStyle
from tokviz.ui.editor.layout.row_space import Caret, PlacedRow, RowSpace
from tokviz.ui.editor.layout.visible_rows import VisibleRows
from tokviz.ui.editor.painting.painting import CaretLook, TextPainter
from tokviz.ui.editor.painting.scene import DisplayOptions, Geometry, Marks, Tokens

_SHARPNESS = 4
"""Pixels of a background for each pixel of the screen's, so that boundaries are sharp on paper."""
_FOOTER = 24
"""Room for the page number, in pixels of the screen."""

Paper = QPrinter | QPdfWriter


class TextPrinter:
    """Prints a buffer's text as a view draws it, wrapped at the paper's width."""

    def __init__(
        self, buffer: TextBuffer, tokens: Tokens, options: DisplayOptions, style: TextStyle, theme: Theme
    ) -> None:
        """``theme`` should be a light one: paper is white."""
        self._buffer = buffer
        self._tokens = tokens
        self._options = options
        self._layout = LineLayout(style)
        self._rows = RowSpace(buffer, self._layout)
        self._painter = TextPainter(buffer, self._layout, self._rows, theme)
        self._theme = theme

    def pages(self, paper: Paper, span: tuple[int, int], title: str = "") -> Iterator[int]:
        """Print the rows that hold the bytes ``span``: each step prints a page and gives its number, from 1.

        The text must not be edited between steps. A printer that fails to begin gives no page at all.
        """
        painter = QPainter()
        if not painter.begin(paper):
            return
        try:
            scale = paper.logicalDpiX() / QGuiApplication.primaryScreen().logicalDotsPerInch()
            page = _printable(paper, scale)
            geometry = self._geometry(page)
            row: PlacedRow | None = self._rows.at(Caret(span[0]))
            number = 0
            while row is not None and (row.start < span[1] or number == 0):
                if number:
                    paper.newPage()
                number += 1
                painter.save()
                painter.scale(scale, scale)
                row = self._print_page(painter, geometry, row, span[1])
                self._print_footer(painter, page, title, number)
                painter.restore()
                yield number
        finally:
            painter.end()

    def _geometry(self, page: QRect) -> Geometry:
        style = self._layout.style
        gutter = 0
        if self._options.line_numbers:
            gutter = round(max(3, len(str(self._buffer.lines.line_count))) * style.advance) + 18
        height = max(style.row_height, page.height() - _FOOTER)
        geometry = Geometry(page.width(), height, gutter, ratio=_SHARPNESS)
        columns = int((page.width() - gutter - geometry.margin - 2 * style.advance) / style.advance)
        self._layout.configure(style, max(16, columns))
        return geometry

    def _print_page(
        self, painter: QPainter, geometry: Geometry, row: PlacedRow, end: int
    ) -> PlacedRow | None:
        """Print rows from ``row`` on; the one that the next page begins with."""
        height = self._layout.style.row_height
        shown: list[tuple[int, PlacedRow]] = []
        following: PlacedRow | None = row
        for y in range(0, geometry.height - height + 1, height):
            if following is None or (shown and following.start >= end):
                break
            shown.append((y, following))
            following = self._rows.following(following)
        area = QRect(0, 0, geometry.width, len(shown) * height)
        no_caret = CaretLook(Caret(0), shown=False, overwrite=False, selection=(0, 0))
        self._painter.paint(
            painter, area, VisibleRows(shown), geometry, self._options, self._tokens, Marks(), no_caret
        )
        painter.setClipping(False)
        return following

    def _print_footer(self, painter: QPainter, page: QRect, title: str, number: int) -> None:
        painter.setPen(self._theme.muted)
        painter.setFont(self._layout.style.pixel_font)
        foot = QRectF(QPointF(0, page.height() - _FOOTER), QPointF(page.width(), page.height()))
        sides = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, sides | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(foot, sides | Qt.AlignmentFlag.AlignRight, f"{number:,}")


def _printable(paper: QPagedPaintDevice, scale: float) -> QRect:
    return QRect(0, 0, int(paper.width() / scale), int(paper.height() / scale))
