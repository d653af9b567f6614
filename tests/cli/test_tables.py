"""Tables line up whatever stands in them, and fit the terminal where they can."""

from hypothesis import given
from hypothesis import strategies as st

from tokviz.cli.cells import display_width
from tokviz.cli.tables import Column, remark_lines, render

COLUMNS = (Column("Name"), Column("Tokens", right=True), Column("Window", right=True, optional=1))


def test_numbers_stand_right_and_words_left() -> None:
    assert render(COLUMNS, [["a", "1", "100"], ["long name", "12,345", "1"]], 80) == [
        "Name       Tokens  Window",
        "a               1     100",
        "long name  12,345       1",
    ]


def test_optional_columns_go_first_when_it_is_narrow() -> None:
    columns = (*COLUMNS, Column("Note", optional=2))
    row = ["a", "1", "100", "something"]
    assert render(columns, [row], 80)[0] == "Name  Tokens  Window  Note"
    assert render(columns, [row], 30)[0] == "Name  Tokens  Window"
    assert render(columns, [row], 15)[0] == "Name  Tokens"
    assert render(columns, [row], 2)[0] == "Name  Tokens"


def test_a_sparse_column_is_there_where_a_row_has_something_in_it() -> None:
    columns = (*COLUMNS, Column("Range", right=True, sparse=True))
    assert render(columns, [["a", "1", "100", ""]], 80)[0] == "Name  Tokens  Window"
    ranged = [["a", "1", "100", ""], ["b", "2", "100", "1–3"]]
    assert render(columns, ranged, 80)[0] == "Name  Tokens  Window  Range"


def test_wide_and_combining_characters_take_their_own_width() -> None:
    lines = render((Column("Name"), Column("N", right=True)), [["漢字.txt", "1"], ["abc", "2"]], 80)
    assert lines[1:] == ["漢字.txt  1", "abc       2"]


@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=5))
def test_every_line_has_the_same_width_at_its_right_edge(rows: list[list[str]]) -> None:
    columns = (Column("A"), Column("B"), Column("C", right=True))
    shown = [[*row[:2], "1"] for row in rows]
    assert len({display_width(line) for line in render(columns, shown, 200)}) == 1


def test_weight_only_where_the_terminal_shows_it() -> None:
    assert "\x1b" not in "".join(render(COLUMNS, [["a", "1", "2"]], 80))
    assert render(COLUMNS, [["a", "1", "2"]], 80, styled=True)[0].startswith("\x1b[1m")
    assert remark_lines(["one two three"], 8) == ["one two", "  three"]
    assert remark_lines(["one"], 8, styled=True) == ["\x1b[2mone\x1b[0m"]
