"""Folders and files as arrays: subtrees are ranges, and nothing is lost on the way to and fro."""

import pickle
from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.codebase.tree_shape import TOP, TreeShape

PATHS = ["README.md", "src/a.py", "src/b.py", "src/sub/c.py", "test/a_test.py"]


def in_walk_order(paths: set[str]) -> list[str]:
    """As a walk gives them: a folder's files before its subfolders."""

    def key(path: str) -> list[tuple[bool, str]]:
        *folders, name = path.split("/")
        return [*((True, folder) for folder in folders), (False, name)]

    return sorted(paths, key=key)


def without_files_that_are_folders(paths: set[str]) -> list[str]:
    return in_walk_order({path for path in paths if not any(other.startswith(path + "/") for other in paths)})


trees = st.sets(
    st.lists(st.sampled_from(["a", "b", "é", ".x"]), min_size=1, max_size=4).map("/".join), max_size=12
).map(without_files_that_are_folders)


@settings(deadline=None)
@given(trees, trees)
def test_every_node_is_where_its_path_says(first: list[str], second: list[str]) -> None:
    given_paths = [first, second]
    shape = TreeShape([("one", given_paths[0]), ("two", given_paths[1])])
    everything = [(root, path) for root, paths in enumerate(given_paths) for path in paths]
    assert [(shape.root(node), shape.path(node)) for node in shape.file_nodes.tolist()] == everything
    for node in range(1, len(shape)):
        root, path = shape.root(node), shape.path(node)
        assert shape.find(path, root) == node
        inside = range(int(shape.first_files[node]), int(shape.end_files[node]))
        whole = [
            i
            for i, (r, p) in enumerate(everything)
            if r == root and (not path or p == path or p.startswith(path + "/"))
        ]
        assert list(inside) == whole
        assert shape.ends[node] - node == 1 + sum(shape.ends[child] - child for child in shape.children(node))
        assert all(shape.parents[child] == node for child in shape.children(node))
        assert shape.depths[node] == len(PurePosixPath(path).parts) + 1
        assert len(shape.ancestors(node)) == shape.depths[node] - 1
    assert sum(shape.child_count(node) for node in range(len(shape))) == len(shape) - 1


def test_the_outermost_of_some_nodes_are_in_no_other_and_no_roots() -> None:
    shape = TreeShape([("one", PATHS), ("two", PATHS)])
    src, sub, file = (shape.find(path) for path in ("src", "src/sub", "test/a_test.py"))
    assert src is not None and sub is not None and file is not None
    flags = np.zeros(len(shape), np.bool_)
    flags[[TOP, *shape.root_nodes, src, sub, file]] = True
    assert shape.outermost(flags) == [src, file]
    assert flags[shape.root_nodes[1]], "flags stay as they are"
    assert shape.outermost(np.ones(len(shape), np.bool_)) == sorted(
        node for root in shape.root_nodes for node in shape.children(root).tolist()
    )


def test_a_small_tree() -> None:
    shape = TreeShape([("project", PATHS)])
    assert shape.names == [
        "",
        "project",
        "README.md",
        "src",
        "a.py",
        "b.py",
        "sub",
        "c.py",
        "test",
        "a_test.py",
    ]
    assert shape.children(TOP).tolist() == [1]
    assert shape.children(3).tolist() == [4, 5, 6]
    assert shape.ancestors(7) == [1, 3, 6]
    assert shape.find("src/nothing") is None
    assert shape.find("") == 1
    assert shape.is_file.tolist() == [False, False, True, False, True, True, False, True, False, True]


def test_empty_trees() -> None:
    assert len(TreeShape([])) == 1
    shape = TreeShape([("nothing", [])])
    assert shape.children(TOP).tolist() == [1]
    assert shape.children(1).tolist() == []
    assert shape.matching("x").tolist() == [False, False]


def test_a_folder_that_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="The folder a comes twice"):
        TreeShape([("root", ["a/b/x", "c/y", "a/z"])])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (
            "",
            {
                "",
                "README.md",
                "src",
                "src/a.py",
                "src/b.py",
                "src/sub",
                "src/sub/c.py",
                "test",
                "test/a_test.py",
            },
        ),
        ("readme", {"", "README.md"}),
        ("sub", {"", "src", "src/sub", "src/sub/c.py"}),
        ("a.p", {"", "src", "src/a.py"}),
        ("*.PY", {"", "src", "src/a.py", "src/b.py", "src/sub", "src/sub/c.py", "test", "test/a_test.py"}),
        ("[ab].py", {"", "src", "src/a.py", "src/b.py"}),
        ("src/*.py", {"", "src", "src/a.py", "src/b.py"}),
        ("src/**", {"", "src", "src/a.py", "src/b.py", "src/sub", "src/sub/c.py"}),
        ("s*/", {"", "src", "src/a.py", "src/b.py", "src/sub", "src/sub/c.py"}),
        ("nothing*", set()),
        (
            "project",
            {
                "",
                "README.md",
                "src",
                "src/a.py",
                "src/b.py",
                "src/sub",
                "src/sub/c.py",
                "test",
                "test/a_test.py",
            },
        ),
    ],
)
def test_filtering_shows_what_matches_and_where_it_lies(pattern: str, expected: set[str]) -> None:
    shape = TreeShape([("project", PATHS)])
    shown = np.flatnonzero(shape.matching(pattern))
    assert {shape.path(node) for node in shown.tolist() if node != TOP} == expected


def test_a_filter_that_matches_nothing_says_why() -> None:
    with pytest.raises(ValueError, match=r"Nothing can match \[a \(a bracket that is not closed\)"):
        TreeShape([("project", PATHS)]).matching("[a")


def test_it_travels_between_processes() -> None:
    shape = pickle.loads(pickle.dumps(TreeShape([("project", PATHS)])))
    assert [shape.path(node) for node in shape.file_nodes.tolist()] == PATHS
