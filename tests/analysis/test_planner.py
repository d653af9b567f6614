"""The planner: calls a day, a cached beginning, batches, and the cheapest that fits."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speaking import speaking
from tokviz import language
from tokviz.analysis import planner
from tokviz.analysis.planner import Plan, planned_costs
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count, Provenance

DAY = date(2026, 11, 29)
CATALOG = Catalog(Assets(), DAY)
CACHING = CachingRules(Assets())
OPUS = CATALOG.get("claude-opus-5.5")  # 4 / 20, cached 0.2, writing 5; batch half; caches from 512 tokens on


def cost_of(model_id: str, tokens: int, plan: Plan) -> planner.PlannedCost:
    model = CATALOG.get(model_id)
    (row,) = planned_costs([model], {model.id: Count.certain(tokens)}, plan, DAY, CACHING)
    return row


def dollars(row: planner.PlannedCost) -> tuple[Decimal, Decimal, Decimal]:
    assert row.call and row.day and row.month
    return row.call.likely, row.day.likely, row.month.likely


def test_calls_and_answers_add_up() -> None:
    row = cost_of("claude-opus-5.5", 10_000, Plan(calls=100, answer=1_000))
    assert dollars(row) == (Decimal("0.06"), Decimal(6), Decimal(180))


def test_the_cached_beginning_is_written_once_a_day_and_read_by_the_others() -> None:
    row = cost_of("claude-opus-5.5", 10_000, Plan(calls=100, cached=8_000))
    hit = Decimal("0.0096")  # 2,000 at 4 and 8,000 at 0.2
    first = Decimal("0.048")  # 2,000 at 4 and 8,000 at 5
    assert dollars(row) == (hit, first + 99 * hit, 30 * (first + 99 * hit))
    assert cost_of("claude-opus-5.5", 10_000, Plan(calls=100, cached=Decimal("0.8"))) == row
    more_than_all = cost_of("claude-opus-5.5", 10_000, Plan(calls=2, cached=99_999))
    assert more_than_all.call and more_than_all.call.likely == Decimal("0.002")


def test_the_only_call_of_a_day_reads_nothing_from_the_cache() -> None:
    call, day, _month = dollars(cost_of("claude-opus-5.5", 10_000, Plan(cached=8_000)))
    assert call == day == Decimal("0.048")


@pytest.mark.parametrize(
    ("share", "words"), [("1", "100 %"), ("0.1", "10 %"), ("0.005", "0.5 %"), ("0.80", "80 %")]
)
def test_the_cached_share_is_said_as_it_was_asked_for(share: str, words: str) -> None:
    assert f"; {words} of it cached" in Plan(cached=Decimal(share)).words
    assert f"; {words} of it cached" in Plan(cached=Decimal(share) * 100 / 100).words


def test_batches_pay_their_own_prices() -> None:
    row = cost_of("claude-opus-5.5", 10_000, Plan(calls=2, answer=1_000, cached=8_000, batch=True))
    assert dollars(row)[0] == Decimal("0.0148")  # half of everything
    assert cost_of("mistral-large-2411", 1_000, Plan(batch=True)).notes[-1] == "no price for batches"
    assert cost_of("mistral-large-2411", 1_000, Plan(batch=True)).day is None


@pytest.mark.parametrize(
    ("model_id", "plan", "note"),
    [
        ("claude-opus-5.5", Plan(cached=511), "caches from 512 tokens on: all of it is paid in full"),
        # This and the next: what the maker publishes of all its models.
        ("gpt-4o", Plan(cached=1_023), "caches from 1,024 tokens on: all of it is paid in full"),
        ("gpt-5.6-sol", Plan(cached=1_023), "caches from 1,024 tokens on: all of it is paid in full"),
        ("mistral-large-2411", Plan(cached=500), "no price for cached input: all of it is paid in full"),
    ],
)
def test_what_cannot_be_cached_is_paid_in_full(model_id: str, plan: Plan, note: str) -> None:
    row = cost_of(model_id, 10_000, plan)
    assert row.notes[-1] == note
    assert dollars(row) == dollars(cost_of(model_id, 10_000, Plan()))


def test_what_has_no_price_says_why() -> None:
    assert cost_of("llama-3.1-405b", 10, Plan()).notes == ("the host sets the price",)
    assert cost_of("mai-1", 10, Plan()).notes == ("no price is known",)
    assert cost_of("mai-1", 10, Plan()).month is None


def test_what_else_matters_is_noted() -> None:
    assert cost_of("gpt-4o", 10, Plan(answer=16_385)).notes == ("its longest answer is 16,384 tokens",)
    assert cost_of("gemini-3.8-flash", 10, Plan()).notes == ("other prices from 2027-01-01",)
    assert cost_of("deepseek-v4-pro", 10, Plan()).notes == ("2 times as much in peak hours",)


def test_programs_read_the_same_in_every_language() -> None:
    plan = Plan(calls=100, answer=16_385, cached=Decimal("0.5"), tokens=1_000)
    rows = [cost_of(name, 10_000, plan) for name in ("gpt-4o", "llama-3.1-405b", "deepseek-v4-pro")]
    english = planner.csv_table(rows), planner.json_record(rows, plan), planner.markdown(rows), plan.words
    with speaking(language.PSEUDO):
        programs = planner.csv_table(rows), planner.json_record(rows, plan)
        table, words = planner.markdown(rows), plan.words
    assert programs == english[:2]
    assert table != english[2] and words != english[3]


def test_the_cheapest_that_surely_fits_and_is_served_is_marked() -> None:
    ids = ["gpt-4o", "gpt-6.1-sol", "gpt-4.1-nano", "gpt-4o-mini", "gpt-4.1-mini"]
    models = [CATALOG.get(model_id) for model_id in ids]  # all count by o200k_base
    counts = dict.fromkeys(ids, Count.certain(200_000))
    rows = planned_costs(models, counts, Plan(), DAY, CACHING)
    # gpt-4.1-nano is retired, gpt-4o and gpt-4o-mini are too small
    assert [row.model.id for row in rows if row.is_cheapest] == ["gpt-4.1-mini"]
    assert not any(row.is_cheapest for row in planned_costs(models, {}, Plan(), DAY, CACHING))


def test_an_estimate_keeps_its_range() -> None:
    model = CATALOG.get("grok-4.7")
    count = Count(100_000, Provenance.ESTIMATE, 90_000, 120_000)
    (row,) = planned_costs([model], {model.id: count}, Plan(calls=10), DAY, CACHING)
    assert row.day and (row.day.low, row.day.likely, row.day.high) == (
        Decimal("1.8"),
        Decimal("2"),
        Decimal("2.4"),
    )
    assert planner.cells(row)[2] == "estimate"
    assert planner.cells(row)[4:7] == ("~$0.20", "~$2.00", "~$60.00")


@given(st.integers(0, 900_000), st.integers(1, 10_000), st.integers(0, 9_999), st.integers(0, 900_000))
def test_a_day_is_one_first_call_and_hits(tokens: int, calls: int, answer: int, cached: int) -> None:
    plan = Plan(calls, answer, cached)
    call, day, month = dollars(cost_of("claude-opus-5.5", tokens, plan))
    first = dollars(cost_of("claude-opus-5.5", tokens, Plan(1, answer, cached)))[1]
    assert day == first + (calls - 1) * call
    assert month == 30 * day
    assert first >= call


def test_exports_carry_the_same_figures() -> None:
    rows = [cost_of("claude-opus-5.5", 10_000, Plan(calls=100, answer=1_000))]
    assert planner.csv_table(rows) == (
        "model,tokens,provenance,fits,per_call,per_day,per_30_days,cheapest,notes,tokens_low,tokens_high,"
        "per_call_low,per_call_high,per_day_low,per_day_high,per_30_days_low,per_30_days_high\n"
        "claude-opus-5.5,10000,assumed,fits,0.06,6,180,yes,,10000,10000,0.06,0.06,6,6,180,180\n"
    )
    assert "| Claude Opus 5.5 | 10,000 | assumed | fits | $0.06 | $6.00 | $180.00 |" in planner.markdown(rows)
    record = planner.json_record(rows, Plan(calls=100, answer=1_000, cached=Decimal("0.5")))
    assert record["cached_share"] == 0.5
    models = record["models"]
    assert isinstance(models, list) and models[0]["per_day"] == {"low": 6.0, "likely": 6.0, "high": 6.0}


def test_given_tokens_take_the_place_of_counts_and_are_no_estimate() -> None:
    models = [CATALOG.get("grok-4.7"), CATALOG.get("gpt-4o")]
    plan = Plan(calls=10, tokens=100_000)
    rows = planned_costs(models, {}, plan, DAY, CACHING)
    assert [planner.cells(row)[1] for row in rows] == ["100,000", "100,000"]
    assert {planner.cells(row)[2] for row in rows} == {"given"}
    record = planner.json_record(rows, plan)["models"]
    assert isinstance(record, list) and {row["provenance"] for row in record} == {"given"}
    assert plan.words == "10 calls a day, each with a text of 100,000 tokens."


def test_each_model_says_for_itself_how_its_count_is_known() -> None:
    models = [model for model in CATALOG.models if model.tokenizer == "o200k_base"]
    rows = planned_costs(models, {model.id: Count.certain(10) for model in models}, Plan(), DAY, CACHING)
    assert [row.fit.count.provenance for row in rows] == [model.provenance for model in models]
    assert len({model.provenance for model in models}) > 1


def test_remarks_tell_of_tiers_and_of_an_estimates_range() -> None:
    count = Count(100_000, Provenance.ESTIMATE, 90_000, 120_000)
    model = CATALOG.get("grok-4.7")
    (row,) = planned_costs([model], {model.id: count}, Plan(calls=10), DAY, CACHING)
    assert row.remarks[-1] == "an estimate, $1.80–$2.40 a day"
    assert "an estimate, $1.80–$2.40 a day" in planner.csv_table([row])
    near = cost_of("gpt-6.1-sol", 270_200, Plan())
    assert any("more and the whole request" in remark for remark in near.remarks)


def test_what_is_no_longer_served_says_so() -> None:
    assert cost_of("claude-opus-4", 10, Plan()).notes[0] == "no longer served by its maker"
