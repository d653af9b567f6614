"""What the window remembers between runs: one typed property each, over QSettings."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

RECENT = 12
"""How many recently opened files and folders are remembered."""


class Settings(QObject):
    """Reads and writes preferences. A value of the wrong kind in the file counts as absent.

    ``changed`` names the preference. Texts and counts are never written.
    """

    changed = Signal(str)
    failed = Signal(str)
    """One sentence: the settings could not be written (a full disk, a read-only home)."""

    def __init__(self, store: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._reported = False

    def text(self, key: str, default: str = "") -> str:
        """A string preference."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    @property
    def folder(self) -> Path:
        """Where dialogs begin to look for files: where something was opened last, or at home."""
        return Path(self.text("folder", str(Path.home())))

    def flag(self, key: str, default: bool = False) -> bool:
        """A yes-or-no preference."""
        # QSettings gives "true" or a bool, by platform.
        return str(self._store.value(key, default)).lower() == "true"

    def number(self, key: str, default: int) -> int:
        """A whole-number preference."""
        try:
            return int(str(self._store.value(key, default)))
        except ValueError:
            return default

    def names(self, key: str) -> list[str]:
        """A list of strings; empty if there is none."""
        value = self._store.value(key, [])
        # QSettings gives a list of one back as a plain string on some platforms.
        values = [value] if isinstance(value, str) and value else value
        return [str(item) for item in values] if isinstance(values, list) else []

    def state(self, key: str) -> QByteArray:
        """A saved window, splitter or header state; empty if there is none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def set(self, key: str, value: str | bool | int | Sequence[str] | QByteArray) -> None:
        """Remember ``value`` under ``key`` and tell whoever listens."""
        self._store.setValue(key, value if isinstance(value, str | bool | int | QByteArray) else list(value))
        self.changed.emit(key)

    def add_recent(self, path: Path) -> None:
        """Put ``path`` on top of the recently opened ones."""
        text = str(path)
        others = [recent for recent in self.names("recent") if recent != text]
        self.set("recent", [text, *others][:RECENT])

    def sync(self) -> None:
        """Write now; says once, through ``failed``, if that is not possible."""
        self._store.sync()
        if self._store.status() != QSettings.Status.NoError and not self._reported:
            self._reported = True
            self.failed.emit(f"The settings could not be written to {self._store.fileName()}.")
