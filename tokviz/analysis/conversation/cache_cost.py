"""What it costs that a cache does not serve tokens which it could have served."""

from dataclasses import dataclass
from decimal import Decimal

from tokviz.analysis import formatting
from tokviz.catalog.model import Prices
from tokviz.language import _
from tokviz.lists import listed

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
        return _("what that costs is unknown")
    amounts = [formatting.money(cost.five_minutes)]
    if cost.one_hour is not None:
        # Translators: prices of writing to a cache that keeps it for five minutes, or for one hour.
        amounts = [
            _("{money} at the five-minute price", money=formatting.money(cost.five_minutes)),
            _("{money} at the one-hour price", money=formatting.money(cost.one_hour)),
        ]
    if cost.cached is not None:
        # Translators: stands after the price of writing the same to the cache.
        amounts.append(_("instead of {money} from the cache", money=formatting.money(cost.cached)))
    return listed(amounts)
