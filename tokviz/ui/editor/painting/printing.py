"""The text with its tokens on paper, or in a PDF."""

from collections.abc import Generator

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from tokviz.language import number as written
from tokviz.text.buffer import TextBuffer
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.layout.fonts import TextStyle
from tokviz.ui.editor.layout.row_navigator import Row
from tokviz.ui.editor.layout.text_viewport import Geometry, TextViewport, gutter_width
from tokviz.ui.editor.painting.frame import DisplayOptions, Frame, Tokens
from tokviz.ui.editor.painting.painter import TextPainter

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
        self._style = style
        self._viewport = TextViewport(buffer, style)
        self._painter = TextPainter(buffer, self._viewport, theme)
        self._theme = theme

    def pages(self, paper: Paper, span: tuple[int, int], title: str = "") -> Generator[int, None, None]:
        """Print the rows that hold the bytes ``span``: each step prints a page and gives its number, from 1.

        The text must not be edited between steps. A printer that fails to begin gives no page at all.
        """
        painter = QPainter()
        if not painter.begin(paper):
            return
        try:
            scale = paper.logicalDpiX() / QGuiApplication.primaryScreen().logicalDotsPerInch()
            page = QRect(0, 0, int(paper.width() / scale), int(paper.height() / scale))
            self._viewport.configure(self._geometry(page), self._style, wrap=True)
            row: Row | None = self._viewport.rows.at(span[0])
            number = 0
            while row is not None and (row.start < span[1] or number == 0):
                if number:
                    paper.newPage()
                number += 1
                painter.save()
                painter.scale(scale, scale)
                row = self._print_page(painter, row, span[1])
                self._print_footer(painter, page, title, number)
                painter.restore()
                yield number
        finally:
            painter.end()

    def _geometry(self, page: QRect) -> Geometry:
        """As many whole rows as there is room for."""
        gutter = gutter_width(self._buffer.lines, self._style) if self._options.line_numbers else 0
        rows = max(1, (page.height() - _FOOTER) // self._style.row_height)
        return Geometry(page.width(), rows * self._style.row_height, gutter, ratio=_SHARPNESS)

    def _print_page(self, painter: QPainter, row: Row, end: int) -> Row | None:
        """Print rows from ``row`` on, up to byte ``end``; the one that the next page begins with."""
        self._viewport.top = row.start
        rows = [(y, shown) for y, shown in self._viewport.visible() if shown.start < end or y == 0]
        geometry = self._viewport.geometry
        area = QRect(0, 0, geometry.width, len(rows) * self._style.row_height)
        self._painter.paint(painter, Frame(area, rows, geometry, self._options, self._tokens))
        painter.setClipping(False)
        return self._viewport.rows.following(rows[-1][1])

    def _print_footer(self, painter: QPainter, page: QRect, title: str, number: int) -> None:
        painter.setPen(self._theme.muted)
        painter.setFont(self._style.pixel_font)
        foot = QRectF(QPointF(0, page.height() - _FOOTER), QPointF(page.width(), page.height()))
        sides = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, sides | Qt.AlignmentFlag.AlignLeft, title)
        painter.drawText(foot, sides | Qt.AlignmentFlag.AlignRight, written(number))
