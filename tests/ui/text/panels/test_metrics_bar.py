"""The figures under the text follow it, and do not flicker while somebody types."""

import numpy as np
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.tokens.test_tokenizing_machine import Queue
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Phase
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.ui.text.panels.metrics_bar import MetricsBar, MetricsUpdater, TextMetrics
from tokviz.ui.tokens.counting import TextCounter


class Owner:
    """Owns a map whose tokens are one a byte."""

    def __init__(self, buffer: TextBuffer) -> None:
        self.map = TokenMap(len(buffer), SafeSplitRule())
        self._buffer = buffer
        buffer.follow(Phase.DERIVED, lambda change: self.map.apply(change, buffer.text))

    def tokenize(self) -> None:
        while request := self.map.next_request(self._buffer.text, (0, 0)):
            size = request.end - request.start
            ids = np.zeros(size, np.uint32)
            self.map.deliver(request.key, ids, np.arange(1, size + 1, dtype=np.uint32))


def test_the_count_stays_until_the_next_is_known(qtbot: QtBot) -> None:
    buffer, bar, queue = TextBuffer(b"a few words. " * 20), MetricsBar(), Queue()
    qtbot.addWidget(bar)
    owner = Owner(buffer)
    counter = TextCounter(buffer, queue, Registry(Assets()), [])  # type: ignore[arg-type]
    updater = MetricsUpdater(buffer, lambda: owner.map, counter, queue, bar)  # type: ignore[arg-type]
    seen: list[str] = []

    def tokens() -> str:
        seen.append(bar.texts("text")[0])
        return seen[-1]

    updater.refresh()
    qtbot.waitUntil(lambda: bar.texts("text")[2] == "260")
    assert tokens() == "…", "nothing is known yet, so nothing is waited for"
    owner.tokenize()
    updater.refresh()
    qtbot.waitUntil(lambda: tokens() == "260")
    seen.clear()
    buffer.replace(100, 100, b"x")
    updater.refresh()
    qtbot.wait(60)
    assert tokens() == "260"
    owner.tokenize()
    qtbot.waitUntil(lambda: tokens() == "261")
    assert set(seen) == {"260", "261"}
    buffer.replace(100, 100, b"y")  # whose tokens do not come
    updater.refresh()
    qtbot.waitUntil(lambda: tokens() == "…")
    assert bar.texts("text")[2] == "262"


def test_what_has_no_room_is_left_out_in_one_line_or_two(qtbot: QtBot) -> None:
    bar = MetricsBar()
    qtbot.addWidget(bar)
    bar.set_text(TextMetrics(9412, 36188, 37004, 5631, 612))
    bar.set_selection(TextMetrics(1, 5, 5, 1, 1))
    bar.show()
    for narrow in (False, True):
        bar.set_narrow(narrow)
        shown = []
        for width in (1100, 500, 320):
            bar.resize(width, bar.height())
            layout = bar.layout()
            assert layout is not None
            layout.activate()
            labels = [label for label in bar.findChildren(QLabel) if not label.isHidden()]
            shown.append({label.text() for label in labels})
            assert all(label.geometry().right() <= width for label in labels)
        assert shown[0] > shown[1] > shown[2] >= {"9,412", "1 token, 5 characters"}
        assert "3.84" in shown[0]
    height = bar.height()
    bar.set_narrow(False)
    assert bar.height() > height
    assert bar.minimumSizeHint().width() == 0
    assert bar.texts("selection") == ["1", "5", "5", "1", "1", "5.00"]
    bar.set_selection(None)
    assert bar.texts("selection") == []


def test_one_word_is_no_words(qtbot: QtBot) -> None:
    bar = MetricsBar()
    qtbot.addWidget(bar)
    bar.set_narrow(True)
    bar.set_text(TextMetrics(59, 107, 107, 1, 1))
    shown = {label.text() for label in bar.findChildren(QLabel)}
    assert shown >= {"tokens", "characters", "bytes", "word", "line", "characters per token"}
    bar.set_narrow(False)
    assert {label.text() for label in bar.findChildren(QLabel)} >= {"Words", "Lines"}
    bar.set_narrow(True)
    bar.set_text(TextMetrics(60, 108, 108, 2, 1))
    assert {label.text() for label in bar.findChildren(QLabel)} >= {"words", "line"}
