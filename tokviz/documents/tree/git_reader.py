"""Asking a process of its own about what git keeps: every request ends in time, and can be given up.

pygit2 holds Python's lock while it works, reads whatever lies in the folder, a named pipe too, and bounds
neither time nor memory.
"""

import contextlib
import json
import queue
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import IO, Self

from tokviz.documents.own_process import command_line, own_environment
from tokviz.documents.tree.git_process import GitError
from tokviz.language import _, ngettext

SECONDS = 20.0
"""What a request is given. All 1,000 commits of a repository take 0.3."""
_STARTING = 120.0
"""What the process is given until it is there: on a machine with other work that is most of the time."""
LENGTHS = struct.Struct("<QQ")
"""Before each answer: the bytes of its JSON, and of what follows that."""
_POLL = 0.1
Check = Callable[[], None]


class GitReader:
    """A process that answers requests about repositories. A context manager: leaving it ends the process."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listening: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, request: str, check: Check | None = None, **arguments: object) -> tuple[object, bytes]:
        """What the process answers to a request of ``git_reading``: a value and bytes. ``check`` may raise to
        give it up. GitError, also where it takes too long or the process breaks off."""
        process = self._started(check)
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # it has ended: there will be no answer
            process.stdin.write(json.dumps([request, arguments]).encode() + b"\n")
            process.stdin.flush()
        answer = self._awaited(SECONDS, check)
        if not answer:
            self.close()
            raise GitError(
                _("Reading the repository breaks off; it may be damaged, or take too much memory.")
            )
        data = self._answers.get()
        said = json.loads(answer)
        if refused := said["refused"]:
            raise GitError(refused)
        return said["value"], data

    def _awaited(self, seconds: float, check: Check | None) -> bytes:
        """The next piece of an answer, empty if there is none. GitError after so many seconds."""
        ends = time.monotonic() + seconds
        while True:
            try:
                if check:
                    check()
                return self._answers.get(timeout=_POLL)
            except queue.Empty:
                if time.monotonic() > ends:
                    self.close()
                    raise GitError(
                        ngettext(
                            "Reading the repository takes longer than {n} second; look whether a file of "
                            "git's there, such as .gitignore, is a named pipe, or ask for less.",
                            "Reading the repository takes longer than {n} seconds; look whether a file of "
                            "git's there, such as .gitignore, is a named pipe, or ask for less.",
                            round(seconds),
                        )
                    ) from None
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None or process.stdin is None or self._listening is None:
            return
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            process.stdin.close()
        self._listening.join()
        self._answers = queue.SimpleQueue()

    def _started(self, check: Check | None) -> subprocess.Popen[bytes]:
        if self._process is None:
            process = subprocess.Popen(
                command_line("tokviz.documents.tree.git_reading"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=own_environment(),
            )
            assert process.stdout is not None
            listening = threading.Thread(
                target=_listen, args=(process.stdout, self._answers), name="git", daemon=True
            )
            listening.start()
            self._process, self._listening = process, listening
            self._awaited(_STARTING, check)
        return self._process


def _listen(source: IO[bytes], answers: "queue.SimpleQueue[bytes]") -> None:
    """Hand on that the process is there, then each answer in two pieces; an empty one at the end."""
    answers.put(source.read(1))
    while len(head := source.read(LENGTHS.size)) == LENGTHS.size:
        sizes = LENGTHS.unpack(head)
        pieces = [source.read(size) for size in sizes]
        if [len(piece) for piece in pieces] != list(sizes):
            break
        for piece in pieces:
            answers.put(piece)
    answers.put(b"")
    source.close()
