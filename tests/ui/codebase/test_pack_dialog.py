"""“Pack for a model”: one's own text, templates and order, and the parts before they are written."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.cli.test_changes import Project
from tests.ui.codebase.conftest import finish, packed
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.ui.codebase.pack_dialog import PackDialog
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.common.settings import Settings
from tokviz.worker.codebase_packing import Packed

NAME = "cl100k_base"


def text_of(packed: Packed) -> str:
    return packed.text.data.decode()


def test_ones_own_text_is_counted_and_kept(dialog: PackDialog, open_page: CodebasePage, qtbot: QtBot) -> None:
    before = packed(dialog, qtbot)
    dialog.choices.before.setPlainText("Look at\u00a0this.\nThink.")
    dialog.choices.after.setPlainText("What is wrong?")
    qtbot.waitUntil(lambda: dialog.packed is not before, timeout=60_000)
    found = packed(dialog, qtbot)
    text = text_of(found)
    assert text.startswith("Look at\u00a0this.\nThink.\n\n# project\n")
    assert text.endswith("```\n\nWhat is wrong?\n")
    assert found.count.tokens == Registry(Assets()).get(NAME).count(text.encode())
    assert found.wrapping is not None and before.wrapping is not None
    assert found.wrapping.tokens > before.wrapping.tokens
    dialog.reject()
    again = open_page.pack()
    assert again is not None
    assert text_of(packed(again, qtbot)) == text
    again.reject()


def test_a_closed_dialog_packs_nothing_and_keeps_what_was_typed(
    dialog: PackDialog, open_page: CodebasePage, qtbot: QtBot
) -> None:
    dialog.finished.disconnect(dialog.deleteLater)  # as it is until Qt comes to delete it
    dialog.choices.before.setPlainText("Typed last.")
    dialog.accept()
    dialog.choices.tree.click()
    assert dialog.packed is not None
    again = open_page.pack()
    assert again is not None
    assert text_of(packed(again, qtbot)).startswith("Typed last.\n")
    again.reject()
    dialog.deleteLater()


def test_a_files_text_is_put_in(dialog: PackDialog, tmp_path: Path, qtbot: QtBot) -> None:
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("From a file.", encoding="utf-8")
    before = packed(dialog, qtbot)
    dialog.choices.use_text(dialog.choices.before, prompt)
    qtbot.waitUntil(lambda: dialog.packed not in (None, before), timeout=60_000)
    assert text_of(packed(dialog, qtbot)).startswith("From a file.\n")
    dialog.choices.use_text(dialog.choices.before, tmp_path / "gone.txt")
    qtbot.waitUntil(lambda: "gone.txt: there is no such file" in dialog.text, timeout=60_000)


def test_a_template_of_ones_own_and_a_mistake_in_it(dialog: PackDialog, tmp_path: Path, qtbot: QtBot) -> None:
    own = tmp_path / "own.txt"
    own.write_text("{{#files}}\n<{{path}}>\n{{text}}{{/files}}", encoding="utf-8")
    before = packed(dialog, qtbot)
    dialog.choices.use_template(own)
    qtbot.waitUntil(lambda: dialog.packed not in (None, before), timeout=60_000)
    assert text_of(packed(dialog, qtbot)).startswith("<README.md>\n# A project\n")
    assert dialog.choices.form.currentText() == "own.txt"
    own.write_text("{{#files}}\n{{oops}}{{text}}{{/files}}", encoding="utf-8")
    dialog.choices.use_template(own)
    qtbot.waitUntil(lambda: "own.txt, line 2: there is no “oops”" in dialog.text, timeout=60_000)
    dialog.choices.form.setCurrentIndex(0)
    assert text_of(packed(dialog, qtbot)).startswith("# project\n")


def test_the_largest_first_without_the_tree_and_with_numbers(dialog: PackDialog, qtbot: QtBot) -> None:
    dialog.choices.order.setCurrentIndex(1)
    dialog.choices.tree.setChecked(False)
    dialog.choices.line_numbers.setChecked(True)
    text = text_of(packed(dialog, qtbot))
    assert text.startswith("# project\n\n\n## poetry.lock\n\n```lock\n1: package = 1\n")
    dialog.choices.order.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "lies in no git repository" in dialog.text, timeout=60_000)
    assert not dialog._copy.isEnabled()


def test_parts_are_seen_copied_and_written(
    dialog: PackDialog, open_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    assert dialog.parts.isHidden()
    dialog.choices.split_at.setValue(800)
    dialog.choices.in_parts.setChecked(True)
    found = packed(dialog, qtbot)
    assert not dialog.parts.isHidden()
    count = Registry(Assets()).get(NAME).count
    tokens = [count(found.part(number)) for number in range(len(found.parts))]
    assert [part.count.tokens for part in found.parts] == tokens
    assert max(tokens) <= 800
    assert dialog.text.startswith(f"{len(tokens)} parts of {min(tokens):,} to {max(tokens):,} tokens, ")
    assert dialog.parts.model().index(1, 1).data() == f"{tokens[1]:,}"
    dialog.copy()
    assert QGuiApplication.clipboard().text() == found.part(0).decode()
    assert f"Part 1 of {len(tokens)}, {tokens[0]:,} tokens, is on the clipboard." in dialog.text
    dialog.copy()
    assert QGuiApplication.clipboard().text() == found.part(1).decode()
    with qtbot.waitSignal(open_page.information, timeout=60_000) as told:
        dialog.save_to(tmp_path / "out.md")
    names = [f"out-00{number}.md" for number in range(1, len(tokens) + 1)]
    assert told.args == [f"{len(names)} parts were written: {tmp_path / names[0]} to {names[-1]}."]
    assert [(tmp_path / name).read_bytes() for name in names] == [
        found.part(number) for number in range(len(names))
    ]


def test_parts_that_cannot_be_made(dialog: PackDialog, qtbot: QtBot) -> None:
    dialog.choices.before.setPlainText("many words " * 100)
    dialog.choices.split_at.setValue(100)
    dialog.choices.in_parts.setChecked(True)
    qtbot.waitUntil(lambda: "No parts of 100 tokens can be made" in dialog.text, timeout=60_000)
    assert dialog.parts.isHidden()
    assert not dialog._save.isEnabled()


def test_a_prompt_takes_the_text_as_a_file(open_page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    (folder / "key.py").write_text(f"KEY = 'AKIA{'Q3X7'}{'ZP2MNB4KJ6TW'}'\n", encoding="utf-8")
    open_page.codebase.rescan(open_page.choices.options)
    qtbot.waitUntil(lambda: not open_page.codebase.scan.under_way, timeout=60_000)
    open_page.page_actions.ask.trigger()
    asking = open_page.findChild(PackDialog)
    assert isinstance(asking, PackDialog)
    found = packed(asking, qtbot)
    assert asking.windowTitle() == "Ask About This Codebase" and asking._ask.isDefault()
    assert not asking._secrets.isHidden() and "key.py" in asking._secrets.text()
    with qtbot.waitSignal(open_page.prompt_wanted) as wanted:
        asking.ask()
    assert wanted.args == [(("project.md", text_of(found)),)]
    assert not asking.isVisible()


def test_a_prompt_takes_each_part_as_a_file(dialog: PackDialog, qtbot: QtBot) -> None:
    assert dialog._copy.isDefault() and dialog._ask.isEnabled()
    dialog.choices.split_at.setValue(800)
    dialog.choices.in_parts.setChecked(True)
    found = packed(dialog, qtbot)
    with qtbot.waitSignal(dialog.prompt_wanted) as wanted:
        dialog.ask()
    assert wanted.args is not None
    files = dict(wanted.args[0])
    assert list(files) == [f"project-00{number}.md" for number in range(1, len(found.parts) + 1)]
    assert "".join(files.values()) == text_of(found)


def test_what_no_prompt_takes_is_not_offered(
    dialog: PackDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.ui.codebase.pack_dialog._MOST_ASKED", 10)
    before = packed(dialog, qtbot)
    dialog.choices.line_numbers.setChecked(True)
    qtbot.waitUntil(lambda: dialog.packed not in (None, before), timeout=10_000)
    assert not dialog._ask.isEnabled() and "Too large for a prompt" in dialog._ask.toolTip()


def test_the_changes_and_the_log_are_packed_on_request(
    page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    project = Project(tmp_path / "repository")
    project.write("a.py", "lying = 1\n")
    page.open_paths([project.folder])
    finish(page, qtbot)
    dialog = page.pack()
    assert dialog is not None
    changes = dialog.choices.changes
    qtbot.waitUntil(changes.diff.isEnabled, timeout=60_000)
    assert "lying = 1\n" in text_of(plain := packed(dialog, qtbot)) and "+lying" not in text_of(plain)
    changes.log.click()
    with_log = text_of(packed(dialog, qtbot))
    assert "\n    two\n" in with_log and "+lying" not in with_log
    changes.since.selectAll()
    QTest.keyClicks(changes.since, "HEAD~1")
    assert changes.diff.isChecked()  # who names a revision wants its changes
    qtbot.waitUntil(lambda: dialog.packed is None)
    found = packed(dialog, qtbot)
    assert "+lying = 1\n" in text_of(found) and "+new = 3\n" in text_of(found)
    assert found.count.tokens == Registry(Assets()).get(NAME).count(bytes(found.text.data))
    QTest.keyClicks(changes.since, "~99")
    qtbot.waitUntil(lambda: "There is no revision “HEAD~1~99”" in dialog.text, timeout=60_000)
    dialog.reject()
    again = page.pack()
    assert again is not None
    assert again.choices.changes.diff.isChecked()
    assert again.choices.changes.since.text() == "HEAD~1~99"
    again.reject()


def test_outside_a_repository_the_dialog_says_so_and_packs(
    open_page: CodebasePage, settings: Settings, qtbot: QtBot
) -> None:
    settings.set("pack/changes", True)
    dialog = open_page.pack()
    assert dialog is not None
    changes = dialog.choices.changes
    qtbot.waitUntil(lambda: "lies in no git repository" in changes.says.text(), timeout=60_000)
    assert not changes.diff.isVisible()
    assert text_of(packed(dialog, qtbot)).startswith("# project\n")
    dialog.reject()
