"""The text page: a text, its tokens in it, and the metrics under it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout

from tokviz.analysis.formatting import percent
from tokviz.analysis.tokens.token_export import export_csv, ids_json
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.language import _
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Count
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.editor.zoom import share_zoom
from tokviz.ui.text.default_tokenizer import DefaultTokenizer
from tokviz.ui.text.disk_watch import DiskWatch
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.text.open_texts import OpenTexts, ViewState
from tokviz.ui.text.page_actions import PageActions
from tokviz.ui.text.panels.details_controller import DetailsController
from tokviz.ui.text.panels.heat_legend import HeatLegend
from tokviz.ui.text.panels.metrics_bar import MetricsBar, MetricsUpdater
from tokviz.ui.text.panels.status_line import StatusLine
from tokviz.ui.text.panels.text_ruler import TextRuler
from tokviz.ui.text.panels.token_tip import TokenTip
from tokviz.ui.text.print_controller import PrintController
from tokviz.ui.text.reading_status import ReadingStatus
from tokviz.ui.text.returning import Returning
from tokviz.ui.text.tab_row import TabRow
from tokviz.ui.text.token_exports import TokenExports
from tokviz.ui.text.toolbar import TextToolbar
from tokviz.ui.text.window_ends import WindowEnds
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.document import Document, Origin
from tokviz.ui.tokens.tokenizing import Tokenizing

_PLACEHOLDER = _("Type or paste a text here, or drop a file: its tokens show at once.")
_NARROW_WINDOW, _LOW_WINDOW = 1000, 680
"""Pixels of the window's width and height under which the metrics stand in one line."""


class TextPage(Page):
    """Puts the document, its view, its tokens and its counts together."""

    def __init__(
        self,
        worker: Worker,
        registry: Registry,
        tokenizers: Sequence[str],
        settings: Settings,
        theme: Theme,
        paper: Theme | None = None,
        *,
        unsaved: UnsavedTexts,
    ) -> None:
        """``tokenizers``: the tokenizers and estimators whose counts the models need, all of them until
        ``set_needed`` is told which can be seen; ``paper``: the colours in which to print, if not in those of
        the window."""
        super().__init__()
        self._location_told = ("", False)
        self.document = Document(self)
        buffer = self.document.buffer
        self._ruler = TextRuler(theme)
        self.view = TokenView(buffer, theme, self.document.history, vertical=self._ruler)
        self.view.placeholder = _PLACEHOLDER
        share_zoom(self.view, settings)
        self.tokenizing = Tokenizing(buffer, worker, self)
        self._registry = registry
        self.counter = TextCounter(buffer, worker, registry, tokenizers, self)
        self.texts = OpenTexts(self.document, self, unsaved, settings, self)
        self.files = DocumentFiles(
            self.document,
            worker,
            settings,
            self,
            self.texts.make_room,
            self._come_forward,
            self.texts.is_behind,
            self._keeping_place,
            lambda path: self.disk.written_by_others(path),
        )
        self.returning = Returning(self.texts, self.files, self.view)
        self.disk = DiskWatch(self.document, worker, self._is_seen, self)
        self.tabs = TabRow(self.texts)
        self._needed = tuple(tokenizers)
        self.toolbar = TextToolbar(registry)
        self.metrics_bar = MetricsBar()
        self.heat_legend = HeatLegend(theme)
        self.details = DetailsController(self.view, self.tokenizing, registry, worker, settings, theme, self)
        self._metrics = MetricsUpdater(
            buffer, lambda: self.tokenizing.map, self.counter, worker, self.metrics_bar, self
        )
        self.exports = TokenExports(self.details.shown, self.view, self.document, settings, theme, self)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self.printing = PrintController(self.view, paper or theme, lambda: self.document.name, self)
        self.tip = TokenTip(self.view, self.details.shown, theme)
        self.details.caret_token.told.connect(self.tip.tell)
        self.window_ends = WindowEnds(
            self.view, self._ruler, self.details, self.tokenizing, self.counter, worker, settings, self
        )
        self._actions = PageActions(
            self.view,
            self.files,
            self.texts,
            self.document,
            self.details,
            self.exports,
            self.printing,
            self.heat_legend,
            settings,
            self,
            self.window_ends.entries(),
            self._show_tips,
        )
        self.reading_status = ReadingStatus(self.document, self._actions.encodings)
        self._status_line = StatusLine(self.view, self.tokenizing, self.document, self.reading_status)
        self._lay_out()
        self._connect()
        self._default = DefaultTokenizer(settings, self)
        self.remembered = self._default.at_start
        """What was chosen last, or is the front text's; it may be a user's own that is still being read."""
        self.toolbar.choose(self.remembered)
        self.tokenizing.choose(self.toolbar.tokenizer, self.toolbar.mode)
        self.counter.start()
        self._tell_needed()
        self.setFocusProxy(self.view)

    # -- what the window asks --------------------------------------------------------------------------

    @property
    def icon_name(self) -> str:
        return "type"

    @property
    def title(self) -> str:
        return _("Text")

    @property
    def location(self) -> str:
        path = self.document.origin.path
        return str(path) if path else self.document.name

    @property
    def status(self) -> str:
        if self.files.reading:
            return _("Reading {file}…", file=self.files.reading)
        origin = self.document.origin
        place = str(origin.path) if origin.path else self.document.name
        parts = (place, origin.undecodable, self.view.state.read_only_reason)
        return "   ·   ".join(part for part in parts if part)

    @property
    def status_line(self) -> StatusLine | None:
        return None if self.files.reading else self._status_line

    @property
    def work(self) -> str:
        if doing := self.tokenizing.failure or self.exports.doing or self.printing.doing:
            return doing
        if self.counter.share < 1 and len(self.document.buffer) > 1 << 20:
            return _("Counting for the models: {share}", share=percent(self.counter.share))
        return ""

    @property
    def modified(self) -> bool:
        return self.document.modified

    def may_close(self) -> bool:
        return self.texts.may_close(self.files.may_discard)

    def stay(self) -> None:
        self.texts.stay()

    def counts(self) -> Mapping[str, Count]:
        return self.counter.counts

    def counts_with(self, name: str) -> bool:
        return self.counter.counts_with(name)

    def most_tokens(self, name: str) -> int | None:
        return self.counter.most_tokens(name)

    def set_needed(self, names: Sequence[str]) -> None:
        self._needed = tuple(names)
        self._tell_needed()

    def count_also(self, names: Sequence[str]) -> None:
        self.counter.ask(names)

    def actions_for(self, menu: str) -> list[QAction]:
        return [self._default.entry] if menu == "tools" else self._actions.menus.get(menu, [])

    def set_theme(self, theme: Theme) -> None:
        self.view.set_theme(theme)
        self.details.set_theme(theme)
        self.heat_legend.set_theme(theme)
        self._ruler.set_theme(theme)
        self.tip.set_theme(theme)
        self.exports.theme = theme

    def stop(self) -> bool:
        return self.files.cancel() or self.exports.stop() or self.printing.stop()

    # -- several texts ---------------------------------------------------------------------------------

    def view_state(self) -> ViewState:
        view, state = self.view, self.view.state
        selection = (state.anchor, state.caret.offset)
        tokenizing, totals = self.tokenizing, self.counter.totals
        return ViewState(selection, view.scroll_state(), tokenizing.tokenizer, tokenizing.mode, totals)

    def show_as(self, state: ViewState) -> None:
        if (state.tokenizer, state.mode) != (self.tokenizing.tokenizer, self.tokenizing.mode):
            self.toolbar.choose(state.tokenizer, state.mode)
            self.tokenizing.choose(state.tokenizer, state.mode)
            self.remembered = state.tokenizer
            self._default.use(state.tokenizer)
            self._tell_needed()
        self.view.select(*state.selection)
        self.view.set_scroll_state(state.scroll)
        self.counter.recall(state.totals)

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        """The text of the same file takes the place of the one in front: the caret and the view stay."""
        view, (anchor, caret) = self.view, self.view_state().selection
        top, _, aside = view.scroll_state()
        yield
        view.select(anchor, caret)
        start = view.buffer.lines.start_of_line(min(top, len(view.buffer)))
        view.set_scroll_state((start, 0, aside))

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.window().isMinimized()

    def _tell_written(self, path: Path) -> None:
        self.offer.emit(_written(path), _("Reload"), partial(self.files.reload, path))

    def _tell_gone(self, path: Path) -> None:
        self.information.emit(
            _("{name} is not on the disk any more; saving writes it again.", name=path.name)
        )

    def _come_forward(self, path: Path) -> bool:
        if (index := self.texts.find(path)) is None:
            return False
        self.texts.show(index)
        return True

    # -- opening ---------------------------------------------------------------------------------------

    def show_text(self, data: bytes, title: str) -> None:
        """Show a text (valid UTF-8) that comes from no file."""
        self.files.show(data, Origin(title=title))

    def choose_tokenizer(self, name: str, mode: SpecialTokens = SpecialTokens.PLAIN) -> None:
        """Tokenize the text with another tokenizer; the text stays as it is."""
        self.toolbar.choose(name, mode)
        self._choose(name, mode)

    def add_tokenizer(self, name: str, opened: bool) -> None:
        """The registry knows one more, or one that was read anew: count with it, and use it if the user has
        just ``opened`` it, or chose it before."""
        self.toolbar.refresh_tokenizers()
        self.counter.add(name)
        self.details.shown.facts.forget(name)
        if name == self.tokenizing.tokenizer:
            self.choose_tokenizer(name, self.toolbar.mode)
        elif opened or name == self.remembered:
            self.choose_tokenizer(name)

    # -- building --------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.toolbar.add_menu(_("Show"), self._actions.toggles)
        self._splitter.addWidget(self.view)
        self._splitter.addWidget(self.details.pane)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([500, 220])
        self._splitter.setChildrenCollapsible(False)
        foot = QHBoxLayout()
        foot.addWidget(self.metrics_bar, 1)
        foot.addWidget(self.heat_legend, 0, Qt.AlignmentFlag.AlignTop)
        details = self.details
        parts = (
            self.tabs,
            self.toolbar,
            details.note,
            self._splitter,
            details.find_bar,
            details.goto_bar,
            details.line,
        )
        fill(QVBoxLayout(self), *parts, foot, wide=self._splitter, spacing=6)

    def _connect(self) -> None:
        document, view, tokenizing = self.document, self.view, self.tokenizing
        self.toolbar.tokenizer_chosen.connect(self._choose)
        self.toolbar.find_wanted.connect(self.details.find_bar.open)
        document.origin_changed.connect(self._tell_location)
        document.shown.connect(lambda: view.select(0, 0))
        view.edited.connect(self._edited)
        view.read_only_changed.connect(self._tell_location)
        view.selection_changed.connect(self._metrics.select)
        view.visible_changed.connect(tokenizing.set_visible)
        tokenizing.map_changed.connect(self._show_map)
        tokenizing.tokens_changed.connect(view.tokens_changed)
        tokenizing.tokens_changed.connect(self._metrics.refresh)
        tokenizing.failed.connect(self.problem)
        tokenizing.recovered.connect(self.problem_over)
        self.counter.changed.connect(self._metrics.refresh)
        self.counter.changed.connect(self.counts_changed)
        self.counter.failed.connect(self.problem)
        self.counter.recovered.connect(self.problem_over)
        self.details.ids.copy_asked.connect(partial(self.exports.copy_tokens, ids_json))
        self.details.table.copy_asked.connect(partial(self.exports.copy_tokens, export_csv))
        ends = self.window_ends
        ends.chunks.information.connect(self.information)
        for sender in (ends.actions, ends.exporter):
            sender.problem.connect(self.problem)
            sender.information.connect(self.information)
        for part in (self.files, self.exports, self.printing):
            part.work_changed.connect(self.work_changed)
        for teller in (self.files, self.texts, self.exports, self.printing):
            teller.problem.connect(self.problem)
            teller.information.connect(self.information)
        self.texts.changed.connect(self.files.turned)
        self.texts.changed.connect(self.disk.look)
        self.texts.restored.connect(self.disk.resume)
        self.files.exchanged.connect(self.disk.take)
        self.files.exchanged.connect(lambda path: self.problem_over.emit(_written(path)))
        for teller in (self.files, self.texts):
            teller.problem_over.connect(self.problem_over)
        self.disk.written.connect(self._tell_written)
        self.disk.gone.connect(self._tell_gone)
        self.location_changed.connect(self.tabs.refresh)
        self.tabs.close_asked.connect(lambda index: self.texts.close(index, self.files.may_discard))
        view.commands.turn = self.texts.turn

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.window().size()
        is_low = size.width() < _NARROW_WINDOW or size.height() < _LOW_WINDOW
        self.metrics_bar.set_narrow(is_low)

    def _show_tips(self, on: bool) -> None:
        """Tell of the token under the mouse beside it, or on a line under the text."""
        self.tip.enabled = on
        self.details.line.setVisible(not on)

    def _show_map(self, token_map: TokenMap | None) -> None:
        self.view.set_token_map(self.tokenizing if token_map is not None else None)
        self.view.set_special_tokens(self.tokenizing.special_tokens)
        self._metrics.refresh()

    def _choose(self, name: str, mode: SpecialTokens) -> None:
        self.remembered = name
        self._default.remember(name)
        self.tokenizing.choose(name, mode)
        self._tell_needed()

    def _tell_needed(self) -> None:
        self.counter.want("text", [self.tokenizing.tokenizer or "", *self._needed])

    def _edited(self) -> None:
        self._metrics.refresh()
        if self._location_told != (
            self.location,
            self.modified,
        ):  # not at every key: the window has much to show
            self._tell_location()

    def _tell_location(self) -> None:
        self._location_told = (self.location, self.modified)
        self.location_changed.emit()


def _written(path: Path) -> str:
    return _("{name} was changed on the disk.", name=path.name)
