"""``tokviz count --since``, ``--staged``, ``--diff`` on repositories made here."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pygit2
import pytest
import tiktoken

from tests.cli.conftest import Runner
from tests.references import reference
from tests.speaking import speaking
from tokviz.cli.changes import what_changed
from tokviz.documents.tree.git_changes import MOST_CONTENTS, Compared, changed_paths
from tokviz.documents.tree.git_reader import GitReader

ONE = ("--tokenizer", "r50k_base")
WHO = pygit2.Signature("A", "a@example.org", 0, 0)


@pytest.fixture
def encoding() -> tiktoken.Encoding:
    return reference("r50k_base")


class Project:
    """A repository; with three commits if it is not only ``begun``: the last changed one file, added one and
    deleted one."""

    def __init__(self, folder: Path, begun: bool = False) -> None:
        self.folder = folder
        self.repository = pygit2.init_repository(str(folder))
        if begun:
            return
        self.write("a.py", "x = 1\n" * 10)
        self.write("gone.py", "y = 2\n" * 5)
        self.write("sub/same.py", "z\n")
        self.commit("one")
        self.write("sub/new.py", "new = 3\n" * 4)
        self.write("a.py", "x = 1\n" * 20)
        (folder / "gone.py").unlink()
        self.commit("two")

    def write(self, path: str, text: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def stage(self) -> None:
        self.repository.index.add_all()
        self.repository.index.write()

    def commit(self, message: str) -> None:
        self.stage()
        tree = self.repository.index.write_tree()
        parents = [] if self.repository.head_is_unborn else [self.repository.head.target]
        self.repository.create_commit("HEAD", WHO, WHO, message, tree, parents)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def changes(command: Runner, project: Project, *options: str) -> dict[str, tuple[int | None, int | None]]:
    outcome = command("count", str(project.folder), *options, *ONE, "--json")
    assert outcome.code == 0, outcome.err
    found = {}
    for one in json.loads(outcome.out)["changes"]:
        before, after = (one[side] and one[side]["r50k_base"] for side in ("before", "after"))
        found[os.path.relpath(one["path"], project.folder)] = (before, after)
    return found


def test_between_two_revisions(command: Runner, project: Project, encoding: tiktoken.Encoding) -> None:
    def size(text: str) -> int:
        return len(encoding.encode_ordinary(text))

    assert changes(command, project, "--diff", "HEAD~1..HEAD") == {
        "a.py": (size("x = 1\n" * 10), size("x = 1\n" * 20)),
        "gone.py": (size("y = 2\n" * 5), None),
        "sub/new.py": (None, size("new = 3\n" * 4)),
    }
    back = changes(command, project, "--diff", "HEAD..HEAD~1")
    assert back["sub/new.py"][1] is None


def test_a_file_that_was_renamed_is_one(command: Runner, project: Project) -> None:
    """As git has it, whether it was also edited or not; nothing of it was added."""
    project.write("long.py", "".join(f"line {number}\n" for number in range(50)))
    project.commit("three")
    (project.folder / "a.py").rename(project.folder / "sub" / "a.py")
    text = (project.folder / "long.py").read_text().replace("line 7\n", "seven\n")
    (project.folder / "long.py").unlink()
    project.write("sub/longer.py", text)
    project.commit("four")
    outcome = command("count", str(project.folder), "--diff", "HEAD~1..HEAD", *ONE)
    folder = project.folder
    assert f"{folder}/a.py → {folder}/sub/a.py" in outcome.out
    assert f"{folder}/long.py → {folder}/sub/longer.py" in outcome.out
    assert outcome.out.startswith("2 files changed in HEAD~1..HEAD\n")
    found = json.loads(command("count", str(folder), "--diff", "HEAD~1..HEAD", *ONE, "--json").out)["changes"]
    assert [Path(one["renamed_from"]).name for one in found] == ["a.py", "long.py"]
    assert found[0]["before"] == found[0]["after"]
    below = command("count", str(folder / "sub"), "--diff", "HEAD~1..HEAD", *ONE).out
    assert "→" not in below and "2 files" in below  # what lies elsewhere is not asked about


def test_since_a_revision_what_lies_there_counts(command: Runner, project: Project) -> None:
    project.write("untracked/x.py", "u\n")
    project.write("ignored.log", "u\n")
    project.write(".gitignore", "*.log\n")
    project.write("sub/same.py", "other\n")
    assert set(changes(command, project, "--since", "HEAD")) == {
        "untracked/x.py",
        ".gitignore",
        "sub/same.py",
    }
    assert "a.py" in changes(command, project, "--since", "HEAD~1")


def test_staged(command: Runner, project: Project) -> None:
    project.write("a.py", "staged\n")
    project.stage()
    project.write("a.py", "not staged, and longer\n" * 9)
    project.write("b.py", "not staged\n")
    assert list(changes(command, project, "--staged")) == ["a.py"]
    assert changes(command, project, "--staged")["a.py"][1] == 3


def test_in_a_merge_conflict_nothing_is_said_of_what_is_staged(command: Runner, project: Project) -> None:
    repository = project.repository
    ours = repository.head.target
    repository.branches.local.create("other", repository[ours].parents[0])
    repository.checkout("refs/heads/other")
    project.write("a.py", "theirs\n")
    project.commit("three")
    repository.merge(ours)
    outcome = command("count", str(project.folder), "--staged", *ONE)
    assert outcome.code == 1
    assert outcome.err == (
        "tokviz count: a.py is in a merge conflict, so what is staged is not known; resolve it first.\n"
    )
    assert "a.py" in changes(command, project, "--since", "HEAD"), "what lies there is known"
    project.write("a.py", "resolved\n")
    repository.index.add("a.py")
    repository.index.write()
    assert "a.py" in changes(command, project, "--staged")


def test_before_the_first_commit_all_that_is_staged_is_new(
    command: Runner, tmp_path: Path, encoding: tiktoken.Encoding
) -> None:
    project = Project(tmp_path / "begun", begun=True)
    project.write("a.py", "x = 1\n" * 10)
    project.stage()
    project.write("later.py", "y\n")
    assert changes(command, project, "--staged") == {"a.py": (None, len(encoding.encode("x = 1\n" * 10)))}


def test_of_one_folder_only_what_lies_in_it(command: Runner, project: Project) -> None:
    outcome = command("count", str(project.folder / "sub"), "--since", "HEAD~1", *ONE, "--json")
    assert [one["path"] for one in json.loads(outcome.out)["changes"]] == [
        str(project.folder / "sub" / "new.py")
    ]


def test_growth_has_a_limit(command: Runner, project: Project) -> None:
    outcome = command("count", str(project.folder), "--since", "HEAD~1", *ONE)
    assert "3 files changed since HEAD~1" in outcome.out
    added = re.search(r"r50k_base: (\d+) tokens added, (\d+) removed, (.\d+) in all", outcome.out)
    assert added is not None
    growth = int(added[1]) - int(added[2])
    limit = ("--since", "HEAD~1", *ONE, "--max-growth")
    assert command("count", str(project.folder), *limit, str(growth)).code == 0
    grown = command("count", str(project.folder), *limit, str(growth - 1))
    assert (grown.code, f"Grown by {growth} tokens" in grown.err) == (3, True)


def test_what_is_binary_is_told_and_left_out(command: Runner, project: Project) -> None:
    project.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0")
    outcome = command("count", str(project.folder), "--since", "HEAD", *ONE)
    assert outcome.code == 0
    assert "picture.png is not counted" in outcome.err


def test_tags_with_a_message_stand_for_their_commits(command: Runner, project: Project) -> None:
    commits = {
        "old": project.repository.revparse_single("HEAD~1"),
        "new": project.repository.revparse_single("HEAD"),
    }
    for name, commit in commits.items():
        project.repository.create_tag(name, commit.id, pygit2.enums.ObjectType.COMMIT, WHO, "a message")
    for dots in ("..", "..."):
        between = changes(command, project, "--diff", f"old{dots}new")
        assert between == changes(command, project, "--diff", f"HEAD~1{dots}HEAD")
        assert set(between) == {"a.py", "gone.py", "sub/new.py"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "nowhere"), "no revision “nowhere”"),
        (("--since", "HEAD:a.py"), "no revision “HEAD:a.py”"),
        (("--diff", "HEAD:a.py..HEAD"), "no revision “HEAD:a.py”"),
        (("--diff", "HEAD"), "write them as A..B"),
        (("--max-growth", "5"), "--max-growth needs"),
        (("--since", "HEAD", "--files-from", "-"), "--files-from does not go with --since"),
        (("--since", "HEAD", "--staged"), "not allowed with"),
    ],
)
def test_a_mistake_is_one_sentence(
    command: Runner, project: Project, options: tuple[str, ...], said: str
) -> None:
    outcome = command("count", str(project.folder), *options, *ONE)
    assert outcome.code in (1, 2)
    assert said in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("command_line", [("count", "--since", "HEAD~1"), ("history", "--no-cache")])
@pytest.mark.parametrize("damage", ["broken", "another kind"])
def test_a_damaged_repository_is_told_in_one_sentence(
    command: Runner, project: Project, command_line: tuple[str, ...], damage: str
) -> None:
    tree = project.repository.revparse_single("HEAD~1^{tree}")
    if damage == "broken":
        text = str(project.repository.revparse_single("HEAD~1:a.py").id)
        file = project.folder / ".git" / "objects" / text[:2] / text[2:]
        file.chmod(0o600)
        file.write_bytes(b"no object")
    else:
        raw = b"100644 a.py\0" + tree.id.raw
        made = project.repository.odb.write(pygit2.enums.ObjectType.TREE, raw)
        parents = [project.repository.head.target]
        project.repository.create_commit("HEAD", WHO, WHO, "odd", made, parents)
        project.repository.create_commit("HEAD", WHO, WHO, "even", tree.id, [project.repository.head.target])
    name, *options = command_line
    outcome = command(name, str(project.folder), *options, *ONE)
    assert outcome.code == 1 and "The text of a.py cannot be read" in outcome.err
    assert "Traceback" not in outcome.err


def test_outside_a_repository_it_says_so(command: Runner, tmp_path: Path) -> None:
    outcome = command("count", str(tmp_path), "--since", "HEAD", *ONE)
    assert (outcome.code, "lies in no git repository" in outcome.err) == (1, True)


def test_in_a_linked_work_tree(command: Runner, project: Project, tmp_path: Path) -> None:
    project.repository.add_worktree("other", str(tmp_path / "other"))
    (tmp_path / "other" / "a.py").write_text("changed\n")
    outcome = command("count", str(tmp_path / "other"), "--since", "HEAD", *ONE, "--json")
    assert [Path(one["path"]).name for one in json.loads(outcome.out)["changes"]] == ["a.py"]


def test_patterns_choose_of_what_changed(command: Runner, project: Project) -> None:
    since = ("--since", "HEAD~1")
    assert set(changes(command, project, *since, "--exclude", "sub/")) == {"a.py", "gone.py"}
    assert set(changes(command, project, *since, "--exclude", "*.py")) == set()
    assert set(changes(command, project, *since, "--include", "sub", "--include", "gone.py")) == {
        "sub/new.py",
        "gone.py",
    }
    outcome = command("count", str(project.folder), *since, "--exclude", "/", *ONE)
    assert (outcome.code, "--exclude /: the pattern matches nothing" in outcome.err) == (2, True)


def test_a_file_beyond_all_bounds_is_named(command: Runner, project: Project) -> None:
    with (project.folder / "sub" / "data.bin").open("wb") as file:
        file.truncate(MOST_CONTENTS + 1)
    outcome = command("count", str(project.folder), "--since", "HEAD", *ONE)
    assert outcome.code == 1
    assert "data.bin is larger than 256 MB; have .gitignore name" in outcome.err
    with GitReader() as reader:
        assert changed_paths(reader, project.folder, Compared("HEAD")) == ["sub/data.bin"]


def test_a_shallow_clone_and_a_bare_repository_are_said_to_be_so(
    command: Runner, project: Project, tmp_path: Path
) -> None:
    shallow, bare = tmp_path / "shallow", tmp_path / "bare.git"
    source = project.folder.absolute().as_uri()
    for options, target in ((("--depth", "1"), shallow), (("--bare",), bare)):
        subprocess.run(["git", "clone", "-q", *options, source, str(target)], check=True)
    outcome = command("count", str(shallow), "--since", "HEAD~1", *ONE)
    assert outcome.code == 1 and "“HEAD~1” in this clone, which is shallow; fetch more" in outcome.err
    outcome = command("count", str(bare), "--since", "HEAD~1", *ONE)
    assert outcome.code == 1 and f"{bare} is a bare repository, without files" in outcome.err


def test_what_is_no_folder_is_said_to_be_none(command: Runner, project: Project) -> None:
    folder, nowhere = project.folder, project.folder.parent / "nowhere"
    for path, sentence in (
        (folder / "a.py", "{} is no folder; name the one that it lies in."),
        (folder / "nowhere", "There is no folder {}; check the name."),
        (nowhere, "There is no folder {}; check the name."),
    ):
        outcome = command("count", str(path), "--since", "HEAD~1", *ONE)
        assert (outcome.code, sentence.format(path) in outcome.err) == (1, True)
    project.write("old/b.py", "b\n")
    project.commit("three")
    shutil.rmtree(project.folder / "old")
    outcome = command("count", str(project.folder / "old"), "--since", "HEAD", *ONE)
    assert (outcome.code, "1 file changed" in outcome.out) == (0, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_comparison_that_never_ends_is_ended(
    command: Runner, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.documents.tree.git_reader.SECONDS", 3.0)
    os.mkfifo(project.folder / "sub" / ".gitignore")
    project.write("a.py", "changed\n")
    outcome = command("count", str(project.folder), "--since", "HEAD", *ONE)
    assert outcome.code == 1
    assert "takes longer than 3 seconds; look whether" in outcome.err
    monkeypatch.undo()
    # What is read from git's own store alone is not held up.
    assert command("count", str(project.folder), "--diff", "HEAD~1..HEAD", *ONE).code == 0


def test_a_process_that_never_starts_is_ended(
    command: Runner, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr("tokviz.documents.tree.git_reader.command_line", lambda _: asleep)
    monkeypatch.setattr("tokviz.documents.tree.git_reader._STARTING", 2.0)
    outcome = command("count", str(project.folder), "--since", "HEAD", *ONE)
    assert outcome.code == 1
    assert "takes longer than 2 seconds" in outcome.err


@pytest.mark.parametrize("code", ["de", "ja", "zh_CN"])
def test_two_revisions_are_named_in_every_language(command: Runner, project: Project, code: str) -> None:
    with speaking(code):
        told = command("count", str(project.folder), "--diff", "HEAD~1..HEAD", *ONE).out
        assert "HEAD~1..HEAD" in told.splitlines()[0]
        assert "HEAD~1...HEAD" in what_changed(Compared("HEAD~1", "HEAD", from_common=True))


def test_a_pack_is_not_among_what_changed(command: Runner, project: Project) -> None:
    before = json.loads(command("count", str(project.folder), "--since", "HEAD", "--json", *ONE).out)
    target = project.folder / "pack.md"
    assert command("count", str(project.folder), "--pack", str(target), *ONE).code == 0
    again = command("count", str(project.folder), "--since", "HEAD", *ONE)
    assert "pack.md is left out: tokviz has packed it" in again.err
    after = json.loads(command("count", str(project.folder), "--since", "HEAD", "--json", *ONE).out)
    assert after["changes"] == before["changes"]
    assert [Path(path).name for path in after["skipped"]] == ["pack.md"]


@pytest.mark.parametrize("pattern", ["pack.md", "./pack.md", "/pack.md"])
def test_a_pack_that_is_named_is_among_what_changed(command: Runner, project: Project, pattern: str) -> None:
    inside = project.folder / "inside"
    inside.mkdir()
    (inside / "words.txt").write_text("Some words.\n")
    assert command("count", str(inside), "--pack", str(inside / "pack.md"), *ONE).code == 0
    told = command("count", str(inside), "--since", "HEAD", *ONE).err
    assert f"{inside / 'pack.md'} is left out: tokviz has packed it; --include pack.md counts it." in told
    found = command("count", str(inside), "--since", "HEAD", "--include", pattern, "--json", *ONE)
    answer = json.loads(found.out)
    assert [Path(row["path"]).name for row in answer["changes"]] == ["pack.md"]
    assert answer["skipped"] == []
