"""What a bar of the chart holds."""

import pytest

from tokviz.analysis.conversation.overview import RecordedRequest
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.chart_lanes import bar_parts


@pytest.mark.parametrize(
    ("read", "write", "fresh", "missed", "told"),
    [
        (80, 15, 5, 0, [80, 0, 15, 5]),
        (0, 95, 5, 90, [100]),
        (60, 30, 10, 25, [60, 25, 15, 0]),
        (60, None, 40, 25, [60, 25, 0, 15]),
    ],
)
def test_a_miss_takes_only_what_was_missed(
    theme: Theme, read: int, write: int | None, fresh: int, missed: int, told: list[int]
) -> None:
    one = RecordedRequest(1, 0, read, write, fresh, 100, 9, None, "m", None, True, missed)
    found = bar_parts(one, theme)
    assert [tokens for tokens, _ in found] == told
    assert sum(told) == 100
    assert (theme.cache_miss in [color for tokens, color in found if tokens]) is bool(missed)
