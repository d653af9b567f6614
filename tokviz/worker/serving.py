"""The worker process's side: receives jobs, performs them on two threads, sends answers. No Qt here."""

import os
import queue
import signal
import threading
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tokviz.assets import Assets
from tokviz.tokenization.memory import keep_few_heaps
from tokviz.worker import transport
from tokviz.worker.jobs import Job, Reporter, SupersededError, WorkerContext

HEARTBEAT = 1.0
"""Seconds between signs of life; a native call that holds Python's lock silences them."""
_NICENESS = 10
"""How much the process gives way to others; 19 is all."""


@dataclass(frozen=True, slots=True)
class Submit:
    """To the worker: do this job."""

    ticket: int
    job: Job


@dataclass(frozen=True, slots=True)
class Cancel:
    """To the worker: the result of this ticket is not needed."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Started:
    """From the worker: this job has begun; if the worker dies now, it may be the reason."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Progress:
    """From the worker: a part of a result, or how far it has come."""

    ticket: int
    value: object


@dataclass(frozen=True, slots=True)
class Done:
    """From the worker: the result."""

    ticket: int
    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """From the worker: one sentence for the user, and the traceback for the log."""

    ticket: int
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Alive:
    """From the worker: a sign of life."""


Answer = Started | Progress | Done | Failed | Alive


class Server:
    """Performs jobs until the other end of the connection closes."""

    def __init__(self, connection: Connection, context: WorkerContext) -> None:
        self._connection = connection
        self._context = context
        self._sending = threading.Lock()
        self._quick: queue.SimpleQueue[Submit] = queue.SimpleQueue()
        self._long: queue.SimpleQueue[Submit] = queue.SimpleQueue()
        self._cancelled: set[int] = set()

    def run(self) -> None:
        """Receive jobs on this thread; two others perform them, so a long job delays no quick one."""
        for jobs in (self._quick, self._long):
            threading.Thread(target=self._perform_all, args=(jobs,), daemon=True).start()
        while True:
            try:
                while not self._connection.poll(HEARTBEAT):
                    self._send(Alive())
                message = transport.receive(self._connection)
            except (EOFError, OSError):
                # The window is gone. Nothing here is worth a clean end, and a thread may be in native code.
                os._exit(0)
            if isinstance(message, Cancel):
                self._cancelled.add(message.ticket)
            elif isinstance(message, Submit):
                (self._long if message.job.long else self._quick).put(message)

    def _perform_all(self, jobs: "queue.SimpleQueue[Submit]") -> None:
        while True:
            submitted = jobs.get()
            if submitted.ticket not in self._cancelled:
                self._send(Started(submitted.ticket))
                self._send(self._perform(submitted))
            self._cancelled.discard(submitted.ticket)

    def _perform(self, submitted: Submit) -> Done | Failed:
        ticket = submitted.ticket
        reporter = Reporter(
            post=lambda value: self._send(Progress(ticket, value)),
            wanted=lambda: ticket not in self._cancelled,
        )
        try:
            return Done(ticket, submitted.job.perform(self._context, reporter))
        except SupersededError:
            return Failed(ticket, "")
        except (KeyboardInterrupt, SystemExit):
            raise
        # A native panic (gigatoken, tiktoken) is a BaseException; it must not end the worker in silence.
        except BaseException as error:
            message = str(error).strip().split("\n")[0] or type(error).__name__
            return Failed(ticket, message, traceback.format_exc())

    def _send(self, answer: Answer) -> None:
        with self._sending:
            try:
                transport.send(self._connection, answer)
            except (BrokenPipeError, OSError):
                os._exit(0)


def serve(connection: Connection, resources: Path | None, counts: Path | None = None) -> None:
    """The worker process's main function; ``counts``: see ``WorkerContext``."""
    # Ctrl+C in the terminal goes to every process of the group; the window decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        # Where processors are few, the window draws first and the worker counts in what is left of them.
        os.nice(_NICENESS)
    keep_few_heaps()
    Server(connection, WorkerContext(Assets(resources), counts)).run()
