"""Values chunk by chunk: whatever is edited, they make up those of the text as it is now."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text.changes import change
from tokviz.analysis import range_map
from tokviz.analysis.range_map import Request
from tokviz.analysis.text_values import CHUNK, TextValues
from tokviz.tokenization.splitting.split_points import SafeSplitRule


def values_of(text: bytes) -> TextValues:
    return TextValues(len(text), SafeSplitRule(), ["bytes"])


def settle(values: TextValues, text: bytes) -> list[Request]:
    """Find whatever is wanted; the value shows exactly which bytes were looked at."""
    requests = []
    while found := values.next_request(text):
        request, names = found
        requests.append(request)
        assert values.deliver(request.key, dict.fromkeys(names, text[request.start : request.end]))
    return requests


def total(values: TextValues) -> bytes | None:
    parts = values.values("bytes")
    return None if parts is None else b"".join(parts)


def test_chunks_are_split_where_it_is_safe_and_small() -> None:
    text = b"some words, and more " * 20_000
    values = values_of(text)
    sizes = [request.end - request.start for request in settle(values, text)]
    assert max(sizes) <= CHUNK * 1.5
    assert values.complete
    assert total(values) == text


def test_a_text_without_split_points_is_one_chunk() -> None:
    text = b" " * 300_000
    found = values_of(text).next_request(text)
    assert found is not None
    assert (found[0].start, found[0].end) == (0, len(text))


def test_a_large_text_without_split_points_is_searched_step_by_step() -> None:
    text = b" " * (range_map._BUDGET * 3)
    values = values_of(text)
    calls = 1
    while not (found := values.next_request(text)):
        calls += 1
        assert values.searching and calls < 20
    assert calls >= 3 and not values.searching
    assert (found[0].start, found[0].end) == (0, len(text))


def test_a_value_wanted_later_is_asked_for_alone() -> None:
    text = b"some words, and more " * 20_000
    values = values_of(text)
    chunks = settle(values, text)
    values.names.append("more")
    found = values.next_request(text)
    assert found is not None
    request, names = found
    assert names == ("more",)
    assert (request.start, request.end) == (chunks[0].start, chunks[0].end)
    assert values.values("more") is None and not values.complete and values.known_bytes == 0
    assert total(values) == text


def test_chunks_of_a_large_text_are_not_divided_once_they_have_a_value() -> None:
    text = b"some words, and more " * 300_000
    values = values_of(text)
    chunks = settle(values, text)
    assert max(request.end - request.start for request in chunks) > 3 * CHUNK
    values.names.append("more")
    again = settle(values, text)
    assert [(each.start, each.end) for each in again] == sorted((each.start, each.end) for each in chunks)


def test_an_edit_makes_little_unknown() -> None:
    text = b"some words, and more " * 20_000
    values = values_of(text)
    settle(values, text)
    values.apply(change(200_000, 0, 1, len(text)))
    assert values.known_bytes >= len(text) - 2 * CHUNK


def test_a_late_result_for_edited_bytes_is_dropped() -> None:
    values = values_of(b"one, two.")
    found = values.next_request(b"one, two.")
    assert found is not None
    assert values.requested == {found[0].key}
    values.apply(change(3, 1, 1, 9))
    assert not values.requested
    assert not values.deliver(found[0].key, {"bytes": b"one, two."})
    assert not values.complete
    again = values.next_request(b"one; two.")
    assert again is not None
    values.abandon(again[0].key)
    settle(values, b"one; two.")
    assert total(values) == b"one; two."


@given(st.integers(0, 2**32), st.integers(1, 12))
@settings(deadline=None, max_examples=60)
def test_values_follow_any_edits(seed: int, edits: int) -> None:
    chance = random.Random(seed)
    text = b"".join(
        chance.choice([b"word ", b"x, ", b"(", b"line\n", "字".encode(), b"1"]) for _ in range(60_000)
    )
    values = values_of(text)
    settle(values, text)
    for _ in range(edits):
        start = chance.randrange(len(text) + 1)
        removed = min(chance.choice([0, 1, 5, 90_000]), len(text) - start)
        new = chance.choice([b"", b"a", b", ", b"many words " * 9_000])
        values.apply(change(start, removed, len(new), len(text)))
        text = text[:start] + new + text[start + removed :]
        assert len(values) == len(text)
        if chance.random() < 0.5:
            values.next_request(text)
    found = [values.next_request(text) for _ in range(3)]
    for request, _ in reversed([each for each in found if each]):
        values.deliver(request.key, {"bytes": text[request.start : request.end]})
    settle(values, text)
    if values.complete:
        assert total(values) == text
    else:  # chunks that were requested and never delivered stay unknown, and are not counted twice
        assert values.known_bytes < len(text)
