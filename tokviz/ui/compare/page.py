"""The compare page: one text as the tokens of several tokenizers side by side, and what each makes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QSplitter, QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.comparison.comparison_table import TableRow, comparison_entries, comparison_table
from tokviz.analysis.comparison.panes_html import LIMIT
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.catalog.model import LanguageModel
from tokviz.documents.samples import Samples
from tokviz.language import _
from tokviz.text.change import Change, Phase
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.page import Page
from tokviz.ui.common.placement import keep_splitter
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.staying_menu import StayingMenu
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.actions import CompareActions
from tokviz.ui.compare.exports import ComparisonExports, Snapshot
from tokviz.ui.compare.lines import boundary_words, size_words
from tokviz.ui.compare.models_tab import ModelsTab
from tokviz.ui.compare.panes import FEWEST, MOST, Panes
from tokviz.ui.compare.tabs import ComparisonTabs
from tokviz.ui.compare.toolbar import TEN_LANGUAGES, CompareToolbar
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.document import Document

_DEFAULT = ("o200k_base", "gemma", "llama3", "deepseek-v3")
"""The tokenizers of the panes, as many as there are, before the user chooses."""
_PARTS = "compare/parts"
_REFRESH = 80
"""Least milliseconds between two refreshes of the figures."""


@dataclass(frozen=True, slots=True)
class SharedText:
    """What the page shares with the text page: an edit in one is an edit in the other."""

    document: Document
    counter: TextCounter
    show: Callable[[bytes, str], object]
    """Make a text (valid UTF-8) under a title the one that is open, asking before edits are lost."""
    file_actions: Sequence[QAction] = ()
    """The entries of the File menu that concern the text, such as saving it."""


class ComparePage(Page):
    """Puts panes, tables and exports together. It works only while it is shown: before that it has no pane,
    and an edit made elsewhere while it is hidden lets its tokens go."""

    text_opened = Signal()
    """A form of the data was opened as the text, which the text page shows."""

    def __init__(
        self,
        shared: SharedText,
        worker: Worker,
        registry: Registry,
        models: Sequence[LanguageModel],
        samples: Samples,
        settings: Settings,
        theme: Theme,
    ) -> None:
        super().__init__()
        self._shared = shared
        self._models = tuple(models)
        self._samples = samples
        self._settings = settings
        self._buffer = shared.document.buffer
        self._registry = registry
        self._entries = comparison_entries(registry)
        self._remembered = settings.names("compare/tokenizers")
        """What the panes showed last; a user's own tokenizer among them may still be read."""
        self._needed: tuple[str, ...] = ()
        self._rows: list[TableRow] = []
        self.panes = Panes(self._buffer, shared.document.history, worker, registry, settings, theme)
        models_tab = ModelsTab(self._models, settings)
        self.tabs = ComparisonTabs(self._buffer, self._entries, samples, worker, theme, models_tab)
        self.exports = ComparisonExports(self._snapshot, self.panes, settings, theme, self)
        self.toolbar = CompareToolbar(range(FEWEST, MOST + 1), samples)
        self._pointed = plain_label(" ", "muted", _("What is pointed at"))
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._refresh = Debouncer(self._show_figures, _REFRESH, self)
        self._commands = CompareActions(self.panes, settings, self)
        self._menus = self._commands.menus(shared.file_actions, self.exports.actions)
        self._lay_out()
        self._connect()

    # -- what the window asks --------------------------------------------------------------------------

    @property
    def icon_name(self) -> str:
        return "columns-2"

    @property
    def title(self) -> str:
        return _("Compare")

    @property
    def location(self) -> str:
        return str(self._shared.document.origin.path or self._shared.document.name)

    @property
    def status(self) -> str:
        notes = [pane.note for pane in self.panes.panes if pane.note]
        return "   ·   ".join(part for part in (self.location, *dict.fromkeys(notes)) if part)

    @property
    def work(self) -> str:
        share = self.panes.comparer.share
        if 0 < share < 1 and len(self._buffer) > 1 << 23:
            return _("Comparing: {share}", share=formatting.percent(share))
        return self.exports.doing

    @property
    def document(self) -> Document:
        """What is compared."""
        return self._shared.document

    @property
    def modified(self) -> bool:
        return self._shared.document.modified

    def counts(self) -> Mapping[str, Count]:
        return self._shared.counter.counts

    def counts_with(self, name: str) -> bool:
        return self._shared.counter.counts_with(name)

    def most_tokens(self, name: str) -> int | None:
        return self._shared.counter.most_tokens(name)

    def set_needed(self, names: Sequence[str]) -> None:
        self._needed = tuple(names)
        self._refresh.request()

    def count_also(self, names: Sequence[str]) -> None:
        self._shared.counter.ask(names)

    def actions_for(self, menu: str) -> list[QAction]:
        return self._menus.get(menu, [])

    def set_theme(self, theme: Theme) -> None:
        self.panes.set_theme(theme)
        self.tabs.set_theme(theme)
        self.exports.theme = theme

    # -- being shown and hidden ------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.panes.panes:
            self._show_first()
        self.panes.start()
        self._refresh.restart()
        if not len(self._buffer) and (view := self.panes.active):
            view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed anywhere on an empty page goes into the first pane; others have no use for it."""
        command = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        view = self.panes.active
        if len(self._buffer) or command or not view or not event.text() or not event.text().isprintable():
            super().keyPressEvent(event)
            return
        view.setFocus()
        QCoreApplication.sendEvent(view, event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._shared.counter.want("compare", ())

    def _show_first(self) -> None:
        known = self._registry.names()
        names = [name for name in self._remembered if name in known]
        if not FEWEST <= len(names) <= MOST:
            names = [name for name in _DEFAULT if name in known][:FEWEST]
        wanted = self._remembered
        self._choose(names)
        self._remembered = wanted

    def _edited(self, _change: Change) -> None:
        if not self.isVisible() and self.panes.panes:
            self.panes.rest()
        self._refresh.restart()

    # -- choosing --------------------------------------------------------------------------------------

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on."""
        self._models = tuple(models)
        self.tabs.models.set_models(models)
        self._show_figures()

    def add_tokenizer(self, name: str, opened: bool) -> None:
        """The registry knows one more, or one that was read anew: compare it, and show it in the panes that
        showed it before."""
        self._entries = comparison_entries(self._registry)
        self._offer_baselines()
        self.tabs.languages.set_entries(self._entries, anew=name)
        self.tabs.forms.set_entries(self._entries)
        self.panes.refresh_tokenizers()
        showing = self.panes.tokenizers
        wanted = self._remembered if name in self._remembered else showing
        if showing and name in wanted and set(wanted) <= set(self._registry.names()):
            self._choose(wanted)
        self._refresh.restart()

    def _choose(self, names: Sequence[str]) -> None:
        self.panes.show_tokenizers(names)
        self.panes.put_after(self.toolbar.last)
        self.toolbar.show_count(len(names))

    def _set_count(self, count: int) -> None:
        names = self.panes.tokenizers[:count]
        others = [name for name in (*_DEFAULT, *self._registry.names()) if name not in names]
        self._choose([*names, *others[: count - len(names)]])

    def _show_in_pane(self, name: str) -> None:
        """Show a tokenizer of the table in the last pane, unless one shows it already."""
        if name in self._registry.names() and name not in self.panes.tokenizers:
            self._choose([*self.panes.tokenizers[:-1], name])

    def _show_sample(self, name: str) -> None:
        if name == TEN_LANGUAGES:
            self._show_passages()
            return
        title = next(sample.words for sample in self._samples.all() if sample.id == name)
        self._shared.show(self._samples.text(name), title)

    def _show_passages(self) -> None:
        self.tabs.setCurrentWidget(self.tabs.languages)
        self._shared.show(self.tabs.languages.text, _("Ten languages"))

    def _to_start(self) -> None:
        for pane in self.panes.panes:
            pane.view.select(0, 0)
        self.panes.forget_pointed()

    # -- figures ---------------------------------------------------------------------------------------

    def _tokenizers_changed(self) -> None:
        self._remembered = self.panes.tokenizers
        self._settings.set("compare/tokenizers", self._remembered)
        self._tokens_changed()
        self.location_changed.emit()

    def _tokens_changed(self) -> None:
        self.tabs.kinds.set_maps(self.panes.tokenizers, self.panes.maps)
        self._refresh.request()

    def _text_size(self) -> TextSize:
        """What is known of the text; a size not known yet is 0."""
        size, lines = len(self._buffer), self._buffer.lines
        if not lines.complete:
            return TextSize(size, 0, self._shared.counter.words or 0, 0)
        count = lines.line_count - (lines.start_of_line(size) == size)
        return TextSize(size, lines.code_points_before(size), self._shared.counter.words or 0, count)

    def _show_figures(self) -> None:
        if not self.isVisible():
            return
        seen = [*self.panes.tokenizers, *self.tabs.shown_tokenizers(), *self._needed]
        self._shared.counter.want("compare", seen)
        size = self._text_size()
        baseline = self.tabs.tokenizers.baseline
        counts = self.counts()
        self._rows = comparison_table(size, counts, self._entries, self._models, baseline, date.today())
        self.tabs.set_rows(self._rows, size_words(size))
        self.tabs.set_counts(counts)
        found = self.panes.comparer.result
        self.tabs.set_agreement(self.panes.tokenizers, found.counts if found else None)
        by_name = {row.entry.name: row for row in self._rows}
        for pane in self.panes.panes:
            token_map, row = pane.tokenizing.map, by_name[pane.tokenizer]
            count = token_map.count if token_map else None
            text = "…" if count is None else formatting.tokens(count)
            if row.relative and count is not None:
                text += f" · {formatting.percent(row.relative.likely)}"
            pane.set_figures(text, _("Relative to {baseline}, which is 100 %", baseline=baseline))
        self._show_summary()
        self.work_changed.emit()

    def _show_summary(self) -> None:
        found = self.panes.comparer.result
        if found is None or not len(self._buffer):
            self.toolbar.set_summary(
                _("Comparing…") if len(self._buffer) else _("No text yet: type, or see Samples")
            )
            return
        self.toolbar.set_summary(*boundary_words(found.counts))

    def _snapshot(self) -> Snapshot:
        self._show_figures()
        found = self.panes.comparer.result
        titles = {each.name: each.title for each in self._entries}
        baseline = self.tabs.tokenizers.baseline
        return Snapshot(
            heading=self._shared.document.name or _("Comparison"),
            summary=self.toolbar.summary,
            size=self._text_size(),
            rows=self._rows,
            baseline=baseline,
            baseline_title=titles[baseline],
            panes=self.panes.panes,
            counts=found.counts if found else None,
            data=self._buffer.slice(0, self._buffer.boundary_after(LIMIT)),
            types=self.tabs.types.source(),
            models=self.tabs.models,
            forms=self.tabs.forms,
        )

    # -- building --------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._pointed.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        upper = QWidget()
        fill(QVBoxLayout(upper), self.panes, self._pointed, wide=self.panes, spacing=2)
        self._splitter.addWidget(upper)
        self._splitter.addWidget(self.tabs)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 2)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([640, 360])
        keep_splitter(self._splitter, self._settings, _PARTS)
        self.toolbar.add_actions(self._commands.going)
        for title, entries in ((_("Sho&w"), self._commands.toggles), (_("E&xport"), self.exports.actions)):
            menu = StayingMenu(self)
            menu.addActions(entries)
            self.toolbar.add_menu(title, menu)
        fill(QVBoxLayout(self), self.toolbar, self._splitter, wide=self._splitter, spacing=6)
        self._offer_baselines()

    def _offer_baselines(self) -> None:
        names = [each.name for each in self._entries]
        titles = [each.title for each in self._entries]
        self.tabs.tokenizers.set_entries(names, titles, self._settings.text("compare/baseline", _DEFAULT[0]))

    def _connect(self) -> None:
        panes, tabs, toolbar = self.panes, self.tabs, self.toolbar
        toolbar.count_chosen.connect(self._set_count)
        toolbar.sample_chosen.connect(self._show_sample)
        panes.pointed.connect(self._point)
        panes.tokenizers_changed.connect(self._tokenizers_changed)
        panes.tokens_changed.connect(self._tokens_changed)
        panes.compared.connect(self._refresh.request)
        panes.failed.connect(self.problem)
        tabs.tokenizers.baseline_chosen.connect(self._choose_baseline)
        tabs.tokenizers.tokenizer_wanted.connect(self._show_in_pane)
        tabs.currentChanged.connect(self._refresh.request)
        tabs.models.changed.connect(self._show_figures)
        tabs.forms.text_wanted.connect(self._open_form)
        tabs.forms.information.connect(self.information)
        tabs.forms.failed.connect(self.problem)
        panes.selection_changed.connect(tabs.forms.set_selection)
        tabs.languages.passages_wanted.connect(self._show_passages)
        tabs.languages.failed.connect(self.problem)
        tabs.types.availability_changed.connect(self.exports.set_types_enabled)
        self.exports.problem.connect(self.problem)
        self.exports.information.connect(self.information)
        self.exports.work_changed.connect(self.work_changed)
        self._shared.counter.changed.connect(self._refresh.restart)
        self._shared.counter.changed.connect(self.counts_changed)
        self._shared.document.shown.connect(self._to_start)
        self._shared.document.origin_changed.connect(self.location_changed)
        self._buffer.follow(Phase.VIEW, self._edited)

    def _open_form(self, data: bytes, title: str) -> None:
        self._shared.show(data, title)
        self.text_opened.emit()

    def _choose_baseline(self, name: str) -> None:
        self._settings.set("compare/baseline", name)
        self._show_figures()

    def _point(self, text: str) -> None:
        self._pointed.setText(text or " ")
        self._pointed.setToolTip(text)
        self._pointed.setAccessibleDescription(text)
