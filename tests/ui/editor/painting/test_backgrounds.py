"""A row's background made alone, as after a key, is the one it has among others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter

from tokviz.ui.editor.layout.rows import Spans
from tokviz.ui.editor.painting.backgrounds import Background, Canvas, Look, OneLine
from tokviz.ui.editor.painting.row_parts import Cut, RowPart

WIDTH, HEIGHT = 60, 23
SURFACE = 0xFFFFFFFF
COLORS = (0xFF102030, 0xFF405060, 0xFF708090)


def look(left: int, ratio: float, marks: tuple[int, int] | None = (0xFFAA0000, 0xFF00AA00)) -> Look:
    return Look(SURFACE, marks, 0xFF0000AA, 0xFFAAAA00, left, WIDTH, ratio)


def drawn(background: Background, ratio: float) -> QImage:
    image = QImage(round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(SURFACE)
    painter = QPainter(image)
    background.draw(painter, 0, 0, HEIGHT)
    painter.end()
    return image


@pytest.mark.usefixtures("qapp")
@given(
    start=st.sampled_from([0.0, 7.3, 16.5]),
    widths=st.lists(st.floats(0.2, 12), min_size=1, max_size=9),
    left=st.sampled_from([8, 31, 0, -3]),
    ratio=st.sampled_from([1.0, 2.0, 3.0, 1.5]),
    marked=st.booleans(),
    ends_token=st.booleans(),
)
@settings(deadline=None, max_examples=200)
def test_one_line_is_drawn_as_among_others(
    start: float, widths: list[float], left: int, ratio: float, marked: bool, ends_token: bool
) -> None:
    edges = np.concatenate(([start], start + np.cumsum(widths)))
    how = look(left, ratio) if marked else look(left, ratio, None)
    colors = np.array([COLORS[number % 3] for number in range(len(widths))], np.uint32)
    line = OneLine.of(how, edges.tolist(), [color.tobytes() for color in colors], ends_token)
    if line is None:  # then it is drawn as others are
        at = np.rint((edges + left) * ratio)
        assert ratio == 1.5 or at[0] < 0 or at[-1] > WIDTH * ratio or np.diff(at).min() < ratio
        return
    numbers = np.arange(len(edges))
    spans = Spans(numbers[:-1], edges[:-1], edges[1:], numbers, edges)
    real = np.ones(len(edges), np.bool_)
    real[-1] = ends_token
    canvas = Canvas(1, how)
    canvas.fill(0, [spans], [colors])
    # The row itself has no part in this: only its cuts have.
    part = RowPart(0, None, None, 0, len(widths))  # type: ignore[arg-type]
    canvas.mark(0, [spans], [Cut(part, numbers, numbers[:-1], real, ())])
    assert drawn(line, ratio) == drawn(canvas, ratio)
