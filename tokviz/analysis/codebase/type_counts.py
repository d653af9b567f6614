"""A codebase's tokens by file type and tokenizer, and that table as text to take away."""

import csv
import io
from dataclasses import dataclass

import numpy as np

from tokviz.analysis import formatting
from tokviz.analysis.comparison.count_matrix import CountMatrix
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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["type", "files", "bytes", *titles])
    for name, files, size, tokens in _rows(found):
        writer.writerow([name, files, size, *tokens])
    return out.getvalue()


def json_record(found: TypeCounts) -> dict[str, object]:
    """The table for ``json.dumps``."""
    names = found.matrix.columns
    return {
        "tokenizers": [
            {"tokenizer": name, "provenance": str(provenance)}
            for name, provenance in zip(names, found.provenance, strict=True)
        ],
        "types": [
            {"type": name, "files": files, "bytes": size, "tokens": dict(zip(names, tokens, strict=True))}
            for name, files, size, tokens in _rows(found)
        ],
    }


def markdown(found: TypeCounts) -> str:
    """A table in GitHub's Markdown, with the totals below; ``~`` stands before what is estimated."""
    matrix = found.matrix
    headers = ["Type", "Files", "Bytes", *matrix.columns]
    rule = ["---", *["---:"] * (len(headers) - 1)]
    size, totals = matrix.total()
    rows = [*_rows(found), ("Total", sum(found.files), size, totals.tolist())]
    lines = [headers, rule]
    for name, files, size, tokens in rows:
        counts = [
            f"{'~' * guess}{formatting.grouped(count)}"
            for count, guess in zip(tokens, found.estimated, strict=True)
        ]
        lines.append([name.replace("|", "\\|"), formatting.grouped(files), formatting.grouped(size), *counts])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def ordered(found: TypeCounts) -> TypeCounts:
    """The same with the largest types first."""
    matrix = found.matrix
    order = np.argsort(-matrix.sizes, kind="stable")
    names = tuple(matrix.rows[row] for row in order.tolist())
    files = tuple(found.files[row] for row in order.tolist())
    return TypeCounts(
        CountMatrix(names, matrix.columns, matrix.sizes[order], matrix.tokens[order]), found.provenance, files
    )


def _rows(found: TypeCounts) -> list[tuple[str, int, int, list[int]]]:
    matrix = found.matrix
    columns = (matrix.rows, found.files, matrix.sizes.tolist(), matrix.tokens.tolist())
    return list(zip(*columns, strict=True))
