"""The user's own models: what a row may leave out, and that a mistake costs one model and no more."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.folders import UserFolders
from tokviz.catalog.model import Access, Capability
from tokviz.catalog.own_models import EXAMPLE, discounted
from tokviz.tokens import Provenance

DAY = date(2026, 11, 29)
GOOD = """
[[models]]
id = "house-claude"
name = "Claude through our reseller"
like = "claude-opus-5.5"
discount = 12.5
max_output = 32_000

[[models]]
id = "house-llama"
developer = "Our own machine"
access = "open weights"
context_window = 32_768
tokenizer = "llama3"
capabilities = ["vision"]
prices = { input = 1, output = 2, tiers = [{ above = 10, input = 3, output = 4 }] }
"""


def catalog_of(text: str, folder: Path) -> Catalog:
    (folder / "models.toml").write_text(text, encoding="utf-8")
    return Catalog(Assets(), DAY, UserFolders(folder, folder / "none"))


def test_what_is_not_said_is_the_other_models(tmp_path: Path) -> None:
    catalog = catalog_of(GOOD, tmp_path)
    base, own = catalog.get("claude-opus-5.5"), catalog.get("house-claude")
    assert catalog.problems == ()
    assert [model.id for model in catalog.own] == ["house-claude", "house-llama"]
    assert catalog.models[-2:] == catalog.own
    assert own.name == "Claude through our reseller"
    assert (own.context_window, own.max_output) == (base.context_window, 32_000)
    assert (own.tokenizer, own.provenance, own.developer) == (base.tokenizer, base.provenance, base.developer)
    assert own.sources["context_window"] == base.sources["context_window"]
    assert own.sources["max_output"].source.title == "your own models (models.toml)"
    assert base.prices is not None and own.prices is not None
    assert own.prices.input == base.prices.input * Decimal("0.875")
    assert own.prices.cache_write_1h == Decimal(7)
    assert own.prices.batch_cached_input == Decimal("0.0875")
    assert own.prices.note == "12.5 % off the listed price"


def test_a_model_of_its_own_needs_little(tmp_path: Path) -> None:
    own = catalog_of(GOOD, tmp_path).get("house-llama")
    assert own.name == "house-llama"
    assert own.access is Access.OPEN_WEIGHTS
    assert own.provenance is Provenance.ASSUMED
    assert own.capabilities == (Capability.VISION,)
    assert own.prices is not None and own.prices.rates(11).input == 3
    assert own.prices_as_of is not None
    assert own.max_input is None and own.released is None
    assert own.retirement(DAY) == "" and not own.is_retired(DAY)


def test_one_with_a_listed_id_takes_its_place_and_may_be_like_another_of_ones_own(tmp_path: Path) -> None:
    text = (
        GOOD
        + """
[[models]]
id = "gpt-4o"
like = "house-llama"
prices = "set by the host"
"""
    )
    catalog = catalog_of(text, tmp_path)
    assert catalog.models[0].id == "gpt-4o" and catalog.models[0].tokenizer == "llama3"
    assert catalog.models[0].prices is None and catalog.models[0].host_sets_price
    assert len(catalog.models) == len(catalog.listed) + 2


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            "context_window = 32_768",
            'context_window = "32k"',
            13,
            "“context_window” must be a whole number, not text.",
        ),
        ("context_window = 32_768", "context_windoe = 1", 13, "unknown key “context_windoe”."),
        ('"vision"', '"smell"', 15, "“capabilities[0]” has the unknown value 'smell'."),
        ("output = 2", "outptu = 2", 16, "unknown key “prices.outptu”."),
        (
            "input = 3, output = 4",
            "input = 3, output = -4",
            16,
            "“prices.tiers[0]”: the price “output” is no",
        ),
        ('tokenizer = "llama3"', "", 9, "it needs a “tokenizer”, or in “like” the id of a model"),
        (
            'tokenizer = "llama3"',
            'tokenizer = "lama3"',
            14,
            "“tokenizer”: there is no tokenizer “lama3”; did you mean “llama3”?",
        ),
        ('id = "house-llama"', "", 9, "it lacks “id”."),
        ('id = "house-llama"', 'id = "house-claude"', 10, "“id”: “house-claude” stands in the file twice."),
        ('developer = "Our own machine"', 'like = "foo"', 11, "“like”: there is no model “foo”."),
        (
            'developer = "Our own machine"',
            "discount = 101",
            11,
            "“discount” must be a percentage from 0 to 100.",
        ),
        ('access = "open weights"', 'access = "free"', 12, "“access” has the unknown value 'free'."),
    ],
)
def test_a_mistake_is_told_with_file_line_and_key_and_the_rest_is_used(
    old: str, new: str, line: int, what: str, tmp_path: Path
) -> None:
    assert old in GOOD
    catalog = catalog_of(GOOD.replace(old, new), tmp_path)
    (problem,) = catalog.problems
    assert problem.startswith(f"{tmp_path / 'models.toml'}, line {line}: {what}")
    assert [model.id for model in catalog.own] == ["house-claude"]
    assert len(catalog.models) == len(catalog.listed) + 1


def test_prices_by_the_host_leave_nothing_to_discount(tmp_path: Path) -> None:
    text = '[[models]]\nid = "m"\nlike = "llama-3.1-405b"\ndiscount = 5\n'
    (problem,) = catalog_of(text, tmp_path).problems
    assert problem.endswith("line 4: “discount”: there is no price to take it from.")


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    catalog = catalog_of('[[models]]\nid = "m\n', tmp_path)
    (problem,) = catalog.problems
    assert str(tmp_path / "models.toml") in problem and "line 2" in problem
    assert catalog.own == () and catalog.models == catalog.listed


@pytest.mark.parametrize(
    ("text", "what"), [("model = 1", "unknown key “model”"), ("models = 3", "“models” must be a list")]
)
def test_a_file_of_something_else_is_named(text: str, what: str, tmp_path: Path) -> None:
    (problem,) = catalog_of(text, tmp_path).problems
    assert problem == f"{tmp_path / 'models.toml'}: {what}."


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    catalog = Catalog(Assets(), DAY, UserFolders(tmp_path / "none", tmp_path / "none"))
    assert catalog.problems == () and catalog.own == ()


def test_a_discount_holds_for_every_condition() -> None:
    prices = Catalog(Assets(), DAY).get("gemini-3.8-flash").prices
    tiered = Catalog(Assets(), DAY).get("gpt-6.1-sol").prices
    assert prices is not None and tiered is not None
    half = discounted(prices, Decimal(50))
    assert half.later[0].input == prices.later[0].input / 2
    assert half.later[0].start == prices.later[0].start
    assert half.on(date(2027, 1, 1)).output == prices.on(date(2027, 1, 1)).output / 2
    tier = discounted(tiered, Decimal(50)).tiers[0]
    assert (tier.above, tier.input) == (tiered.tiers[0].above, tiered.tiers[0].input / 2)


def test_the_example_is_right(tmp_path: Path) -> None:
    catalog = catalog_of(EXAMPLE, tmp_path)
    assert catalog.problems == () and len(catalog.own) == 2
