"""Everything on the text page about where the chosen models' windows end."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.model_limits import ModelLimits
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.chunk_splitter import ChunkSplitter
from tokviz.ui.text.chunks_dialog import ChunksDialog
from tokviz.ui.text.limit_actions import LimitActions
from tokviz.ui.text.panels.details_controller import DetailsController
from tokviz.ui.text.panels.overview import Overview
from tokviz.ui.text.panels.text_ruler import TextRuler
from tokviz.ui.text.panels.window_end import WindowEndRule
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.text_limits import TextLimits
from tokviz.ui.tokens.tokenizing import Tokenizing


class WindowEnds(QObject):
    """The rule in the text, the ruler beside it, the Edit menu's entries, the preview of chunks."""

    def __init__(
        self,
        view: TokenView,
        ruler: TextRuler,
        details: DetailsController,
        tokenizing: Tokenizing,
        counter: TextCounter,
        worker: Worker,
        settings: Settings,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self.limits = TextLimits(view.buffer, worker, counter, tokenizing, self)
        self.rule = WindowEndRule(view, self.limits)
        find_bar = details.find_bar
        self.overview = Overview(view, ruler, self.limits, details.shown, find_bar.positions, self)
        find_bar.marks_changed.connect(self.overview.refresh)
        self.exporter = Exporter(page)
        splitter = ChunkSplitter(view.buffer, worker, self)
        self.chunks = ChunksDialog(view, splitter, self.exporter, settings, page)
        self.actions = LimitActions(view, self.limits, tokenizing, self.chunks, page)
        self._models: ModelLimits | None = None

    def follow(self, models: ModelLimits) -> None:
        """Show the ends of these models' windows from now on."""
        self._models = models
        models.limits_changed.connect(self._take_limits)
        self._take_limits()

    def entries(self) -> list[QAction]:
        """Entries for the Edit menu."""
        return self.actions.entries()

    def _take_limits(self) -> None:
        if self._models is not None:
            self.limits.set_limits(self._models.selected_limit, self._models.other_limits)
