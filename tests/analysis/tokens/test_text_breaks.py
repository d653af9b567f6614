"""Where lines and sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.tokens.text_breaks import BreakAt, first_break, last_break

SENTENCES = [
    ["One. ", "Two! ", "Three?\n", "four"],
    ["It is e.g. this one, at 3.5 kg. ", "J. Smith said “no.” ", "Then he left…  ", "So."],
    ["今日は。", "元気？", "「はい。」", "では"],
    ["यह एक है। ", "दूसरा वाक्य। ", "end"],
    ["A heading\n\n", "wrapped\nprose goes on\n \n", "1. first\n2. second"],
    ["if a != b: f(x?y)\nreturn x.y"],
    ["What?! ", "(Really!) ", "Yes.\r\n\r\n", "Done"],
]


@pytest.mark.parametrize("sentences", SENTENCES, ids="".join)
def test_sentences(sentences: list[str]) -> None:
    text = "".join(sentences).encode()
    ends, end = [], 0
    while (end := first_break(text, end + 1, len(text), BreakAt.SENTENCE)) > 0:
        ends.append(end)
    parts = [text[a:b].decode() for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    assert parts == sentences


def test_a_sentence_may_end_before_the_white_space_behind_it() -> None:
    text = b"One.    Two"
    assert [last_break(text, 0, end, BreakAt.SENTENCE) for end in (3, 4, 6, 8, 11)] == [-1, 4, 6, 8, 8]


def test_far_ends_are_found() -> None:
    text = b"One. " + b"X" * 300_000
    assert last_break(text, 0, len(text), BreakAt.SENTENCE) == 5
    assert last_break(text, 5, len(text), BreakAt.SENTENCE) == -1
    text = b"x" * 300_000 + b". B"
    assert first_break(text, 1, len(text), BreakAt.SENTENCE) == len(text) - 1
    assert first_break(b"x" * 300_000 + b"\n", 1, 300_002, BreakAt.LINE) == 300_001


@given(st.text("a\r\né. ", max_size=40), st.integers(0, 80), st.integers(0, 80))
def test_line_ends_are_those_of_a_line_splitter(text: str, start: int, end: int) -> None:
    data = text.encode()
    ends, done = [], 0
    for line in data.splitlines(keepends=True):
        done += len(line)
        if line.endswith((b"\n", b"\r")):
            ends.append(done)
    start, end = min(start, len(data)), min(end, len(data))
    assert last_break(data, start, end, BreakAt.LINE) == max(
        (each for each in ends if start < each <= end), default=-1
    )
    if not 0 < start < len(data) or data[start] & 0xC0 != 0x80:
        assert first_break(data, start, end, BreakAt.LINE) == min(
            (each for each in ends if start <= each < end), default=-1
        )


@given(st.text(max_size=300), st.data())
def test_breaks_are_at_the_edges_of_characters(text: str, data: st.DataObject) -> None:
    encoded = text.encode(errors="replace")
    edges = {len(encoded[:n].decode(errors="ignore").encode()) for n in range(len(encoded) + 1)}
    start, end = sorted(data.draw(st.sampled_from(sorted(edges))) for _ in range(2))
    for at in (BreakAt.LINE, BreakAt.SENTENCE):
        assert last_break(encoded, start, end, at) in {-1, *(each for each in edges if start < each <= end)}
        assert first_break(encoded, start, end, at) in {-1, *(each for each in edges if start <= each < end)}
