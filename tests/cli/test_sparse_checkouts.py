"""A sparse checkout: what it leaves out is no change, for git says that it is not to be there."""

import hashlib
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


def test_a_sparse_index_is_told_with_what_helps(command: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    project.write(".gitignore", "a.py\n")
    data = (project.folder / ".git" / "index").read_bytes()[:-20] + b"sdir\0\0\0\0"
    (project.folder / ".git" / "index").write_bytes(data + hashlib.sha1(data).digest())
    outcome = command("count", str(project.folder), "--since", "HEAD", "--tokenizer", "r50k_base")
    assert outcome.code == 1
    assert outcome.err == (
        "tokviz count: The changes cannot be read: its index is a sparse one, which only git reads; "
        "`git sparse-checkout reapply --no-sparse-index` makes it a plain one.\n"
    )
    outcome = command("count", str(project.folder), "--tokenizer", "r50k_base")
    assert outcome.code == 0
    assert f"Git's files in {project.folder} are not read: its index is a sparse one" in outcome.err


def test_a_repository_by_sha_256_is_told_in_our_words(command: Runner, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    config = project.folder / ".git" / "config"
    config.write_text("[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n")
    outcome = command("count", str(project.folder), "--since", "HEAD", "--tokenizer", "r50k_base")
    assert outcome.code == 1
    assert outcome.err == (
        f"tokviz count: Git's files in {project.folder} cannot be read: it names what it keeps by SHA-256, "
        "which only git reads yet.\n"
    )
