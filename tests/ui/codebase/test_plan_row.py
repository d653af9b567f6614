"""The plan at hand: it says how far it is from fitting and what would help, and applies that as one step."""

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import NAMES, add, finish, node
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.catalog.model import LanguageModel
from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.plan_row import changed_words
from tokviz.ui.codebase.scan import Stage
from tokviz.ui.codebase.toolbar import Panes
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker

LIMIT = 1000
"""Tokens that the model of these tests takes: fewer than all files have, enough without the lock file."""


@pytest.fixture
def page(
    worker: Worker,
    models: list[LanguageModel],
    settings: Settings,
    theme: Theme,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> CodebasePage:
    # As in a large tree, it is not measured unasked what can be shortened: plans leave out.
    monkeypatch.setattr("tokviz.ui.codebase.shortening.UNASKED", 0)
    monkeypatch.setattr("tokviz.ui.codebase.shortening.WHILE_SHOWN", 0)
    small = structs.replace(models[0], id="small", name="Small", context_window=LIMIT, max_input=None)
    settings.set("codebase/model", "small")
    settings.set("models/reserve", 0)
    page = CodebasePage(worker, NAMES, [small], settings, theme)
    add(page, worker, qtbot)
    page.resize(900, 700)
    page.show()
    return page


@pytest.fixture
def planned(page: CodebasePage, folder: Path, qtbot: QtBot) -> CodebasePage:
    """The page with the folder counted and a plan at hand."""
    page.open_paths([folder])
    finish(page, qtbot)
    qtbot.waitUntil(lambda: page.workspace.plan.planned and not page.workspace.plan.busy, timeout=60_000)
    return page


def test_where_nothing_is_said_of_the_rest_no_sign_leads_to_it() -> None:
    assert changed_words(6, 0, "") == "6 files taken out"
    assert changed_words(1, 2, "Fits") == "1 file taken out, 2 files shortened ·"


def tokens(page: CodebasePage) -> int:
    return page.counts()["cl100k_base"].tokens


def test_it_says_how_far_over_what_helps_and_what_is_left(planned: CodebasePage, qtbot: QtBot) -> None:
    row, plan = planned.workspace.plan_row, planned.workspace.plan

    def undoable() -> bool:
        return planned.codebase.can_undo

    lock = plan.steps[0].suggestion
    assert lock.kind is Kind.LOCK_FILES
    before = tokens(planned)
    left = LIMIT - before + sum(step.suggestion.saves for step in plan.steps)
    assert row.isVisible()
    assert row.text == f"Over by {before - LIMIT:,} for Small lock files Fits with {left:,} left"
    assert (
        row._chips._chips[0].accessibleName()
        == f"leave out lock files, saves {lock.saves:,} tokens in 1 file"
    )
    QTest.mouseClick(row._apply, Qt.MouseButton.LeftButton)
    assert tokens(planned) == before - lock.saves
    assert row.isVisible() and row.text == f"1 file taken out · Fits with {left:,} left"
    assert undoable() is True
    planned.codebase.undo()
    assert tokens(planned) == before
    assert undoable() is False, "applying is one step"
    qtbot.waitUntil(lambda: plan.planned, timeout=60_000)
    assert row._apply.isVisible()


def test_a_chip_takes_its_step_out_of_the_plan(planned: CodebasePage, qtbot: QtBot) -> None:
    row, plan = planned.workspace.plan_row, planned.workspace.plan

    def chosen() -> list[bool]:
        return [step.chosen for step in plan.steps]

    over = tokens(planned) - LIMIT
    assert plan.planned_files() is not None
    QTest.mouseClick(row._chips._chips[0], Qt.MouseButton.LeftButton)
    assert chosen() == [False]
    assert plan.planned_files() is None
    assert not row._apply.isEnabled()
    assert row.text.endswith(f"still over by {over:,}")
    QTest.mouseClick(row._chips._chips[0], Qt.MouseButton.LeftButton)
    assert chosen() == [True]
    assert row._apply.isEnabled()


def test_chips_without_room_are_in_a_menu(planned: CodebasePage) -> None:
    chips = planned.workspace.plan_row._chips
    chips.resize(60, 30)
    assert chips._chips[0].isHidden() and not chips._more.isHidden()
    entry = chips._menu.actions()[0]
    entry.setChecked(False)
    assert not planned.workspace.plan.steps[0].chosen


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_of_chips_stays_as_it_is_while_steps_are_ticked(planned: CodebasePage, qtbot: QtBot) -> None:
    chips, plan = planned.workspace.plan_row._chips, planned.workspace.plan
    chips.resize(60, 30)
    menu = chips._menu
    menu.popup(chips.mapToGlobal(QPoint(0, 30)))
    (entry,) = menu.actions()
    for wanted in (False, True, False):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(entry).center())
        assert menu.isVisible() and menu.actions() == [entry]
        assert plan.steps[0].chosen is wanted is entry.isChecked()
    menu.close()
    qtbot.waitUntil(lambda: chips._waiting is None)
    assert not chips._chips[0].isChecked()


def test_while_it_is_counted_there_is_no_verdict(planned: CodebasePage) -> None:
    scan, row = planned.codebase.scan, planned.workspace.plan_row
    scan.progress.stage = Stage.COUNTING
    scan.progressed.emit()
    assert not planned.workspace.plan.planned
    assert "Over" not in row.text and row.text.startswith("Counting: ")
    assert row._apply.isHidden()
    planned.workspace.show_lower(Lower.FIT)
    assert planned.workspace.fit._says.text().startswith("Counting: ")
    assert not planned.workspace.fit._fit_all.isEnabled()
    scan.progress.stage = Stage.IDLE
    planned.codebase.ended.emit()
    assert row.text.startswith("Over by")


def test_what_is_taken_out_by_hand_can_be_saved_and_taken_back(
    planned: CodebasePage, folder: Path, qtbot: QtBot
) -> None:
    workspace, tree = planned.workspace, planned.codebase.tree
    assert tree is not None
    before = tokens(planned)
    workspace.commands.toggle(node(tree, "docs"), False)
    assert workspace.plan_row._back_icon.isVisible(), "it does not fit yet, and something is taken out"
    workspace.commands.toggle(node(tree, "poetry.lock"), False)
    assert workspace.plan_row._save.isVisible()
    with qtbot.waitSignal(workspace.plan.saved, timeout=60_000):
        workspace.plan_row._save.click()
    assert "/docs/" in (folder / ".tokvizignore").read_text(encoding="utf-8")
    workspace.show_lower(Lower.FIT)
    assert workspace.fit._restore_all.isEnabled()
    workspace.plan_row._back.click()
    assert tokens(planned) == before


def test_what_would_go_is_marked_in_tree_and_treemap(planned: CodebasePage, qtbot: QtBot) -> None:
    workspace, tree = planned.workspace, planned.codebase.tree
    assert tree is not None
    lock = node(tree, "poetry.lock")
    assert workspace.tree._badges == {lock: "lock file"}
    view = workspace.treemap.view
    qtbot.waitUntil(lambda: view.picture is not None and not view.maker.busy, timeout=60_000)
    assert view.picture is not None and view.picture.planned
    marked = view.grab().toImage()
    step = workspace.plan.steps[0].suggestion
    workspace.plan.choose_step(step, False)
    qtbot.waitUntil(lambda: view.picture is not None and not view.picture.planned, timeout=60_000)
    assert workspace.tree._badges == {}
    assert view.grab().toImage() != marked
    workspace.plan.choose_step(step, True)
    workspace.plan.apply_plan()
    assert workspace.tree._badges == {} and view.maker.planned is None


def test_until_it_fits_takes_the_plan_at_hand(planned: CodebasePage, qtbot: QtBot) -> None:
    planned.workspace.plan.choose_step(planned.workspace.plan.steps[0].suggestion, False)
    planned.workspace.plan.fit_all()
    tree = planned.codebase.tree
    assert tree is not None
    out = tree.shape.file_nodes[np.flatnonzero(~tree.included)].tolist()
    assert [tree.shape.path(file) for file in out] == ["poetry.lock"]


def test_what_is_no_text_is_not_among_what_is_taken_out(planned: CodebasePage) -> None:
    codebase = planned.codebase
    tree = codebase.tree
    assert tree is not None
    codebase.set_included(np.zeros(len(tree.included), np.bool_))
    assert planned.workspace.plan_row.text.startswith("6 files taken out")


def test_the_model_is_named_whole_or_not_at_all(planned: CodebasePage) -> None:
    row = planned.workspace.plan_row
    name = row._of.fontMetrics().horizontalAdvance("for Small")
    seen = set()
    for width in range(300, 900, 20):
        row.resize(width, row.height())
        seen.add(row._of.isVisible())
        assert not row._of.isVisible() or row._of.width() >= name
    assert seen == {True, False}


def test_all_of_it_has_room_in_a_small_window(planned: CodebasePage) -> None:
    workspace = planned.workspace
    assert workspace.plan_row.isVisible()
    assert workspace.minimumSizeHint().height() <= 300
    for width in (740, 616):
        planned.resize(width, 340)
    assert planned.size() == QSize(616, 340)
    assert workspace.plan_row._apply.isVisible()
    assert workspace.tree.horizontalScrollBar().maximum() == 0
    assert workspace.plan_row.rect().contains(workspace.plan_row._apply.geometry())


def test_the_row_stands_between_tree_and_treemap_or_at_the_foot(planned: CodebasePage) -> None:
    workspace = planned.workspace
    assert workspace.plan_row.parent() is workspace._below
    for panes in (Panes.TREE, Panes.LOWER):
        workspace._show_panes(panes)
        assert workspace.plan_row.parent() is workspace and workspace.plan_row.isVisible()
    workspace._show_panes(Panes.BOTH)
    assert workspace.plan_row.parent() is workspace._below


def test_a_plan_is_shown_while_it_is_measured_what_could_be_smaller(
    page: CodebasePage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a tree that is neither small nor large: the plan does not wait, and gets better by itself."""
    monkeypatch.setattr("tokviz.ui.codebase.shortening.WHILE_SHOWN", 1 << 20)
    shortenings, plan = page.workspace.shortenings, page.workspace.plan
    seen: list[bool] = []
    plan.changed.connect(lambda: seen.append(plan.planned and not shortenings.measured))
    page.open_paths([folder])
    finish(page, qtbot)
    qtbot.waitUntil(lambda: shortenings.measured, timeout=60_000)
    qtbot.waitUntil(lambda: plan.planned and not plan.busy, timeout=60_000)
    assert any(seen)
    assert any(step.suggestion.shortening for step in plan.steps)
    assert plan.unmeasured == ""


def test_a_plan_that_is_shown_can_be_applied_while_more_is_measured(
    page: CodebasePage, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open_paths([folder])
    finish(page, qtbot)
    plan, shortenings = page.workspace.plan, page.workspace.shortenings
    qtbot.waitUntil(lambda: plan.planned and not plan.busy, timeout=60_000)
    monkeypatch.setattr("tokviz.ui.codebase.shortening.WHILE_SHOWN", 1 << 20)
    shortenings.measure_meanwhile()
    assert shortenings.under_way and not shortenings.expected
    plan.fit_all()
    assert plan.excluded and not plan.wanted


def test_what_is_not_known_of_a_large_tree_is_said(planned: CodebasePage, qtbot: QtBot) -> None:
    row, plan, pane = planned.workspace.plan_row, planned.workspace.plan, planned.workspace.fit
    assert "Smaller" in plan.unmeasured
    assert row._apply.toolTip().endswith(plan.unmeasured)
    planned.workspace.show_lower(Lower.FIT)
    assert pane._unmeasured.isVisible() and pane._unmeasured.text() == plan.unmeasured
    planned.workspace.smaller.aboutToShow.emit()
    qtbot.waitUntil(lambda: planned.workspace.shortenings.measured, timeout=60_000)
    qtbot.waitUntil(lambda: plan.planned and not plan.busy, timeout=60_000)
    assert plan.unmeasured == ""
    assert not pane._unmeasured.isVisible()
    assert "Smaller" not in row._apply.toolTip()
