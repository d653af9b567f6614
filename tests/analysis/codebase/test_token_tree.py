"""The metrics of folders are the sums of their files', whatever is counted, waiting or taken out."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.codebase.density import DENSITY
from tests.analysis.codebase.test_tree_shape import PATHS
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import FileState, Inclusion, TokenTree
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.documents.tree.walking import LeftOut, Reason

COLUMNS = (*SIZE_COLUMNS, "o200k_base")
SIZES = [1000, 300, 200, 100, 50]
SHAPE = TreeShape([("project", PATHS)])


def counted(values: dict[int, tuple[int, int, int, int]], left_out: tuple[int, ...] = ()) -> CountedBatch:
    return CountedBatch(
        numbers=np.array(list(values), np.int64),
        values=np.array(list(values.values()), np.int64).reshape(-1, 4),
        encodings=["UTF-8"] * len(values),
        replaced=np.zeros(len(values), np.int64),
        left_out=[(number, LeftOut(PATHS[number], False, Reason.BINARY)) for number in left_out],
        generated=np.zeros(len(values), np.bool_),
    )


def node(path: str) -> int:
    found = SHAPE.find(path)
    assert found is not None
    return found


def tree() -> TokenTree:
    return TokenTree.begin(SHAPE, SIZES, COLUMNS, DENSITY)


ALL = counted(
    {
        0: (1000, 990, 30, 200),
        1: (300, 300, 10, 70),
        2: (200, 200, 9, 60),
        3: (100, 100, 5, 40),
        4: (50, 50, 1, 9),
    }
)


def test_before_counting_there_are_likely_figures_from_the_sizes() -> None:
    begun = tree()
    # A quarter of a token a byte of Markdown, a little less of Python.
    assert begun.total().tolist() == [1650, 1650, 51, 250 + 69 + 46 + 23 + 12]
    assert not begun.certain(np.array([TOP]))[0]
    assert begun.waiting == 5
    assert begun.language_names == ("Markdown", "Python")


def test_counts_replace_what_was_likely() -> None:
    part = tree().with_counts([counted({0: (1000, 990, 30, 200)})])
    assert part.total(node("README.md")).tolist() == [1000, 990, 30, 200]
    assert part.certain(np.array([node("README.md"), node("src"), 1])).tolist() == [True, False, False]
    done = part.with_counts([ALL])
    assert done.total().tolist() == [1650, 1640, 55, 379]
    assert done.totals(np.array([node("src"), node("src/sub")]))[:, 3].tolist() == [170, 40]
    assert done.certain(np.arange(len(SHAPE))).all()
    assert done.waiting == 0


def test_what_waits_is_judged_by_what_is_counted_of_its_language() -> None:
    shape = TreeShape([("r", ["a.py", "b.py", "c.md", "d.md", "e.c"])])
    begun = TokenTree.begin(shape, [100_000, 1000, 200_000, 1000, 1000], COLUMNS, DENSITY)
    values = {0: (100_000, 100_000, 1, 50_000), 2: (200_000, 200_000, 1, 20_000)}
    part = begun.with_counts([counted(values)])
    # Python and Markdown have 70,000 tokens, where usually they have 73,000.
    assert part.values[3].tolist() == [50_000, 500, 20_000, 100, round(330 * 70 / 73)]


def test_a_folder_taken_out_counts_in_nothing_above_it() -> None:
    whole = tree().with_counts([ALL])
    without = whole.with_included([node("src")], False)
    assert without.total()[3] == 209
    assert without.totals(np.array([1, node("src"), node("test")]))[:, 3].tolist() == [209, 0, 9]
    assert without.full_totals(np.array([1, node("src")]))[:, 3].tolist() == [379, 170]
    assert without.file_counts(np.array([TOP, node("src")])).tolist() == [2, 0]
    back = without.with_included([node("src/sub/c.py")], True)
    assert back.total()[3] == 249
    states = back.inclusion(np.array([1, node("src"), node("src/sub"), node("src/a.py"), node("test")]))
    assert states.tolist() == [
        Inclusion.PARTLY,
        Inclusion.PARTLY,
        Inclusion.ALL,
        Inclusion.NONE,
        Inclusion.ALL,
    ]
    assert whole.total()[3] == 379


def test_binaries_take_part_in_nothing() -> None:
    done = tree().with_counts([ALL, counted({}, left_out=(0,))])
    assert done.total().tolist() == [650, 650, 25, 179]
    assert done.states[0] == FileState.LEFT_OUT
    nodes = np.array([1, node("README.md")])
    assert done.inclusion(nodes).tolist() == [Inclusion.ALL, Inclusion.NONE]
    assert done.certain(nodes).all()


def test_by_language() -> None:
    rows = tree().with_counts([ALL]).with_included([node("test")], False).by_language()
    assert [(row.language, row.files, row.values.tolist(), row.certain) for row in rows] == [
        ("Markdown", 1, [1000, 990, 30, 200], True),
        ("Python", 3, [600, 600, 24, 170], True),
    ]


def test_a_second_scan_keeps_what_did_not_change() -> None:
    before = tree().with_counts([ALL]).with_included([node("test")], False)
    shape = TreeShape([("project", ["new.md", "src/a.py", "test/a_test.py"])])
    after = TokenTree.begin(shape, [10, 300, 50], COLUMNS, DENSITY).with_values_of(before, [(1, 1), (4, 2)])
    assert after.counted[3].tolist() == [0, 70, 9]
    assert after.states.tolist() == [FileState.WAITING, FileState.COUNTED, FileState.COUNTED]
    assert after.included.tolist() == [True, True, False]
    with pytest.raises(ValueError, match="are none of"):
        TokenTree.begin(shape, [1, 1, 1], SIZE_COLUMNS, DENSITY).with_values_of(before, [])


def test_batches_of_a_later_root_count_from_its_first_file() -> None:
    done = tree().with_counts([counted({0: (50, 50, 1, 9)}, left_out=(1,))], 3)
    assert done.counted[3].tolist() == [0, 0, 0, 9, 0]
    assert done.states.tolist()[3:] == [FileState.COUNTED, FileState.LEFT_OUT]


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match="5 files need as many sizes"):
        TokenTree.begin(SHAPE, [1], COLUMNS, DENSITY)


def test_an_empty_tree() -> None:
    empty = TokenTree.begin(TreeShape([("r", [])]), [], COLUMNS, DENSITY)
    assert empty.total().tolist() == [0, 0, 0, 0]
    assert empty.certain(np.array([TOP])).all()
    assert empty.by_language() == []


def test_it_travels_between_processes() -> None:
    done = tree().with_counts([ALL])
    assert pickle.loads(pickle.dumps(done)).total().tolist() == done.total().tolist()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=6),
    st.sets(st.integers(0, 4)),
    st.sets(st.integers(0, 4)),
)
def test_totals_are_sums_over_files(steps: list[tuple[int, bool]], some: set[int], binary: set[int]) -> None:
    values = {number: tuple(ALL.values[number].tolist()) for number in some}
    done = tree().with_counts([counted(values, tuple(binary))])
    taken = dict.fromkeys(range(5), True)
    for target, included in steps:
        done = done.with_included([target], included)
        taken |= dict.fromkeys(range(SHAPE.first_files[target], SHAPE.end_files[target]), included)
    totals = done.totals(np.arange(len(SHAPE)))
    for n in range(len(SHAPE)):
        inside = [f for f in range(SHAPE.first_files[n], SHAPE.end_files[n]) if taken[f] and f not in binary]
        assert totals[n].tolist() == np.array(done.values)[:, inside].sum(axis=1).tolist()
