"""What the recorded requests of a conversation cost at a model's prices."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from tokviz.analysis import cost
from tokviz.catalog.model import Prices
from tokviz.conversations.model import Usage


def recorded_cost(usages: Iterable[Usage], prices: Prices | None) -> Decimal | None:
    """US dollars for requests with these usages; see ``request_cost`` and ``total_cost``."""
    return total_cost([request_cost(usage, prices) for usage in usages])


def total_cost(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """US dollars of several requests; None if one of them is unknown, or where there is none."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def request_cost(usage: Usage, prices: Prices | None) -> Decimal | None:
    """US dollars for one request: fresh input, cache reads, cache writes and output apart.

    None if a price that it takes is unknown, or its input and output are. Where holding something for an hour
    has no price of its own, it costs what holding it does.
    """
    if prices is None or (usage.context is None and usage.output is None):
        return None
    has_hour = prices.rates(usage.context or 0).cache_write_1h is not None
    hour = usage.cache_write_1h or 0 if has_hour else 0
    request = cost.Request(
        fresh=usage.input or 0,
        cached=usage.cache_read or 0,
        written=(usage.cache_write or 0) - hour,
        written_1h=hour,
        answer=usage.output or 0,
    )
    return cost.request_cost(request, prices)
