"""Words counted in pieces are the words of the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.chunk_metrics import count_words, total_words


@given(st.lists(st.text(st.sampled_from("ab \n\u00a0\u3000字é"), min_size=1)))
@settings(deadline=None)
def test_pieces_add_up(parts: list[str]) -> None:
    assert total_words(count_words(part.encode()) for part in parts) == len("".join(parts).split())
