"""The comparison as text to take away: CSV, JSON and Markdown, and the wording that the window shares."""

from collections.abc import Callable, Sequence
from itertools import combinations

from tokviz.analysis import formatting
from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import ModelCost, Range, TableRow
from tokviz.analysis.table_text import csv_text, markdown_table
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.language import N_, _, gettext, number

# Translators: who runs the model sets its price.
BY_HOST = _("by host")
NOT_COUNTED = N_("not counted")
"""What an export says in place of a provenance, so that no empty cell leaves room for guesses."""
HEADERS = (
    _("Tokenizer"),
    _("Tokens"),
    _("Provenance"),
    _("Relative"),
    _("Bytes per token"),
    _("Characters per token"),
    _("Tokens per word"),
    _("Vocabulary"),
    _("Cost of sending"),
)
_RELATIVE = 3
"""Its place among them."""
_CSV_HEADERS = (
    *("tokenizer", "name", "tokens", "low", "high", "provenance", "relative_to_baseline"),
    *("bytes_per_token", "characters_per_token", "tokens_per_word", "vocabulary_size"),
    *("cheapest_model", "cheapest_input_cost_usd", "dearest_model", "dearest_input_cost_usd"),
)


def decimal(value: float) -> str:
    """A ratio as people compare it: two decimals, or three below one half."""
    return number(f"{value:,.2f}" if value >= 0.5 else f"{value:.3f}")


def full_range(value: Range | None, written: Callable[[float], str] = decimal) -> str:
    """``3.95``, or ``~3.71 (3.33–4.20)`` where it is estimated; empty where there is none."""
    if value is None or value.is_certain:
        return likely(value, written)
    return f"{likely(value, written)} ({written(value.low)}–{written(value.high)})"


def likely(value: Range | None, written: Callable[[float], str] = decimal) -> str:
    """The likely value alone, with a ``~`` before an estimate; empty where there is none."""
    if value is None:
        return ""
    return written(value.likely) if value.is_certain else f"~{written(value.likely)}"


def tokens(row: TableRow) -> str:
    """``1,234``, or ``~1,234 (1,040–1,380)`` for an estimate; empty where it is not counted yet."""
    if row.count is None:
        return ""
    between = formatting.count_range(row.count)
    return formatting.count(row.count) + (f" ({between})" if between else "")


def vocabulary(row: TableRow) -> str:
    """``200,019``, or ``unknown``."""
    return formatting.grouped(row.entry.vocabulary_size)


def costs(row: TableRow) -> str:
    """From the cheapest of the models to the dearest: ``$0.0012–$0.015``; empty if no model uses it."""
    priced = row.priced
    if not priced:
        if any(each.model.host_sets_price for each in row.models):
            return BY_HOST
        return formatting.UNKNOWN if row.models and row.count else ""
    first, last = money(priced[0]), money(priced[-1])
    return first if first == last else f"{first}–{last}"


def money(each: ModelCost) -> str:
    """What sending to this model costs, with a ``~`` before an estimate."""
    if each.cost is None:
        return BY_HOST if each.model.host_sets_price else formatting.UNKNOWN
    mark = "" if each.cost.low == each.cost.high else "~"
    return mark + formatting.money(each.cost.likely)


def cells(row: TableRow) -> tuple[str, ...]:
    """One text for each of ``HEADERS``."""
    return (row.entry.title, *_cells(row, full_range))


def narrow_cells(row: TableRow) -> tuple[str, ...]:
    """The same without ranges but for the tokens', where there is no room for more."""
    return (row.entry.name, *_cells(row, likely))


def _cells(row: TableRow, told: Callable[[Range | None, Callable[[float], str]], str]) -> tuple[str, ...]:
    return (
        tokens(row),
        row.count.provenance.words if row.count else "",
        told(row.relative, formatting.percent),
        *(
            told(value, decimal)
            for value in (row.bytes_per_token, row.characters_per_token, row.tokens_per_word)
        ),
        vocabulary(row),
        costs(row),
    )


def markdown(rows: Sequence[TableRow], baseline: str) -> str:
    """A table in GitHub's Markdown; ``baseline`` is the title of what is 100%."""
    headers = list(HEADERS)
    headers[_RELATIVE] = _("Relative to {baseline}", baseline=baseline)
    lines = [with_not_counted(cells(row)) for row in rows]
    return markdown_table(headers, lines, numbers={1, *range(3, len(HEADERS))})


def with_not_counted(cells: Sequence[str]) -> list[str]:
    """The cells, with that word in the third, the provenance, if it is empty."""
    return [*cells[:2], cells[2] or gettext(NOT_COUNTED), *cells[3:]]


def csv_table(rows: Sequence[TableRow]) -> str:
    """Comma-separated values with a header line, figures as plain numbers, unknown ones empty."""
    return csv_text([_CSV_HEADERS, *map(_csv_row, rows)])


def _csv_row(row: TableRow) -> list[str]:
    count, size, priced = row.count, row.entry.vocabulary_size, row.priced
    counted = [count.tokens, count.low, count.high, count.provenance] if count else [*[""] * 3, NOT_COUNTED]
    figures = (row.relative, row.bytes_per_token, row.characters_per_token, row.tokens_per_word)
    ends = [priced[0], priced[-1]] if priced else []
    prices = [cell for each in ends for cell in (each.model.id, f"{each.cost.likely:f}" if each.cost else "")]
    return [
        row.entry.name,
        row.entry.plain_title,
        *map(str, counted),
        *map(_figure, figures),
        "" if size is None else str(size),
        *(prices or [""] * 4),
    ]


def json_record(
    size: TextSize,
    rows: Sequence[TableRow],
    baseline: str,
    names: Sequence[str] = (),
    counts: BoundaryCounts | None = None,
) -> dict[str, object]:
    """The table, and the agreement of the tokenizers ``names`` as ``counts`` has them, for ``json.dumps``."""
    record: dict[str, object] = {
        "bytes": size.bytes,
        "characters": size.characters,
        "words": size.words,
        "lines": size.lines,
        "baseline": baseline,
        "tokenizers": [_row_record(row) for row in rows],
    }
    if counts is not None:
        record["boundaries"] = {
            "common": counts.common,
            "differing": counts.differing,
            "common_share": counts.common_share,
        }
        record["agreement"] = agreement_records(names, counts)
    return record


def agreement_records(names: Sequence[str], counts: BoundaryCounts) -> list[dict[str, object]]:
    """Each pair of tokenizers: boundaries both have, only one has, and the share both have of all."""
    records: list[dict[str, object]] = []
    for first, second in combinations(range(len(names)), 2):
        pair = counts.agreement(first, second)
        records.append(
            {
                "first": names[first],
                "second": names[second],
                "shared": pair.shared,
                "only_first": pair.only_first,
                "only_second": pair.only_second,
                "agreement": pair.share,
            }
        )
    return records


def _row_record(row: TableRow) -> dict[str, object]:
    count = row.count
    return {
        "tokenizer": row.entry.name,
        "name": row.entry.plain_title,
        "tokens": count.tokens if count else None,
        "low": count.low if count else None,
        "high": count.high if count else None,
        "provenance": str(count.provenance) if count else NOT_COUNTED,
        "relative": row.relative.likely if row.relative else None,
        "bytes_per_token": row.bytes_per_token.likely if row.bytes_per_token else None,
        "characters_per_token": row.characters_per_token.likely if row.characters_per_token else None,
        "tokens_per_word": row.tokens_per_word.likely if row.tokens_per_word else None,
        "vocabulary_size": row.entry.vocabulary_size,
        "models": [
            {
                "id": each.model.id,
                "name": each.model.name,
                "provenance": str(each.model.provenance),
                "retired": each.retired,
                "input_cost_usd": float(each.cost.likely) if each.cost else None,
                "input_cost_low_usd": float(each.cost.low) if each.cost else None,
                "input_cost_high_usd": float(each.cost.high) if each.cost else None,
            }
            for each in row.models
        ],
    }


def _figure(value: Range | None) -> str:
    return "" if value is None else f"{value.likely:.6g}"
