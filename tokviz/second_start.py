"""How a second start of the program hands what it was given to the window that is open already.

A socket in a folder of the user's own, found by whatever must be the same on both sides. Whoever holds the
lock beside it listens there; a window that ended, however it did, holds none. Systems without such sockets
(Windows, to Python) open a window at each start.
"""

import contextlib
import hashlib
import json
import os
import socket
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokviz import __version__
from tokviz.documents.private_files import private_folder

_SAME = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Parts of the environment by which the settings' folder and the screen are found."""
_PATIENCE = 2.0
"""Seconds that a window may take to answer; then the second start opens one of its own."""
_PACE = 20e6
"""Bytes a second of a text that is handed over, at the least."""
_MOST_HEAD, _READ = 64 << 20, 1 << 20
"""Bytes of a head, and read at once."""
_ASKED, _TAKEN, _REFUSED = b"tokviz?", b"taken", b"start"


@dataclass(frozen=True, slots=True)
class Start:
    """What a start was given."""

    paths: tuple[str, ...] = ()
    """Files and folders, absolute."""
    text: bytes | None = None
    """What was piped to it (UTF-8)."""
    encoding: str = ""
    """The codec by which the paths are read; empty: as was chosen before, or found out."""
    activation: str = ""
    """The desktop's permission to come to the front, where it gives one (``XDG_ACTIVATION_TOKEN``)."""

    def encoded(self) -> bytes:
        """As it is sent: what it is, the sizes of what follows, a head in JSON, the text."""
        head = {
            "paths": self.paths,
            "piped": self.text is not None,
            "encoding": self.encoding,
            "activation": self.activation,
        }
        written, text = json.dumps(head).encode(), self.text or b""
        return _ASKED + len(written).to_bytes(8, "big") + len(text).to_bytes(8, "big") + written + text


class MessageError(Exception):
    """What was received is no ``Start``."""


def decoded(data: bytes | bytearray) -> Start | None:
    """What ``Start.encoded`` made; None while some of it is missing. MessageError if it is nothing such."""
    begin = len(_ASKED) + 16
    if not data[: len(_ASKED)] == _ASKED[: len(data)]:
        raise MessageError
    if len(data) < begin:
        return None
    head_size = int.from_bytes(data[begin - 16 : begin - 8], "big")
    text_size = int.from_bytes(data[begin - 8 : begin], "big")
    if head_size > _MOST_HEAD or len(data) > begin + head_size + text_size:
        raise MessageError
    if len(data) < begin + head_size + text_size:
        return None
    try:
        head = json.loads(data[begin : begin + head_size])
        text = bytes(data[begin + head_size :]) if head["piped"] else None
        (text or b"").decode()
        return Start(tuple(_strings(head["paths"])), text, *_strings([head["encoding"], head["activation"]]))
    except (ValueError, KeyError, TypeError) as error:
        raise MessageError from error


def _strings(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError
    return values


def address(environment: Mapping[str, str]) -> Path | None:
    """Where the socket of this user, these settings, this screen and this version is; None if there can be
    none. ``environment`` is as ``os.environ`` has it."""
    if sys.platform == "win32":
        return None
    given = environment.get("XDG_RUNTIME_DIR", "")
    folder = Path(given) / "tokviz"
    if not given or not Path(given).is_dir():
        folder = Path(tempfile.gettempdir()) / f"tokviz-{os.getuid()}"
    same = [__version__, *(f"{name}={environment.get(name, '')}" for name in _SAME)]
    key = hashlib.sha256(os.fsencode("\0".join(same))).hexdigest()[:16]
    return folder / f"{key}.socket"


def hand_over(start: Start, place: Path | None, patience: float = _PATIENCE) -> bool:
    """Whether an open window has taken ``start``. If there is none, or it does not answer in so many seconds,
    it has not, and never will."""
    if place is None or not _is_own(place.parent) or not all(map(_is_lasting, start.paths)):
        return False
    message = start.encoded()
    end = time.monotonic() + patience + len(message) / _PACE
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(patience)
            connection.connect(str(place))
            connection.settimeout(max(0.01, end - time.monotonic()))
            connection.sendall(message)
            return _answer(connection, end) == _TAKEN
    except OSError:  # nobody listens, or not in time
        return False


def _answer(connection: socket.socket, end: float) -> bytes:
    answer = b""
    while len(answer) < len(_TAKEN):
        connection.settimeout(max(0.01, end - time.monotonic()))
        if not (part := connection.recv(len(_TAKEN) - len(answer))):
            break
        answer += part
    return answer


def _is_own(folder: Path) -> bool:
    """Whether nobody but this user can have put a socket there."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _is_lasting(path: str) -> bool:
    """Whether the path means the same to another program. ``/dev/fd/63``, a pipe of the shell's, does not."""
    if path.startswith(("/dev/", "/proc/")):
        return False
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return True  # told of by whoever opens it
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


class Listener:
    """The socket of the window that takes what later starts are given."""

    def __init__(self, place: Path) -> None:
        """OSError if another window listens there, or nobody can."""
        import fcntl  # there is none on Windows

        private_folder(place.parent)
        if not _is_own(place.parent):
            raise PermissionError(f"{place.parent} is not this user's alone")  # verbatim
        self._place = place
        self._lock = os.open(place.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            place.unlink(missing_ok=True)  # of one that did not end by itself
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                self.socket.bind(str(place))
                place.chmod(0o600)
                self.socket.listen(16)
                self.socket.setblocking(False)
            except OSError:
                self.socket.close()
                raise
        except OSError:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Listen no more."""
        with contextlib.suppress(OSError):
            self._place.unlink()
        self.socket.close()
        os.close(self._lock)


class Asking:
    """One second start, read piece by piece."""

    def __init__(self, connection: socket.socket, take: Callable[[Start], bool]) -> None:
        """``take`` gets what it asks for, and says whether it is to be shown here."""
        connection.setblocking(False)
        self.connection = connection
        self._take = take
        self._data = bytearray()

    def read(self) -> Start | None:
        """Read what is there, a megabyte at most. At the end, answer, and return what is to be shown;
        EOFError if nothing is to come of it."""
        try:
            part = self.connection.recv(_READ)
            if not part:  # it went away: it has opened a window of its own
                raise EOFError
            self._data += part
            start = decoded(self._data)
        except BlockingIOError:
            return None
        except (OSError, MessageError) as error:
            raise EOFError from error
        return None if start is None else self._answered(start)

    def _answered(self, start: Start) -> Start:
        taken = self._take(start)
        try:
            with contextlib.suppress(BlockingIOError):
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise EOFError
            self.connection.sendall(_TAKEN if taken else _REFUSED)
        except OSError as error:
            raise EOFError from error
        if not taken:
            raise EOFError
        return start


def absolute(paths: Sequence[str]) -> tuple[str, ...]:
    """The paths as another program understands them."""
    return tuple(str(Path(path).absolute()) for path in paths)
