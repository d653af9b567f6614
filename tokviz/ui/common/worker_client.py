"""The worker process as the window sees it: jobs go in, answers come out as one queued signal.

This module is all the concurrency of the window. Two plain threads move messages, because a pipe can
block; they touch no widget. The tokenizers live in the process, because loading one holds Python's lock
for up to a second and a native panic can end a process.
"""

import contextlib
import itertools
import logging
import multiprocessing
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from tokviz.language import _
from tokviz.ui.common.watchdog import Watchdog, processor_time
from tokviz.worker import serving, transport
from tokviz.worker.jobs import Job
from tokviz.worker.serving import Alive, Answer, Cancel, Done, Failed, Progress, Started, Submit

_log = logging.getLogger(__name__)

_MOST_VAIN = 3
"""Processes in a row that end without a sign of life, after which no other one is started unasked."""


@dataclass(slots=True)
class _Waiting:
    """One submitted job and whoever waits for it."""

    job: Job
    done: Callable[[Any], None]
    failed: Callable[[str], None]
    progress: Callable[[Any], None] | None
    started: bool = False
    deaths: int = 0


@dataclass(slots=True)
class _Lost:
    """Put in the place of an answer when the connection closes."""


class _Process:
    """One worker process with its two message threads; used once, then replaced."""

    def __init__(
        self,
        resources: Path | None,
        counts: Path | None,
        deliver: Callable[["_Process", Answer | _Lost], None],
    ) -> None:
        self._deliver = deliver
        self._outbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        context = multiprocessing.get_context("spawn")
        self._connection, self._theirs = context.Pipe()
        self._process = context.Process(
            target=serving.serve,
            args=(self._theirs, resources, counts),
            name="tokviz worker",  # verbatim
            daemon=True,
        )
        self._starter = threading.Thread(
            target=self._start,
            name="worker start and send",  # verbatim
            daemon=True,
        )
        self._starter.start()

    @property
    def pid(self) -> int | None:
        """The process id; None until the process runs."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Queue ``message``; never blocks."""
        self._outbox.put(message)

    def end(self) -> None:
        """Ask the process to end by closing the pipe, then make sure that it has."""
        self._outbox.put(None)
        self._starter.join(1.0)
        with contextlib.suppress(AttributeError, ValueError):
            self._process.terminate()
            self._process.join(1.0)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(1.0)

    @property
    def end_reason(self) -> str:
        """Why it ended by itself, as far as the system tells; asked once its connection is lost."""
        with contextlib.suppress(AttributeError, ValueError, AssertionError):
            self._process.join(0.5)
        match self._process.exitcode:
            case None | 0:
                return ""
            case -9:
                return _("the system or somebody killed it, perhaps because memory was short")
            case code if code < 0:
                return _("it crashed with signal {number}", number=-code)
            case code:
                return _("it ended with exit code {code}", code=code)

    def kill(self) -> None:
        """End the process at once; its connection then reports the loss."""
        with contextlib.suppress(AttributeError, ValueError):
            self._process.kill()

    def _start(self) -> None:
        # Off the main thread: spawning takes some milliseconds that the first frame has better use for.
        try:
            self._process.start()
        except OSError:
            _log.exception("The worker process cannot be started")
            self._deliver(self, _Lost())
            return
        self._theirs.close()
        threading.Thread(target=self._receive, args=(self._connection,), daemon=True).start()
        while (message := self._outbox.get()) is not None:
            try:
                transport.send(self._connection, message)
            except (BrokenPipeError, OSError):
                return  # the receiving thread reports the loss
        self._connection.close()

    def _receive(self, connection: Connection) -> None:
        while True:
            try:
                answer = transport.receive(connection)
            # TypeError: multiprocessing's reading of a handle that another thread has closed meanwhile.
            except (EOFError, OSError, TypeError):
                self._deliver(self, _Lost())
                return
            self._deliver(self, answer)


class Worker(QObject):
    """Submits jobs to the worker process and hands their answers to whoever asked, on the main thread.

    A process that dies or falls silent is replaced; what waited is submitted again, once. A job that was
    under way at two deaths fails with one sentence. Where no process comes to life, what is submitted waits
    for ``try_again``.
    """

    restarted = Signal(str)
    """The process was replaced; the text is one sentence for the user. What is submitted at this signal is
    done before what waits already."""

    given_up = Signal(str)
    """Process after process ended before it did anything, so none is started until ``try_again``; the text is
    one sentence for the user. Repeated when something is submitted all the same."""

    _arrived = Signal(object, object)

    def __init__(
        self, resources: Path | None = None, parent: QObject | None = None, counts: Path | None = None
    ) -> None:
        """``counts``: the folder of the counts that are kept from one run to the next; None: none are."""
        super().__init__(parent)
        self._resources = resources
        self.counts = counts
        self._tickets = itertools.count(1)
        self._waiting: dict[int, _Waiting] = {}
        self._closed = False
        self._vain = 0
        """Processes in a row that ended without a sign of life."""
        self._watchdog = Watchdog()
        self._hung = ""
        """What the process did when it was stopped for it; empty if it was not."""
        self._arrived.connect(self._receive)
        self._process = self._new_process()
        self._watch = QTimer(self)
        self._watch.setInterval(2000)
        self._watch.timeout.connect(self._look_for_hang)
        self._watch.start()

    @property
    def pid(self) -> int | None:
        """The worker's process id; None until it runs."""
        return self._process.pid

    @property
    def busy(self) -> bool:
        """Whether any job is waiting or under way."""
        return bool(self._waiting)

    def submit(
        self,
        job: Job,
        done: Callable[[Any], None],
        failed: Callable[[str], None],
        progress: Callable[[Any], None] | None = None,
    ) -> int:
        """Ask for ``job``; one of ``done(result)`` and ``failed(sentence)`` is called later, never both.

        Returns a ticket for ``cancel``. ``progress`` is called with each part that the job reports.
        """
        ticket = next(self._tickets)
        self._waiting[ticket] = _Waiting(job, done, failed, progress)
        if self._stands_still:
            self._say_given_up()
        else:
            self._process.send(Submit(ticket, job))
        return ticket

    def try_again(self) -> None:
        """Start a process after ``given_up``, for all that waits."""
        if self._stands_still and not self._closed:
            self._vain = 0
            self._watchdog.sign()
            self._process = self._new_process()
            for ticket, waiting in self._waiting.items():
                self._process.send(Submit(ticket, waiting.job))

    def cancel(self, ticket: int | None) -> None:
        """Forget a job: neither callback is called any more, and the process drops it as soon as it can."""
        if ticket is not None and ticket in self._waiting:
            del self._waiting[ticket]
            self._process.send(Cancel(ticket))

    def close(self) -> None:
        """End the process; nothing is delivered afterwards."""
        if not self._closed:
            self._closed = True
            self._watch.stop()
            self._waiting.clear()
            self._process.end()

    @property
    def _stands_still(self) -> bool:
        return self._vain >= _MOST_VAIN

    def _say_given_up(self) -> None:
        self.given_up.emit(
            _(
                "The worker process does not start, so nothing can be counted; close other programs if "
                "memory is short, then try again. Your text is untouched."
            )
        )

    def _new_process(self) -> _Process:
        # The bound signal is thread-safe and queues to the main thread; RuntimeError: the window is gone.
        def deliver(process: _Process, answer: Answer | _Lost) -> None:
            with contextlib.suppress(RuntimeError):
                self._arrived.emit(process, answer)

        return _Process(self._resources, self.counts, deliver)

    def _receive(self, process: _Process, answer: Answer | _Lost) -> None:
        if process is not self._process or self._closed:
            return
        self._watchdog.sign()
        self._vain = self._vain + 1 if isinstance(answer, _Lost) else 0
        match answer:
            case _Lost() if self._stands_still:
                self._process.kill()
                self._say_given_up()
            case _Lost():
                self._replace()
            case Alive():
                pass
            case Started(ticket):
                if ticket in self._waiting:
                    self._waiting[ticket].started = True
            case Progress(ticket, value):
                if (waiting := self._waiting.get(ticket)) and waiting.progress:
                    waiting.progress(value)
            case Done(ticket, result):
                if waiting := self._waiting.pop(ticket, None):
                    waiting.done(result)
            case Failed(ticket, message, detail):
                if waiting := self._waiting.pop(ticket, None):
                    _log.warning("%s failed: %s\n%s", waiting.job, message, detail)
                    waiting.failed(message)

    def _look_for_hang(self) -> None:
        if not self._waiting or self._stands_still or self._hung:
            self._watchdog.sign()
        elif hung := self._watchdog.look(processor_time(self._process.pid)):
            self._hung = hung
            self._process.kill()

    def _replace(self) -> None:
        """Start a new process, submit what waited again, and say what happened."""
        self._watchdog.sign()
        under_way = [waiting for waiting in self._waiting.values() if waiting.started]
        sentence = _how_it_stopped(
            str(under_way[0].job) if under_way else "",
            self._hung,
            "" if self._hung else self._process.end_reason,
        )
        self._hung = ""
        self._process.kill()
        self._process = self._new_process()
        _log.warning(sentence)
        waited, failed = list(self._waiting.items()), []
        # What a listener submits or cancels now comes before what waited, which may need it.
        self.restarted.emit(sentence)
        for ticket, waiting in waited:
            if ticket not in self._waiting:
                continue
            waiting.deaths += waiting.started
            waiting.started = False
            if waiting.deaths > 1:
                failed.append(self._waiting.pop(ticket))
            else:
                self._process.send(Submit(ticket, waiting.job))
        for waiting in failed:
            waiting.failed(
                _(
                    "The worker process stopped twice while {job}, so this was given up; ask for it "
                    "again to have it tried again.",
                    job=waiting.job,
                )
            )


def _how_it_stopped(job: str, hung: str, reason: str) -> str:
    """What happened to the worker process: ``hung`` says what it was stopped for, ``reason`` why it ended by
    itself, as far as it is known."""
    if hung and job:
        what = _("was stopped by tokviz while {job}, because {hung}", job=job, hung=hung)
    elif hung:
        what = _("was stopped by tokviz, because {hung}", hung=hung)
    else:
        what = _("stopped while {job}", job=job) if job else _("stopped")
    if reason:
        what += f" ({reason})"
    return _("The worker process {what}; another one was started, and your text is untouched.", what=what)
