"""Segments cover the text, wherever one asks for them, and tear no character."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.text.buffer import TextBuffer
from tokviz.ui.editor.layout import segments as module
from tokviz.ui.editor.layout.segments import Segment, Segments

FAMILY = "👩‍👩‍👧"
parts = st.lists(st.sampled_from(["a", "b ", "é", "漢", FAMILY, "\r\n", "\r", "e\u0301", "ש"]), max_size=400)


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "PLAIN_SEGMENT", 512)
    monkeypatch.setattr(module, "MIXED_SEGMENT", 128)
    monkeypatch.setattr(module, "_LOOK_BACK", 48)
    yield


def walk(segments: Segments) -> list[Segment]:
    found = [segments.at(0)]
    while (following := segments.following(found[-1])) is not None:
        found.append(following)
    return found


@given(parts, st.sampled_from(["", "\n", "a" * 1000]))
@settings(deadline=None, max_examples=60)
def test_segments_cover_the_text_from_anywhere(texts: list[str], end: str) -> None:
    data = ("".join(texts) + end).encode()
    segments = Segments(TextBuffer(data))
    found = walk(segments)
    assert b"".join(data[segment.start : segment.stop] for segment in found) == data
    for number, segment in enumerate(found):
        assert segment.content == data[segment.start : segment.end]
        segment.content.decode()
        assert data[segment.end : segment.stop] in (b"", b"\n", b"\r", b"\r\n")
        assert not segment.content.strip(b"\r\n") or b"\n" not in segment.content
        for offset in range(segment.start, segment.stop):
            assert segments.at(offset) == segment  # the one asked for last is remembered
            assert Segments(segments._buffer).at(offset) == segment
        before = segments.preceding(segment)
        assert before == (found[number - 1] if number else None)
    assert segments.at(len(data)) == found[-1]


def test_a_long_line_is_cut_between_characters_as_people_see_them() -> None:
    segments = walk(Segments(TextBuffer((FAMILY * 100).encode())))
    assert len(segments) > 5
    for segment in segments:
        assert segment.content.decode().replace(FAMILY, "") == ""


def test_the_direction_is_that_of_the_line() -> None:
    found = walk(Segments(TextBuffer(("abc שלום\nשלום abc\n123 שלום\n" + "ש" * 300).encode())))
    assert [segment.right_to_left for segment in found[:3]] == [False, True, True]
    assert {segment.right_to_left for segment in found[3:]} == {True}


@given(
    parts,
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(["a", "b ", "é", "\n", "\r", "ש", ""])), max_size=12
    ),
    st.integers(0, 2),
)
@settings(deadline=None, max_examples=100)
def test_a_remembered_segment_follows_what_is_typed(
    texts: list[str], typed: list[tuple[int, str]], repeated: int
) -> None:
    buffer = TextBuffer("".join(texts).encode())
    segments = Segments(buffer)
    for offset, text in typed:
        at = buffer.boundary_before(offset)
        segments.at(at)
        for _ in range(1 + repeated):
            buffer.replace(at, at, text.encode())
            at += len(text.encode())
            for offset in (at, max(at - 1, 0), min(at + 3, len(buffer)), len(buffer)):
                offset = buffer.boundary_before(offset)
                assert segments.at(offset) == Segments(buffer).at(offset)
                segments.at(buffer.boundary_before(offset))
