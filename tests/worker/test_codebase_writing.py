"""A codebase's metrics as they are written."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.analysis.codebase.density import DENSITY
from tests.worker.conftest import Performer
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.worker.codebase_writing import MetricsFormat, write_metrics

TEXTS = {"a.py": "print(1)\n", "b/c.md": "# Title\n```\ncode\n```\n"}


@pytest.mark.parametrize("form", list(MetricsFormat))
def test_figures_are_written_with_their_labels(
    perform: Performer, tmp_path: Path, form: MetricsFormat
) -> None:
    plan = CountPlan(("r50k_base", "estimate"))
    tree = TokenTree.begin(TreeShape([("project", list(TEXTS))]), [9, 20], plan.columns, DENSITY)
    target = tmp_path / "figures"
    perform(write_metrics(target, tree, plan, form))
    text = target.read_text(encoding="utf-8")
    if form is MetricsFormat.CSV:
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["path"] for row in rows] == ["", "a.py", "b", "b/c.md"]
        assert {"r50k_base", "estimate (estimate)", *SIZE_COLUMNS} <= rows[0].keys()
        assert {row["counted"] for row in rows} == {"estimated"}
    else:
        records = json.loads(text)
        assert [record["path"] for record in records] == ["", "a.py", "b", "b/c.md"]
        assert records[1]["tokens"].keys() == {"r50k_base", "estimate (estimate)"}
        assert not any(record["counted"] for record in records)
