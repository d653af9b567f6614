"""Every amount says what it is for, and a price tier is announced before it is paid."""

from decimal import Decimal

import pytest

from tokviz.analysis.cost_words import input_cost, tier_warning, total_cost
from tokviz.analysis.evaluation import evaluate
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import Prices, Tier
from tokviz.tokens import Count, Provenance

CATALOG = Catalog(Assets())


def prices(*tiers: tuple[int, int, int]) -> Prices:
    """One dollar for input and ten for output; tiers: above, input, output."""
    rows = tuple(
        Tier(above=above, input=Decimal(for_input), output=Decimal(for_output))
        for above, for_input, for_output in tiers
    )
    return Prices(input=Decimal(1), output=Decimal(10), tiers=rows)


def test_amounts_are_labelled() -> None:
    found = evaluate(CATALOG.get("gpt-5"), Count.certain(9_412), 4_096)
    assert input_cost(found) == "input $0.0118"
    assert total_cost(found) == "with an answer of 4,096 tokens $0.0527"
    assert total_cost(found, brief=True) == "with answer $0.0527"
    estimate = Count(1_000, Provenance.ESTIMATE, 900, 1_100)
    assert input_cost(evaluate(CATALOG.get("gpt-5"), estimate)) == "input ~$0.00125"
    assert input_cost(evaluate(CATALOG.get("llama-3.1-405b"), Count.certain(5))) == "input unknown"


@pytest.mark.parametrize(
    ("tokens", "warning"),
    [
        (10, ""),
        (179_999, ""),
        (198_201, "1,800 tokens more and the whole request costs twice as much"),
        (200_000, "1 token more and the whole request costs twice as much"),
        (200_001, "1 token less and the whole request costs half as much"),
        (220_000, "20,000 tokens less and the whole request costs half as much"),
        (220_001, ""),
    ],
)
def test_a_tier_is_announced_on_both_sides(tokens: int, warning: str) -> None:
    assert tier_warning(Count.certain(tokens), prices((200_000, 2, 20))) == warning


def test_the_words_are_true_of_the_cost() -> None:
    """The stated number of tokens is the least that changes the rates."""
    asked = prices((200_000, 2, 20))
    assert asked.rates(198_201 + 1_799).input == 1
    assert asked.rates(198_201 + 1_800).input == 2


def test_the_nearest_of_several_tiers_and_both_factors() -> None:
    asked = prices((32_000, 2, 15), (128_000, 3, 15))
    first, second = (tier_warning(Count.certain(tokens), asked) for tokens in (31_000, 127_001))
    assert first.endswith("pays twice as much for input, 1.5 times as much for output")
    assert second.endswith("pays 1.5 times as much for input, just as much for output")


def test_an_estimate_that_straddles_a_tier() -> None:
    count = Count(150_000, Provenance.ESTIMATE, 120_000, 210_000)
    assert tier_warning(count, prices((200_000, 2, 20))).startswith("~50,001 tokens more")
    assert tier_warning(count, None) == ""
