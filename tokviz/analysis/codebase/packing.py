"""A codebase as one text for a model: a tree on top, then every file under its path.

Nothing of a file is changed, and none can end its own fence: a Markdown fence is longer than any run of
backticks in the file, and in XML a file stands in CDATA. Only control characters, which XML cannot hold, are
written as their pictures there (a form feed as ␌), and the file's ``controls`` attribute says so. The tree is
drawn with blanks, because box characters cost a model one and a half to two times the tokens (measured with
five tokenizers).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from tokviz.analysis.escaping import escaped, has_pictures, xml_text

MOST_BYTES = 200_000_000
"""A text larger than this is beyond every model and is not put together in memory."""
_BACKTICKS = re.compile(rb"`{3,}")
_CDATA_END = b"]]>"
_INFO = re.compile(r"[A-Za-z0-9_+#-]+")


class PackFormat(StrEnum):
    """How the files are kept apart."""

    MARKDOWN = "markdown"
    XML = "xml"


class PackedFile(NamedTuple):
    """One file to pack."""

    path: str
    """Relative, with ``/``; where there are several roots, with the root's name in front."""
    text: bytes
    """UTF-8."""


def pack(name: str, paths: Sequence[str], files: Iterable[PackedFile], form: PackFormat) -> Iterator[bytes]:
    """The text, in parts to be joined: ``name`` and the tree of ``paths``, then ``files`` as they come.

    ``files`` may be fewer than ``paths`` (one may have become unreadable since), not others.
    """
    markdown = form is PackFormat.MARKDOWN
    yield _markdown_head(name, paths) if markdown else _xml_head(name, paths)
    for file in files:
        yield _markdown_file(file) if markdown else _xml_file(file)
    if not markdown:
        yield b"</codebase>\n"


def format_for(path: str) -> PackFormat:
    """What a file's name asks for: XML for ``.xml``, else Markdown."""
    return PackFormat.XML if path.lower().endswith(".xml") else PackFormat.MARKDOWN


def tree_text(paths: Iterable[str]) -> str:
    """The folders and files as lines, a folder with ``/`` and what is in it two blanks to the right."""
    lines: list[str] = []
    above: list[str] = []
    for path in paths:
        *folders, name = shown(path).split("/")
        same = 0
        while same < min(len(above), len(folders)) and above[same] == folders[same]:
            same += 1
        lines += [f"{'  ' * depth}{folders[depth]}/" for depth in range(same, len(folders))]
        lines.append(f"{'  ' * len(folders)}{name}")
        above = folders
    return "".join(f"{line}\n" for line in lines)


def shown(path: str) -> str:
    """A path as one harmless line: bytes that are no UTF-8 as U+FFFD, controls as ``\\x0a``."""
    return escaped(path)


def _markdown_head(name: str, paths: Sequence[str]) -> bytes:
    tree = tree_text(paths)
    fence = _fence(tree.encode())
    return f"# {shown(name)}\n\n{fence}\n{tree}{fence}\n".encode()


def _markdown_file(file: PackedFile) -> bytes:
    fence = _fence(file.text)
    stem, dot, extension = file.path.rpartition("/")[2].rpartition(".")
    info = extension.lower() if stem and dot and _INFO.fullmatch(extension) else ""
    head = f"\n## {shown(file.path)}\n\n{fence}{info}\n"
    return b"".join((head.encode(), file.text, _line_end(file.text), fence.encode(), b"\n"))


def _fence(text: bytes) -> str:
    return "`" * max([3, *(len(run) + 1 for run in _BACKTICKS.findall(text))])


def _xml_head(name: str, paths: Sequence[str]) -> bytes:
    tree = _cdata(tree_text(paths).encode())
    return b"".join((f"<codebase name={_attribute(name)}>\n<tree>".encode(), tree, b"</tree>\n"))


def _xml_file(file: PackedFile) -> bytes:
    controls = ' controls="written as their pictures ␀ to ␡"' if has_pictures(file.text) else ""
    head = f"<file path={_attribute(file.path)}{controls}>".encode()
    return b"".join((head, _cdata(file.text), b"</file>\n"))


def _attribute(name: str) -> str:
    return quoteattr(xml_text(shown(name).encode()).decode())


def _cdata(text: bytes) -> bytes:
    text = xml_text(text)
    # Its own end is the only thing that CDATA cannot hold; it is divided among two of them.
    inside = text.replace(_CDATA_END, b"]]]]><![CDATA[>") if _CDATA_END in text else text
    return b"".join((b"<![CDATA[\n", inside, _line_end(text), b"]]>"))


def _line_end(text: bytes) -> bytes:
    return b"" if not text or text.endswith((b"\n", b"\r")) else b"\n"
