"""Words and tokens counted in pieces are those of the text."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenization.claude.claude_texts import texts as claude_texts
from tests.tokenization.split_texts import texts as split_texts
from tokviz.analysis.chunk_metrics import ColumnCounter, column_counter, count_words, total_words
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import common_rule

RULE = common_rule()


@cache
def registry() -> Registry:
    return Registry(Assets())


@cache
def counter(name: str) -> ColumnCounter:
    return column_counter(registry(), name)


@given(st.lists(st.text(st.sampled_from("ab \n\u00a0\u3000字é"), min_size=1)))
@settings(deadline=None)
def test_pieces_add_up(parts: list[str]) -> None:
    assert total_words(count_words(part.encode()) for part in parts) == len("".join(parts).split())


@pytest.mark.parametrize("name", ["r50k_base", "mistral-v3", "claude-v3", "claude-v4.8", "claude-opus-5"])
@given(text=st.one_of(claude_texts(), split_texts()))
@settings(deadline=None, max_examples=60)
def test_chunks_add_up_under_the_rule_that_all_share(name: str, text: str) -> None:
    data = text.encode(errors="replace")
    bounds = [0]
    while (split := RULE.next_split(data, bounds[-1] + 1, len(data))) >= 0:
        bounds.append(split)
    parts = list(pairwise([*bounds, len(data)]))
    total = sum(int(counter(name)(data[start:end], start == 0)[0]) for start, end in parts)
    assert total == registry().get(name).count(data)
