"""A packed text in parts: none is over the limit, each says what it is, and together they hold every byte."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_splitting import CannotSplitError, PackSplitter, SplitPart
from tokviz.analysis.codebase.pack_template import TemplateError, read_template
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, line_end, numbered
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry

NAME = "r50k_base"
REGISTRY = Registry(Assets())


def count(texts: Sequence[bytes]) -> list[int]:
    tokenizer = REGISTRY.get(NAME)
    return [tokenizer.count(text) for text in texts]


def split(files: list[PackedFile], most: int, layout: PackLayout) -> list[SplitPart]:
    paths = [file.path for file in files]
    splitter = PackSplitter(
        "project", paths, layout, most, count, lambda text: make_gauge(REGISTRY, NAME, text)
    )
    return splitter.parts(files)


def fenced(text: str) -> list[str]:
    """What stands under each file's heading in Markdown."""
    found: list[list[str]] = []
    fence, of_file = "", False
    for line in re.findall(r"[^\n]*\n", text):
        if fence:
            if line.rstrip("\n") == fence:
                fence = of_file = ""  # type: ignore[assignment]
            elif of_file:
                found[-1].append(line)
        elif opening := re.match("`{3,}", line):
            fence = opening[0]
        elif line.startswith("## "):
            of_file = True
            found.append([])
    return ["".join(lines) for lines in found]


def in_xml(text: str) -> list[str]:
    return [(file.text or "").removeprefix("\n") for file in ElementTree.fromstring(text).iter("file")]


def check(parts: list[SplitPart], files: list[PackedFile], most: int, form: PackFormat) -> None:
    held: dict[str, bytes] = {}
    texts = {file.path: file.text for file in files}
    for number, part in enumerate(parts, 1):
        assert part.tokens == count([part.text])[0] <= most
        text = part.text.decode()
        if form is PackFormat.XML:
            assert f'part="{number}" parts="{len(parts)}"' in text
        else:
            assert f"project, part {number} of {len(parts)}\n" in text
        expected = []
        for piece in part.pieces:
            assert piece.start == len(held.get(piece.path, b"")), "nothing is missing and nothing twice"
            data = texts[piece.path][piece.start : piece.end]
            held[piece.path] = held.get(piece.path, b"") + data
            expected.append((data + line_end(data)).decode())
        if form is PackFormat.MARKDOWN:
            assert fenced(text) == expected
        elif form is PackFormat.XML:
            assert in_xml(text) == expected
        else:
            assert all(one in text for one in expected)
    assert held == texts


names = st.sampled_from(["a.py", "b`c.md", "deep/er/d", "deep/x", "weiß/é.txt", "z"])
texts = st.one_of(
    st.text(st.sampled_from("`]>= a\n")),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.integers(0, 400).map(lambda lines: "some words\n" * lines),
    st.integers(0, 400).map(lambda words: "oneline " * words),
).map(str.encode)


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(names, texts, min_size=1),
    st.integers(150, 600),
    st.sampled_from(PackFormat),
    st.booleans(),
    st.sampled_from(["", "Look at this."]),
)
def test_parts_hold_every_byte_and_none_is_too_large(
    data: dict[str, bytes], most: int, form: PackFormat, tree: bool, own: str
) -> None:
    files = [PackedFile(path, text) for path, text in sorted(data.items())]
    layout = PackLayout(form.template, own.encode(), own.encode() * 3, tree=tree)
    parts = split(files, most, layout)
    check(parts, files, most, form)
    assert ("Look" in parts[0].text.decode()) == bool(own)
    assert ("Look" in parts[-1].text.decode()) == bool(own)


def test_a_part_ends_where_a_file_does() -> None:
    files = [PackedFile(f"src/{number}.py", b"x = 1\n" * 20) for number in range(20)]
    parts = split(files, 400, PackLayout())
    assert len(parts) > 2
    assert [piece.path for part in parts for piece in part.pieces] == [file.path for file in files]
    assert parts[0].text.startswith(b"# project, part 1 of %d\n\n```\nsrc/\n  0.py\n" % len(parts))
    second = f"# project, part 2 of {len(parts)}\n\n```\nsrc/\n  " + "\n  ".join(
        label.removeprefix("src/") for label in parts[1].contents
    )
    assert parts[1].text.decode().startswith(second + "\n```\n\n## src/")


def test_a_larger_file_is_divided_at_its_lines() -> None:
    files = [
        PackedFile("a.py", b"x = 1\n"),
        PackedFile("b.py", b"word = 'word'\r\n" * 300),
        PackedFile("c", b"end"),
    ]
    parts = split(files, 500, PackLayout())
    check(parts, files, 500, PackFormat.MARKDOWN)
    assert parts[0].contents == ("a.py",)
    assert re.fullmatch(r"b\.py \(lines 1–\d+ of 300\)", parts[1].contents[0])
    assert re.fullmatch(r"b\.py \(lines \d+–300 of 300\)", parts[-1].contents[0])
    assert parts[-1].contents[1] == "c"
    ends = [int(part.contents[0].split("–")[1].split()[0]) for part in parts[1:]]
    starts = [int(part.contents[0].split()[2].split("–")[0]) for part in parts[1:]]
    assert starts[1:] == [end + 1 for end in ends[:-1]]


def test_a_line_that_is_larger_goes_on_in_the_next_part() -> None:
    files = [PackedFile("min.js", b"a=b;" * 2000)]
    parts = split(files, 300, PackLayout())
    check(parts, files, 300, PackFormat.MARKDOWN)
    assert parts[1].contents == ("min.js (line 1 of 1, continued)",)


def test_lines_are_numbered_through() -> None:
    files = [PackedFile("b.py", b"word = 'word'\n" * 200)]
    parts = split(files, 500, PackLayout(line_numbers=True))
    check(parts, [numbered(file) for file in files], 500, PackFormat.MARKDOWN)
    assert b"\n200: word = 'word'\n" in parts[-1].text


def test_fewer_tokens_than_the_head_takes() -> None:
    files = [PackedFile(f"folder{number}/file.py", b"x") for number in range(200)]
    with pytest.raises(CannotSplitError, match="No parts of 300 tokens can be made"):
        split(files, 300, PackLayout())
    assert split(files, 300, PackLayout(tree=False))
    with pytest.raises(CannotSplitError):
        split([PackedFile("a", "🏴󠁧󠁢󠁥󠁮󠁧󠁿".encode() * 9)], 1, PackLayout())


def test_nothing_to_split() -> None:
    (part,) = split([], 100, PackLayout())
    assert part.text == b"# project, part 1 of 1\n\n```\n```\n"


def test_a_template_that_does_not_say_which_part_it_is() -> None:
    own = read_template("{{#files}}{{text}}{{/files}}", "own")
    with pytest.raises(TemplateError, match="part"):
        split([PackedFile("a", b"x")], 100, PackLayout(own))
