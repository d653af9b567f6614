"""What a request costs: exact decimals, tiers on the whole request, unknown never 0."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class Request:
    """The tokens of one request, by how they are paid for."""

    fresh: int = 0
    """Input that no cache holds, nor is to hold."""
    cached: int = 0
    """Input read from the maker's cache."""
    written: int = 0
    """Input that the maker is asked to hold for its usual time (Anthropic: five minutes)."""
    written_1h: int = 0
    """Input that it is asked to hold for an hour."""
    answer: int = 0
    """Output, reasoning included."""
    batch: bool = False
    """Answered within a day, not at once."""
    peak: bool = False
    """Sent in peak hours, where the maker has any."""

    @property
    def input(self) -> int:
        """All tokens sent: what tiers go by."""
        return self.fresh + self.cached + self.written + self.written_1h


def request_cost(request: Request, prices: Prices | None, on: date | None = None) -> Decimal | None:
    """US dollars for one request on a day (None: that of which ``prices`` are); exact.

    Past a tier's threshold, the whole request pays that tier's rates. A maker that lists no price for
    writing to its cache takes the input's. None if a rate that the request needs is unknown, set by the
    host, or not offered.
    """
    if prices is None:
        return None
    card = prices.on(on) if on else prices
    total = Decimal(0)
    for tokens, rate in _paid(request, card.rates(request.input)):
        if tokens and rate is None:
            return None
        total += tokens * (rate or 0)
    factor = card.peak.factor if card.peak and request.peak else 1
    return (total * factor).scaleb(_PER_MILLION)


def _paid(request: Request, rates: Rates) -> Iterable[tuple[int, Decimal | None]]:
    """The tokens of each kind, and their rate."""
    if request.batch:
        fresh, answer, cached = rates.batch_input, rates.batch_output, rates.batch_cached_input
        written, hour = rates.batch_cache_write, rates.batch_cache_write_1h
    else:
        fresh, answer, cached = rates.input, rates.output, rates.cached_input
        written, hour = rates.cache_write, rates.cache_write_1h
    if rates.cache_write is None and rates.cache_write_1h is None:
        written = hour = fresh
    return (
        (request.fresh, fresh),
        (request.cached, cached),
        (request.written, written),
        (request.written_1h, hour),
        (request.answer, answer),
    )


def cost(
    count: Count, prices: Prices | None, answer: int = 0, service: Service = Service.USUAL
) -> Cost | None:
    """What it costs to send a text of ``count`` tokens and get ``answer`` tokens back.

    Outside peak hours; ``request_cost`` has the rest.
    """
    low, likely, high = (
        request_cost(_request(tokens, answer, service), prices)
        for tokens in (count.low, count.tokens, count.high)
    )
    return None if low is None or likely is None or high is None else Cost(low, likely, high)


def _request(tokens: int, answer: int, service: Service) -> Request:
    if service is Service.CACHED:
        return Request(cached=tokens, answer=answer)
    return Request(fresh=tokens, answer=answer, batch=service is Service.BATCH)
