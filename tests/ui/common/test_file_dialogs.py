"""Every dialog for files begins in the folder that was used last, and names types of files."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

import tokviz
from tokviz.ui.common.file_dialogs import (
    ALL,
    TOKENIZERS,
    ask_file,
    ask_files,
    ask_folder,
    ask_where,
    documents,
    written,
)
from tokviz.ui.common.settings import Settings

_SOURCES = sorted((Path(tokviz.__file__).parent / "ui").rglob("*.py"))
_ASKING = {"ask_file", "ask_files", "ask_where"}
_NOT_TYPES = {"ask_file": 3, "ask_files": 3, "ask_where": 4}


def _calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_all_dialogs_for_files_are_asked_in_one_way() -> None:
    users = [path for path in _SOURCES if "QFileDialog" in path.read_text("utf-8")]
    assert [path.parts[-2:] for path in users] == [("common", "file_dialogs.py")]


def test_every_dialog_names_its_types() -> None:
    found = 0
    for path in _SOURCES:
        for call in _calls(path):
            if isinstance(call.func, ast.Name) and call.func.id in _ASKING:
                found += 1
                assert len(call.args) > _NOT_TYPES[call.func.id], f"{path.name}:{call.lineno}"
    assert found > 15


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


def test_what_is_picked_says_where_the_next_dialog_begins(
    settings: Settings, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, asked = QWidget(), list[tuple[object, ...]]()
    qtbot.addWidget(window)
    answers: dict[str, object] = {
        "getOpenFileName": (str(tmp_path / "one" / "a.model"), ""),
        "getOpenFileNames": ([str(tmp_path / "two" / "a.txt"), str(tmp_path / "two" / "b.txt")], ""),
        "getExistingDirectory": str(tmp_path / "three"),
        "getSaveFileName": (str(tmp_path / "four" / "a.csv"), ""),
    }
    for name, answer in answers.items():

        def picked(_window: object, *arguments: object, answer: object = answer) -> object:
            asked.append(arguments)
            return answer

        monkeypatch.setattr(QFileDialog, name, picked)
    assert ask_file(window, settings, "One", TOKENIZERS) == tmp_path / "one" / "a.model"
    assert len(ask_files(window, settings, "Two", ALL, TOKENIZERS)) == 2
    assert ask_folder(window, settings, "Three") == tmp_path / "three"
    assert ask_where(window, settings, "Four", "a.csv", written("csv")) == tmp_path / "four" / "a.csv"
    assert ask_where(window, settings, "Five", Path("/there/b.csv"), written("csv"))
    tokenizers = "Tokenizers (*.json *.tiktoken *.model)"
    assert asked == [
        ("One", str(Path.home()), f"{tokenizers};;All files (*)"),
        ("Two", str(tmp_path / "one"), f"All files (*);;{tokenizers}"),
        ("Three", str(tmp_path / "two")),
        ("Four", str(tmp_path / "three" / "a.csv"), "CSV (*.csv);;All files (*)"),
        ("Five", str(Path("/there/b.csv")), "CSV (*.csv);;All files (*)"),
    ]
    assert settings.folder == tmp_path / "four"


def test_a_dialog_that_is_left_gives_nothing_and_changes_nothing(
    settings: Settings, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for name, answer in (
        ("getOpenFileName", ("", "")),
        ("getOpenFileNames", ([], "")),
        ("getSaveFileName", ("", "")),
    ):
        monkeypatch.setattr(QFileDialog, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    assert ask_file(window, settings, "One", ALL) is None
    assert ask_files(window, settings, "Two", ALL) == []
    assert ask_folder(window, settings, "Three") is None
    assert ask_where(window, settings, "Four", "a.csv", ALL) is None
    assert settings.folder == Path.home()


def test_documents_are_those_that_can_be_read() -> None:
    assert {"*.pdf", "*.docx", "*.xlsx", "*.epub"} <= set(documents().patterns)
    assert "*.html" not in documents().patterns
