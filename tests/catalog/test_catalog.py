"""The catalog file is checked as it is read, and says in one sentence what is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog, CatalogError
from tokviz.catalog.names import UnknownNameError, nearest

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
    assert model.prices.usual.input == Decimal("0.1")
    assert model.prices.rates(10).input == Decimal("0.1")
    assert model.prices.rates(11).input == Decimal("0.2")
    assert model.sources["context_window"].key == "page 3"
    assert str(model.prices_as_of) == "2026-01-02"
    assert model.max_input is None
    assert model.max_output is None


def test_the_file_is_read_only_when_asked(tmp_path: Path) -> None:
    catalog = Catalog(Assets(tmp_path))
    with pytest.raises(CatalogError, match="cannot be read"):
        _ = catalog.models


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('access = "API"', 'access = "free"', "unknown value"),
        ('provenance = "assumed"', 'provenance = "sure"', "unknown value"),
        ("context_window = 1_000", "context_window = -1", "no number of tokens"),
        ("context_window = 1_000", 'context_window = "1k"', "no number of tokens"),
        ("input = 0.1, ", "", "without “input”"),
        ("input = 0.1", 'input = "0.1"', "no amount"),
        ("input = 0.1", "input = -1", "no amount"),
        ("output = 3", "output = 3, outptu = 4", "unknown price “outptu”"),
        ('prices = "maker"', "", "needs a source"),
        ('prices = "maker"', 'prices = "hearsay"', "unknown source “hearsay”"),
        ('strengths = "few"', 'strengths = "few"\nseats = 4', "unknown “seats”"),
        ('strengths = "few"', "", "no “strengths”"),
        ('strengths = "few"', 'strengths = "few"\nreleased = "May"', "no date"),
        ("above = 10, ", "", "tier without “above”"),
        ('name = "M"', "name = M", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, complaint: str, tmp_path: Path) -> None:
    assert old in GOOD
    with pytest.raises(CatalogError, match=complaint) as raised:
        _ = catalog_of(GOOD.replace(old, new), tmp_path).models
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_prices_may_be_the_hosts_but_nothing_else(tmp_path: Path) -> None:
    table = GOOD[GOOD.index("prices = {") : GOOD.index("[models.sources]")]
    model = catalog_of(GOOD.replace(table, 'prices = "set by the host"\n'), tmp_path).get("m")
    assert model.prices is None
    assert model.host_sets_price
    assert model.prices_as_of is None
    with pytest.raises(CatalogError, match="neither a table"):
        _ = catalog_of(GOOD.replace(table, 'prices = "cheap"\n'), tmp_path).models


def test_ids_are_unique_and_some_model_is_needed(tmp_path: Path) -> None:
    row = GOOD[GOOD.index("[[models]]") :]
    with pytest.raises(CatalogError, match="twice"):
        _ = catalog_of(GOOD + row, tmp_path).models
    with pytest.raises(CatalogError, match="no models"):
        _ = catalog_of(GOOD.replace(row, ""), tmp_path).models


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as raised:
        Catalog(Assets()).get("gpt4o")
    assert str(raised.value) == "There is no model “gpt4o”; did you mean “gpt-4o”?"
    assert nearest("GPT-4O", ["gpt-4", "gpt-4o", "gpt-4.1"]) == "gpt-4o"
    assert nearest("calude-opus-4", ["gpt-4", "claude-opus-4", "o3"]) == "claude-opus-4"
