"""The page with its worker: folders are opened and counted, taken apart, and taken away."""

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import FILES, NAMES, add, finish, pack, packed
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count, Provenance
from tokviz.ui.codebase.cells import summary
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.progress_line import duration, progress_text
from tokviz.ui.codebase.scan import Progress, Stage
from tokviz.ui.codebase.toolbar import Panes
from tokviz.ui.codebase.tree_metrics import Column
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_writing import MetricsFormat


def exact() -> dict[str, int]:
    tokenizer = Registry(Assets()).get("cl100k_base")
    return {path: tokenizer.count(text.encode()) for path, text in FILES.items()}


def at(page: CodebasePage, path: str) -> int:
    assert page.codebase.tree is not None
    found = page.codebase.tree.shape.find(path)
    assert found is not None
    return found


def row(page: CodebasePage, path: str) -> list[str]:
    index = page.workspace.model.index_of(at(page, path))
    return [str(index.siblingAtColumn(column).data()) for column in Column]


# -- opening and scanning ------------------------------------------------------------------------------


def test_it_begins_with_a_place_to_drop_a_folder(
    worker: Worker, models: list[LanguageModel], settings: Settings, theme: Theme, qtbot: QtBot, folder: Path
) -> None:
    settings.set("codebase/recent", [str(folder), "/elsewhere"])
    page = CodebasePage(worker, NAMES, models, settings, theme)
    add(page, worker, qtbot)
    page.show()
    assert page.counts() == {}
    assert not page.counts_with("cl100k_base")  # nothing is being counted where nothing is open
    words = next(label for label in page._start.findChildren(QLabel) if "nothing leaves" in label.text())
    assert words.height() >= words.heightForWidth(words.width())
    assert (page.location, page.status, page.work, page.stop()) == ("", "", "", False)
    buttons = [button for button in page._start.findChildren(QPushButton) if button.toolTip()]
    assert [button.toolTip() for button in buttons] == [str(folder), "/elsewhere"]
    buttons[0].click()
    finish(page, qtbot)
    assert page.location == str(folder)


def test_a_folder_is_counted_as_its_files_are(open_page: CodebasePage) -> None:
    counts = open_page.counts()
    assert counts["cl100k_base"] == Count.certain(sum(exact().values()))
    assert counts["estimate"].provenance is Provenance.ESTIMATE
    for path, tokens in exact().items():
        assert row(open_page, path)[Column.TOKENS] == f"{tokens:,}"
    assert row(open_page, "src")[Column.LANGUAGE] == "2 files"
    assert row(open_page, "src/logo.bin")[Column.LANGUAGE] == "left out"
    assert open_page.codebase.complete
    assert open_page.status.endswith("6 files   ·   6.64 kB   ·   3 left out")
    assert open_page.workspace.progress.isHidden()


def test_estimates_are_there_before_counts_and_marked(page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    seen: list[tuple[str, Provenance]] = []

    def look() -> None:
        if page.workspace.metrics is not None and page.codebase.roots:
            count = page.counts()["cl100k_base"]
            seen.append((row(page, "README.md")[Column.TOKENS], count.provenance))

    page.counts_changed.connect(look)
    page.open_paths([folder])
    finish(page, qtbot)
    assert seen[0][0].startswith("~")
    assert seen[0][1] is Provenance.ESTIMATE
    assert seen[-1] == (f"{exact()['README.md']:,}", Provenance.EXACT)


def test_everything_left_out_has_its_reason(open_page: CodebasePage, folder: Path) -> None:
    reasons = {entry.what.path: entry.what.describe() for entry in open_page.codebase.left_out.entries()}
    assert reasons["noise.log"] == "ignored by .gitignore, line 1: *.log"
    assert reasons[".gitignore"] == "hidden"
    assert "binary" in reasons["src/logo.bin"]
    assert len(reasons) == len(open_page.codebase.left_out) == 3


def test_a_folder_that_is_not_there_is_one_sentence(page: CodebasePage, tmp_path: Path, qtbot: QtBot) -> None:
    problems = QSignalSpy(page.problem)
    page.open_paths([tmp_path / "gone"])
    finish(page, qtbot)
    assert "gone" in problems.at(0)[0]
    assert page._stack.currentWidget() is page._start


def test_an_empty_folder_is_no_problem(page: CodebasePage, tmp_path: Path, qtbot: QtBot) -> None:
    problems = QSignalSpy(page.problem)
    (tmp_path / "empty").mkdir()
    page.open_paths([tmp_path / "empty"])
    finish(page, qtbot)
    assert page.counts()["cl100k_base"] == Count.certain(0)
    assert problems.count() == 0
    assert not page.grab().isNull()


def test_a_second_scan_reads_only_what_changed(open_page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    open_page.workspace.commands.toggle(at(open_page, "tests"), False)
    open_page.workspace.tree.open_nodes([at(open_page, "src")])
    kept = row(open_page, "docs/guide.md")
    (folder / "README.md").write_text("Short.\n", encoding="utf-8")
    (folder / "src" / "new.py").write_text("x = 1\n", encoding="utf-8")
    (folder / "poetry.lock").unlink()
    counted: list[int] = []
    open_page.codebase.scan.counted.connect(lambda batch: counted.extend(batch.numbers.tolist()))
    open_page.page_actions.rescan.trigger()
    finish(open_page, qtbot)
    tree = open_page.codebase.tree
    assert tree is not None
    nodes = [tree.shape.path(int(tree.shape.file_nodes[number])) for number in counted]
    assert sorted(nodes) == ["README.md", "src/new.py"]
    assert row(open_page, "docs/guide.md")[Column.TOKENS] == kept[Column.TOKENS]
    assert tree.shape.find("poetry.lock") is None
    assert not tree.included[tree.shape.first_files[at(open_page, "tests")]]
    assert at(open_page, "src") in open_page.workspace.tree.opened_nodes()
    assert len(open_page.codebase.left_out) == 3, "what was no text is not forgotten"


def test_choices_change_what_is_counted(open_page: CodebasePage, qtbot: QtBot) -> None:
    entries = {entry.text().replace("&", ""): entry for entry in open_page.choices.menu.actions()}
    entries["Hidden files"].trigger()
    finish(open_page, qtbot)
    assert row(open_page, ".gitignore")[Column.TOKENS] != ""
    entries["Respect ignore files"].trigger()
    finish(open_page, qtbot)
    assert row(open_page, "noise.log")[Column.TOKENS] != ""
    entries["Binary files"].trigger()
    finish(open_page, qtbot)
    assert row(open_page, "src/logo.bin")[Column.TOKENS] != ""
    assert len(open_page.codebase.left_out) == 0


def test_esc_ends_the_scan_and_keeps_what_is_counted(
    page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    root = tmp_path / "many"
    root.mkdir()
    for number in range(300):
        (root / f"{number:03}.txt").write_text("some words of text\n" * 2000, encoding="utf-8")
    page.open_paths([root])
    qtbot.waitUntil(lambda: page.codebase.scan.progress.files > 0, timeout=60_000)
    assert page.stop()
    tree = page.codebase.tree
    assert tree is not None
    assert 0 < tree.waiting < 300
    finish(page, qtbot)
    assert page.counts()["cl100k_base"].provenance is Provenance.ESTIMATE
    assert page.work == ""
    assert not page.stop()
    assert f"stopped with {tree.waiting:,} not counted" in page.status
    page.codebase.rescan(page.choices.options)
    finish(page, qtbot)
    assert page.codebase.complete
    assert page.counts()["cl100k_base"].provenance is Provenance.EXACT
    assert "not counted" not in page.status


def test_esc_while_files_are_listed_withholds_what_nobody_can_know(
    page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text("some words of text\n", encoding="utf-8")
    page.open_paths([tmp_path])
    finish(page, qtbot)
    tree = page.codebase.tree
    assert tree is not None and not tree.waiting
    page.open_paths([tmp_path])
    page.codebase.scan.previewed.emit(tree)  # a part is found, and as it happens all of it is known
    assert page.is_open and page.counts_with("cl100k_base") and not page.counts()
    assert "Counting: whether it fits" in page.workspace.plan.unsettled
    assert page.stop()
    assert not page.codebase.complete and not page.counts() and not page.counts_with("cl100k_base")
    assert page.workspace.plan.unsettled.startswith("Stopped: whether it fits ")
    assert "stopped while files were found; F5 goes on" in page.status
    page.codebase.rescan(page.choices.options)
    finish(page, qtbot)
    assert page.counts()["cl100k_base"].provenance is Provenance.EXACT
    assert not page.workspace.plan.unsettled and "stopped" not in page.status


def test_several_roots_and_files(page: CodebasePage, folder: Path, tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "one.py").write_text("1\n", encoding="utf-8")
    (other / "two.py").write_text("2\n", encoding="utf-8")
    page.open_paths([folder / "src", other / "one.py"])
    finish(page, qtbot)
    model = page.workspace.model
    assert sorted(model.index(at_row, 0).data() for at_row in range(model.rowCount())) == ["other", "src"]
    assert page.location == f"{folder / 'src'} and 1 more"
    assert page.workspace.treemap.view.folder == 0


def test_a_worker_that_dies_costs_no_count(page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    def kill() -> None:
        pid = page._worker.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    page.codebase.scan.found.connect(kill)
    with qtbot.waitSignal(page._worker.restarted, timeout=60_000):
        page.open_paths([folder])
    finish(page, qtbot)
    assert page.counts()["cl100k_base"] == Count.certain(sum(exact().values()))
    assert page.codebase.scan.progress.files == len(FILES) + 1


def test_a_tokenizer_that_cannot_be_used_is_left_behind(
    worker: Worker, models: list[LanguageModel], settings: Settings, theme: Theme, folder: Path, qtbot: QtBot
) -> None:
    model = replace(models[0], tokenizer="no_such")
    page = CodebasePage(worker, ("no_such", "cl100k_base"), [*models, model], settings, theme)
    add(page, worker, qtbot)
    page.show()
    problems = QSignalSpy(page.problem)
    page.open_paths([folder])
    finish(page, qtbot)
    assert "no_such" in problems.at(0)[0]
    assert page.counts()["cl100k_base"] == Count.certain(sum(exact().values()))
    assert "no_such" not in page.counts(), "what was to count and could not is not estimated"


def test_the_encoding_is_shown_and_kept(page: CodebasePage, tmp_path: Path, qtbot: QtBot) -> None:
    root = tmp_path / "texts"
    root.mkdir()
    (root / "plain.txt").write_text("plain\n", encoding="utf-8")
    (root / "wide.txt").write_text("wide text\n" * 20, encoding="utf-16")
    (root / "old.txt").write_bytes("Grüße aus München, schöne Straße\n".encode("cp1252") * 20)
    page.open_paths([root])
    finish(page, qtbot)
    for _ in range(2):
        assert row(page, "plain.txt")[Column.ENCODING] == "UTF-8"
        assert row(page, "wide.txt")[Column.ENCODING].startswith("UTF-16")
        assert row(page, "old.txt")[Column.ENCODING] == "Windows-1252"
        tip = page.workspace.model.index_of(at(page, "old.txt")).data(Qt.ItemDataRole.ToolTipRole)
        assert "Encoding: Windows-1252" in tip
        page.page_actions.rescan.trigger()
        finish(page, qtbot)
    assert page.workspace.tree.isColumnHidden(Column.ENCODING)


# -- taking apart --------------------------------------------------------------------------------------


def test_unchecking_moves_every_count_at_once(open_page: CodebasePage, qtbot: QtBot) -> None:
    told = QSignalSpy(open_page.counts_changed)
    before = open_page.counts()
    open_page.workspace.commands.toggle(at(open_page, "src"), False)
    assert told.count() >= 1, "announced before the event loop turns"
    after = open_page.counts()
    gone = exact()["src/app.py"] + exact()["src/deep/data.json"]
    assert after["cl100k_base"].tokens == before["cl100k_base"].tokens - gone
    assert after["estimate"].tokens < before["estimate"].tokens
    open_page.page_actions.undo.trigger()
    assert open_page.counts() == before
    open_page.page_actions.redo.trigger()
    assert open_page.counts() == after
    open_page.page_actions.all.trigger()
    assert open_page.counts() == before
    assert not open_page.page_actions.all.isEnabled()


def test_tree_and_treemap_have_one_selection(open_page: CodebasePage, qtbot: QtBot) -> None:
    workspace = open_page.workspace
    qtbot.waitUntil(lambda: not workspace.treemap.view.maker.busy, timeout=60_000)
    workspace.treemap.view._choose(at(open_page, "src/deep/data.json"))
    assert workspace.tree.current_node == at(open_page, "src/deep/data.json")
    workspace.tree.show_node(at(open_page, "docs"))
    assert workspace.treemap.view.selected == at(open_page, "docs")
    QTest.keyClick(workspace.treemap.view, Qt.Key.Key_Space)
    assert row(open_page, "docs")[Column.FOLDER] == ""


def test_a_filter_narrows_figures_and_boxes(open_page: CodebasePage, qtbot: QtBot) -> None:
    toolbar, workspace = open_page.workspace.toolbar, open_page.workspace
    toolbar.filter.setText("*.py")
    qtbot.waitUntil(lambda: workspace.filter.pattern == "*.py")
    python = exact()["src/app.py"] + exact()["tests/test_app.py"]
    assert workspace.model.index(0, 0).siblingAtColumn(Column.TOKENS).data() == f"{python:,}"
    assert open_page.status == f"“*.py”: 2 files, {python:,} tokens"
    assert open_page.counts()["cl100k_base"].tokens == sum(exact().values()), "a filter takes nothing out"
    workspace.commands.toggle(at(open_page, "src"), False)
    assert open_page.counts()["cl100k_base"].tokens == sum(exact().values()) - exact()["src/app.py"]
    toolbar.filter.setText("[")
    QTest.keyClick(toolbar.filter, Qt.Key.Key_Return)
    assert "Nothing can match" in toolbar.filter.toolTip()
    assert workspace.model.rowCount() == 0
    toolbar.filter.clear()
    qtbot.waitUntil(lambda: workspace.filter.pattern == "")
    assert workspace.model.rowCount(workspace.model.index(0, 0)) == 5


def test_what_a_filter_hides_is_not_said_to_be_empty(open_page: CodebasePage, qtbot: QtBot) -> None:
    workspace = open_page.workspace
    workspace.tree.show_node(at(open_page, "src/deep/data.json"))
    workspace.toolbar.filter.setText("*.py")
    qtbot.waitUntil(lambda: workspace.filter.pattern == "*.py")
    metrics = workspace.model.metrics
    assert metrics is not None
    assert summary(metrics, at(open_page, "src/deep/data.json")) == "not among what the filter shows"
    assert "tokens" in summary(metrics, at(open_page, "src/app.py"))


def test_after_a_filter_stands_open_what_stood_open_before(open_page: CodebasePage, qtbot: QtBot) -> None:
    workspace, tree = open_page.workspace, open_page.workspace.tree
    tree.show_node(at(open_page, "docs"))
    before = tree.opened_nodes()
    workspace.toolbar.filter.setText("*.py")
    qtbot.waitUntil(lambda: workspace.filter.pattern == "*.py")
    workspace.toolbar.filter.setText("a*")
    qtbot.waitUntil(lambda: workspace.filter.pattern == "a*")
    assert at(open_page, "src") in tree.opened_nodes()
    workspace.toolbar.filter.clear()
    qtbot.waitUntil(lambda: workspace.filter.pattern == "")
    assert tree.opened_nodes() == before
    assert tree.current_node == at(open_page, "docs")
    workspace.toolbar.filter.setText("*.json")
    qtbot.waitUntil(lambda: workspace.filter.pattern == "*.json")
    tree.show_node(at(open_page, "src/deep/data.json"))
    workspace.toolbar.filter.clear()
    qtbot.waitUntil(lambda: workspace.filter.pattern == "")
    assert tree.current_node == at(open_page, "src/deep/data.json"), "what was found is in sight"


def test_escape_clears_the_filter(open_page: CodebasePage, qtbot: QtBot) -> None:
    line = open_page.workspace.toolbar.filter
    with qtbot.waitExposed(open_page):
        open_page.show()
    open_page.activateWindow()
    line.setFocus()
    QTest.keyClicks(line, "*.py")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == ""


def test_make_it_fit_is_scrolled_where_it_has_little_room(open_page: CodebasePage, qtbot: QtBot) -> None:
    pane = open_page.workspace.fit
    pane.setParent(None)
    qtbot.addWidget(pane)
    pane.resize(500, 90)
    pane.show()
    assert pane.height() == 90
    heights = [part.height() for part in (pane._models, pane._fit_all)]
    assert heights == [part.sizeHint().height() for part in (pane._models, pane._fit_all)]
    assert pane._says.y() > pane._models.geometry().bottom()
    area = pane.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    bar = area.verticalScrollBar()
    assert bar.maximum() > 0
    pane.resize(500, 260)
    assert bar.maximum() == 0, "the table gives way first"


def test_model_and_tokenizer_are_chosen_apart(
    open_page: CodebasePage, models: list[LanguageModel], settings: Settings
) -> None:
    workspace = open_page.workspace
    unpublished = next(model for model in models if model.tokenizer == "estimate")
    open_page.choose_model(unpublished)
    assert row(open_page, "README.md")[Column.TOKENS].startswith("~")
    workspace.toolbar.tokenizer.setCurrentIndex(1)
    assert row(open_page, "README.md")[Column.TOKENS] == f"{exact()['README.md']:,}"
    assert workspace.fit._models.currentData() == unpublished.id
    assert settings.text("codebase/model") == unpublished.id
    metrics = workspace.metrics
    assert metrics is not None
    assert metrics.of(0).fit is not None
    assert metrics.of(0).fit.count.provenance is Provenance.ESTIMATE  # type: ignore[union-attr]
    settings.set("models/reserve", 77)
    assert workspace.metrics is not None
    assert workspace.metrics.of(0).fit.reserve == 77  # type: ignore[union-attr]


def test_it_is_made_to_fit_and_back(open_page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    plan, workspace = open_page.workspace.plan, open_page.workspace
    workspace.show_lower(Lower.FIT)
    qtbot.waitUntil(lambda: bool(plan.offered), timeout=60_000)
    lock = plan.offered[0]
    assert (lock.kind, lock.saves) == (Kind.LOCK_FILES, exact()["poetry.lock"])
    before = open_page.counts()["cl100k_base"].tokens
    model = workspace.fit.model
    model.checked.emit(next(row for row in model.rows if row.suggestion is lock), True)
    assert open_page.counts()["cl100k_base"].tokens == before - lock.saves
    qtbot.waitUntil(lambda: not plan.busy, timeout=60_000)
    assert [one.kind for one in plan.applied] == [Kind.LOCK_FILES]
    assert Kind.LOCK_FILES not in [one.kind for one in plan.offered]
    model.checked.emit(next(row for row in model.rows if row.suggestion is plan.applied[0]), False)
    assert open_page.counts()["cl100k_base"].tokens == before
    assert plan.applied == []


def test_what_is_left_fits_packed_as_one_text(
    open_page: CodebasePage, settings: Settings, models: list[LanguageModel], qtbot: QtBot
) -> None:
    workspace, counts = open_page.workspace, exact()
    model = next(one for one in models if one.tokenizer == "cl100k_base" and one.context_window)
    assert model.context_window is not None
    workspace.choose_model(model.id)
    # Without the largest file it fits; packed, the others fit only without one more.
    left = sum(counts.values()) - max(counts.values())
    settings.set("models/reserve", model.context_window - left - 10)
    workspace.show_lower(Lower.FIT)
    qtbot.waitUntil(lambda: bool(workspace.plan.offered), timeout=60_000)
    with qtbot.waitSignal(open_page.codebase.selection_changed, timeout=60_000):
        workspace.fit._fit_all.click()
    assert workspace.metrics is not None
    found = workspace.metrics.of(0)
    assert found.fit is not None and found.fit.left is not None
    assert found.fit.left >= 30 * found.files > 0


def test_a_plan_is_saved_and_the_next_scan_keeps_to_it(
    open_page: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    plan, workspace = open_page.workspace.plan, open_page.workspace
    workspace.show_lower(Lower.FIT)
    qtbot.waitUntil(lambda: bool(plan.offered), timeout=60_000)
    plan.apply(plan.offered[0])
    workspace.commands.toggle(at(open_page, "docs"), False)
    assert plan.lines(0)[1:] == ("*.lock", "# taken out by hand", "/docs/")
    with qtbot.waitSignal(plan.saved, timeout=60_000):
        workspace.fit._save.click()
    assert (folder / ".tokvizignore").is_file()
    expected = open_page.counts()["cl100k_base"]
    open_page.page_actions.rescan.trigger()
    finish(open_page, qtbot)
    assert open_page.counts()["cl100k_base"] == expected
    reasons = {entry.what.path: entry.what.describe() for entry in open_page.codebase.left_out.entries()}
    assert reasons["docs"] == "ignored by .tokvizignore, line 4: /docs/"


def test_taking_everything_else_out(open_page: CodebasePage) -> None:
    open_page.workspace.commands.include_only(at(open_page, "docs"))
    assert open_page.counts()["cl100k_base"].tokens == exact()["docs/guide.md"]


def test_files_open_in_the_text_page(open_page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    chosen = QSignalSpy(open_page.file_chosen)
    open_page.workspace.tree.show_node(at(open_page, "src/app.py"))
    QTest.keyClick(open_page.workspace.tree, Qt.Key.Key_Return)
    assert chosen.at(0) == [folder / "src" / "app.py"]


def test_what_is_left_out_can_be_included_and_left_out_again(
    open_page: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    before = open_page.counts()["cl100k_base"].tokens
    open_page.workspace.commands.toggle(at(open_page, "docs"), False)
    workspace, pane = open_page.workspace, open_page.workspace.left_out
    workspace.show_lower(Lower.LEFT_OUT)
    paths = [entry.what.path for entry in pane.model.rows]
    pane._view.selectRow(paths.index("src/logo.bin"))
    assert not pane._include.isEnabled(), "it is no text"
    pane._view.selectRow(paths.index("noise.log"))
    pane._include.click()
    finish(open_page, qtbot)
    noise = Registry(Assets()).get("cl100k_base").count(b"noise\n")
    docs = exact()["docs/guide.md"]
    assert open_page.counts()["cl100k_base"].tokens == before - docs + noise, "what is taken out stays out"
    open_page.open_paths([folder])
    finish(open_page, qtbot)
    assert open_page.counts()["cl100k_base"].tokens == before + noise, "it is kept for this folder"
    open_page.choices._forget_taken_in()
    finish(open_page, qtbot)
    assert open_page.counts()["cl100k_base"].tokens == before


def test_a_pack_written_inside_the_tree_is_not_counted(
    open_page: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    before = open_page.counts()["cl100k_base"]
    dialog = pack(open_page, qtbot)
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        dialog.save_to(folder / "packed.md")
    open_page.page_actions.rescan.trigger()
    finish(open_page, qtbot)
    assert open_page.counts()["cl100k_base"] == before
    reasons = {entry.what.path: entry.what.describe() for entry in open_page.codebase.left_out.entries()}
    assert reasons["packed.md"] == "packed by tokviz"


# -- taking away ---------------------------------------------------------------------------------------


def test_a_packed_text_is_checked_and_copied(open_page: CodebasePage, qtbot: QtBot) -> None:
    open_page.workspace.commands.toggle(at(open_page, "poetry.lock"), False)
    dialog = pack(open_page, qtbot)
    text = packed(dialog, qtbot).text.data.decode()
    assert "## src/app.py" in text
    assert "poetry.lock" not in text
    tokens = Registry(Assets()).get("cl100k_base").count(text.encode())
    assert dialog.text.startswith(f"{tokens:,} tokens, ") and "of them for what stands around" in dialog.text
    assert "it fits" in dialog.text
    dialog.copy()
    assert QGuiApplication.clipboard().text() == text


def test_a_packed_text_is_written_as_it_was_counted(
    open_page: CodebasePage, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = pack(open_page, qtbot)
    markdown = dialog.packed
    dialog.choices.form.setCurrentIndex(1)
    found = packed(dialog, qtbot)
    assert dialog.choices.chosen_format is PackFormat.XML
    assert found is not markdown
    text = bytes(found.text.data)
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        dialog.save_to(tmp_path / "out.xml")
    assert (tmp_path / "out.xml").read_bytes() == text
    assert text.startswith(b'<codebase name="project">')


def test_too_long_a_text_is_told_before_it_is_written(
    open_page: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    (folder / "large.txt").write_text("word " * 300_000, encoding="utf-8")
    open_page.page_actions.rescan.trigger()
    finish(open_page, qtbot)
    dialog = pack(open_page, qtbot)
    assert "it does not fit, over by" in dialog.text
    assert dialog._copy.text() == "&Copy Anyway"
    dialog.reject()


def test_nothing_to_pack_is_said(open_page: CodebasePage, qtbot: QtBot) -> None:
    open_page.codebase.set_nodes_included([0], False)
    dialog = open_page.pack()
    assert dialog is not None
    QApplication.processEvents()
    assert dialog.text == "No file takes part; there is nothing to pack."
    assert not dialog._copy.isEnabled()


def test_figures_and_picture_are_written(open_page: CodebasePage, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        open_page.exports.write_metrics(tmp_path / "figures.json", MetricsFormat.JSON)
    records = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    tokens = {record["path"]: record["tokens"]["cl100k_base"] for record in records}
    assert {path: tokens[path] for path in FILES} == exact()
    with qtbot.waitSignal(open_page.information, timeout=60_000):
        open_page.exports.write_picture(tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
    with qtbot.waitSignal(open_page.problem, timeout=60_000):
        open_page.exports.write_picture(tmp_path / "gone" / "map.png")
    with qtbot.waitSignal(open_page.problem, timeout=60_000):
        open_page.exports.write_metrics(tmp_path / "gone" / "x.csv", MetricsFormat.CSV)


# -- the rest ------------------------------------------------------------------------------------------


def test_panes_are_shown_alone_or_together(open_page: CodebasePage, settings: Settings) -> None:
    workspace = open_page.workspace
    for panes, tree, lower in (
        (Panes.TREE, True, False),
        (Panes.LOWER, False, True),
        (Panes.BOTH, True, True),
    ):
        workspace.toolbar.button_of(panes).click()
        assert (workspace.tree.isVisible(), workspace.parts.isVisible()) == (tree, lower)
        assert settings.text("codebase/panes") == panes
    workspace.toolbar.button_of(Panes.TREE).click()
    open_page.page_actions.parts[1].trigger()
    assert workspace.parts.isVisible()
    assert workspace.parts.current is Lower.TYPES
    open_page.resize(1500, 700)
    QApplication.processEvents()
    assert workspace._splitter.orientation() == Qt.Orientation.Horizontal


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_paints_in_every_theme(open_page: CodebasePage, name: str, qtbot: QtBot) -> None:
    open_page.set_theme(Themes(Assets()).load(name))
    for part in Lower:
        open_page.workspace.show_lower(part)
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest)
        assert not open_page.grab().isNull()


def test_menus_have_entries_that_work(open_page: CodebasePage) -> None:
    texts = {
        menu: [entry.text().replace("&", "") for entry in open_page.actions_for(menu) if entry.text()]
        for menu in ("file", "edit", "view", "tools")
    }
    assert texts["file"][0] == "Pack for a Model…"
    assert texts["edit"] == [
        *("Undo", "Redo", "Take Out or In", "Take Everything In", "Only What Changed…", "Filter")
    ]
    assert texts["view"] == ["Rescan", "Treemap", "By Type", "Left Out"]
    assert texts["tools"] == [
        "Make It Fit",
        "History…",
        "Ask About This Codebase…",
        "Counted Files",
        "Smaller",
    ]
    open_page.page_actions.find.trigger()
    open_page.workspace.tree.show_node(at(open_page, "docs"))
    open_page.page_actions.toggle.trigger()
    assert row(open_page, "docs")[Column.FOLDER] == ""


def test_types_by_tokenizer_are_given_out(open_page: CodebasePage) -> None:
    found = open_page.type_counts()
    assert found is not None
    assert found.matrix.columns == NAMES
    assert int(found.matrix.total()[1][0]) == sum(exact().values())
    assert "Lock file" in found.matrix.rows


def test_types_by_tokenizer_follow_the_selection_and_the_filter(
    open_page: CodebasePage, qtbot: QtBot
) -> None:
    def total() -> int:
        found = open_page.type_counts()
        return int(found.matrix.total()[1][0]) if found else 0

    counts = exact()
    with qtbot.waitSignal(open_page.types_changed) as said:
        open_page.workspace.commands.toggle(at(open_page, "docs"), False)
    assert said.args == [True]
    left = sum(count for path, count in counts.items() if not path.startswith("docs"))
    assert 0 < left < sum(counts.values()) and total() == left
    with qtbot.waitSignal(open_page.types_changed):
        open_page.workspace.toolbar.filter.setText("*.py")
    assert total() == sum(count for path, count in counts.items() if path.endswith(".py"))


def test_slices_cover_every_file_once(worker: Worker, folder: Path, qtbot: QtBot) -> None:
    codebase = Codebase(worker, ["cl100k_base"])
    seen: list[int] = []
    codebase.scan.counted.connect(
        lambda batch: seen.extend([*batch.numbers.tolist(), *(number for number, _ in batch.left_out)])
    )
    codebase.open([folder / "src", folder / "docs"], codebase.options)
    qtbot.waitUntil(lambda: not codebase.scan.under_way, timeout=60_000)
    assert codebase.tree is not None
    assert sorted(seen) == list(range(len(codebase.tree.sizes)))
    assert np.array_equal(codebase.tree.included, np.ones(len(seen), np.bool_))


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (Progress(), ""),
        (Progress(Stage.WALKING, all_files=1), "Looking through the folders: 1 file"),
        (Progress(Stage.LOADING, loading="gemma"), "Loading the tokenizer gemma"),
        (
            Progress(Stage.COUNTING, 10, 2000, 1_500_000, 30_000_000, 2_850_000.0),
            "10 of 2,000 files · 1.50 MB of 30.0 MB · 7 tokens · 2.85 MB/s · 10 s left",
        ),
    ],
)
def test_progress_in_words(progress: Progress, expected: str) -> None:
    assert progress_text(progress, "7") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(0.2, "1 s"), (59.4, "59 s"), (125, "2 min 5 s"), (4321, "1 h 12 min")]
)
def test_durations_in_words(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


def test_it_counts_for_some_models_and_for_others_when_asked(
    page: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    page.wanted_tokenizers = lambda: ["cl100k_base"]
    page.open_paths([folder])
    finish(page, qtbot)
    surely = {name for name, count in page.counts().items() if count.provenance is not Provenance.ESTIMATE}
    assert surely == {"cl100k_base"}
    assert page.counts_with("cl100k_base") and not page.counts_with("r50k_base")
    page.workspace.commands.toggle(at(page, "src"), False)
    before = page.counts()
    page.count_also(["cl100k_base", "r50k_base"])
    assert page.counts_with("r50k_base")
    qtbot.waitUntil(lambda: page.codebase.complete and "r50k_base" in page.counts(), timeout=60_000)
    assert page.counts()["cl100k_base"] == before["cl100k_base"], "what is excluded stays excluded"
    page.workspace.toolbar.tokenizer.setCurrentIndex(2)
    qtbot.waitUntil(lambda: page.codebase.complete and page.counts_with("estimate"), timeout=120_000)


def test_the_chosen_model_is_named_in_full(page: CodebasePage, models: list[LanguageModel]) -> None:
    longest = max((model for model in models if len(model.name) <= 16), key=lambda model: len(model.name))
    toolbar = page.workspace.toolbar
    page.resize(840, 700)
    for model in (models[0], longest, models[0], longest):
        toolbar.choose_model(model.id)
        QApplication.processEvents()
        words = toolbar.model.fontMetrics().horizontalAdvance(model.name)
        assert toolbar.model.width() >= words + 40, model.name
        assert toolbar._fits()
