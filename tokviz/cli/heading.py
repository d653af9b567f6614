"""What the inputs of a command are, in a line above its answer."""

from collections.abc import Sequence

from tokviz.cli.console import printable
from tokviz.cli.inputs import shown
from tokviz.cli.totals import Totals
from tokviz.language import ngettext
from tokviz.lists import listed


def heading(totals: Totals, paths: Sequence[str], words: int | None = None) -> str:
    """What ``paths`` hold, in words; with their number of words if that is given."""
    what = _what(totals, paths)
    documents = totals.documents
    alone = len(paths) == 1 and totals.files == 1 and not any(part.is_folder for part in totals.parts)
    if alone and documents:
        what = listed([what, str(documents[0])])
    parts: list[str] = []
    if totals.files or not totals.images:
        parts = [
            *([] if alone else [_files_words(totals, len(documents))]),
            ngettext("{n} byte", "{n} bytes", totals["bytes"]),
            ngettext("{n} character", "{n} characters", totals["characters"]),
            *([] if words is None else [ngettext("{n} word", "{n} words", words)]),
            ngettext("{n} line", "{n} lines", totals["lines"]),
        ]
    if totals.images:
        parts.append(ngettext("{n} image", "{n} images", len(totals.images)))
    if totals.skipped:
        left_out = ngettext(
            "{n} left out (--json says why)", "{n} left out (--json says why)", len(totals.skipped)
        )
        parts.append(left_out)
    return printable(f"{what}: {listed(parts)}")


def _what(totals: Totals, paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return shown(paths[0])
    if totals.unread:
        # Translators: inputs are files, folders and standard input.
        return ngettext(
            "{read} of {n} input", "{read} of {n} inputs", len(paths), read=len(paths) - totals.unread
        )
    # Translators: inputs are files, folders and standard input.
    return ngettext("{n} input", "{n} inputs", len(paths))


def _files_words(totals: Totals, documents: int) -> str:
    files = ngettext("{n} file", "{n} files", totals.files)
    if not documents:
        return files
    return ngettext(
        "{files} ({n} text of documents)", "{files} ({n} texts of documents)", documents, files=files
    )
