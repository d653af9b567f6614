"""Sliced work: it ends, it can be left, and other events come in between."""

import time
from collections.abc import Iterator

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tokviz.ui.common.sliced_work import SlicedWork


def steps(count: int, seconds: float, taken: list[int]) -> Iterator[None]:
    for number in range(count):
        time.sleep(seconds)
        taken.append(number)
        yield


def test_long_work_lets_others_live(qtbot: QtBot) -> None:
    work, taken, beats, done = SlicedWork(), list[int](), list[int](), list[bool]()
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(len(taken)))
    timer.start()
    work.start(steps(100, 0.001, taken), lambda: done.append(True))
    assert work.running
    qtbot.waitUntil(lambda: bool(done))
    assert taken == list(range(100))
    assert len(beats) > 5
    assert not work.running


def test_stopped_work_is_never_done(qtbot: QtBot) -> None:
    work, taken, done = SlicedWork(), list[int](), list[bool]()
    work.start(steps(1000, 0.002, taken), lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(taken))
    work.stop()
    before = len(taken)
    qtbot.wait(50)
    assert len(taken) == before
    assert not done


def test_other_work_takes_its_place(qtbot: QtBot) -> None:
    work, first, second, done = SlicedWork(), list[int](), list[int](), list[str]()
    work.start(steps(1000, 0.001, first), lambda: done.append("first"))
    work.start(steps(3, 0.001, second), lambda: done.append("second"))
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["second"]
    assert len(first) < 1000


def test_work_may_start_other_work_itself(qtbot: QtBot) -> None:
    work, done = SlicedWork(), list[str]()

    def first() -> Iterator[None]:
        yield
        work.start(iter(()), lambda: done.append("inner"))
        yield

    work.start(first(), lambda: done.append("outer"))
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["inner"]


def test_the_last_step_may_start_other_work(qtbot: QtBot) -> None:
    work, done = SlicedWork(), list[str]()

    def first() -> Iterator[None]:
        yield
        work.start(steps(2, 0.0, []), lambda: done.append("inner"))

    work.start(first(), lambda: done.append("outer"))
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["inner"]


def test_failing_work_stops(qtbot: QtBot) -> None:
    work = SlicedWork()

    def failing() -> Iterator[None]:
        yield
        raise ValueError("no")

    with qtbot.captureExceptions() as caught:
        work.start(failing())
        qtbot.waitUntil(lambda: not work.running)
    assert [str(error) for _, error, _ in caught] == ["no"]


def test_nobody_need_wait(qtbot: QtBot) -> None:
    work = SlicedWork()
    work.start(iter([1, 2]))
    qtbot.waitUntil(lambda: not work.running)
