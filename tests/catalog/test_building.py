"""The scripts that build the catalog: what they read in the packages, and what they make of it."""

import sys
import tomllib
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tokviz.assets import Assets

SCRIPTS = Assets().path("catalog")
sys.path.insert(0, str(SCRIPTS))
build_models, check_models, js_literals, packages = map(
    import_module, ("build_models", "check_models", "js_literals", "packages")
)
Card, Entry, Package = packages.Card, packages.Entry, packages.Package


def test_models_toml_has_the_models_of_choices_toml_in_their_order() -> None:
    choices = tomllib.loads((SCRIPTS / "choices.toml").read_text("utf-8"))
    models = tomllib.loads((SCRIPTS / "models.toml").read_text("utf-8"))["models"]
    words = ("id", "name", "developer", "access", "strengths", "tokenizer", "provenance")
    assert [[row[word] for word in words] for row in models] == [
        [row[word] for word in words] for row in choices["models"]
    ]
    assert choices["keys"].keys() <= {row["developer"] for row in models}


def test_javascript_is_read_and_never_run() -> None:
    source = """
const models = [...[
\t{ id: "a", window: 105e4, rate: .1, on: true, /* no */ call: run({ x: [1] }), text: 'it\\'s' }, // yes
\t{ id: `b`, ...rest, "quoted-key": -2.5 }
].map((m) => ({ ...m, x: 1 })), ...[{ id: "c" }]];
const more = [{ id: "d", none: undefined }];
let other = [{ id: "e" }];
"""
    assert list(js_literals.lists_in(source)) == [
        [{"id": "c"}],
        [{"id": "d", "none": None}],
    ]
    plain = source.replace(".map((m) => ({ ...m, x: 1 }))", "")
    first = next(js_literals.lists_in(plain))
    assert first == [
        {
            "id": "a",
            "window": Decimal("105e4"),
            "rate": Decimal(".1"),
            "on": True,
            "call": None,
            "text": "it's",
        },
        {"id": "b", "quoted-key": Decimal("-2.5")},
        {"id": "c"},
    ]


def test_genai_prices_gives_what_holds_today_what_is_announced_and_batch() -> None:
    data = b"""
providers: list[Provider] = [Provider(id='maker', models=[ModelInfo(id='m', context_window=1000, prices=[
    ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('1'), output_mtok=TieredPrices(base=Decimal('2'),
        tiers=[Tier(start=200, price=Decimal('3'))]))),
    ConditionalPrice(constraint=StartDateConstraint(start_date=datetime.date(2999, 1, 1)),
        prices=ModelPrice(input_mtok=Decimal('9'), output_mtok=Decimal('9'))),
    ConditionalPrice(constraint=TimeOfDateConstraint(), prices=ModelPrice(input_mtok=Decimal('7')))],
    price_variants=[PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('0.5'),
        cache_read_mtok=Decimal('0.05')))])])]
"""
    entry = packages.read_genai_prices(data)["maker/m"]
    assert entry.figures == {"context_window": 1000}
    assert entry.card.rates == {
        "input": Decimal(1),
        "output": Decimal(2),
        "batch_input": Decimal("0.5"),
        "batch_cached_input": Decimal("0.05"),
    }
    assert entry.card.tiers == {200: {"output": Decimal(3)}}
    assert list(entry.later) == [date(2999, 1, 1)]
    assert entry.later[date(2999, 1, 1)].rates["input"] == 9


def test_litellm_gives_terms_tiers_batch_and_off_peak_prices() -> None:
    data = b"""{"m": {"max_input_tokens": 900, "deprecation_date": "2027-01-14",
    "prompt_cache_min_tokens": 512,
    "supports_vision": true,
    "input_cost_per_token": 4e-6,
    "off_peak_pricing": {"input_cost_per_token": 2e-6}, "output_cost_per_token": 1e-5,
    "input_cost_per_token_batches": 1e-6,
    "cache_creation_input_token_cost_above_1hr": 4e-6,
    "input_cost_per_token_above_272k_tokens": 4e-6,
    "cache_read_input_token_cost_above_272k_tokens_batches": 1e-7, "supports_reasoning": false,
    "input_cost_per_token_priority": 8e-6}}"""
    entry = packages.read_litellm(data)["m"]
    assert entry.figures == {
        "max_input": 900,
        "min_cacheable": 512,
        "retired": date(2027, 1, 14),
        "capabilities": ["vision"],
    }
    assert entry.card.rates == {
        "input": 2,
        "output": 10,
        "batch_input": 1,
        "cache_write_1h": 4,
    }
    assert entry.card.tiers == {272_000: {"input": 4, "batch_cached_input": Decimal("0.1")}}


def package(**entries: Any) -> Any:
    return Package(
        "1.0", date(2026, 1, 1), {name.replace("__", "/"): entry for name, entry in entries.items()}
    )


CHOICE = {"id": "m", "developer": "Maker", "tokenizer_source": "maker"}
KEYS = {"Maker": {"genai-prices": "maker/*", "litellm": "*", "model-prices": "maker/*"}}


def card(**rates: str) -> Any:
    return Card({name: Decimal(value) for name, value in rates.items()})


def test_the_first_of_the_order_is_taken_and_who_disagrees_is_noted() -> None:
    found = {
        "genai-prices": package(maker__m=Entry({"context_window": 1000}, card(input="1", output="2"))),
        "model-prices": package(maker__m=Entry({}, card(input="3", output="2"), status="removed")),
        "litellm": package(m=Entry({"max_input": 900}, card(input="1", output="2", cache_write="1.25"))),
    }
    built = build_models.build(CHOICE, KEYS, found)
    assert built.figures == {"context_window": 1000, "max_input": 900, "withdrawn": True}
    assert built.sources == {
        "context_window": "genai-prices maker/m",
        "max_input": "litellm m",
        "tokenizer": "maker",
        "retired": "model-prices maker/m",
        "prices": "genai-prices maker/m",
    }
    assert built.card is not None
    assert built.card.rates == {"input": 1, "output": 2, "cache_write": Decimal("1.25")}
    assert built.notes["prices"] == (
        "cache_write: litellm m. model-prices has 3/2. genai-prices, asked first for prices, is taken."
    )


def test_what_is_said_by_hand_goes_before_the_packages() -> None:
    choice = CHOICE | {
        "fixed": {"context_window": {"value": 5, "source": "published"}},
        "order": {"prices": ["litellm"]},
        "notes": {"prices": "the maker's page"},
        "leave": ["max_input"],
    }
    found = {
        "genai-prices": package(maker__m=Entry({"context_window": 1000}, card(input="1", output="2"))),
        "litellm": package(m=Entry({"max_input": 900}, card(input="8", output="9"))),
    }
    built = build_models.build(choice, KEYS, found)
    assert built.figures == {"context_window": 5}
    assert built.card is not None and built.card.rates["input"] == 8
    assert built.notes == {"prices": "the maker's page"}


def test_an_entry_that_is_gone_is_named() -> None:
    found = {"litellm": package(m=Entry())}
    choice = CHOICE | {"keys": {"litellm": "n"}}
    assert list(build_models.missing([choice], found)) == ["m: litellm 1.0 has no “n”"]
    assert list(build_models.missing([CHOICE], found)) == []


def test_what_has_aged_is_told_by_figure() -> None:
    text = (SCRIPTS / "models.toml").read_text("utf-8")
    assert list(check_models.differences(text, text)) == []
    changed = text.replace("input = 2.5\n", "input = 2.25\n", 1)
    assert list(check_models.differences(text, changed)) == ["gpt-4o: prices.input is 2.5, and 2.25 now"]
    versions = {"litellm": Package("99.0", date(2026, 1, 1), {})}
    assert next(check_models.aged(text, versions)).endswith("is not the newest: 99.0")


@pytest.mark.parametrize(
    ("title", "version"),
    [("PyPI litellm 1.110.2, a.json", "1.110.2"), ("npm model-bank 1.0.2026", "1.0.2026"), ("the maker", "")],
)
def test_a_source_names_its_version(title: str, version: str) -> None:
    assert build_models.named_version(title) == version


def test_a_row_is_written_as_it_is_read(tmp_path: Path) -> None:
    from tokviz.catalog.catalog import Catalog

    choice = CHOICE | {
        "name": "M “1”",
        "access": "API",
        "strengths": "few",
        "tokenizer": "t",
        "provenance": "assumed",
        "section": "makers",
        "note": 'a "note"',
    }
    entry = Entry(
        {"context_window": 1_000_000, "capabilities": ["vision"], "retired": date(2027, 1, 1)},
        Card({"input": Decimal(1), "output": Decimal("2.50")}, {100: {"output": Decimal(3)}}),
        {date(2999, 1, 1): card(input="5", output="6")},
    )
    found = {"genai-prices": package(maker__m=entry), "litellm": package(m=entry)}
    built = build_models.build(choice, KEYS, found)
    head = "".join(
        f'[sources.{name}]\ntitle = "PyPI {name} 0.9"\ndate = 2020-01-01\n\n'
        for name in ("genai-prices", "litellm", "maker")
    )
    text = build_models.written(f"{head}# ------", [(choice, built)], found)
    (tmp_path / "catalog").mkdir()
    (tmp_path / "catalog" / "models.toml").write_text(text, encoding="utf-8")
    model = Catalog(Assets(tmp_path), date(2026, 1, 1)).get("m")
    assert model.name == "M “1”" and model.context_window == 1_000_000 and model.retired == date(2027, 1, 1)
    assert model.prices is not None and model.prices.note == 'a "note"'
    assert model.prices.rates(101).input == 1 and model.prices.rates(101).output == 3
    assert model.prices.later[0].start == date(2999, 1, 1)
    assert model.sources["prices"].source.title == "PyPI genai-prices 1.0"
    assert model.prices_as_of == date(2026, 1, 1)
