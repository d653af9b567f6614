"""Saving: straight into the file only where that loses nothing of what the file held."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker
from tokviz.ui.common.settings import Settings
from tokviz.ui.text import files as module
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.tokens.document import Document, Origin


@pytest.mark.parametrize(
    ("encoding", "replaced", "asks"),
    [
        ("UTF-8", 0, False),
        ("UTF-8 with BOM", 0, False),
        ("UTF-8", 1, True),  # U+FFFD stands where the file has other bytes
        ("Windows-1252", 0, True),  # it would be another encoding from then on
        ("UTF-16 LE", 3, True),
    ],
)
def test_saving_asks_where_the_file_would_lose_what_it_held(
    encoding: str, replaced: int, asks: bool, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(
        module, "ask_where", lambda _window, _settings, _title, where, *_: asked.append(where)
    )
    path, window, document = tmp_path / "file.txt", QWidget(), Document()
    path.write_bytes(b"as it was")
    qtbot.addWidget(window)
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    saved = DocumentFiles(document, HereWorker(), settings, window)  # type: ignore[arg-type]
    document.show(b"text", Origin(path, "", encoding, replaced))
    document.buffer.replace(4, 4, b" edited")
    assert saved.save() is not asks
    assert asked == ([path] if asks else [])
    assert path.read_bytes() == (b"as it was" if asks else b"text edited")
