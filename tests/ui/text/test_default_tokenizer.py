"""The window starts with the tokenizer used last, or with the one that was made the default."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings
from pytestqt.qtbot import QtBot

from tokviz.ui.common.settings import Settings
from tokviz.ui.text.default_tokenizer import DefaultTokenizer


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


def test_the_last_one_is_used_again(settings: Settings) -> None:
    owner = QObject()
    default = DefaultTokenizer(settings, owner)
    assert default.at_start == "o200k_base" and not default.entry.isChecked()
    default.remember("llama3")
    assert DefaultTokenizer(settings, owner).at_start == "llama3"


def test_a_default_stays_whatever_is_used(settings: Settings) -> None:
    owner = QObject()
    default = DefaultTokenizer(settings, owner)
    default.remember("llama3")
    default.entry.trigger()
    assert default.entry.isChecked()
    default.remember("gemma")
    assert not default.entry.isChecked(), "gemma is not the default"
    again = DefaultTokenizer(settings, owner)
    assert again.at_start == "llama3" and again.entry.isChecked()
    again.entry.trigger()
    assert DefaultTokenizer(settings, owner).at_start == "gemma", "without a default the last one is used"
