"""What ``tokviz models --json`` says of each model: every figure, its source and its date."""

from datetime import date
from decimal import Decimal

from tokviz.catalog.model import RATES, LanguageModel, Peak, Prices, RateCard, Rates
from tokviz.catalog.model_file import PRICE_SET_BY_HOST
from tokviz.tokens import Count


def number(amount: Decimal | None) -> float | None:
    """For JSON: the float whose shortest form is ``amount`` itself (true up to 15 significant digits)."""
    return None if amount is None else float(amount)


def count_record(name: str, counted: Count) -> dict[str, object]:
    """What a tokenizer or estimator counts."""
    return {
        "tokenizer": name,
        "tokens": counted.tokens,
        "provenance": counted.provenance,
        "low": counted.low,
        "high": counted.high,
    }


def record(model: LanguageModel, today: date) -> dict[str, object]:
    """The record of a model; unknown is null."""
    return {
        "id": model.id,
        "name": model.name,
        "developer": model.developer,
        "access": model.access,
        "context_window": model.context_window,
        "max_input": model.max_input,
        "max_output": model.max_output,
        "capabilities": list(model.capabilities) if model.capabilities is not None else None,
        "min_cacheable": model.min_cacheable,
        "strengths": model.strengths,
        "tokenizer": model.tokenizer,
        "provenance": model.provenance,
        "prices": PRICE_SET_BY_HOST if model.host_sets_price else _prices(model.prices),
        "prices_as_of": _day(model.prices_as_of),
        "released": _day(model.released),
        "retired": _day(model.retired),
        "is_retired": model.is_retired(today),
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
        **_card(prices),
        "later": [{"from": later.start.isoformat(), **_card(later)} for later in prices.later],
    }


def _card(card: RateCard) -> dict[str, object]:
    return {
        **_rates(card),
        "tiers": [{"above": tier.above, **_rates(tier)} for tier in card.tiers],
        "peak": _peak(card.peak) if card.peak else None,
        "note": card.note or None,
    }


def _peak(peak: Peak) -> dict[str, object]:
    return {
        "factor": number(peak.factor),
        "when": peak.when,
        "hours_utc": list(peak.hours),
        "days": list(peak.days),
        "excepted": [day.isoformat() for day in peak.excepted],
    }


def _rates(rates: Rates) -> dict[str, object]:
    return {name: number(getattr(rates, name)) for name in RATES}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
