"""The child process in which documents become text: one after the other, each within limits.

It reads requests from standard input and writes answers to standard output, both as frames: a length, then so
many bytes. It opens no file but modules of Python, connects to nothing and starts nothing.
"""

import contextlib
import json
import os
import struct
import sys
from dataclasses import asdict, dataclass
from typing import IO

from tokviz.documents.extraction.formats import BY_NAME, UNKNOWN, DocumentFormat, recognize
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output
from tokviz.language import _

MOST_MEMORY = 2 << 30
"""Bytes of memory that the process may use, where the system keeps to it."""
LENGTH = struct.Struct("<Q")
_FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn"),
    *("os.spawn", "os.startfile", "os.system"),
)
_WRITING = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.truncate",
    "os.link",
    "os.symlink",
    "shutil.",
)
_ANY_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, slots=True)
class Answer:
    """What there is to say of a document."""

    format: str
    """Its name; empty: it is no document."""
    count: int = 0
    empty: int = 0
    """Both as in ``Units``."""
    reason: str = ""
    """Why there is no text of it; empty: there is."""
    advice: str = ""
    passing: bool = False
    """As in ``DocumentError``."""


def main() -> int:
    """Answer requests until standard input ends."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - whatever a library prints is no answer
    limit_process()
    while (request := receive(source)) is not None:
        asked, _zero, data = request.partition(b"\0")
        answer, text = _answer(data, asked.decode())
        send(target, json.dumps(asdict(answer)).encode() + b"\0" + text)
    return 0


def _answer(data: bytes, asked: str) -> tuple[Answer, bytes]:
    """What a document is, or why it cannot be read, and its text. ``asked``: its format, if that is known."""
    found: DocumentFormat | None = None
    try:
        found = BY_NAME[asked] if asked else recognize(data)
        if found is None:
            return Answer(""), b""
        output = Output()
        units = found.extractor()(data, output)
        text = output.text().encode("utf-8", "replace")
        return Answer(found.name, units.count, units.empty), text
    except DocumentError as error:
        reason, advice, passing = str(error), error.advice, error.passing
    except MemoryError:
        most = MOST_MEMORY >> 30
        reason = _("the {format} takes more than {size} GB of memory to read", format=FORMAT, size=most)
        advice, passing = "", True
    except Exception as error:  # whatever a library makes of a broken or hostile file is one answer
        # Translators: {error} is a name in English
        template = _(
            "the {format} is damaged, or not what it seems ({error})",
            format=FORMAT,
            error=type(error).__name__,
        )
        reason, advice, passing = template, "", False
    return Answer(found.name if found else UNKNOWN, reason=reason, advice=advice, passing=passing), b""


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    return data if len(data) == length else None


def send(stream: IO[bytes], data: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def limit_process() -> None:
    """From here on: little memory, no file written, nothing connected, started or changed."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource  # not on Windows

        for name, most in (("RLIMIT_AS", MOST_MEMORY), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
            kind = getattr(resource, name)
            resource.setrlimit(kind, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        writes = isinstance(mode, str) and any(letter in mode for letter in "wax+")
        if writes or (isinstance(flags, int) and flags & _ANY_WRITE):
            raise PermissionError("a document's reader writes nothing")  # verbatim
    elif event.startswith((*_FORBIDDEN, *_WRITING)):
        raise PermissionError(f"a document's reader has no use for {event}")  # verbatim
