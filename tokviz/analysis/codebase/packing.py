"""A codebase as one text for a model: a tree on top, then every file under its path.

Nothing of a file is changed, and none can end its own fence: a Markdown fence is longer than any run of
backticks in the file, and in XML a file stands in CDATA. Only control characters, which XML cannot hold, are
written as their pictures there (a form feed as ␌), and the file's ``controls`` attribute says so. The tree is
drawn with blanks, because box characters cost a model one and a half to two times the tokens (measured with
five tokenizers).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import NamedTuple

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_template import PackTemplate, TemplateError, ValueOf
from tokviz.analysis.escaping import escaped, has_pictures
from tokviz.language import _

MOST_BYTES = 200_000_000
"""A text larger than this is beyond every model and is not put together in memory."""
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#-]+")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")


class PackOrder(StrEnum):
    """Which file comes first. The tree on top keeps its own order."""

    PATH = "path"
    TOKENS = "tokens"
    """The largest."""
    CHANGE = "change"
    """The one that git saw change last."""


@dataclass(frozen=True, slots=True)
class PackLayout:
    """How the text is laid out."""

    template: PackTemplate = PackFormat.MARKDOWN.template
    before: bytes = b""
    after: bytes = b""
    """The user's own text: UTF-8."""
    tree: bool = True
    """The folders and files on top."""
    line_numbers: bool = False
    order: PackOrder = PackOrder.PATH

    def check(self, split: bool = False) -> None:
        """TemplateError if the template would lose something; ``split``: in parts too."""
        wanted = {"before": bool(self.before), "after": bool(self.after), "part": split, "contents": split}
        for name, there in wanted.items():
            if there and name not in self.template.names:
                raise TemplateError(_lost(name))


class PackedFile(NamedTuple):
    """One file to pack, or a piece of one."""

    path: str
    """Relative, with ``/``; where there are several roots, with the root's name in front."""
    text: bytes
    """UTF-8."""
    piece: str = ""
    """Which piece of the file, in words."""
    shortened: str = ""
    """What made the text shorter than the file's, in words."""

    @property
    def label(self) -> str:
        """The path, and which piece it is."""
        return f"{shown(self.path)} ({self.piece})" if self.piece else shown(self.path)

    def value(self, name: str) -> bytes:
        """What a template calls ``name``."""
        match name:
            case "text":
                return self.text + line_end(self.text)
            case "path":
                return shown(self.path).encode()
            case "piece":
                return self.piece.encode()
            case "shortened":
                return self.shortened.encode()
            case "pictures":
                return b"yes" if has_pictures(self.text) else b""
        return self._language.encode()

    @property
    def _language(self) -> str:
        stem, dot, extension = self.path.rpartition("/")[2].rpartition(".")
        return extension.lower() if stem and dot and _LANGUAGE.fullmatch(extension) else ""


def _lost(name: str) -> str:
    tag = f"{{{{{name}}}}}"
    if name == "before":
        return _("The template has no {tag}, so your text before would be lost; put it in.", tag=tag)
    if name == "after":
        return _("The template has no {tag}, so your text after would be lost; put it in.", tag=tag)
    return _("The template has no {tag}, so which part it is would be lost; put it in.", tag=tag)


class PackPart(NamedTuple):
    """Which of several texts one is."""

    number: int
    """From 1."""
    of: int
    contents: Sequence[str]
    """What is in it: ``PackedFile.label`` of each."""


def pack(
    name: str,
    paths: Sequence[str],
    files: Iterable[PackedFile],
    layout: PackLayout,
    part: PackPart | None = None,
) -> Iterator[bytes]:
    """The text, in parts to be joined: ``name`` and the tree of ``paths``, then ``files`` as they come.

    ``files`` may be fewer than ``paths`` (one may have become unreadable since), not others. The tree and the
    user's own text before stand in the first ``part``, what is after it in the last; the files of a part have
    their line numbers already.
    """
    if layout.line_numbers and part is None:
        files = map(numbered, files)
    return layout.template.render(_whole(name, paths, layout, part), (file.value for file in files))


def packed_file(name: str, file: PackedFile, layout: PackLayout) -> bytes:
    """What one file brings to the text."""
    return layout.template.render_file(_whole(name, (), layout, None), file.value)


def _whole(name: str, paths: Sequence[str], layout: PackLayout, part: PackPart | None) -> ValueOf:
    first, last = part is None or part.number == 1, part is None or part.number == part.of
    values = {
        "name": shown(name).encode(),
        "before": _lines(layout.before) if first else b"",
        "after": _lines(layout.after) if last else b"",
        "tree": tree_text(paths).encode() if first and layout.tree else b"",
    }
    if part is not None:
        contents = tree_text(sorted(part.contents, key=lambda label: label.split("/")))
        values |= {"part": b"%d" % part.number, "parts": b"%d" % part.of, "contents": contents.encode()}
    return lambda name: values.get(name, b"")


def numbered(file: PackedFile) -> PackedFile:
    """The file with its number before each line."""
    numbers = count(1)
    return file._replace(text=_LINE.sub(lambda line: b"%d: %b" % (next(numbers), line[0]), file.text))


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


def line_end(text: bytes) -> bytes:
    """What ``text`` lacks to end with a line."""
    return b"" if not text or text.endswith((b"\n", b"\r")) else b"\n"


def _lines(text: bytes) -> bytes:
    return text + line_end(text)
