"""The user's own tokenizers: opened from files, used like the bundled ones, remembered for next time."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.language import _, gettext
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.ui.common.actions import action
from tokviz.ui.common.file_dialogs import TOKENIZERS, ask_file
from tokviz.ui.common.settings import Settings
from tokviz.ui.tokens.request_pump import Submitter
from tokviz.worker.text_jobs import AddTokenizer

_KEY = "tokenizers/own"
_NAMES_KEY = "tokenizers/own_names"
"""For each of those files the name it goes by, which settings and pages remember their choices by."""


class OwnTokenizers(QObject):
    """Has the worker read them, and hands what is known of each to ``register``: the window's own registry.

    Call ``restore`` at start, and whenever the worker process was replaced: the new one knows none of them.
    """

    added = Signal(str, bool)
    """A tokenizer of this name can be used now; whether the user has just opened it (so wants to see it)."""
    problem = Signal(str)
    problem_over = Signal(str)
    """What this sentence told of is over."""
    information = Signal(str)

    def __init__(
        self,
        worker: Submitter,
        register: Callable[[TokenizerInfo], object],
        settings: Settings,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._register = register
        self._settings = settings
        self._window = parent
        self._under_way: set[Path] = set()
        self._told: dict[Path, str] = {}
        """What was said of a file, while that holds."""
        self.wanted: Callable[[str], bool] = lambda _: True
        """Whether anybody uses the tokenizer of this name: of another one a start says nothing."""

    @property
    def paths(self) -> list[Path]:
        """The files that are remembered."""
        return self._settings.paths(_KEY)

    def names(self) -> list[str]:
        """What the remembered ones are called."""
        return [name for name in self._settings.names(_NAMES_KEY) if name]

    def restore(self) -> None:
        """Make the remembered ones usable again, in the order in which they were opened."""
        for path in self.paths:
            # Of one under way the worker takes care, which gives it up should it end the process twice.
            if path not in self._under_way:
                self._submit(path, opened=False)

    def ask(self) -> None:
        """Open the file that the user picks."""
        if path := ask_file(self._window, self._settings, _("Open Tokenizer"), TOKENIZERS):
            self.open(path)

    def open(self, path: Path) -> None:
        """Make the file usable and remember it; ``problem`` tells why if it cannot be used."""
        self._submit(path.absolute(), opened=True)

    def forget(self, path: Path) -> None:
        """Do not open the file next time. For now its tokenizer stays."""
        names = self._names()
        names.pop(path, None)
        self._remember(names)
        self._end_problem(path)
        self.information.emit(_("{file} will not be opened next time.", file=path.name))

    def tokenizer_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Tools menu."""
        menu = QMenu(_("&Forget Tokenizer"), parent)
        menu.aboutToShow.connect(partial(self._fill, menu))
        tip = _("Use your own tokenizer.json, .tiktoken or .model file")
        return [action(parent, _("&Open Tokenizer…"), self.ask, tip=tip), menu.menuAction()]

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for path in self.paths:
            menu.addAction(action(menu, str(path), partial(self.forget, path)))
        if menu.isEmpty():
            menu.addAction(_("None was opened")).setEnabled(False)

    def _names(self) -> dict[Path, str]:
        """What each remembered file is called; empty where that is not known."""
        paths, names = self.paths, self._settings.names(_NAMES_KEY)
        return dict(zip(paths, names + [""] * len(paths), strict=False))

    def _remember(self, names: dict[Path, str]) -> None:
        self._settings.set_paths(_KEY, list(names))
        self._settings.set(_NAMES_KEY, list(names.values()))

    def _submit(self, path: Path, opened: bool) -> None:
        self._under_way.add(path)
        self._worker.submit(
            AddTokenizer(path, self._names().get(path, "")),
            partial(self._take, path, opened),
            partial(self._refuse, path, opened),
        )

    def _take(self, path: Path, opened: bool, info: TokenizerInfo) -> None:
        self._under_way.discard(path)
        self._end_problem(path)
        self._register(info)
        names = self._names()
        if opened or path in names:
            # A file keeps its place: in another order, others of the same name might be called otherwise.
            self._remember(names | {path: info.name})
        if opened:
            said = _("{tokenizer} can be used now.", tokenizer=info.name)
            self.information.emit(f"{said} {gettext(info.note)}".rstrip())
        self.added.emit(info.name, opened)

    def _refuse(self, path: Path, opened: bool, sentence: str) -> None:
        self._under_way.discard(path)
        name = self._names().get(path, "")
        if not opened and name and not self.wanted(name):
            return
        # A remembered file stays remembered: it may be on a disk that is not there today.
        told = sentence
        if not opened:
            told += " " + _("Put it back, or have it forgotten in the Tools menu.")
        self._end_problem(path)
        self._told[path] = told
        self.problem.emit(told)

    def _end_problem(self, path: Path) -> None:
        if told := self._told.pop(path, ""):
            self.problem_over.emit(told)
