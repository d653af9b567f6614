"""Tokens stay exact through edits for a user's own tokenizers too, whether or not their texts can be cut."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import tokenizers
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.analysis import test_token_map_machine as machine
from tests.tokenization.test_user_files import (
    byte_fallback,
    byte_level,
    framed_byte_level,
    unigram,
    word_piece,
)
from tokviz.analysis import token_map
from tokviz.analysis.token_map_jobs import PrepareTokenizer
from tokviz.assets import Assets
from tokviz.tokenization.cuts import CutRule
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import Kind

PLAIN, PARSED, FRAMED = SpecialTokens.PLAIN, SpecialTokens.PARSED, SpecialTokens.FRAMED


@pytest.mark.parametrize(
    ("maker", "mode", "kind"),
    [
        (byte_level, PLAIN, Kind.MERGES),
        (byte_level, PARSED, Kind.MERGES),
        (framed_byte_level, FRAMED, Kind.MERGES),
        (word_piece, PLAIN, Kind.LIBRARY),
        (word_piece, FRAMED, Kind.LIBRARY),
        (byte_fallback, PLAIN, Kind.LIBRARY),
        (unigram, PARSED, Kind.LIBRARY),
    ],
    ids=str,
)
def test_tokens_after_any_edits_are_those_of_the_whole_text(
    maker: object, mode: SpecialTokens, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokenizer.json"
    assert callable(maker)
    made = maker()
    assert isinstance(made, tokenizers.Tokenizer)
    made.save(str(path))
    shop = SimpleNamespace(registry=Registry(Assets()))
    name = shop.registry.add_file(path)
    assert shop.registry.info(name).kind is kind

    @cache
    def prepared(name: str, mode: SpecialTokens) -> object:
        return PrepareTokenizer(name, mode).perform(shop, None)

    monkeypatch.setattr(machine, "shop", lambda: shop)
    monkeypatch.setattr(machine, "prepared", prepared)
    known = PrepareTokenizer(name, mode).perform(shop, None)
    assert (known.cutting.rule == CutRule.never()) == (kind is Kind.LIBRARY)
    for limit, size in {"STRETCH": 48, "_SMALL": 6, "_NEAR": 24, "_SHOWN": 16, "_BUDGET": 120}.items():
        monkeypatch.setattr(token_map, limit, size)
    editing = type("EditingWith", (machine.Editing,), {"name": name, "mode": mode})
    run_state_machine_as_test(
        editing, settings=settings(max_examples=20, stateful_step_count=25, deadline=None)
    )
