"""What it costs that a cache does not serve tokens which it could have served."""

from dataclasses import dataclass
from decimal import Decimal

from tokviz.analysis import formatting
from tokviz.catalog.model import Prices

_PER_MILLION = -6


@dataclass(frozen=True, slots=True)
class RereadCost:
    """US dollars for the same tokens: written to the cache again for five minutes or for one hour, and read
    from it. None: not offered, or unknown."""

    five_minutes: Decimal | None
    """Where writing has no price of its own, what reading afresh costs."""
    one_hour: Decimal | None
    cached: Decimal | None


def reread_cost(tokens: int, context: int, prices: Prices | None) -> RereadCost:
    """The cost of ``tokens`` in a request of ``context`` tokens, which decide the tier."""
    if prices is None:
        return RereadCost(None, None, None)
    rates = prices.rates(context)
    costs = (rates.cache_write or rates.input, rates.cache_write_1h, rates.cached_input)
    return RereadCost(*(None if rate is None else (tokens * rate).scaleb(_PER_MILLION) for rate in costs))


def in_words(cost: RereadCost) -> str:
    """``$0.046 at the five-minute price, $0.074 at the one-hour price, instead of $0.0037 from the cache``,
    as far as there are such prices."""
    if cost.five_minutes is None:
        return "what that costs is unknown"
    amounts = [f"{formatting.money(cost.five_minutes)} at the five-minute price"]
    if cost.one_hour is None:
        amounts = [formatting.money(cost.five_minutes)]
    else:
        amounts.append(f"{formatting.money(cost.one_hour)} at the one-hour price")
    if cost.cached is not None:
        amounts.append(f"instead of {formatting.money(cost.cached)} from the cache")
    return ", ".join(amounts)
