"""Numbers are grouped, money has enough digits to be true, and unknown is never 0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit
from tokviz.analysis.cost import Cost
from tokviz.tokens import Count, Provenance

ESTIMATE = Count(1_200, Provenance.ESTIMATE, 1_040, 1_380)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0"),
        ("0.000012", "$0.000012"),
        ("0.0000025", "$0.0000025"),
        ("0.01", "$0.01"),
        ("0.0125", "$0.0125"),
        ("0.012345", "$0.0123"),
        ("0.1", "$0.10"),
        ("0.125", "$0.125"),
        ("0.99951", "$1.00"),
        ("1", "$1.00"),
        ("12.345", "$12.34"),
        ("1234567.891", "$1,234,567.89"),
    ],
)
def test_money(amount: str, text: str) -> None:
    assert formatting.money(Decimal(amount)) == text


def test_unknown_money_is_said() -> None:
    assert formatting.money(None) == "unknown"
    assert formatting.money_range(None) == ""


@given(st.decimals(min_value="0.000000001", max_value="100000", places=9))
def test_money_is_within_half_a_percent_and_never_nothing(amount: Decimal) -> None:
    shown = Decimal(formatting.money(amount).removeprefix("$").replace(",", ""))
    assert shown > 0
    assert abs(shown - amount) <= amount * Decimal("0.0051")


def test_ranges() -> None:
    assert formatting.count(ESTIMATE) == "~1,200"
    assert formatting.count_range(ESTIMATE) == "1,040–1,380"
    assert formatting.count(Count.certain(1_200, Provenance.ASSUMED)) == "1,200"
    assert formatting.count_range(Count.certain(1_200)) == ""
    amount = Cost(Decimal("0.0104"), Decimal("0.012"), Decimal("0.0138"))
    assert formatting.money_range(amount) == "$0.0104–$0.0138"
    assert formatting.money_range(Cost(Decimal(1), Decimal(1), Decimal(1))) == ""


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"),
        (1 / 1_048_576, "0.000095%"),
        (0.000031, "0.0031%"),
        (0.005, "0.50%"),
        (0.375, "37.5%"),
        (1.0, "100.0%"),
        (0.99996, "99.996%"),
        (1.0000001, "100.00001%"),
        (12.5, "1,250%"),
        (None, "unknown"),
    ],
)
def test_percent(share: float | None, text: str) -> None:
    assert formatting.percent(share) == text


@given(st.floats(min_value=1e-9, max_value=100))
def test_percent_never_hides_a_remainder(share: float) -> None:
    shown = float(formatting.percent(share).removesuffix("%").replace(",", ""))
    assert shown > 0
    if abs(share - 1) > 1e-9:
        assert shown != 100


def test_what_is_left_and_the_verdict() -> None:
    fits = Fit(Count.certain(100), 1_000, 200, 800)
    assert (formatting.left(fits), formatting.verdict(fits)) == ("700", "fits")
    over = Fit(Count.certain(1_000), 1_000, 200, 800)
    assert (formatting.left(over), formatting.verdict(over)) == ("over by 200", "too long")
    perhaps = Fit(ESTIMATE, 2_000, 800, 1_200)
    assert (formatting.left(perhaps), formatting.verdict(perhaps)) == ("~0", "may not fit")
    beyond = Fit(ESTIMATE, 2_000, 800, 1_000)
    assert (formatting.left(beyond), formatting.verdict(beyond)) == ("over by ~200", "too long")
    unknown = Fit(ESTIMATE, None, 0, None)
    assert (formatting.left(unknown), formatting.verdict(unknown)) == ("unknown", "unknown")


def test_quantities_agree_in_number() -> None:
    assert formatting.quantity(1, "file") == "1 file"
    assert formatting.quantity(0, "file") == "0 files"
    assert formatting.quantity(12_345, "byte") == "12,345 bytes"
    assert formatting.quantity(2, "directory", "directories") == "2 directories"
