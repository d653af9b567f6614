"""``tokviz.toml`` in the window: applied, said so, its budgets watched, and turned off."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import finish
from tokviz.ui.codebase.page import CodebasePage


def open_with(page: CodebasePage, folder: Path, text: str, qtbot: QtBot) -> None:
    (folder / "tokviz.toml").write_text(text, encoding="utf-8")
    page.open_paths([folder])
    finish(page, qtbot)


def paths(page: CodebasePage) -> set[str]:
    tree = page.codebase.tree
    assert tree is not None
    return {tree.shape.path(node) for node in tree.shape.file_nodes.tolist()}


def test_a_folder_that_says_nothing(open_page: CodebasePage) -> None:
    assert open_page.project_row.isHidden()


def test_what_it_says_is_applied_and_shown(page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    text = 'exclude = ["*.lock", "tokviz.toml"]\nkeep = ["docs"]\noops = 1\n'
    text += '[budgets]\n"src/**" = 100\n"docs" = 9000\n'
    problems: list[str] = []
    page.problem.connect(problems.append)
    open_with(page, folder, text, qtbot)
    assert "poetry.lock" not in paths(page)
    row = page.project_row
    qtbot.waitUntil(lambda: "over its budget" in row.text, timeout=60_000)
    assert row.text.startswith(
        "tokviz.toml is applied: 2 patterns, 1 pattern kept, 2 budgets (1 mistake). src/** is over its budget"
    )
    assert not row.isHidden()
    assert problems == ["tokviz.toml, line 3: unknown key “oops”."]
    assert page.workspace.plan.kept.names == ["docs"]
    kept = page.codebase.kept_by_project
    tree = page.codebase.tree
    assert kept is not None and tree is not None
    assert [tree.shape.path(int(tree.shape.file_nodes[file])) for file in kept.nonzero()[0]] == [
        "docs/guide.md"
    ]
    page.page_actions.rescan.trigger()
    finish(page, qtbot)
    assert len(problems) == 1, "a mistake is told once"
    # What is taken out is in no budget.
    page.codebase.set_nodes_included([0], False)
    qtbot.waitUntil(lambda: "over its budget" not in row.text, timeout=60_000)
    # Turned off, everything is counted again.
    (entry,) = (one for one in page.choices.menu.actions() if "project file" in one.text())
    entry.trigger()
    finish(page, qtbot)
    qtbot.waitUntil(row.isHidden, timeout=60_000)
    assert "poetry.lock" in paths(page)


def test_what_it_shortens_is_chosen_when_it_is_opened(page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    open_with(page, folder, "", qtbot)
    before = page.counts()["cl100k_base"].tokens
    (folder / "tokviz.toml").write_text('shorten = ["lockfiles"]\n', encoding="utf-8")
    for _ in range(2):
        page.page_actions.rescan.trigger()
        finish(page, qtbot)
        qtbot.waitUntil(lambda: page.workspace.shortenings.measured, timeout=60_000)
        assert page.counts()["cl100k_base"].tokens < before - 500
        selection = page.exports.selection()
        assert selection is not None
        assert selection.shortened


def test_its_model_is_chosen_when_it_is_opened(page: CodebasePage, folder: Path, qtbot: QtBot) -> None:
    open_with(page, folder, 'models = ["nonsense", "unpublished"]\n', qtbot)
    assert page.workspace.chosen_model is not None
    assert page.workspace.chosen_model.id == "unpublished"
