"""Which files are counted: the choices behind the toolbar's menu, kept in the settings."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from tokviz.documents.decoding import MB, ReadOptions
from tokviz.documents.encodings import Encoding
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.documents.tree.walking import WalkOptions
from tokviz.language import _, number, pgettext
from tokviz.ui.common.chosen_encodings import ChosenEncodings, fill_menu
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.staying_menu import StayingMenu

_IGNORE, _HIDDEN, _BINARY, _LARGEST = (
    "codebase/ignore_files",
    "codebase/hidden",
    "codebase/binaries",
    "codebase/largest_mb",
)
WATCH = "codebase/watch"
_PROJECT = "codebase/project_file"
_IMAGES = "codebase/images"
_DOCUMENTS, _MARKUP = "codebase/documents", "codebase/markup_text"
_TAKEN_IN = "codebase/taken_in"
_MOST_PATHS = 200
"""So many paths are remembered, the latest first."""
_LIMITS = (1, 10, 100, 1000, 0)
"""Megabytes; 0 is none."""
_DEFAULT_LIMIT = 100


class FileChoices(QObject):
    """Reads and changes the choices; ``changed`` asks for another scan."""

    changed = Signal()
    images_changed = Signal()
    """Whether images are counted by formula, which needs no other scan."""

    def __init__(self, settings: Settings, parent: QWidget, packs: KnownPacks | None = None) -> None:
        """``packs``: texts that were packed, which are not counted; None: none are known."""
        super().__init__(parent)
        self._settings = settings
        self._packs = packs
        self.menu = StayingMenu(_("Co&unted Files"), parent)
        self.menu.setToolTipsVisible(True)
        self._add(
            _("Respect &ignore files"),
            _IGNORE,
            True,
            _(".gitignore, .ignore and .tokvizignore, git's own exclude files, and rules above the folder"),
        )
        self._add(
            _("Use the &project file"),
            _PROJECT,
            True,
            _("tokviz.toml in the folder, or [tool.tokviz] in its pyproject.toml: what is counted, and how"),
        )
        self._add(_("&Hidden files"), _HIDDEN, False, _("Files and folders whose name begins with a dot"))
        self._add(_("&Binary files"), _BINARY, False, _("Files that are not text, as if they were UTF-8"))
        self._add(
            _("&Documents as text"),
            _DOCUMENTS,
            False,
            _("PDF, Word, PowerPoint, Excel, OpenDocument and EPUB, as the text that they hold"),
        )
        self._add(
            _("&Web pages, RTF and e-mail as text"),
            _MARKUP,
            False,
            _("HTML, RTF and e-mail as the text that they show, not as their source"),
        )
        watch = self._entry(
            _("Watch for chan&ges"), WATCH, True, _("What changes in the folder is counted again by itself")
        )
        watch.toggled.connect(lambda on: settings.set(WATCH, on))
        tip = _("What images are to each model, by the formula that its maker published")
        self._entry(_("I&mages by formula"), _IMAGES, False, tip).toggled.connect(self._choose_images)
        self._add_limits()
        self.folder: Path | None = None
        """Whose files are counted: it may have an encoding of its own."""
        self._encodings = ChosenEncodings(settings)
        self._forget = self.menu.addAction(
            _("Leave &out again what was included by hand"), self._forget_taken_in
        )
        self.menu.aboutToShow.connect(lambda: self._forget.setEnabled(bool(self._taken_in())))
        encodings = self.menu.addMenu(_("&Encoding of what is not UTF-8"))
        encodings.aboutToShow.connect(lambda: fill_menu(encodings, self._choose_encoding, self._encoding))

    @property
    def _encoding(self) -> Encoding | None:
        return self._encodings.get(self.folder) if self.folder else None

    def _choose_encoding(self, encoding: Encoding | None) -> None:
        if self.folder:
            self._encodings.set(self.folder, encoding)
            self.changed.emit()

    @property
    def images(self) -> bool:
        """Whether images are counted by formula."""
        return self._settings.flag(_IMAGES)

    @property
    def options(self) -> WalkOptions:
        """The choices as a walk takes them."""
        limit = self._settings.number(_LARGEST, _DEFAULT_LIMIT, 0, max(_LIMITS))
        return WalkOptions(
            respect_ignore_files=self._settings.flag(_IGNORE, True),
            project_file=self._settings.flag(_PROJECT, True),
            hidden=self._settings.flag(_HIDDEN),
            reading=ReadOptions(
                binaries=self._settings.flag(_BINARY),
                encoding=self._encoding,
                document_text=self._settings.flag(_DOCUMENTS),
                markup_text=self._settings.flag(_MARKUP),
            ),
            largest=limit * MB if limit > 0 else None,
            taken_in=frozenset(map(str, self._settings.paths(_TAKEN_IN))),
            packs=self._packs.read() if self._packs else frozenset(),
        )

    def take_in(self, paths: Sequence[Path]) -> None:
        """Count files and folders whatever rules, sizes and dots say, whenever their folder is opened."""
        paths = [path.absolute() for path in paths]
        others = [path for path in self._settings.paths(_TAKEN_IN) if path not in paths]
        self._settings.set_paths(_TAKEN_IN, [*paths, *others][:_MOST_PATHS])
        self.changed.emit()

    def _taken_in(self) -> list[Path]:
        """What was taken in by hand in the folder that is open."""
        folder = self.folder.absolute() if self.folder else None
        return [path for path in self._settings.paths(_TAKEN_IN) if folder in path.parents]

    def _forget_taken_in(self) -> None:
        gone = self._taken_in()
        others = [path for path in self._settings.paths(_TAKEN_IN) if path not in gone]
        self._settings.set_paths(_TAKEN_IN, others)
        self.changed.emit()

    def _add(self, text: str, key: str, default: bool, tip: str) -> None:
        self._entry(text, key, default, tip).toggled.connect(lambda on: self._choose(key, on))

    def _entry(self, text: str, key: str, default: bool, tip: str) -> QAction:
        entry = QAction(text, self.menu, checkable=True)
        entry.setChecked(self._settings.flag(key, default))
        entry.setToolTip(tip)
        entry.setStatusTip(tip)
        self.menu.addAction(entry)
        return entry

    def _add_limits(self) -> None:
        limits = self.menu.addMenu(_("&Size limit"))
        group = QActionGroup(limits)
        chosen = self._settings.number(_LARGEST, _DEFAULT_LIMIT, 0, max(_LIMITS))
        for limit in _LIMITS:
            text = f"{number(limit)} MB" if limit else pgettext("size limit", "None")
            entry = QAction(text, group, checkable=True, checked=limit == chosen)
            entry.triggered.connect(lambda _=False, limit=limit: self._choose(_LARGEST, limit))
            limits.addAction(entry)

    def _choose_images(self, wanted: bool) -> None:
        self._settings.set(_IMAGES, wanted)
        self.images_changed.emit()

    def _choose(self, key: str, value: bool | int) -> None:
        self._settings.set(key, value)
        self.changed.emit()
