"""Where rows say that text stands is where it is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QFontDatabase
from pytestqt.qtbot import QtBot

from tokviz.ui.editor.layout.bidi_cells import Cell, character_cells
from tokviz.ui.editor.layout.chunked_row_shape import ChunkedRowShape
from tokviz.ui.editor.layout.fonts import TextStyle, text_font
from tokviz.ui.editor.layout.line_layout import LineLayout
from tokviz.ui.editor.layout.row_shapes import PlainRowShape, QtRowShape, Spans, bidi_spans
from tokviz.ui.editor.layout.segments import Segment
from tokviz.ui.editor.layout.shaping import ShapedChunk

FAMILY = "👩‍👩‍👧‍👦"


@pytest.fixture
def layout(qtbot: QtBot) -> LineLayout:
    layout = LineLayout(TextStyle.of(text_font(0)))
    layout.configure(layout.style, 40)
    return layout


def segment_of(text: str, right_to_left: bool = False) -> Segment:
    data = text.encode()
    return Segment(0, len(data), len(data), 0, True, data, right_to_left)


def only_row(layout: LineLayout, text: str, right_to_left: bool = False) -> PlainRowShape | QtRowShape:
    segment = segment_of(text, right_to_left)
    row = layout.shape(segment, layout.wrap(segment), 0)
    assert isinstance(row, PlainRowShape | QtRowShape)
    return row


def offsets(*each: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(each, np.int64)


def extents(spans: Spans) -> dict[int, float]:
    widths: dict[int, float] = {}
    for owner, left, right in spans:
        widths[owner] = widths.get(owner, 0) + right - left
    return widths


def test_the_fixed_font_is_one(layout: LineLayout) -> None:
    assert layout.style.monospaced
    assert QFontDatabase.families()


@pytest.mark.parametrize("text", ["plain text, 40", "\ttab\tand\tmore"])
def test_arithmetic_stands_where_qt_stands(layout: LineLayout, text: str) -> None:
    row = only_row(layout, text)
    assert isinstance(row, PlainRowShape)
    style = layout.style
    chunk = ShapedChunk(text.encode(), style.font, None, 4 * style.advance, False)
    shaped = QtRowShape(chunk, 0, 0, style.advance)
    for offset in range(len(text) + 1):
        assert row.x_of(offset) == pytest.approx(shaped.x_of(offset), abs=0.51)
    for x in np.arange(0, shaped.extent[1], 3.0):
        assert row.character_at(float(x)) == shaped.character_at(float(x))
        assert abs(row.x_of(row.offset_at(float(x))) - x) <= 2 * style.advance + 0.01


def test_a_character_split_over_tokens_is_divided_by_its_bytes(layout: LineLayout) -> None:
    row = only_row(layout, f"ab{FAMILY}c漢")
    size = len(FAMILY.encode())
    spans = row.spans(offsets(0, 2, 2 + size // 5, 2 + size, 3 + size, 5 + size, 6 + size))
    assert spans.edge_boundaries.tolist() == [0, 1, 3, 4, 6]
    (first, second) = spans.inner.tolist()
    x, left, right = first
    assert (x - left) / (right - left) == pytest.approx((size // 5) / size)
    x, left, right = second
    assert (x - left) / (right - left) == pytest.approx(2 / 3)
    assert spans.ordered


def test_a_line_break_takes_a_column_a_byte(layout: LineLayout) -> None:
    for text in ("abc", "äbc"):
        row = only_row(layout, text)
        end = len(text.encode())
        spans = row.spans(offsets(0, end, end + 1, end + 2))
        assert extents(spans)[1] == pytest.approx(layout.style.advance)
        assert extents(spans)[2] == pytest.approx(layout.style.advance)


def test_a_break_after_text_from_right_to_left_is_at_its_left(layout: LineLayout) -> None:
    row = only_row(layout, "שלום", right_to_left=True)
    spans = list(row.spans(offsets(0, 8, 9)))
    (text, line_break) = spans
    assert line_break[2] == pytest.approx(text[1])
    assert text[2] == pytest.approx(40 * layout.style.advance, abs=1)


def test_a_token_of_both_directions_stands_in_two_places(layout: LineLayout) -> None:
    text = "ab שלום עולם cd"
    row = only_row(layout, text)
    spans = row.spans(offsets(0, 7, len(text.encode())))
    assert not spans.ordered
    whole = row.extent[1] - row.extent[0]
    assert sum(extents(spans).values()) == pytest.approx(whole, abs=1)
    # The first two Hebrew letters stand at the right end of the Hebrew run, apart from "ab ".
    assert [owner for owner, _, _ in spans].count(0) == 2


mixed = st.lists(
    st.sampled_from(["ab", "שלום", " ", "לא", "1", "(", ".", "ش", "لا", "עִ", "e\u0301", "😀"]),
    min_size=1,
    max_size=14,
).map("".join)


@given(mixed, st.booleans())
@settings(deadline=None, max_examples=150)
def test_characters_of_both_directions_tile_the_row(text: str, right_to_left: bool) -> None:
    font = text_font(0)
    chunk = ShapedChunk(text.encode(), font, 4000, 40, right_to_left)
    line = chunk.lines[0]
    extent = line.naturalTextRect()
    reached = extent.left()
    for cell in sorted(character_cells(chunk, line), key=lambda cell: (cell.left, cell.right)):
        if cell.right > cell.left:
            assert cell.left == pytest.approx(reached, abs=1)
            reached = cell.right
    assert reached == pytest.approx(extent.right(), abs=1)


def test_spans_of_cells_are_joined_and_their_edges_known() -> None:
    cells = [Cell(0, 2, 20, 30, True), Cell(2, 4, 10, 20, True), Cell(4, 5, 0, 10, True)]
    spans = bidi_spans(cells, [0, 3, 5])
    assert list(spans) == [(0, 15.0, 30.0), (1, 0.0, 15.0)]
    assert spans.inner.tolist() == [[15.0, 10.0, 20.0]]
    edges = zip(spans.edge_boundaries.tolist(), spans.edges.tolist(), strict=True)
    assert sorted(edges) == [(0, 30.0), (2, 0.0)]


@pytest.mark.parametrize("steps", [0, 5])
def test_the_chunks_of_a_long_row_stand_side_by_side(qtbot: QtBot, steps: int) -> None:
    layout = LineLayout(TextStyle.of(text_font(steps)))
    line = "हिन्दी में लिखा हुआ वाक्य और क्षत्रिय कृत्रिम बुद्धिमत्ता का प्रयोग करके विद्यार्थियों ने प्रश्न हल किये। "
    segment = segment_of(line * 6)
    row = layout.shape(segment, layout.wrap(segment), 0)
    assert isinstance(row, ChunkedRowShape)
    spans = row.spans(offsets(0, segment.end))
    assert spans.ordered and len(spans.lefts) > 2
    assert spans.rights[:-1].tolist() == spans.lefts[1:].tolist()


@pytest.mark.parametrize("text", ["plain", "wörter", "שלום", "क्षत्रिय " * 200, "wörter " * 300])
def test_where_nothing_is_cut_nothing_is_drawn(qtbot: QtBot, text: str) -> None:
    layout = LineLayout(TextStyle.of(text_font(0)))
    segment = segment_of(text)
    row = layout.shape(segment, layout.wrap(segment), 0)
    assert list(row.spans(offsets())) == []


def test_a_long_row_that_does_not_wrap_is_one_row(qtbot: QtBot) -> None:
    layout = LineLayout(TextStyle.of(text_font(0)))
    text = "wörter und nochmals wörter, " * 100
    segment = segment_of(text)
    breaks = layout.wrap(segment)
    assert breaks.count() == 1
    row = layout.shape(segment, breaks, 0)
    size = len(text.encode())
    for offset in (0, 700, size // 2, size):
        x = row.x_of(offset)
        assert x == pytest.approx(len(text.encode()[:offset].decode()) * layout.style.advance, abs=2)
        assert row.offset_at(x) == offset
    spans = row.spans(offsets(0, 700, 701, size))
    assert extents(spans)[1] == pytest.approx(layout.style.advance, abs=0.1)


@pytest.mark.parametrize("right_to_left", [True, False])
@pytest.mark.parametrize("text", ["ab שלום cd", "שלום, עולם", "é ab 12", "abc"])
def test_a_click_on_the_caret_leaves_it_where_it_is(
    layout: LineLayout, text: str, right_to_left: bool
) -> None:
    row = only_row(layout, text, right_to_left and not text.isascii())
    offset = 0
    for letter in text:
        x = row.x_of(offset)  # where directions meet, two offsets may have it
        assert row.x_of(row.offset_at(x)) == pytest.approx(x, abs=0.1)
        offset += len(letter.encode())
