"""A change says where every earlier offset is now."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tokviz.text.change import Change, Parts, Reason, inverted, line_parts

TEXT = "abcdefghijkl"


def change(
    start: int, removed: int, inserted: int, reason: Reason = Reason.EDIT, parts: Parts | None = None
) -> Change:
    return Change(start, bytes(removed), inserted, 20, 1, reason, parts)


@pytest.mark.parametrize(
    ("offset", "before", "behind"),
    [(0, 0, 0), (4, 4, 4), (5, 4, 12), (6, 4, 12), (9, 12, 12), (10, 13, 13)],
    ids=lambda value: str(value),
)
def test_offsets_move_with_a_change(offset: int, before: int, behind: int) -> None:
    replaced = change(start=4, removed=5, inserted=8)
    assert replaced.map_offset(offset, -1) == before
    assert replaced.map_offset(offset, 1) == behind


def test_an_offset_sticks_to_a_side_of_an_insertion() -> None:
    assert change(4, 0, 3).map_offset(4, -1) == 4
    assert change(4, 0, 3).map_offset(4, 1) == 7


def test_no_offset_survives_the_opening_of_another_text() -> None:
    opened = change(0, 20, 30, Reason.LOAD)
    assert {opened.map_offset(offset, assoc) for offset in (0, 7, 20) for assoc in (-1, 1)} == {0}
    assert opened.map_range(0, 20) is None


@given(st.integers(0, 8), st.integers(0, 4), st.integers(0, 3), st.integers(0, 12), st.integers(0, 12))
def test_a_range_moves_as_its_bytes_do(at: int, removed: int, inserted: int, start: int, end: int) -> None:
    assume(removed or inserted)
    start, end = sorted((start, end))
    moved = change(at, removed, inserted).map_range(start, end)
    after = TEXT[:at] + "-" * inserted + TEXT[at + removed :]
    if moved is not None:
        assert after[slice(*moved)] == TEXT[start:end] != ""
    else:
        assert TEXT[start:end] not in after or start == end


lines = st.lists(st.sampled_from(["", "a", "bc", "\td", "\t\t"]).map(str.encode), min_size=1, max_size=8)


@given(lines, st.data())
def test_offsets_keep_to_their_bytes_where_the_beginnings_of_lines_change(
    before: list[bytes], data: st.DataObject
) -> None:
    after = [
        b"+" + line if data.draw(st.booleans()) else line[1:] if line.startswith(b"\t") else line
        for line in before
    ]
    parts = line_parts(3, before, after)
    old, new = b"xyz" + b"|".join(before) + b"z", b"xyz" + b"|".join(after) + b"z"
    joined = line_parts(3, [line + b"|" for line in before], [line + b"|" for line in after])
    assert len(parts) == len(joined)
    assume(len(joined))
    made = Change(3, old[3:], len(new) - 3, len(old), 1, Reason.EDIT, joined)
    back = Change(3, new[3:], len(old) - 3, len(new), 2, Reason.UNDO, inverted(joined))
    for offset in range(len(old)):
        moved = made.map_range(offset, offset + 1)
        if moved is not None:
            assert new[slice(*moved)] == old[offset : offset + 1]
            assert made.map_offset(offset, 1) == moved[0] and made.map_offset(offset + 1, -1) == moved[1]
            assert back.map_range(*moved) == (offset, offset + 1)
        else:
            assert old[offset : offset + 1] == b"\t"
    assert made.map_offset(len(old), 1) == len(new)
