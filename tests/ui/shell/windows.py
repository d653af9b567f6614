"""The whole window with its real worker, as tests open it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QSize
from PySide6.QtWidgets import QApplication, QMainWindow
from shiboken6 import isValid

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
    end(application.window)
    log.close()


def end(window: QMainWindow) -> None:
    """Close the window and delete it at once: by the events of a later test, Python has collected half of
    its objects."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)
    assert not isValid(window)


def choose(application: Application, title: str) -> Callable[[], object]:
    """What a menu's entry does."""
    (entry,) = [each for each in entries_of(application.window.menuBar()) if each.title == title]
    assert entry.action.isEnabled(), title
    return entry.action.trigger
