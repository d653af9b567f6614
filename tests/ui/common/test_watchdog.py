"""A worker is judged by its own processor time and by its signs of life, not by a clock."""

import os
import time

import pytest

from tokviz.ui.common.watchdog import MOST_REST, MOST_WORK, Watchdog, processor_time


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_work_without_an_answer_is_a_hang(clock: Clock) -> None:
    dog = Watchdog(clock)
    assert dog.look(5.0) == ""
    assert dog.look(5.0 + MOST_WORK) == ""
    assert "worked for 30 seconds" in dog.look(5.1 + MOST_WORK)


def test_a_busy_machine_is_none(clock: Clock) -> None:
    """The worker gets a hundredth of the processor, and works all the same."""
    dog = Watchdog(clock)
    for second in range(2000):
        clock.now = float(second)
        assert dog.look(second / 100) == ""


def test_a_sign_of_life_begins_anew(clock: Clock) -> None:
    dog = Watchdog(clock)
    for look in range(10):
        assert dog.look(look * MOST_WORK * 0.9) == ""
        dog.sign()


def test_rest_without_an_answer_is_a_hang_in_the_end(clock: Clock) -> None:
    dog = Watchdog(clock)
    assert dog.look(1.0) == ""
    clock.now = MOST_REST
    assert dog.look(1.0) == ""
    clock.now += 1
    assert "neither worked nor answered for 5 minutes" in dog.look(1.0)


def test_what_cannot_be_asked_is_left_alone(clock: Clock) -> None:
    dog = Watchdog(clock)
    for look in range(10):
        clock.now = look * MOST_REST
        assert dog.look(None) == ""


def test_the_processor_time_of_a_process() -> None:
    before = processor_time(os.getpid())
    assert before is not None
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    after = processor_time(os.getpid())
    assert after is not None
    assert after - before >= 0.1
    assert processor_time(None) is None
    assert processor_time(2**22 + 1) is None
