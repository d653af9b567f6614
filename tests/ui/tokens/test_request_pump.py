"""Requests stay few, superseded ones are cancelled, and answers find their way."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from tokviz.ui.tokens.request_pump import RequestPump
from tokviz.worker.jobs import Job


class Worker:
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        self.asked: dict[int, tuple[Callable[[Any], None], Callable[[str], None]]] = {}

    def submit(self, job: Job, done: Callable[[Any], None], failed: Callable[[str], None]) -> int:
        ticket = cast(int, job)  # the requester's keys stand for jobs
        self.asked[ticket] = (done, failed)
        return ticket

    def cancel(self, ticket: int | None) -> None:
        del self.asked[cast(int, ticket)]


class Owner:
    """Wants the answers to a number of requests."""

    def __init__(self, number: int) -> None:
        self.waiting = list(range(1, number + 1))
        self.requested: set[int] = set()
        self.searching = False
        self.answers: dict[int, object] = {}
        self.sentences: list[str] = []

    @property
    def map(self) -> "Owner":
        return self

    def next_request(self) -> tuple[int, Job] | None:
        if not self.waiting:
            return None
        key = self.waiting.pop(0)
        self.requested.add(key)
        return key, cast(Job, key)

    def deliver(self, key: int, result: object) -> None:
        self.requested.discard(key)
        self.answers[key] = result

    def give_up(self, sentence: str) -> None:
        self.sentences.append(sentence)


@pytest.fixture
def parts(qtbot: QtBot) -> tuple[RequestPump, Worker, Owner]:
    worker, owner = Worker(), Owner(5)
    return RequestPump(worker, owner, limit=2), worker, owner


def test_no_more_than_the_limit_is_in_flight(parts: tuple[RequestPump, Worker, Owner]) -> None:
    pump, worker, owner = parts
    pump.fill()
    pump.fill()
    assert list(worker.asked) == [1, 2] and owner.waiting == [3, 4, 5]
    worker.asked.pop(2)[0]("two")
    assert owner.answers == {2: "two"}
    pump.fill()
    assert list(worker.asked) == [1, 3]
    worker.asked.pop(1)[1]("It failed.")
    assert owner.sentences == ["It failed."]
    pump.fill()
    assert list(worker.asked) == [3, 4]
    pump.cancel_all()
    assert not worker.asked


def test_what_was_superseded_is_cancelled_in_the_next_turn(
    parts: tuple[RequestPump, Worker, Owner], qtbot: QtBot
) -> None:
    pump, worker, owner = parts
    pump.fill()
    owner.requested.discard(1)
    pump.supersede()
    assert list(worker.asked) == [1, 2]
    qtbot.waitUntil(lambda: list(worker.asked) == [2])
    owner.requested.discard(2)
    pump.fill()
    assert list(worker.asked) == [3, 4]


def test_a_search_goes_on_in_the_next_turn(parts: tuple[RequestPump, Worker, Owner], qtbot: QtBot) -> None:
    pump, worker, owner = parts
    for searching in (False, True):
        owner.waiting, owner.searching = [], searching
        pump.fill()
        owner.waiting = [7]
        qtbot.wait(20)
        assert list(worker.asked) == [7] * searching


@pytest.mark.parametrize("end", [RequestPump.supersede, RequestPump.cancel_all])
def test_a_search_does_not_go_on_after_an_edit(
    parts: tuple[RequestPump, Worker, Owner], end: Callable[[RequestPump], None], qtbot: QtBot
) -> None:
    pump, worker, owner = parts
    owner.waiting, owner.searching = [], True
    pump.fill()
    end(pump)
    owner.waiting = [7]
    qtbot.wait(20)
    assert not worker.asked
