"""A folder's default encoding is chosen in the menu of counted files, and kept for that folder."""

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from tokviz.documents.encodings import find_encoding
from tokviz.ui.codebase.options import FileChoices
from tokviz.ui.common.settings import Settings


def test_a_folders_encoding_is_chosen_and_kept_for_it(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = QWidget()
    qtbot.addWidget(window)
    choices = FileChoices(settings, window)
    assert choices.options.reading.encoding is None
    choices.folder = tmp_path / "old"
    (menu,) = (each for each in choices.menu.findChildren(QMenu) if "UTF-8" in each.title())
    menu.aboutToShow.emit()
    entries = [entry for each in (menu, *menu.findChildren(QMenu)) for entry in each.actions()]
    with qtbot.waitSignal(choices.changed):
        next(entry for entry in entries if entry.text() == "KOI8-R").trigger()
    reading = choices.options.reading
    assert (reading.encoding, reading.forced) == (find_encoding("koi8-r"), False)
    choices.folder = tmp_path / "new"
    assert choices.options.reading.encoding is None
    again = FileChoices(settings, window)
    again.folder = tmp_path / "old"
    assert again.options.reading.encoding == find_encoding("koi8-r")
