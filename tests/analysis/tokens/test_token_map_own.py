"""Tokens stay exact through edits for a user's own tokenizers, whether or not their texts can be split."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import tokenizers
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.analysis.tokens import test_token_map_machine as machine
from tests.text.changes import change
from tests.tokenization.user.test_user_files import (
    byte_fallback,
    byte_level,
    framed_byte_level,
    unigram,
    word_piece,
)
from tokviz.analysis.tokens import token_map
from tokviz.assets import Assets
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.worker.jobs import WorkerContext
from tokviz.worker.token_map_jobs import PrepareTokenizer

PLAIN, PARSED, FRAMED = SpecialTokens.PLAIN, SpecialTokens.PARSED, SpecialTokens.FRAMED


class EditingWhatLeavesTokens(machine.Editing):
    """Where a tokenizer drops blanks, a text of nothing else has no tokens: see the last test for that."""

    def edit(self, start: int, end: int, new: bytes) -> None:
        rest = bytes(self.text[:start]) + new + bytes(self.text[end:])
        if rest and not machine.context().registry.get(self.name).count(rest):
            new += b"a"
        super().edit(start, end, new)


@pytest.mark.parametrize(
    ("maker", "mode", "kind"),
    [
        (byte_level, PLAIN, Kind.JSON),
        (byte_level, PARSED, Kind.JSON),
        (framed_byte_level, FRAMED, Kind.JSON),
        (word_piece, PLAIN, Kind.LIBRARY),
        (word_piece, FRAMED, Kind.LIBRARY),
        (byte_fallback, PLAIN, Kind.LIBRARY),
        (unigram, PARSED, Kind.LIBRARY),
    ],
)
def test_tokens_after_any_edits_are_those_of_the_whole_text(
    maker: object, mode: SpecialTokens, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokenizer.json"
    assert callable(maker)
    made = maker()
    assert isinstance(made, tokenizers.Tokenizer)
    made.save(str(path))
    context = WorkerContext(Assets())
    name = context.registry.add_file(path)
    assert context.registry.info(name).kind is kind

    @cache
    def prepared(name: str, mode: SpecialTokens) -> object:
        return PrepareTokenizer(name, mode).perform(context, None)

    monkeypatch.setattr(machine, "context", lambda: context)
    monkeypatch.setattr(machine, "prepared", prepared)
    known = PrepareTokenizer(name, mode).perform(context, None)
    assert (known.split_policy.rule == SafeSplitRule.never()) == (kind is Kind.LIBRARY)
    machine.shorten(monkeypatch)
    editing = type("EditingWith", (EditingWhatLeavesTokens,), {"name": name, "mode": mode})
    run_state_machine_as_test(
        editing, settings=settings(max_examples=20, stateful_step_count=25, deadline=None)
    )


def test_a_text_may_have_no_tokens_at_all() -> None:
    text = bytearray(b"  \n")
    tokens = token_map.TokenMap(len(text), SafeSplitRule.never(), (1,), (2,))
    request = tokens.next_request(text, (0, 3))
    none = np.zeros(0, np.uint32)
    assert request is not None
    assert tokens.deliver(request.key, none, none) == (0, 3)
    assert tokens.complete and tokens.count == 2 and tokens.ids().tolist() == [1, 2]
    assert tokens.tokens_in(1, 2).ids.tolist() == []
    assert tokens.tokens_in(0, 3).ids.tolist() == [1, 2]
    assert [tokens.index_at(at) for at in range(4)] == [1, 1, 1, 2]
    for start, removed, new in ((1, 0, b"a"), (0, 4, b"b c"), (1, 1, b"")):
        text[start : start + removed] = new
        tokens.apply(change(start, removed, len(new), len(tokens)), text)
        request = tokens.next_request(text, (0, 3))
        assert request is not None
        assert (request.start, request.end) == (0, len(text))
        tokens.deliver(request.key, none, none)
        assert tokens.complete and len(tokens) == len(text)
