"""Saving a packed text: nothing is lost where it fails, nothing is refused that the user was asked about."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.ui.codebase.conftest import packed
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.ui.codebase.pack_dialog import PackDialog
from tokviz.ui.codebase.page import CodebasePage

BUTTON = QMessageBox.StandardButton


def test_what_cannot_be_written_stays_packed(
    dialog: PackDialog, open_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    found = packed(dialog, qtbot)
    dialog._save.setFocus()
    dialog.save_to(tmp_path / "nowhere" / "out.md")
    assert not dialog._save.isEnabled() and not dialog.choices.isEnabled(), "it is being written"
    qtbot.waitUntil(lambda: "Cannot write" in dialog.text, timeout=60_000)
    assert dialog.isVisible() and dialog.packed is found
    assert dialog._save.isEnabled() and dialog._copy.isEnabled() and dialog.choices.isEnabled()
    assert dialog._progress.isHidden() and dialog._save.hasFocus()
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        dialog.save_to(tmp_path / "out.md")
    assert (tmp_path / "out.md").read_bytes() == found.part(0)
    assert not isValid(dialog) or not dialog.isVisible()


def test_a_dialog_that_was_closed_has_the_page_tell_what_became_of_it(
    dialog: PackDialog, open_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.save_to(tmp_path / "nowhere" / "out.md")
    with qtbot.waitSignal(open_page.problem, timeout=60_000) as told:
        dialog.reject()
    assert told.args is not None and "Cannot write" in told.args[0]


def test_a_pack_is_written_over_what_the_file_dialog_asked_about(
    dialog: PackDialog, open_page: CodebasePage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, own = packed(dialog, qtbot), folder / "my-pack.txt"
    own.write_text("packed by a template of one's own that nothing remembers", encoding="utf-8")
    options = list[object]()

    def picked(*_: object, **given: object) -> tuple[str, str]:
        options.append(given.get("options"))
        return str(own), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", picked)
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        dialog.save()
    assert own.read_bytes() == found.part(0)
    assert options == [None], "Qt asks"


def test_where_parts_lie_already_the_user_is_asked(
    dialog: PackDialog, open_page: CodebasePage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.choices.split_at.setValue(800)
    dialog.choices.in_parts.setChecked(True)
    found, there = packed(dialog, qtbot), tmp_path / "out-001.md"
    there.write_text("mine", encoding="utf-8")
    asked, answers = list[str](), [BUTTON.Cancel, BUTTON.Save]

    def answer(_parent: object, _title: str, question: str, *_: object) -> QMessageBox.StandardButton:
        asked.append(question)
        return answers.pop(0)

    def picked(*_: object, options: object) -> tuple[str, str]:
        assert options == QFileDialog.Option.DontConfirmOverwrite, "no file of that name is written"
        return str(tmp_path / "out.md"), ""

    monkeypatch.setattr(QMessageBox, "question", answer)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", picked)
    dialog.save()
    assert there.read_text(encoding="utf-8") == "mine" and dialog._save.isEnabled()
    (tmp_path / "out-002.md").write_text("mine", encoding="utf-8")
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        dialog.save()
    assert there.read_bytes() == found.part(0)
    assert asked[0] == "out-001.md is there already. Write over it?"
    assert asked[1].startswith("2 files of these names are there already, out-001.md among them.")


def test_a_pack_that_cannot_be_remembered_is_written_all_the_same(
    dialog: PackDialog, open_page: CodebasePage, packs: KnownPacks, tmp_path: Path, qtbot: QtBot
) -> None:
    packs.file.parent.parent.mkdir(parents=True, exist_ok=True)
    packs.file.parent.write_bytes(b"")
    found = packed(dialog, qtbot)
    with qtbot.waitSignals([open_page.information, open_page.problem], timeout=60_000):
        dialog.save_to(tmp_path / "out.md")
    assert (tmp_path / "out.md").read_bytes() == found.part(0)
