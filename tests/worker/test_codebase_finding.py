"""Finding files: roots and named files, what cannot be opened, and what a second scan keeps of the first."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.worker.conftest import Performer
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import FileState
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.documents.reading import ReadError
from tokviz.documents.tree.walking import Reason, WalkOptions
from tokviz.worker import codebase_finding as finding
from tokviz.worker.codebase_finding import FindFiles, FoundTree, Walking
from tokviz.worker.jobs import SupersededError

COLUMNS = (*SIZE_COLUMNS, "r50k_base")


def find(perform: Performer, *paths: Path, before: FoundTree | None = None) -> FoundTree:
    found = perform(FindFiles(paths, WalkOptions(), COLUMNS, before))
    assert isinstance(found, FoundTree)
    return found


def names(found: FoundTree) -> list[str]:
    shape = found.tree.shape
    return [
        f"{shape.names[shape.root_nodes[shape.root(node)]]}:{shape.path(node)}"
        for node in shape.file_nodes.tolist()
    ]


def write(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"text of {path}\n", encoding="utf-8")
    return folder


def counted(found: FoundTree) -> FoundTree:
    """As if every file had been counted, each with a metric of its own."""
    numbers = np.arange(len(found.tree.sizes))
    values = np.repeat(numbers[:, np.newaxis] + 1, len(COLUMNS), axis=1)
    batch = CountedBatch(
        numbers,
        values,
        ["UTF-8"] * len(numbers),
        np.zeros(len(numbers), np.int64),
        [],
        np.zeros(len(numbers), np.bool_),
    )
    return replace(found, tree=found.tree.with_counts([batch]))


def test_folders_and_named_files_are_found_each_once(perform: Performer, tmp_path: Path) -> None:
    a = write(tmp_path / "a", "x.py", "sub/y.py", ".gitignore", "out.log")
    (a / ".gitignore").write_text("*.log\n", encoding="utf-8")
    b = write(tmp_path / "b", "z.py", "w.py")
    found = find(perform, a, b / "z.py", b / "w.py", a / "sub")
    assert names(found) == ["a:x.py", "a:sub/y.py", "b:z.py", "b:w.py"]
    assert found.roots == (a, b, a / "sub")
    assert {gone.path: gone.reason for root, gone in found.left_out if root == 0} == {
        ".gitignore": Reason.HIDDEN,
        "out.log": Reason.RULE,
    }
    assert len(found.modified) == 4
    assert (found.tree.states == FileState.WAITING).all()


def test_roots_of_the_same_name_are_told_apart_by_their_paths(perform: Performer, tmp_path: Path) -> None:
    first, second = write(tmp_path / "1" / "src", "a.py"), write(tmp_path / "2" / "src", "a.py")
    assert names(find(perform, first, second)) == [f"{first}:a.py", f"{second}:a.py"]


def test_what_cannot_be_opened_is_told_and_the_others_go_on(perform: Performer, tmp_path: Path) -> None:
    folder, gone = write(tmp_path / "a", "x.py"), tmp_path / "gone.py"
    found = find(perform, gone, folder)
    assert names(found) == ["a:x.py"]
    assert len(found.problems) == 1
    assert "gone.py" in found.problems[0]
    with pytest.raises(ReadError, match=r"gone\.py"):
        find(perform, gone)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_told(perform: Performer, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", "x.py")
    folder.chmod(0)
    try:
        with pytest.raises(ReadError, match="a"):
            find(perform, folder)
    finally:
        folder.chmod(0o700)


def test_a_long_walk_shows_what_it_has_found(
    perform: Performer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_FIRST_PREVIEW", 0.0)
    monkeypatch.setattr(finding, "_REPORT_EVERY", 0.0)
    folder = write(tmp_path / "a", *(f"{i}/f{j}.py" for i in range(3) for j in range(3)))
    whole = find(perform, folder).tree.shape
    reports = [report for report in perform.reported if isinstance(report, Walking)]
    assert [report.files for report in reports] == list(range(1, 10))
    previews = [report.preview for report in reports if report.preview is not None]
    assert previews
    for preview in previews:
        shape = preview.shape
        assert shape.names == whole.names[: len(shape)]
        assert shape.file_nodes.tolist() == whole.file_nodes[: len(shape.file_nodes)].tolist()


def test_a_walk_that_nobody_wants_ends(
    perform: Performer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_REPORT_EVERY", 0.0)
    perform.wanted = lambda: len(perform.reported) < 2
    with pytest.raises(SupersededError):
        find(perform, write(tmp_path / "a", *(f"{i}.py" for i in range(9))))
    assert len(perform.reported) == 2


def test_a_second_scan_keeps_what_did_not_change(perform: Performer, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", "a.py", "b.py", "c/d.py")
    first = counted(find(perform, folder))
    (folder / "b.py").write_text("longer than it was before\n", encoding="utf-8")
    (folder / "a0.py").write_text("new\n", encoding="utf-8")
    second = find(perform, folder, before=first)
    states = dict(zip(names(second), second.tree.states.tolist(), strict=True))
    waiting, done = FileState.WAITING.value, FileState.COUNTED.value
    assert states == {"a:a.py": done, "a:a0.py": waiting, "a:b.py": waiting, "a:c/d.py": done}
    values = dict(zip(names(second), second.tree.counted[-1].tolist(), strict=True))
    assert values == {"a:a.py": 1, "a:a0.py": 0, "a:b.py": 0, "a:c/d.py": 3}
    assert second.kept.tolist() == [[0, 0], [2, 3]]


def test_what_was_taken_out_stays_out_with_what_is_new_in_it(perform: Performer, tmp_path: Path) -> None:
    folder = write(tmp_path / "a", "a.py", "b.py", "c/d.py", "c/e/f.py", "g/h.py", "g/i.py")
    first = counted(find(perform, folder))
    shape = first.tree.shape
    out = [node for path in ("b.py", "c", "g/h.py") if (node := shape.find(path)) is not None]
    first = replace(first, tree=first.tree.with_included(out, False))
    (folder / "b.py").write_text("another text, longer\n", encoding="utf-8")
    write(folder, "c/new.py", "c/e/new.py", "g/new.py", "new.py")
    second = find(perform, folder, before=first)
    taken = {
        name.removeprefix("a:")
        for name, included in zip(names(second), second.tree.included.tolist(), strict=True)
        if included
    }
    assert taken == {"a.py", "new.py", "g/i.py", "g/new.py"}


def test_roots_may_come_in_another_order(perform: Performer, tmp_path: Path) -> None:
    a, b = write(tmp_path / "a", "x.py"), write(tmp_path / "b", "x.py", "y.py")
    first = counted(find(perform, a, b))
    second = find(perform, b, a, before=first)
    assert names(second) == ["b:x.py", "b:y.py", "a:x.py"]
    assert second.tree.counted[-1].tolist() == [2, 3, 1]
