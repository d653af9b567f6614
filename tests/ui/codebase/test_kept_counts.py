"""A folder that is opened again: its counts are those of before, and no tokenizer is loaded for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import NAMES
from tests.ui.hosts import HereWorker
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.assets import Assets
from tokviz.count_cache.user_cache import UserCache
from tokviz.documents.tree.walking import WalkOptions
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.kept_counts import KeptCounts
from tokviz.ui.codebase.scan import Stage
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.jobs import WorkerContext


class Opener(Protocol):
    """Opens a folder in a program of its own, and says which stages the scan went through. Its worker is a
    real process if ``real``; others have the engines that were loaded here."""

    def __call__(self, folder: Path, *, real: bool = False) -> tuple[TokenTree, set[Stage]]: ...


def here(counts: Path) -> Worker:
    return cast(Worker, HereWorker(WorkerContext(Assets(), counts)))


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot) -> Iterator[Opener]:
    workers: list[Worker] = []

    def open_folder(folder: Path, *, real: bool = False) -> tuple[TokenTree, set[Stage]]:
        worker = Worker(counts=tmp_path / "kept") if real else here(tmp_path / "kept")
        workers.append(worker)
        codebase = Codebase(worker, NAMES)
        stages: set[Stage] = set()
        codebase.scan.progressed.connect(lambda: stages.add(codebase.scan.progress.stage))
        with qtbot.waitSignal(codebase.ended, timeout=60_000):
            codebase.open([folder], WalkOptions())
        assert codebase.tree is not None
        assert codebase.complete
        return codebase.tree, stages

    yield open_folder
    for worker in workers:
        worker.close()


def test_a_folder_opened_again_is_not_counted_again(folder: Path, opened: Opener) -> None:
    first, stages = opened(folder, real=True)
    assert Stage.LOADING in stages
    again, stages = opened(folder, real=True)
    assert Stage.LOADING not in stages
    assert again.columns == first.columns
    assert again.total().tolist() == first.total().tolist()
    assert [state.tolist() for state in (again.states, again.included)] == [
        state.tolist() for state in (first.states, first.included)
    ]


def test_only_what_changed_is_counted(folder: Path, opened: Opener) -> None:
    first, _ = opened(folder)
    (folder / "new.md").write_text("Something more, and 漢字.\n" * 40, encoding="utf-8")
    again, stages = opened(folder)
    assert Stage.LOADING in stages
    UserCache(folder.parent / "kept").clear()
    anew, _ = opened(folder)
    assert again.total().tolist() == anew.total().tolist()
    assert again.total().tolist() != first.total().tolist()


def test_nothing_is_kept_where_it_is_switched_off(folder: Path, opened: Opener) -> None:
    UserCache(folder.parent / "kept").use(False)
    first, _ = opened(folder)
    again, stages = opened(folder)
    assert Stage.LOADING in stages
    assert UserCache(folder.parent / "kept").size == 0
    assert again.total().tolist() == first.total().tolist()


def test_the_menu_switches_it_off_and_clears_it(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    owner = QWidget()
    qtbot.addWidget(owner)
    menu = QMenu(owner)
    with monkeypatch.context() as patched:
        patched.setattr(UserCache, "size", property(lambda _: pytest.fail("its folder was listed")))
        entries = KeptCounts(kept, menu, owner)
    assert entries.keep.isChecked()
    menu.aboutToShow.emit()
    assert not entries.clear.isEnabled()
    entries.keep.trigger()
    assert not UserCache(kept).used
    UserCache(kept).use(True)  # as `tokviz cache --on` does
    (kept / "00.new").write_bytes(bytes(3_200_000))
    menu.aboutToShow.emit()
    assert entries.keep.isChecked()
    assert entries.clear.text() == "Remove kept &counts (3.2 MB)"
    entries.clear.trigger()
    assert UserCache(kept).size == 0
    assert not entries.clear.isEnabled()


def test_what_cannot_be_changed_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    owner = QWidget()
    qtbot.addWidget(owner)
    entries = KeptCounts(tmp_path / "file" / "kept", QMenu(owner), owner)
    with qtbot.waitSignal(entries.problem) as told:
        entries.keep.trigger()
    assert told.args is not None
    assert "cannot be changed" in told.args[0]
    assert entries.keep.isChecked()
