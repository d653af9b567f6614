"""Every row of ``models.toml`` is complete, sourced and true to what is published."""

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel, Rates
from tokviz.tokens import Provenance

MODELS = Catalog(Assets()).models
ESTIMATORS = {"claude", "claude-new"}
PUBLISHED_WINDOWS = {
    "gpt-4o": 128_000,
    "claude-opus-4": 200_000,
    "claude-sonnet-4": 200_000,
    "gemini-2.5-pro": 1_048_576,
    "gemini-2.5-flash": 1_048_576,
    "llama-3.1-405b": 128_000,
    "mistral-large-2411": 128_000,
    "deepseek-v3": 128_000,
}
CHECKED_PRICES = {  # input, output, cached input: those that several sources agree on
    "gpt-4o": ("2.5", "10", "1.25"),
    "gpt-5": ("1.25", "10", "0.125"),
    "gpt-6.1-sol": ("2", "10", "0.1"),
    "o3": ("2", "8", "0.5"),
    "claude-opus-4": ("15", "75", "1.5"),
    "claude-opus-4.1": ("15", "75", "1.5"),
    "claude-opus-4.5": ("5", "25", "0.5"),
    "claude-opus-5.5": ("4", "20", "0.2"),
    "claude-sonnet-4": ("3", "15", "0.3"),
    "claude-sonnet-4.5": ("3", "15", "0.3"),
    "claude-sonnet-5.5": ("2", "10", "0.1"),
    "gemini-2.5-pro": ("1.25", "10", "0.125"),
    "gemini-2.5-flash": ("0.3", "2.5", "0.03"),
    "gemini-3.1-pro": ("2", "12", "0.2"),
    "gemini-3.5-flash": ("1.5", "9", "0.15"),
    "mistral-large-3": ("0.5", "1.5", "0.05"),
    "mistral-large-4": ("0.7", "2.1", "0.07"),
    "deepseek-v4-pro": ("0.66", "1.98", "0.022"),
    "deepseek-v3.2": ("0.28", "0.42", "0.028"),
}


def known_tokenizers() -> set[str]:
    document = tomllib.loads(Assets().path("catalog", "tokenizers.toml").read_text(encoding="utf-8"))
    return set(document)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_row(model: LanguageModel) -> None:
    """What must hold for every model; ``Catalog`` itself refuses a figure without a source."""
    assert model.tokenizer in known_tokenizers() | ESTIMATORS
    assert (model.provenance is Provenance.ESTIMATE) == (model.tokenizer in ESTIMATORS)
    assert model.context_window is not None
    for limit in (model.max_input, model.max_output):
        assert limit is None or limit <= model.context_window
    assert (model.prices is None) == model.host_sets_price
    if model.prices:
        for rates in (model.prices, *model.prices.tiers):
            check_rates(rates)
        assert model.prices_as_of is not None
        assert model.prices_as_of >= date(2026, 5, 1)
    if model.released and model.retired:
        assert model.released < model.retired
    assert model.notes.keys() <= {*model.sources, "max_output", "retired"}


def check_rates(rates: Rates) -> None:
    assert 0 < rates.input <= rates.output
    if rates.cached_input is not None:
        assert 0 < rates.cached_input < rates.input
    if rates.cache_write is not None:
        assert rates.cache_write == rates.input * Decimal("1.25")
    assert (rates.batch_input is None) == (rates.batch_output is None)
    if rates.batch_input is not None:
        assert rates.batch_input == rates.input / 2
        assert rates.batch_output == rates.output / 2


def test_the_first_eight_come_first_with_their_published_windows() -> None:
    assert {model.id: model.context_window for model in MODELS[:8]} == PUBLISHED_WINDOWS


@pytest.mark.parametrize("model_id", CHECKED_PRICES)
def test_prices_that_sources_agree_on(model_id: str) -> None:
    prices = Catalog(Assets()).get(model_id).prices
    assert prices is not None
    usual = prices
    assert (usual.input, usual.output, usual.cached_input) == tuple(map(Decimal, CHECKED_PRICES[model_id]))


def test_a_window_has_three_numbers() -> None:
    gpt5 = Catalog(Assets()).get("gpt-5")
    assert (gpt5.context_window, gpt5.max_input, gpt5.max_output) == (400_000, 272_000, 128_000)


def test_history_and_retirement() -> None:
    catalog = Catalog(Assets())
    gpt3 = catalog.get("gpt-3")
    assert gpt3.retired == date(2024, 1, 4)
    assert gpt3.is_retired(date(2024, 1, 4))
    assert not gpt3.is_retired(date(2024, 1, 3))
    assert not catalog.get("claude-opus-5.5").is_retired(date(2026, 11, 24))
    assert {"gpt-4", "gpt-3", "o3", "deepseek-r1"} <= {model.id for model in MODELS}
