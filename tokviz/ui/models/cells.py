"""What the models panel says, in words: the two lines of each cell, the tooltip, the summary."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.catalog.model import Access, LanguageModel, Prices
from tokviz.tokens import Provenance
from tokviz.ui.models.rows import Column, Row

RESERVE_TIP = (
    "Tokens kept free for the answer. “by model”: 4,096, or less where the model's window or its longest "
    "answer is small."
)
COUNTING = "counting…"
_LEAST = Decimal("0.00001")
"""US dollars; the tip has what is less to all its digits."""
_ACCESS = {
    Access.API: "The text goes to the maker's server.",
    Access.OPEN_WEIGHTS: "The weights can be run on a machine of your own; a host sets its own price.",
    Access.BOTH: "The text goes to the maker's server, or stays with you if you run the weights yourself.",
}


def cell(row: Row, column: Column) -> tuple[str, str]:
    """The main line and the quieter one below it."""
    match column:
        case Column.MODEL:
            return row.model.name, f"{row.model.developer} · {row.model.access}"
        case Column.TOKENS:
            return _tokens(row)
        case Column.WINDOW:
            return _window(row)
        case Column.COST:
            return _costs(row)


def short_second_line(row: Row, column: Column) -> str:
    """The quieter line where it has little room: rounded."""
    second = cell(row, column)[1]
    if column is Column.TOKENS and row.count is not None:
        return formatting.short_range(row.count) or second
    if column is Column.WINDOW and row.fit is not None:
        return fit_words.room(row.fit, brief=True)
    return second


def _tokens(row: Row) -> tuple[str, str]:
    if row.count is None:
        return COUNTING, ""
    label = "estimate" if row.count.provenance is Provenance.ESTIMATE else str(row.count.provenance)
    return formatting.count(row.count), formatting.count_range(row.count) or label


def _window(row: Row) -> tuple[str, str]:
    window = row.model.context_window
    if row.fit is None:
        return "", f"of {formatting.grouped(window)}" if window else formatting.UNKNOWN
    return fit_words.share(row.fit), fit_words.room(row.fit)


def _costs(row: Row) -> tuple[str, str]:
    if row.model.prices is None:
        return ("by host", "") if row.model.host_sets_price else (formatting.UNKNOWN, "")
    if row.sending is None or row.answering is None:
        return ("", "") if row.count is None else (formatting.UNKNOWN, "")
    mark = formatting.mark(row.count) if row.count else ""
    return mark + _short_money(row.sending.likely), mark + _short_money(row.answering.likely)


def _short_money(amount: Decimal) -> str:
    """An amount that fits in the column: cut off at its end it would read as another one."""
    return f"<{formatting.money(_LEAST)}" if 0 < amount < _LEAST else formatting.money(amount)


def tooltip(row: Row) -> str:
    """Everything the panel knows of a model, as plain text."""
    model = row.model
    lines = [f"{model.name} ({model.developer}, {model.access})", model.strengths, _ACCESS[model.access], ""]
    lines += _count_lines(row)
    lines += ["", *_limits(model), *_price_lines(model)]
    if retirement := model.retirement(date.today()):
        lines.append(f"{retirement.capitalize()} (its maker's own API)")
    return "\n".join(lines)


def _count_lines(row: Row) -> list[str]:
    if row.count is None or row.fit is None:
        return [f"Tokens: {COUNTING} ({row.model.tokenizer})"]
    label = row.count.provenance
    lines = [
        f"Tokens: {formatting.count(row.count)} under {row.model.tokenizer}: {label}, {label.explanation}"
    ]
    if between := formatting.count_range(row.count):
        lines.append(f"Range: {between} tokens")
    lines.append(f"Window: {fit_words.share(row.fit)} used, {formatting.grouped(row.fit.reserve)} reserved")
    lines.append(f"{row.fit.standing.capitalize()}: {fit_words.room_and_doubt(row.fit)}")
    if row.sending and row.answering:
        between = _bracketed(formatting.money_range(row.sending))
        lines.append(f"Input: {formatting.money(row.sending.likely)} {between}")
        lines.append(
            f"With an answer of {formatting.grouped(row.fit.reserve)} tokens: "
            f"{formatting.money(row.answering.likely)} {_bracketed(formatting.money_range(row.answering))}"
        )
    if warning := cost_words.tier_warning(row.count, row.model.prices):
        lines.append(warning)
    return [line.rstrip() for line in lines]


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _limits(model: LanguageModel) -> list[str]:
    def tokens(value: int | None) -> str:
        return f"{value:,}" if value is not None else formatting.UNKNOWN

    limits = f"largest input {tokens(model.max_input)}, longest answer {tokens(model.max_output)}"
    return [f"Context window {tokens(model.context_window)}, {limits} tokens"]


def _price_lines(model: LanguageModel) -> list[str]:
    if model.prices is None:
        return [f"Price: {'set by the host' if model.host_sets_price else formatting.UNKNOWN}"]
    prices: Prices = model.prices
    text = f"Per million tokens: input {formatting.money(prices.input)}"
    text += f", output {formatting.money(prices.output)}"
    if prices.cached_input is not None:
        text += f", cached input {formatting.money(prices.cached_input)}"
    lines = [text]
    for tier in prices.tiers:
        lines.append(
            f"Above {tier.above:,} tokens the whole request pays {formatting.money(tier.input)} and "
            f"{formatting.money(tier.output)}"
        )
    if prices.peak:
        lines.append(f"× {prices.peak.factor} in peak hours ({prices.peak.when})")
    for later in prices.later:
        lines.append(
            f"From {later.start.isoformat()}: input {formatting.money(later.input)}, "
            f"output {formatting.money(later.output)}"
        )
    if prices.note:
        lines.append(prices.note)
    if model.prices_as_of:
        lines.append(f"Prices as of {model.prices_as_of.isoformat()}")
    return lines


def summary(rows: Sequence[Row]) -> str:
    """How many of the models the text fits."""
    counted = [row for row in rows if row.fit is not None]
    if not counted or not any(row.count and row.count.tokens for row in counted):
        return "Nothing to count yet."
    fits = sum(row.fit is not None and row.fit.fits is True for row in counted)
    doubtful = sum(
        row.fit is not None and row.fit.usable is not None and row.fit.fits is None for row in counted
    )
    text = f"Fits {fits} of {len(counted)} models"
    if doubtful:
        why = "its count being an estimate" if doubtful == 1 else "their counts being estimates"
        text += f"; {doubtful} more may fit, {why}"
    if len(counted) < len(rows):
        text += f"; {len(rows) - len(counted)} still being counted"
    return text + "."
