"""Long runs are counted by what is left of them, and parts that few others stand beside one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenization.claude.claude_texts import texts
from tokviz.assets import Assets
from tokviz.tokenization.claude import cover
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.cover import fewest_pieces
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.runs import Runs
from tokviz.tokenization.claude.vocabulary import Vocabulary


@pytest.mark.parametrize("name", ["claude-v3", "claude-v4.7"])
@pytest.mark.parametrize("character", "a=-. \t\nx0é#")
def test_a_shortened_run_costs_so_many_tokens_less(name: str, character: str) -> None:
    vocabulary = Vocabulary(Assets().path("vocabularies", f"{name}.json"))
    for length in (100, 300, 4_513, 9_000):
        codes = np.full(length, ord(character), np.uint32)
        whole = int(fewest_pieces(vocabulary, codes)[0][-1])
        short, more = vocabulary.runs.shorten(codes, np.zeros(length, np.int64))
        assert int(fewest_pieces(vocabulary, short)[0][-1]) + int(more.sum()) == whole
        assert len(short) <= length


def test_long_runs_are_shortened() -> None:
    runs = Runs(["a", "aaa", "aaaa", "ab", "b"])
    assert runs.surplus("a", 20) == (0, 0)
    assert runs.surplus("a", 100) == (76, 19)
    assert runs.surplus("b", 10**6) == (0, 0)


@pytest.mark.parametrize("family", ["v3", "v4.8"])
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_texts_with_long_runs_count_as_if_none_was_shortened(family: str, data: st.DataObject) -> None:
    text = ""
    for _ in range(data.draw(st.integers(1, 3))):
        run = data.draw(st.sampled_from("a=. \n-é")) * data.draw(st.integers(4_000, 9_000))
        text += data.draw(texts()) + run
    text += data.draw(texts())
    quick, plain = (ClaudeCounter(Assets(), FAMILIES[family]) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Runs, "surplus", lambda *_: (0, 0))
        expected = plain.count(text)
    assert quick.count(text) == expected


@pytest.mark.parametrize("name", ["claude-v3", "claude-v4.7"])
@given(
    st.lists(st.sampled_from(["a", "ab", "-=", "x y", "..."]), min_size=1, max_size=4), st.integers(30, 400)
)
@settings(max_examples=30, deadline=None)
def test_few_parts_are_covered_as_many_are(name: str, parts: list[str], times: int) -> None:
    vocabulary = Vocabulary(Assets().path("vocabularies", f"{name}.json"))
    codes = np.frombuffer(("".join(part * times for part in parts)).encode("utf-32-le"), np.uint32)
    found = []
    for few_steps in (0, 1 << 30):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cover, "_FEW_STEPS", few_steps)
            found.append(fewest_pieces(vocabulary, codes))
    assert found[0][0].tolist() == found[1][0].tolist()
    assert found[0][1].tolist() == found[1][1].tolist()
