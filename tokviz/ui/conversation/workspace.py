"""One conversation: its messages, its requests over time, and what fills the window at one of them."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.counted_context import FRAMING
from tokviz.analysis.conversation.groups import GroupBy, grouped
from tokviz.analysis.conversation.message_tree import TreeRow, group_rows, message_rows
from tokviz.analysis.conversation.stack import Layer, StackRow, stack_rows
from tokviz.conversations.hosts import host_name
from tokviz.language import _, ngettext, number
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.placement import keep_splitter
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.tabbed_pane import TabbedPane
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import ElidedLabel, fill, icon_button, name_box, offer, plain_label, rule
from tokviz.ui.conversation.answers import LINES, Answers
from tokviz.ui.conversation.cache_pane import CachePane
from tokviz.ui.conversation.chart_legend import ChartLegend
from tokviz.ui.conversation.message_list import MessageList
from tokviz.ui.conversation.parts_map import PartsMap
from tokviz.ui.conversation.parts_table import PartsTable
from tokviz.ui.conversation.request_words import notes, used_words
from tokviz.ui.conversation.requests_chart import RequestsChart
from tokviz.ui.conversation.session import Session
from tokviz.ui.conversation.window_stack import WindowStack

_PARTS = "conversation/parts"
_LOW = 380
"""Pixels of height under which only the first of the answers is shown."""
_POPUP = QSize(420, 460)
_FRAMED = "framed"
_GROUPS = (
    (_("By message"), None),
    (_("By message, framing apart"), _FRAMED),
    (_("By tool"), GroupBy.TOOL),
    (_("By file read"), GroupBy.FILE),
)


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
        self._legend = ChartLegend(theme)
        self.answers = Answers()
        self.map = PartsMap(theme)
        self.cache = CachePane()
        self.panes = TabbedPane(
            _("What the parts are shown as"),
            ((_("Parts"), self.parts), (_("Map"), self.map), (_("Cache"), self.cache)),
        )
        self._sent = ElidedLabel("muted")
        self._title = plain_label("", "title", _("The request that is looked at"))
        self._used = ElidedLabel("muted")
        self._note = ElidedLabel("muted", name=_("How the figures are known"))
        self._host = ChoiceBox()
        self._group = ChoiceBox()
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
        for part in (self.chart, self.stack, self.parts, self.map):
            part.set_theme(theme)

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
        self.cache.show_requests(found.requests)
        sent = ngettext(
            "{n} request recorded · input tokens each",
            "{n} requests recorded · input tokens each",
            len(found.requests),
        )
        self._sent.setText(sent)

    def show_context(self) -> None:
        """Show another request."""
        session, count = self._session, self._session.count
        if count is not None:
            self._show_rows(session.window or max(1, count.tokens))
        self.show_figures()
        self.cache.forget()

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
        self.map.show_without(session.without)
        title = _("Next request")
        if view.number is not None:
            title = _("Window at request {number}", number=number(view.number))
        self._title.setText(title)
        self._used.setText(" · ".join(used_words(session)))
        told = notes(session)
        self._note.setText(" ".join(told))
        self._note.setToolTip("\n".join(told))
        offer(self._host, ((host_name(host), host) for host in view.hosts), view.host)
        self._host.setVisible(bool(view.hosts))
        self.answers.show_answers(session)

    def _show_rows(self, whole: int, opened: bool | None = None) -> None:
        session, view = self._session, self._session.view
        if view is None or session.count is None:
            return
        by = self._group.currentData()
        rows: Sequence[TreeRow] = view.rows
        if by is not None:
            titles = {row.message: row.title for row in rows if row.message is not None and not row.below}
            if by == _FRAMED:
                rows = message_rows(view.parts, titles, framing=True)
            else:
                rows = group_rows(grouped(view.parts, GroupBy(by)), view.parts, titles)
        self.messages.show_rows(rows, whole, session.without, opened=opened)
        self.map.show_rows(rows, session.without, formatting.mark(session.count), whole)

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
        self.messages.pointed.connect(self._point)
        self.messages.opened.connect(self._open)
        self.map.chosen.connect(self.messages.select)
        self.map.opened.connect(self._open)
        self.cache.wanted.connect(session.explain_cache)
        self.cache.chosen.connect(session.choose_request)
        session.cache_ready.connect(self.cache.show_answer)
        self.map.toggled.connect(self._toggle)
        self._group.currentIndexChanged.connect(self._regroup)
        self._host.activated.connect(lambda: session.use_host(str(self._host.currentData())))
        self.answers.without_repeats_wanted.connect(self._leave_out_repeats)
        self.answers.everything_wanted.connect(session.take_all_back)

    def open_current(self) -> None:
        """Show the text of the line that is current."""
        index = self.messages.currentIndex()
        if index.isValid():
            self._open(self.messages.rows.rows[index.row()])
        else:
            self._session.problem.emit(_("Choose a message first; its text then opens as tokens."))

    def _open(self, row: TreeRow) -> None:
        if self._popup is not None:
            self._popup.hide()
        view = self._session.view
        if view is not None and row.parts:
            words = self._words(row.parts) or self._words(self.messages.parts_of(row))
            self._session.read_text(words or row.parts, row.title)

    def _words(self, parts: Sequence[int]) -> list[int]:
        view = self._session.view
        return [index for index in parts if view is not None and view.parts[index].kind != FRAMING]

    def _point(self, row: TreeRow) -> None:
        self.stack.choose(row.layer)
        self.map.select(row)

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
        in_order = by in (None, _FRAMED)
        self.messages.sortByColumn(-1 if in_order else 1, Qt.SortOrder.DescendingOrder)
        self._show_rows(self.messages.whole, opened=in_order)

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
        self.answers.give_room(LINES if self.height() >= _LOW else 1)

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
        name_box(self._group, _("What the list is by"))
        for title, by in _GROUPS:
            self._group.addItem(title, by)
        self._left = QWidget()
        fill(QVBoxLayout(self._left), self._group, self.messages, wide=self.messages, spacing=6)
        self._above = QWidget()
        requests = plain_label(_("Requests"), "metric")
        fill(QHBoxLayout(self._above), requests, self._sent, self._legend, wide=self._sent, spacing=8)
        self._line = rule()
        steps = (
            icon_button("chevron-left", _("The request before"), lambda: self.chart.step(-1)),
            icon_button("chevron-right", _("The next request"), lambda: self.chart.step(1)),
        )
        heading = fill(QHBoxLayout(), self._title, self._used, *steps, wide=self._used, spacing=8)
        self._title.setProperty("role", "metric")
        right = QWidget()
        name_box(self._host, _("Through whom the model is asked"))
        self._host.setToolTip(_("Who serves the model: what stands around the messages differs"))
        self._host.hide()
        known = fill(QHBoxLayout(), self._note, self._host, wide=self._note, spacing=8)
        column = fill(
            QVBoxLayout(right),
            *(self._above, self.chart, self._line, heading, self.stack, self.panes, known),
            spacing=6,
        )
        column.setStretch(1, 3)
        column.setStretch(5, 4)
        # The ring of the focus ends below the last line.
        column.setContentsMargins(reading_margins(8, 0, 0, 3))
        right.setMinimumWidth(320)
        self.parts.setMinimumHeight(96)
        # A low window scrolls what stands below; none of it can do with less.
        scrolled = QScrollArea()
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the focus, and is scrolled to
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
        keep_splitter(self._splitter, self._settings, _PARTS)
        fill(QVBoxLayout(self), self.answers, self._splitter, wide=self._splitter, spacing=8)
