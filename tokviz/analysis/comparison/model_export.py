"""The comparison of models to take away: CSV, JSON and Markdown, and the words that the window shares."""

from collections.abc import Sequence

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.comparison.comparison_export import BY_HOST, NOT_COUNTED, likely, with_not_counted
from tokviz.analysis.comparison.comparison_table import Range
from tokviz.analysis.comparison.model_table import ModelRow
from tokviz.analysis.cost import Cost
from tokviz.analysis.table_text import csv_text, markdown_table
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokens import Count

HEADERS = (
    *(_("Model"), _("Tokens"), _("Provenance"), _("Relative tokens"), _("Share of the window")),
    *(_("Left or over"), _("Input cost"), _("With answer"), _("Relative cost"), _("Marks")),
)
_RELATIVE_TOKENS, _RELATIVE_COST = 3, 8
"""Their places among them."""
_CSV_HEADERS = (
    *(
        "model",
        "name",
        "developer",
        "tokenizer",
        "tokens",
        "low",
        "high",
        "provenance",
        "relative_to_baseline",
    ),
    *("context_window", "reserve", "share", "left", "over", "fits"),
    *("input_cost_usd", "input_cost_low_usd", "input_cost_high_usd", "with_answer_cost_usd"),
    *("relative_cost", "retired", "marks"),
)


def name(row: ModelRow) -> str:
    """The model's name, with a word where it is retired."""
    return _("{model} (retired)", model=row.model.name) if row.retired else row.model.name


def tokens(row: ModelRow) -> str:
    """``1,234``, or ``~1,234 (1,040–1,380)`` for an estimate; empty where it is not counted yet."""
    if row.found is None:
        return ""
    between = formatting.count_range(row.found.count)
    return formatting.count(row.found.count) + (f" ({between})" if between else "")


def relative(value: Range | None) -> str:
    """``104 %``, with a ``~`` before an estimate; empty where there is none."""
    return likely(value, formatting.percent)


def money(row: ModelRow, cost: Cost | None, count: Count | None) -> str:
    """An amount, ``by host`` where the host sets the price, or ``unknown``; empty if not counted yet."""
    if count is None:
        return ""
    if cost is None and row.model.host_sets_price:
        return BY_HOST
    return cost_words.amount(cost, count)


def cells(row: ModelRow) -> tuple[str, ...]:
    """One text for each of ``HEADERS``."""
    found = row.found
    count = found.count if found else None
    return (
        name(row),
        tokens(row),
        count.provenance.words if count else "",
        relative(row.relative),
        fit_words.share(found.fit) if found else "",
        fit_words.room(found.fit) if found else "",
        money(row, found.sending if found else None, count),
        money(row, found.answering if found else None, count),
        relative(row.relative_cost),
        listed(row.mark_words),
    )


def markdown(rows: Sequence[ModelRow], baseline: str) -> str:
    """A table in GitHub's Markdown; ``baseline`` is the name of the model that is 100 %."""
    headers = list(HEADERS)
    headers[_RELATIVE_TOKENS] = _("Relative to {baseline}, tokens", baseline=baseline)
    headers[_RELATIVE_COST] = _("Relative to {baseline}, cost", baseline=baseline)
    lines = [with_not_counted(cells(row)) for row in rows]
    return markdown_table(headers, lines, numbers={1, 3, 4, 5, 6, 7, 8})


def csv_table(rows: Sequence[ModelRow]) -> str:
    """Comma-separated values with a header line, figures as plain numbers, unknown ones empty."""
    records = [_record(row) for row in rows]
    lines = [[_plain(record[key]) for key in _CSV_HEADERS] for record in records]
    return csv_text([_CSV_HEADERS, *lines])


def _plain(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.12g}"
        case list():
            return "; ".join(map(str, value))
    return str(value)


def json_record(rows: Sequence[ModelRow], baseline: str) -> dict[str, object]:
    """Every figure, for ``json.dumps``; ``baseline`` is a model's id."""
    return {"baseline": baseline, "models": [_record(row) for row in rows]}


def _record(row: ModelRow) -> dict[str, object]:
    model, found = row.model, row.found
    count = found.count if found else None
    fit = found.fit if found else None
    sending = found.sending if found else None
    answering = found.answering if found else None
    return {
        "model": model.id,
        "name": model.name,
        "developer": model.developer,
        "tokenizer": model.tokenizer,
        "tokens": count.tokens if count else None,
        "low": count.low if count else None,
        "high": count.high if count else None,
        "provenance": str(count.provenance) if count else NOT_COUNTED,
        "relative_to_baseline": row.relative.likely if row.relative else None,
        "context_window": model.context_window,
        "reserve": fit.reserve if fit else None,
        "share": fit.share if fit else None,
        "left": fit.left if fit else None,
        "over": fit.over if fit else None,
        "fits": fit.fits if fit else None,
        "input_cost_usd": float(sending.likely) if sending else None,
        "input_cost_low_usd": float(sending.low) if sending else None,
        "input_cost_high_usd": float(sending.high) if sending else None,
        "with_answer_cost_usd": float(answering.likely) if answering else None,
        "relative_cost": row.relative_cost.likely if row.relative_cost else None,
        "retired": row.retired,
        "marks": list(row.marks),
    }
