"""``tokviz models``: the language models known, with their windows and prices."""

import argparse
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tokviz.analysis import formatting
from tokviz.assets import Assets
from tokviz.catalog.catalog import PRICE_SET_BY_HOST, Catalog
from tokviz.catalog.model import LanguageModel, Prices, Rates
from tokviz.cli.console import Console
from tokviz.cli.tables import Column, remark_lines, render

RETIRED = "†"
REMARK = "*"
BY_HOST = "by host"
"""Stands where a price would, if whoever runs the open weights sets it."""
_COLUMNS = (
    Column("Model"),
    Column("Id"),
    Column("Developer", optional=4),
    Column("Access", optional=5),
    Column("Window", right=True),
    Column("Max input", right=True, optional=6),
    Column("Max output", right=True, optional=2),
    Column("Tokenizer", optional=3),
    Column("Counts", optional=1),
    Column("$/M in", right=True),
    Column("$/M out", right=True),
)


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> bool:
    """Whether the answer is to be JSON."""
    parser.add_argument(
        "--json", action="store_true", help="a JSON list with every figure, its source and its date"
    )
    return bool(parser.parse_args(argv).json)


def run(as_json: bool, console: Console) -> int:
    """Print the catalog."""
    models = Catalog(Assets()).models
    if as_json:
        console.print(json.dumps([_record(model) for model in models], indent=2))
        return 0
    today = date.today()
    console.print(render(_COLUMNS, [_row(model, today) for model in models], console.width, console.styled))
    console.print()
    notes = ["Limits in tokens; prices in US dollars per million tokens.", *remarks(models, today)]
    console.print(remark_lines(notes, console.width, console.styled))
    return 0


def display_name(model: LanguageModel, today: date) -> str:
    """The model's name with the marks that ``remarks`` explains."""
    marks = RETIRED * model.is_retired(today)
    if model.prices and (model.prices.peak or model.prices.note):
        marks += REMARK
    return f"{model.name} {marks}".rstrip()


def remarks(models: Sequence[LanguageModel], today: date) -> list[str]:
    """What the marks at the models' names mean, a line each."""
    names: dict[str, list[str]] = {}
    for model in models:
        if model.prices and model.prices.peak:
            peak = model.prices.peak
            names.setdefault(f"{peak.factor} times as much {peak.when}", []).append(model.name)
        if model.prices and model.prices.note:
            names.setdefault(model.prices.note, []).append(model.name)
    lines = [f"{REMARK} {', '.join(those)}: {remark}." for remark, those in names.items()]
    if any(model.is_retired(today) for model in models):
        lines.insert(0, f"{RETIRED} No longer served by its maker; its last price.")
    return lines


def price_dates(models: Sequence[LanguageModel]) -> str:
    """The date of the models' prices, or from when to when they are; empty if none has a price."""
    dates = sorted(model.prices_as_of for model in models if model.prices_as_of)
    if not dates:
        return ""
    return str(dates[0]) if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"


def _row(model: LanguageModel, today: date) -> list[str]:
    prices = model.prices
    unpriced = BY_HOST if model.host_sets_price else formatting.UNKNOWN
    return [
        display_name(model, today),
        model.id,
        model.developer,
        model.access,
        _tokens(model.context_window),
        _tokens(model.max_input),
        _tokens(model.max_output),
        model.tokenizer,
        model.provenance,
        _dollars(prices.input) if prices else unpriced,
        _dollars(prices.output) if prices else unpriced,
    ]


def _tokens(number: int | None) -> str:
    return formatting.UNKNOWN if number is None else formatting.grouped(number)


def _dollars(amount: Decimal) -> str:
    return formatting.money(amount).removeprefix("$")


def number(amount: Decimal | None) -> float | None:
    """For JSON: the float whose shortest form is ``amount`` itself (true up to 15 significant digits)."""
    return None if amount is None else float(amount)


def _record(model: LanguageModel) -> dict[str, object]:
    return {
        "id": model.id,
        "name": model.name,
        "developer": model.developer,
        "access": model.access,
        "context_window": model.context_window,
        "max_input": model.max_input,
        "max_output": model.max_output,
        "strengths": model.strengths,
        "tokenizer": model.tokenizer,
        "provenance": model.provenance,
        "prices": PRICE_SET_BY_HOST if model.host_sets_price else _prices(model.prices),
        "prices_as_of": _day(model.prices_as_of),
        "released": _day(model.released),
        "retired": _day(model.retired),
        "sources": {
            figure: {
                "title": citation.source.title,
                "key": citation.key or None,
                "date": _day(citation.source.date),
            }
            for figure, citation in model.sources.items()
        },
        "notes": dict(model.notes),
    }


def _prices(prices: Prices | None) -> dict[str, object] | None:
    if prices is None:
        return None
    return {
        **_rates(prices),
        "tiers": [{"above": tier.above, **_rates(tier)} for tier in prices.tiers],
        "peak": {"factor": number(prices.peak.factor), "hours": prices.peak.when} if prices.peak else None,
        "note": prices.note or None,
    }


def _rates(rates: Rates) -> dict[str, object]:
    return {
        "input": number(rates.input),
        "output": number(rates.output),
        "cached_input": number(rates.cached_input),
        "cache_write": number(rates.cache_write),
        "batch_input": number(rates.batch_input),
        "batch_output": number(rates.batch_output),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
