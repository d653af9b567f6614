"""What the window remembers between runs: one typed property each, over QSettings."""

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QSettings, QTimer, Signal

from tokviz import language
from tokviz.language import _

RECENT = 12
"""How many recently opened files and folders are remembered."""
RESERVE = "models/reserve"
LANGUAGE = language.PREFERENCE
THEME, TOKEN_PALETTE = "theme", "token_palette"
ZOOM = "text/zoom"
ZOOM_STEPS = (-6, 30)
"""Points that the letters of texts may be smaller or larger than the system's."""
TEXT_FONT = "text/font"
LETTERS, LETTERS_STEPS = "window/letters", (-3, 9)
"""Points that the letters of menus, tables and buttons are larger or smaller than the desktop's."""
DEFAULT_TOKENIZER, DEFAULT_MODEL = "text/default_tokenizer", "models/default"
DEFAULT_ENCODING = "encodings/default"
KEEP_UNSAVED, KEEP_RECENT, KEEP_OPEN = "text/keep_unsaved", "files/keep_recent", "files/keep_open"
PANEL_SHOWN = "models/panel_shown"
SECOND_START, SAME_WINDOW, NEW_WINDOW = "window/second_start", "same", "new"
"""The preferences that more than one room knows."""
MOST_RESERVE = 10_000_000
"""The most tokens that can be kept for an answer: more than any window has."""
_SETTLED = 100
"""Milliseconds from a change of the file to the look at it: a file is written in several steps."""
_BYTES = "bytes:"
"""Begins a path that is not UTF-8, in hexadecimal: a settings file holds text. No absolute path begins so."""


class Settings(QObject):
    """Reads and writes preferences. What the file holds may be damaged, or written by hand: a value of the
    wrong kind, or out of bounds, counts as absent.

    ``changed`` names the preference. Texts and counts are never written.
    """

    changed = Signal(str)
    failed = Signal(str)
    """One sentence: the settings could not be written (a full disk, a read-only home)."""

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._reported = False
        self._shared: dict[str, object] = {}
        """What the preferences are that other windows may change, as this one knows them."""

    def text(self, key: str, default: str = "") -> str:
        """A string preference."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    @property
    def folder(self) -> Path:
        """Where dialogs begin to look for files: where something was opened last, or at home."""
        return next(iter(self.paths("folder")), Path.home())

    @property
    def reserve(self) -> int | None:
        """Tokens kept for the answer; None: each model's own default."""
        kept = self.number(RESERVE, -1, -1, MOST_RESERVE)
        return None if kept < 0 else kept

    def flag(self, key: str, default: bool = False) -> bool:
        """A yes-or-no preference."""
        # QSettings gives "true" or a bool, by platform.
        return str(self._store.value(key, default)).lower() == "true"

    def number(self, key: str, default: int, low: int, high: int) -> int:
        """A whole-number preference between ``low`` and ``high``, both included."""
        number = _whole(self._store.value(key))
        return default if number is None or not low <= number <= high else number

    def numbers(self, key: str, low: int, high: int) -> list[int]:
        """A list of whole numbers between ``low`` and ``high``; empty if there is none, or one is wrong."""
        numbers = [_whole(text) for text in self.names(key)]
        kept = [number for number in numbers if number is not None and low <= number <= high]
        return kept if len(kept) == len(numbers) else []

    def names(self, key: str, default: Sequence[str] = ()) -> list[str]:
        """A list of strings; ``default`` if none was ever set."""
        if not self._store.contains(key):
            return list(default)
        value = self._store.value(key, [])
        # QSettings gives a list of one back as a plain string on some platforms.
        values = [value] if isinstance(value, str) and value else value
        return [str(item) for item in values] if isinstance(values, list) else []

    def paths(self, key: str) -> list[Path]:
        """Files and folders that ``set_paths`` remembered, byte for byte."""
        return [path for text in self.names(key) if (path := _path(text))]

    def set(self, key: str, value: str | bool | int | Sequence[str] | Sequence[int]) -> None:
        """Remember ``value`` under ``key`` and tell whoever listens."""
        self._store.setValue(
            key, value if isinstance(value, str | bool | int) else [str(one) for one in value]
        )
        if key in self._shared:
            self._shared[key] = self._kept(key)
        self.changed.emit(key)

    def set_paths(self, key: str, paths: Sequence[Path]) -> None:
        """Remember files and folders, also those whose names are not UTF-8."""
        self.set(key, [_text(path) for path in paths])

    def follow(self, key: str, slot: Callable[[], object], life: QObject) -> None:
        """Call ``slot`` whenever this preference is set, as long as ``life`` is there: what a dialog shows
        does not last as long as the preferences."""
        following = self.changed.connect(lambda changed: slot() if changed == key else None)
        life.destroyed.connect(lambda: QObject.disconnect(following))

    def share(self, keys: Collection[str]) -> None:
        """Tell, as ``changed``, when another window has set one of these: each is a process of its own, and
        what it sets is in the file."""
        self._shared = {key: self._kept(key) for key in keys}
        soon = QTimer(self, singleShot=True, interval=_SETTLED)
        soon.timeout.connect(self._look_at_shared)
        file = Path(self._store.fileName())
        # The folder too: a file that is written is another one, by the same name.
        watcher = QFileSystemWatcher([str(path) for path in (file.parent, file) if path.exists()], self)
        for changed in (watcher.directoryChanged, watcher.fileChanged):
            changed.connect(soon.start)

    def _look_at_shared(self) -> None:
        self._store.sync()
        for key, known in self._shared.items():
            kept = self._kept(key)
            if kept != known:
                self._shared[key] = kept
                self.changed.emit(key)

    def _kept(self, key: str) -> object:
        """The value as it is in the file, however it is in memory."""
        value = self._store.value(key)
        if value is None:
            return None
        return list(map(str, value)) if isinstance(value, list) else str(value).lower()

    def add_recent(self, path: Path) -> None:
        """Put ``path`` on top of the recently opened ones, if they are kept."""
        if not self.flag(KEEP_RECENT, True):
            return
        others = [recent for recent in self.paths("recent") if recent != path]
        self.set_paths("recent", [path, *others][:RECENT])

    def sync(self) -> None:
        """Write now; says once, through ``failed``, if that is not possible."""
        self._store.sync()
        if self._store.status() != QSettings.Status.NoError and not self._reported:
            self._reported = True
            self.failed.emit(_("The settings could not be written to {file}.", file=self._store.fileName()))


def _whole(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _text(path: Path) -> str:
    name = os.fsencode(path)
    try:
        return name.decode()
    except UnicodeDecodeError:
        return _BYTES + name.hex()


def _path(text: str) -> Path | None:
    """None if the text is none that ``_text`` gives, or holds what no path can."""
    try:
        name = os.fsdecode(bytes.fromhex(text.removeprefix(_BYTES))) if text.startswith(_BYTES) else text
    except ValueError:
        return None
    return Path(name) if name and "\0" not in name else None
