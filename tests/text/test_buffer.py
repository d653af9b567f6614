"""The buffer's text is what the edits say, and its line index what the text says."""

import re
from bisect import bisect_right

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokviz.text import line_index
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase, Reason

PARTS = ["a", "\n", "\r", "\r\n", "é", "漢", "😀", " ", "\u2028", "\u0000", "\ufeff"]
texts = st.lists(st.sampled_from(PARTS), max_size=120).map("".join)


def line_starts(data: bytes) -> list[int]:
    return [0] + [found.end() for found in re.finditer(rb"\r\n|\n|\r", data)]


def check_index(buffer: TextBuffer) -> None:
    data, lines = buffer.snapshot(), buffer.lines
    starts = line_starts(data)
    lines.complete_now()
    assert lines.line_count == len(starts)
    assert lines.longest_line == max(
        end - start for start, end in zip(starts, [*starts[1:], len(data)], strict=True)
    )
    assert [lines.line_start(line) for line in range(len(starts))] == starts
    for offset in range(len(data) + 1):
        line = bisect_right(starts, offset) - 1
        following = starts[line + 1] if line + 1 < len(starts) else len(data)
        assert lines.line_of(offset) == line
        assert lines.start_of_line(offset) == starts[line]
        assert lines.end_of_line(offset) == following
        if buffer.is_boundary(offset):
            text = data[:offset].decode()
            units = len(text.encode("utf-16-le")) // 2
            assert lines.code_points_before(offset) == len(text)
            assert lines.utf16_units_before(offset) == units
            assert lines.offset_of_code_point(len(text)) == offset
            assert lines.offset_of_utf16_unit(units) == offset


@pytest.mark.parametrize("near", [0, 4096], ids=["by blocks", "by looking near"])
@given(
    texts,
    st.lists(st.tuples(st.integers(0, 300), st.sampled_from([0, 0, 3, 40]), texts), max_size=8),
    st.booleans(),
)
@example("a" * 16 + "漢😀😀😀\u2028\r\naa\n", [(37, 0, "a")], True)
@settings(deadline=None, max_examples=100)
def test_edits_and_index_agree_with_the_plain_text(
    near: int, text: str, edits: list[tuple[int, int, str]], looked_at: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_index, "BLOCK", 16)
        patch.setattr(line_index, "_NEAR", near)
        buffer = TextBuffer(text.encode())
        model = text.encode()
        check_index(buffer)
        for start, size, inserted in edits:
            begin = buffer.boundary_before(start)
            end = buffer.boundary_after(min(len(model), begin + size))
            change = buffer.replace(begin, end, inserted.encode())
            size = len(inserted.encode())
            expected = Change(begin, model[begin:end], size, len(model), buffer.revision, Reason.DIRECT)
            model = model[:begin] + inserted.encode() + model[end:]
            assert change == expected
            assert buffer.snapshot() == model
            if looked_at:
                check_index(buffer)
        check_index(buffer)


@pytest.mark.parametrize("pasted", [b"p" * 20_000, b"p\n" * 20_000, b"p\n"])
def test_what_was_typed_is_counted_before_something_is_pasted_behind_it(pasted: bytes) -> None:
    buffer = TextBuffer(b"first\n" + b"a" * 12_000 + b"\ntail")
    buffer.replace(3000, 3000, b"x")
    buffer.replace(3001, 3001, pasted)
    starts = line_starts(buffer.snapshot())
    assert buffer.lines.line_count == len(starts)
    assert buffer.lines.code_points_before(len(buffer)) == len(buffer)
    assert [buffer.lines.line_start(line) for line in range(len(starts))] == starts


def test_an_index_may_cover_only_the_beginning_at_first() -> None:
    data = b"line\n" * 1_000_000
    lines = TextBuffer(data).lines
    assert lines.covered < len(data)
    assert lines.start_of_line(11) == 10
    assert lines.line_start(90_000) == 450_000
    assert lines.covered < len(data)
    assert lines.line_of(len(data)) == 1_000_000
    assert lines.covered == len(data)
    with pytest.raises(IndexError):
        lines.line_start(1_000_001)


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_a_line_ends_before_its_break(ends: bytes) -> None:
    buffer = TextBuffer(b"one" + ends + b"two" + ends)
    assert [buffer.line_content_end(at) for at in (0, 2, 3)] == [3, 3, 3]
    assert buffer.line_content_end(3 + len(ends)) == 6 + len(ends)
    assert buffer.line_content_end(len(buffer)) == len(buffer)
    assert TextBuffer().line_content_end(0) == 0


def test_what_is_not_valid_is_refused_and_changes_nothing() -> None:
    buffer = TextBuffer("añb".encode())
    for start, end, data in (
        (2, 2, b"x"),
        (0, 2, b""),
        (3, 9, b""),
        (0, 0, b"\xff"),
        (0, 0, b"\xed\xa0\x80"),
    ):
        with pytest.raises(ValueError):
            buffer.replace(start, end, data)
    assert buffer.snapshot() == "añb".encode()
    assert buffer.revision == 0


def test_an_opened_text_is_not_copied_until_it_is_edited() -> None:
    data = b"x" * 1000
    buffer = TextBuffer()
    buffer.load(data)
    assert buffer.snapshot() is data
    buffer.replace(0, 1, b"y")
    assert data == b"x" * 1000


def test_followers_hear_of_every_change_after_it_was_made() -> None:
    buffer = TextBuffer(b"one")
    heard: list[tuple[Change, bytes]] = []
    buffer.follow(Phase.VIEW, lambda change: heard.append((change, buffer.snapshot())))
    buffer.replace(3, 3, b" two", Reason.EDIT)
    buffer.load(b"new")
    assert heard == [
        (Change(3, b"", 4, 3, 1, Reason.EDIT), b"one two"),
        (Change(0, b"one two", 3, 7, 2, Reason.LOAD), b"new"),
    ]
    assert [change.is_load for change, _ in heard] == [False, True]


def test_followers_hear_phase_by_phase_whenever_they_came() -> None:
    buffer = TextBuffer()
    heard: list[str] = []
    for phase in (Phase.VIEW, Phase.DERIVED, Phase.MODEL, Phase.DERIVED, Phase.VIEW):
        buffer.follow(phase, lambda _, name=phase.name: heard.append(name))  # type: ignore[misc]
    buffer.replace(0, 0, b"x")
    assert heard == ["MODEL", "DERIVED", "DERIVED", "VIEW", "VIEW"]
