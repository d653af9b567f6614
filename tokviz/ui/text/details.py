"""Joins the token view with everything that says more about its tokens."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tokviz.tokenization.registry import Registry
from tokviz.ui.text.details_pane import DetailsPane
from tokviz.ui.text.insights import Insights
from tokviz.ui.text.inspector import HoverLine, Inspector
from tokviz.ui.text.shown_tokens import ShownTokens
from tokviz.ui.text.token_facts import TokenFacts
from tokviz.ui.text.token_table_view import TokenTableView
from tokviz.ui.text.token_view import TokenView
from tokviz.ui.text.tokenizing import Tokenizing
from tokviz.ui.theme import Theme
from tokviz.ui.worker import Worker


class Details(QObject):
    """Hovering shows a token on one line, clicking keeps it; what is selected in one place is in all."""

    def __init__(
        self,
        view: TokenView,
        tokenizing: Tokenizing,
        registry: Registry,
        worker: Worker,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._view = view
        facts = TokenFacts(worker, self)
        self.shown = ShownTokens(view.buffer, tokenizing, registry, facts, self)
        self.line = HoverLine(self.shown)
        self.inspector = Inspector(self.shown, theme)
        self.table = TokenTableView(self.shown, theme)
        self.insights = Insights(self.shown, self)
        self.pane = DetailsPane(
            (
                ("Token", self.inspector),
                ("Table", self.table),
                ("Statistics", self.insights.figures),
                ("Costly lines", self.insights.lines),
            )
        )
        self._connect()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self.inspector.set_theme(theme)
        self.table.set_theme(theme)

    def _connect(self) -> None:
        view = self._view
        view.token_hovered.connect(self.line.hover)
        view.token_hovered.connect(self.inspector.hover)
        view.token_clicked.connect(self._pin)
        view.selection_changed.connect(self._selected)
        self.inspector.token_chosen.connect(lambda _, start, __: view.reveal(start))
        self.inspector.pinned_changed.connect(self._show_pinned)
        self.table.tokens_selected.connect(view.select)
        self.insights.line_chosen.connect(view.select)

    def _pin(self, index: int, start: int, end: int) -> None:
        if start >= 0:
            self.inspector.pin(index, start, end)

    def _show_pinned(self, start: int, end: int) -> None:
        self._view.set_pinned((start, end) if start >= 0 else None)

    def _selected(self, start: int, end: int) -> None:
        if self.pane.is_in_front(self.table):
            self.table.select_bytes(start, end)
