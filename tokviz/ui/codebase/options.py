"""Which files are counted: the choices behind the toolbar's menu, kept in the settings."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.documents.decoding import ReadOptions
from tokviz.documents.encodings import Encoding
from tokviz.documents.tree.walking import MB, WalkOptions
from tokviz.ui.common.chosen_encodings import ChosenEncodings, fill_menu
from tokviz.ui.common.settings import Settings

_IGNORE, _HIDDEN, _BINARY, _LARGEST = (
    "codebase/ignore_files",
    "codebase/hidden",
    "codebase/binaries",
    "codebase/largest_mb",
)
_LIMITS = (1, 10, 100, 1000, 0)
"""Megabytes; 0 is none."""
_DEFAULT_LIMIT = 100


class FileChoices(QObject):
    """Reads and changes the choices; ``changed`` asks for another scan."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self.menu = QMenu("&Counted Files", parent)
        self.menu.setToolTipsVisible(True)
        self._add(
            "Respect &ignore files",
            _IGNORE,
            True,
            ".gitignore, .ignore and .tokvizignore, git's own exclude files, and rules above the folder",
        )
        self._add("&Hidden files", _HIDDEN, False, "Files and folders whose name begins with a dot")
        self._add("&Binary files", _BINARY, False, "Files that are not text, as if they were UTF-8")
        self._add_limits()
        self.folder: Path | None = None
        """Whose files are counted: it may have an encoding of its own."""
        self._encodings = ChosenEncodings(settings)
        encodings = self.menu.addMenu("&Encoding of what is not UTF-8")
        encodings.aboutToShow.connect(lambda: fill_menu(encodings, self._choose_encoding, self._encoding))

    @property
    def _encoding(self) -> Encoding | None:
        return self._encodings.get(self.folder) if self.folder else None

    def _choose_encoding(self, encoding: Encoding | None) -> None:
        if self.folder:
            self._encodings.set(self.folder, encoding)
            self.changed.emit()

    @property
    def options(self) -> WalkOptions:
        """The choices as a walk takes them."""
        limit = self._settings.number(_LARGEST, _DEFAULT_LIMIT, 0, max(_LIMITS))
        return WalkOptions(
            respect_ignore_files=self._settings.flag(_IGNORE, True),
            hidden=self._settings.flag(_HIDDEN),
            reading=ReadOptions(self._settings.flag(_BINARY), self._encoding),
            largest=limit * MB if limit > 0 else None,
        )

    def _add(self, text: str, key: str, default: bool, tip: str) -> None:
        entry = QAction(text, self.menu, checkable=True)
        entry.setChecked(self._settings.flag(key, default))
        entry.setToolTip(tip)
        entry.setStatusTip(tip)
        entry.toggled.connect(lambda on: self._choose(key, on))
        self.menu.addAction(entry)

    def _add_limits(self) -> None:
        limits = self.menu.addMenu("&Size limit")
        group = QActionGroup(limits)
        chosen = self._settings.number(_LARGEST, _DEFAULT_LIMIT, 0, max(_LIMITS))
        for limit in _LIMITS:
            text = f"{limit:,} MB" if limit else "None"
            entry = QAction(text, group, checkable=True, checked=limit == chosen)
            entry.triggered.connect(lambda _=False, limit=limit: self._choose(_LARGEST, limit))
            limits.addAction(entry)

    def _choose(self, key: str, value: bool | int) -> None:
        self._settings.set(key, value)
        self.changed.emit()
