"""A sparse checkout: what it leaves out is no change, for git says that it is not to be there."""

from pathlib import Path

from tests.cli.conftest import Runner
from tests.cli.test_changes import Project, changes
from tests.documents.tree.test_git_index import index_bytes


def test_what_a_sparse_checkout_leaves_out_is_no_change(command: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    repository = project.repository
    out = ("sub/new.py", "sub/same.py")
    entries = {entry.path: (bytes(entry.id.raw), entry.path in out) for entry in repository.index}
    (project.folder / ".git" / "index").write_bytes(index_bytes(entries, 3))
    assert "sub/new.py" in changes(command, project, "--since", "HEAD~1"), "they lie there all the same"
    for path in out:
        (project.folder / path).unlink()
    assert changes(command, project, "--since", "HEAD") == {}
    since = changes(command, project, "--since", "HEAD~1")
    assert set(since) == {"a.py", "gone.py", "sub/new.py"}
    assert since["sub/new.py"][0] is None and since["sub/new.py"][1], "as it is staged"
    (project.folder / "a.py").unlink()
    assert set(changes(command, project, "--since", "HEAD")) == {"a.py"}
