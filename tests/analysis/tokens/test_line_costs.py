"""The costliest lines: the same in any chunks, and what wastes tokens stands on top."""

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.analysis.tokens.known_tokens import known, tokenized
from tokviz.analysis.tokens.line_costs import LineCosts, LineOrder, line_ends
from tokviz.analysis.tokens.token_chunks import token_chunks
from tokviz.analysis.tokens.token_list import TokenList


def costs(data: bytes, tokens: TokenList, chunk: int, most: int = 100) -> LineCosts:
    found = LineCosts(len(data), tokens.count or 0, most)
    for run in token_chunks(tokens, chunk):
        found.feed(data, run)
    found.finish()
    return found


def test_what_wastes_tokens_stands_on_top() -> None:
    prose = "The quick brown fox jumps over the lazy dog and runs away.\n" * 50
    noise = "".join(random.Random(1).choices("0123456789abcdef", k=120)) + "\n"
    data = (prose + noise + prose).encode()
    found = costs(data, tokenized(data), 64)
    worst = found.costliest(LineOrder.WASTE)[0]
    assert worst.line == 50
    assert data[worst.start : worst.end].decode() == noise
    assert worst.bytes_per_token < 3
    assert found.costliest(LineOrder.TOKENS)[0] == worst
    assert found.lines == 101


def test_only_lines_above_the_average_waste_anything() -> None:
    data = b"aa\nbb\ncc\n"
    found = costs(data, known([(1, 3), (2, 3), (3, 3)]), 10)
    assert found.costliest(LineOrder.WASTE) == []
    assert [cost.line for cost in found.costliest(LineOrder.TOKENS)] == [0, 1, 2]


def test_no_text_has_no_lines() -> None:
    found = costs(b"", known([]), 10)
    assert found.costliest(LineOrder.TOKENS) == []
    assert found.lines == 0


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"a\nb", [2]), (b"a\r\nb\rc\n\n", [3, 5, 7, 8]), (b"\r", [1]), (b"", []), (b"\r\r\n", [1, 3])],
)
def test_line_ends(data: bytes, expected: list[int]) -> None:
    assert line_ends(data, 0, len(data)).tolist() == expected


@settings(deadline=None)
@given(
    st.text(alphabet="ab é\n\r", max_size=50),
    st.lists(st.integers(1, 4), max_size=60),
    st.integers(1, 7),
    st.integers(1, 5),
)
@example("aaa\raa\ra\r\raé\r", [1], 6, 3)
def test_chunks_find_what_a_plain_count_finds(text: str, sizes: list[int], chunk: int, most: int) -> None:
    data = text.encode()
    tokens: list[tuple[int, int]] = []
    left = len(data)
    for size in [*sizes, *[3] * len(data)]:
        if left:
            tokens.append((len(tokens), min(size, left)))
            left -= min(size, left)
    listed = known(tokens)
    lines = data.decode().splitlines(keepends=True) if not set(text) & set("\x0b\x0c\x85") else []
    spans, start = [], 0
    for line in lines:
        spans.append((start, start + len(line.encode())))
        start = spans[-1][1]
    starts = [span[0] for index in range(len(tokens)) if (span := listed.span(index))]
    expected = [sum(low <= at < high for at in starts) for low, high in spans]
    found = costs(data, listed, chunk, most)
    assert found.lines == len(spans)
    by_tokens = sorted(range(len(spans)), key=lambda line: (-expected[line], line))[:most]
    listed_costs = found.costliest(LineOrder.TOKENS)
    assert [cost.line for cost in listed_costs] == by_tokens
    assert [(cost.start, cost.end, cost.tokens) for cost in listed_costs] == [
        (*spans[line], expected[line]) for line in by_tokens
    ]
