"""A walk finds what belongs to a tree and lists the rest with its reason."""

import errno
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.documents.tree.test_ignore_files import write
from tokviz.documents.reading import ReadError
from tokviz.documents.tree import walking
from tokviz.documents.tree.known_packs import PackMark
from tokviz.documents.tree.walking import LeftOut, Reason, WalkOptions, walk

needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")


def found(root: Path, options: WalkOptions | None = None) -> list[str]:
    return [file.path for listing in walk(root, options, {}) for file in listing.files]


def left_out(root: Path, options: WalkOptions | None = None) -> dict[str, LeftOut]:
    return {out.path: out for listing in walk(root, options, {}) for out in listing.left_out}


def test_files_come_folder_by_folder_with_size_and_time(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": "12345", "a/z": "", "a/deep/er": "x", "c/d": ""})
    listings = list(walk(tmp_path, None, {}))
    assert [listing.folder for listing in listings] == ["", "a", "a/deep", "c"]
    assert found(tmp_path) == ["b.txt", "a/z", "a/deep/er", "c/d"]
    first = listings[0].files[0]
    assert (first.size, first.modified) == (5, (tmp_path / "b.txt").stat().st_mtime_ns)


def test_hidden_files_and_version_control(tmp_path: Path) -> None:
    files = {
        ".env": "",
        ".github/w.yml": "",
        ".git/HEAD": "",
        "sub/.svn/x": "",
        "a": "",
        ".gitignore": "!.keep\n",
    }
    write(tmp_path, {**files, ".keep": ""})
    assert found(tmp_path) == [".keep", "a"]
    reasons = {path: out.reason for path, out in left_out(tmp_path).items()}
    assert reasons == {
        ".env": Reason.HIDDEN,
        ".github": Reason.HIDDEN,
        ".gitignore": Reason.HIDDEN,
        ".git": Reason.VERSION_CONTROL,
        "sub/.svn": Reason.VERSION_CONTROL,
    }
    assert found(tmp_path, WalkOptions(hidden=True)) == [".env", ".gitignore", ".keep", "a", ".github/w.yml"]


def test_ignore_files_can_be_left_aside(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*\n", ".tokvizignore": "a\n", "a": "", "b/c": ""})
    assert found(tmp_path) == []
    assert found(tmp_path, WalkOptions(respect_ignore_files=False)) == ["a", "b/c"]


def test_a_source_archive_whose_rules_ignore_everything_says_so(tmp_path: Path) -> None:
    # Debian's linux-source has such a file.
    write(
        tmp_path,
        {".gitignore": "*.o\n#\n/*\n!/debian/\n", "Makefile": "", "kernel/fork.c": "", "debian/rules": ""},
    )
    assert found(tmp_path) == ["debian/rules"]
    out = left_out(tmp_path)
    assert out["kernel"].folder
    assert out["kernel"].describe() == "ignored by .gitignore, line 3: /*"
    assert out["Makefile"].describe() == "ignored by .gitignore, line 3: /*"


def test_patterns_of_the_user(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.py": "", "b.js": "", "src/a.py": "", "src/sub/c.py": "", "doc/d.md": "", ".gitignore": "a.py\n"},
    )
    assert found(tmp_path, WalkOptions(exclude=("*.md", "/src/"))) == ["b.js"]
    out = left_out(tmp_path, WalkOptions(exclude=("*.md", "/src/")))
    assert out["src"].describe() == "ignored by --exclude: /src/"
    assert found(tmp_path, WalkOptions(include=("*.py",))) == ["src/sub/c.py"]
    assert found(tmp_path, WalkOptions(include=("src/", "*.md"))) == ["doc/d.md", "src/sub/c.py"]
    assert left_out(tmp_path, WalkOptions(include=("*.py",)))["b.js"].reason is Reason.NOT_INCLUDED
    with pytest.raises(ValueError, match=r"--include /: the pattern matches nothing"):
        walk(tmp_path, WalkOptions(include=("/",)), {})


def test_a_size_limit(tmp_path: Path) -> None:
    write(tmp_path, {"big": "x" * 11, "small": "x" * 10})
    assert found(tmp_path, WalkOptions(largest=10)) == ["small"]
    out = left_out(tmp_path, WalkOptions(largest=10))["big"]
    assert (out.reason, out.size, out.describe()) == (Reason.TOO_LARGE, 11, "larger than 10 bytes")


@needs_posix
def test_links_are_listed_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"outside/secret": "x", "root/a": "x", "root/sub/b": "x"})
    root = tmp_path / "root"
    (root / "loop").symlink_to(".")
    (root / "sub/up").symlink_to("..")
    (root / "out").symlink_to("../outside")
    (root / "file").symlink_to("a")
    (root / "broken").symlink_to("nowhere")
    assert found(root) == ["a", "sub/b"]
    out = left_out(root)
    assert {path for path, one in out.items() if one.reason is Reason.LINK} == {
        "loop",
        "sub/up",
        "out",
        "file",
        "broken",
    }
    (tmp_path / "entry").symlink_to("root")
    assert found(tmp_path / "entry") == ["a", "sub/b"]


@needs_posix
def test_pipes_and_sockets_are_listed_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        out = left_out(tmp_path)
    assert (out["pipe"].reason, out["pipe"].describe()) == (Reason.SPECIAL, "a named pipe")
    assert out["socket"].describe() == "a socket"
    os.mkfifo(tmp_path / ".gitignore")
    assert found(tmp_path) == []


@needs_posix
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text("x")
    (tmp_path / ".gitignore").write_bytes(b"*.log\ncaf[\xe9].log\n")
    (tmp_path / os.fsdecode(b"caf\xe9.log")).write_text("x")
    assert found(tmp_path) == [name]
    assert (tmp_path / found(tmp_path)[0]).read_text() == "x"


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"shut/a": "", "open/b": ""})
    scandir = os.scandir

    def refuse(path: bytes) -> "Iterator[os.DirEntry[bytes]]":
        if path.endswith(b"shut"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("tokviz.documents.tree.walking.os.scandir", refuse)
    assert found(tmp_path) == ["open/b"]
    out = left_out(tmp_path)["shut"]
    assert (out.reason, out.folder, out.describe()) == (Reason.UNREADABLE, True, "permission denied")


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"Cannot read .*nowhere: no such file or directory"):
        list(walk(tmp_path / "nowhere", None, {}))


def test_a_deep_tree(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 300)
    deep.mkdir(parents=True)
    (deep / "f").touch()
    assert found(tmp_path) == ["d/" * 300 + "f"]


NASTY = """
a.log important.log build/x src/build/x node_modules/a/b src/node_modules/c cache/a x/cache/b/c
doc/a.pdf doc/sub/a.pdf #odd Temp1 temp2 xtemp allow/this allow/that foo/bar foo/a/b/bar foo/a/b/baz
lib.a lib.o lib.so sub/a.c sub/a.txt sub/deep/a.md sub/deep/a.c sub/deep/no.txt sub/shut/a.txt
.hidden/x .hidden/y.log größe/ü.log größe/ü
"""


@pytest.mark.skipif(shutil.which("git") is None, reason="git is what it is compared with")
def test_a_nasty_tree_is_what_git_lists(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "*.log\n!important.log\n/build/\nnode_modules\n**/cache/**\ndoc/*.pdf\n\\#odd\n"
            "[Tt]emp*\nallow/*\n!allow/this\nspace\\ \nfoo/**/bar\n*.[oa]\n",
            "sub/.gitignore": "*\n!*.txt\n!deep/\n!.gitignore\n",
            "sub/deep/.gitignore": "!*.md\nno.txt\n",
            "allow/.gitignore": "",
            **dict.fromkeys(NASTY.split(), "x"),
            "space ": "x",
        },
    )
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text("lib.so\n")
    command = ["git", "-c", "core.excludesFile=", "ls-files", "-z", "-co", "--exclude-standard"]
    git = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.split("\0")
    assert sorted(found(tmp_path, WalkOptions(hidden=True))) == sorted(path for path in git if path)


def test_what_is_taken_in_by_hand_belongs_to_it_whatever_leaves_it_out(tmp_path: Path) -> None:
    files = {
        ".gitignore": "*.log\nbuild/\n",
        "a.log": "x",
        "b.log": "x",
        ".env": "x",
        "large": "x" * 200,
        "build/x.log": "x",
        "build/.deep/y": "x",
        "build/.git/HEAD": "x",
    }
    write(tmp_path, files)
    names = ("a.log", ".env", "large", "build")
    options = WalkOptions(largest=100, taken_in=frozenset(str(tmp_path / name) for name in names))
    assert sorted(found(tmp_path, options)) == [".env", "a.log", "build/.deep/y", "build/x.log", "large"]
    reasons = {path: out.reason for path, out in left_out(tmp_path, options).items()}
    assert reasons == {
        ".gitignore": Reason.HIDDEN,
        "b.log": Reason.RULE,
        "build/.git": Reason.VERSION_CONTROL,
    }


def test_a_pack_of_its_own_is_left_out_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"a": "x", "packed.md": "# a", "copies/other.txt": "# a", "of_its_size": "# b"})
    packs = frozenset((PackMark.of(b"# a"),))
    assert found(tmp_path, WalkOptions(packs=packs)) == ["a", "of_its_size"]
    gone = left_out(tmp_path, WalkOptions(packs=packs))["packed.md"]
    assert (gone.reason, gone.describe(), gone.size) == (Reason.PACK, "packed by tokviz", 3)
    both = WalkOptions(packs=packs, taken_in=frozenset((str(tmp_path / "packed.md"),)))
    assert found(tmp_path, both) == ["a", "of_its_size", "packed.md"]


@pytest.mark.parametrize("pattern", ["packed.md", "/packed.md", "copies/other.txt"])
def test_a_pack_is_counted_if_an_include_pattern_names_it(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, {"a": "x", "packed.md": "# a", "copies/other.txt": "# a"})
    packs = frozenset((PackMark.of(b"# a"),))
    assert found(tmp_path, WalkOptions(packs=packs, include=(pattern,))) == [pattern.lstrip("/")]
    assert found(tmp_path, WalkOptions(packs=packs, include=("*.md", "*.txt", "a"))) == ["a"]


def test_what_is_gone_before_it_is_looked_at_hides_nothing_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a": "", "b": "", "c": "", "d/e": ""})

    class Gone:
        """An entry of a file that was removed when the folder had been listed."""

        def __init__(self, entry: "os.DirEntry[bytes]") -> None:
            self.name, self.path, self.is_dir = entry.name, entry.path, entry.is_dir

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    scandir = os.scandir

    @contextmanager
    def scan(path: bytes) -> Iterator[list[object]]:
        with scandir(path) as entries:
            yield [Gone(entry) if entry.name == b"b" else entry for entry in entries]

    monkeypatch.setattr(os, "scandir", scan)
    assert found(tmp_path) == ["a", "c", "d/e"]
    assert left_out(tmp_path)["b"].describe() == "no such file or directory"


def test_what_windows_hides_is_hidden_and_what_it_mounts_is_no_folder() -> None:
    hidden = SimpleNamespace(st_file_attributes=0x2 | 0x20)
    assert walking._windows(hidden, walking._WINDOWS_HIDDEN)  # type: ignore[arg-type]
    assert not walking._windows(hidden, walking._WINDOWS_REPARSE)  # type: ignore[arg-type]
    assert not walking._windows(os.stat_result([0] * 10), walking._WINDOWS_HIDDEN)
