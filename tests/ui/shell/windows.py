"""The whole window with its real worker, as tests open it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import QApplication

from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.composition import Application
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.shell.menu_entries import entries_of
from tokviz.ui.tokens.document import Origin

_NONE: Mapping[str, object] = {}


@contextmanager
def opened_window(
    qapp: QApplication, folder: Path, settings: Mapping[str, object] = _NONE, size: QSize | None = None
) -> Iterator[Application]:
    """A window that keeps its settings in ``folder`` and begins with some; its text is gone at the end."""
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    for key, value in settings.items():
        store.setValue(key, value)
    log = FailureLog(folder)
    program = Program(qapp, Assets(), store, log)
    if size is not None:
        program.window.resize(size)
    program.window.show()
    application = program.fill()
    yield application
    application.text.document.show(b"", Origin())
    application.window.close()
    application.window.deleteLater()
    log.close()


def choose(application: Application, title: str) -> Callable[[], object]:
    """What a menu's entry does."""
    (entry,) = [each for each in entries_of(application.window.menuBar()) if each.title == title]
    assert entry.action.isEnabled(), title
    return entry.action.trigger
