"""A packed text is written over nothing but an earlier one."""

from pathlib import Path

import pytest

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, PackPart, pack
from tokviz.cli.pack_targets import check_targets, looks_packed
from tokviz.documents.tree.known_packs import PackMark
from tokviz.documents.writing import WriteError

FILES = [
    PackedFile("README.md", b"# Title\n\n```\nsome code\n```\n\n## a.py\n"),
    PackedFile("src/app.py", b"x = '====='\n"),
    PackedFile("src/deep/data.json", b"{}"),
]
PATHS = [file.path for file in FILES]


@pytest.mark.parametrize("form", list(PackFormat))
@pytest.mark.parametrize("before", [b"", b"Look at this.\n\n```\nfoo\n```\n"])
def test_every_format_is_known_by_its_look(form: PackFormat, before: bytes) -> None:
    layout = PackLayout(template=form.template, before=before, after=b"Thanks.")
    assert looks_packed(b"".join(pack("project", PATHS, FILES, layout)))
    part = PackPart(2, 2, [FILES[1].label])
    assert looks_packed(b"".join(pack("project", PATHS, FILES[1:2], layout, part)))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"# Title\n\nSome text.\n",
        b"# Title\n\n```\npip install it\n```\n\n## Usage\n\n```py\nimport it\n```\n",
        b"# Layout\n\n```\nsrc/\n  app.py\n  other.py\n```\n\n## app.py\n\n```py\nx = 1\n```\n",
        b"Title\n\n  indented\n==== x\n",
        b"<codebase>\n</codebase>\n",
    ],
)
def test_a_text_of_the_users_own_is_none(text: bytes) -> None:
    assert not looks_packed(text)


def test_nothing_else_is_written_over(tmp_path: Path) -> None:
    own, packed, empty = (tmp_path / name for name in ("own.py", "packed", "empty"))
    own.write_bytes(b"x = 1\n")
    packed.write_bytes(b"by a template of one's own")
    empty.write_bytes(b"")
    marks = frozenset((PackMark.of(packed.read_bytes()),))
    check_targets([tmp_path / "new.md", packed, empty, Path("/dev/null")], marks)
    with pytest.raises(WriteError, match=r"own\.py is there already, and tokviz has not packed it"):
        check_targets([packed, own], marks)
