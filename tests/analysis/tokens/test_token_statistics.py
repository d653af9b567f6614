"""Statistics taken chunk by chunk are those of the whole text."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import known, tokenized
from tokviz.analysis.tokens.statistics import statistics
from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.analysis.tokens.token_map_list import PieceList
from tokviz.analysis.tokens.token_statistics import TokenStatistics
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokens import Tokenization


def taken(data: bytes, tokens: PieceList, chunk: int) -> TokenStatistics:
    found = TokenStatistics()
    for run in token_chunks(tokens, chunk):
        found.feed(data, run)
    return found


@settings(deadline=None)
@given(
    st.text(alphabet="ab é\u3000\u00a0\n\r日\u2028.", max_size=60),
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), max_size=80),
    st.integers(1, 9),
    st.integers(1, 4),
)
def test_chunks_add_up(text: str, sizes: list[tuple[int, int]], chunk: int, pieces: int) -> None:
    data = text.encode()
    tokens: list[tuple[int, int]] = []
    left = len(data)
    for token_id, size in [*sizes, *[(7, 3)] * len(data)]:
        if left:
            tokens.append((token_id, min(size, left)))
            left -= min(size, left)
    listed = known(tokens, pieces)
    whole = statistics(data, Tokenization("any", listed.ids(), listed.ends()))
    found = taken(data, listed, chunk)
    assert found.result(10) == whole
    assert found.distinct == len(np.unique(listed.ids()))
    assert found.known_bytes == len(data)


def test_a_real_text() -> None:
    data = ("Hello wörld, 日本語 text\u3000here.\r\n" * 200).encode()
    tokens = tokenized(data, pieces=3)
    whole = statistics(data, Tokenization("any", tokens.ids(), tokens.ends()))
    assert taken(data, tokens, 100).result(10) == whole


def test_tokens_that_the_model_adds_count_as_tokens() -> None:
    data = b"Hello"
    found = taken(data, tokenized(data, "llama3", SpecialTokens.FRAMED), 1).result()
    assert (found.tokens, found.size.bytes, found.size.words) == (2, 5, 1)
    assert found.bytes_per_token == 2.5


def test_nothing_is_known_of_no_text() -> None:
    found = taken(b"", known([]), 5).result()
    assert found.tokens == 0
    assert found.bytes_per_token is None
    assert found.frequent == ()
