"""What recorded requests cost: each kind of token at its own price, unknown never 0."""

from decimal import Decimal

from tokviz.analysis.conversation.recorded_cost import recorded_cost, request_cost
from tokviz.catalog.model import Prices, Tier
from tokviz.conversations.model import Usage

PRICES = Prices(
    input=Decimal(10),
    output=Decimal(50),
    cached_input=Decimal(1),
    cache_write=Decimal("12.5"),
    cache_write_1h=Decimal(20),
    tiers=(Tier(above=1_000_000, input=Decimal(20), output=Decimal(100), cached_input=Decimal(2)),),
)


def test_each_kind_of_token_has_its_price() -> None:
    usage = Usage(
        input=100, output=10, cache_read=1_000, cache_write=300, cache_write_5m=100, cache_write_1h=200
    )
    expected = Decimal(100 * 10 + 10 * 50 + 1_000 + 100 * Decimal("12.5") + 200 * 20) / 1_000_000
    assert request_cost(usage, PRICES) == expected
    assert recorded_cost([usage, usage], PRICES) == 2 * expected


def test_the_tier_is_that_of_the_whole_context() -> None:
    usage = Usage(input=1, cache_read=1_000_000)
    assert request_cost(usage, PRICES) == Decimal(20 + 2_000_000) / 1_000_000


def test_unknown_is_not_free() -> None:
    without = Prices(input=Decimal(10), output=Decimal(50))
    assert request_cost(Usage(input=1, cache_read=5), without) is None
    assert request_cost(Usage(input=1, cache_write=5), without) == Decimal(60) / 1_000_000
    assert request_cost(Usage(), PRICES) is None
    assert request_cost(Usage(input=1), None) is None
    assert recorded_cost([Usage(input=1), Usage()], PRICES) is None
    assert recorded_cost([], PRICES) is None
