"""What is in sight, over rows that are no text: any source of rows will do."""

from typing import NamedTuple

import pytest

from tokviz.ui.editor.layout.viewport import Viewport

HEIGHT = 10


class Ten(NamedTuple):
    """Ten positions in a row."""

    start: int

    @property
    def stop(self) -> int:
        return self.start + 10

    @property
    def key(self) -> int:
        return self.start


class Tens:
    """Rows of ten positions each."""

    version: object = 0
    row_height = HEIGHT

    def __init__(self, count: int) -> None:
        self._count = count

    def at(self, position: int) -> Ten:
        return Ten(min(position // 10, self._count - 1) * 10)

    def following(self, row: Ten) -> Ten | None:
        return self.at(row.stop) if row.stop < 10 * self._count else None

    def preceding(self, row: Ten) -> Ten | None:
        return self.at(row.start - 1) if row.start else None


def viewport(count: int, height: int, by_rows: bool = False) -> Viewport[Ten]:
    view = Viewport(Tens(count), by_rows)
    view.height = height
    return view


def test_rows_in_sight_follow_each_other() -> None:
    view = viewport(100, 35)
    view.top, view.pixel = 57, 4
    assert [(y, row.start) for y, row in view.visible()] == [(-4, 50), (6, 60), (16, 70), (26, 80)]
    assert view.row_at(-100) == (-4, Ten(50)) and view.row_at(15) == (6, Ten(60))
    assert view.row_at(1000) == (26, Ten(80))
    assert [row.start for _, row in view.touching(59, 71)] == [50, 60, 70]
    assert [row.start for _, row in view.between(6, 15)] == [60]
    assert view.y_of(Ten(70)) == 16 and view.y_of(Ten(90)) is None


@pytest.mark.parametrize(("by_rows", "last"), [(False, (960, 5)), (True, (970, 0))])
def test_it_scrolls_as_far_as_there_are_rows(by_rows: bool, last: tuple[int, int]) -> None:
    view = viewport(100, 35, by_rows)
    assert view.scroll_by(-20) == 0
    assert view.scroll_by(20) == 20 and view.top == 20
    view.scroll_by(10_000)
    assert (view.top, view.pixel) == last
    assert view.scroll_by(-10_000) == -(last[0] + last[1]) and view.at_top()


def test_a_row_is_shown_with_as_little_scrolling_as_there_can_be() -> None:
    view = viewport(100, 40)
    view.show(Ten(50))
    assert (view.top, view.pixel) == (20, 0)
    view.show(Ten(10), margin=1)
    assert (view.top, view.pixel) == (0, 0)
    view.show(Ten(900))
    assert view.top < 900 < view.top + 40, "far away it comes to the middle"


def test_other_rows_are_looked_up_again() -> None:
    rows = Tens(3)
    view = Viewport(rows)
    view.height = 100
    assert len(view.visible()) == 3
    rows._count, rows.version = 5, 1
    assert len(view.visible()) == 5
    assert len(view.visible_before(1)) == 5 and view.visible_before(0) == ()
