"""The user's own tokenizers: opened from files, used like the bundled ones, remembered for next time."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from tokviz.text_jobs import AddTokenizer
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.ui.actions import action
from tokviz.ui.settings import Settings
from tokviz.ui.text.token_facts import Submitter

_KEY = "tokenizers/own"
_FILTER = "Tokenizers (*.json *.tiktoken *.model);;All Files (*)"


class OwnTokenizers(QObject):
    """Has the worker read them, and hands what is known of each to ``register``: the window's own registry.

    Call ``restore`` at start, and whenever the worker process was replaced: the new one knows none of them.
    """

    added = Signal(str, bool)
    """A tokenizer of this name can be used now; whether the user has just opened it (so wants to see it)."""
    problem = Signal(str)
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

    @property
    def paths(self) -> list[Path]:
        """The files that are remembered."""
        return [Path(text) for text in self._settings.names(_KEY)]

    def restore(self) -> None:
        """Make the remembered ones usable again, in the order in which they were opened."""
        for path in self.paths:
            self._submit(path, opened=False)

    def ask(self) -> None:
        """Open the file that the user picks."""
        folder = self._settings.text("folder", str(Path.home()))
        name, _ = QFileDialog.getOpenFileName(self._window, "Open Tokenizer", folder, _FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> None:
        """Make the file usable and remember it; ``problem`` tells why if it cannot be used."""
        self._submit(path.absolute(), opened=True)

    def forget(self, path: Path) -> None:
        """Do not open the file next time. For now its tokenizer stays."""
        self._settings.set(_KEY, [str(other) for other in self.paths if other != path])
        self.information.emit(f"{path.name} will not be opened next time.")

    def tokenizer_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Tools menu."""
        menu = QMenu("&Forget Tokenizer", parent)
        menu.aboutToShow.connect(partial(self._fill, menu))
        tip = "Use your own tokenizer.json, .tiktoken or .model file"
        return [action(parent, "&Open Tokenizer…", self.ask, tip=tip), menu.menuAction()]

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        for path in self.paths:
            menu.addAction(action(menu, str(path), partial(self.forget, path)))
        if menu.isEmpty():
            menu.addAction("None was opened").setEnabled(False)

    def _submit(self, path: Path, opened: bool) -> None:
        self._worker.submit(
            AddTokenizer(path), partial(self._take, path, opened), partial(self._refuse, opened)
        )

    def _take(self, path: Path, opened: bool, info: TokenizerInfo) -> None:
        self._register(info)
        if opened:
            others = [str(other) for other in self.paths if other != path]
            self._settings.set(_KEY, [*others, str(path)])
            self.information.emit(f"{info.display_name} can be chosen now. {info.note}".rstrip())
        self.added.emit(info.name, opened)

    def _refuse(self, opened: bool, sentence: str) -> None:
        # A remembered file stays remembered: it may be on a disk that is not there today.
        hint = "" if opened else " Put it back, or have it forgotten in the Tools menu."
        self.problem.emit(sentence + hint)
