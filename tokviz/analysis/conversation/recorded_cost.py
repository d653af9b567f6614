"""What the recorded requests of a conversation cost at a model's prices."""

from collections.abc import Iterable
from decimal import Decimal

from tokviz.catalog.model import Prices
from tokviz.conversations.model import Usage

_PER_MILLION = -6


def recorded_cost(usages: Iterable[Usage], prices: Prices | None) -> Decimal | None:
    """US dollars for requests with these usages: fresh input, cache reads, cache writes and output apart.

    None if a price that it takes is unknown, or where nothing is recorded. Past a tier's threshold a request
    pays that tier's rates.
    """
    amounts = [request_cost(usage, prices) for usage in usages]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def request_cost(usage: Usage, prices: Prices | None) -> Decimal | None:
    """US dollars for one request; None if a price that it takes is unknown, or its input and output are."""
    if prices is None or (usage.context is None and usage.output is None):
        return None
    rates = prices.rates(usage.context or 0)
    hour = usage.cache_write_1h or 0
    shares = (
        (usage.input, rates.input),
        (usage.cache_read, rates.cached_input),
        # Where writing has no price of its own, it costs what reading afresh does.
        ((usage.cache_write or 0) - hour, rates.cache_write or rates.input),
        (hour, rates.cache_write_1h or rates.cache_write or rates.input),
        (usage.output, rates.output),
    )
    if any(tokens and rate is None for tokens, rate in shares):
        return None
    total = sum((tokens * rate for tokens, rate in shares if tokens and rate is not None), Decimal(0))
    return total.scaleb(_PER_MILLION)
