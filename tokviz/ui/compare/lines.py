"""The tables' lines: from rows, matrices and agreements to the cells that a table shows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from tokviz.analysis import formatting
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import Range, TableRow
from tokviz.analysis.comparison.count_matrix import CountMatrix
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.tokens import Count, Provenance
from tokviz.ui.common.cell_table import Cell, Header, Line

_HEADERS = (
    Header("Tokenizer", "Its name, and what must be said beside it", number=False),
    Header("Tokens", "Tokens of this text; an estimate as likely (low–high)"),
    Header(
        "Provenance",
        "How the tokens are known; each says more",
        number=False,
        optional=1,
    ),
    Header("Relative", "Tokens compared with the baseline's, which is 100 %"),
    Header("Bytes/token", "Bytes of UTF-8 per token; more is better", optional=2),
    Header("Chars/token", "Unicode code points per token; more is better", optional=3),
    Header(
        "Tokens/word",
        "Words are runs without white space; in English prose 4/3 is the rule of thumb",
        optional=4,
    ),
    Header("Vocabulary", "How many token ids there are, special tokens included", optional=5),
    Header(
        "Cost of sending",
        "Sending this text once, from the cheapest of the models that use the tokenizer to the dearest",
    ),
)
_PROVENANCE = {
    Provenance.EXACT: "",
    Provenance.ASSUMED: ", assumed: its maker has not said which tokenizer it uses",
    Provenance.RECONSTRUCTED: f", reconstructed: {Provenance.RECONSTRUCTED.explanation}",
    Provenance.ESTIMATE: ", estimated",
}


def tokenizer_lines(rows: Sequence[TableRow], baseline: str) -> tuple[list[Header], list[Line]]:
    """The table of all tokenizers; ``baseline`` is the name of the one that is 100%."""
    return list(_HEADERS), [_tokenizer_line(row, row.entry.name == baseline) for row in rows]


def _tokenizer_line(row: TableRow, emphasized: bool) -> Line:
    count, priced, entry = row.count, row.priced, row.entry
    cells = (
        Cell(entry.title, entry.title, f"{entry.name}. {entry.note}".strip()),
        Cell(export.tokens(row), count.tokens if count else None),
        _provenance_cell(count),
        _range_cell(row.relative, formatting.percent),
        *(
            _range_cell(value, export.decimal)
            for value in (row.bytes_per_token, row.characters_per_token, row.tokens_per_word)
        ),
        Cell(export.vocabulary(row), entry.vocabulary_size),
        Cell(
            export.costs(row),
            float(priced[0].cost.likely) if priced and priced[0].cost else None,
            model_costs(row),
        ),
    )
    return Line(entry.name, tuple(replace(cell, emphasized=emphasized) for cell in cells))


def _provenance_cell(count: Count | None) -> Cell:
    if count is None:
        return Cell("")
    name = str(count.provenance)
    return Cell(name, name, f"{name}: {count.provenance.explanation}")


def _range_cell(value: Range | None, written: Callable[[float], str]) -> Cell:
    """The likely value; the range is in the tooltip, where it makes no column wide."""
    if value is None:
        return Cell("")
    tip = "" if value.is_certain else export.full_range(value, written)
    return Cell(export.likely(value, written), value.likely, tip)


def model_costs(row: TableRow) -> str:
    """One line for each model that uses the tokenizer: its name, what sending costs, and how sure that is."""
    if not row.models:
        return "No listed model uses it."
    lines = []
    for each in row.models:
        text = f"{each.model.name}: {export.money(each) if row.count else 'not counted yet'}"
        between = formatting.money_range(each.cost)
        text += f" ({between})" if between else ""
        text += _PROVENANCE[each.model.provenance]
        lines.append(text + (" (retired)" if each.retired else ""))
    return "\n".join(lines)


def agreement_lines(titles: Sequence[str], counts: BoundaryCounts | None) -> tuple[list[Header], list[Line]]:
    """Each tokenizer against each: the share of their boundaries that both have."""
    tip = "Boundaries that both have, of all boundaries that either has (the Jaccard index)"
    headers = [Header("Agreement", tip, False), *(Header(title, tip) for title in titles)]
    lines = []
    for row, title in enumerate(titles):
        cells = [Cell(title, title)]
        cells += [_agreement_cell(titles, counts, row, column) for column in range(len(titles))]
        lines.append(Line(f"{row} {title}", tuple(cells)))
    return headers, lines


def _agreement_cell(titles: Sequence[str], counts: BoundaryCounts | None, row: int, column: int) -> Cell:
    if counts is None:
        return Cell("…")
    if row == column:
        own = int(counts.shared[row, row])
        return Cell("–", None, f"{titles[row]} has {formatting.quantity(own, 'boundary', 'boundaries')}")
    pair = counts.agreement(row, column)
    tip = (
        f"Both: {pair.shared:,}\nOnly {titles[row]}: {pair.only_first:,}\n"
        f"Only {titles[column]}: {pair.only_second:,}"
    )
    return Cell(formatting.percent(pair.share), pair.share, tip)


def language_lines(
    found: CountMatrix, endonyms: Sequence[str], estimated: Sequence[bool]
) -> tuple[list[Header], list[Line]]:
    """A line for each tokenizer (a column of ``found``): its tokens in the first language (English), and how
    many times as many it needs in the others."""
    first = found.rows[0]
    headers = [
        Header("Tokenizer", "", number=False),
        Header(first, f"Tokens of the passage in {first}"),
        *(
            Header(own, f"{name}: how many times as many tokens as in {first}", optional=place)
            for place, (name, own) in enumerate(zip(found.rows[1:], endonyms[1:], strict=True), 1)
        ),
    ]
    ratios = found.against_row(0)
    lines = []
    for column, (title, guess) in enumerate(zip(found.columns, estimated, strict=True)):
        cells = [Cell(title, title, title)]
        for row, name in enumerate(found.rows):
            tokens, ratio = int(found.tokens[row, column]), float(ratios[row, column])
            text = f"{tokens:,}" if row == 0 else "" if math.isnan(ratio) else f"{ratio:.2f}×"
            tip = f"{name}: {'~' * guess}{formatting.quantity(tokens, 'token')}"
            value = tokens if row == 0 else None if math.isnan(ratio) else ratio
            cells.append(Cell("~" * (guess and bool(text)) + text, value, tip))
        lines.append(Line(title, tuple(cells)))
    return headers, lines


def size_words(size: TextSize) -> str:
    """``of 120 bytes, 118 characters, 20 words``, as far as it is known."""
    parts = [formatting.quantity(size.bytes, "byte")]
    if size.characters:
        parts.append(formatting.quantity(size.characters, "character"))
    if size.words:
        parts.append(formatting.quantity(size.words, "word"))
    return "of " + ", ".join(parts)
