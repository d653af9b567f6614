"""The metrics leave as tables that other programs read."""

import csv
import io
import json

import numpy as np

from tests.analysis.codebase.density import DENSITY
from tests.analysis.codebase.test_token_tree import ALL, node, tree
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import as_csv, as_json
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS


def test_csv_has_a_row_for_every_folder_and_file() -> None:
    done = tree().with_counts([ALL]).with_included([node("src/a.py")], False)
    rows = list(csv.DictReader(io.StringIO(as_csv(done, {"o200k_base": done.values[3]}))))
    assert [row["path"] for row in rows] == [
        "",
        "README.md",
        "src",
        "src/a.py",
        "src/b.py",
        "src/sub",
        "src/sub/c.py",
        "test",
        "test/a_test.py",
    ]
    assert rows[2] == {
        "path": "src",
        "kind": "folder",
        "language": "",
        "bytes": "600",
        "characters": "600",
        "lines": "24",
        "o200k_base": "170",
        "counted": "yes",
        "included": "partly",
    }
    assert (rows[3]["language"], rows[3]["included"]) == ("Python", "no")


def test_json_says_what_is_estimated() -> None:
    begun = tree()
    rows = json.loads(as_json(begun, {"o200k_base": begun.values[3]}))
    assert rows[1] == {
        "path": "README.md",
        "kind": "file",
        "language": "Markdown",
        "bytes": 1000,
        "characters": 1000,
        "lines": 31,
        "tokens": {"o200k_base": 250},
        "counted": False,
        "included": "yes",
    }


def test_several_roots_are_told_apart_and_odd_names_are_readable() -> None:
    shape = TreeShape([("one", ["a"]), ("two", ["x/a\n", "caf\udce9"])])
    rows = json.loads(as_json(TokenTree.begin(shape, [1, 2, 3], SIZE_COLUMNS, DENSITY), {}))
    assert [row["path"] for row in rows] == ["one", "one/a", "two", "two/x", "two/x/a\\x0a", "two/caf\ufffd"]


def test_nothing() -> None:
    empty = TokenTree.begin(TreeShape([]), [], SIZE_COLUMNS, DENSITY)
    assert as_json(empty, {}) == "[]\n"
    assert as_csv(empty, {"x": np.zeros(0, np.int64)}).count("\n") == 1
