"""What the chart of requests writes into its bars."""

from itertools import pairwise

from pytestqt.qtbot import QtBot

from tokviz.analysis.conversation.overview import RecordedRequest
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.requests_chart import RequestsChart


def request(number: int, context: int, missed: int = 0) -> RecordedRequest:
    read = 0 if missed else context
    return RecordedRequest(number, 0, read, None, None, context, 9, None, "m", None, True, missed)


def test_words_about_a_miss_cover_no_bar(qtbot: QtBot, theme: Theme) -> None:
    """Later requests are higher, and the words stand to the right of the miss."""
    chart = RequestsChart(theme)
    qtbot.addWidget(chart)
    contexts = [20_000 + 3_000 * number for number in range(24)]
    requests = [request(n + 1, one, one if n == 6 else 0) for n, one in enumerate(contexts)]
    chart.set_requests(requests, [], [])
    chart.set_window(200_000)
    chart.resize(560, 240)
    chart.show()
    image = chart.grab().toImage()

    def heights(numbers: range) -> list[int]:
        """How many pixels of each bar are seen."""
        columns = (round(chart.part_box(number).center().x()) for number in numbers)
        return [sum(image.pixelColor(x, y) == theme.cache_read for y in range(240)) for x in columns]

    seen = heights(range(7, 24))
    assert all(one < other for one, other in pairwise(seen)), seen


def test_words_about_a_miss_stand_outside_the_frame_of_the_choice(qtbot: QtBot, theme: Theme) -> None:
    chart = RequestsChart(theme)
    qtbot.addWidget(chart)
    chart.set_requests([request(n + 1, 40_000, 30_000 if n == 17 else 0) for n in range(24)], [], [])
    chart.set_window(200_000)
    chart.resize(900, 240)
    chart.show()
    for chosen in (24, 20):
        chart.choose(chosen)
        image = chart.grab().toImage()
        frame = chart.part_box(chosen - 1)
        words = [
            x for x in range(image.width()) for y in range(150) if image.pixelColor(x, y) == theme.warning
        ]
        assert len(words) > 20
        assert not [x for x in words if frame.left() <= x <= frame.right()], chosen
