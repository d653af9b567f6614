"""One text out of many files: every file can be found in it again, and none breaks out of its place."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.codebase.pack_formats import PackFormat, format_for
from tokviz.analysis.codebase.packing import (
    PackedFile,
    PackLayout,
    pack,
    shown,
    tree_text,
)

FILES = [
    PackedFile("README.md", b"# Title\n\n```py\nx\n```\n"),
    PackedFile("src/a.py", b"print('a')"),
    PackedFile("src/deep/b.c", b"int x;\r\n"),
    PackedFile("src/empty", b""),
]


def packed(files: list[PackedFile], form: PackFormat) -> str:
    return b"".join(pack("project", [file.path for file in files], files, PackLayout(form.template))).decode()


def test_markdown() -> None:
    assert packed(FILES, PackFormat.MARKDOWN) == (
        "# project\n\n```\nREADME.md\nsrc/\n  a.py\n  deep/\n    b.c\n  empty\n```\n"
        "\n## README.md\n\n````md\n# Title\n\n```py\nx\n```\n````\n"
        "\n## src/a.py\n\n```py\nprint('a')\n```\n"
        "\n## src/deep/b.c\n\n```c\nint x;\r\n```\n"
        "\n## src/empty\n\n```\n```\n"
    )


def test_xml() -> None:
    assert packed(FILES[1:3], PackFormat.XML) == (
        '<codebase name="project">\n<tree><![CDATA[\nsrc/\n  a.py\n  deep/\n    b.c\n]]></tree>\n'
        "<file path=\"src/a.py\"><![CDATA[\nprint('a')\n]]></file>\n"
        '<file path="src/deep/b.c"><![CDATA[\nint x;\r\n]]></file>\n'
        "</codebase>\n"
    )


nasty = st.text(st.sampled_from("`]>[<&a\n#\"'")).map(str.encode)
names = st.sampled_from(["a.py", "b`c.md", 'q"uote', "x&y<z>.c", "deep/er/d", "weiß/é.txt"])


@settings(deadline=None)
@given(st.dictionaries(names, nasty, min_size=1))
def test_xml_is_well_formed_and_gives_every_file_back(texts: dict[str, bytes]) -> None:
    files = [PackedFile(path, text) for path, text in texts.items()]
    root = ElementTree.fromstring(packed(files, PackFormat.XML))
    found = {element.get("path"): (element.text or "").removeprefix("\n") for element in root.iter("file")}
    assert {path: text.removesuffix("\n") for path, text in found.items()} == {
        path: text.decode().removesuffix("\n") for path, text in texts.items()
    }


@settings(deadline=None)
@given(st.dictionaries(names, nasty, min_size=1))
def test_no_file_ends_its_markdown_fence(texts: dict[str, bytes]) -> None:
    lines = packed([PackedFile(path, text) for path, text in texts.items()], PackFormat.MARKDOWN).split("\n")
    headings: list[str] = []
    fence = ""
    for line in lines:
        if fence:
            fence = "" if line.startswith(fence) and not line.strip("`") else fence
        elif opening := re.match("`{3,}", line):
            fence = opening[0]
        elif line.startswith("## "):
            headings.append(line[3:])
    assert headings == list(texts)
    assert not fence


def test_names_that_are_no_plain_text() -> None:
    assert shown("a\nb\udce9") == "a\\x0ab\ufffd"
    text = packed([PackedFile("x\n## y", b"1")], PackFormat.MARKDOWN)
    assert "\n## y" not in text


def test_a_tree_with_several_roots() -> None:
    assert (
        tree_text(["one/a", "one/b/c", "two/a", "two/b/c"])
        == "one/\n  a\n  b/\n    c\ntwo/\n  a\n  b/\n    c\n"
    )


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("x.XML", PackFormat.XML),
        ("x.md", PackFormat.MARKDOWN),
        ("x.txt", PackFormat.PLAIN),
        ("x", PackFormat.MARKDOWN),
    ],
)
def test_the_format_by_name(path: str, form: PackFormat) -> None:
    assert format_for(path) is form


def test_files_are_taken_as_they_come() -> None:
    def broken() -> list[PackedFile]:
        raise AssertionError("not before it is asked for")

    parts = pack(
        "p", ["a"], (file for _ in [0] for file in broken()), PackLayout(PackFormat.MARKDOWN.template)
    )
    assert next(parts).startswith(b"# p")
