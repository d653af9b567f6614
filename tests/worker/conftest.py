"""A worker's context without a process, and reporters that listen."""

from collections.abc import Callable

import pytest

from tokviz.assets import Assets
from tokviz.worker.jobs import Job, Reporter, WorkerContext


class Performer:
    """Performs jobs here and keeps what they report."""

    def __init__(self) -> None:
        self.context = WorkerContext(Assets())
        self.reported: list[object] = []
        self.wanted: Callable[[], bool] = lambda: True

    def __call__(self, job: Job) -> object:
        """The job's result."""
        self.reported.clear()
        return job.perform(self.context, Reporter(self.reported.append, lambda: self.wanted()))


@pytest.fixture(scope="session")
def shared() -> Performer:
    return Performer()


@pytest.fixture
def perform(shared: Performer) -> Performer:
    shared.wanted = lambda: True
    return shared
