"""Every row of ``models.toml`` is complete, sourced and true to what is published."""

from datetime import date
from decimal import Decimal

import pytest

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import Access, LanguageModel, Rates
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

MODELS = Catalog(Assets()).models
REGISTRY = Registry(Assets())
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
NOBODY_SAYS = {"mai-1", "mai-thinking-1"}
"""Models of which no source has a price of their maker, nor of the first a window."""
WANTED = (
    *("gpt-6.1-terra", "gpt-6-sol", "gpt-5.6-sol", "gpt-5.6-luna", "gpt-5.5", "gpt-5.4", "gpt-5.4-mini"),
    *("gpt-5-mini", "gpt-5-nano", "gpt-4o-mini", "gpt-4.1-mini", "gpt-oss-20b", "claude-fable-5.2"),
    *("claude-fable-5.1", "claude-opus-5", "claude-sonnet-5", "claude-opus-4.8", "claude-opus-4.7"),
    *("claude-opus-4.6", "claude-sonnet-4.6", "claude-mythos-5.2", "gemini-4-argon", "gemini-3.7-flash"),
    *("gemini-3.6-flash", "gemini-3.5-flash-lite", "gemini-3.1-flash-lite", "gemini-3-flash-preview"),
    *("gemma-4-26b-a4b-it", "muse-spark-1.3", "muse-wonder-1.0", "muse-glimmer-30b", "llama-3.3-70b"),
    *("llama-3.1-8b", "mistral-medium-3-5", "mistral-small-2603", "devstral-2512", "ministral-8b-2512"),
    *("codestral-2508", "deepseek-v4-flash", "deepseek-flash", "qwen3.8-max", "qwen3.8-flash"),
    *("qwen3.7-plus", "qwen3.6-27b", "qwen3.8-27b", "qwen3.5-397b-a17b", "qwen3-coder-next", "grok-4.7"),
    *("grok-4.6", "grok-4.3", "grok-code-fast-1", "kimi-k3.1-pro", "kimi-k3", "kimi-k2.7-code"),
    *("kimi-k2.6", "glm-5.3", "glm-5.3-flash", "glm-5.2", "glm-4.7", "minimax-m3", "minimax-m3.1-flash"),
    *("minimax-m2.7", "command-a-plus-05-2026", "command-a-03-2025", "amazon.nova-2-lite-v1:0"),
    *("amazon.nova-2-pro-preview", "amazon.nova-premier-v1:0", "nemotron-3-ultra-550b-a55b"),
    *("nemotron-3-super-120b-a12b", "nemotron-3-nano-30b-a3b", "nemotron-3.5-lightning", "phi-4"),
    *("mai-1", "granite-4.2-8b", "granite-4.0-h-micro", "step-5-preview", "step-3.7-flash"),
    *("mimo-v2.6-pro", "mimo-v2.6-flash", "hy4", "seed-2-1-turbo", "inkling", "longcat-2.0"),
    *("mercury-3", "solar-pro4", "gpt-4-turbo", "gpt-3.5-turbo", "o1", "o4-mini", "claude-3.5-sonnet"),
    *("claude-3.7-sonnet", "claude-haiku-4.5", "gemini-1.5-pro", "gemini-2.0-flash", "mixtral-8x7b"),
    *("mistral-7b", "qwen2.5-72b", "llama-3.2-3b", "llama-4-scout", "llama-4-maverick"),
)
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


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_row(model: LanguageModel) -> None:
    """What must hold for every model; ``Catalog`` itself refuses a figure without a source."""
    if model.tokenizer in REGISTRY.estimator_names():
        assert model.provenance is Provenance.ESTIMATE
    else:
        known = REGISTRY.info(model.tokenizer).provenance
        assert model.provenance in (known, Provenance.ASSUMED)
    assert model.context_window is not None or model.id in NOBODY_SAYS
    for limit in (model.max_input, model.max_output):
        assert limit is None or (model.context_window is not None and limit <= model.context_window)
    assert (model.prices is None) == (model.host_sets_price or model.id in NOBODY_SAYS)
    assert not model.host_sets_price or model.access is not Access.API
    if model.prices:
        for rates in (model.prices, *model.prices.tiers):
            check_rates(rates, model.developer)
        assert model.prices_as_of is not None
        assert model.prices_as_of >= date(2026, 5, 1)
    if model.released and model.retired:
        assert model.released < model.retired
    assert model.notes.keys() <= {*model.sources, "max_output", "retired", "prices"}


def check_rates(rates: Rates, developer: str) -> None:
    assert 0 < rates.input <= rates.output
    if rates.cached_input is not None:
        assert 0 < rates.cached_input < rates.input
    assert (rates.batch_input is None) == (rates.batch_output is None)
    if developer in ("OpenAI", "Anthropic"):
        assert rates.cache_write in (None, rates.input * Decimal("1.25"))
        assert rates.cache_write_1h in (None, rates.input * 2)
        assert rates.cache_write_12h in (None, rates.input * Decimal("2.5"))
    elif rates.cache_write is not None:
        assert rates.cache_write >= rates.input
    for batch, usual in (
        (rates.batch_input, rates.input),
        (rates.batch_output, rates.output),
        (rates.batch_cached_input, rates.cached_input),
        (rates.batch_cache_write, rates.cache_write),
        (rates.batch_cache_write_1h, rates.cache_write_1h),
    ):
        assert batch is None or (usual is not None and usual / 2 <= batch <= usual)
        assert batch is None or developer != "Anthropic" or batch * 2 == usual


def test_there_are_enough_models_by_enough_makers() -> None:
    assert len(MODELS) >= 120
    assert len({model.developer for model in MODELS}) >= 20


@pytest.mark.parametrize("model_id", WANTED)
def test_what_people_name_is_there(model_id: str) -> None:
    Catalog(Assets()).get(model_id)


def test_what_was_in_dispute_is_settled_and_says_why() -> None:
    get = Catalog(Assets(), date(2026, 11, 29)).get
    coder = get("qwen3-coder-480b").prices
    assert coder is not None
    assert [(tier.above, tier.input, tier.output) for tier in coder.tiers] == [
        (32_000, Decimal("2.7"), Decimal("13.5")),
        (128_000, Decimal("4.5"), Decimal("22.5")),
    ]
    largest = get("qwen3-max").prices
    assert largest is not None
    assert (largest.cached_input, largest.cache_write) == (Decimal("0.24"), Decimal("1.5"))
    pro = get("deepseek-v4-pro").prices
    assert pro is not None and pro.peak is not None
    assert "Chinese public holidays" in pro.peak.when and date(2026, 10, 1) in pro.peak.excepted
    released = {
        "gemini-2.5-pro": date(2025, 6, 17),
        "gemini-2.5-flash": date(2025, 6, 17),
        "gpt-6-astra": date(2026, 9, 3),
        "gpt-6-luna": date(2026, 9, 22),
        "gemini-3.8-flash": date(2026, 9, 2),
    }
    assert {model_id: get(model_id).released for model_id in released} == released
    for model_id in ("deepseek-v4-pro", "llama-3.1-405b", "mistral-large-2411"):
        assert "context_window" in get(model_id).notes


def test_prices_change_on_their_day() -> None:
    def price(day: date) -> Decimal | None:
        prices = Catalog(Assets(), day).get("gemini-3.8-flash").prices
        return prices.input if prices else None

    assert price(date(2026, 12, 31)) == Decimal("0.75")
    assert price(date(2027, 1, 1)) == Decimal("1.5")


def test_claude_says_what_an_hour_in_the_cache_costs_and_what_is_too_short_for_it() -> None:
    for model_id in ("claude-opus-5.5", "claude-sonnet-5.5", "claude-haiku-5.5", "claude-opus-5"):
        model = Catalog(Assets()).get(model_id)
        assert model.prices is not None and model.min_cacheable == 512
        assert model.prices.cache_write_1h == model.prices.input * 2
        assert model.prices.batch_cached_input is not None


@pytest.mark.parametrize(
    ("model_id", "badge"),
    [
        ("claude-sonnet-4.5", "retires 30 Nov 2026"),
        ("gemini-2.5-pro", "retires 1 Dec 2026"),
        ("gpt-5", "retires 11 Dec 2026"),
        ("o3", "retires 11 Dec 2026"),
        ("gpt-4", "retired 23 Oct 2026"),
        ("o1", "retired 23 Oct 2026"),
        ("claude-3.5-sonnet", "retired"),
        ("gemini-1.5-pro", "retired"),
        ("grok-code-fast-1", "retired 15 May 2026"),
        ("gpt-6.1-sol", ""),
    ],
)
def test_badges(model_id: str, badge: str) -> None:
    assert Catalog(Assets()).get(model_id).retirement(date(2026, 11, 29)) == badge


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
