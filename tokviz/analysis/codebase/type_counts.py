"""A codebase's tokens by file type and tokenizer, and that table as text to take away."""

from dataclasses import dataclass
from itertools import chain

from tokviz.analysis import formatting
from tokviz.analysis.codebase.languages import language_words
from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.analysis.table_text import csv_text, json_text, markdown_table
from tokviz.language import _
from tokviz.tokens import Provenance


@dataclass(frozen=True, slots=True, eq=False)
class TypeCounts:
    """Of the files that take part; the type with the most bytes comes first."""

    matrix: CountMatrix
    """Rows are file types, columns tokenizers and estimators."""
    provenance: tuple[Provenance, ...]
    """By column; all are estimates while files wait to be counted."""
    files: tuple[int, ...]
    """How many there are of each type."""

    @property
    def estimated(self) -> tuple[bool, ...]:
        """By column, whether its counts are the likely ones of a range."""
        return tuple(each is Provenance.ESTIMATE for each in self.provenance)


def csv_table(found: TypeCounts) -> str:
    """Comma-separated values, one line for each type: its files and bytes, and a column of plain numbers for
    each tokenizer, ``(estimate)`` after the names of those that are."""
    matrix = found.matrix
    names = zip(matrix.columns, found.estimated, strict=True)
    titles = [f"{name} (estimate)" if guess else name for name, guess in names]
    rows = ([name, files, size, *tokens] for name, files, size, tokens in _rows(found))
    return csv_text(chain([["type", "files", "bytes", *titles]], rows))


def json_table(found: TypeCounts) -> str:
    """The table as JSON."""
    names = found.matrix.columns
    record = {
        "tokenizers": [
            {"tokenizer": name, "provenance": str(provenance)}
            for name, provenance in zip(names, found.provenance, strict=True)
        ],
        "types": [
            {"type": name, "files": files, "bytes": size, "tokens": dict(zip(names, tokens, strict=True))}
            for name, files, size, tokens in _rows(found)
        ],
    }
    return json_text(record)


def markdown(found: TypeCounts) -> str:
    """A table in GitHub's Markdown, with the totals below; ``~`` stands before what is estimated."""
    matrix = found.matrix
    headers = [_("Type"), _("Files"), _("Bytes"), *matrix.columns]
    size, totals = matrix.total()
    marks = ["~" * guess for guess in found.estimated]
    lines = []
    whole = (_("Total"), sum(found.files), size, totals.tolist())
    for name, files, all_bytes, tokens in [*_rows(found), whole]:
        counts = [f"{mark}{formatting.grouped(count)}" for mark, count in zip(marks, tokens, strict=True)]
        lines.append(
            [language_words(name), formatting.grouped(files), formatting.grouped(all_bytes), *counts]
        )
    return markdown_table(headers, lines, numbers=range(1, len(headers)))


def _rows(found: TypeCounts) -> list[tuple[str, int, int, list[int]]]:
    matrix = found.matrix
    columns = (matrix.rows, found.files, matrix.sizes.tolist(), matrix.tokens.tolist())
    return list(zip(*columns, strict=True))
