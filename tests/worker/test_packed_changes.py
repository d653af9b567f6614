"""The diff and the log in front of the files that are packed."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.test_changes import Project
from tests.worker.conftest import Performer
from tokviz.analysis.codebase.packing import PackLayout
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.decoding import FOUND_OUT
from tokviz.documents.tree.git_process import GitError
from tokviz.worker.codebase_packing import Packed, PackFiles
from tokviz.worker.packed_changes import WantedChanges, find_repositories

NAME = "r50k_base"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def packed(
    perform: Performer, wanted: WantedChanges, *folders: tuple[Path, list[str]], out: str = ""
) -> Packed:
    """Everything packed but the file ``out`` of the first folder."""
    shape = TreeShape([(folder.name, paths) for folder, paths in folders])
    taken = np.ones(len(shape.file_nodes), np.bool_)
    if out:
        node = shape.find(out)
        assert node is not None
        taken[shape.first_files[node]] = False
    roots = tuple(folder for folder, _paths in folders)
    result = perform(PackFiles(roots, shape, taken, PackLayout(), NAME, FOUND_OUT, changes=wanted))
    assert isinstance(result, Packed)
    return result


def text_of(packed: Packed) -> str:
    return packed.text.data.decode()


ALL = ["a.py", "sub/new.py", "sub/same.py"]


def test_the_diff_and_the_log_stand_in_front_and_are_counted(perform: Performer, project: Project) -> None:
    project.write("a.py", "x = 1\n" * 20 + "lying = 1\n")
    found = packed(perform, WantedChanges("HEAD~1", 1), (project.folder, ALL))
    text = text_of(found)
    places = [
        text.index(piece)
        for piece in ("last commit.txt\n", "\n    two\n", "+lying = 1\n", "\nx = 1\nlying = 1\n")
    ]
    assert places == sorted(places)
    assert "    one\n" not in text  # the commit before it
    assert found.count.tokens == perform.context.registry.get(NAME).count(text.encode())
    assert not found.remarks
    both = text_of(packed(perform, WantedChanges(None, 20), (project.folder, ALL)))
    assert "\n    one\n" in both and "last 20 commits.txt" in both
    assert "+lying" not in both and "More commits" not in both


def test_what_was_taken_out_is_in_no_diff(perform: Performer, project: Project) -> None:
    text = text_of(packed(perform, WantedChanges("HEAD~1", None), (project.folder, ALL), out="sub/new.py"))
    assert "new = 3" not in text
    assert "-y = 2\n" in text  # gone.py, which is gone


def test_of_a_folder_that_was_taken_out_nothing_that_is_gone_comes_back(
    perform: Performer, project: Project
) -> None:
    (project.folder / "sub" / "same.py").unlink()
    gone = packed(perform, WantedChanges("HEAD", None), (project.folder, ["a.py", "sub/new.py"]))
    assert "--- a/sub/same.py" in text_of(gone)
    out = packed(
        perform, WantedChanges("HEAD", None), (project.folder, ["a.py", "sub/new.py"]), out="sub/new.py"
    )
    assert "same.py" not in text_of(out)
    assert out.remarks == ("Nothing of it changed since HEAD.",)


def test_several_folders_some_in_no_repository(perform: Performer, project: Project, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "b.txt").write_text("words\n", encoding="utf-8")
    project.write("a.py", "lying = 1\n")
    found = packed(
        perform,
        WantedChanges("HEAD", 5),
        (plain, ["b.txt"]),
        (project.folder, ALL),
        (project.folder / "sub", ["new.py", "same.py"]),
    )
    text = text_of(found)
    assert text.count("\n    two\n") == 1  # one repository has one log
    assert text.count("+lying = 1\n") == 1
    assert "project/\n  last 5 commits.txt\n  changes since HEAD.diff\n  a.py\n" in text
    assert [remark.partition("plain")[2] for remark in found.remarks] == [
        " lies in no git repository.",
        "",
    ]


def test_a_revision_that_there_is_not(perform: Performer, project: Project) -> None:
    with pytest.raises(GitError, match="There is no revision “nope”"):
        packed(perform, WantedChanges("nope", None), (project.folder, ALL))


def test_whether_there_is_a_repository(perform: Performer, project: Project, tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    assert perform(find_repositories((plain, project.folder / "sub"))) == ""
    said = perform(find_repositories((plain,)))
    assert said == f"No changes and no log: {plain.resolve()} lies in no git repository."
