"""The panes of a comparison together: one position in the text, one token pointed at, one difference."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tokviz import language
from tokviz.analysis import formatting
from tokviz.analysis.comparison.differences import Difference
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.language import _
from tokviz.lists import listed
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Phase
from tokviz.text.undo import UndoHistory
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.compared_view import ComparedView
from tokviz.ui.compare.comparer import Comparer
from tokviz.ui.compare.overview_ruler import OverviewRuler
from tokviz.ui.compare.pane import Pane
from tokviz.ui.editor.painting.frame import DisplayOptions
from tokviz.ui.editor.zoom import share_zoom

FEWEST, MOST = 2, 4
_QUOTED = 24
"""Characters of a token that are quoted."""

_GAP = 8
_LEAST_WIDTH = 230
"""Pixels a pane needs beside another; where there are fewer, panes stand in two rows."""
_LEAST_HEIGHT = 110
"""Pixels: a chooser and three lines, so that a window of 600 has room for panes, table and models."""


class PaneGrid(QWidget):
    """Two to four widgets side by side, or in two rows where that would make them too narrow.

    All have exactly the same size, so that their texts wrap alike: a layout of Qt's would give the pixels
    that the division leaves over to some of them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: Sequence[QWidget] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_panes(self, panes: Sequence[QWidget]) -> None:
        """Show these, in this order; each must be a child of the grid or becomes one."""
        for pane in self._panes:
            if pane not in panes:
                pane.hide()
        self._panes = tuple(panes)
        for pane in panes:
            pane.setParent(self)
            pane.show()
        self._lay_out()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * 160 + _GAP, _LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        count = len(self._panes)
        if not count:
            return
        rows = 1 if self.width() >= count * _LEAST_WIDTH + (count - 1) * _GAP or count < 3 else 2
        columns = -(-count // rows)
        width = (self.width() - (columns - 1) * _GAP) // columns
        height = (self.height() - (rows - 1) * _GAP) // rows
        for number, pane in enumerate(self._panes):
            row, column = divmod(number, columns)
            pane.setGeometry(QRect(column * (width + _GAP), row * (height + _GAP), width, height))


class Panes(QWidget):
    """Two to four panes over one buffer, with the ruler of differences at their right."""

    pointed = Signal(str)
    """What the mouse or the keys point at, in words; empty for nothing."""
    tokenizers_changed = Signal()
    compared = Signal()
    """``comparer`` knows more, or less, than before."""
    tokens_changed = Signal()
    selection_changed = Signal(int, int)
    """The bytes that are selected in a pane: (start, end)."""
    failed = Signal(str)
    files_dropped = Signal(list)
    """Files and folders (``list[str]``) were dropped on a pane."""

    def __init__(
        self,
        buffer: TextBuffer,
        history: UndoHistory,
        worker: Worker,
        registry: Registry,
        settings: Settings,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._buffer = buffer
        self._settings = settings
        self._make = partial(Pane, buffer=buffer, history=history, worker=worker, registry=registry)
        self._theme = theme
        self._all: list[Pane] = []
        self._count = 0
        self._working = False
        self._moving = False
        self._difference: Difference | None = None
        self._options = DisplayOptions()
        self.comparer = Comparer(self)
        self._grid = PaneGrid()
        self.ruler = OverviewRuler(theme)
        fill(QHBoxLayout(self), self._grid, self.ruler, wide=self._grid, spacing=4)
        self.ruler.place_chosen.connect(self._go_to_share)
        self.comparer.changed.connect(self._show_comparison)
        self.comparer.boundaries_changed.connect(self._show_boundaries)
        buffer.follow(Phase.VIEW, lambda _: self._forget_difference())

    @property
    def panes(self) -> Sequence[Pane]:
        """Those that are shown, from the left."""
        return self._all[: self._count]

    @property
    def tokenizers(self) -> list[str]:
        """The names of their tokenizers."""
        return [pane.tokenizer for pane in self.panes]

    @property
    def maps(self) -> list[TokenMap]:
        """Their tokens; empty unless every pane has some."""
        maps = [pane.tokenizing.map for pane in self.panes]
        return [each for each in maps if each is not None] if all(each is not None for each in maps) else []

    def show_tokenizers(self, names: Sequence[str]) -> None:
        """As many panes as there are names, with these tokenizers."""
        while len(self._all) < len(names):
            self._add_pane()
        for pane in self._all[len(names) :]:
            pane.rest()
        self._count = len(names)
        self._grid.set_panes(self.panes)
        for pane, name in zip(self.panes, names, strict=True):
            pane.choose(name)
            if self._working:
                pane.start()
        self.forget_pointed()
        self._maps_changed()
        self.tokenizers_changed.emit()

    def put_after(self, widget: QWidget) -> None:
        """Have Tab go from ``widget`` through the panes, from the left."""
        for pane in self._all:
            widget = pane.put_after(widget)

    def refresh_tokenizers(self) -> None:
        """The registry has others now."""
        for pane in self._all:
            pane.refresh_tokenizers()

    def start(self) -> None:
        """Tokenize and compare from now on."""
        self._working = True
        for pane in self.panes:
            pane.start()
        self._maps_changed()

    def rest(self) -> None:
        """Do nothing, and hold nothing, until the next ``start``."""
        self._working = False
        self.comparer.stop()
        for pane in self._all:
            pane.rest()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        self.ruler.set_theme(theme)
        for pane in self._all:
            pane.view.set_theme(theme)

    @property
    def active(self) -> ComparedView | None:
        """The view with the focus, or else the first; None before any is shown."""
        views = [pane.view for pane in self.panes]
        return next((view for view in views if view.hasFocus()), views[0] if views else None)

    @property
    def options(self) -> DisplayOptions:
        """What the panes draw."""
        return self._options

    def set_options(self, options: DisplayOptions) -> None:
        """Draw these in every pane: they must wrap alike."""
        self._options = options
        for pane in self._all:
            pane.view.set_options(options)

    # -- differences -----------------------------------------------------------------------------------

    def next_difference(self) -> None:
        """Go to the first difference after this one or the caret, from the end on to the first of all."""
        here = self._difference
        self._show_difference(
            self.comparer.following(here.stop if here else self._caret()) or self.comparer.following(0)
        )

    def previous_difference(self) -> None:
        """Go to the last difference before this one or the caret, from the start on to the last of all."""
        here = self._difference
        self._show_difference(
            self.comparer.preceding(here.start if here else self._caret())
            or self.comparer.preceding(len(self._buffer))
        )

    def _caret(self) -> int:
        return self.active.state.caret.offset if self.active else 0

    def _show_difference(self, found: Difference | None) -> None:
        self._difference = None
        view = self.active
        if found is None or view is None:
            waiting = self.comparer.result is None and self.comparer.share < 1 and len(self._buffer)
            self.pointed.emit(_("Still comparing…") if waiting else _("The tokenizers cut this text alike"))
            return
        view.select(found.start, found.start)
        view.reveal(found.start)
        self._difference = found
        self._restore_highlights()
        described = self._described(found.start, found.stop)
        # Translators: {described} quotes the text and says how many tokens each tokenizer makes of it.
        said = _("Byte {offset}: {described}", offset=language.number(found.start), described=described)
        self.pointed.emit(said)

    def forget_pointed(self) -> None:
        """Another text or other tokenizers are shown: what was said of the others no longer holds."""
        self._difference = None
        self._restore_highlights()
        self.pointed.emit("")

    def _forget_difference(self) -> None:
        self._difference = None

    def _restore_highlights(self) -> None:
        for pane in self.panes:
            if self._difference:
                pane.view.highlight_bytes(self._difference.start, self._difference.stop)
            else:
                pane.view.clear_highlights()

    # -- pointing --------------------------------------------------------------------------------------

    def _point(self, source: Pane, index: int, start: int, stop: int) -> None:
        """A token of ``source`` is pointed at: outline in the other panes what covers the same bytes."""
        if start < 0 or start >= stop:
            self._restore_highlights()
            self.pointed.emit("")
            return
        for pane in self.panes:
            token_map = pane.tokenizing.map
            if pane is not source and token_map is not None:
                run = token_map.tokens_in(start, stop)
                if len(run):
                    pane.view.highlight_bytes(int(run.starts[0]), int(run.ends[-1]))
        self.pointed.emit(self._described(start, stop))

    def _described(self, start: int, stop: int) -> str:
        """The bytes quoted, and how many tokens of each pane cover them."""
        low, high = self._buffer.boundary_before(start), self._buffer.boundary_after(min(stop, start + 400))
        text = self._buffer.slice(low, high).decode()
        shown = "".join(letter if letter.isprintable() else "␣" for letter in text[:_QUOTED])
        quoted = f"“{shown}{'…' if len(text) > _QUOTED else ''}”"
        parts = []
        for pane in self.panes:
            token_map = pane.tokenizing.map
            if token_map is not None and token_map.is_known(start, stop):
                tokens = formatting.tokens(len(token_map.tokens_in(start, stop)))
                parts.append(f"{pane.tokenizer} {tokens}")
        return f"{quoted}: {listed(parts)}"

    # -- one position in the text ----------------------------------------------------------------------

    def _follow(self, source: Pane) -> None:
        if self._moving or source not in self.panes:
            return
        self._moving = True
        try:
            for pane in self.panes:
                if pane is not source:
                    pane.view.follow(source.view)
        finally:
            self._moving = False
        size = max(len(self._buffer), 1)
        start, stop = source.view.visible_bytes()
        self.ruler.set_in_sight(start / size, stop / size)

    def _go_to_share(self, share: float) -> None:
        if self.active:
            self.active.reveal(min(int(share * len(self._buffer)), len(self._buffer)))

    # -- working together ------------------------------------------------------------------------------

    def _add_pane(self) -> None:
        pane = self._make(number=len(self._all) + 1, theme=self._theme)
        self._all.append(pane)
        view = pane.view
        view.set_options(self._options)
        share_zoom(view, self._settings)
        view.scrolled.connect(partial(self._follow, pane))
        view.selection_changed.connect(self.selection_changed)
        view.token_hovered.connect(partial(self._point, pane))
        view.token_clicked.connect(partial(self._point, pane))
        view.files_dropped.connect(self.files_dropped)
        pane.map_changed.connect(self._maps_changed)
        pane.tokens_changed.connect(self._tokens_changed)
        pane.tokenizer_chosen.connect(self._tokenizer_chosen)
        pane.tokenizing.failed.connect(self.failed)

    def _tokenizer_chosen(self) -> None:
        self.forget_pointed()
        self.tokenizers_changed.emit()

    def _maps_changed(self) -> None:
        if self._working:
            self.comparer.set_maps(self.maps)
            self.tokens_changed.emit()

    def _tokens_changed(self, seen: bool) -> None:
        if self._working:
            if seen:
                self.comparer.refresh()
            else:
                self.comparer.postpone()
            self.tokens_changed.emit()

    def _show_boundaries(self) -> None:
        for number, pane in enumerate(self.panes):
            pane.view.set_differing(partial(self.comparer.differing, pane=number))

    def _show_comparison(self) -> None:
        found = self.comparer.partial()
        if found is not None:
            self.ruler.set_density(found.density, self.comparer.share)
        self.compared.emit()
