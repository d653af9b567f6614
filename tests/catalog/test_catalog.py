"""The catalog file is checked as it is read, and says in one sentence what is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from tokviz.assets import Assets, DataFileError
from tokviz.catalog.catalog import Catalog, UnknownNameError, nearest

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


def catalog_of(text: str, folder: Path) -> Catalog:
    (folder / "catalog").mkdir(exist_ok=True)
    (folder / "catalog" / "models.toml").write_text(text, encoding="utf-8")
    return Catalog(Assets(folder))


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


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as raised:
        Catalog(Assets()).get("gpt4o")
    assert str(raised.value) == "There is no model “gpt4o”; did you mean “gpt-4o”?"
    assert nearest("GPT-4O", ["gpt-4", "gpt-4o", "gpt-4.1"]) == "gpt-4o"
    assert nearest("calude-opus-4", ["gpt-4", "claude-opus-4", "o3"]) == "claude-opus-4"
