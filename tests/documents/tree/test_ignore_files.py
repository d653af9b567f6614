"""Which ignore file has the last word, and where they are looked for."""

import os
from pathlib import Path

import pytest

from tokviz.documents.tree.ignore_files import global_excludes
from tokviz.documents.tree.walking import FolderListing, WalkOptions, walk


def write(root: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def listings(root: Path, home: Path | None = None) -> list[FolderListing]:
    return list(walk(root, WalkOptions(), {"HOME": str(home)} if home else {}))


def found(root: Path, home: Path | None = None) -> set[str]:
    return {file.path for listing in listings(root, home) for file in listing.files}


def why(root: Path, home: Path | None = None) -> dict[str, str]:
    return {
        out.path: out.describe() for listing in listings(root, home) for out in listing.left_out if out.rule
    }


def test_nearer_files_and_stronger_kinds_decide(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*.log\n",
            ".ignore": "!b.log\n*.tmp\n",
            ".tokvizignore": "c.txt\n!c.log\n!d.tmp\n",
            "sub/.gitignore": "!a.log\n",
            "a.log": "",
            "b.log": "",
            "c.log": "",
            "c.txt": "",
            "d.tmp": "",
            "e.tmp": "",
            "sub/a.log": "",
            "sub/x.log": "",
            "sub/c.txt": "",
        },
    )
    assert found(tmp_path) == {"b.log", "c.log", "d.tmp", "sub/a.log"}
    assert why(tmp_path) == {
        "a.log": "ignored by .gitignore, line 1: *.log",
        "c.txt": "ignored by .tokvizignore, line 1: c.txt",
        "e.tmp": "ignored by .ignore, line 2: *.tmp",
        "sub/c.txt": "ignored by .tokvizignore, line 1: c.txt",
        "sub/x.log": "ignored by .gitignore, line 1: *.log",
    }


def test_a_file_under_a_folder_left_out_cannot_be_taken_back(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "out/\n!out/keep\n", "out/keep": "", "out/x": ""})
    assert found(tmp_path) == set()
    assert why(tmp_path) == {"out": "ignored by .gitignore, line 1: out/"}


def test_rules_above_an_opened_subfolder_up_to_the_repository(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*.py\n",
            ".ignore": "*.far\n",
            "repo/.git/info/exclude": "*.exclude\n/src/only\n",
            "repo/.gitignore": "*.o\n/src/gen/\n/other/x\n/src/deep/*.c\n",
            "repo/src/a.py": "",
            "repo/src/a.o": "",
            "repo/src/a.far": "",
            "repo/src/a.exclude": "",
            "repo/src/only": "",
            "repo/src/x": "",
            "repo/src/gen/y": "",
            "repo/src/deep/z.c": "",
            "repo/src/deep/z.h": "",
        },
    )
    assert found(tmp_path / "repo/src") == {"a.py", "x", "deep/z.h"}
    reasons = why(tmp_path / "repo/src")
    assert reasons["a.o"] == f"ignored by {tmp_path}/repo/.gitignore, line 1: *.o"
    assert reasons["only"] == f"ignored by {tmp_path}/repo/.git/info/exclude, line 2: /src/only"
    assert reasons["a.far"] == f"ignored by {tmp_path}/.ignore, line 1: *.far"


def test_a_repository_inside_another_has_its_own_git_rules(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            ".gitignore": "*.o\n",
            ".ignore": "*.tmp\n",
            "inner/.git/info/exclude": "secret\n",
            "inner/a.o": "",
            "inner/a.tmp": "",
            "inner/secret": "",
        },
    )
    assert found(tmp_path) == {"inner/a.o"}


def test_a_work_tree_and_a_submodule_point_to_their_repository(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main/.git/info/exclude": "*.o\n",
            "main/.git/worktrees/w/commondir": "../..\n",
            "main/.git/worktrees/w/gitdir": "../../../../w/.git\n",
            "w/.git": "gitdir: ../main/.git/worktrees/w\n",
            "w/a.o": "",
            "w/a.c": "",
        },
    )
    assert found(tmp_path / "w") == {"a.c"}


@pytest.mark.parametrize("target", ["//server/share/git", "\\\\server\\share\\git", "nowhere", ""])
def test_a_git_file_that_points_nowhere_useful(tmp_path: Path, target: str) -> None:
    write(tmp_path, {".git": f"gitdir: {target}\n", "a.c": ""})
    assert found(tmp_path) == {"a.c"}


def test_the_users_global_excludes_are_the_weakest(tmp_path: Path) -> None:
    home = tmp_path / "home"
    write(
        tmp_path,
        {
            "home/.config/git/ignore": "*.swp\n/top\n",
            "p/.git/HEAD": "",
            "p/.gitignore": "!b.swp\n",
            "p/a.swp": "",
            "p/b.swp": "",
            "p/top": "",
            "p/sub/top": "",
        },
    )
    assert found(tmp_path / "p", home) == {"b.swp", "sub/top"}
    assert why(tmp_path / "p", home)["a.swp"] == f"ignored by {home}/.config/git/ignore, line 1: *.swp"
    assert found(tmp_path / "p/sub", home) == {"top"}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[core]\n\texcludesFile = ~/mine\n", "{home}/mine"),
        ("[user]\n\tname = x\n[CORE]\n  ExcludesFile=/abs/mine ; comment\n", "/abs/mine"),
        ('[core]\n\texcludesfile = "/with # sign/\\"q\\""\n', '/with # sign/"q"'),
        ("[core]\n\texcludesfile = /first\n\texcludesfile = /last\n", "/last"),
        ('[core "sub"]\n\texcludesfile = /other\n', "{home}/.config/git/ignore"),
        ("[other]\n\texcludesfile = /other\n", "{home}/.config/git/ignore"),
    ],
)
def test_where_the_global_excludes_are(tmp_path: Path, config: str, expected: str) -> None:
    write(tmp_path, {".gitconfig": config})
    path = global_excludes({"HOME": str(tmp_path)})
    assert path is not None
    assert str(path) == expected.format(home=tmp_path)


def test_other_places_of_the_global_excludes(tmp_path: Path) -> None:
    write(tmp_path, {"xdg/git/config": "[core]\nexcludesfile = /x\n", "own": "[core]\nexcludesfile =\n"})
    assert global_excludes({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}) == Path("/x")
    assert global_excludes({"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": str(tmp_path / "own")}) is None
    assert global_excludes({}) is None


def test_an_ignore_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.c": "", "sub/.gitignore/x": "", "sub/b.c": "", "big/.ignore": "x\n" * 600_000, "big/c": ""},
    )
    (tmp_path / ".gitignore").symlink_to("a.c")
    problems = [problem for listing in listings(tmp_path) for problem in listing.problems]
    not_applied = "Its rules are not applied."
    assert problems == [
        f"Cannot read {tmp_path}/.gitignore: it is a symbolic link; name a regular file. {not_applied}",
        f"Cannot read {tmp_path}/big/.ignore: it is larger than 1,048,576 bytes. {not_applied}",
        f"Cannot read {tmp_path}/sub/.gitignore: it is a folder; name a regular file. {not_applied}",
    ]
    assert found(tmp_path) == {"a.c", "sub/b.c", "big/c"}


@pytest.mark.skipif(os.name == "nt", reason="no file of Windows has such a name")
def test_blanks_at_a_lines_end_count_behind_an_odd_number_of_backslashes(tmp_path: Path) -> None:
    names = ["one", "one ", "two\\", "two\\ ", "three\\", "three\\ ", "four", "four "]
    write(tmp_path, dict.fromkeys(names, ""))
    write(tmp_path, {".gitignore": "one\\   \ntwo\\\\  \nthree\\\\\\ \nfour   \n"})
    (listing,) = walk(tmp_path, WalkOptions(), {})
    assert [file.path for file in listing.files] == ["four ", "one", "three\\", "two\\ "]
