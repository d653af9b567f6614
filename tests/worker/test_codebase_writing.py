"""Packing and writing: the text that is counted is the text that is written, all of it or nothing."""

import csv
import io
import json
import os
from pathlib import Path

import numpy as np
import pytest

from tests.analysis.codebase.density import DENSITY
from tests.worker.conftest import Performer
from tokviz.analysis.codebase.packing import PackedFile, PackFormat, pack
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.documents.decoding import FOUND_OUT
from tokviz.tokens import Provenance
from tokviz.worker.codebase_writing import (
    MetricsFormat,
    Packed,
    PackFiles,
    Packing,
    write_metrics,
    write_text,
)
from tokviz.worker.transport import LargeBytes

TEXTS = {"a.py": "print(1)\n", "b/c.md": "# Title\n```\ncode\n```\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for path, text in TEXTS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def packed(perform: Performer, *roots: Path, taken: list[bool], **options: str) -> Packed:
    shape = TreeShape([(root.name, list(TEXTS)) for root in roots])
    form = PackFormat(options.get("form", "markdown"))
    tokenizer = options.get("tokenizer", "r50k_base")
    result = perform(PackFiles(roots, shape, np.array(taken), form, tokenizer, FOUND_OUT))
    assert isinstance(result, Packed)
    return result


@pytest.mark.parametrize("form", list(PackFormat))
def test_what_takes_part_is_packed_and_counted_with_its_wrapping(
    perform: Performer, folder: Path, form: PackFormat
) -> None:
    result = packed(perform, folder, taken=[True, True], form=form)
    files = [PackedFile(path, text.encode()) for path, text in TEXTS.items()]
    text = b"".join(pack("project", list(TEXTS), files, form))
    assert result.text.data == text
    assert isinstance(result.text.data, bytearray)
    tokenizer = perform.context.registry.get("r50k_base")
    assert result.count.tokens == tokenizer.count(text)
    assert result.count.provenance is Provenance.EXACT
    empty = b"".join(pack("project", list(TEXTS), [PackedFile(path, b"") for path in TEXTS], form))
    assert result.wrapping.tokens == tokenizer.count(empty)
    assert perform.reported == [Packing(2, sum(map(len, TEXTS.values())))]


def test_what_is_taken_out_is_not_even_in_the_tree(perform: Performer, folder: Path) -> None:
    text = packed(perform, folder, taken=[True, False]).text.data
    assert b"a.py" in text
    assert b"c.md" not in text


def test_with_several_roots_a_path_says_where_it_belongs(
    perform: Performer, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text("2\n", encoding="utf-8")
    result = packed(perform, folder, other, taken=[True, False, True, False])
    assert b"## project/a.py" in result.text.data
    assert b"## other/a.py" in result.text.data
    assert result.missing == ()


def test_a_file_that_is_gone_is_named(perform: Performer, folder: Path) -> None:
    (folder / "a.py").unlink()
    result = packed(perform, folder, taken=[True, True])
    assert result.missing == ("a.py",)
    assert b"## b/c.md" in result.text.data


def test_an_estimate_stays_one(perform: Performer, folder: Path) -> None:
    result = packed(perform, folder, taken=[True, True], tokenizer="estimate")
    assert result.count.provenance is Provenance.ESTIMATE
    assert result.count.low < result.count.tokens < result.count.high


def test_a_text_is_written_whole_with_the_usual_rights(perform: Performer, tmp_path: Path) -> None:
    target = tmp_path / "out.md"
    assert perform(write_text(target, LargeBytes(bytearray(b"one")))) == target
    plain = tmp_path / "plain"
    plain.touch()
    assert target.read_bytes() == b"one"
    assert target.stat().st_mode == plain.stat().st_mode
    target.chmod(0o640)
    perform(write_text(target, LargeBytes(bytearray(b"two"))))
    assert target.read_bytes() == b"two"
    assert target.stat().st_mode & 0o777 == (0o640 if os.name == "posix" else 0o666)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.md", "plain"]


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
