"""Has documents read by a child process: started when first needed, ended when one takes too long."""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tokviz.documents.extraction import child
from tokviz.documents.extraction.child import Answer, receive, send
from tokviz.documents.extraction.formats import BY_NAME, PDF_DOCUMENT, UNKNOWN, DocumentFormat
from tokviz.documents.extraction.output import FORMAT, DocumentError
from tokviz.documents.own_process import command_line, own_environment
from tokviz.language import _, gettext, ngettext, number

SECONDS = 60.0
"""How long one document may take; a book of 1,000 pages takes about two seconds."""
_LOOK = 0.1
"""Seconds between two looks at the clock."""
_PATIENCE = 2.0
"""Seconds in which the process ends by itself once nobody asks any more."""


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """The text of a document."""

    text: bytes
    """Valid UTF-8."""
    format: DocumentFormat
    count: int
    """Pages, sheets, slides or chapters; 0: unknown, or not divided."""
    empty: int
    """How many of them hold no text."""


class DocumentReader:
    """Makes the text of documents, one after the other. A context manager, whose end ends the process.

    Used by one thread at a time.
    """

    def __init__(self, seconds: float = SECONDS, wanted: Callable[[], bool] = lambda: True) -> None:
        """Reading ends, with an error, as soon as it is not ``wanted`` any more."""
        self._seconds = seconds
        self._wanted = wanted
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        """Documents that the process has read."""
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Whoever keeps one for as long as the program runs may never close it.
        self.close()

    def close(self) -> None:
        """End the process, if there is one. The next document starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin and process.stdout
        try:
            process.stdin.close()
            process.wait(_PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        process.stdout.close()

    def read(self, data: bytes, asked: DocumentFormat | None = None) -> ExtractedText | None:
        """The text of the document ``data``; None if it is none. ``asked``: its format, if that is known.

        DocumentError says why there is no text; its text ends a sentence about the document.
        """
        name = asked.name if asked else ""
        with self._lock:
            again = self._served > 0
            try:
                answer, text = self._ask(data, name)
            except _StoppedError:
                if not again:
                    raise
                # One that was read before may have left little memory: this one gets a process of its own.
                answer, text = self._ask(data, name)
        if answer.reason:
            raise named_error(answer.format, answer.reason, answer.advice, answer.passing)
        if not answer.format:
            return None
        found = ExtractedText(text, BY_NAME[answer.format], answer.count, answer.empty)
        if found.format is PDF_DOCUMENT and not found.text:
            raise _without_text(found)
        return found

    def _ask(self, data: bytes, asked: str) -> tuple[Answer, bytes]:
        process = self._process
        if process is not None and process.poll() is not None:
            self._forget(process)
            process = None
        process = process or self._start()
        assert process.stdin and process.stdout
        watch = _Watch(process, self._seconds, self._wanted)
        watch.start()
        try:
            send(process.stdin, asked.encode() + b"\0" + data)
            frame = receive(process.stdout)
        except OSError:
            frame = None
        finally:
            watch.over.set()
        if frame is None:
            self._forget(process)
            if watch.ended:
                late = _(
                    "the {format} takes longer than {seconds} seconds to read",
                    format=FORMAT,
                    seconds=number(f"{self._seconds:g}"),
                )
                raise named_error(UNKNOWN, late, passing=True)
            stopped = _("the document made its reader stop; it is damaged, or made to do harm")
            raise _StoppedError(stopped, passing=True)
        self._served += 1
        answer, _zero, text = frame.partition(b"\0")
        return Answer(**json.loads(answer)), text

    def _start(self) -> subprocess.Popen[bytes]:
        self._served = 0
        self._process = subprocess.Popen(
            command_line(child.__name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=own_environment(),
        )
        return self._process

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        self._process = None
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):  # what was still to be sent
                    stream.close()


class _StoppedError(DocumentError):
    """The process ended by itself."""


class _Watch(threading.Thread):
    """Ends the process when a document takes too long, or is not wanted any more."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, wanted: Callable[[], bool]) -> None:
        super().__init__(name="document-watch", daemon=True)
        self._process = process
        self._until = time.monotonic() + seconds
        self._wanted = wanted
        self.over = threading.Event()
        self.ended = False
        """Whether it did."""

    def run(self) -> None:
        """Look now and then, until ``over`` is set."""
        while not self.over.wait(_LOOK):
            if time.monotonic() > self._until or not self._wanted():
                self.ended = True
                self._process.kill()
                return


def named_error(name: str, reason: str, advice: str = "", passing: bool = False) -> DocumentError:
    """The error as a sentence's end that names what the document is: “the PDF document is encrypted”."""
    return DocumentError(reason.replace(FORMAT, gettext(name)), advice, passing=passing)


def _without_text(found: ExtractedText) -> DocumentError:
    reason = ngettext(
        "the only page of the PDF document holds no text, as after scanning",
        "the {n} pages of the PDF document hold no text, as after scanning",
        found.count,
    )
    return DocumentError(reason, _("have its text recognized (OCR) first"))
