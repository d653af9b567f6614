"""Plans shrink before they drop: exact in what they save, and own source goes last."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.analysis.codebase.density import DENSITY
from tokviz.analysis.codebase.file_kinds import ORDER, Kind, file_kinds
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.shortened_counts import MASKS, ShortenedBatch, ShortenedCounts, bit_of, mask_of
from tokviz.analysis.codebase.shrinking import Shrinking, chosen, plan_smaller, suggest_shrinking
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.documents.shortening.shortenings import Shortening

Files = dict[str, tuple[int, dict[tuple[Shortening, ...], int]]]
FILES: Files = {
    "data.csv": (2000, {}),
    "docs/a.md": (3000, {}),
    "notebook.ipynb": (50_000, {(Shortening.NOTEBOOKS,): 1500, (Shortening.BASE64,): 20_000}),
    "package-lock.json": (5000, {(Shortening.LOCK_FILES,): 20}),
    "src/a.py": (
        9000,
        {
            (Shortening.COMMENTS,): 7000,
            (Shortening.BLANK_LINES,): 8500,
            (Shortening.COMMENTS, Shortening.BLANK_LINES): 6600,
        },
    ),
    "tests/test_a.py": (4000, {(Shortening.COMMENTS,): 3000, (Shortening.BLANK_LINES,): 3900}),
}
TOTAL = sum(tokens for tokens, _ in FILES.values())
PATHS = list(FILES)
ALSO: Files = {
    "CHANGES.md": (10, {}),
    "docs/pictures.md": (20_000, {(Shortening.BASE64,): 500}),
    "src/icon.py": (3000, {(Shortening.BASE64,): 2960}),
}
MORE: Files = {path: (FILES | ALSO)[path] for path in sorted(FILES | ALSO)}
COLUMNS = (*SIZE_COLUMNS, "o200k_base")


def shrinking(wanted: int = 0, files: Files = FILES) -> Shrinking:
    numbers = np.arange(len(files))
    whole = [tokens for tokens, _ in files.values()]
    # The notebook holds its 1,500 tokens in lines of ten characters.
    values = np.array([[4 * each, 4 * each, each, each] for each in whole], np.int64)
    nothing = np.zeros(len(files), np.int64)
    batch = CountedBatch(numbers, values, [""] * len(FILES), nothing, [], nothing > 0)
    shape = TreeShape([("project", list(files))])
    tree = TokenTree.begin(shape, [4 * each for each in whole], COLUMNS, DENSITY).with_counts([batch])
    rows = [
        (number * MASKS + mask_of(ways), [0, 0, 0, tokens])
        for number, (_, shorter) in enumerate(files.values())
        for ways, tokens in shorter.items()
    ]
    keys, counts = zip(*rows, strict=True)
    found = ShortenedBatch(np.array(keys, np.int64), np.array(counts, np.int64), {}, 0)
    counted = ShortenedCounts.of([found], len(COLUMNS))
    return Shrinking(tree, counted, np.full(len(files), wanted, np.uint8), "o200k_base")


def planned(budget: int, kept: NDArray[np.bool_] | None = None) -> list[Suggestion]:
    one = shrinking()
    return plan_smaller(one, file_kinds(one.tree.shape), budget, kept)


def left(steps: list[Suggestion]) -> int:
    one = shrinking()
    wanted, part = one.wanted, one.tree.takes_part.copy()
    for step in steps:
        if step.shortening:
            wanted = chosen(wanted, step)
        else:
            part[step.files] = False
    return int(one.weights(wanted)[part].sum())


def told(steps: list[Suggestion]) -> list[tuple[str, int]]:
    return [(step.title, step.saves) for step in steps]


def test_what_is_enough_and_saves_least_goes_first() -> None:
    assert told(planned(TOTAL - 4000)) == [("lock files as one line each", 4980)]
    assert told(planned(TOTAL - 10_000)) == [("base64 and data URIs as a note", 30_000)]
    assert told(planned(TOTAL - 40_000)) == [("notebooks as their cells", 48_500)]


def test_nothing_where_it_fits() -> None:
    assert planned(TOTAL) == []


def test_by_products_go_before_blank_lines_and_comments_before_source() -> None:
    by_products = [("notebooks as their cells", 48_500), ("lock files", 5000), ("data", 2000)]
    assert told(planned(14_000)) == [*by_products, ("documentation", 3000), ("blank lines removed", 600)]
    # Where the tests have to go, blank lines need not.
    assert told(planned(12_000)) == [*by_products, ("documentation", 3000), ("tests", 4000)]
    assert told(planned(8600)) == [
        *by_products,
        ("documentation", 3000),
        ("tests", 4000),
        ("comments removed", 2000),
    ]
    assert planned(100)[-1].kind is Kind.SOURCE


def test_what_is_told_together_is_what_saves_next_to_nothing_of_the_whole() -> None:
    """Not what does so after it was made shorter: langgraph's lock files were told as part of a changelog."""
    one = shrinking(files=MORE)
    kinds = file_kinds(one.tree.shape)
    for budget in range(0, TOTAL, 500):
        steps = plan_smaller(one, kinds, budget)
        assert not any(step.parts for step in steps)
        assert all(step.saves == 5000 for step in steps if step.title == "lock files")


def test_nothing_is_shortened_for_next_to_nothing() -> None:
    """As the base64 in one file of langgraph, where the others were left out."""
    one = shrinking(files=MORE)
    kinds = file_kinds(one.tree.shape)
    for budget in range(0, TOTAL, 20):
        steps = plan_smaller(one, kinds, budget)
        assert all(step.saves >= TOTAL / 1000 for step in steps if step.shortening), (budget, told(steps))


def test_what_is_left_out_is_not_shortened_too() -> None:
    steps = planned(0)
    dropped = np.concatenate([step.files for step in steps if not step.shortening])
    for step in steps:
        if step.shortening:
            assert not np.isin(step.files, dropped).any()


@given(st.integers(0, TOTAL + 10), st.sets(st.sampled_from(range(len(FILES)))))
def test_a_plan_keeps_to_the_budget_and_adds_up(budget: int, keep: set[int]) -> None:
    kept = np.isin(np.arange(len(FILES)), sorted(keep))
    steps = planned(budget, kept)
    assert TOTAL - sum(step.saves for step in steps) == left(steps)
    assert all(step.saves > 0 for step in steps)
    touched = np.unique(np.concatenate([np.zeros(0, np.int64), *(step.files for step in steps)]))
    assert not np.isin(touched, sorted(keep)).any()
    if not keep:
        assert left(steps) <= budget
    kinds = [ORDER.index(step.kind) for step in steps]
    assert kinds == sorted(kinds)
    own_source = [step for step in steps if step.kind is Kind.SOURCE and not step.shortening]
    if own_source:
        remaining = {PATHS[n] for n in range(len(FILES)) if n not in keep and n not in touched.tolist()}
        assert not remaining & {"data.csv", "docs/a.md", "tests/test_a.py"}


def test_suggestions_say_what_each_saves_alone() -> None:
    found = {one.shortening: one.saves for one in suggest_shrinking(shrinking())}
    assert found == {
        Shortening.LOCK_FILES: 4980,
        Shortening.NOTEBOOKS: 48_500,
        Shortening.BASE64: 30_000,
        Shortening.BLANK_LINES: 600,
        Shortening.COMMENTS: 3000,
    }
    beside = {one.shortening: one.saves for one in suggest_shrinking(shrinking(bit_of(Shortening.COMMENTS)))}
    assert Shortening.COMMENTS not in beside
    assert beside[Shortening.BLANK_LINES] == 400


@pytest.mark.parametrize("around", [0, 32])
def test_packing_is_counted(around: int) -> None:
    one = shrinking()
    with_packing = Shrinking(one.tree, one.found, one.wanted, one.name, around)
    assert (with_packing.weights(one.wanted) - one.weights(one.wanted) == around).all()
