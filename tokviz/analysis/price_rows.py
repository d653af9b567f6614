"""Every price of a model with its condition, and what the text at hand costs under it. No Qt here."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tokviz import language
from tokviz.analysis import formatting
from tokviz.analysis.cost import Request, request_cost
from tokviz.catalog.days import spelled_day
from tokviz.catalog.model import LaterPrices, Prices, RateCard, Rates
from tokviz.language import _

_NONE = "–"


@dataclass(frozen=True, slots=True)
class PriceRow:
    """US dollars per million tokens under a condition; None: not offered, or not known."""

    condition: str
    input: Decimal | None
    cached: Decimal | None
    output: Decimal | None
    cost: Decimal | None
    """US dollars for the text at hand with its answer; None where the condition does not hold for it."""

    def cells(self, mark: str) -> tuple[str, str, str, str, str]:
        """The row in words; ``mark`` stands before a cost that is an estimate's."""
        cost = _NONE if self.cost is None else mark + formatting.money(self.cost)
        return self.condition, _rate(self.input), _rate(self.cached), _rate(self.output), cost


def price_rows(prices: Prices, tokens: int | None, answer: int) -> list[PriceRow]:
    """All that ``prices`` say. ``tokens`` and ``answer``: of the request whose cost is wanted, if any."""
    rows = list(_card_rows(prices, tokens, answer))
    if prices.peak:
        factor = prices.peak.factor
        cost = _cost(prices, tokens, Request(fresh=tokens or 0, answer=answer, peak=True))
        rows.append(
            PriceRow(
                _("Peak hours: {when}", when=prices.peak.when),
                prices.input * factor,
                None,
                prices.output * factor,
                cost,
            )
        )
    for later in prices.later:
        rows.append(_later_row(later, prices, tokens, answer))
    return rows


def _card_rows(card: Prices, tokens: int | None, answer: int) -> Iterator[PriceRow]:
    """The usual prices and what can be chosen instead; then the tiers."""
    here: RateCard | Rates = card if tokens is None else card.rates(tokens)
    limit = card.tiers[0].above if card.tiers else 0
    usual = _("Up to {limit} tokens of input", limit=formatting.grouped(limit)) if limit else _("Standard")
    sent = Request(fresh=tokens or 0, answer=answer)
    yield PriceRow(usual, card.input, None, card.output, _cost(card, tokens, sent, here is card))
    if card.cached_input is not None:
        again = Request(cached=tokens or 0, answer=answer)
        yield PriceRow(
            _("Input sent again, cached"),
            None,
            card.cached_input,
            card.output,
            _cost(card, tokens, again, here is card),
        )
    for rate, condition, request in _cache_writes(card, tokens or 0, answer):
        yield PriceRow(condition, rate, None, card.output, _cost(card, tokens, request, here is card))
    if card.batch_input is not None:
        later = Request(fresh=tokens or 0, answer=answer, batch=True)
        yield PriceRow(
            _("Batch, answer within 24 hours"),
            card.batch_input,
            card.batch_cached_input,
            card.batch_output,
            _cost(card, tokens, later, here is card),
        )
    for tier in card.tiers:
        condition = _("Over {above}: the whole request", above=formatting.grouped(tier.above))
        yield PriceRow(
            condition, tier.input, tier.cached_input, tier.output, _cost(card, tokens, sent, here is tier)
        )


def _cache_writes(card: Prices, tokens: int, answer: int) -> Iterator[tuple[Decimal, str, Request]]:
    """The prices of having the maker keep the input for the next request."""
    if card.cache_write is not None:
        yield (
            card.cache_write,
            _("Input kept in cache for 5 minutes")
            if card.cache_write_1h is not None
            else _("Input kept in cache for a while"),
            Request(written=tokens, answer=answer),
        )
    if card.cache_write_1h is not None:
        yield (
            card.cache_write_1h,
            _("Input kept in cache for an hour"),
            Request(written_1h=tokens, answer=answer),
        )


def _later_row(later: LaterPrices, prices: Prices, tokens: int | None, answer: int) -> PriceRow:
    cost = None
    if tokens is not None:
        cost = request_cost(Request(fresh=tokens, answer=answer), prices, later.start)
    return PriceRow(
        _("From {day}", day=spelled_day(later.start)), later.input, later.cached_input, later.output, cost
    )


def _cost(prices: Prices, tokens: int | None, request: Request, holds: bool = True) -> Decimal | None:
    return request_cost(request, prices) if tokens is not None and holds else None


def _rate(amount: Decimal | None) -> str:
    if amount is None:
        return _NONE
    places = max(2, -int(amount.normalize().as_tuple().exponent)) if amount else 2
    return language.number(f"{amount:,.{places}f}")
