"""Tokens of images: the makers' own examples, and what must hold for every size."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.image_formulas import KINDS, ImageRule
from tokviz.analysis.image_tokens import ImageRules, image_tokens
from tokviz.assets import Assets, DataFileError
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import Capability
from tokviz.tokens import Count, Provenance

mistral = pytest.importorskip("mistral_common.tokens.tokenizers.image")
RULES = ImageRules(Assets())
SIDES = st.integers(1, 20_000)


def tokens(model: str, width: int, height: int, detail: str = "auto") -> int:
    rule = RULES.find(model)
    assert rule is not None, model
    return image_tokens(rule, width, height, detail).tokens


@pytest.mark.parametrize(
    ("model", "detail", "size", "expected"),
    [
        # developers.openai.com/api/docs/guides/images-vision
        ("gpt-5.4", "high", (1024, 1024), 1229),
        ("gpt-5.4", "high", (2048, 2048), 3000),
        ("gpt-6-astra", "high", (4096, 512), 2458),
        ("gpt-6-astra", "high", (2048, 2048), 3000),
        ("gpt-4o", "high", (1024, 1024), 765),
        ("gpt-4o", "high", (2048, 4096), 1105),
        ("gpt-4o", "low", (4096, 8192), 85),
        ("gpt-4o-mini", "low", (4096, 8192), 2833),
        # 1,452 patches, before the multiplier
        ("o4-mini", "auto", (1800, 2400), 2498),
        # platform.claude.com: the table of costs, standard and high resolution
        ("claude-sonnet-4.6", "auto", (200, 200), 64),
        ("claude-sonnet-4.6", "auto", (1000, 1000), 1296),
        ("claude-sonnet-4.6", "auto", (1092, 1092), 1521),
        ("claude-sonnet-4.6", "auto", (1920, 1080), 1560),
        ("claude-sonnet-4.6", "auto", (2000, 1500), 1564),
        ("claude-sonnet-4.6", "auto", (3840, 2160), 1560),
        ("claude-opus-4.8", "auto", (200, 200), 64),
        ("claude-opus-4.8", "auto", (1920, 1080), 2691),
        ("claude-opus-4.8", "auto", (2000, 1500), 3888),
        ("claude-opus-4.8", "auto", (3840, 2160), 4784),
        # ... and its page of A4, which becomes 924 × 1307
        ("claude-sonnet-4-20250514", "auto", (1075, 1520), 33 * 47),
        # ai.google.dev
        ("gemini-2.5-flash", "auto", (384, 384), 258),
        ("gemini-2.5-flash", "auto", (960, 540), 6 * 258),
        ("gemini-3.1-pro", "media_resolution_low", (960, 540), 280),
        ("gemini-3.1-pro", "MEDIA_RESOLUTION_ULTRA_HIGH", (960, 540), 2240),
        ("gemini-3.1-pro", "auto", (960, 540), 1120),
        # docs.x.ai: at most six tiles, and one more
        ("grok-4", "auto", (448, 448), 512),
        ("grok-4", "auto", (4000, 4000), 1792),
    ],
)
def test_the_makers_own_examples(model: str, detail: str, size: tuple[int, int], expected: int) -> None:
    assert tokens(model, *size, detail) == expected


def test_llama_4_takes_a_canvas_of_tiles_and_the_whole_beside_it() -> None:
    # One tile: begin, image, end and the tile. Two by two: five tiles' worth, and a mark after each tile.
    assert tokens("llama-4-maverick", 336, 336) == 144 + 3
    assert tokens("llama-4-maverick", 672, 672) == 5 * 144 + 4 + 3
    # Two by one scales it up by 1.12; one alone would scale it down.
    assert tokens("llama-4-maverick", 450, 300) == 3 * 144 + 2 + 3


def test_gemma_4_keeps_to_its_budget() -> None:
    assert tokens("gemma-4-31b", 768, 768) == 16 * 16 + 2
    assert tokens("gemma-4-31b", 10_000, 10) == 280 + 2


def test_qwen_counts_the_pixels_of_the_resized_image() -> None:
    assert tokens("qwen3.6-27b", 1024, 1024) == 32 * 32 + 2
    assert tokens("qwen3.6-27b", 1, 1) == 64 + 2
    assert tokens("qwen2.5-vl-7b", 280, 560) == 10 * 20 + 2


def test_kimi_pads_to_whole_blocks() -> None:
    assert tokens("kimi-k2.6", 1024, 1024) == 37 * 37
    assert tokens("kimi-k2.6", 29, 28) == 2


@given(width=st.integers(1, 6_000), height=st.integers(1, 6_000))
def test_mistral_counts_as_its_maker_does(width: int, height: int) -> None:
    for model, config in (
        ("pixtral-12b-2409", mistral.ImageConfig(16, 1024)),
        ("mistral-large-3", mistral.ImageConfig(14, 1540, 2)),
    ):
        encoder = mistral.ImageEncoder(config, mistral.SpecialImageIDs(1, 2, 3))
        across, down = encoder._image_to_num_tokens(SimpleNamespace(size=(width, height)))
        assert tokens(model, width, height) == (across + 1) * down


@given(rule=st.sampled_from(RULES.rules), width=SIDES, height=SIDES)
def test_any_image_has_tokens_by_formula(rule: ImageRule, width: int, height: int) -> None:
    count = image_tokens(rule, width, height)
    assert count == Count.certain(count.tokens, Provenance.FORMULA)
    assert count.tokens > 0


@given(width=SIDES, height=SIDES)
def test_budgets_are_kept(width: int, height: int) -> None:
    assert tokens("gpt-5.4", width, height, "high") <= 3000
    assert tokens("claude-opus-4.6", width, height) <= 1568
    assert tokens("claude-opus-5.5", width, height) <= 4784
    assert tokens("qwen3.6-27b", width, height) <= 16384 + 2


def test_what_nobody_published_is_unknown() -> None:
    assert RULES.find("mercury-3") is None
    assert RULES.find("claude-2.1") is None


def test_ids_are_found_however_they_are_written() -> None:
    by_name = {name: rule.id for name in NAMES if (rule := RULES.find(name))}
    assert by_name == NAMES


NAMES = {
    "anthropic/claude-opus-4-7": "claude-high-resolution",
    "claude-opus-4.7": "claude-high-resolution",
    "claude-haiku-5.5": "claude-high-resolution",
    "claude-opus-4-1-20250805": "claude-standard",
    "claude-3-5-sonnet-20241022": "claude-standard",
    "claude-opus-4": "claude-standard",
    "gpt-5": "gpt-5",
    "gpt-5-2025-08-07": "gpt-5",
    "gpt-5.1": "gpt-5",
    "gpt-5.2": "gpt-5.2",
    "gpt-5-mini-2025-08-07": "gpt-5-mini",
    "gpt-5.4-mini": "gpt-5.4",
    "gpt-6.1-sol": "gpt-6-later",
    "gpt-6-astra": "gpt-6",
    "gpt-4.1": "gpt-4o",
    "gpt-4.1-mini": "gpt-4.1-mini",
    "models/gemini-2.5-pro": "gemini-2",
    "grok-4.7": "grok",
}


def test_most_of_the_catalog_that_sees_has_a_rule() -> None:
    seeing = [
        model.id for model in Catalog(Assets()).models if Capability.VISION in (model.capabilities or ())
    ]
    known = [model for model in seeing if RULES.find(model)]
    assert len(known) >= 0.75 * len(seeing), sorted(set(seeing) - set(known))


def test_every_kind_is_used_and_every_source_cited() -> None:
    assert {rule.kind for rule in RULES.rules} == set(KINDS)
    assert {rule.source for rule in RULES.rules} == set(RULES.sources)
    assert all(RULES.source(rule).title for rule in RULES.rules)


def test_an_image_has_pixels() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        image_tokens(RULES.rules[0], 0, 10)


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ('[[rules]]\nid = "x"\nkind = "cubes"', "“kind” must be one of patches"),
        (
            '[[rules]]\nid = "x"\nkind = "rows"\nmodels = ["x"]\nsource = "none"\npatch = 1\nedge = 2',
            "unknown source",
        ),
        ('[[rules]]\nid = "x"\nkind = "rows"\nmodels = ["x"]\nsource = "a"\npatch = 1', "it lacks “edge”"),
        (
            '[[rules]]\nid = "x"\nkind = "fixed"\nmodels = ["x"]\nsource = "a"\ndetails = {low = 3}',
            "“details” lacks “auto”",
        ),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: str, complaint: str) -> None:
    (tmp_path / "catalog").mkdir()
    source = '[sources.a]\ntitle = "A"\ndate = 2026-11-29\n'
    (tmp_path / "catalog" / "image_tokens.toml").write_text(source + rows, "utf-8")
    with pytest.raises(DataFileError, match=complaint):
        ImageRules(Assets(tmp_path))
