"""Rows of ids: every token in one row, and the same row from wherever one asks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.hosts import Host
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.editor.layout.viewport import Viewport
from tokviz.ui.text.panels.id_rows import IdRows


def rows_of(host: Host, columns: int) -> IdRows:
    return IdRows(host.tokens, host.buffer, host.shown.indexed, columns)


def all_rows(rows: IdRows) -> list[tuple[int, int]]:
    listed, row = [], rows.at(0) if rows.count else None
    while row is not None:
        listed.append((row.start, row.stop))
        row = rows.following(row)
    return listed


def test_lines_begin_rows(qapp: object) -> None:
    host = Host(b"one two three\nfour five\n\nsix")
    listed = all_rows(rows_of(host, 10))
    data = host.buffer.data
    assert [data[(host.tokens.span(row[0]) or (0, 0))[0] :][:4] for row in listed] == [
        b"one ",
        b"four",
        b"six",
    ]


def test_long_lines_take_many_rows(qapp: object) -> None:
    host = Host(b"a b c d e f g h\ni")
    assert [last - first for first, last in all_rows(rows_of(host, 3))][:3] == [3, 3, 3]


def test_no_tokens_have_no_rows(qapp: object) -> None:
    rows = rows_of(Host(b""), 5)
    assert rows.at(0) == (0, 0)
    assert rows.following(rows.at(0)) is None and rows.preceding(rows.at(0)) is None


@settings(deadline=None, max_examples=60)
@given(
    st.text(alphabet="ab \n\r.é🫠", max_size=60),
    st.integers(1, 6),
    st.sampled_from([("o200k_base", SpecialTokens.PLAIN), ("llama3", SpecialTokens.FRAMED)]),
)
def test_every_token_is_in_one_row(text: str, columns: int, name: tuple[str, SpecialTokens]) -> None:
    host = Host(text.encode(), *name)
    rows = rows_of(host, columns)
    listed = all_rows(rows)
    assert [index for first, last in listed for index in range(first, last)] == list(range(rows.count))
    assert all(0 < last - first <= columns for first, last in listed)
    for number, row in enumerate(listed):
        for index in range(*row):
            assert rows.at(index) == row
        assert rows.preceding(rows.at(row[0])) == (listed[number - 1] if number else None)
    if listed:
        assert rows.at(10**9) == listed[-1]
        viewport = Viewport(rows)
        assert viewport.moved(rows.at(0), 3) == listed[min(3, len(listed) - 1)]
        assert viewport.moved(rows.at(10**9), -2) == listed[max(0, len(listed) - 3)]
    lines = host.buffer.lines
    for first, last in listed:
        starts = {lines.line_of((host.tokens.span(index) or (0, 0))[0]) for index in range(first, last)}
        assert len(starts) == 1
