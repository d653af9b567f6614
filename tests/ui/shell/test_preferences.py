"""Every preference can be found, shows what is set, and applies at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QScrollArea, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tokviz import language
from tokviz.ui.common.settings import KEEP_RECENT, RESERVE, THEME, ZOOM, Settings
from tokviz.ui.shell import preference_list
from tokviz.ui.shell.preference_list import preferences
from tokviz.ui.shell.preferences import PreferencesDialog, Switch

Field = TypeVar("Field", bound=QWidget)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def forgotten() -> list[str]:
    return []


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, forgotten: list[str]) -> Iterator[PreferencesDialog]:
    parent = QWidget()
    parent.resize(900, 600)
    qtbot.addWidget(parent)
    rows = preferences(
        {"o200k_base": "o200k"},
        {"gpt-4o": "GPT-4o"},
        ["Mono"],
        lambda: forgotten.append("texts"),
        lambda: forgotten.append("window"),
    )
    made = PreferencesDialog(rows, settings, parent)
    made.show()
    yield made
    made.close()


def field(dialog: PreferencesDialog, kind: type[Field], title: str) -> Field:
    (found,) = [one for one in dialog.findChildren(kind) if one.accessibleName() == title]
    return found


def test_a_choice_is_set_at_once_and_follows(dialog: PreferencesDialog, settings: Settings) -> None:
    box = field(dialog, QComboBox, "Theme")
    assert box.currentText() == "As the desktop"
    box.setCurrentText("Dark")
    assert settings.text(THEME) == "dark"
    settings.set(THEME, "contrast_light")
    assert box.currentText() == "Light, high contrast"


def test_a_number_is_set_at_once_and_follows(dialog: PreferencesDialog, settings: Settings) -> None:
    reserve, zoom = field(dialog, QSpinBox, "Reserve for the answer"), None
    assert reserve.text() == "by model"
    reserve.setValue(4000)
    assert settings.reserve == 4000
    settings.set(RESERVE, -1)
    assert reserve.text() == "by model"
    zoom = field(dialog, QSpinBox, "Font size of texts")
    zoom.setValue(3)
    assert settings.number(ZOOM, 0, -6, 30) == 3 and zoom.text() == "3 pt"


def test_a_switch_is_set_at_once_and_follows(dialog: PreferencesDialog, settings: Settings) -> None:
    recent = field(dialog, QCheckBox, "Recent files")
    assert recent.isChecked()
    recent.click()
    assert not settings.flag(KEEP_RECENT, True)
    settings.set(KEEP_RECENT, True)
    assert recent.isChecked()


def test_a_button_does_it(dialog: PreferencesDialog, forgotten: list[str]) -> None:
    field(dialog, QPushButton, "Unsaved texts that are kept now").click()
    assert forgotten == ["texts"]


def test_another_language_is_offered_in_another_window(
    dialog: PreferencesDialog, qtbot: QtBot, forgotten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (language, preference_list):
        monkeypatch.setattr(room, "languages", lambda: {"en": "English", "de": "Deutsch"})
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    box = field(dialog, QComboBox, "Language")
    box.setCurrentIndex(box.findData("en"))
    (button,) = [
        one for one in dialog.findChildren(QPushButton) if not one.accessibleName() and not one.text()
    ]
    assert button.isHidden()
    box.setCurrentIndex(box.findData(""))
    assert button.isVisible() and button.text() == "Open tokviz again in Deutsch"
    button.click()
    qtbot.waitUntil(lambda: forgotten == ["window"])
    assert dialog.isHidden()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("theme", ["Theme"]),
        ("RESERVE answer", ["Reserve for the answer"]),
        ("kept recent", ["Recent files"]),
        ("zzz", []),
    ],
)
def test_the_search_narrows_them(dialog: PreferencesDialog, text: str, found: list[str]) -> None:
    every = dialog.shown
    search = dialog.findChildren(QLineEdit)[0]
    search.setText(text)
    assert dialog.shown == found
    search.clear()
    assert dialog.shown == every and len(every) > 10


def test_it_fits_into_a_small_window(dialog: PreferencesDialog) -> None:
    assert dialog.width() <= 900 and dialog.height() <= 600


def test_a_recent_file_is_not_kept_where_none_is(settings: Settings, tmp_path: Path) -> None:
    settings.set(KEEP_RECENT, False)
    settings.add_recent(tmp_path)
    assert not settings.paths("recent")
    settings.set(KEEP_RECENT, True)
    settings.add_recent(tmp_path)
    assert settings.paths("recent") == [tmp_path]


def test_long_names_need_no_sideways_scrolling(qtbot: QtBot, settings: Settings) -> None:
    long = Switch("Look", "A name of very many words " * 6, "What it does", "a/key", False)
    parent = QWidget()
    qtbot.addWidget(parent)
    made = PreferencesDialog([long], settings, parent)
    made.show()
    (area,) = made.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    made.close()


def test_the_usual_words_find_the_size_of_letters(dialog: PreferencesDialog) -> None:
    (search,) = [one for one in dialog.findChildren(QLineEdit) if one.placeholderText()]
    search.setText("font size")
    boxes = [one.accessibleName() for one in dialog.findChildren(QSpinBox) if one.isVisible()]
    assert boxes == ["Font size in the window", "Font size of texts"]


def test_return_in_a_field_removes_nothing(dialog: PreferencesDialog, forgotten: list[str]) -> None:
    """It did what the first button of the dialog does: the unsaved texts were gone."""
    search, size = (
        field(dialog, QLineEdit, "Search the preferences"),
        field(dialog, QSpinBox, "Font size of texts"),
    )
    for one in (search, size):
        one.setFocus()
        QTest.keyClick(one, Qt.Key.Key_Return)
    assert forgotten == []
    assert dialog.isVisible()
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Remove")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert forgotten == ["texts"]
