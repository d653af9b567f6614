"""Suggestions of what to leave out: the most dispensable first, exact in what they save, true as lines."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.codebase.density import DENSITY
from tests.analysis.codebase.test_tree_shape import in_walk_order
from tests.documents.tree.test_ignore_files import write
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.suggestions import (
    FileKinds,
    Kind,
    Suggestion,
    file_kinds,
    ignore_text,
    plan,
    suggest,
)
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.documents.tree.walking import walk

FILES = {
    "README.md": 100,
    "app.py": 1000,
    "big.txt": 4000,
    "package-lock.json": 5000,
    "bundle.js": 900,
    "lib.min.js": 800,
    "node_modules/x/index.js": 700,
    "node_modules/x/x.min.js": 300,
    "data.csv": 2000,
    "src/a.py": 600,
    "src/a_pb2.py": 500,
    "src/odd [name] *.py": 3000,
    "tests/test_a.py": 400,
    "tests/fixtures/x.json": 150,
}
ORDER = in_walk_order(set(FILES))


def counted_tree() -> TokenTree:
    shape = TreeShape([("project", ORDER)])
    tokens = [FILES[path] for path in ORDER]
    values = np.array(
        [[4 * t, 4 * t, 1 if path == "bundle.js" else t] for path, t in zip(ORDER, tokens, strict=True)]
    )
    values = np.column_stack([values, tokens])
    begun = TokenTree.begin(shape, [4 * t for t in tokens], (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    nothing = np.zeros(len(ORDER), np.int64)
    return begun.with_counts([CountedBatch(np.arange(len(ORDER)), values, [""] * len(ORDER), nothing, [])])


def tokens(tree: TokenTree) -> NDArray[np.int64]:
    column: NDArray[np.int64] = tree.values[tree.column("o200k_base")]
    return column


def paths(suggestion: Suggestion) -> set[str]:
    return {ORDER[file] for file in suggestion.files.tolist()}


def suggested(tree: TokenTree, kinds: FileKinds | None = None) -> dict[str, Suggestion]:
    return {one.title: one for one in suggest(tree, tokens(tree), kinds or file_kinds(tree.shape))}


def test_each_kind_with_what_it_saves() -> None:
    found = suggested(counted_tree())
    assert paths(found["lock files"]) == {"package-lock.json"}
    assert paths(found["generated files"]) == {"src/a_pb2.py"}
    assert paths(found["minified files"]) == {"bundle.js", "lib.min.js", "node_modules/x/x.min.js"}
    assert paths(found["vendored code"]) == {"node_modules/x/index.js"}
    assert paths(found["data"]) == {"data.csv", "tests/fixtures/x.json"}
    assert paths(found["tests"]) == {"tests/test_a.py"}
    assert found["minified files"].saves == 900 + 800 + 300
    assert found["minified files"].lines == ("*.min.js", "/bundle.js")
    assert list(found)[:6] == [kind.value for kind in Kind][:6]


def test_the_largest_files_and_folders_follow() -> None:
    tree = counted_tree()
    found = suggest(tree, tokens(tree), file_kinds(tree.shape))
    large = [(one.title, one.saves) for one in found if one.kind is Kind.LARGEST]
    assert large[:4] == [
        ("package-lock.json", 5000),
        ("src/", 4100),
        ("big.txt", 4000),
        ("src/odd [name] *.py", 3000),
    ]


def test_what_is_taken_out_is_suggested_no_more() -> None:
    tree = counted_tree()
    before = suggested(tree)["lock files"]
    flags = tree.included.copy()
    flags[before.files] = False
    after = tree.with_flags(flags)
    assert "lock files" not in suggested(after)
    assert tree.total()[3] - after.total()[3] == before.saves


@pytest.mark.parametrize("budget", [19_000, 14_000, 11_000, 9_000, 5_000, 700, 0])
def test_a_plan_reaches_its_budget(budget: int) -> None:
    tree = counted_tree()
    steps = plan(tree, tokens(tree), file_kinds(tree.shape), budget)
    flags = tree.included.copy()
    for step in steps:
        assert flags[step.files].all()
        flags[step.files] = False
    left = int(tree.with_flags(flags).total()[3])
    assert left <= budget
    assert left == tree.total()[3] - sum(step.saves for step in steps)


def test_a_plan_takes_no_more_than_it_must() -> None:
    tree = counted_tree()

    def titles(budget: int) -> list[str]:
        return [step.title for step in plan(tree, tokens(tree), file_kinds(tree.shape), budget)]

    total = int(tree.total()[3])
    assert titles(total) == []
    assert titles(total - 5000) == ["lock files"]
    # The generated files save 500, which is too little here and needed there.
    assert titles(total - 5100) == ["lock files", "generated files"]
    assert titles(total - 7000) == ["lock files", "minified files"]


def left_by_lines(root: Path, steps: Sequence[Suggestion]) -> set[str]:
    (root / ".tokvizignore").write_text(ignore_text(steps))
    return {file.path for listing in walk(root, None, {}) for file in listing.files}


@pytest.mark.parametrize("budget", [14_000, 9_000, 2_000, 0])
def test_the_lines_leave_out_the_same_files_on_the_next_scan(tmp_path: Path, budget: int) -> None:
    write(tmp_path, dict.fromkeys(FILES, "x"))
    tree = counted_tree()
    steps = plan(tree, tokens(tree), file_kinds(tree.shape), budget)
    assert left_by_lines(tmp_path, steps) == set(FILES).difference(*map(paths, steps))


def test_every_single_suggestion_is_true_as_lines(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(FILES, "x"))
    for suggestion in suggested(counted_tree()).values():
        left = left_by_lines(tmp_path, [suggestion])
        # A pattern may match files that a more dispensable kind has already; it never matches fewer.
        assert not left & paths(suggestion)


def test_lines_go_to_the_root_they_speak_of() -> None:
    shape = TreeShape([("one", ["big.txt", "go.sum"]), ("two", ["huge.txt"])])
    tree = TokenTree.begin(shape, [1000, 10, 2000], (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    found = suggest(tree, tokens(tree), file_kinds(shape))
    assert ignore_text(found, 1) == "# lock files, 3 tokens\ngo.sum\n# 520 tokens\n/huge.txt\n"
    assert "/big.txt" in ignore_text(found, 0)


def test_nothing_to_suggest() -> None:
    shape = TreeShape([("empty", [])])
    tree = TokenTree.begin(shape, [], SIZE_COLUMNS, DENSITY)
    assert suggest(tree, np.zeros(0, np.int64), file_kinds(shape)) == []
    assert plan(tree, np.zeros(0, np.int64), file_kinds(shape), 0) == []


def test_documentation_goes_before_source() -> None:
    """As in Django, whose documentation makes the source a folder of middling size."""
    sizes = {"django/db/models.py": 5, "django/http/views.py": 4, "docs/ref.txt": 11, "tests/test_db.py": 3}
    paths = in_walk_order(set(sizes))
    shape = TreeShape([("project", paths)])
    weights = np.array([1000 * sizes[path] for path in paths])
    tree = TokenTree.begin(shape, (4 * weights).tolist(), (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    steps = plan(tree, weights, file_kinds(shape), 11_500)
    assert {step.title for step in steps} <= {"tests", "documentation"}
    steps = plan(tree, weights, file_kinds(shape), 6_000)
    assert [step.title for step in steps][:2] == ["tests", "documentation"]
    assert "django/" not in [step.title for step in steps]
