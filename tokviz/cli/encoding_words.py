"""What is said of files that are not just UTF-8: their encoding, how it is known, what was lost."""

from collections.abc import Sequence

from tokviz.cli.console import printable
from tokviz.documents.decoding import Basis, TextFile
from tokviz.documents.document_text import encoding_words
from tokviz.language import _, ngettext
from tokviz.lists import either

_MOST_NAMED = 10
"""So many files are named one by one; ``--json`` names all."""


def reading_lines(readings: Sequence[tuple[str, TextFile]]) -> list[str]:
    """A line for each file that is not just UTF-8, and how to correct a guess."""
    if not readings:
        return []
    lines = ["", *(f"{printable(path)}: {reading_words(text)}" for path, text in readings[:_MOST_NAMED])]
    if (rest := len(readings) - _MOST_NAMED) > 0:
        if any(text.document for _path, text in readings):
            more = ngettext(
                "{n} more file not just UTF-8 or texts of documents; --json names all.",
                "{n} more files not just UTF-8 or texts of documents; --json names all.",
                rest,
            )
        else:
            more = ngettext(
                "{n} more file not just UTF-8; --json names all.",
                "{n} more files not just UTF-8; --json names all.",
                rest,
            )
        lines.append(more)
    if any(text.guessed for _path, text in readings):
        lines.append(_("An encoding that is guessed wrongly is corrected by --encoding NAME."))
    return lines


def reading_words(text: TextFile) -> str:
    """How a file was read."""
    if text.document:
        return str(text.document)
    words = encoding_words(text.encoding)
    if text.basis is Basis.UNSURE and text.others:
        others = either(text.others)
        words = _("unsure, read as {encoding} (it may be {others})", encoding=text.encoding, others=others)
    elif text.basis is Basis.UNSURE:
        words = _("unsure, read as {encoding}", encoding=text.encoding)
    elif text.basis is Basis.GUESSED:
        words = _("{encoding} (guessed)", encoding=text.encoding)
    elif text.basis is Basis.DECLARED:
        words = _("{encoding} (as the file says)", encoding=text.encoding)
    if not text.replaced:
        return words
    # Translators: {how} says by which encoding a file was read.
    return ngettext(
        "{how}, {n} � (U+FFFD) for bytes that are no character in it",
        "{how}, {n} � (U+FFFD) for bytes that are no character in it",
        text.replaced,
        how=words,
    )


def reading_record(text: TextFile) -> dict[str, object]:
    """The same for programs."""
    if text.document:
        known = text.document
        told = {
            "format": known.format,
            "unit": known.unit,
            "count": known.number,
            "without_text": known.empty,
        }
        return {"text_of_document": told}
    return {
        "encoding": text.encoding,
        "encoding_basis": text.basis.value,
        "encoding_guessed": text.guessed,
        "other_encodings": list(text.others),
        "replaced": text.replaced,
    }
