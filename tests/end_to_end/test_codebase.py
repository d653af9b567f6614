"""Someone opens a codebase that is too large, makes it fit, and packs it."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.accessible import number_in
from tests.end_to_end.conftest import Start
from tests.end_to_end.screen import eventually
from tests.references import reference

pytestmark = pytest.mark.slow


@pytest.fixture
def codebase(tmp_path: Path) -> Path:
    """Six files, of which a table of numbers has 216,000 tokens and all others have 12,000."""
    folder = tmp_path / "code"
    for name in ("src", "docs"):
        (folder / name).mkdir(parents=True)
    for number in range(4):
        (folder / "src" / f"part{number}.py").write_text("def grow(x):\n    return x + 1\n" * 200, "utf-8")
    (folder / "docs" / "guide.md").write_text("Some words of a guide that go on. " * 500, "utf-8")
    (folder / "data.csv").write_text("1,2,3,4\n" * 60_000, "utf-8")
    return folder


def test_open_a_codebase_make_it_fit_and_pack_it(start: Start, codebase: Path) -> None:
    user = start()
    user.press("ctrl+shift+o")
    user.await_dialog("Open Folder")
    user.hands.type(str(codebase))
    user.press("Return")
    user.find("page tab list", "Codebase")
    # GPT-4o takes 128,000 tokens, of which 4,096 are kept for the answer.
    user.find("label", "Verdict: Over by .*")
    user.click(user.find("push button", "Apply"))
    kept = number_in(user.find("label", "After the plan: Fits with [0-9,]+ left").name)
    table = user.find("tree", "Files and folders with their tokens")
    assert table.cell(0, 0).name.startswith("code, ")
    assert (codebase / "data.csv").exists(), "what a plan leaves out is left alone"

    user.run("Pack for a Model")
    dialog = user.await_dialog("Pack for a Model")
    counted = dialog.find("label", "[0-9,]+ tokens, [0-9,]+ of them for .* it fits, .* left.*").name
    user.click(dialog.find("push button", "Copy"))
    user.await_gone("dialog", "Pack for a Model")
    packed = user.hands.copied()
    assert all(f"src/part{number}.py" in packed for number in range(4)) and "docs/guide.md" in packed
    assert "1,2,3,4\n1,2,3,4" not in packed
    tokens = len(reference("o200k_base").encode_ordinary(packed))
    assert tokens == number_in(counted.split()[0])
    assert 123_904 - tokens == number_in(re.findall(r"([0-9,]+) left", counted)[-1]) < kept


def test_taking_a_file_out_is_undone_by_its_key(start: Start, codebase: Path) -> None:
    user = start(str(codebase))
    verdict = user.find("label", "Verdict: Over by [0-9,]+").name
    tree = user.find("tree", "Files and folders with their tokens")
    user.click(tree.cell(1, 0))
    treemap = user.find("list", "Treemap of the tokens")
    eventually(lambda: treemap.description.startswith("code/data.csv: "), "the file is the current one")
    user.press("ctrl+space")
    user.find("label", "After the plan: Fits with .* left")
    user.press("ctrl+z")
    user.find("label", "Verdict: Over by [0-9,]+")
    eventually(lambda: user.find("label", "Verdict: .*").name == verdict, "the figures of before")
