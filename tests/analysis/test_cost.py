"""Cost: exact decimals, tiers on the whole request, unknown never 0."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.cost import Cost, Request, Service, cost, request_cost
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LaterPrices, Peak, Prices, Tier
from tokviz.tokens import Count, Provenance

CATALOG = Catalog(Assets())


def sending(model_id: str, tokens: int, answer: int = 0, service: Service = Service.USUAL) -> Decimal | None:
    amount = cost(Count.certain(tokens), CATALOG.get(model_id).prices, answer, service)
    return amount.likely if amount else None


@pytest.mark.parametrize(
    ("model_id", "tokens", "answer", "dollars"),
    [
        ("gpt-4o", 1_000_000, 0, "2.5"),
        ("gpt-4o", 1, 0, "0.0000025"),
        ("gpt-4o", 0, 0, "0"),
        ("gpt-4o", 12_345, 4_096, "0.0718225"),
        # up to the threshold the usual rates, past it the tier's on input and answer alike
        ("gemini-2.5-pro", 200_000, 1_000, "0.26"),
        ("gemini-2.5-pro", 200_001, 1_000, "0.5150025"),
        ("gpt-6.1-sol", 272_000, 0, "0.544"),
        ("gpt-6.1-sol", 272_001, 0, "1.088004"),
        ("qwen3-max", 128_001, 0, "0.384003"),
        ("qwen3-max", 128_000, 0, "0.3072"),
        ("deepseek-v4-pro", 1_000_000, 0, "0.66"),
    ],
)
def test_exact_amounts(model_id: str, tokens: int, answer: int, dollars: str) -> None:
    assert sending(model_id, tokens, answer) == Decimal(dollars)


def test_other_services() -> None:
    assert sending("gpt-4o", 1_000_000, service=Service.CACHED) == Decimal("1.25")
    assert sending("gpt-4o", 1_000_000, 1_000_000, service=Service.CACHED) == Decimal("11.25")
    assert sending("gpt-4o", 1_000_000, 1_000_000, service=Service.BATCH) == Decimal("6.25")
    assert sending("gemini-3.1-pro", 1_000_000, service=Service.BATCH) == Decimal("2")


def test_unknown_is_none() -> None:
    assert sending("llama-3.1-405b", 1_000) is None
    assert sending("mistral-large-2411", 1_000, service=Service.CACHED) is None
    assert sending("mistral-large-2411", 1_000, service=Service.BATCH) is None
    assert cost(Count.certain(0), None) is None


def test_a_range_may_reach_into_a_tier() -> None:
    prices = Prices(Decimal(1), Decimal(2), tiers=(Tier(Decimal(10), Decimal(20), above=100),))
    amount = cost(Count(100, Provenance.ESTIMATE, 90, 101), prices, 1)
    assert amount == Cost(Decimal("0.000092"), Decimal("0.000102"), Decimal("0.00103"))


@given(
    st.integers(0, 10**10), st.integers(0, 10**7), st.sampled_from([m for m in CATALOG.models if m.prices])
)
def test_no_rounding_anywhere(tokens: int, answer: int, model: object) -> None:
    prices = CATALOG.get(getattr(model, "id")).prices  # noqa: B009
    assert prices is not None
    amount = cost(Count.certain(tokens), prices, answer)
    rates = prices.rates(tokens)
    assert amount is not None
    assert amount.likely * 1_000_000 == tokens * rates.input + answer * rates.output
    assert amount.low == amount.high == amount.likely


PRICES = Prices(
    Decimal(1),
    Decimal(5),
    cached_input=Decimal("0.1"),
    cache_write=Decimal("1.25"),
    cache_write_1h=Decimal(2),
    batch_input=Decimal("0.5"),
    batch_output=Decimal("2.5"),
    batch_cached_input=Decimal("0.05"),
    tiers=(Tier(Decimal(2), Decimal(7), cached_input=Decimal("0.2"), above=100),),
    peak=Peak(Decimal(2), ("01:00-02:00",)),
    later=(LaterPrices(Decimal(3), Decimal(9), start=date(2027, 1, 1)),),
)
DAY = date(2026, 11, 1)


def micro(request: Request, on: date | None = DAY) -> Decimal | None:
    """Millionths of a dollar."""
    amount = request_cost(request, PRICES, on)
    return None if amount is None else amount * 1_000_000


def test_every_kind_of_token_pays_its_rate() -> None:
    assert micro(Request(fresh=10, cached=20, written=30, written_1h=40, answer=2)) == Decimal("139.5")
    assert micro(Request(fresh=10, cached=20, answer=2, batch=True)) == Decimal(11)
    assert micro(Request(fresh=10, peak=True)) == 20
    assert micro(Request()) == 0


def test_the_tier_goes_by_all_that_is_sent_and_holds_for_the_whole() -> None:
    assert micro(Request(fresh=50, cached=50, answer=1)) == 60
    assert micro(Request(fresh=51, cached=50, answer=1)) == 119


def test_a_rate_that_is_needed_and_unknown_makes_the_cost_unknown() -> None:
    assert micro(Request(fresh=100, written=1, answer=1, batch=True)) is None  # the tier has no batch prices
    assert micro(Request(fresh=1, written=1, batch=True)) is None
    assert micro(Request(cached=1), date(2027, 1, 1)) is None
    assert micro(Request(written=7), date(2027, 1, 1)) == 21  # no price for writing: that of input


def test_where_one_of_two_prices_for_writing_is_listed_the_other_is_unknown() -> None:
    short = Prices(Decimal(1), Decimal(5), cache_write=Decimal(2))
    hour = Prices(Decimal(1), Decimal(5), cache_write_1h=Decimal(3))
    assert request_cost(Request(written=1_000_000), short) == 2
    assert request_cost(Request(written_1h=1_000_000), short) is None
    assert request_cost(Request(written_1h=1_000_000), hour) == 3
    assert request_cost(Request(written=1_000_000), hour) is None


def test_the_price_of_the_day_is_paid() -> None:
    assert micro(Request(fresh=10), date(2026, 12, 31)) == 10
    assert micro(Request(fresh=10), date(2027, 1, 1)) == 30
    assert micro(Request(fresh=10), None) == 10


def test_every_kind_of_input_counts_towards_a_tier() -> None:
    assert Request(fresh=1, cached=20, written=300, written_1h=4000, answer=50_000).input == 4321


def test_an_answer_costs_nothing_where_none_is_asked_for() -> None:
    prices = CATALOG.get("gpt-4o").prices
    assert cost(Count.certain(1_000_000), prices) == cost(Count.certain(1_000_000), prices, 0)
