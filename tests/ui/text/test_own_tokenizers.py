"""The user's own tokenizers in the window: opened, refused with the reason, remembered."""

import base64
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, worker_context
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.ui.common.settings import Settings
from tokviz.ui.text.own_tokenizers import OwnTokenizers
from tokviz.worker.text_jobs import AddTokenizer


class Own:
    """Own tokenizers, and what they have said."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        self.known: dict[str, TokenizerInfo] = {}
        self.worker = HereWorker()
        self.own = OwnTokenizers(self.worker, self._register, settings, parent)
        self.added: list[tuple[str, bool]] = []
        self.problems: list[str] = []
        self.own.added.connect(lambda name, opened: self.added.append((name, opened)))
        self.own.problem.connect(self.problems.append)

    def _register(self, info: TokenizerInfo) -> None:
        self.known[info.name] = info


@pytest.fixture
def settings(tmp_path: Path, qtbot: QtBot) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bytes.tiktoken"
    tokens = [bytes([byte]) for byte in range(256)] + [b"th", b"the"]
    path.write_bytes(b"".join(b"%s %d\n" % (base64.b64encode(t), rank) for rank, t in enumerate(tokens)))
    return path


def test_an_opened_file_can_be_chosen_and_is_remembered(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot
) -> None:
    first = Own(settings, parent)
    first.own.open(file)
    qtbot.waitUntil(lambda: bool(first.added))
    name, opened = first.added[0]
    assert opened
    assert first.known[name].vocabulary_size == 258
    assert worker_context().registry.get(name).count(b"the the") == 3
    assert first.own.paths == [file]
    second = Own(settings, parent)
    second.own.restore()
    qtbot.waitUntil(lambda: bool(second.added))
    assert second.added == [(name, False)]
    assert name in second.known


def test_opening_it_again_remembers_it_once(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot
) -> None:
    own = Own(settings, parent)
    for _ in range(2):
        own.own.open(file)
    qtbot.waitUntil(lambda: len(own.added) == 2)
    assert own.added[0] == own.added[1]
    assert own.own.paths == [file]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"not a tokenizer", b"AAAA x\n"])
def test_what_is_none_is_refused_by_name_and_not_remembered(
    settings: Settings, parent: QWidget, tmp_path: Path, content: bytes, qtbot: QtBot
) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    own = Own(settings, parent)
    own.own.open(path)
    qtbot.waitUntil(lambda: bool(own.problems))
    assert "broken.json" in own.problems[0]
    assert own.own.paths == []


def test_a_remembered_file_that_is_gone_is_told_and_kept(
    settings: Settings, parent: QWidget, tmp_path: Path, qtbot: QtBot
) -> None:
    settings.set("tokenizers/own", [str(tmp_path / "gone.model")])
    own = Own(settings, parent)
    own.own.restore()
    qtbot.waitUntil(lambda: bool(own.problems))
    assert "gone.model" in own.problems[0]
    assert "forgotten" in own.problems[0]
    assert own.own.paths == [tmp_path / "gone.model"]


def test_the_menu_opens_and_forgets(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Own(settings, parent)
    opening, forgetting = own.own.tokenizer_actions(parent)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    opening.trigger()
    qtbot.waitUntil(lambda: bool(own.added))
    assert own.worker.jobs == [AddTokenizer(file)]
    menu = forgetting.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    (entry,) = menu.actions()
    assert entry.text() == str(file)
    entry.trigger()
    assert own.own.paths == []
    menu.aboutToShow.emit()
    assert not menu.actions()[0].isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    opening.trigger()
    assert len(own.worker.jobs) == 1


def test_files_keep_their_names_whatever_is_opened_again_forgotten_or_gone(
    settings: Settings, parent: QWidget, file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    copies = [tmp_path / folder / "mine.tiktoken" for folder in "ab"]
    for copy in copies:
        copy.parent.mkdir()
        copy.write_bytes(file.read_bytes())
    own = Own(settings, parent)
    for path in (*copies, copies[0]):
        own.own.open(path)
    qtbot.waitUntil(lambda: len(own.added) == 3)
    first, second = own.added[0][0], own.added[1][0]
    assert own.added[2][0] == first != second
    assert own.own.paths == copies, "one opened again keeps its place"
    copies[0].unlink()
    later = Own(settings, parent)
    later.own.restore()
    qtbot.waitUntil(lambda: bool(later.added and later.problems))
    assert later.added == [(second, False)]
    later.own.forget(copies[0])
    last = Own(settings, parent)
    last.own.restore()
    qtbot.waitUntil(lambda: bool(last.added))
    assert last.worker.jobs == [AddTokenizer(copies[1], second)]


def test_one_that_is_being_read_is_not_asked_for_again(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot
) -> None:
    settings.set("tokenizers/own", [str(file)])
    own = Own(settings, parent)
    own.own.restore()
    own.own.restore()
    assert len(own.worker.jobs) == 1
    qtbot.waitUntil(lambda: bool(own.added))
    own.own.restore()
    assert len(own.worker.jobs) == 2


def test_a_file_that_was_spoilt_leaves_what_is_in_use(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot
) -> None:
    own = Own(settings, parent)
    own.own.open(file)
    qtbot.waitUntil(lambda: bool(own.added))
    name = own.added[0][0]
    file.write_text('{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["b", "c"]]}}')
    own.own.open(file)
    qtbot.waitUntil(lambda: bool(own.problems))
    assert len(own.added) == 1 and own.own.paths == [file]
    assert worker_context().registry.get(name).count(b"the the") == 3
    own.own.forget(file)
    own.own.open(file)
    qtbot.waitUntil(lambda: len(own.problems) == 2)
    assert len(own.added) == 1 and own.own.paths == []
    assert worker_context().registry.get(name).count(b"the the") == 3


def test_a_start_says_nothing_of_a_missing_file_that_nobody_uses(
    settings: Settings, parent: QWidget, file: Path, qtbot: QtBot
) -> None:
    first = Own(settings, parent)
    first.own.open(file)
    qtbot.waitUntil(lambda: bool(first.added))
    name = first.added[0][0]
    kept = file.rename(file.with_name("elsewhere"))
    again = Own(settings, parent)
    again.own.wanted = lambda _: False
    again.own.restore()
    qtbot.waitUntil(lambda: not again.own._under_way)
    assert again.problems == []
    again.own.wanted = lambda wanted: wanted == name
    again.own.restore()
    qtbot.waitUntil(lambda: bool(again.problems))
    over: list[str] = []
    again.own.problem_over.connect(over.append)
    kept.rename(file)
    again.own.restore()
    qtbot.waitUntil(lambda: bool(again.added))
    assert over == again.problems
