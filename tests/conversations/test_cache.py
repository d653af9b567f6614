"""Where two requests part, and what a cache can serve."""

import time
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.conversations.cache import (
    Breakpoint,
    CacheRule,
    Change,
    StreamPart,
    TokenStream,
    compare,
    served,
    served_asked,
)


def stream(*parts: tuple[str, list[int]]) -> TokenStream:
    """Parts of a kind each; messages are numbered in order."""
    return TokenStream.join(
        (StreamPart(kind, index), np.array(ids, np.uint32)) for index, (kind, ids) in enumerate(parts)
    )


TOOLS, SYSTEM, ASKED = ("tool", [1, 2, 3]), ("system", [4, 5]), ("text", [6, 7, 8])


def test_a_further_turn_only_extends() -> None:
    found = compare(stream(TOOLS, SYSTEM, ASKED), stream(TOOLS, SYSTEM, ASKED, ("text", [9, 9])))
    assert (found.change, found.shared, found.reread) == (Change.EXTENDED, 8, 2)
    assert found.place_before is None and found.before == ()
    assert found.place_now is not None and found.place_now.number == 3
    assert found.now == (9, 9)


def test_a_changed_part_is_named_with_what_stood_there_before_and_now() -> None:
    found = compare(stream(TOOLS, SYSTEM, ASKED), stream(TOOLS, ("system", [4, 99]), ASKED))
    assert (found.change, found.shared, found.reread) == (Change.REPLACED, 4, 4)
    assert found.place_before is not None and found.place_now is not None
    assert (found.place_before.part.kind, found.place_before.offset, found.place_before.length) == (
        "system",
        1,
        2,
    )
    assert (found.before[:1], found.now[:1]) == ((5,), (99,))


def test_a_part_put_in_or_taken_out() -> None:
    more = stream(("tool", [9, 9, 9]), TOOLS, SYSTEM)
    assert compare(stream(TOOLS, SYSTEM), more).change is Change.INSERTED
    assert compare(more, stream(TOOLS, SYSTEM)).change is Change.REMOVED


def test_the_same_and_a_beginning() -> None:
    assert compare(stream(TOOLS), stream(TOOLS)).change is Change.SAME
    assert compare(stream(TOOLS, SYSTEM), stream(TOOLS)).change is Change.SHORTENED
    assert compare(stream(), stream()).change is Change.SAME


ids = st.lists(st.integers(0, 3), max_size=6)


@given(st.lists(ids, max_size=4), st.lists(ids, max_size=4))
def test_the_shared_prefix_is_the_longest(one: list[list[int]], other: list[list[int]]) -> None:
    before, now = (stream(*(("text", part) for part in parts)) for parts in (one, other))
    found = compare(before, now)
    first, second = list(chain(*one)), list(chain(*other))
    assert first[: found.shared] == second[: found.shared]
    assert (
        first[found.shared : found.shared + 1] != second[found.shared : found.shared + 1] or first == second
    )
    assert found.reread == len(second) - found.shared
    if found.place_now is not None:
        start = sum(map(len, other[: found.place_now.number]))
        assert start + found.place_now.offset == found.shared


def test_a_stream_whose_parts_do_not_end_with_its_tokens_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        TokenStream(np.zeros(3, np.uint32), np.array([2]), (StreamPart("text"),))


def test_what_a_cache_serves() -> None:
    openai = CacheRule(1024, 128)
    assert [served(shared, openai) for shared in (1000, 1024, 1151, 1152, 5000)] == [
        0,
        1024,
        1024,
        1152,
        4992,
    ]
    anthropic = CacheRule(1024)
    points = [Breakpoint(500, 1), Breakpoint(3000, 4), Breakpoint(6000, 9)]
    assert served_asked(5000, anthropic, points, points) == 3000
    assert served_asked(5000, anthropic, points[:1], points) == 0
    assert served_asked(5000, anthropic, points, points[:1]) == 0
    assert served_asked(5000, anthropic, points, []) == 0
    far = [Breakpoint(9000, 4 + 21)]
    assert served_asked(5000, anthropic, points, far) == 3000
    assert served_asked(5000, CacheRule(1024, lookback=20), points, far) == 0
    assert served_asked(5000, CacheRule(1024, lookback=21), points, far) == 3000


def test_a_million_tokens_take_well_under_a_second() -> None:
    parts = [(StreamPart("text", index), np.arange(1000, dtype=np.uint32) + index) for index in range(1000)]
    before = TokenStream.join(parts)
    now = TokenStream.join([*parts[:-1], (StreamPart("text", 999), np.zeros(1000, np.uint32))])
    began = time.process_time()
    assert compare(before, now).shared == 999_000
    assert time.process_time() - began < 0.5
