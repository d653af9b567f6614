"""A codebase's tokens by file type, as text to take away."""

import csv
import io
import json

import numpy as np

from tests.analysis.codebase.density import DENSITY
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_counts import type_counts
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.codebase.type_counts import TypeCounts, csv_table, json_table, markdown
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.tokens import Provenance

FOUND = TypeCounts(
    matrix(["A|B", "Python"], ["o200k_base", "claude"], [100, 9000], [[40, 50], [3000, 3500]]),
    (Provenance.EXACT, Provenance.ESTIMATE),
    (1, 12),
)


def test_the_largest_types_come_first() -> None:
    columns = (*SIZE_COLUMNS, "r50k_base")
    tree = TokenTree.begin(
        TreeShape([("project", ["a.md", "b.py", "c.py"])]), [100, 4000, 5000], columns, DENSITY
    )
    counted = np.array([[100, 100, 1, 40], [4000, 4000, 9, 1000], [5000, 5000, 9, 2000]], np.int64)
    batch = CountedBatch(
        np.arange(3), counted, ["UTF-8"] * 3, np.zeros(3, np.int64), [], np.zeros(3, np.bool_)
    )
    found = type_counts(tree.with_counts([batch]), CountPlan(("r50k_base",)))
    assert found.matrix.rows == ("Python", "Markdown") and found.files == (2, 1)
    assert found.matrix.sizes.tolist() == [9000, 100]
    assert found.matrix.tokens.tolist() == [[3000], [40]]


def test_csv_has_plain_numbers_and_names_estimates() -> None:
    rows = list(csv.reader(io.StringIO(csv_table(FOUND))))
    assert rows == [
        ["type", "files", "bytes", "o200k_base", "claude (estimate)"],
        ["A|B", "1", "100", "40", "50"],
        ["Python", "12", "9000", "3000", "3500"],
    ]


def test_json_has_every_figure_under_its_name() -> None:
    record = json.loads(json_table(FOUND))
    assert record["tokenizers"] == [
        {"tokenizer": "o200k_base", "provenance": "exact"},
        {"tokenizer": "claude", "provenance": "estimate"},
    ]
    assert record["types"] == [
        {"type": "A|B", "files": 1, "bytes": 100, "tokens": {"o200k_base": 40, "claude": 50}},
        {"type": "Python", "files": 12, "bytes": 9000, "tokens": {"o200k_base": 3000, "claude": 3500}},
    ]


def test_markdown_marks_estimates_and_adds_up() -> None:
    assert markdown(FOUND).splitlines() == [
        "| Type | Files | Bytes | o200k_base | claude |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| A\\|B | 1 | 100 | 40 | ~50 |",
        "| Python | 12 | 9,000 | 3,000 | ~3,500 |",
        "| Total | 13 | 9,100 | 3,040 | ~3,550 |",
    ]
