"""Ignore rules where git finds them, and what git tracks: the reference is git itself."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from tokviz.documents.tree import git_process
from tokviz.documents.tree.walking import Reason, WalkOptions, walk

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")


class Tree:
    """A repository with a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.home, self.root = folder / "home", folder / "r"
        self.home.mkdir()
        self.root.mkdir()
        self.environment = {"HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        self.git("init", "-q")
        self.write("a.sql", "b.txt")

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        name = ["-c", "user.name=a", "-c", "user.email=a@b"]
        done = subprocess.run(
            ["git", *name, *arguments],
            cwd=folder or self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def write(self, *paths: str, text: str = "x\n") -> None:
        for path in paths:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text, encoding="utf-8")

    def ours(self, root: Path | None = None) -> list[str]:
        listings = walk(root or self.root, WalkOptions(hidden=True), self.environment)
        self.problems: list[str] = []
        found = []
        for listing in listings:
            found += [file.path for file in listing.files]
            self.problems += listing.problems
        return sorted(found)

    def theirs(self, root: Path | None = None) -> list[str]:
        lines = self.git("ls-files", "-z", "-co", "--exclude-standard", folder=root).split("\0")
        return sorted(line for line in lines if line and not line.endswith("/"))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def agree(tree: Tree, expected: list[str]) -> None:
    assert tree.ours() == tree.theirs() == expected
    assert tree.problems == []


def test_excludes_file_through_an_include(tree: Tree) -> None:
    (tree.home / ".gitconfig").write_text("[include]\n\tpath = inc\n", encoding="utf-8")
    (tree.home / "inc").write_text("[core]\n\texcludesFile = ~/.gi\n", encoding="utf-8")
    (tree.home / ".gi").write_text("*.sql\n", encoding="utf-8")
    agree(tree, ["b.txt"])


def test_excludes_file_through_a_conditional_include(tree: Tree) -> None:
    lines = f'[includeIf "gitdir:{tree.root}/"]\n\tpath = ~/inc\n[includeIf "gitdir:/no/"]\n\tpath = ~/no\n'
    (tree.home / ".gitconfig").write_text(lines, encoding="utf-8")
    (tree.home / "inc").write_text("[core]\n\texcludesFile = ~/.gi\n", encoding="utf-8")
    (tree.home / "no").write_text("[core]\n\texcludesFile = ~/.no\n", encoding="utf-8")
    (tree.home / ".gi").write_text("*.sql\n", encoding="utf-8")
    agree(tree, ["b.txt"])


@pytest.mark.parametrize("value", ["{root}/.git/mine", ".git/mine", '".git/mi\\\nne"'])
def test_excludes_file_of_the_repository_itself(tree: Tree, value: str) -> None:
    (tree.root / ".git" / "mine").write_text("*.sql\n", encoding="utf-8")
    with (tree.root / ".git" / "config").open("a") as config:
        config.write(f"[core]\n\texcludesFile = {value.format(root=tree.root)}\n")
    agree(tree, ["b.txt"])


def test_case_as_the_repository_has_it(tree: Tree) -> None:
    tree.write(".gitignore", text="*.SQL\n")
    tree.git("config", "core.ignorecase", "true")
    agree(tree, [".gitignore", "b.txt"])
    tree.git("config", "core.ignorecase", "false")
    agree(tree, [".gitignore", "a.sql", "b.txt"])


def test_a_tracked_file_that_is_ignored_belongs_to_the_tree(tree: Tree) -> None:
    tree.write("build/kept.sql", "build/deep/kept.txt", "build/made.txt")
    tree.git("add", "-f", "a.sql", "build/kept.sql", "build/deep/kept.txt")
    tree.write(".gitignore", text="*.sql\nbuild/\n")
    agree(tree, [".gitignore", "a.sql", "b.txt", "build/deep/kept.txt", "build/kept.sql"])
    tree.write(".ignore", text="a.sql\n")  # not git's: it means the walk alone
    assert "a.sql" not in tree.ours()


def test_a_tracked_file_that_the_user_excludes_does_not(tree: Tree) -> None:
    tree.write("build/kept.txt")
    tree.git("add", "-f", "a.sql", "build/kept.txt")
    options = WalkOptions(exclude=("*.sql", "build/"))
    listings = list(walk(tree.root, options, {}))
    assert [file.path for listing in listings for file in listing.files] == ["b.txt"]


def test_a_walk_below_the_root_of_the_repository(tree: Tree) -> None:
    tree.write("src/a.gen", "src/b.py", "src/c.gen")
    tree.git("add", "-f", "src/a.gen")
    tree.write(".gitignore", text="*.gen\n")
    assert tree.ours(tree.root / "src") == ["a.gen", "b.py"] == tree.theirs(tree.root / "src")


def test_a_linked_work_tree_inside_is_not_counted_twice(tree: Tree) -> None:
    tree.git("add", ".")
    tree.git("commit", "-qm", "i")
    tree.git("worktree", "add", "-q", "wt")
    assert tree.ours() == ["a.sql", "b.txt"]
    gone = [each for listing in walk(tree.root, None, tree.environment) for each in listing.left_out]
    assert ("wt", Reason.VERSION_CONTROL) in [(each.path, each.reason) for each in gone]
    assert tree.ours(tree.root / "wt") == [".git", "a.sql", "b.txt"] or tree.ours(tree.root / "wt") == [
        "a.sql",
        "b.txt",
    ]


def test_a_submodule_has_its_own_files_and_rules(tree: Tree, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    tree.git("init", "-q", folder=other)
    (other / "x.log").write_text("x\n", encoding="utf-8")
    (other / ".gitignore").write_text("*.log\n", encoding="utf-8")
    tree.git("add", "-f", ".", folder=other)
    tree.git("commit", "-qm", "i", folder=other)
    tree.git("-c", "protocol.file.allow=always", "submodule", "-q", "add", str(other), "sub")
    (tree.root / "sub" / "new.log").write_text("x\n", encoding="utf-8")
    assert [path for path in tree.ours() if path.startswith("sub/")] == ["sub/.gitignore", "sub/x.log"]
    assert tree.ours(tree.root / "sub") == [".gitignore", "x.log"]
    assert tree.problems == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
@pytest.mark.parametrize("name", ["include", "excludesfile", "index", "config"])
def test_a_named_pipe_hangs_nothing_and_is_told(tree: Tree, name: str) -> None:
    tree.write(".gitignore", text="*.sql\n")
    git, pipe = tree.root / ".git", tree.root / ".git" / "pipe"
    if name in ("index", "config"):
        (git / name).unlink(missing_ok=True)
        os.mkfifo(git / name)
    else:
        os.mkfifo(pipe)
        section = "[include]\n\tpath" if name == "include" else "[core]\n\texcludesfile"
        with (git / "config").open("a") as config:
            config.write(f"{section} = {pipe}\n")
    done: list[list[str]] = []
    thread = threading.Thread(target=lambda: done.append(tree.ours()), daemon=True)
    thread.start()
    thread.join(20)
    assert done == [[".gitignore", "b.txt"]]
    assert len(tree.problems) == 1


def test_a_work_tree_elsewhere_is_refused_and_told(tree: Tree, tmp_path: Path) -> None:
    tree.write(".gitignore", text="*.sql\n")
    tree.git("config", "core.worktree", "/etc")
    assert tree.ours() == [".gitignore", "b.txt"]
    assert "leads elsewhere" in tree.problems[0]


def test_a_git_file_that_points_at_somebody_elses_repository_is_not_followed(
    tree: Tree, tmp_path: Path
) -> None:
    (tree.root / ".git" / "info" / "exclude").write_text("*.txt\n", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.txt").write_text("x\n", encoding="utf-8")
    (other / ".git").write_text(f"gitdir: {tree.root / '.git'}\n", encoding="utf-8")
    assert "b.txt" in tree.ours(other)


def test_without_pygit2_it_is_told(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygit2", None)
    tree.git("add", "a.sql")
    tree.write(".gitignore", text="*.sql\n")
    assert tree.ours() == [".gitignore", "b.txt"]
    assert "pygit2 is not installed" in tree.problems[0]


def excludes(tree: Tree, file: Path, pattern: str) -> None:
    """Have ``file`` be git settings that exclude ``pattern``, by a file that it includes from beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent / "ignored").write_text(f"{pattern}\n", encoding="utf-8")
    named = str(file.parent / "ignored").replace("\\", "\\\\").replace('"', '\\"')
    (file.parent / "more").write_text(f'[core]\nexcludesFile = "{named}"\n', encoding="utf-8")
    file.write_text("[include]\npath = more\n", encoding="utf-8")


@pytest.mark.parametrize("variable", ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"])
def test_settings_in_the_file_that_the_environment_names(tree: Tree, tmp_path: Path, variable: str) -> None:
    excludes(tree, tmp_path / 'an "odd" \\ name' / "settings", "*.sql")
    if variable == "GIT_CONFIG_GLOBAL":  # it stands in the place of these two
        excludes(tree, tree.home / ".gitconfig", "b.txt")
        excludes(tree, tree.home / ".config" / "git" / "config", "b.txt")
    tree.environment[variable] = str(tmp_path / 'an "odd" \\ name' / "settings")
    tree.environment["GIT_CONFIG_NOSYSTEM"] = "no"
    assert tree.ours() == tree.theirs() == ["b.txt"]


def test_conditional_include_in_the_file_that_the_environment_names(tree: Tree, tmp_path: Path) -> None:
    excludes(tree, tmp_path / "other" / "settings", "*.sql")
    named = tmp_path / "named"
    named.write_text(f'[includeIf "gitdir:{tree.root}/"]\npath = other/settings\n', encoding="utf-8")
    tree.environment["GIT_CONFIG_GLOBAL"] = str(named)
    assert tree.ours() == tree.theirs() == ["b.txt"]


@pytest.mark.parametrize("value", ["1", "true", "Yes", "on", "2"])
def test_the_systems_settings_are_switched_off(tree: Tree, tmp_path: Path, value: str) -> None:
    excludes(tree, tmp_path / "settings", "*.sql")
    tree.environment |= {"GIT_CONFIG_SYSTEM": str(tmp_path / "settings"), "GIT_CONFIG_NOSYSTEM": value}
    assert tree.ours() == tree.theirs() == ["a.sql", "b.txt"]


@pytest.mark.parametrize("value", ["0", "false", "No", "off", ""])
def test_the_systems_settings_are_not_switched_off(tree: Tree, tmp_path: Path, value: str) -> None:
    excludes(tree, tmp_path / "settings", "*.sql")
    tree.environment |= {"GIT_CONFIG_SYSTEM": str(tmp_path / "settings"), "GIT_CONFIG_NOSYSTEM": value}
    assert tree.ours() == tree.theirs() == ["b.txt"]


def test_an_empty_name_means_no_settings_of_the_user(tree: Tree) -> None:
    excludes(tree, tree.home / ".gitconfig", "*.sql")
    tree.environment["GIT_CONFIG_GLOBAL"] = ""
    assert tree.ours() == tree.theirs() == ["a.sql", "b.txt"]
    (tree.home / ".config" / "git").mkdir(parents=True)
    (tree.home / ".config" / "git" / "ignore").write_text("b.txt\n", encoding="utf-8")
    assert tree.ours() == tree.theirs() == ["a.sql"]


def test_settings_in_the_environment_itself(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "ignored").write_text("*.SQL\n", encoding="utf-8")
    tree.git("config", "core.excludesFile", "nowhere")
    tree.environment |= {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "core.excludesfile"}
    tree.environment |= {"GIT_CONFIG_VALUE_0": str(tmp_path / "ignored")}
    tree.environment |= {"GIT_CONFIG_KEY_1": "Core.IgnoreCase", "GIT_CONFIG_VALUE_1": "true"}
    assert tree.ours() == tree.theirs() == ["b.txt"]


def test_a_named_pipe_that_the_environment_names_hangs_nothing_and_is_told(
    tree: Tree, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    tree.environment["GIT_CONFIG_GLOBAL"] = str(tmp_path / "pipe")
    (tree.root / ".gitignore").write_text("*.sql\n", encoding="utf-8")
    assert tree.ours() == [".gitignore", "b.txt"]
    assert [problem for problem in tree.problems if "pipe is no regular file" in problem]


def test_settings_that_include_one_another_again_and_again(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.write(".gitignore", text="*.sql\n")
    for number in range(7):  # 12 to the power of 7 files to read
        lines = f"[include]\n\tpath = f{number + 1}\n" * 12
        (tree.root / ".git" / f"f{number}").write_text(lines, encoding="utf-8")
    (tree.root / ".git" / "f7").write_text("[a]\n\tb = c\n", encoding="utf-8")
    with (tree.root / ".git" / "config").open("a") as config:
        config.write("[include]\n\tpath = f0\n")
    monkeypatch.setattr(git_process, "SECONDS", 2.0)
    assert tree.ours() == [".gitignore", "b.txt"]
    assert "that takes longer than 2 seconds" in tree.problems[0]


def test_nothing_is_left_behind(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    excludes(tree, tmp_path / "settings", "*.sql")
    tree.environment["GIT_CONFIG_GLOBAL"] = str(tmp_path / "settings")
    assert tree.ours() == ["b.txt"]
    assert not list((tmp_path / "temporary").iterdir())
