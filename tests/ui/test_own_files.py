"""A user's own tokenizer in the whole window, with its real worker: used, compared, remembered, refused."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import tokenizers
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.tokenization.user.test_user_files import byte_level, word_piece
from tests.ui.shell.windows import end
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.composition import Application
from tokviz.tokenization.token_tables import unspell
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.models.model_chooser import ModelChooser
from tokviz.ui.models.own_models_dialog import OwnModelsDialog
from tokviz.ui.text.tokenizer_chooser import TokenizerChooser
from tokviz.ui.tokens.document import Origin

TEXT = "It's a text with  blanks, (and more): 12345 ﬁ.\n" * 30
_LONG = 60_000


class Windows:
    """Opens windows that share their settings, one after the other, as starting the program again does."""

    def __init__(self, qapp: QApplication, folder: Path) -> None:
        self._qapp, self._folder = qapp, folder
        self._open: list[tuple[Application, FailureLog]] = []

    def start(self) -> Application:
        self.close()
        store = QSettings(str(self._folder / "settings.ini"), QSettings.Format.IniFormat)
        log = FailureLog(self._folder)
        program = Program(self._qapp, Assets(), store, log)
        program.window.show()
        self._open.append((program.fill(), log))
        return self._open[0][0]

    def close(self) -> None:
        while self._open:
            application, log = self._open.pop()
            application.text.document.show(b"", Origin())
            end(application.window)
            log.close()


@pytest.fixture
def windows(qapp: QApplication, tmp_path: Path) -> Iterator[Windows]:
    opened = Windows(qapp, tmp_path)
    yield opened
    opened.close()


def saved(path: Path, maker: Callable[[], tokenizers.Tokenizer]) -> tokenizers.Tokenizer:
    made = maker()
    made.save(str(path))
    made.encode_special_tokens = True
    return made


def open_file(application: Application, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the Tools menu, as a person does."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    menus = [action.menu() for action in application.window.menuBar().actions() if action.text() == "&Tools"]
    entries = [entry for menu in menus if isinstance(menu, QMenu) for entry in menu.actions()]
    (opening,) = [entry for entry in entries if entry.text() == "&Open Tokenizer…"]
    assert isinstance(opening, QAction) and opening.isVisible()
    opening.trigger()


def ids(application: Application) -> list[int] | None:
    tokens = application.text.tokenizing.map
    return tokens.ids().tolist() if tokens and application.text.tokenizing.is_settled else None


@pytest.mark.parametrize("maker", [byte_level, word_piece])
def test_an_own_tokenizer_is_used_compared_and_remembered(
    windows: Windows,
    maker: Callable[[], tokenizers.Tokenizer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    path = tmp_path / "mine.json"
    expected = saved(path, maker).encode(TEXT, add_special_tokens=False).ids
    application = windows.start()
    application.text.show_text(TEXT.encode(), "A text")
    open_file(application, path, monkeypatch)
    qtbot.waitUntil(lambda: ids(application) == expected, timeout=_LONG)
    assert application.text.tokenizing.tokenizer == "mine.json"
    assert application.text.toolbar.tokenizer == "mine.json"
    assert "mine.json can be used now." in application.window.banner.text

    # An edit leaves it exact, what nobody cuts included.
    application.text.view.editor.select(0, 0)
    application.text.view.editor.insert(b"  \n ")
    edited = tokenizers.Tokenizer.from_file(str(path))
    edited.encode_special_tokens = True
    after = edited.encode("  \n " + TEXT, add_special_tokens=False).ids
    qtbot.waitUntil(lambda: ids(application) == after, timeout=_LONG)
    qtbot.waitUntil(
        lambda: (
            "mine.json" in application.text.counts()
            and application.text.counts()["mine.json"].tokens == len(after)
        ),
        timeout=_LONG,
    )

    compare = application.compare
    application.window.show_page(compare)
    choosers = [box for box in compare.panes.findChildren(QComboBox) if box.findData("mine.json") >= 0]
    assert len(choosers) == 2
    choosers[1].setCurrentIndex(choosers[1].findData("mine.json"))
    assert compare.panes.tokenizers[1] == "mine.json"
    table = compare.tabs.tokenizers.table
    qtbot.waitUntil(lambda: "mine.json" in table.keys, timeout=_LONG)
    row = table.keys.index("mine.json")
    qtbot.waitUntil(lambda: table.texts()[1 + row][1] == f"{len(after):,}", timeout=_LONG)
    qtbot.waitUntil(lambda: compare.panes.comparer.result is not None, timeout=_LONG)
    for save in (compare.exports.save_csv, compare.exports.save_json, compare.exports.save_markdown):
        save(tmp_path / "table")
        assert "mine.json" in (tmp_path / "table").read_text()
    record = tmp_path / "record.json"
    compare.exports.save_json(record)
    rows = {each["tokenizer"]: each for each in json.loads(record.read_text())["tokenizers"]}
    assert rows["mine.json"]["models"] == [] and rows["mine.json"]["tokens"] == len(after)

    # The worker dies: another one reads the file again.
    first = application.worker.pid
    assert first is not None
    os.kill(first, signal.SIGTERM)
    qtbot.waitUntil(lambda: application.worker.pid not in (None, first), timeout=_LONG)
    application.window.show_page(application.text)
    application.text.view.editor.insert(b"x")
    edited_again = edited.encode("  \n x" + TEXT, add_special_tokens=False).ids
    qtbot.waitUntil(lambda: ids(application) == edited_again, timeout=_LONG)
    qtbot.waitUntil(
        lambda: (
            "mine.json" in application.text.counts()
            and application.text.counts()["mine.json"].tokens == len(edited_again)
        ),
        timeout=_LONG,
    )
    assert "another one was started" in application.window.banner.text, "nothing else went wrong"

    # And so does the next start, with the choices as they were.
    shown = compare.panes.tokenizers
    again = windows.start()
    again.text.show_text(TEXT.encode(), "A text")
    qtbot.waitUntil(lambda: ids(again) == expected, timeout=_LONG)
    again.window.show_page(again.compare)
    assert again.compare.panes.tokenizers == shown


def test_a_file_that_was_changed_says_other_things_of_its_tokens(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "mine.json"
    application = windows.start()
    facts = application.text.details.shown.facts
    for maker in (byte_level, word_piece):
        token = str(saved(path, maker).id_to_token(100))
        open_file(application, path, monkeypatch)
        qtbot.waitUntil(lambda: application.text.tokenizing.tokenizer == "mine.json", timeout=_LONG)

        def says(token: str = token) -> bool:
            fact = facts.get(100)
            return fact is not None and fact.data == unspell(token)

        qtbot.waitUntil(says, timeout=_LONG)


def test_a_text_of_which_nothing_is_left_has_no_tokens(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    saved(tmp_path / "words.json", word_piece)
    application = windows.start()
    open_file(application, tmp_path / "words.json", monkeypatch)
    qtbot.waitUntil(lambda: application.text.tokenizing.tokenizer == "words.json", timeout=_LONG)
    view = application.text.view
    for text in (b"   ", b" \n", b"word"):
        view.editor.insert(text)
        qtbot.waitUntil(lambda: ids(application) is not None, timeout=_LONG)
        view.viewport().grab()
    assert application.text.tokenizing.failure == ""


def test_a_malformed_file_is_refused_with_the_reason_and_nothing_changes(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    application = windows.start()
    application.text.show_text(b"some text", "A text")
    qtbot.waitUntil(lambda: ids(application) is not None, timeout=_LONG)
    before = ids(application)
    (box,) = application.text.toolbar.findChildren(TokenizerChooser)
    entries = [box.itemText(row) for row in range(box.count())]
    broken = tmp_path / "broken.model"
    broken.write_bytes(b"no model at all")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(broken), ""))
    box.setCurrentIndex(box.count() - 1)
    banner = application.window.banner
    qtbot.waitUntil(lambda: "broken.model cannot be used as a tokenizer" in banner.text, timeout=_LONG)
    assert [box.itemText(row) for row in range(box.count())] == entries
    assert box.tokenizer == "o200k_base"
    assert ids(application) == before
    assert application.own.paths == []


def test_an_own_model_counts_by_an_opened_tokenizer_at_once_and_at_the_next_start(
    windows: Windows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    path, folder = tmp_path / "mine.json", tmp_path / "folder"
    expected = len(saved(path, byte_level).encode(TEXT, add_special_tokens=False).ids)
    folder.mkdir()
    (folder / "a.txt").write_bytes(TEXT.encode())
    application = windows.start()
    application.text.show_text(TEXT.encode(), "A text")

    def write(dialog: OwnModelsDialog) -> None:
        dialog.text.setPlainText(
            '[[models]]\nid = "house"\nlike = "gpt-4o"\nname = "House"\ntokenizer = "mine.json"\n'
        )
        assert dialog.save()

    monkeypatch.setattr(OwnModelsDialog, "exec", write)
    application.model_lists.edit()
    assert "What is wrong in them is left out." in application.window.banner.text  # no such tokenizer yet
    assert "house" not in application.panel.shown_ids
    open_file(application, path, monkeypatch)
    qtbot.waitUntil(lambda: "house" in application.panel.shown_ids, timeout=_LONG)

    def counted(window: Application) -> int | None:
        rows = {row.model.id: row for row in window.panel.table.all_rows}
        count = rows["house"].count
        return count.tokens if count else None

    qtbot.waitUntil(lambda: counted(application) == expected, timeout=_LONG)
    assert application.codebase.workspace.toolbar.model.findText("House") >= 0
    choosers = application.compare.tabs.models.findChildren(ModelChooser)
    choosers[0].choose(["house"])
    assert [model.name for model in application.compare.tabs.models.models] == ["House"]
    application.codebase.choose_model(application.panel.models[-1])
    application.codebase.open_paths([folder])
    qtbot.waitUntil(
        lambda: (
            "mine.json" in application.codebase.counts()
            and application.codebase.counts()["mine.json"].tokens == expected
        ),
        timeout=_LONG,
    )
    again = windows.start()
    again.text.show_text(TEXT.encode(), "A text")
    qtbot.waitUntil(lambda: counted(again) == expected, timeout=_LONG)
    assert not again.window.banner.text
