"""The worker process's side, on threads of this process: what it answers, and in which order."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import ClassVar

import pytest

from tokviz.assets import Assets
from tokviz.worker import serving, transport
from tokviz.worker.jobs import Job, Reporter, SupersededError, WorkerContext
from tokviz.worker.serving import Alive, Answer, Cancel, Done, Failed, Progress, Server, Started, Submit

MOST_WAIT = 60


@dataclass(frozen=True)
class Call:
    """Calls a function; its jobs come here through ``CALLS``, for a function does not travel."""

    number: int
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> object:
        return CALLS[self.number](reporter)


@dataclass(frozen=True)
class LongCall(Call):
    long: ClassVar[bool] = True


CALLS: list[Callable[[Reporter], object]] = []


class Window:
    """The other end of a server's connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tickets = 0

    def submit(self, call: Callable[[Reporter], object], kind: type[Call] = Call) -> int:
        self._tickets += 1
        CALLS.append(call)
        job: Job = kind(len(CALLS) - 1)
        transport.send(self._connection, Submit(self._tickets, job))
        return self._tickets

    def cancel(self, ticket: int) -> None:
        transport.send(self._connection, Cancel(ticket))

    def next(self) -> Answer:
        """The next answer that is no sign of life."""
        while True:
            assert self._connection.poll(MOST_WAIT), "no answer"
            answer: Answer = transport.receive(self._connection)
            if not isinstance(answer, Alive):
                return answer

    def signs(self, number: int) -> None:
        """Wait for so many signs of life."""
        for _ in range(number):
            assert self._connection.poll(MOST_WAIT), "no sign of life"
            assert transport.receive(self._connection) == Alive()

    def close(self) -> None:
        self._connection.close()


class Ended(BaseException):
    """In the place of the process's end: what its code was."""


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The codes with which a server would have ended its process."""
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(serving, "HEARTBEAT", 0.05)
    yield codes
    CALLS.clear()


@pytest.fixture
def window(ends: list[int]) -> Iterator[Window]:
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = Server(there, WorkerContext(Assets()))

    def run() -> None:
        try:
            server.run()
        except Ended:
            there.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    window = Window(here)
    yield window
    window.close()
    thread.join(MOST_WAIT)
    assert not thread.is_alive()
    assert set(ends) == {0}, "without its window it ends, and in silence"


def test_a_job_is_begun_reported_and_done(window: Window) -> None:
    def work(reporter: Reporter) -> str:
        reporter.progress("half")
        return "all"

    ticket = window.submit(work)
    assert [window.next() for _ in range(3)] == [
        Started(ticket),
        Progress(ticket, "half"),
        Done(ticket, "all"),
    ]


def test_it_gives_signs_of_life_at_rest_and_at_work(window: Window) -> None:
    window.signs(3)
    go_on = threading.Event()
    ticket = window.submit(lambda _: go_on.wait(MOST_WAIT))
    assert window.next() == Started(ticket)
    window.signs(3)
    go_on.set()
    assert window.next() == Done(ticket, True)


@pytest.mark.parametrize(("kind", "other"), [(Call, LongCall), (LongCall, Call)])
def test_quick_and_long_jobs_do_not_wait_for_each_other(
    window: Window, kind: type[Call], other: type[Call]
) -> None:
    go_on = threading.Event()
    first = window.submit(lambda _: go_on.wait(MOST_WAIT), kind)
    assert window.next() == Started(first)
    behind = window.submit(lambda _: "behind", kind)
    beside = window.submit(lambda _: "beside", other)
    assert [window.next(), window.next()] == [Started(beside), Done(beside, "beside")]
    go_on.set()
    assert [window.next() for _ in range(3)] == [
        Done(first, True),
        Started(behind),
        Done(behind, "behind"),
    ]


def test_what_was_cancelled_before_it_began_is_not_begun(window: Window) -> None:
    go_on, done = threading.Event(), list[str]()
    first = window.submit(lambda _: go_on.wait(MOST_WAIT))
    assert window.next() == Started(first)
    unwanted = window.submit(lambda _: done.append("unwanted"))
    window.cancel(unwanted)
    last = window.submit(lambda _: "last", LongCall)  # behind the cancelling in the pipe
    assert [window.next(), window.next()] == [Started(last), Done(last, "last")]
    go_on.set()
    after = window.submit(lambda _: "after")
    assert [window.next() for _ in range(3)] == [Done(first, True), Started(after), Done(after, "after")]
    assert done == []


def test_what_is_cancelled_at_work_learns_of_it_and_others_do_not(window: Window) -> None:
    asked = threading.Event()

    def work(reporter: Reporter) -> str:
        while True:
            reporter.progress("working")
            asked.wait(0.01)

    ticket = window.submit(work)
    assert [window.next(), window.next()] == [Started(ticket), Progress(ticket, "working")]
    window.cancel(ticket)
    while (answer := window.next()) == Progress(ticket, "working"):
        pass
    assert answer == Failed(ticket, "")

    def wanted(reporter: Reporter) -> str:
        reporter.progress("on")
        return "done"

    other = window.submit(wanted)
    assert [window.next() for _ in range(3)] == [Started(other), Progress(other, "on"), Done(other, "done")]


class Panic(BaseException):
    """As native code raises it: no Exception."""


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (ValueError("  One sentence.\nAnd more of it.\n"), "One sentence."),
        (Panic("called `unwrap()`"), "called `unwrap()`"),
        (KeyError(), "KeyError"),
        (MemoryError(" \n"), "MemoryError"),
        (SupersededError(), ""),
    ],
)
def test_what_a_job_raises_is_told_and_the_next_is_done(
    window: Window, raised: BaseException, said: str
) -> None:
    def work(_: Reporter) -> None:
        raise raised

    ticket = window.submit(work)
    assert window.next() == Started(ticket)
    failed = window.next()
    assert isinstance(failed, Failed)
    assert (failed.ticket, failed.message) == (ticket, said)
    assert ("Traceback" in failed.detail) == bool(said)
    after = window.submit(lambda _: "after")
    assert [window.next(), window.next()] == [Started(after), Done(after, "after")]


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit])
def test_what_is_to_end_the_process_is_not_told_as_a_failure(raised: type[BaseException]) -> None:
    def work(_: Reporter) -> None:
        raise raised

    CALLS[:] = [work]
    here, there = multiprocessing.get_context("spawn").Pipe()
    with here, there, pytest.raises(raised):
        Server(there, WorkerContext(Assets()))._perform(Submit(1, Call(0)))
    CALLS.clear()


def test_the_process_leaves_ctrl_c_to_the_window_and_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    monkeypatch.setattr(signal, "signal", lambda *given: done.append(given))
    monkeypatch.setattr(os, "nice", done.append, raising=False)
    monkeypatch.setattr(serving, "keep_few_heaps", lambda: done.append("few heaps"))
    monkeypatch.setattr(Server, "run", lambda _: done.append("runs"))
    here, there = multiprocessing.get_context("spawn").Pipe()
    with here, there:
        serving.serve(there, None)
    assert done == [(signal.SIGINT, signal.SIG_IGN), 10, "few heaps", "runs"]


def test_a_window_that_goes_while_it_is_answered_ends_the_process(ends: list[int]) -> None:
    here, there = multiprocessing.get_context("spawn").Pipe()
    here.close()
    with there, pytest.raises(Ended):
        Server(there, WorkerContext(Assets()))._send(Alive())
    assert ends == [0]
