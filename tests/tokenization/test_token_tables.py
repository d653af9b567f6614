"""What a rank file says, without decoding all of it."""

from base64 import b64encode

from hypothesis import given
from hypothesis import strategies as st

from tokviz.tokenization.token_tables import RankTable


@given(
    st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=12), st.binary(min_size=2, max_size=5)
)
def test_the_tokens_that_hold_a_text(tokens: list[bytes], text: bytes) -> None:
    tokens += [b"x" + text, b"yz" + text + b"!", text]
    data = b"".join(b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))
    assert RankTable(data, 7).holding(text) == {i for i, token in enumerate(tokens, 7) if text in token}
