"""What is said of files that are not just UTF-8: their encoding, how it is known, what was lost."""

from collections.abc import Sequence

from tokviz.analysis import formatting
from tokviz.cli.console import printable
from tokviz.documents.decoding import Basis, TextFile

_MOST_NAMED = 10
"""So many files are named one by one; ``--json`` names all."""


def reading_lines(readings: Sequence[tuple[str, TextFile]]) -> list[str]:
    """A line for each file that is not just UTF-8, and how to correct a guess."""
    if not readings:
        return []
    lines = ["", *(f"{printable(path)}: {reading_words(text)}" for path, text in readings[:_MOST_NAMED])]
    if (rest := len(readings) - _MOST_NAMED) > 0:
        some = " or texts of documents" if any(text.document for _, text in readings) else ""
        lines.append(f"{formatting.quantity(rest, 'more file')} not just UTF-8{some}; --json names all.")
    if any(text.guessed for _, text in readings):
        lines.append("An encoding that is guessed wrongly is corrected by --encoding NAME.")
    return lines


def reading_words(text: TextFile) -> str:
    """How a file was read."""
    if text.document:
        return str(text.document)
    words = text.encoding
    if text.basis is Basis.UNSURE:
        words = f"unsure, read as {text.encoding}"
        if text.others:
            words += f" (it may be {' or '.join(text.others)})"
    elif text.basis is Basis.GUESSED:
        words += " (guessed)"
    elif text.basis is Basis.DECLARED:
        words += " (as the file says)"
    if text.replaced:
        words += f", {formatting.grouped(text.replaced)} � (U+FFFD) for bytes that are no character in it"
    return words


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
