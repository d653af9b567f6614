"""The text as token ids, in the same flow: a third way to see it, beside the text and the table."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from tokviz.analysis.formatting import grouped
from tokviz.language import _, gettext
from tokviz.ui.common.theme import Theme, mixed
from tokviz.ui.editor.input.pointer_scrolling import counts_pixels
from tokviz.ui.editor.layout.fonts import TextStyle, text_font
from tokviz.ui.editor.layout.viewport import Viewport
from tokviz.ui.text.panels.id_rows import IdRow, IdRows
from tokviz.ui.tokens.shown_tokens import ShownTokens

_MARGIN = 8
_TICK = 40
"""Milliseconds between two steps of a selection dragged beyond an edge."""
_STANDARD = QKeySequence.StandardKey


class IdView(QAbstractScrollArea):
    """Shows the ids line by line of the text; each token has a cell of the same width, in its colour.

    Connect ``tokens_selected`` to the text's selection and the text's selection to ``select_bytes``;
    ``token_hovered`` and ``token_clicked`` are those of the text's view.
    """

    tokens_selected = Signal(int, int)
    """The user selected tokens here: the first and last byte (excluded) that they cover."""
    token_hovered = Signal(int, int, int)
    token_clicked = Signal(int, int, int)
    copy_asked = Signal(int, int)
    """The user wants the ids of tokens first to last (excluded) on the clipboard."""

    def __init__(self, shown: ShownTokens, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self._theme = theme
        self._anchor = self._current = 0
        self._whole = False
        """Whether the tokens from anchor to current are selected, or there is only a current one."""
        self._pinned: tuple[int, int] | None = None
        self._wheel = 0.0
        self._dragged = QPointF()
        self._drag_timer = QTimer(self, interval=_TICK)
        self._drag_timer.timeout.connect(lambda: self._drag_to(self._dragged))
        self._zoom = 0
        self._style = TextStyle.of(text_font(0))
        self._rows = IdRows(None, shown.buffer, 0, 1, self._style.row_height)
        self._viewport = Viewport(self._rows, by_rows=True)
        self._set_up()
        shown.changed.connect(self._tokens_changed)
        self._refresh()

    # -- what is shown ---------------------------------------------------------------------------------

    @property
    def selected(self) -> tuple[int, int] | None:
        """The indices of the selected tokens: first, last (excluded); None if none is."""
        if not self._whole or not self._count:
            return None
        return min(self._anchor, self._current), max(self._anchor, self._current) + 1

    @property
    def current(self) -> int:
        """The index of the token that has the keyboard."""
        return self._current

    @property
    def top_row(self) -> IdRow | None:
        """The row on top; None if there are no tokens."""
        return self._viewport.top_row() if self._count else None

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self._theme = theme
        self.set_zoom(self._zoom)  # the font may be another one, too
        self.viewport().update()

    def set_zoom(self, zoom: int) -> None:
        """Make the digits ``zoom`` points larger than their own size."""
        self._zoom = zoom
        if self._style.font != (font := text_font(zoom)):
            self._style = TextStyle.of(font)
            self._refresh()

    def set_pinned(self, span: tuple[int, int] | None) -> None:
        """Outline the token of these bytes."""
        self._pinned = span
        self.viewport().update()

    def select_bytes(self, start: int, end: int) -> None:
        """The text's selection is this: select the tokens it touches, without announcing it."""
        found = self._shown.indices_in(start, end)
        if found is not None and found[1] <= self._count:
            self._anchor, self._current, self._whole = found[0], found[1] - 1, end > start
            self._reveal(found[0])

    def select(self, anchor: int, current: int) -> None:
        """Select the tokens between two, both included, and announce it."""
        if self._count:
            self._anchor, self._current = (max(0, min(at, self._count - 1)) for at in (anchor, current))
            self._whole = True
            self._reveal(self._current)
            self._announce()

    def token_at(self, point: QPointF) -> int:
        """The index of the token drawn at a point in the viewport; -1 if none is."""
        _, row = self._viewport.row_at(point.y())
        column = int((point.x() - self._left) // self._cell)
        inside = point.x() >= self._left and point.y() >= 0 and 0 <= column < row.stop - row.start
        return row.start + column if inside else -1

    def rectangle_of(self, index: int) -> QRect | None:
        """Where in the viewport a token is drawn; None if it is out of sight."""
        touching = self._viewport.touching(index, index + 1)
        return self._box(index - touching[0][1].start, touching[0][0]) if touching else None

    # -- events ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.fillRect(event.rect(), self._theme.surface)
            painter.setFont(self._style.font)
            for y, row in self._viewport.visible():
                self._paint_row(painter, y, row)
        finally:
            painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        # The bar counts tokens, so that it knows its length without laying out a million rows.
        self._viewport.top = self.verticalScrollBar().value()
        self._viewport.keep_filled()
        self._show_top()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if counts_pixels(event):
            self._wheel += event.pixelDelta().y() * 120 / self._style.row_height
        else:
            self._wheel += event.angleDelta().y() * QGuiApplication.styleHints().wheelScrollLines()
        rows = int(self._wheel / 120)
        self._wheel -= rows * 120
        self.scroll_rows(-rows)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        target = self._target(event)
        if event.matches(_STANDARD.SelectAll):
            self.select(self._count - 1, 0)
        elif event.matches(_STANDARD.Copy) and self.selected:
            self.copy_asked.emit(*self.selected)
        elif target is not None and self._count:
            self.select(self._anchor if extend else target, target)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._count:
            self._click(self._current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.token_at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and index >= 0:
            extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.select(self._anchor if extend else index, index)
            if not extend:
                self._click(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position())
        else:
            self._hover(self.token_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag_timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # -- moving ----------------------------------------------------------------------------------------

    def scroll_rows(self, rows: int) -> None:
        """Scroll down (or up, if negative) by so many rows."""
        self._viewport.scroll_by(rows * self._style.row_height)
        self._show_top()

    def _target(self, event: QKeyEvent) -> int | None:
        """Where a key leads from the current token."""
        row = self._rows.at(self._current)
        column = self._current - row.start

        def vertical(by: int) -> int:
            there = self._viewport.moved(row, by)
            return min(there.start + column, there.stop - 1)

        page = max(1, self._viewport.whole_rows - 1)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        moves: dict[int, Callable[[], int]] = {
            Qt.Key.Key_Left: lambda: self._current - 1,
            Qt.Key.Key_Right: lambda: self._current + 1,
            Qt.Key.Key_Up: lambda: vertical(-1),
            Qt.Key.Key_Down: lambda: vertical(1),
            Qt.Key.Key_PageUp: lambda: vertical(-page),
            Qt.Key.Key_PageDown: lambda: vertical(page),
            Qt.Key.Key_Home: lambda: 0 if control else row.start,
            Qt.Key.Key_End: lambda: self._count - 1 if control else row.stop - 1,
        }
        move = moves.get(event.key())
        return None if move is None else max(0, min(move(), self._count - 1))

    def _drag_to(self, point: QPointF) -> None:
        """Extend the selection to a point, which may be beyond the edges: then the view scrolls along."""
        self._dragged = point
        height = self.viewport().height()
        beyond = point.y() - height if point.y() > height else min(0.0, point.y())
        if beyond:
            self.scroll_rows((1 if beyond > 0 else -1) + int(beyond / 40))
            self._drag_timer.start()
        else:
            self._drag_timer.stop()
        if not self._count:
            return
        _, row = self._viewport.row_at(max(0.0, min(point.y(), height - 1.0)))
        column = max(0, min(int((point.x() - self._left) // self._cell), row.stop - row.start - 1))
        if row.start + column != self._current:
            self._current, self._whole = row.start + column, True
            self.viewport().update()
            self._announce()

    def _reveal(self, index: int) -> None:
        """Scroll as little as needed for this token to be in sight."""
        wanted, viewport = self._rows.at(index), self._viewport
        first, last = viewport.top_row(), viewport.visible()[: viewport.whole_rows][-1][1]
        if wanted.start < first.start or wanted.start > last.start:
            viewport.top = wanted.start
        if wanted.start > last.start:
            viewport.scroll_by((1 - viewport.whole_rows) * self._style.row_height)
        self._show_top()
        self._describe()

    def _show_top(self) -> None:
        """Draw what is in sight now; the bar tells where that is."""
        with QSignalBlocker(self.verticalScrollBar()):
            self.verticalScrollBar().setValue(self._viewport.top_row().start)
        self.viewport().update()

    # -- geometry --------------------------------------------------------------------------------------

    @property
    def _count(self) -> int:
        return self._rows.count

    def _set_up(self) -> None:
        self.setAccessibleName(_("Token ids"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _tokens_changed(self) -> None:
        # Hidden behind another tab it need not follow each range of tokens that streams in.
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        """Use the tokens, the width and the font as they are now."""
        tokens, advance = self._shown.tokens, self._style.advance
        count = self._shown.indexed if tokens is not None else 0
        digits = len(str(self._shown.info.vocabulary_size)) if tokens is not None else 6
        self._digits = digits
        self._cell = (digits + 2) * advance
        self._left = _MARGIN + (len(grouped(max(count - 1, 0))) + 2) * advance
        columns = max(1, int((self.viewport().width() - self._left - _MARGIN) // self._cell))
        self._rows = IdRows(tokens, self._shown.buffer, count, columns, self._style.row_height)
        self._viewport.rows, self._viewport.height = self._rows, max(1, self.viewport().height())
        self._anchor, self._current = (max(0, min(at, count - 1)) for at in (self._anchor, self._current))
        bar = self.verticalScrollBar()
        with QSignalBlocker(bar):
            bar.setRange(0, self._last_top())
            bar.setPageStep(columns * self._viewport.whole_rows)
            bar.setSingleStep(columns)
        self._viewport.keep_filled()
        self._show_top()
        self._describe()

    def _last_top(self) -> int:
        """The first token of the row that is on top where the last row stands at the bottom."""
        return self._viewport.moved(self._rows.at(self._count - 1), 1 - self._viewport.whole_rows).start

    # -- painting --------------------------------------------------------------------------------------

    def _paint_row(self, painter: QPainter, y: int, row: IdRow) -> None:
        tokens, theme, style = self._shown.tokens, self._theme, self._style
        run = tokens.tokens_between(row.start, row.stop) if tokens is not None else None
        if run is None or not len(run):
            return
        baseline = y + style.baseline
        painter.setPen(theme.muted)
        number = QRect(0, y, round(self._left - style.advance), style.row_height)
        painter.drawText(
            number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, grouped(row.start)
        )
        selected, special = self.selected or (0, 0), self._shown.special
        texts = []
        for at, token_id in enumerate(run.ids.tolist()):
            index, box = row.start + at, self._box(at, y)
            color = theme.token_colors[index % len(theme.token_colors)]
            if token_id in special:
                color = mixed(theme.violet, theme.surface, 0.68)
            chosen = selected[0] <= index < selected[1]
            painter.fillRect(box, theme.selection if chosen else color)
            texts.append(str(token_id).rjust(self._digits + 1) + " ")
        painter.setPen(theme.text)
        painter.drawText(QPointF(self._left, baseline), "".join(texts))
        self._outline(painter, y, row, run.starts.tolist(), run.ends.tolist())

    def _outline(self, painter: QPainter, y: int, row: IdRow, starts: list[int], ends: list[int]) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        selected = self.selected or (0, 0)
        for at, span in enumerate(zip(starts, ends, strict=True)):
            if selected[0] <= row.start + at < selected[1]:
                painter.setPen(QPen(self._theme.accent, 1))
                painter.drawRect(self._box(at, y).adjusted(0, 0, -1, -1))
            if span == self._pinned:
                painter.setPen(QPen(self._theme.accent, 2))
                painter.drawRect(self._box(at, y).adjusted(1, 1, -1, -1))
            elif row.start + at == self._current and self.hasFocus():
                painter.setPen(QPen(self._theme.text, 1, Qt.PenStyle.DotLine))
                painter.drawRect(self._box(at, y).adjusted(0, 0, -1, -1))

    def _box(self, column: int, y: int) -> QRect:
        left = round(self._left + column * self._cell)
        right = round(self._left + (column + 1) * self._cell)
        return QRect(left + 1, y + 1, right - left - 2, self._style.row_height - 2)

    # -- telling others --------------------------------------------------------------------------------

    def _span(self, index: int) -> tuple[int, int]:
        tokens = self._shown.tokens
        return (tokens.span(index) if tokens is not None and index >= 0 else None) or (-1, -1)

    def _announce(self) -> None:
        if self.selected:
            self.tokens_selected.emit(self._span(self.selected[0])[0], self._span(self.selected[1] - 1)[1])
        self._describe()

    def _hover(self, index: int) -> None:
        self.token_hovered.emit(index, *self._span(index))

    def _click(self, index: int) -> None:
        self.token_clicked.emit(index, *self._span(index))

    def _describe(self) -> None:
        """Let a screen reader say which token has the keyboard."""
        token = self._shown.tokens.token(self._current) if self._count and self._shown.tokens else None
        text = _("no tokens")
        if token:
            # Translators: {what} is “id” or “piece”.
            what = gettext(self._shown.info.id_word)
            text = _("{what} {id}, index {index}", what=what, id=token[0], index=self._current)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
