"""The open folder's git repository: what it counted before, and only what changed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
import pygit2
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, theme
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.walking import WalkOptions
from tokviz.ui.codebase.changed_dialog import ChangedDialog, flags_of, told
from tokviz.ui.codebase.history_chart import HistoryChart, Point
from tokviz.ui.codebase.history_dialog import HistoryDialog
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.git_jobs import VersionProgress

WHO = pygit2.Signature("A", "a@example.org", 0, 0)
PATHS = ["a.py", "gone.py", "sub/new.py"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    repository = pygit2.init_repository(str(folder))

    def commit(message: str) -> None:
        repository.index.add_all()
        repository.index.write()
        parents = [] if repository.head_is_unborn else [repository.head.target]
        repository.create_commit("HEAD", WHO, WHO, message, repository.index.write_tree(), parents)

    (folder / "sub").mkdir()
    (folder / "a.py").write_text("x = 1\n", encoding="utf-8")
    (folder / "gone.py").write_text("y = 1\n" * 5, encoding="utf-8")
    commit("one")
    (folder / "sub" / "new.py").write_text("z = 1\n" * 9, encoding="utf-8")
    commit("two\n\nmore")
    return folder


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    owner = QWidget()
    qtbot.addWidget(owner)
    return owner


@pytest.fixture
def history(project: Path, owner: QWidget, settings: Settings) -> HistoryDialog:
    worker = cast(Worker, HereWorker())
    return HistoryDialog(
        project,
        "r50k_base",
        WalkOptions(),
        worker,
        settings,
        theme(),
        owner,
    )


def finished(dialog: HistoryDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not dialog.stop.isEnabled(), timeout=60_000)


def test_the_history_is_a_line_and_a_table(history: HistoryDialog, qtbot: QtBot) -> None:
    finished(history, qtbot)
    assert [row.version.subject for row in history.rows] == ["two", "one"]
    newest, oldest = (row.counts["r50k_base"].tokens for row in history.rows)
    texts = history.table.texts()
    assert [line[3] for line in texts if line[3].isdecimal()] == [str(newest), str(oldest)]
    assert history.says.text().startswith(f"{newest} tokens, +{newest - oldest} since ")
    assert f"{newest} tokens" in history.chart.accessibleDescription()


def test_a_point_and_its_row_are_chosen_together(history: HistoryDialog, qtbot: QtBot) -> None:
    finished(history, qtbot)
    history.resize(800, 500)
    history.show()
    right = QPoint(history.chart.width() - 14, history.chart.height() // 2)
    QTest.mouseClick(history.chart, Qt.MouseButton.LeftButton, pos=right)
    assert [index.row() for index in history.table.selectionModel().selectedRows()] == [0]
    QTest.keyClick(history.chart, Qt.Key.Key_Left)
    assert [index.row() for index in history.table.selectionModel().selectedRows()] == [1]
    history.table.selectRow(0)
    assert history.chart._current == 1
    history.close()


def test_versions_that_stream_in_are_laid_out_together(history: HistoryDialog, qtbot: QtBot) -> None:
    finished(history, qtbot)
    versions, laid_out = list(history.rows), QSignalSpy(history.table.model().modelReset)
    history._start()
    before = laid_out.count()
    for counts in versions:
        history._arrived(VersionProgress(counts, len(versions)))
    assert history.says.text() == "2 of 2 versions"
    assert laid_out.count() == before
    history.cancel()
    assert laid_out.count() == before + 1
    assert len(history.table.keys) == len(versions)


def test_tags_and_what_fails_are_told_in_the_dialog(
    history: HistoryDialog, owner: QWidget, tmp_path: Path, settings: Settings, qtbot: QtBot
) -> None:
    finished(history, qtbot)
    history.what.setCurrentIndex(1)
    finished(history, qtbot)
    assert history.says.text() == "There is no tag in this repository."
    elsewhere = HistoryDialog(
        tmp_path,
        "r50k_base",
        WalkOptions(),
        cast(Worker, HereWorker()),
        settings,
        theme(),
        owner,
    )
    finished(elsewhere, qtbot)
    assert "lies in no git repository" in elsewhere.says.text()


def test_counting_is_stopped(project: Path, owner: QWidget, settings: Settings, qtbot: QtBot) -> None:
    worker = cast(Worker, HereWorker())
    history = HistoryDialog(project, "r50k_base", WalkOptions(), worker, settings, theme(), owner)
    history.cancel()
    assert history.says.text() == "Stopped after 0 versions."
    assert not history.stop.isEnabled()
    qtbot.wait(50)
    assert history.rows == []


def test_the_chart_takes_any_number_of_points(owner: QWidget, qtbot: QtBot) -> None:
    chart = HistoryChart(theme("dark"), owner)
    chart.resize(400, 160)
    chosen = QSignalSpy(chart.chosen)
    for tokens in ([], [0], [7], [0, 0], list(range(300))):
        chart.set_points([Point(str(number), each, "words") for number, each in enumerate(tokens)])
        assert not chart.grab().isNull()
        assert chart.point_at(-5) == (0 if tokens else None)
        assert chart.point_at(4000) == (len(tokens) - 1 if tokens else None)
        QTest.keyClick(chart, Qt.Key.Key_End)
    assert [chosen.at(number)[0] for number in range(chosen.count())] == [0, 0, 1, 299]


# -- only what changed ---------------------------------------------------------------------------------------


@pytest.fixture
def ask(project: Path, owner: QWidget, settings: Settings, qtbot: QtBot) -> Callable[..., ChangedDialog]:
    def asked(kind: int, text: str = "") -> ChangedDialog:
        shape = TreeShape([("project", PATHS)])
        worker = cast(Worker, HereWorker())
        dialog = ChangedDialog(shape, [project], worker, settings, owner)
        dialog.kinds.button(kind).setChecked(True)
        (dialog.range if kind == 2 else dialog.since).setText(text)
        return dialog

    return asked


def answer(dialog: ChangedDialog, qtbot: QtBot) -> list[str]:
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    with qtbot.waitSignal(dialog.found, timeout=60_000) as found:
        ok.click()
    assert found.args is not None
    return [path for path, there in zip(PATHS, found.args[0], strict=True) if there]


def test_what_changed_since_a_revision_staged_or_in_a_range(
    ask: Callable[..., ChangedDialog], project: Path, qtbot: QtBot
) -> None:
    (project / "a.py").write_text("x = 2\n", encoding="utf-8")
    assert answer(ask(0, "HEAD"), qtbot) == ["a.py"]
    assert answer(ask(0, "HEAD~1"), qtbot) == ["a.py", "sub/new.py"]
    assert answer(ask(2, "HEAD~1..HEAD"), qtbot) == ["sub/new.py"]
    repository = pygit2.Repository(str(project))
    repository.index.add("a.py")
    repository.index.write()
    assert answer(ask(1), qtbot) == ["a.py"]


def said(label: QLabel, sentence: str) -> bool:
    return sentence in label.text()


def test_the_dialog_stays_open_where_there_is_no_answer(
    ask: Callable[..., ChangedDialog], qtbot: QtBot
) -> None:
    for kind, text, sentence in (
        (0, "nope", "There is no revision “nope”"),
        (0, "HEAD", "Nothing that is counted changed since HEAD."),
        (2, "what", "names no two revisions"),
    ):
        dialog = ask(kind, text)
        dialog.show()
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
        qtbot.waitUntil(partial(said, dialog.says, sentence))
        assert dialog.isVisible()
        assert dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
        dialog.close()


def test_files_of_several_folders_are_told_apart() -> None:
    shape = TreeShape([("one", ["a", "b/c"]), ("two", ["a", "b/c"])])
    flags = flags_of(shape, [frozenset({"b/c"}), frozenset({"a", "other"})])
    assert flags.tolist() == [False, True, True, False]


def test_one_file_takes_part_and_two_take_part() -> None:
    assert told(1, "since HEAD") == "Only 1 file changed since HEAD takes part; Undo brings the others back."
    assert told(2, "since HEAD") == "Only 2 files changed since HEAD take part; Undo brings the others back."


def test_the_page_takes_only_what_changed_and_brings_the_rest_back(
    project: Path, models: list[LanguageModel], settings: Settings, qtbot: QtBot
) -> None:
    page = CodebasePage(cast(Worker, HereWorker()), ["r50k_base"], models, settings, theme())
    qtbot.addWidget(page)
    assert not page.page_actions.only_changed.isEnabled()
    with qtbot.waitSignal(page.codebase.ended, timeout=60_000):
        page.open_paths([project])
    (project / "a.py").write_text("x = 2\n", encoding="utf-8")
    said = QSignalSpy(page.information)
    dialog = page.choose_changed()
    assert dialog is not None
    with qtbot.waitSignal(dialog.found, timeout=60_000):
        dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    tree = page.codebase.tree
    assert tree is not None
    assert tree.included.tolist() == [True, False, False]
    assert said.at(0)[0] == "Only 1 file changed since HEAD takes part; Undo brings the others back."
    page.codebase.undo()
    assert page.codebase.tree is not None
    assert np.all(page.codebase.tree.included)
