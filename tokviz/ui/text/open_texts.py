"""The texts that are open in one window: one is in front, in the document and its view; the others wait.

What waits is the text itself with its lines, what can be undone, where the caret and the view were, and by
which tokenizer it was shown. Its tokens are not kept, but made again when it comes back: those in sight are
there in a few milliseconds, and a hundred open files take the memory of their texts alone.
"""

import contextlib
import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from tokviz.documents.unsaved import UnsavedTexts
from tokviz.documents.writing import WriteError
from tokviz.text.change import Phase
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.unsaved import UnsavedKeeper
from tokviz.ui.text.unsaved import UnsavedDocument
from tokviz.ui.tokens.document import Document, OpenText, Origin

_CLOSED = 10
"""How many closed texts can be opened again."""
_CLOSED_BYTES = 32 << 20
"""Bytes of a closed text up to which it is kept in memory, where it is in no file."""
_ORDER_DELAY = 500
"""Milliseconds after which it is written which texts are open."""


class Stage(Protocol):
    """Where the text in front is shown."""

    def view_state(self) -> "ViewState":
        """How it is shown now."""

    def show_as(self, state: "ViewState") -> None:
        """Show it so again."""


@dataclass(frozen=True, slots=True)
class ViewState:
    """How a text is shown."""

    selection: tuple[int, int]
    """The anchor and the caret, in bytes."""
    scroll: tuple[int, int, int]
    tokenizer: str
    mode: SpecialTokens
    totals: Mapping[str, int]
    """Its counts, by tokenizer."""


@dataclass(frozen=True, slots=True)
class _Aside:
    """A text behind the one in front, or a closed one."""

    text: OpenText
    view: ViewState


class _Tab:
    """One open text."""

    def __init__(self, kept: UnsavedDocument, keeper: UnsavedKeeper) -> None:
        self.kept = kept
        self.keeper = keeper
        self.aside: _Aside | None = None
        """None: it is in front."""


def _key(tab: _Tab) -> str:
    path = tab.kept.text.origin.path
    return tab.keeper.name if path is None else str(path.absolute())


class OpenTexts(QObject):
    """Which texts are open, in the order of their tabs. There is always one, if only an empty one."""

    changed = Signal()
    """Another text is in front, one was opened or closed, or they are in another order."""
    restored = Signal(object, object)
    """A text of the file of this ``Path`` is back, which was kept last at that time: see ``time_of``."""
    problem = Signal(str)
    problem_over = Signal(str)
    information = Signal(str)

    def __init__(
        self,
        document: Document,
        stage: Stage,
        texts: UnsavedTexts,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._stage = stage
        self._texts = texts
        self._settings = settings
        self._window = uuid.uuid4().hex
        self._turning = False
        """A text that is open already comes to the front: nothing in it is new."""
        self._front = self._make()
        self._tabs = [self._front]
        self._closed: list[_Aside | Path] = []
        """Those that can be opened again, the last one last: as they were, or by their file."""
        self._order = Debouncer(self._keep_order, _ORDER_DELAY, self)
        self.changed.connect(self._order.request)
        self._ordered: list[str] = []
        """What the unsaved texts were kept as when their order was written."""
        document.buffer.follow(Phase.VIEW, lambda _: self._tell(self._edited))
        document.origin_changed.connect(lambda: self._tell(self._front.keeper.look))

    # -- what is open ----------------------------------------------------------------------------------

    @property
    def texts(self) -> list[OpenText]:
        """The open texts, in the order of their tabs."""
        return [tab.kept.text for tab in self._tabs]

    @property
    def front(self) -> int:
        """The index of the one in front."""
        return self._tabs.index(self._front)

    @property
    def paths(self) -> list[Path | None]:
        """The files of the open texts, that of the one in front last."""
        return [tab.kept.text.origin.path for tab in sorted(self._tabs, key=lambda tab: tab is self._front)]

    def find(self, path: Path) -> int | None:
        """Which open text is that of this file, by whatever name it is reached."""
        paths = [text.origin.path for text in self.texts]
        if path in paths:
            return paths.index(path)
        real = os.path.realpath(path)
        return next((at for at, one in enumerate(paths) if one and os.path.realpath(one) == real), None)

    def is_behind(self, path: Path) -> bool:
        """Whether this file is that of an open text which is not in front."""
        return self.find(path) not in (None, self.front)

    @property
    def can_reopen(self) -> bool:
        """Whether a closed text can be opened again."""
        return bool(self._closed)

    @property
    def places(self) -> dict[str, tuple[int, int, int, int]]:
        """Where the reader is in each text that has one: anchor and caret, the byte on top and the pixels
        that are out of sight beside it. By the file, or by what an unsaved text is kept as."""
        views = {tab: tab.aside.view if tab.aside else self._stage.view_state() for tab in self._tabs}
        return {
            _key(tab): (*view.selection, view.scroll[0], view.scroll[2])
            for tab, view in views.items()
            if not tab.kept.text.is_blank
        }

    @property
    def front_key(self) -> str:
        """What ``places`` has the one in front as."""
        return _key(self._front)

    def find_key(self, key: str) -> int | None:
        """Which open text ``places`` has as this."""
        return next((at for at, tab in enumerate(self._tabs) if _key(tab) == key), None)

    # -- coming and going ------------------------------------------------------------------------------

    def make_room(self) -> None:
        """A text is about to be shown in the document: the one that is there stays open behind it, unless it
        is empty and nothing was ever done in it."""
        self._admit(self._make())

    def new(self) -> None:
        """Show an empty text."""
        self.make_room()
        self._document.show(b"", Origin())

    def show(self, index: int) -> None:
        """Bring an open text to the front, as it was."""
        tab = self._tabs[index]
        if tab is not self._front and tab.aside is not None:
            self._set_aside()
            self._front, aside = tab, tab.aside
            pending = tab.keeper.is_pending
            tab.aside = tab.kept.aside = None
            self._bring_back(aside)
            if pending:
                tab.keeper.changed()  # a copy under way was of the text behind

    def turn(self, step: int) -> bool:
        """Bring the next text (1) or the one before (-1) to the front; False if there is no other."""
        if len(self._tabs) > 1:
            self.show((self.front + step) % len(self._tabs))
        return len(self._tabs) > 1

    def move(self, start: int, end: int) -> None:
        """Put a text to another place."""
        self._tabs.insert(end, self._tabs.pop(start))
        self.changed.emit()

    def arrange(self, keys: Iterable[str]) -> None:
        """Put the texts into the order in which ``places`` has these, and all others behind them."""
        order = {key: place for place, key in enumerate(keys)}
        self._tabs.sort(key=lambda tab: order.get(_key(tab), len(order)))
        self.changed.emit()

    def close(self, index: int, may_discard: Callable[[], bool]) -> None:
        """Close an open text. If it would lose edits it is shown, and ``may_discard`` asks for them."""
        tab = self._tabs[index]
        if tab.kept.unsaved:
            self.show(index)
            if not may_discard():
                return
        self._remember_closed(tab)
        if len(self._tabs) == 1:
            self._document.show(b"", Origin())
            self.changed.emit()
            return
        if tab is self._front:
            self.show(index + 1 if index + 1 < len(self._tabs) else index - 1)
        self._tabs.remove(tab)
        self._drop(tab)
        self.changed.emit()

    def reopen(self, open_file: Callable[[Path], object]) -> None:
        """Open the text that was closed last; ``open_file`` reads it if it is that of a file."""
        if not self._closed:
            return
        closed = self._closed.pop()
        if isinstance(closed, Path):
            open_file(closed)
        else:
            self.make_room()
            self._bring_back(closed)
            self._front.keeper.look()

    # -- unsaved texts ---------------------------------------------------------------------------------

    def may_close(self, may_discard: Callable[[], bool]) -> bool:
        """Whether the window may go. A text of no file is kept for the next start, without a question; of
        others that would lose edits ``may_discard`` asks."""
        for index, tab in enumerate(self._tabs):
            if tab.kept.text.origin.path is None and tab.keeper.flush():
                continue
            if tab.kept.unsaved:
                self.show(index)
                if not may_discard():
                    self.stay()
                    return False
            tab.keeper.forget()
        self.end(flush=False)
        return True

    def stay(self) -> None:
        """The window does not go after all: what is unsaved is kept again."""
        for tab in self._tabs:
            tab.keeper.look()

    def end(self, flush: bool = True) -> None:
        """The window goes without a question; what is unsaved is kept, with ``flush`` as it is now."""
        if flush:
            for tab in self._tabs:
                tab.keeper.flush()
        self._order.cancel()
        self._keep_order()
        for tab in self._tabs:
            tab.keeper.close()

    def switch(self, on: bool) -> None:
        """Keep unsaved texts from now on, or do not."""
        for tab in self._tabs:
            tab.keeper.switch(on)

    def clear(self) -> None:
        """Remove the texts that windows which are gone have left."""
        self._front.keeper.clear()

    def restore(self) -> bool:
        """Show the texts of the window that was left last, in front what was in front there; False if there
        are none."""
        left = self._front.keeper.left_behind()
        for name in left:
            names, front = self._texts.beside(name)
            back = [tab for one in names if one in left and (tab := self._restored(one)) is not None]
            if back:
                self.show(self._tabs.index(next((tab for tab in back if tab.keeper.name == front), back[-1])))
                self._front.keeper.tell_restored(len(back))
                return True
        return False

    def _restored(self, name: str) -> _Tab | None:
        tab, kept = self._make(), self._texts.time_of(name)
        if tab.keeper.restore(name):
            if (path := tab.kept.text.origin.path) is not None:
                self.restored.emit(path, kept)
            return tab
        self._drop(tab)
        return None

    # -- inside ----------------------------------------------------------------------------------------

    def _make(self) -> _Tab:
        kept = UnsavedDocument(self._document, lambda: self._admit(tab))
        keeper = UnsavedKeeper(kept, self._texts, self._settings, self)
        keeper.problem.connect(self.problem)
        keeper.problem_over.connect(self.problem_over)
        keeper.information.connect(self.information)
        tab = _Tab(kept, keeper)  # which ``kept`` calls for once it is restored
        return tab

    def _admit(self, tab: _Tab) -> None:
        """Have ``tab`` be in front, for a text that the document is about to show."""
        before = self._front
        place = self.front + 1
        if self._document.text.is_blank and not self._document.history.can_undo:
            self._tabs.remove(before)
            place -= 1
            self._drop(before)
        else:
            self._set_aside()
        self._tabs.insert(place, tab)
        self._front = tab
        self.changed.emit()

    def _set_aside(self) -> None:
        tab = self._front
        tab.aside = self._as_it_is()
        pending = tab.keeper.is_pending
        tab.kept.aside = tab.aside.text
        if pending:
            tab.keeper.changed()  # a copy under way was of the text in front

    def _bring_back(self, aside: _Aside) -> None:
        self._turning = True
        self._document.bring_back(aside.text)
        self._turning = False
        self._stage.show_as(aside.view)
        self.changed.emit()

    def _tell(self, keeper_method: Callable[[], object]) -> None:
        if not self._turning:
            keeper_method()

    def _edited(self) -> None:
        keeper = self._front.keeper
        keeper.changed()
        if keeper.name not in self._ordered:  # it was saved, or empty
            self._order.request()

    def _remember_closed(self, tab: _Tab) -> None:
        aside = tab.aside or self._as_it_is()
        text = aside.text
        closed = aside if text.origin.path is None or text.modified else text.origin.path
        if not text.is_blank and (isinstance(closed, Path) or tab.kept.size <= _CLOSED_BYTES):
            self._closed = [*self._closed[1 - _CLOSED :], closed]

    def _as_it_is(self) -> _Aside:
        return _Aside(self._document.text, self._stage.view_state())

    def _drop(self, tab: _Tab) -> None:
        tab.keeper.forget()
        tab.keeper.close()
        tab.keeper.deleteLater()

    def _keep_order(self) -> None:
        names = self._ordered = [tab.keeper.name for tab in self._tabs if tab.kept.unsaved]
        with contextlib.suppress(OSError, WriteError):  # the texts themselves matter more
            if len(names) > 1 and self._front.keeper.on:
                self._texts.write_order(self._window, names, self._front.keeper.name)
            else:
                self._texts.remove_order(self._window)
