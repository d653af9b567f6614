"""``tokviz history`` on repositories made here: each version as `tokviz count` has it, checked out."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygit2
import pytest
import tiktoken
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import Runner
from tests.cli.test_changes import ONE, WHO, Project
from tests.references import reference


@pytest.fixture
def encoding() -> tiktoken.Encoding:
    return reference("r50k_base")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path / "project")
    project.write("sub/new.py", "new = 3\n" * 9)
    project.write(".hidden", "hidden\n")
    project.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0")
    project.write("latin.txt", "Straße nach Köln über die Brücken\n".encode("cp1252") * 3)
    project.commit("three\n\nwith more to say")
    return project


def versions(command: Runner, project: Project, *options: str) -> list[dict[str, Any]]:
    outcome = command("history", str(project.folder), "--json", *ONE, *options)
    assert outcome.code == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)["versions"]
    return found


def figures(rows: list[dict[str, Any]]) -> list[tuple[int, int | None, int | None]]:
    counts = [row["counts"][0] for row in rows]
    return [(one["tokens"], one["added"], one["removed"]) for one in counts]


def checked_out(command: Runner, project: Project, commit: str, *options: str) -> dict[str, int]:
    """The tokens of each file, as the folder has them with that commit checked out."""
    project.repository.reset(pygit2.Oid(hex=commit), pygit2.enums.ResetMode.HARD)
    outcome = command("count", str(project.folder), "--json", "--no-cache", *ONE, *options)
    return {path["path"]: path["tokens"]["r50k_base"] for path in json.loads(outcome.out)["paths"]}


def test_each_commit_counts_what_it_counts_checked_out(command: Runner, project: Project) -> None:
    found = versions(command, project)
    assert [row["subject"] for row in found] == ["three", "two", "one"]
    assert (found[0]["files"], found[0]["not_text"]) == (4, 1)
    states = [checked_out(command, project, row["commit"]) for row in found]
    assert [tokens for tokens, *_ in figures(found)] == [sum(state.values()) for state in states]
    for newer, older, row in zip(states, states[1:], found, strict=False):
        changes = [newer.get(path, 0) - older.get(path, 0) for path in newer.keys() | older.keys()]
        added, removed = sum(max(0, one) for one in changes), sum(max(0, -one) for one in changes)
        assert figures([row]) == [(sum(newer.values()), added, removed)]
    assert figures(found)[-1][1:] == (sum(states[-1].values()), 0)


def test_what_becomes_a_folder_a_link_or_another_kind_of_file_adds_up(
    command: Runner, project: Project
) -> None:
    path = project.folder / "turns"
    project.write("turns", "a file of some tokens\n")
    project.commit("four")
    path.unlink()
    project.write("turns/inside.txt", "a file in a folder\n")
    project.write("turns/deep/more.txt", "and one more\n")
    project.commit("five")
    shutil.rmtree(path)
    path.symlink_to("README.md")
    project.commit("six")
    path.unlink()
    project.write("turns", "a file of some tokens\n")
    project.commit("seven")
    path.chmod(0o755)
    project.commit("eight")
    found = versions(command, project)
    assert len(found) == 8
    states = [checked_out(command, project, row["commit"]) for row in found]
    assert [tokens for tokens, *_ in figures(found)] == [sum(state.values()) for state in states]
    assert [row["files"] for row in found] == [len(state) for state in states]
    assert figures(found)[0][1:] == (0, 0)


def test_the_oldest_of_some_is_compared_with_the_one_before(command: Runner, project: Project) -> None:
    every = figures(versions(command, project))
    assert figures(versions(command, project, "--last", "2")) == every[:2]
    assert figures(versions(command, project, "--last", "1", "--rev", "HEAD~1")) == every[1:2]


def test_what_the_first_commit_has_is_new(command: Runner, project: Project) -> None:
    *_, first = figures(versions(command, project))
    assert first == (first[0], first[0], 0)
    said = command("history", str(project.folder), *ONE)
    assert "not known" not in said.out
    (project.folder / ".git" / "shallow").write_text(f"{versions(command, project)[-1]['commit']}\n")
    *_, first = figures(versions(command, project))
    assert first[1:] == (None, None), "of a shallow clone nobody knows whether that is where it begins"


def test_a_second_time_no_blob_is_read(
    command: Runner, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tokviz.documents.tree.git_versions import Blob, History

    read: list[str] = []
    content = History.content

    def spying(self: History, blob: Blob) -> bytes | None:
        read.append(blob.path)
        return content(self, blob)

    monkeypatch.setattr(History, "content", spying)
    plain = versions(command, project, "--no-cache")
    assert sorted(set(read)) == ["a.py", "gone.py", "latin.txt", "picture.png", "sub/new.py", "sub/same.py"]
    first = versions(command, project)
    read.clear()
    assert versions(command, project) == first == plain
    assert read == []
    project.write("more.py", "more = 1\n")
    project.commit("four")
    read.clear()
    found = versions(command, project)
    assert read == ["more.py"]
    assert found[1:] == first


def test_a_folder_inside_counts_what_lies_in_it(command: Runner, project: Project) -> None:
    inside = json.loads(command("history", str(project.folder / "sub"), "--json", *ONE).out)["versions"]
    assert [row["files"] for row in inside] == [2, 2, 1]


@pytest.mark.parametrize(
    "options", [("--hidden",), ("--include", "*.py"), ("--exclude", "sub/"), ("--include", "sub/**")]
)
def test_files_are_chosen_as_a_count_chooses_them(
    command: Runner, project: Project, options: tuple[str, ...]
) -> None:
    found = versions(command, project, *options)
    for row in found:
        assert figures([row])[0][0] == sum(checked_out(command, project, row["commit"], *options).values())


def test_a_merge_is_one_step_with_all_that_it_brought(command: Runner, project: Project) -> None:
    repository = project.repository
    main = repository.head.target
    repository.checkout("HEAD")
    trees = []
    side = main
    for number in range(3):
        project.write(f"side{number}.py", "side = 1\n" * (number + 1))
        project.stage()
        trees.append(repository.index.write_tree())
        side = repository.create_commit("refs/heads/side", WHO, WHO, "side", trees[-1], [side])
    repository.create_commit("HEAD", WHO, WHO, "merge of side", trees[-1], [main, side])
    found = versions(command, project)
    assert [row["subject"] for row in found] == ["merge of side", "three", "two", "one"]
    tokens, added, removed = figures(found)[0]
    assert (added, removed) == (tokens - figures(found)[1][0], 0)


def test_tags_and_samples(command: Runner, project: Project) -> None:
    assert command("history", str(project.folder), "--tags", *ONE).out.startswith("There is no tag")
    repository = project.repository
    head = repository.head.peel(pygit2.Commit)
    repository.create_tag("v2", head.id, pygit2.enums.ObjectType.COMMIT, WHO, "two")
    repository.references.create("refs/tags/v1", head.parents[0].id)
    repository.references.create("refs/tags/a-tree", head.tree.id)
    found = versions(command, project, "--tags")
    assert [row["tag"] for row in found] == ["v1", "v2"]  # made in the same second, so by name
    for number in range(8):
        project.write("a.py", f"a = {number}\n" * number)
        project.commit(str(number))
    assert [row["subject"] for row in versions(command, project, "--sample", "3", "--last", "9")] == [
        *("7", "3", "three")
    ]
    assert [row["subject"] for row in versions(command, project, "--sample", "1")] == ["7"]


def test_the_table_names_what_it_shows(command: Runner, project: Project) -> None:
    lines = command("history", str(project.folder), *ONE, "--last", "2").out.splitlines()
    assert lines[0].startswith("2 commits of ")
    assert lines[3].split() == ["Commit", "Date", "Files", "Tokens", "Added", "Removed", "Subject"]
    assert lines[4].split()[-1] == "three"


def test_a_shallow_clone_and_a_linked_work_tree(command: Runner, project: Project, tmp_path: Path) -> None:
    expected = figures(versions(command, project))
    git = project.folder / ".git"
    oldest = project.repository.head.peel(pygit2.Commit).parents[0]
    linked = tmp_path / "linked"
    project.repository.add_worktree("linked", str(linked))
    outcome = command("history", str(linked), "--json", *ONE)
    assert figures(json.loads(outcome.out)["versions"]) == expected
    # As `git clone --depth 2` leaves it: the parent of the last commit is not there.
    (git / "shallow").write_text(f"{oldest.id}\n", encoding="utf-8")
    gone = str(oldest.parent_ids[0])
    (git / "objects" / gone[:2] / gone[2:]).unlink()
    outcome = command("history", str(project.folder), "--json", *ONE)
    found = json.loads(outcome.out)
    assert found["shallow"] is True
    assert [tokens for tokens, *_ in figures(found["versions"])] == [tokens for tokens, *_ in expected[:2]]
    assert "The clone is shallow" in command("history", str(project.folder), *ONE).out


def test_what_cannot_be_told_is_told_in_a_sentence(command: Runner, project: Project, tmp_path: Path) -> None:
    cases: dict[str, tuple[str, ...]] = {
        "lies in no git repository": (str(tmp_path),),
        "There is no revision “nope”": (str(project.folder), "--rev", "nope"),
        "there is no folder": (str(tmp_path / "gone"),),
        "matches nothing": (str(project.folder), "--include", "/"),
        "There is no tokenizer": (str(project.folder), "--tokenizer", "nope"),
    }
    for sentence, arguments in cases.items():
        outcome = command("history", *arguments)
        assert outcome.code in (1, 2), arguments
        assert sentence.lower() in outcome.err.lower(), outcome.err
        assert "Traceback" not in outcome.err
    empty = tmp_path / "empty"
    pygit2.init_repository(str(empty))
    assert (
        "no revision “HEAD” in this repository, which has no commit yet" in command("history", str(empty)).err
    )


@pytest.mark.parametrize(
    ("encoding", "data", "shown"),
    [("ISO-8859-1", b"J\xe9r", "Jér"), ("x-nonsense", b"J\xe9r", "J�r"), ("", "Jér".encode(), "Jér")],
)
def test_old_encodings_and_years_that_no_calendar_has(
    command: Runner, project: Project, tmp_path: Path, encoding: str, data: bytes, shown: str
) -> None:
    tree, parent = project.repository.revparse_single("HEAD^{tree}").id, project.repository.head.target
    who = b"%b <a@b> 99999999999999 +0000" % data
    head = f"tree {tree}\nparent {parent}\n".encode() + b"author %b\ncommitter %b\n" % (who, who)
    head += f"encoding {encoding}\n".encode() if encoding else b""
    made = project.repository.odb.write(pygit2.enums.ObjectType.COMMIT, head + b"\nsaid by %b\n" % data)
    project.repository.head.set_target(made)
    newest, *_ = versions(command, project)
    assert (newest["author"], newest["subject"]) == (shown, f"said by {shown}")
    assert newest["time"].startswith("1970-01-01")
    target = tmp_path / "pack.md"
    asked = ("--diff", "HEAD~1..HEAD", "--pack", str(target), "--with-log")
    assert command("count", str(project.folder), *asked, *ONE).code == 0
    said = f"Author: {shown}\nDate: 1970-01-01 00:00:00 +0000\n\n    said by {shown}\n"
    assert said in target.read_text("utf-8")


def test_a_blob_that_is_not_in_the_clone_is_told(command: Runner, project: Project) -> None:
    blob = str(project.repository.head.peel(pygit2.Commit).tree["a.py"].id)
    (project.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    outcome = command("history", str(project.folder), *ONE)
    assert outcome.code == 1
    assert "The text of a.py is not in this clone; fetch it first." in outcome.err


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    states=st.lists(
        st.dictionaries(
            st.sampled_from(["a.py", "b/c.txt", "b/d.txt", "e"]), st.text(max_size=12), max_size=4
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_history_adds_up(
    states: list[dict[str, str]],
    command: Runner,
    tmp_path_factory: pytest.TempPathFactory,
    encoding: tiktoken.Encoding,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    repository = pygit2.init_repository(str(folder))
    parents: list[pygit2.Oid] = []
    for number, state in enumerate(states):
        index = pygit2.Index()
        for path, text in state.items():
            data = text.encode("utf-8", "replace").replace(b"\0", b"").replace(b"\x1b", b"")
            mode = pygit2.enums.FileMode.BLOB
            index.add(pygit2.IndexEntry(path, repository.create_blob(data), mode))
        tree = index.write_tree(repository)
        parents = [repository.create_commit("HEAD", WHO, WHO, str(number), tree, parents)]
    rows = json.loads(command("history", str(folder), "--json", *ONE, "-a").out)["versions"]
    tokens = [one for one, *_ in figures(rows)]
    for (_, added, removed), newer, older in zip(figures(rows), tokens, tokens[1:], strict=False):
        assert added is not None
        assert removed is not None
        assert newer - older == added - removed
    count: Callable[[bytes], int] = lambda data: len(encoding.encode_ordinary(data.decode()))  # noqa: E731
    newest = repository.head.peel(pygit2.Commit).tree
    blobs = [entry for entry in newest if entry.type_str == "blob"]
    inner = [entry for tree in newest if tree.type_str == "tree" for entry in tree]
    assert tokens[0] == sum(count(entry.data) for entry in [*blobs, *inner])


def test_a_file_that_was_only_renamed_is_neither_added_nor_removed(command: Runner, project: Project) -> None:
    project.write("copy.py", "x = 1\n" * 20)  # as a.py
    project.commit("four")
    (project.folder / "a.py").rename(project.folder / "sub" / "b.py")
    project.commit("five")
    (project.folder / "copy.py").unlink()
    project.commit("six")
    (sixth, *_), (fifth, *fifth_changes), (_, added, removed) = figures(versions(command, project))[:3]
    assert fifth_changes == [0, 0]
    assert removed == 0 and added == fifth - sixth
