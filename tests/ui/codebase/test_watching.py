"""What changes in the opened folder is counted again, only that, and said."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QFileSystemWatcher
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import finish
from tests.ui.hosts import HereWorker, theme
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.ui.codebase.options import WATCH
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.watching import Watching
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker


@pytest.fixture
def watching(page: CodebasePage, folder: Path, settings: Settings, qtbot: QtBot) -> CodebasePage:
    settings.set(WATCH, True)
    page.open_paths([folder])
    finish(page, qtbot)
    qtbot.waitUntil(lambda: bool(page.watching.watched) and not page.watching.busy, timeout=60_000)
    return page


def tokens(page: CodebasePage) -> int:
    return page.counts()["cl100k_base"].tokens


def settle(page: CodebasePage, qtbot: QtBot) -> None:
    """Wait until a change was noticed and counted."""
    qtbot.waitUntil(lambda: bool(page.watching.says), timeout=60_000)
    finish(page, qtbot)
    qtbot.waitUntil(lambda: not page.watching.busy, timeout=60_000)


def paths(page: CodebasePage) -> set[str]:
    tree = page.codebase.tree
    assert tree is not None
    return {tree.shape.path(node) for node in tree.shape.file_nodes.tolist()}


def test_a_file_written_in_place_is_counted_again(watching: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    before = tokens(watching)
    watching.codebase.set_nodes_included([watching.codebase.tree.shape.find("docs", 0)], False)  # type: ignore[union-attr, list-item]
    less = tokens(watching)
    (folder / "src/app.py").write_text("x\n", encoding="utf-8")
    settle(watching, qtbot)
    assert watching.watching.says.startswith("1 file counted again at ")
    assert "1 file counted again at " in watching.status
    assert tokens(watching) < less < before
    # What was excluded stays so, and can still be taken back.
    watching.codebase.undo()
    assert less < before
    assert watching.codebase.tree is not None and watching.codebase.tree.included.all()


def test_a_pack_that_is_edited_is_counted(
    watching: CodebasePage, folder: Path, packs: KnownPacks, qtbot: QtBot
) -> None:
    packs.remember([b"# a pack\n"])
    (folder / "packed.md").write_bytes(b"# a pack\n")
    settle(watching, qtbot)
    assert "packed.md" not in paths(watching)
    watching.watching.says = ""
    (folder / "packed.md").write_bytes(b"# no pack any more\n")
    settle(watching, qtbot)
    assert "packed.md" in paths(watching)


def test_what_is_new_and_what_is_gone(watching: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    (folder / "src/fresh/more").mkdir(parents=True)
    (folder / "src/fresh/more/new.py").write_text("new = 1\n", encoding="utf-8")
    (folder / "README.md").unlink()
    settle(watching, qtbot)
    found = paths(watching)
    assert "src/fresh/more/new.py" in found
    assert "README.md" not in found
    # The new folder is watched as well.
    watching.watching.says = ""
    (folder / "src/fresh/more/second.py").write_text("second = 2\n", encoding="utf-8")
    settle(watching, qtbot)
    assert "src/fresh/more/second.py" in paths(watching)


@pytest.fixture
def here(models: list[LanguageModel], folder: Path, settings: Settings, qtbot: QtBot) -> CodebasePage:
    """A page that does its work in this process, with nothing opened."""
    settings.set(WATCH, True)
    page = CodebasePage(cast(Worker, HereWorker()), ["r50k_base"], models, settings, theme())

    def stop(_: QWidget) -> None:
        page.stop()

    qtbot.addWidget(page, before_close_func=stop)
    return page


def test_what_changes_while_files_are_counted_is_looked_at_afterwards(
    here: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    page = here

    def change(_found: object) -> None:
        page.codebase.scan.found.disconnect(change)
        (folder / "docs/late.md").write_text("late\n", encoding="utf-8")
        (folder / "README.md").unlink()

    page.codebase.scan.found.connect(change)
    page.open_paths([folder])
    settle(page, qtbot)
    found = paths(page)
    assert "docs/late.md" in found
    assert "README.md" not in found


def test_paths_are_gone_through_once_a_scan_and_looked_up_elsewhere(
    here: CodebasePage, folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    steps, rounds = Watching._steps, []

    def counted(self: Watching, watcher: QFileSystemWatcher) -> Iterator[None]:
        rounds.append(1)
        return steps(self, watcher)

    monkeypatch.setattr(Watching, "_steps", counted)
    with qtbot.waitSignal(here.codebase.ended, timeout=60_000):
        here.open_paths([folder])
    qtbot.waitUntil(lambda: not here.watching.busy, timeout=60_000)
    assert len(rounds) == 1
    jobs = [str(job) for job in here._worker.jobs]  # type: ignore[attr-defined]
    assert jobs.count("looking for what has changed") == 1


def test_nothing_is_looked_at_where_nothing_changed(here: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(here.codebase.ended, timeout=60_000):
        here.open_paths([folder])
    qtbot.waitUntil(lambda: not here.watching.busy, timeout=60_000)
    qtbot.wait(1500)
    assert here.watching.watched
    assert here.watching.says == ""
    assert not here.codebase.scan.under_way


def test_other_rules_are_applied(watching: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    time.sleep(0.05)
    (folder / ".gitignore").write_text("*.log\ndocs\n", encoding="utf-8")
    settle(watching, qtbot)
    assert "docs/guide.md" not in paths(watching)


def test_it_is_turned_off(watching: CodebasePage, folder: Path, settings: Settings, qtbot: QtBot) -> None:
    settings.set(WATCH, False)
    assert not watching.watching.watched
    before = tokens(watching)
    (folder / "src/app.py").write_text("x\n", encoding="utf-8")
    qtbot.wait(1500)
    assert tokens(watching) == before
    assert watching.watching.says == ""
    settings.set(WATCH, True)
    qtbot.waitUntil(lambda: bool(watching.watching.watched), timeout=60_000)


def test_nothing_is_read_while_nothing_changes(watching: CodebasePage, qtbot: QtBot) -> None:
    started: list[object] = []
    watching.codebase.scan.found.connect(started.append)
    qtbot.wait(1500)
    assert not started


def test_what_cannot_be_watched_is_said(
    watching: CodebasePage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.ui.codebase.watching._MOST_FILES", 2)
    (folder / "README.md").write_text("one\n", encoding="utf-8")
    settle(watching, qtbot)
    watching.watching.says = ""
    (folder / "README.md").write_text("two\n", encoding="utf-8")
    settle(watching, qtbot)
    assert watching.watching.says.endswith("; 5 paths not watched, F5 looks there")
