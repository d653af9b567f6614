"""Cost: exact decimals, tiers on the whole request, unknown never 0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.cost import Cost, Service, cost
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import Prices, Tier
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
