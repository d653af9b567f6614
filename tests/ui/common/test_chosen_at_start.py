"""An encoding that the command line names is chosen for the file, as in the menu."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.documents.encodings import find_encoding
from tokviz.ui.common.chosen_encodings import ChosenEncodings
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.settings import Settings


def test_it_is_remembered_for_the_file_and_for_a_folder(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    log = FailureLog(tmp_path)
    program = Program(qapp, Assets(), store, log)
    encoding = find_encoding("Windows-1250")
    program.choose_encoding(["a.txt", str(tmp_path / "folder")], encoding)
    chosen = ChosenEncodings(Settings(store))
    named, inside = chosen.for_file(tmp_path / "a.txt"), chosen.for_file(tmp_path / "folder" / "b.txt")
    assert (named.encoding, named.forced) == (encoding, True)
    assert (inside.encoding, inside.forced) == (encoding, False)
    log.close()
