"""One conversation: its messages, its requests over time, and what fills the window at one of them."""

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import formatting
from tokviz.analysis.conversation.groups import GroupBy, grouped
from tokviz.analysis.conversation.message_tree import TreeRow, group_rows
from tokviz.analysis.conversation.stack import Layer, StackRow, stack_rows
from tokviz.ui.common.placement import remember_splitter, restore_splitter
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, sized
from tokviz.ui.common.widgets import ElidedLabel, fill, icon_button, plain_label, rule
from tokviz.ui.conversation.message_list import MessageList
from tokviz.ui.conversation.parts_table import PartsTable
from tokviz.ui.conversation.requests_chart import RequestsChart
from tokviz.ui.conversation.session import Session
from tokviz.ui.conversation.window_stack import WindowStack

_PARTS = "conversation/parts"
_LOW = 380
"""Pixels of height under which only the first of the answers is shown."""
_ANSWERS = 3
"""Lines at the top: what takes the room, what stands there twice, what the cache did not give."""
_POPUP = QSize(420, 460)
_GROUPS = (("By message", None), ("By tool", GroupBy.TOOL), ("By file read", GroupBy.FILE))


class Workspace(QWidget):
    """Shows what a ``Session`` knows, and hands it what the user chooses."""

    def __init__(
        self, session: Session, settings: Settings, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self.messages = MessageList(theme)
        self.chart = RequestsChart(theme)
        self.stack = WindowStack(theme)
        self.parts = PartsTable(theme)
        self._legend = _Legend(theme)
        self._answers = [ElidedLabel() for _ in range(_ANSWERS)]
        self._save = QPushButton("Leave &Out")
        self._all = QPushButton("&Take All Back")
        self._sent = ElidedLabel("muted")
        self._title = plain_label("", "title", "The request that is looked at")
        self._used = ElidedLabel("muted")
        self._note = ElidedLabel("muted")
        self._note.setAccessibleName("How the figures are known")
        self._group = QComboBox()
        self._popup: QFrame | None = None
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self.messages.theme = theme
        self.messages.viewport().update()
        self._legend.theme = theme
        self._legend.update()
        for part in (self.chart, self.stack, self.parts):
            part.set_theme(theme)

    def remember(self) -> None:
        """Keep the widths for the next start."""
        if not self._narrow:
            remember_splitter(self._splitter, self._settings, _PARTS)

    # -- showing -----------------------------------------------------------------------------------------

    def show_overview(self) -> None:
        """Show another conversation, or another version of it."""
        found = self._session.overview
        if found is None:
            return
        self.chart.set_requests(found.requests, found.compactions, found.lanes)
        self.chart.set_reckoned({})
        has = bool(found.requests)
        for part in (self.chart, self._above, self._line):
            part.setVisible(has)
        sent = formatting.quantity(len(found.requests), "request")
        self._sent.setText(f"{sent} recorded, input tokens each")

    def show_context(self) -> None:
        """Show another request."""
        session, count = self._session, self._session.count
        if count is not None:
            self._show_rows(session.window or max(1, count.tokens))
        self.show_figures()

    def show_figures(self) -> None:
        """Show the figures of the request without what is left out."""
        session, view = self._session, self._session.view
        self.chart.choose(session.number)
        window = session.window
        self.chart.set_window(window)
        if view is None:
            return
        fit, count = session.fit, session.count
        assert count is not None
        rows = stack_rows(view.layers, view.parts, fit, session.without)
        self.stack.set_rows(rows, window)
        whole = window or max(1, count.tokens)
        self.parts.show_rows(rows, whole, formatting.mark(count))
        self.messages.show_without(session.without)
        self._title.setText("Next request" if view.number is None else f"Window at request {view.number:,}")
        self._used.setText(" · ".join(self._used_words()))
        notes = self._notes()
        self._note.setText(" ".join(notes))
        self._note.setToolTip("\n".join(notes))
        self._show_answers()

    def _show_rows(self, whole: int) -> None:
        view = self._session.view
        if view is None:
            return
        by = self._group.currentData()
        if by is None:
            rows: Sequence[TreeRow] = view.rows
        else:
            rows = group_rows(grouped(view.parts, GroupBy(by)), view.parts)
        self.messages.show_rows(rows, whole, self._session.without)

    def _used_words(self) -> list[str]:
        session, found = self._session, self._session.overview
        count, fit = session.count, session.fit
        assert count is not None and found is not None
        words = [f"{formatting.count(count)} used"]
        if fit is not None and fit.share is not None:
            words.append(f"{formatting.share_of(count, fit.share)} of {session.model_name}")
        else:
            words.append(f"the window of {session.model_name} is not known")
        one = next((each for each in found.requests if each.number == session.number), None)
        if one is not None and one.cost is not None:
            words.append(f"cost {formatting.money(one.cost)}")
        if session.without:
            words.append(f"{formatting.quantity(len(session.without), 'part')} left out")
        return words

    def _notes(self) -> list[str]:
        session, view, found = self._session, self._session.view, self._session.overview
        assert view is not None and found is not None
        notes = []
        if view.hidden and view.recorded is not None:
            shown = view.recorded - view.hidden
            told = f"{view.recorded:,} reported by the provider, less {shown:,} counted in the file"
            notes.append(f"Not in the file: {told}.")
        if session.own_chosen and found.own.stands_in_for is not None:
            named = (
                f"“{found.own.stands_in_for}” is not known"
                if found.own.stands_in_for
                else "No model is named"
            )
            notes.append(f"{named}: counted as for {session.model_name}.")
        if view.measured:
            notes.append(f"Framing of {session.model_name}: {view.measured}.")
        else:
            notes.append(f"What the maker of {session.model_name} adds is not known and not counted.")
        unknown = sum(part.tokens is None and part.kind != "framing" for part in view.parts)
        if unknown:
            notes.append(f"{formatting.quantity(unknown, 'part')} of unknown size: not in the sum.")
        if found.partial:
            notes.append(found.partial)
        return notes

    def _show_answers(self) -> None:
        session, view, found = self._session, self._session.view, self._session.overview
        assert view is not None and found is not None and session.count is not None
        sentences = list(view.sentences)
        misses = [one for one in found.requests if one.reread]
        if misses:
            largest = max(misses, key=lambda one: one.reread)
            sentences.append(f"{largest.why}{_more(len(misses) - 1)}")
        if found.problems:
            sentences.insert(0, f"{found.problems[0]}{_more(len(found.problems) - 1)}")
        everything = "\n".join([*sentences, *found.problems[1:10], *(one.why for one in misses[:10])])
        for line, sentence in zip_longest(self._answers, sentences[:_ANSWERS], fillvalue=""):
            assert isinstance(line, ElidedLabel)
            line.setText(sentence)
            line.setToolTip(everything)
        self._show_lines()
        parts = set(view.repeated) - session.without
        saved = sum(view.parts[index].tokens or 0 for index in parts)
        self._save.setVisible(bool(parts))
        self._save.setText(f"Leave &Out Repeats (−{saved:,})")
        self._save.setToolTip("Leave out what was read again later: only the last reading of each file stays")
        self._all.setVisible(bool(session.without))

    # -- choosing ----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        session = self._session
        session.opened.connect(self.show_overview)
        session.context_changed.connect(self.show_context)
        session.without_changed.connect(self.show_figures)
        session.reckoned_changed.connect(lambda: self.chart.set_reckoned(session.reckoned))
        self.chart.chosen.connect(session.choose_request)
        self.stack.chosen.connect(self._choose_layer)
        self.parts.chosen.connect(self.stack.choose)
        self.parts.toggled.connect(self._toggle)
        self.messages.toggled.connect(self._toggle)
        self.messages.pointed.connect(lambda row: self.stack.choose(row.layer))
        self.messages.opened.connect(self._open)
        self._group.currentIndexChanged.connect(self._regroup)
        self._save.clicked.connect(self._leave_out_repeats)
        self._all.clicked.connect(session.take_all_back)

    def open_current(self) -> None:
        """Show the text of the line that is current."""
        index = self.messages.currentIndex()
        if index.isValid():
            self._open(self.messages.rows.rows[index.row()])
        else:
            self._session.problem.emit("Choose a message first; its text then opens as tokens.")

    def _open(self, row: TreeRow) -> None:
        if self._popup is not None:
            self._popup.hide()
        whole = not row.below and row.message is not None and self._group.currentData() is None
        if row.parts:
            self._session.read_text(row.parts[0], row.title, whole)

    def _toggle(self, row: TreeRow | StackRow, on: bool) -> None:
        self._session.leave_out(frozenset(row.parts), not on)

    def _leave_out_repeats(self) -> None:
        if self._session.view is not None:
            self._session.leave_out(frozenset(self._session.view.repeated), True)

    def _choose_layer(self, layer: Layer) -> None:
        self.parts.choose(layer)
        view = self._session.view
        row = next((row for row in self.parts.rows.rows if row.layer is layer), None)
        if view is not None and row is not None and row.parts:
            self.messages.select_part(max(row.parts, key=lambda index: view.parts[index].tokens or 0))
            self.stack.choose(layer)

    def _regroup(self) -> None:
        by = self._group.currentData()
        # What was read is in the order of reading; groups stand with the largest first.
        self.messages.sortByColumn(-1 if by is None else 1, Qt.SortOrder.DescendingOrder)
        self._show_rows(self.messages.whole)

    # -- layout ------------------------------------------------------------------------------------------

    @property
    def _narrow(self) -> bool:
        return self._popup is not None

    def set_narrow(self, narrow: bool) -> None:
        """Whether the messages are a list that drops down."""
        if narrow == self._narrow:
            return
        if narrow:
            self._popup = QFrame(self)
            self._popup.setObjectName("banner")
            self._popup.hide()
            close = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._popup, self._popup.hide)
            close.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            column = fill(QVBoxLayout(self._popup), self._left, spacing=0)
            column.setContentsMargins(6, 6, 6, 6)
            self._left.show()
        elif self._popup is not None:
            self._splitter.insertWidget(0, self._left)
            self._left.show()
            self._popup.deleteLater()
            self._popup = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_lines()

    def _show_lines(self) -> None:
        """As many of the answers as there is room for; the tooltip has all of them."""
        room = _ANSWERS if self.height() >= _LOW else 1
        for number, line in enumerate(self._answers):
            line.setVisible(bool(line.text()) and number < room)

    def drop_down(self, below: QWidget) -> None:
        """Show the messages below a button."""
        if self._popup is None:
            return
        if self._popup.isVisible():
            self._popup.hide()
            return
        left = self.mapFromGlobal(below.mapToGlobal(QPoint())).x()
        self._popup.setGeometry(left, 0, _POPUP.width(), min(_POPUP.height(), self.height()))
        self._popup.show()
        self._popup.raise_()
        self.messages.setFocus()

    def _lay_out(self) -> None:
        self._group.setAccessibleName("What the list is by")
        for title, by in _GROUPS:
            self._group.addItem(title, by)
        self._left = QWidget()
        fill(QVBoxLayout(self._left), self._group, self.messages, wide=self.messages, spacing=6)
        self._above = QWidget()
        requests = plain_label("Requests", "metric")
        fill(QHBoxLayout(self._above), requests, self._sent, self._legend, wide=self._sent, spacing=8)
        self._line = rule()
        steps = (
            icon_button("chevron-left", "The request before", lambda: self.chart.step(-1)),
            icon_button("chevron-right", "The next request", lambda: self.chart.step(1)),
        )
        heading = fill(QHBoxLayout(), self._title, self._used, *steps, wide=self._used, spacing=8)
        self._title.setProperty("role", "metric")
        right = QWidget()
        column = fill(
            QVBoxLayout(right),
            *(self._above, self.chart, self._line, heading, self.stack, self.parts, self._note),
            spacing=6,
        )
        column.setStretch(1, 3)
        column.setStretch(5, 4)
        column.setContentsMargins(8, 0, 0, 0)
        right.setMinimumWidth(320)
        self.parts.setMinimumHeight(96)
        # A low window scrolls what stands below; none of it can do with less.
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setMinimumHeight(80)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setObjectName("bare")
        scrolled.setMinimumWidth(320)
        scrolled.setWidget(right)
        self._splitter.addWidget(self._left)
        self._splitter.addWidget(scrolled)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setSizes([290, 480])
        restore_splitter(self._splitter, self._settings, _PARTS)
        first, second, third = self._answers
        row = fill(QHBoxLayout(), second, self._save, self._all, wide=second, spacing=8)
        answers = fill(QVBoxLayout(), first, row, third, spacing=2)
        fill(QVBoxLayout(self), answers, self._splitter, wide=self._splitter, spacing=8)


def _more(number: int) -> str:
    return f" ({number:,} more)" if number > 0 else ""


class _Legend(QLabel):
    """What the colours of the bars stand for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        names = ", ".join(name for name, _ in self._entries)
        self.setAccessibleName(f"Colours of the bars: {names}")
        self.setToolTip("The line across a bar: what the file shows of the request, as counted here")

    @property
    def _entries(self) -> Sequence[tuple[str, QColor]]:
        theme = self.theme
        return (
            ("cache read", theme.cache_read),
            ("cache write", theme.cache_write),
            ("fresh", theme.cache_fresh),
            ("cache miss", theme.cache_miss),
        )

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(sized(self.font(), LEGEND))
        return QSize(sum(metrics.horizontalAdvance(name) + 28 for name, _ in self._entries), 18)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(sized(self.font(), LEGEND))
            x, middle = max(0, self.width() - self.sizeHint().width()) + 8, self.height() // 2
            for name, color in self._entries:
                painter.fillRect(x, middle - 5, 10, 10, color)
                painter.setPen(self.theme.muted)
                width = painter.fontMetrics().horizontalAdvance(name)
                painter.drawText(x + 15, 0, width + 2, self.height(), Qt.AlignmentFlag.AlignVCenter, name)
                x += width + 28
