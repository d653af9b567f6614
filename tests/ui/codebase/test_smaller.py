"""Files are made smaller by toggles that say what they save; the tree, the pack and the settings follow."""

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import FILES, NAMES, add, finish
from tests.ui.codebase.test_page import at, row
from tokviz.analysis.codebase.shortened_counts import bit_of
from tokviz.assets import Assets
from tokviz.catalog.model import LanguageModel
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import make_text
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.tokenization.registry import Registry
from tokviz.ui.codebase.cells import summary, tooltip
from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.codebase.tree_metrics import Column
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker

COMMENTED = {"src/app.py": "# a comment\n\n" + FILES["src/app.py"], "src/broken.ipynb": "{"}


@pytest.fixture
def commented(folder: Path) -> Path:
    for path, text in COMMENTED.items():
        (folder / path).write_text(text)
    return folder


def total(*ways: Shortening) -> int:
    tokenizer = Registry(Assets()).get("cl100k_base")
    options = ReadOptions(shortened=frozenset(ways))
    files = {**FILES, **COMMENTED}
    return sum(tokenizer.count(make_text(text.encode(), path, options).text) for path, text in files.items())


def measured(page: CodebasePage, folder: Path, qtbot: QtBot) -> CodebasePage:
    page.open_paths([folder])
    finish(page, qtbot)
    page.workspace.smaller.aboutToShow.emit()
    qtbot.waitUntil(lambda: page.workspace.shortenings.measured, timeout=60_000)
    page.workspace.smaller.renew()
    return page


def test_toggles_say_what_they_save_and_the_tree_follows(
    page: CodebasePage, commented: Path, qtbot: QtBot
) -> None:
    measured(page, commented, qtbot)
    menu, codebase = page.workspace.smaller, page.codebase
    assert menu.says == "Tokens saved, by cl100k_base"
    lock, comments = (menu.toggles[one] for one in (Shortening.LOCK_FILES, Shortening.COMMENTS))
    for one, entry in menu.toggles.items():
        saves = total() - total(one)
        assert entry.text().endswith(f"\t−{saves:,}")
        assert entry.isEnabled() == (saves > 0)
    assert page.counts()["cl100k_base"].tokens == total()
    assert not menu.toggles[Shortening.NOTEBOOKS].isEnabled()

    lock.trigger()
    assert page.counts()["cl100k_base"].tokens == total(Shortening.LOCK_FILES)
    assert page.workspace.metrics is not None
    words = summary(page.workspace.metrics, at(page, "poetry.lock"))
    assert "shortened: one line in its place" in words
    assert "Shortened: 1 file. The tokens are those of the shorter text." in tooltip(
        page.workspace.metrics, 1
    )
    assert "1 file shortened" in page.status
    assert row(page, "poetry.lock")[Column.TOKENS] != f"{total():,}"
    menu.renew()
    assert lock.isChecked()
    assert comments.text().endswith(f"−{total() - total(Shortening.COMMENTS):,}")

    page.page_actions.undo.trigger()
    assert page.counts()["cl100k_base"].tokens == total()
    page.page_actions.redo.trigger()
    assert page.counts()["cl100k_base"].tokens == total(Shortening.LOCK_FILES)
    page.workspace.shortenings.restore_all()
    assert page.counts()["cl100k_base"].tokens == total()
    assert codebase.can_undo


def test_single_files_are_shortened_and_packed_so(page: CodebasePage, commented: Path, qtbot: QtBot) -> None:
    measured(page, commented, qtbot)
    known = page.workspace.shortenings
    (saving,) = (
        one
        for one in known.savings("cl100k_base", at(page, "src/app.py"))
        if one.shortening is Shortening.COMMENTS
    )
    assert saving.saves("cl100k_base") == total() - total(Shortening.COMMENTS)
    known.choose(Shortening.COMMENTS, True, at(page, "src/app.py"))
    selection = page.exports.selection()
    assert selection is not None
    tree = page.codebase.tree
    assert tree is not None
    number = int(tree.shape.first_files[at(page, "src/app.py")])
    assert selection.shortened == {number: frozenset({Shortening.COMMENTS})}
    assert known.kept() == ["src/broken.ipynb: the notebook is broken: it is no JSON"]


def test_choices_are_remembered_with_the_folder(
    page: CodebasePage,
    commented: Path,
    worker: Worker,
    models: list[LanguageModel],
    settings: Settings,
    theme: Theme,
    qtbot: QtBot,
) -> None:
    measured(page, commented, qtbot)
    page.workspace.shortenings.choose(Shortening.LOCK_FILES, True)
    page.workspace.shortenings.choose(Shortening.COMMENTS, True, at(page, "src/app.py"))
    page.codebase.rescan(page.choices.options)
    finish(page, qtbot)
    qtbot.waitUntil(lambda: page.workspace.shortenings.measured, timeout=60_000)
    both = total(Shortening.LOCK_FILES, Shortening.COMMENTS)
    assert page.counts()["cl100k_base"].tokens == both
    other = CodebasePage(worker, NAMES, models, settings, theme)
    add(other, worker, qtbot)
    other.open_paths([commented])
    finish(other, qtbot)
    qtbot.waitUntil(lambda: other.workspace.shortenings.measured, timeout=60_000)
    assert other.counts()["cl100k_base"].tokens == both
    assert (other.codebase.wanted & bit_of(Shortening.LOCK_FILES)).all()
    assert np.count_nonzero(other.codebase.wanted & bit_of(Shortening.COMMENTS)) == 1
    other.workspace.shortenings.restore_all()
    assert not np.any(other.codebase.wanted)
    assert settings.paths("codebase/shortened") == []


def test_measuring_can_be_stopped(page: CodebasePage, commented: Path, qtbot: QtBot) -> None:
    for number in range(60):
        (commented / f"many{number}.py").write_text("# a comment\nx = 1\n" * 1000)
    page.open_paths([commented])
    finish(page, qtbot)
    known = page.workspace.shortenings
    known.measure()
    qtbot.waitUntil(lambda: known.under_way, timeout=60_000)
    assert page.work.startswith("Working out what can be made smaller")
    assert page.stop()
    assert not known.under_way and not known.measured and known.declined
    assert not page.stop()


@pytest.fixture
def small(
    worker: Worker, models: list[LanguageModel], settings: Settings, theme: Theme, qtbot: QtBot
) -> CodebasePage:
    """The page for a model that takes 1,000 tokens: less than all files have."""
    model = structs.replace(models[0], id="small", name="Small", context_window=1000, max_input=None)
    settings.set("codebase/model", "small")
    settings.set("models/reserve", 0)
    page = CodebasePage(worker, NAMES, [model], settings, theme)
    add(page, worker, qtbot)
    page.resize(900, 700)
    page.show()
    return page


def test_the_plan_shrinks_before_it_drops(small: CodebasePage, commented: Path, qtbot: QtBot) -> None:
    small.open_paths([commented])
    finish(small, qtbot)
    plan, row = small.workspace.plan, small.workspace.plan_row
    qtbot.waitUntil(lambda: plan.planned and not plan.busy, timeout=60_000)
    saves = total() - total(Shortening.LOCK_FILES)
    assert [(one.suggestion.title, one.suggestion.saves) for one in plan.steps] == [
        ("lock files as one line each", saves)
    ]
    left = 1000 - total(Shortening.LOCK_FILES)
    over = total() - 1000
    assert row.text == f"Over by {over:,} for Small lock files as one line each Fits with {left:,} left"
    assert row._chips._chips[0].accessibleName() == (
        f"lock files as one line each, saves {saves:,} tokens in 1 file"
    )
    assert plan.planned_files() is None
    plan.choose_step(plan.steps[0].suggestion, False)
    assert row.text.endswith(f"still over by {over:,}")
    plan.choose_step(plan.steps[0].suggestion, True)
    row._apply.click()
    assert small.counts()["cl100k_base"].tokens == total(Shortening.LOCK_FILES)
    assert row.text == f"1 file shortened · Fits with {left:,} left"
    assert plan.lines(0) == ()
    assert small.workspace.tree._badges == {at(small, "poetry.lock"): "short"}
    assert row._back.isVisible() and not row._save.isVisible()
    row._back.click()
    assert small.counts()["cl100k_base"].tokens == total()
    small.codebase.undo()
    assert small.counts()["cl100k_base"].tokens == total(Shortening.LOCK_FILES)


def test_the_table_offers_what_can_be_shortened(small: CodebasePage, commented: Path, qtbot: QtBot) -> None:
    measured(small, commented, qtbot)
    workspace = small.workspace
    workspace.show_lower(Lower.FIT)
    qtbot.waitUntil(
        lambda: any(one.suggestion.shortening for one in workspace.fit.model.rows), timeout=60_000
    )
    rows = {one.suggestion.shortening: one for one in workspace.fit.model.rows if one.suggestion.shortening}
    assert rows[Shortening.COMMENTS].suggestion.saves == total() - total(Shortening.COMMENTS)
    workspace.fit.model.checked.emit(rows[Shortening.COMMENTS], True)
    assert small.counts()["cl100k_base"].tokens == total(Shortening.COMMENTS)
    (applied,) = workspace.plan.applied
    workspace.plan.restore(applied)
    assert small.counts()["cl100k_base"].tokens == total()


def test_a_shortened_file_opens_as_it_is_counted_or_says_it_is_the_whole(
    page: CodebasePage, commented: Path, qtbot: QtBot
) -> None:
    measured(page, commented, qtbot)
    page.workspace.shortenings.choose(Shortening.COMMENTS, True)
    node = at(page, "src/app.py")
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as shown:
        page.workspace.commands.open_shortened(node)
    assert shown.args == [
        b"\n" + FILES["src/app.py"].encode(),
        "app.py, without comments",
    ]
    with qtbot.waitSignals([page.file_chosen, page.information], timeout=60_000):
        page.workspace.commands.open_file(node)
