"""What ``.gitattributes`` say of files, with git's own order of precedence."""

import os
from pathlib import Path

import pytest

from tokviz.documents.tree.git_attributes import Attribute, read_attributes

G, V, D = Attribute.GENERATED, Attribute.VENDORED, Attribute.DOCUMENTATION


def attributes(tmp_path: Path, path: str, **files: str) -> dict[Attribute, bool]:
    """What is said of ``path``; ``files``: folders (``_`` for the root) with their file's content."""
    for folder, text in files.items():
        inside = tmp_path if folder == "_" else tmp_path / folder
        inside.mkdir(exist_ok=True)
        (inside / ".gitattributes").write_text(text, encoding="utf-8")
    return read_attributes(tmp_path, [name for name in files if name != "_"]).of(path)


@pytest.mark.parametrize(
    ("line", "path", "said"),
    [
        ("*.pb.go linguist-generated", "a/b.pb.go", {G: True}),
        ("*.pb.go linguist-generated=true", "b.pb.go", {G: True}),
        ("*.go -linguist-generated", "b.go", {G: False}),
        ("*.go linguist-generated=false", "b.go", {G: False}),
        ("docs/** linguist-documentation", "docs/a/b.txt", {D: True}),
        ("docs/* linguist-documentation", "docs/a/b.txt", {}),
        ("/x.js linguist-vendored text eol=lf", "x.js", {V: True}),
        ("/x.js linguist-vendored", "a/x.js", {}),
        ("x.js linguist-vendored linguist-generated", "x.js", {V: True, G: True}),
        ("# x.js linguist-vendored", "x.js", {}),
        ("[a linguist-vendored", "[a", {}),
        ("", "x.js", {}),
    ],
)
def test_one_line(tmp_path: Path, line: str, path: str, said: dict[Attribute, bool]) -> None:
    assert attributes(tmp_path, path, _=f"{line}\n") == said


def test_the_last_line_and_the_innermost_file_decide(tmp_path: Path) -> None:
    outer = "*.go linguist-generated\nhand.go -linguist-generated\n"
    assert attributes(tmp_path, "hand.go", _=outer) == {G: False}
    assert attributes(tmp_path, "a/x.go", _=outer, a="x.go -linguist-generated\n") == {G: False}
    assert attributes(tmp_path, "a/y.go", _=outer, a="x.go -linguist-generated\n") == {G: True}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_not_waited_for_and_a_link_not_followed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".gitattributes")
    assert not read_attributes(tmp_path, [])
    (tmp_path / "a").mkdir()
    (tmp_path / "real").write_text("* linguist-generated\n", encoding="utf-8")
    (tmp_path / "a" / ".gitattributes").symlink_to(tmp_path / "real")
    assert not read_attributes(tmp_path, ["a", "none"])


def test_a_folder_of_that_name_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").mkdir()
    assert not read_attributes(tmp_path, [])
