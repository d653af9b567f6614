"""Garbage is collected on the main thread alone."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tokviz.ui.common.garbage import GarbageCollector


class Cycle(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    gc.enable()
    collector = GarbageCollector()
    yield collector
    collector.deleteLater()
    qtbot.waitUntil(gc.isenabled)
    gc.disable()  # as for every test


def test_other_threads_collect_nothing_and_the_event_loop_does(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    gc.collect()
    freed_in: list[threading.Thread] = []
    cycle = Cycle()
    weakref.finalize(cycle, lambda: freed_in.append(threading.current_thread()))
    del cycle
    kept: list[list[int]] = []
    allocating = threading.Thread(target=lambda: kept.extend([number] for number in range(100_000)))
    allocating.start()
    allocating.join()
    assert not freed_in
    qtbot.waitUntil(lambda: bool(freed_in), timeout=60_000)
    assert freed_in == [threading.main_thread()]


def test_what_is_below_its_threshold_waits(collector: GarbageCollector) -> None:
    gc.collect()
    before = gc.get_stats()[0]["collections"]
    collector.collect_if_due()
    assert gc.get_stats()[0]["collections"] == before
