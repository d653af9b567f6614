"""The debouncer: one call for many requests, at the time that each manner promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tokviz.ui.common.debouncer import Debouncer


@contextmanager
def stream(request: Callable[[], None]) -> Iterator[None]:
    """Repeat ``request`` every few milliseconds."""
    timer = QTimer(interval=5)
    timer.timeout.connect(request)
    request()
    timer.start()
    yield
    timer.stop()


def test_requests_that_arrive_together_make_one_call(qtbot: QtBot) -> None:
    calls: list[int] = []
    for delay in (0, 10):
        for manner in (Debouncer.request, Debouncer.restart):
            calls.clear()
            debouncer = Debouncer(lambda: calls.append(1), delay)
            for _ in range(3):
                manner(debouncer)
            assert debouncer.pending
            assert not calls
            qtbot.waitUntil(lambda: bool(calls))
            qtbot.wait(30)
            assert calls == [1]
            assert not debouncer.pending


def test_a_stream_of_requests_is_served(qtbot: QtBot) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 40)
    with stream(debouncer.request):  # however seldom a busy machine comes round to it
        qtbot.waitUntil(lambda: len(calls) >= 2, timeout=60_000)


def test_a_stream_of_restarts_puts_the_call_off_until_it_ends(qtbot: QtBot) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 300)
    with stream(debouncer.restart):
        qtbot.wait(600)
        assert not calls
    qtbot.waitUntil(lambda: bool(calls))
    assert calls == [1]


def test_the_call_may_request_another(qtbot: QtBot) -> None:
    calls: list[int] = []

    def call() -> None:
        calls.append(1)
        if len(calls) < 3:
            debouncer.request()

    debouncer = Debouncer(call, 1)
    debouncer.request()
    qtbot.waitUntil(lambda: len(calls) == 3)
    assert not debouncer.pending


def test_cancelled_calls_do_not_come(qtbot: QtBot) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 5)
    debouncer.request()
    debouncer.cancel()
    qtbot.wait(30)
    debouncer.flush()
    assert not calls


def test_flush_calls_at_once_and_once(qtbot: QtBot) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 5)
    debouncer.request()
    debouncer.flush()
    assert calls == [1]
    qtbot.wait(30)
    assert calls == [1]


def test_another_delay_holds_from_the_next_request(qtbot: QtBot) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 60_000)
    debouncer.request()
    debouncer.delay = 0
    debouncer.request()
    qtbot.wait(20)
    assert not calls
    debouncer.restart()
    qtbot.waitUntil(lambda: bool(calls))


@pytest.mark.parametrize("manner", [Debouncer.request, Debouncer.restart])
def test_a_debouncer_that_is_gone_calls_nothing(qtbot: QtBot, manner: Callable[[Debouncer], None]) -> None:
    calls: list[int] = []
    debouncer = Debouncer(lambda: calls.append(1), 5)
    manner(debouncer)
    del debouncer
    qtbot.wait(30)
    assert not calls
