"""Where a packed text may be written: over nothing but an earlier one, so that no file is lost by it."""

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tokviz.documents.reading import ReadError, read_bytes
from tokviz.documents.tree.known_packs import PackMark
from tokviz.documents.writing import WriteError
from tokviz.language import _

_XML = re.compile(rb"<codebase name=[^\n]*>\n")
_MARKDOWN_TREE = re.compile(rb"^(`{3,})\n((?:[^\n]+\n)+?)\1\n", re.MULTILINE)
_PLAIN_TREE = re.compile(rb"\n\n((?:[^\n]+\n)+)\n?(?=={4,} )")
_TRIES = 5
_LOOKED_FOR = 20
"""So many paths of a tree must have their headings."""


def check_targets(paths: Iterable[Path], marks: frozenset[PackMark]) -> None:
    """WriteError, with one sentence, where a file lies that is neither empty nor a packed text: one of
    ``marks``, or one that looks as if it were."""
    for path in paths:
        if not path.is_file():
            continue
        try:
            data = read_bytes(path)
        except ReadError as error:
            raise WriteError(str(error)) from error
        if data and PackMark.of(data) not in marks and not looks_packed(data):
            raise WriteError(
                _(
                    "{file} is there already, and tokviz has not packed it; name another, or write over it "
                    "with --overwrite.",
                    file=path,
                )
            )


def looks_packed(text: bytes) -> bool:
    """Whether a text is laid out as one of the formats does it, with a tree whose files follow it."""
    if _XML.match(text):
        return True
    # One's own text before it may hold what looks like a tree.
    for found in islice(_MARKDOWN_TREE.finditer(text), _TRIES):
        if _has_files(text[found.end() :], found[2], b"\n## %b\n\n```", b"\n## %b ("):
            return True
    for found in islice(_PLAIN_TREE.finditer(text), _TRIES):
        if _has_files(text[found.end() - 1 :], found[1], b"==== %b\n", b"==== %b ("):
            return True
    return False


def _has_files(text: bytes, tree: bytes, *headings: bytes) -> bool:
    """Whether the files of a tree have one of the ``headings`` in what follows it."""
    above: list[bytes] = []
    paths = []
    for line in tree.splitlines():
        depth, rest = divmod(len(line) - len(line.lstrip(b" ")), 2)
        if rest or depth > len(above):
            return False
        above = above[:depth]
        if line.endswith(b"/"):
            above.append(line.strip(b" "))
        else:
            paths.append(b"".join(above) + line.strip(b" "))
        if len(paths) == _LOOKED_FOR:
            break
    return bool(paths) and all(any(heading % path in text for heading in headings) for path in paths)
