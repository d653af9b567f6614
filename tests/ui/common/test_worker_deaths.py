"""What a worker's client does when its process dies, death by death: the process is one that a test ends."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from pytestqt.qtbot import QtBot

from tokviz.ui.common import worker_client
from tokviz.ui.common.worker_client import Worker, _Process
from tokviz.worker.jobs import Reporter, WorkerContext
from tokviz.worker.serving import Alive, Done, Started, Submit


@dataclass(frozen=True)
class Work:
    """A job by name; nobody performs it here."""

    name: str
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        raise AssertionError("no process is started")

    def __str__(self) -> str:
        return self.name


class FakeProcess:
    """Stands in for a worker process: keeps what it is sent, and answers and dies as told."""

    made: ClassVar[list["FakeProcess"]] = []
    pid = None
    end_reason = ""

    def __init__(self, *given: Any) -> None:
        self._deliver: Callable[[Any, object], None] = given[-1]
        self.sent: list[object] = []
        self.killed = False
        FakeProcess.made.append(self)

    def send(self, message: object) -> None:
        self.sent.append(message)

    def answer(self, answer: object) -> None:
        self._deliver(self, answer)

    def die(self) -> None:
        self._deliver(self, worker_client._Lost())

    def kill(self) -> None:
        self.killed = True

    def end(self) -> None:
        self.killed = True

    @property
    def jobs(self) -> list[str]:
        """What it was given to do."""
        return [str(message.job) for message in self.sent if isinstance(message, Submit)]


class Client:
    """A worker's client and all that it said."""

    def __init__(self) -> None:
        self.worker = Worker()
        self.done: list[object] = []
        self.failed: list[str] = []
        self.restarts: list[str] = []
        self.ends: list[str] = []
        self.worker.restarted.connect(self.restarts.append)
        self.worker.given_up.connect(self.ends.append)

    @property
    def process(self) -> FakeProcess:
        return FakeProcess.made[-1]

    def submit(self, name: str) -> int:
        return self.worker.submit(Work(name), self.done.append, self.failed.append)


@pytest.fixture
def client(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Client:
    FakeProcess.made.clear()
    monkeypatch.setattr(worker_client, "_Process", FakeProcess)
    return Client()


def test_a_job_that_only_waited_outlives_any_number_of_deaths(client: Client) -> None:
    client.submit("waiting")
    for _ in range(4):
        client.process.answer(Alive())
        client.process.die()
    assert client.failed == []
    assert client.process.jobs == ["waiting"]


def test_a_job_under_way_at_two_deaths_is_given_up_and_no_other(client: Client) -> None:
    ticket, _ = client.submit("falling"), client.submit("waiting")
    client.process.answer(Started(ticket))
    client.process.die()
    assert client.failed == [] and client.process.jobs == ["falling", "waiting"]
    client.process.answer(Started(ticket))
    client.process.die()
    assert len(client.failed) == 1
    assert client.failed[0].startswith("The worker process stopped twice while falling, so this was given up")
    assert client.process.jobs == ["waiting"]


def test_a_job_counts_as_begun_by_each_process_anew(client: Client) -> None:
    ticket = client.submit("unlucky")
    client.process.answer(Started(ticket))
    client.process.die()
    client.process.answer(Alive())
    client.process.die()  # it had not begun here
    assert client.failed == []
    assert "while unlucky" in client.restarts[0]
    assert client.restarts[1].startswith("The worker process stopped; another one was started")


def test_only_what_had_begun_is_named(client: Client) -> None:
    client.submit("first")
    ticket = client.submit("second")
    client.process.answer(Started(ticket))
    client.process.die()
    assert "stopped while second;" in client.restarts[0]


def test_a_sign_of_life_forgives_what_ended_in_vain_before(client: Client) -> None:
    for _ in range(3):
        client.process.die()
        client.process.die()
        client.process.answer(Alive())
    assert client.ends == []
    assert len(client.restarts) == 6


def test_three_in_a_row_without_one_are_given_up_and_the_last_is_ended(client: Client) -> None:
    client.submit("waiting")
    for _ in range(3):
        assert client.ends == []
        client.process.die()
    assert len(client.ends) == 1 and "try again" in client.ends[0]
    assert len(FakeProcess.made) == 3 and client.process.killed
    client.worker.try_again()
    assert len(FakeProcess.made) == 4
    assert client.process.jobs == ["waiting"]
    client.process.die()  # the count begins anew
    client.process.die()
    assert len(client.ends) == 1


def test_an_answer_of_a_process_that_was_replaced_is_not_heard(client: Client) -> None:
    ticket = client.submit("waiting")
    first = client.process
    first.die()
    assert first.killed  # what is lost may still be running
    first.answer(Done(ticket, "too late"))
    first.die()
    assert client.done == [] and len(client.restarts) == 1
    client.process.answer(Done(ticket, "in time"))
    assert client.done == ["in time"]
    client.process.answer(Done(ticket, "again"))
    assert client.done == ["in time"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, ""),
        (0, ""),
        (-9, "the system or somebody killed it, perhaps because memory was short"),
        (-11, "it crashed with signal 11"),
        (3, "it ended with exit code 3"),
    ],
)
def test_why_a_process_ended_is_told(code: int | None, said: str) -> None:
    ended = SimpleNamespace(exitcode=code, join=lambda _: None)
    assert _Process.end_reason.fget(SimpleNamespace(_process=ended)) == said  # type: ignore[attr-defined]


def test_a_client_that_was_closed_looks_no_more(client: Client) -> None:
    assert client.worker._watch.isActive()
    client.submit("waiting")
    client.worker.close()
    assert not client.worker._watch.isActive() and not client.worker.busy
    assert client.process.killed
    client.process.die()
    assert len(FakeProcess.made) == 1 and client.restarts == []
