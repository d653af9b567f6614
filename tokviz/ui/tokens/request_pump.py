"""Keeps a few requests to the worker in flight until everything is known that an edit made stale."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject

from tokviz.ui.common.debouncer import Debouncer
from tokviz.worker.jobs import Job

IN_FLIGHT = 3
"""Requests in flight at once: enough to keep the worker busy, few enough that what comes in sight, or another
tokenizer, soon has its turn."""


class Submitter(Protocol):
    """Whoever does jobs: the ``Worker``."""

    def submit(self, job: Job, done: Callable[[Any], None], failed: Callable[[str], None]) -> int:
        """Do ``job`` and call one of the two later."""

    def cancel(self, ticket: int | None) -> None:
        """Forget a job."""


class Requested(Protocol):
    """What is read of a range map."""

    @property
    def requested(self) -> set[int]:
        """The keys of the requests whose answers are still of use."""

    @property
    def searching(self) -> bool:
        """Whether the next request is still searched for: ask again."""


class Requester(Protocol):
    """The owner of a range map."""

    @property
    def map(self) -> Requested | None:
        """The range map; None: there is none now."""

    def next_request(self) -> tuple[int, Job] | None:
        """A key and the job to do for it, which is requested from now on; None: nothing more for now."""

    def deliver(self, key: int, result: Any) -> None:
        """The answer to a request."""

    def give_up(self, sentence: str) -> None:
        """A request failed. Its key stays requested: asking again would fail again, until it is edited."""


class RequestPump(QObject):
    """Bounds the requests in flight, cancels what was superseded and delivers the answers."""

    def __init__(
        self, worker: Submitter, requester: Requester, parent: QObject | None = None, limit: int = IN_FLIGHT
    ) -> None:
        """``limit``: requests in flight at once."""
        super().__init__(parent)
        self._worker = worker
        self._limit = limit
        self._requester = requester
        self._tickets: dict[int, int] = {}
        self._superseding = Debouncer(self._cancel_superseded, 0, self)
        self._searching = Debouncer(self.fill, 0, self)

    def fill(self) -> None:
        """Ask until enough is in flight."""
        self._cancel_superseded()
        while len(self._tickets) < self._limit and (request := self._requester.next_request()):
            key, job = request
            self._tickets[key] = self._worker.submit(
                job, partial(self._done, key), partial(self._failed, key)
            )
        ranges = self._requester.map
        if len(self._tickets) < self._limit and ranges is not None and ranges.searching:
            self._searching.request()

    def supersede(self) -> None:
        """The text was edited: cancel what is of no use any more, in the next turn of the event loop (waking
        the worker's thread would delay the key's own frame), and search no further before the next ``fill``.
        """
        self._searching.cancel()
        if self._tickets:
            self._superseding.request()

    def cancel_all(self) -> None:
        """Cancel every request."""
        for ticket in self._tickets.values():
            self._worker.cancel(ticket)
        self._tickets.clear()
        self._searching.cancel()

    def _cancel_superseded(self) -> None:
        ranges = self._requester.map
        for key in self._tickets.keys() - (set() if ranges is None else ranges.requested):
            self._worker.cancel(self._tickets.pop(key))

    def _done(self, key: int, result: Any) -> None:
        self._tickets.pop(key, None)
        self._requester.deliver(key, result)

    def _failed(self, key: int, sentence: str) -> None:
        self._tickets.pop(key, None)
        self._requester.give_up(sentence)
