"""What a plan would leave out has a badge where it begins, and nothing else has one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.codebase.conftest import make_tree, node
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.ui.codebase.plan_marks import plan_badges

PATHS = ["a/x.py", "a/y.py", "b/c/l.lock", "b/c/m.lock", "b/d.md", "e.py"]
KINDS = [Kind.LOCK_FILES, Kind.TESTS, Kind.DOCUMENTATION]


def suggestions(owners: list[int]) -> list[Suggestion]:
    """One of each kind, of the files that have its number."""
    which = np.array(owners)
    return [Suggestion(kind, kind, np.flatnonzero(which == number), 1) for number, kind in enumerate(KINDS)]


def one_by_one(tree: TokenTree, found: list[Suggestion]) -> dict[int, Kind]:
    """The outermost nodes whose files that take part are all in one suggestion."""
    shape, marked = tree.shape, dict[int, Kind]()
    for number in range(len(shape)):
        inside = range(int(shape.first_files[number]), int(shape.end_files[number]))
        taking = {file for file in inside if tree.takes_part[file]}
        for one in found:
            if number not in (0, *shape.root_nodes) and taking and taking <= set(one.files.tolist()):
                marked[number] = one.kind
    return {number: kind for number, kind in marked.items() if int(shape.parents[number]) not in marked}


@given(
    st.lists(st.integers(-1, len(KINDS) - 1), min_size=len(PATHS), max_size=len(PATHS)),
    st.lists(st.booleans(), min_size=len(PATHS), max_size=len(PATHS)),
)
def test_the_outermost_of_each_suggestion_are_marked(owners: list[int], included: list[bool]) -> None:
    tree = make_tree(PATHS, [100] * len(PATHS)).with_flags(np.array(included))
    found = suggestions(owners)
    words = {Kind.LOCK_FILES: "lock file", Kind.TESTS: "tests", Kind.DOCUMENTATION: "documentation"}
    expected = {number: words[kind] for number, kind in one_by_one(tree, found).items()}
    assert plan_badges(tree, found) == expected


def test_a_folder_of_two_kinds_has_none_of_its_own() -> None:
    tree = make_tree(PATHS, [100] * len(PATHS))
    badges = plan_badges(tree, suggestions([-1, -1, 0, 0, 2, -1]))
    assert badges == {node(tree, "b/c"): "lock file", node(tree, "b/d.md"): "documentation"}
