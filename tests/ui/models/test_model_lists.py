"""Own models edited in the window, and newer lists taken in it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.folders import UserFolders
from tokviz.catalog.updates import Difference
from tokviz.tokens import Provenance
from tokviz.ui.common.settings import Settings
from tokviz.ui.models.model_lists import ModelLists, UpdateDialog, changes_in_short
from tokviz.ui.models.own_models_dialog import OwnModelsDialog

DAY = date(2026, 11, 29)


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "settings", tmp_path / "data")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def saved() -> list[bool]:
    return []


@pytest.fixture
def dialog(parent: QWidget, folders: UserFolders, saved: list[bool]) -> Iterator[OwnModelsDialog]:
    catalog = Catalog(Assets(), DAY, folders)
    dialog = OwnModelsDialog(catalog, folders.own_models, parent, lambda: saved.append(True))
    yield dialog
    # Else it would ask what is to become of the changes when it is closed.
    dialog.text.document().setModified(False)
    dialog.close()


def test_a_row_like_a_listed_model_is_added_and_saved(
    dialog: OwnModelsDialog, folders: UserFolders, saved: list[bool]
) -> None:
    dialog.models.setCurrentText("claude-opus-5.5")
    dialog.add()
    dialog.add()
    assert dialog.verdict.text() == "2 models, no mistake."
    assert not folders.own_models.exists()
    assert dialog.save() and saved == [True]
    assert not dialog.text.document().isModified()
    own = Catalog(Assets(), DAY, folders).own
    assert [model.id for model in own] == ["my-claude-opus-5.5", "my-claude-opus-5.5-1"]
    assert list(folders.settings.iterdir()) == [folders.own_models]


def test_mistakes_are_listed_while_one_types_and_a_click_goes_to_the_line(
    dialog: OwnModelsDialog, qtbot: QtBot
) -> None:
    dialog.show()
    dialog.text.setPlainText(
        '[[models]]\nid = "a"\nlike = "gpt4o"\n\n[[models]]\nid = "b"\nlike = "gpt-4o"\n'
    )
    qtbot.waitUntil(lambda: dialog.mistakes.count() == 1)
    item = dialog.mistakes.item(0)
    assert item.text() == "Line 3: “like”: there is no model “gpt4o”; did you mean “gpt-4o”?"
    assert dialog.verdict.text().startswith("1 model; ")
    assert dialog.mistakes.isVisible()
    spot = dialog.mistakes.visualItemRect(item).center()
    QTest.mouseClick(dialog.mistakes.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert dialog.text.textCursor().blockNumber() == 2
    dialog.text.setPlainText("")
    dialog.check()
    assert not dialog.mistakes.isVisible()


@pytest.mark.parametrize(
    ("answer", "closed", "written"),
    [("Save", True, True), ("Discard", True, False), ("Cancel", False, False)],
)
def test_what_is_not_saved_is_asked_about(
    answer: str,
    closed: bool,
    written: bool,
    dialog: OwnModelsDialog,
    folders: UserFolders,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    button = getattr(QMessageBox.StandardButton, answer)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    dialog.show()
    dialog.add()
    dialog.reject()
    assert dialog.isVisible() != closed
    assert folders.own_models.exists() == written


def test_a_file_that_cannot_be_shown_is_not_overwritten(parent: QWidget, folders: UserFolders) -> None:
    folders.settings.mkdir()
    folders.own_models.write_bytes(b"\xff\xfe")
    dialog = OwnModelsDialog(Catalog(Assets(), DAY, folders), folders.own_models, parent, lambda: None)
    assert dialog.text.isReadOnly()
    assert "cannot be read" in dialog.verdict.text()
    (box,) = dialog.findChildren(QDialogButtonBox)
    assert not box.button(QDialogButtonBox.StandardButton.Save).isEnabled()


def test_a_file_that_cannot_be_written_is_told(dialog: OwnModelsDialog, folders: UserFolders) -> None:
    folders.settings.write_text("a file in the folder's place")
    dialog.add()
    assert not dialog.save()
    assert "cannot be written" in dialog.verdict.text()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def lists(parent: QWidget, folders: UserFolders, tmp_path: Path, told: list[str]) -> ModelLists:
    return made_lists(Catalog(Assets(), DAY, folders), parent, tmp_path, told)


def made_lists(catalog: Catalog, parent: QWidget, folder: Path, told: list[str]) -> ModelLists:
    settings = Settings(QSettings(str(folder / "t.ini"), QSettings.Format.IniFormat))
    lists = ModelLists(catalog, settings, parent)
    lists.problem.connect(told.append)
    lists.information.connect(told.append)
    return lists


def newer(folder: Path) -> Path:
    text = Assets().path("catalog", "models.toml").read_text("utf-8")
    path = folder / "newer.toml"
    path.write_text(
        text.replace("date = 2026-11-20", "date = 2026-11-28").replace("Mercury 3", "Mercury III")
    )
    return path


@pytest.mark.parametrize("taken", [True, False])
def test_an_update_is_shown_and_then_taken_or_not(
    taken: bool,
    lists: ModelLists,
    folders: UserFolders,
    tmp_path: Path,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []

    def answer(dialog: UpdateDialog) -> bool:
        shown.append(dialog.changes.toPlainText())
        return taken

    monkeypatch.setattr(UpdateDialog, "exec", answer)
    lists.update_from(newer(tmp_path))
    assert shown == ["Mercury 3:\n  name: Mercury 3 → Mercury III"]
    assert folders.update.exists() == taken
    assert told == (["The list of 2026-11-28 is in use now."] * taken)
    told.clear()
    lists.go_back()
    assert not folders.update.exists()
    assert told[0].startswith("The list that ships" if taken else "No update was taken")


def test_what_is_no_update_is_told(lists: ModelLists, tmp_path: Path, told: list[str]) -> None:
    lists.update_from(tmp_path / "none.toml")
    assert "cannot be read" in told[0]
    lists.update_from(Assets().path("catalog", "models.toml"))
    assert told[1] == "models.toml changes nothing. Figures of 2026-11-20, 9 days old."


def test_mistakes_and_age_are_told_at_start(
    parent: QWidget, folders: UserFolders, tmp_path: Path, told: list[str]
) -> None:
    folders.settings.mkdir()
    folders.own_models.write_text('[[models]]\nid = "m"\n')
    made_lists(Catalog(Assets(), date(2027, 3, 1), folders), parent, tmp_path, told).report()
    assert len(told) == 2
    assert told[0].startswith(f"{folders.own_models}, line 1: it needs a “tokenizer”")
    assert "101 days old: prices have likely changed. Tools ▸ List of Models takes a newer one." in told[1]


def test_the_menu_has_the_entries(lists: ModelLists, parent: QWidget) -> None:
    (entry,) = lists.actions(parent)
    menu = entry.menu()
    assert isinstance(menu, QMenu)
    assert [each.text().replace("&", "") for each in menu.actions()] == [
        "Own Models…",
        "Update from a File…",
        "Go Back to the Shipped List",
    ]


def test_what_changes_is_in_use_at_once(
    lists: ModelLists, folders: UserFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogs: list[Catalog] = []
    lists.catalog_changed.connect(catalogs.append)

    def edit(dialog: OwnModelsDialog) -> None:
        dialog.text.setPlainText('[[models]]\nid = "house"\nlike = "gpt-4o"\n')
        assert dialog.save()

    monkeypatch.setattr(OwnModelsDialog, "exec", edit)
    lists.edit()
    assert [model.id for model in catalogs[-1].own] == ["house"]
    monkeypatch.setattr(UpdateDialog, "exec", lambda _: True)
    lists.update_from(newer(tmp_path))
    assert catalogs[-1].own
    lists.go_back()
    assert [catalog.is_updated for catalog in catalogs] == [False, True, False]


def test_an_own_model_may_name_a_tokenizer_that_was_opened(folders: UserFolders) -> None:
    folders.settings.mkdir()
    folders.own_models.write_text('[[models]]\nid = "house"\nlike = "gpt-4o"\ntokenizer = "our-own"\n')
    names: list[str] = []
    catalog = Catalog(Assets(), DAY, folders, lambda: names)
    assert not catalog.own and "there is no tokenizer “our-own”" in catalog.problems[0]
    names.append("our-own")
    (house,) = catalog.renewed().own
    assert house.tokenizer == "our-own" and house.provenance is Provenance.ASSUMED


def test_an_update_is_summed_up() -> None:
    changed = [Difference("GPT-9", figure, "1", "2") for figure in ("window", "input price")]
    found = [
        *changed,
        Difference("GPT-1"),
        Difference("GPT-10", added=True),
        Difference("GPT-11", added=True),
    ]
    assert changes_in_short(found) == "1 model changes, 2 models are new, 1 model is no longer listed"
    assert changes_in_short(changed) == "1 model changes"
