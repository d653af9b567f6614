"""The worker process: answers arrive, deaths are survived, nothing stale is delivered."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tokviz.ui.common.worker_client import Worker
from tokviz.worker.id_jobs import DecodeIds
from tokviz.worker.jobs import Reporter, WorkerContext
from tokviz.worker.transport import LargeBytes


@dataclass(frozen=True)
class Echo:
    """Returns an array of ``size`` numbers and the same size in bytes."""

    size: int
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> tuple[Any, LargeBytes]:
        return np.arange(self.size, dtype=np.uint32), LargeBytes(bytearray(b"x" * self.size))


@dataclass(frozen=True)
class Sleep:
    """Reports that it sleeps, then sleeps until nobody waits or the time is over."""

    seconds: float
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> str:
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            reporter.progress("sleeping")
            time.sleep(0.01)
        return "slept"


@dataclass(frozen=True)
class Hang:
    """Works for ever in a native call that holds Python's lock."""

    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> str:
        return str(re.match(r"(a+)+$", "a" * 100 + "b"))

    def __str__(self) -> str:
        return "hanging"


@dataclass(frozen=True)
class Fall:
    """Ends its process, each time or only while ``mark`` does not exist."""

    mark: Path | None = None
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> str:
        if self.mark is None or not self.mark.exists():
            if self.mark:
                self.mark.touch()
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            time.sleep(10)
        return "stood up"

    def __str__(self) -> str:
        return "falling"


@dataclass(frozen=True)
class Panic:
    """Raises what a native panic raises: not an Exception."""

    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        raise BaseException("called `Option::unwrap()` on a `None` value")


def end_at_once(connection: object, resources: object) -> None:
    """In the place of ``serve``: a process that comes to nothing."""
    os._exit(1)


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


class Answers:
    """Collects what a worker delivers."""

    def __init__(self, worker: Worker, qtbot: QtBot) -> None:
        self.worker, self.qtbot = worker, qtbot
        self.done: list[Any] = []
        self.failed: list[str] = []
        self.parts: list[Any] = []

    def submit(self, job: Any) -> int:
        return self.worker.submit(job, self.done.append, self.failed.append, self.parts.append)

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=120_000)


@pytest.fixture
def answers(worker: Worker, qtbot: QtBot) -> Answers:
    return Answers(worker, qtbot)


@pytest.mark.parametrize("size", [0, 3, 5_000_000])
def test_arrays_and_bytes_arrive_whole(answers: Answers, size: int) -> None:
    answers.submit(Echo(size))
    answers.wait(lambda: answers.done)
    array, text = answers.done[0]
    assert np.array_equal(array, np.arange(size))
    assert text.data == b"x" * size
    assert isinstance(text.data, bytearray)


def test_a_quick_job_does_not_wait_for_a_long_one(answers: Answers) -> None:
    answers.submit(Sleep(60))
    answers.submit(Echo(1))
    answers.wait(lambda: answers.done)
    assert len(answers.done) == 1


def test_a_cancelled_job_ends_and_delivers_nothing(answers: Answers) -> None:
    ticket = answers.submit(Sleep(600))
    answers.wait(lambda: answers.parts)
    answers.worker.cancel(ticket)
    answers.submit(Sleep(0))
    answers.wait(lambda: answers.done)
    assert answers.done == ["slept"]
    assert answers.failed == []
    assert not answers.worker.busy


def test_a_native_panic_is_one_sentence(answers: Answers) -> None:
    answers.submit(Panic())
    answers.wait(lambda: answers.failed)
    assert answers.failed == ["called `Option::unwrap()` on a `None` value"]


def test_a_worker_killed_at_work_is_replaced_and_the_work_done(answers: Answers, tmp_path: Path) -> None:
    sentences: list[str] = []
    answers.worker.restarted.connect(sentences.append)
    answers.submit(Fall(tmp_path / "fallen"))
    answers.submit(Echo(2))
    answers.wait(lambda: len(answers.done) == 2)
    assert answers.done[0] == "stood up"
    (sentence,) = sentences
    assert sentence.startswith("The worker process stopped while falling (the system or somebody killed it")
    assert sentence.endswith("; another one was started, and your text is untouched.")


def test_what_is_asked_of_a_new_worker_comes_before_what_waited(answers: Answers, tmp_path: Path) -> None:
    answers.worker.restarted.connect(lambda _: answers.submit(Echo(1)))
    given_up = answers.submit(Fall(tmp_path / "fallen"))
    answers.submit(Echo(2))
    answers.worker.restarted.connect(lambda _: answers.worker.cancel(given_up))
    answers.wait(lambda: len(answers.done) == 2)
    assert [len(array) for array, _ in answers.done] == [1, 2]


def test_a_job_that_kills_every_worker_is_given_up(answers: Answers) -> None:
    answers.submit(Fall())
    answers.submit(Echo(2))
    answers.wait(lambda: answers.done and answers.failed)
    (sentence,) = answers.failed
    assert sentence.startswith("The worker process stopped twice while falling, so this was given up;")


def test_a_worker_that_hangs_is_stopped_and_it_is_said_by_whom(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.ui.common.watchdog.MOST_WORK", 2.0)
    answers.worker._watch.setInterval(100)
    sentences: list[str] = []
    answers.worker.restarted.connect(sentences.append)
    answers.submit(Hang())
    answers.submit(Echo(2))
    answers.wait(lambda: answers.done and answers.failed)
    assert len(sentences) == 2
    assert all(
        "was stopped by tokviz while hanging, because it worked for 2 seconds" in one for one in sentences
    )


def test_an_idle_worker_that_is_killed_is_replaced(answers: Answers) -> None:
    answers.submit(Echo(1))
    answers.wait(lambda: answers.done)
    first = answers.worker.pid
    assert first is not None
    os.kill(first, signal.SIGTERM)
    answers.wait(lambda: answers.worker.pid not in (first, None))
    answers.submit(Echo(1))
    answers.wait(lambda: len(answers.done) == 2)


def stand_still(qtbot: QtBot) -> tuple[Worker, list[str], list[str]]:
    """A worker that has given up, and what it said of restarts and of giving up."""
    worker, restarts, ends = Worker(), list[str](), list[str]()
    worker.restarted.connect(restarts.append)
    worker.given_up.connect(ends.append)
    qtbot.waitUntil(lambda: bool(ends), timeout=120_000)
    return worker, restarts, ends


def test_a_worker_that_never_starts_is_given_up_until_the_user_tries_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tokviz.worker.serving.serve", end_at_once)
        worker, restarts, ends = stand_still(qtbot)
        assert len(restarts) == 2
        last = worker.pid
        answers = Answers(worker, qtbot)
        answers.submit(Echo(3))
        assert len(ends) == 2  # who asks for something is told again
        assert "try again" in ends[1]
        worker.try_again()
        answers.wait(lambda: len(ends) == 3)
        assert worker.pid != last
        assert not answers.failed
    worker.try_again()
    answers.wait(lambda: answers.done)
    assert len(answers.done[0][0]) == 3
    worker.close()


def test_a_process_that_the_system_refuses_is_given_up_too(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    worker, restarts, ends = stand_still(qtbot)
    assert (len(restarts), len(ends)) == (2, 1)
    worker.close()


def test_the_worker_speaks_the_language_of_the_window(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("TOKVIZ_LANGUAGE", "pseudo")
    worker, said = Worker(), list[str]()
    worker.submit(DecodeIds("o200k_base", "9-3"), lambda _decoded: None, said.append)
    qtbot.waitUntil(lambda: bool(said))
    worker.close()
    assert "9-3" in said[0] and "range" not in said[0] and not said[0].isascii()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no such priorities")
def test_the_worker_gives_way_to_the_window(answers: Answers) -> None:
    answers.submit(Echo(1))
    answers.wait(lambda: answers.done)
    assert answers.worker.pid is not None
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, answers.worker.pid) == min(own + 10, 19)


def test_closing_ends_the_process(qtbot: QtBot) -> None:
    worker = Worker()
    qtbot.waitUntil(lambda: worker.pid is not None)
    pid = worker.pid
    assert pid is not None
    worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
