"""Suggestions of what to leave out: the most dispensable first, exact in what they save, true as lines."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.codebase.density import DENSITY
from tests.analysis.codebase.test_tree_shape import in_walk_order
from tests.documents.tree.test_ignore_files import write
from tokviz.analysis.codebase.file_kinds import ORDER as KINDS
from tokviz.analysis.codebase.file_kinds import FileKinds, Kind, file_kinds, matching_files
from tokviz.analysis.codebase.planning import plan
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.suggestions import Suggestion, ignore_text, suggest
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
    return begun.with_counts(
        [CountedBatch(np.arange(len(ORDER)), values, [""] * len(ORDER), nothing, [], nothing > 0)]
    )


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
    assert paths(found["data"]) == {"data.csv"}
    assert paths(found["test fixtures"]) == {"tests/fixtures/x.json"}
    assert paths(found["tests"]) == {"tests/test_a.py"}
    assert found["minified files"].saves == 900 + 800 + 300
    kinds = [one.kind for one in found.values()]
    assert kinds == sorted(kinds, key=KINDS.index)


def test_no_file_is_suggested_twice_but_in_a_folder_of_the_source() -> None:
    tree = counted_tree()
    found = suggest(tree, tokens(tree), file_kinds(tree.shape))
    by_products = [one for one in found if one.kind is not Kind.SOURCE]
    together = np.concatenate([one.files for one in by_products])
    assert len(together) == len(set(together.tolist()))
    source = [one for one in found if one.kind is Kind.SOURCE]
    assert not set(together.tolist()) & {file for one in source for file in one.files.tolist()}
    # The folder holds a generated file, so it is not offered as a whole.
    assert [(one.title, one.saves) for one in source][:3] == [
        ("big.txt", 4000),
        ("src/odd [name] *.py", 3000),
        ("app.py", 1000),
    ]


def test_what_is_taken_out_is_suggested_no_more() -> None:
    tree = counted_tree()
    before = suggested(tree)["lock files"]
    flags = tree.included.copy()
    flags[before.files] = False
    after = tree.with_flags(flags)
    assert "lock files" not in suggested(after)
    assert tree.total()[3] - after.total()[3] == before.saves


BUDGETS = [19_000, 14_000, 11_000, 9_000, 5_000, 700, 0]


@pytest.mark.parametrize("budget", BUDGETS)
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


@pytest.mark.parametrize("budget", BUDGETS)
def test_own_source_goes_only_when_every_by_product_has_gone(budget: int) -> None:
    tree = counted_tree()
    kinds = file_kinds(tree.shape)
    steps = plan(tree, tokens(tree), kinds, budget)
    if any(step.kind is Kind.SOURCE for step in steps):
        gone = np.concatenate([step.files for step in steps])
        by_products = np.flatnonzero(kinds.kinds != KINDS.index(Kind.SOURCE))
        assert set(by_products.tolist()) <= set(gone.tolist())


def test_a_plan_takes_no_more_than_it_must() -> None:
    tree = counted_tree()

    def titles(budget: int) -> list[str]:
        return [step.title for step in plan(tree, tokens(tree), file_kinds(tree.shape), budget)]

    total = int(tree.total()[3])
    assert titles(total) == []
    assert titles(total - 5000) == ["lock files"]
    # The generated files save 500, which is too little here and needed there.
    assert titles(total - 5100) == ["lock files", "generated files"]
    assert titles(total - 6200) == ["lock files", "generated files", "lib.min.js"]


@pytest.mark.parametrize("budget", BUDGETS)
def test_what_is_kept_stays(budget: int) -> None:
    tree = counted_tree()
    kept = matching_files(tree.shape, ["/src/", "*-lock.json"], "--keep")
    steps = plan(tree, tokens(tree), file_kinds(tree.shape), budget, kept)
    assert not any(kept[step.files].any() for step in steps)
    if budget == 0:
        left = set(ORDER) - {path for step in steps for path in paths(step)}
        assert left == {path for path in ORDER if path.startswith("src/")} | {"package-lock.json"}


def left_by_lines(root: Path, tree: TokenTree, steps: Sequence[Suggestion]) -> set[str]:
    (root / ".tokvizignore").write_text(ignore_text(tree.shape, steps))
    return {file.path for listing in walk(root, None, {}) for file in listing.files}


@pytest.mark.parametrize("kept", [[], ["/src/a.py", "lib.min.js", "/tests/fixtures/"]])
@pytest.mark.parametrize("budget", BUDGETS)
def test_the_lines_leave_out_the_same_files_on_the_next_scan(
    tmp_path: Path, budget: int, kept: list[str]
) -> None:
    write(tmp_path, dict.fromkeys(FILES, "x"))
    tree = counted_tree()
    flags = matching_files(tree.shape, kept, "--keep")
    steps = plan(tree, tokens(tree), file_kinds(tree.shape), budget, flags)
    assert left_by_lines(tmp_path, tree, steps) == set(FILES).difference(*map(paths, steps))


def test_every_single_suggestion_is_true_as_lines(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(FILES, "x"))
    tree = counted_tree()
    for suggestion in suggested(tree).values():
        assert left_by_lines(tmp_path, tree, [suggestion]) == set(FILES) - paths(suggestion)


LOOK_ALIKES = {
    "CHANGELOG.md": 30,
    "GUIDE.md": 10,
    "README.md": 10,
    "a.py": 500,
    "docs/a.md": 20,
    "docs/README.md": 5,
    "man.1": 10,
    "node.1/a.py": 100,
    "pkg/README.md": 10,
    "pkg/README.de.md": 10,
    "pkg/__init__.py": 10,
    "pkg/test/__init__.py": 10,
    "pkg/test/client.py": 40,
    "x/test/helper.py": 10,
    "x/x.production.js": 10,
    "y/y.development.js": 20,
    "y/y.production.js": 10,
}


def test_lines_leave_out_nothing_that_looks_alike(tmp_path: Path) -> None:
    """Neither a README with other prose, nor a folder by what endings of files say."""
    write(tmp_path, dict.fromkeys(LOOK_ALIKES, "x"))
    tree, weights = tree_of(LOOK_ALIKES)
    kinds = file_kinds(tree.shape)
    names = in_walk_order(set(LOOK_ALIKES))

    def check(steps: Sequence[Suggestion]) -> None:
        gone = {names[file] for step in steps for file in step.files.tolist()}
        assert left_by_lines(tmp_path, tree, steps) == set(LOOK_ALIKES) - gone

    for suggestion in suggest(tree, weights, kinds):
        check([suggestion])
    for budget in range(0, sum(LOOK_ALIKES.values()), 15):
        check(plan(tree, weights, kinds, budget))


def test_lines_go_to_the_root_they_speak_of() -> None:
    shape = TreeShape([("one", ["big.py", "go.sum"]), ("two", ["huge.py"])])
    tree = TokenTree.begin(shape, [1000, 10, 2000], (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    found = suggest(tree, tokens(tree), file_kinds(shape))
    second = ignore_text(shape, found, 1)
    assert second.startswith("# lock files, ")
    assert second.splitlines()[1] == "go.sum"
    assert second.splitlines()[3:] == ["/huge.py"]
    assert "/big.py" in ignore_text(shape, found, 0)


def test_nothing_to_suggest() -> None:
    shape = TreeShape([("empty", [])])
    tree = TokenTree.begin(shape, [], SIZE_COLUMNS, DENSITY)
    assert suggest(tree, np.zeros(0, np.int64), file_kinds(shape)) == []
    assert plan(tree, np.zeros(0, np.int64), file_kinds(shape), 0) == []


def tree_of(sizes: dict[str, int]) -> tuple[TokenTree, NDArray[np.int64]]:
    """Files of so many tokens, and those."""
    names = in_walk_order(set(sizes))
    shape = TreeShape([("project", names)])
    weights = np.array([sizes[name] for name in names])
    return TokenTree.begin(shape, (4 * weights).tolist(), (*SIZE_COLUMNS, "o200k_base"), DENSITY), weights


def planned(sizes: dict[str, int], budget: int) -> list[str]:
    """The titles of a plan for files of so many thousand tokens."""
    tree, weights = tree_of({name: 1000 * size for name, size in sizes.items()})
    return [step.title for step in plan(tree, weights, file_kinds(tree.shape), 1000 * budget)]


def test_documentation_goes_before_tests_and_tests_before_source() -> None:
    """As in Django, whose documentation makes the source a folder of middling size."""
    sizes = {"django/db/models.py": 5, "django/http/views.py": 4, "docs/ref.rst": 11, "tests/test_db.py": 3}
    assert planned(sizes, 12) == ["documentation"]
    assert planned(sizes, 9) == ["documentation", "tests"]
    assert planned(sizes, 6) == ["documentation", "tests", "django/http/views.py"]


def test_of_one_kind_the_fewest_and_largest_parts_go() -> None:
    sizes = {"docs/a.rst": 1, "docs/b/c.rst": 2, "guide.md": 8, "manual/x.rst": 4, "src/a.py": 10}
    assert planned(sizes, 23) == ["docs/b/"]
    assert planned(sizes, 15) == ["guide.md", "docs/b/"]


def test_a_large_folder_is_divided_before_far_more_goes_than_is_needed() -> None:
    """As in Django, of whose tests a quarter of a window needs two thirds."""
    tests = {
        f"tests/{name}/test_x.py": size for name, size in zip("abcdefgh", range(30, 110, 10), strict=True)
    }
    sizes = {"src/a.py": 200, **tests}
    assert planned(sizes, 500) == ["tests/h/", "tests/g/", "tests/a/"]
    small = {f"tests/{number}.py": 1 for number in range(400)}
    assert planned({"src/a.py": 1000, **small}, 1150) == ["tests"]  # not 250 lines to keep 150
    # As in fzf at a half: not eight lines for two, to keep a twelfth of the window.
    tests = {f"src/{number}_test.go": size for number, size in enumerate((13, 9, 6, 6, 6, 5, 4, 4, 4, 3, 3))}
    assert planned({"src/a.go": 270, "test/a.go": 97, **tests}, 290) == ["tests"]
    # As in Django at a quarter, where half of the window is at stake.
    tests = {f"tests/{number}/test_x.py": 60 + number for number in range(45)}
    assert len(planned({"src/a.py": 1250, **tests}, 2350)) == 29


def test_of_the_own_source_no_more_goes_than_is_needed() -> None:
    """As in react-dom, whose files are large: a plan of them left a fifth of the window empty."""
    sizes = {f"src/{number}.py": size for number, size in enumerate((245, 160, 95, 90, 66, 62, 30, 20, 15))}
    total = sum(sizes.values())
    for budget in range(20, total, 7):
        assert planned_left(sizes, budget) <= budget
        assert planned_left(sizes, budget) >= budget - 35


def planned_left(sizes: dict[str, int], budget: int) -> int:
    return sum(sizes.values()) - sum(sizes[title] for title in planned(sizes, budget))


def test_a_folder_that_goes_as_a_whole_is_named_in_place_of_the_generated_files_in_it() -> None:
    order = ["dist/a.js", "dist/b.js", "dist/sub/c.js", "own.py", "src/made.py"]
    shape = TreeShape([("project", order)])
    tree = TokenTree.begin(shape, [40] * 5, (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    generated = np.array([False, True, True, False, True])
    nothing = np.zeros(5, np.int64)
    values = np.full((5, 4), 40)
    tree = tree.with_counts([CountedBatch(np.arange(5), values, [""] * 5, nothing, [], generated)])
    names = file_kinds(shape)
    found = plan(tree, tokens(tree), names, 40)
    told = [(one.kind, one.lines(shape), one.saves) for one in found]
    assert told == [
        (Kind.GENERATED, ["/src/"], 40),
        (Kind.BUILT, ["dist/"], 120),
    ]
    # Where the folder stays, they are named.
    assert plan(tree, tokens(tree), names, 80)[0].lines(shape) == ["/dist/b.js", "/dist/sub/", "/src/"]


def test_a_folder_is_named_in_place_of_the_files_in_it_that_an_earlier_kind_names() -> None:
    """As the requirements of flask's examples, which say that a program wrote them."""
    order = ["a.py", "examples/celery/made.txt", "examples/celery/x.py", "examples/large.py"]
    shape = TreeShape([("project", order)])
    sizes = np.array([400, 4, 40, 400])
    tree = TokenTree.begin(shape, sizes.tolist(), (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    nothing = np.zeros(4, np.int64)
    values = np.column_stack([sizes] * 4)
    made = np.array([False, True, False, False])
    tree = tree.with_counts([CountedBatch(np.arange(4), values, [""] * 4, nothing, [], made)])
    found = plan(tree, sizes, file_kinds(shape), 805)
    assert [(one.kind, one.lines(shape), one.saves) for one in found] == [
        (Kind.EXAMPLES, ["/examples/celery/"], 44)
    ]


def test_a_folder_of_the_own_source_stands_for_nothing_else() -> None:
    """As in a repository of notebooks, whose chapters hold 141,000 tokens of data."""
    sizes = {"ch1/data.csv": 140, "ch1/a.py": 260, "ch2/b.py": 300, "ch2/x.csv": 10, "ch3/c.py": 300}
    assert planned(sizes, 620) == ["data", "ch1/"]
    assert planned({**sizes, "ch1/readme-data.csv": 3}, 620) == ["data", "ch1/"]


def test_next_to_nothing_is_left_out_only_where_it_must() -> None:
    """As two tokens of a certificate in vite."""
    sizes = {"src/a.py": 8000, "x.crt": 1, "docs/a.rst": 1000, "docs/b.rst": 20}
    assert planned(sizes, 8100) == ["documentation"]
    assert planned(sizes, 8000) == ["data", "documentation"]
    # Where it lies in what goes, it goes with that.
    sizes = {"src/a.py": 8000, "examples/x.crt": 1, "examples/x.py": 900}
    tree, weights = tree_of(sizes)
    (step,) = plan(tree, weights, file_kinds(tree.shape), 8010)
    assert (step.title, step.saves, len(step.files)) == ("examples", 901, 2)


def test_a_readme_stays_but_for_one_that_takes_much_of_what_is_to_be_left() -> None:
    """As repomix's of 20,600 tokens, for which a plan gave up everything but two folders."""
    sizes = {"README.md": 20, "lib/a.js": 40, "lib/b.js": 60, "lib/c.js": 80}
    assert planned(sizes, 125) == ["documentation", "lib/b.js"]
    assert planned({**sizes, "README.md": 2}, 122) == ["lib/b.js"]


def test_no_part_of_a_large_kind_is_told_with_small_ones() -> None:
    sizes = {"src/a.py": 8000, "go.sum": 1, "a.min.js": 2, "tests/a.py": 1000, "tests/b.py": 5}
    sizes["tests/c.py"] = 900
    assert planned(sizes, 8900) == ["tests/a.py", "tests/b.py", "lock files, minified files"]


def test_many_small_by_products_are_offered_together() -> None:
    sizes = {"src/a.py": 9000, "go.sum": 1, "a.min.js": 2, "docs/x.md": 400}
    assert planned(sizes, 9000) == ["documentation", "lock files, minified files"]


def test_files_are_what_they_say_and_what_they_look_like() -> None:
    shape = TreeShape([("project", ["data.json", "hand.py", "made.py", "small.json", "x.js"])])
    sizes = np.array([400_000, 4000, 4000, 4000, 40_000])
    values = np.column_stack([sizes, sizes, [10_000, 100, 100, 100, 2], sizes // 4])
    tree = TokenTree.begin(shape, sizes.tolist(), (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    made = np.array([False, False, True, False, False])
    nothing = np.zeros(5, np.int64)
    tree = tree.with_counts([CountedBatch(np.arange(5), values, [""] * 5, nothing, [], made)])
    found = suggest(tree, tokens(tree), file_kinds(shape))
    by_kind = {
        one.kind: [shape.names[node] for node in one.nodes] for one in found if one.kind != Kind.SOURCE
    }
    assert by_kind == {Kind.GENERATED: ["made.py"], Kind.MINIFIED: ["x.js"], Kind.DATA: ["data.json"]}
