"""The catalog file is checked as it is read, and says in one sentence what is wrong."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tokviz.assets import Assets, DataFileError
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.names import UnknownNameError

GOOD = """
[sources.maker]
title = "The maker"
date = 2026-01-02

[[models]]
id = "m"
name = "M"
developer = "D"
access = "API"
context_window = 1_000
strengths = "few"
tokenizer = "t"
provenance = "assumed"
prices = { input = 0.1, output = 3, tiers = [{ above = 10, input = 0.2, output = 6 }] }
[models.sources]
context_window = "maker page 3"
prices = "maker"
tokenizer = "maker"
"""


LATER = (
    "later = [{ from = 2027-01-01, input = 0.4, output = 6 }, { from = 2028-01-01, input = 1, output = 7 }]"
)


def catalog_of(text: str, folder: Path, today: date | None = None) -> Catalog:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "models.toml").write_text(text, encoding="utf-8")
    return Catalog(Assets(folder), today)


def test_reads_exact_decimals_and_citations(tmp_path: Path) -> None:
    model = catalog_of(GOOD, tmp_path).get("m")
    assert model.prices is not None
    assert model.prices.input == Decimal("0.1")
    assert model.prices.rates(10).input == Decimal("0.1")
    assert model.prices.rates(11).input == Decimal("0.2")
    assert model.sources["context_window"].key == "page 3"
    assert str(model.prices_as_of) == "2026-01-02"
    assert model.max_input is None
    assert model.max_output is None


def test_the_file_is_read_only_when_asked(tmp_path: Path) -> None:
    catalog = Catalog(Assets(tmp_path))
    with pytest.raises(DataFileError, match="cannot be read"):
        _ = catalog.models


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('access = "API"', 'access = "free"', "“access” has the unknown value 'free'"),
        ('provenance = "assumed"', 'provenance = "sure"', "“provenance” has the unknown value 'sure'"),
        (
            "context_window = 1_000",
            "context_window = -1",
            "“context_window” must be a whole number of at least 1",
        ),
        (
            "context_window = 1_000",
            'context_window = "1k"',
            "“context_window” must be a whole number, not text",
        ),
        ("context_window = 1_000", "context_window = true", "must be a whole number, not true or false"),
        ("input = 0.1, ", "", "it lacks “prices.input”"),
        ("input = 0.1", 'input = "0.1"', "“prices.input” must be an amount, not text"),
        ("input = 0.1", "input = -1", "“prices”: the price “input” is no amount of money"),
        ("input = 0.1", "input = nan", "“prices”: the price “input” is no amount of money"),
        ("output = 3", "output = 3, outptu = 4", "unknown key “prices.outptu”"),
        ("above = 10, ", "above = 10, abvoe = 1, ", "unknown key “prices.tiers[0].abvoe”"),
        ("above = 10, ", "", "it lacks “prices.tiers[0].above”"),
        (
            "tiers = [{",
            "tiers = [{ above = 11, input = 1, output = 1 }, {",
            "“prices”: the tiers do not rise",
        ),
        (
            "output = 3, tiers",
            f"output = 3, {LATER}, tiers".replace("2028", "2026"),
            "“prices”: the dates in “later” do not rise",
        ),
        (
            "output = 3, tiers",
            "output = 3, later = [{ input = 1, output = 1 }], tiers",
            "it lacks “prices.later[0].from”",
        ),
        (
            "output = 3, tiers",
            'output = 3, peak = { factor = 2, hours = ["1-2"] }, tiers',
            "“prices.peak.hours[0]” must be written as",
        ),
        (
            'strengths = "few"',
            'strengths = "few"\ncapabilities = ["smell"]',
            "“capabilities[0]” has the unknown value",
        ),
        ('prices = "maker"', "", "it needs a source for exactly these: context_window, prices, tokenizer"),
        ('prices = "maker"', 'prices = "hearsay"', "“sources.prices” cites the unknown source “hearsay”"),
        ('prices = "maker"', "prices = 3", "“sources” must be text, not a whole number"),
        ('strengths = "few"', 'strengths = "few"\nseats = 4', "unknown key “seats”"),
        ('strengths = "few"', "", "it lacks “strengths”"),
        ('strengths = "few"', 'strengths = ""', "“strengths” is empty"),
        ('strengths = "few"', 'strengths = "few"\nreleased = "May"', "“released” must be a date, not text"),
    ],
)
def test_what_is_wrong_is_named_with_file_row_and_key(
    old: str, new: str, complaint: str, tmp_path: Path
) -> None:
    assert old in GOOD
    with pytest.raises(DataFileError) as raised:
        _ = catalog_of(GOOD.replace(old, new), tmp_path).models
    said = str(raised.value)
    assert said.startswith("models.toml: row 1 (m): ") and complaint in said
    assert said.endswith(".") and "\n" not in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[sources.maker]", "[sourcse.maker]", "models.toml: unknown key “sourcse”."),
        ("date = 2026-01-02", "", "models.toml: sources.maker: it lacks “date”."),
        ("date = 2026-01-02", "date = 2026-01-02\nurl = 1", "models.toml: sources.maker: unknown key “url”."),
        ('id = "m"\n', "", "models.toml: row 1: it lacks “id”."),
        ('name = "M"', "name = M", "models.toml is not valid TOML: Invalid value (at line 8, column 8)."),
        ("[[models]]", "[models]", "models.toml: “models” must be a list."),
    ],
)
def test_what_is_wrong_outside_of_rows_is_named_too(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    assert old in GOOD
    with pytest.raises(DataFileError) as raised:
        _ = catalog_of(GOOD.replace(old, new), tmp_path).models
    assert str(raised.value).replace(f"{tmp_path}/catalog/", "") == sentence


def test_prices_may_be_the_hosts_but_nothing_else(tmp_path: Path) -> None:
    table = GOOD[GOOD.index("prices = {") : GOOD.index("[models.sources]")]
    model = catalog_of(GOOD.replace(table, 'prices = "set by the host"\n'), tmp_path).get("m")
    assert model.prices is None
    assert model.host_sets_price
    assert model.prices_as_of is None
    with pytest.raises(DataFileError, match=r"row 1 \(m\): the prices “cheap” are neither a table"):
        _ = catalog_of(GOOD.replace(table, 'prices = "cheap"\n'), tmp_path).models


def test_ids_are_unique_and_some_model_is_needed(tmp_path: Path) -> None:
    row = GOOD[GOOD.index("[[models]]") :]
    with pytest.raises(DataFileError, match=r"row 2 \(m\): the id stands in the file twice"):
        _ = catalog_of(GOOD + row, tmp_path).models
    with pytest.raises(DataFileError, match="no models"):
        _ = catalog_of(GOOD.replace(row, ""), tmp_path).models


def test_the_prices_of_the_day_hold_and_the_next_are_told(tmp_path: Path) -> None:
    text = GOOD.replace("output = 3, tiers", f"output = 3, {LATER}, tiers")
    before = catalog_of(text, tmp_path, date(2026, 12, 31)).get("m").prices
    after = catalog_of(text, tmp_path, date(2027, 1, 1)).get("m").prices
    assert before is not None and after is not None
    assert before.input == Decimal("0.1") and before.rates(11).input == Decimal("0.2")
    assert [prices.start.year for prices in before.later] == [2027, 2028]
    assert after.input == Decimal("0.4") and after.rates(11).input == Decimal("0.4")
    assert [prices.start.year for prices in after.later] == [2028]


def test_peak_hours_are_utc_and_have_exceptions(tmp_path: Path) -> None:
    peak = (
        'peak = { factor = 2, hours = ["01:00-04:00", "06:00-10:00"], days = ["Mon", "Tue", "Wed"], '
        'but_not_on = "public holidays", excepted = [2026-10-06] }'
    )
    prices = (
        catalog_of(GOOD.replace("output = 3, tiers", f"output = 3, {peak}, tiers"), tmp_path).get("m").prices
    )
    assert prices is not None and prices.peak is not None
    assert prices.peak.when == (
        "Monday to Wednesday, 01:00 to 04:00 and 06:00 to 10:00 UTC, except on public holidays"
    )
    china = timezone(timedelta(hours=8))
    moments = {
        datetime(2026, 10, 5, 1, tzinfo=UTC): True,
        datetime(2026, 10, 5, 0, 59, tzinfo=UTC): False,
        datetime(2026, 10, 5, 4, tzinfo=UTC): False,
        datetime(2026, 10, 5, 9, 0, tzinfo=china): True,
        datetime(2026, 10, 6, 1, tzinfo=UTC): False,  # excepted
        datetime(2026, 10, 8, 1, tzinfo=UTC): False,  # a Thursday
    }
    assert {moment: prices.peak.holds(moment) for moment in moments} == moments


def test_what_is_retired_says_so_in_the_right_tense(tmp_path: Path) -> None:
    def model(line: str) -> LanguageModel:
        text = GOOD.replace('strengths = "few"', f'strengths = "few"\n{line}')
        return catalog_of(
            text.replace("[models.sources]", '[models.sources]\nretired = "maker"'), tmp_path
        ).get("m")

    dated, undated = model("retired = 2026-12-11"), model("withdrawn = true")
    assert dated.retirement(date(2026, 12, 10)) == "retires 11 Dec 2026"
    assert dated.retirement(date(2026, 12, 11)) == "retired 11 Dec 2026"
    assert undated.retirement(date(2026, 1, 1)) == "retired"
    assert undated.is_retired(date(2026, 1, 1))
    assert catalog_of(GOOD, tmp_path).get("m").retirement(date(2026, 1, 1)) == ""


def test_a_part_of_a_name_is_taken_for_the_newest_living_model() -> None:
    catalog = Catalog(Assets(), date(2026, 11, 20))
    living = [model for model in catalog.models if not model.is_retired(date(2026, 11, 20))]
    for part in ("opus", "gemini", "gpt", "qwen"):
        newest = max(
            (model for model in living if part in model.id.split("-") or model.id.startswith(part)),
            key=lambda model: model.released or date.min,
        )
        with pytest.raises(UnknownNameError, match=f"did you mean “{newest.id}”"):
            catalog.get(part)
