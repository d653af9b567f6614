"""Numbers are grouped, money has enough digits to be true, and unknown is never 0."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speaking import speaking
from tokviz import language
from tokviz.analysis import formatting
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
    assert formatting.count(Count(9, Provenance.MEASURED, 8, 10)) == "~9"
    assert formatting.count(Count.certain(9, Provenance.MEASURED)) == "9"  # as the provider recorded it
    amount = Cost(Decimal("0.0104"), Decimal("0.012"), Decimal("0.0138"))
    assert formatting.money_range(amount) == "$0.0104–$0.0138"
    assert formatting.money_range(Cost(Decimal(1), Decimal(1), Decimal(1))) == ""


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1 / 1_048_576, "0.0001 %"),
        (0.000031, "0.003 %"),
        (0.0005, "0.05 %"),
        (0.005, "0.50 %"),
        (0.0094, "0.94 %"),
        (0.00996, "1.0 %"),
        (0.024, "2.4 %"),
        (0.421, "42.1 %"),
        (1.0, "100 %"),
        (0.99996, "99.9 %"),
        (1.0000001, ">100 %"),
        (1.0049, ">100 %"),
        (1.0051, "101 %"),
        (1.47, "147 %"),
        (48.98, "4,898 %"),
        (None, "unknown"),
    ],
)
def test_percent(share: float | None, text: str) -> None:
    assert formatting.percent(share) == text


@given(st.floats(min_value=1e-9, max_value=9.99))
def test_percent_has_three_figures_and_never_hides_a_remainder(share: float) -> None:
    text = formatting.percent(share).removesuffix(" %")
    assert len(text.replace(".", "").lstrip(">0")) <= 3
    assert float(text.removeprefix(">")) > 0
    assert (text == "100") == (share == 1)
    if share > 0.0001:
        assert abs(float(text.removeprefix(">")) - share * 100) <= 0.051 * max(1, share * 10)


def test_a_share_of_an_estimate_is_marked() -> None:
    assert formatting.share_of(ESTIMATE, 0.375) == "~37.5 %"
    assert formatting.share_of(Count.certain(3), 0.375) == "37.5 %"
    assert formatting.share_of(ESTIMATE, None) == "unknown"


def test_what_lies_in_a_range_is_marked_however_it_was_counted() -> None:
    for provenance in Provenance:
        assert formatting.mark(Count(21, provenance, 20, 22)) == "~"
    assert not formatting.mark(Count.certain(21, Provenance.ASSUMED))


def test_a_change_has_its_sign() -> None:
    assert [formatting.signed(number) for number in (-1234, 0, 1234)] == ["−1,234", "+0", "+1,234"]


def test_a_number_that_is_not_known_is_unknown() -> None:
    assert formatting.grouped(12_345) == "12,345"
    assert formatting.grouped(0) == "0"
    assert formatting.grouped(None) == formatting.UNKNOWN


def test_a_sentence_keeps_all_but_its_first_letter() -> None:
    assert formatting.sentence("fits GPT-4 with 3 left") == "Fits GPT-4 with 3 left"
    assert formatting.sentence("") == ""


def test_a_day_is_that_of_a_time_and_anything_else_its_beginning() -> None:
    assert formatting.day("2026-03-09T12:30:00Z") == "2026-03-09"
    assert formatting.day("yesterday at noon") == "yesterday "
    assert formatting.day("") == ""


def test_a_clause_is_written_as_english_writes_them() -> None:
    assert formatting.stopped("it fits") == "it fits."
    assert formatting.told_of("GPT-4o", "it is {retired}") == "GPT-4o: it is {retired}."


def test_one_token_is_one() -> None:
    assert formatting.tokens(1) == "1 token"
    assert formatting.tokens(12_345) == "12,345 tokens"
    assert formatting.tokens(ESTIMATE) == "~1,200 tokens"
    assert formatting.tokens_between(1, 1) == "1 token"
    assert formatting.tokens_between(1, 12, "~") == "~1 to 12 tokens"


def test_signs_stay_with_their_number_where_one_reads_from_the_right() -> None:
    with speaking(language.PSEUDO_RTL):
        assert formatting.count(ESTIMATE) == "\u200e~1,200", "else the sign would stand behind the number"
        assert formatting.percent(0.421) == "\u200e42.1 %\u200e"
    assert formatting.count(ESTIMATE) == "~1,200"


def test_a_range_whose_ends_would_read_alike_is_none() -> None:
    assert formatting.short_range(ESTIMATE) == "1.0k–1.4k"
    assert formatting.short_range(Count(77_200, Provenance.ESTIMATE, 77_180, 77_220)) == ""
