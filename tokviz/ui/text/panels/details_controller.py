"""Joins the token view with everything that says more about its tokens."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tokviz.language import _
from tokviz.text.change import Parts
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.tabbed_pane import TabbedPane
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.caret_token import CaretToken
from tokviz.ui.text.panels.find_bar import FindBar
from tokviz.ui.text.panels.goto_bar import GoToBar
from tokviz.ui.text.panels.id_view import IdView
from tokviz.ui.text.panels.inspector import HoverLine, Inspector
from tokviz.ui.text.panels.statistics_panel import StatisticsPanel
from tokviz.ui.text.panels.token_table_view import TokenTableView
from tokviz.ui.text.panels.tokenizer_note import NormalizationMarks, TokenizerNote
from tokviz.ui.tokens.normalization_changes import NormalizationChanges
from tokviz.ui.tokens.shown_tokens import ShownTokens
from tokviz.ui.tokens.token_facts import TokenFacts
from tokviz.ui.tokens.tokenizing import Tokenizing


class DetailsController(QObject):
    """Hovering shows a token on one line, clicking keeps it; a selection in one is one in all."""

    def __init__(
        self,
        view: TokenView,
        tokenizing: Tokenizing,
        registry: Registry,
        worker: Worker,
        settings: Settings,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._tokenizing = tokenizing
        self._registry = registry
        facts = TokenFacts(worker, self)
        self.shown = ShownTokens(view.buffer, tokenizing, registry, facts, self)
        self.caret_token = CaretToken(view, self.shown)
        self.line = HoverLine(self.shown)
        self.inspector = Inspector(self.shown, theme)
        self.table = TokenTableView(self.shown, theme)
        self.ids = IdView(self.shown, theme)
        self.statistics = StatisticsPanel(self.shown, self)
        self.find_bar = FindBar(self.shown, settings, theme, lambda: view.state.selection, self._replace)
        self.goto_bar = GoToBar(self.shown)
        self.normalization_changes = NormalizationChanges(view.buffer, worker, self)
        self.note = TokenizerNote(self.normalization_changes)
        self._marks = NormalizationMarks(view, self.normalization_changes)
        self.pane = TabbedPane(
            _("Details of the text"),
            (
                (_("Token"), self.inspector),
                (_("Table"), self.table),
                (_("Ids"), self.ids),
                (_("Statistics"), self.statistics.overview),
                (_("Costly lines"), self.statistics.lines),
            ),
        )
        self._connect()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        for part in (self.inspector, self.table, self.ids, self.find_bar):
            part.set_theme(theme)

    def pin(self, index: int, start: int, end: int) -> None:
        """Pin this token and bring the inspector to the front."""
        self.pane.show_part(self.inspector)
        self._pin(index, start, end)

    def _connect(self) -> None:
        view = self._view
        view.token_hovered.connect(self.line.hover)
        view.token_hovered.connect(self.inspector.hover)
        for source in (view, self.ids):
            source.token_clicked.connect(self._pin)
            source.token_clicked.connect(self.caret_token.say)
        self.ids.token_hovered.connect(self.line.hover)
        self.ids.token_hovered.connect(self.inspector.hover)
        self.ids.tokens_selected.connect(view.select)
        view.selection_changed.connect(self._selected)
        self.inspector.token_chosen.connect(lambda _, start, __: view.reveal(start))
        self.inspector.token_chosen.connect(self.caret_token.say)
        self.caret_token.told.connect(self.line.hover)
        self.inspector.pinned_changed.connect(self._show_pinned)
        self.table.tokens_selected.connect(view.select)
        self.statistics.line_chosen.connect(view.select)
        self.find_bar.match_chosen.connect(view.select)
        self.find_bar.marks_changed.connect(self._mark_matches)
        view.visible_changed.connect(self._mark_matches)
        self.goto_bar.position_chosen.connect(view.select)
        for bar in (self.find_bar, self.goto_bar):
            bar.closed.connect(view.setFocus)
        self._tokenizing.map_changed.connect(self._tokenizer_chosen)
        self.normalization_changes.failed.connect(self._tokenizing.failed)
        self.note.change_wanted.connect(self._show_change)

    def _tokenizer_chosen(self) -> None:
        info = self._registry.info(self._tokenizing.tokenizer)
        self.normalization_changes.choose(info.normalization or None)
        self.note.show_info(info, self._tokenizing.mode)

    def _show_change(self, forward: bool) -> None:
        start, end = self._view.state.selection
        find = self.normalization_changes.following if forward else self.normalization_changes.preceding
        found = find(end if forward else start)
        if found is not None:
            self._view.select(*found)

    def _pin(self, index: int, start: int, end: int) -> None:
        if start >= 0:
            self.inspector.pin(index, start, end)

    def _show_pinned(self, start: int, end: int) -> None:
        span = (start, end) if start >= 0 else None
        self._view.set_pinned(span)
        self.ids.set_pinned(span)

    def _mark_matches(self) -> None:
        self._view.highlight_spans(self.find_bar.matches_in(*self._view.visible_bytes()))

    def _replace(self, start: int, end: int, data: bytes, parts: Parts | None = None) -> str:
        """See ``Edit``."""
        view = self._view
        if view.state.read_only:
            return view.state.read_only_reason
        view.editor.replace(start, end, data, parts=parts)
        return ""

    def _selected(self, start: int, end: int) -> None:
        if self.pane.is_in_front(self.table):
            self.table.select_bytes(start, end)
        if self.pane.is_in_front(self.ids):
            self.ids.select_bytes(start, end)
