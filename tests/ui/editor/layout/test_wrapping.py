"""Rows of plain text fit, lose nothing and break where one would."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.ui.editor.layout.wrapping import columns_before, is_plain, wrap_plain

plain = st.text(st.sampled_from("ab  ,\t-{"), max_size=300).map(str.encode)


@given(plain, st.integers(9, 40), st.sampled_from([2, 4, 8]))
@settings(deadline=None)
def test_rows_fit_and_follow_each_other(data: bytes, columns: int, tab: int) -> None:
    starts = wrap_plain(data, columns, tab)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        row = data[start:end]
        before = columns_before(row, tab)
        width = len(row) if before is None else int(before[-1])
        assert width == len(row.expandtabs(tab))
        assert width <= columns or (row.endswith(b" ") and width == columns + 1)


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"some words that wrap", [b"some ", b"words ", b"that ", b"wrap"]),
        (b"aaaaaaaaaaaaaaaaaa", [b"aaaaaaaa", b"aaaaaaaa", b"aa"]),
        (b"aaaaaa,1234", [b"aaaaaa,", b"1234"]),
        (b"", [b""]),
        (b"12345678", [b"12345678"]),
        (b"12345678 9", [b"12345678 ", b"9"]),
    ],
)
def test_breaks_are_where_one_would_break(data: bytes, rows: list[bytes]) -> None:
    starts = wrap_plain(data, 8, 4)
    assert [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)] == rows


@pytest.mark.parametrize("text", ["é", "\x00", "\x7f", "a\rb", "\u200b"])
def test_only_printable_ascii_and_tabs_are_plain(text: str) -> None:
    assert is_plain(b" ~\tA")
    assert not is_plain(text.encode())
