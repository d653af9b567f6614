"""The shapes that the list of models takes, by the room it has. Lengths are pixels at a body of 13."""

from enum import Enum

from tokviz.ui.models.rows import Column

PADDING, FIRST, LAST = 8, 12, 16
"""At each side of a cell; before the first column; after the last, which leaves the scroll bar its room."""
_TWO_LINES_FROM = 540
_THREE_LINES_FROM = 340


class Shape(Enum):
    """How a model's row is laid out. The value is its height."""

    TWO_LINES = 45
    """Four columns of two lines each."""
    THREE_LINES = 60
    """One column: name and tokens, bar and what is left, maker and cost."""
    SLIM = 59
    """One column again: the bar has a line of its own, and the shares stand under it."""
    DENSE = 28
    """Six columns of one line, in the drawer."""

    @property
    def columns(self) -> dict[Column, int]:
        """The columns that are seen, with their widths; 0 takes what the others leave."""
        return _COLUMNS[self]

    @property
    def last(self) -> Column:
        """The last of them."""
        return _LAST[self]


_COLUMNS = {
    Shape.TWO_LINES: {
        Column.MODEL: 0,
        Column.TOKENS: 96,
        Column.WINDOW: 66,
        Column.LEFT: 86,
        Column.COST: 148,
    },
    Shape.THREE_LINES: {Column.MODEL: 0},
    Shape.SLIM: {Column.MODEL: 0},
    Shape.DENSE: {
        Column.MODEL: 0,
        Column.TOKENS: 190,
        Column.WINDOW: 116,
        Column.SHARE: 80,
        Column.LEFT: 112,
        Column.COST: 168,
    },
}


_LAST = {shape: list(columns)[-1] for shape, columns in _COLUMNS.items()}


def shape_for(width: float, drawer: bool) -> Shape:
    """The shape for a list of this width, in the drawer or at the window's side."""
    if drawer:
        return Shape.DENSE
    if width >= _TWO_LINES_FROM:
        return Shape.TWO_LINES
    return Shape.THREE_LINES if width >= _THREE_LINES_FROM else Shape.SLIM
