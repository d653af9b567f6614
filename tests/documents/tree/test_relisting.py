"""A listing of which some folders changed becomes what a new walk would find, and nothing else is read."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokviz.documents.tree.listing import Listing, list_folder, relisted
from tokviz.documents.tree.walking import WalkOptions

PATHS = [
    "a.py",
    "b.log",
    "src/a.py",
    "src/deep/b.py",
    "src/deep/c.log",
    "docs/x/y/z.md",
    "docs/a.md",
    "srcs/a",
]


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def change(root: Path, action: str, path: str, changed: set[str]) -> None:
    """Do something, and note the folders that a watcher would name."""
    target = root / path
    existing = target.parent
    while not existing.exists():
        existing = existing.parent
    if existing.is_dir():
        changed.add(str(existing))
    if action == "write":
        try:
            write(root, path, "changed\n" * 3)
        except (FileExistsError, NotADirectoryError, IsADirectoryError):
            return
    elif action == "delete":
        if target.is_file():
            target.unlink()
    elif target.parent != root and target.parent.is_dir():
        changed.add(str(target.parent.parent))
        changed.update(str(folder) for folder in target.parent.rglob("*") if folder.is_dir())
        shutil.rmtree(target.parent)


def same(first: Listing, second: Listing) -> None:
    assert first.files == second.files
    assert sorted(map(str, first.left_out)) == sorted(map(str, second.left_out))


actions = st.lists(st.tuples(st.sampled_from(["write", "delete", "remove folder"]), st.sampled_from(PATHS)))


@settings(deadline=None, max_examples=60)
@given(st.sets(st.sampled_from(PATHS)), actions)
@example({"a.py", "src/deep/b.py"}, [("remove folder", "src/a.py"), ("write", "src/deep/b.py")])
def test_it_is_what_a_new_walk_finds(
    tmp_path_factory: pytest.TempPathFactory, paths: set[str], actions: list[tuple[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("root")
    write(root, ".ignore", "*.log\n")
    write(root, "kept.txt", "1")
    for path in sorted(paths):
        write(root, path, "1\n")
    options = WalkOptions()
    listing = list_folder(root, options)
    changed: set[str] = set()
    for action, path in actions:
        change(root, action, path, changed)
    inside = {os.path.relpath(folder, root) for folder in changed}
    relisted(listing, options, {"" if path == "." else path for path in inside})
    same(listing, list_folder(root, options))


def test_only_what_changed_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        write(tmp_path, f"folder{number}/deep/a.py", "1")
    listing = list_folder(tmp_path)
    write(tmp_path, "folder3/deep/new/b.py", "1")
    looked: list[str] = []
    scandir = os.scandir

    def noting(path: bytes) -> "os._ScandirIterator[bytes]":
        looked.append(os.path.relpath(os.fsdecode(path), tmp_path))
        return scandir(path)

    monkeypatch.setattr("tokviz.documents.tree.walking.os.scandir", noting)
    relisted(listing, WalkOptions(), {"folder3/deep"})
    assert looked == [".", "folder3", "folder3/deep", "folder3/deep/new"]
    assert "folder3/deep/new/b.py" in [file.path for file in listing.files]
