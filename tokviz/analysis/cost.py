"""What a request costs: exact decimals, tiers on the whole request, unknown never 0."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tokviz.catalog.model import Prices, Rates
from tokviz.tokens import Count

_PER_MILLION = -6
"""Prices are per million tokens: a product's decimal point moves this far."""


class Service(StrEnum):
    """At which of its rates a model is asked."""

    USUAL = "usual"
    CACHED = "cached"
    """The maker still holds the whole input from an earlier request."""
    BATCH = "batch"
    """Answered within a day, not at once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars at the low, the likely and the high end of a count; all equal unless it is an estimate."""

    low: Decimal
    likely: Decimal
    high: Decimal


def cost(
    count: Count, prices: Prices | None, answer: int = 0, service: Service = Service.USUAL
) -> Cost | None:
    """What it costs to send a text of ``count`` tokens and get ``answer`` tokens back.

    Past a tier's threshold, the whole request pays that tier's rates. None if the price is unknown, set by
    the host, or not offered for this service. Peak hours are not counted in: see ``Prices.peak``.
    """
    if prices is None:
        return None
    amounts = [_amount(tokens, answer, prices, service) for tokens in (count.low, count.tokens, count.high)]
    low, likely, high = amounts
    return None if low is None or likely is None or high is None else Cost(low, likely, high)


def _amount(tokens: int, answer: int, prices: Prices, service: Service) -> Decimal | None:
    input_rate, output_rate = _rates(prices.rates(tokens), service)
    if input_rate is None or (output_rate is None and answer):
        return None
    total = tokens * input_rate + answer * (output_rate or Decimal(0))
    return total.scaleb(_PER_MILLION)


def _rates(rates: Rates, service: Service) -> tuple[Decimal | None, Decimal | None]:
    match service:
        case Service.CACHED:
            return rates.cached_input, rates.output
        case Service.BATCH:
            return rates.batch_input, rates.batch_output
        case Service.USUAL:
            return rates.input, rates.output
