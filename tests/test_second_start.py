"""A second start hands over what it was given, or opens a window of its own: never late, never twice."""

import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.second_start import (
    Asking,
    Listener,
    MessageError,
    Start,
    absolute,
    address,
    decoded,
    hand_over,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Python has no such sockets on Windows")
PATHS = st.lists(st.binary(min_size=1).map(os.fsdecode)).map(tuple)
STARTS = st.builds(Start, PATHS, st.none() | st.text().map(str.encode), st.text(), st.text())


@pytest.fixture
def place() -> Iterator[Path]:
    """Not in pytest's folder, whose name may be longer than a socket's can be."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder) / "own" / "a.socket"


@contextmanager
def answering(place: Path, take: Callable[[Start], bool]) -> Iterator[list[Start]]:
    """A window that listens, in a thread; what it is to show."""
    listener, shown, ended = Listener(place), list[Start](), threading.Event()

    def serve() -> None:
        listener.socket.settimeout(0.02)
        while not ended.is_set():
            try:
                connection, _ = listener.socket.accept()
            except OSError:
                continue
            asking = Asking(connection, take)
            try:
                while (start := asking.read()) is None:
                    time.sleep(0.001)
                shown.append(start)
            except EOFError:
                pass
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield shown
    ended.set()
    thread.join()
    listener.close()


@given(STARTS, st.data())
def test_what_is_sent_is_what_arrives_however_it_is_cut(start: Start, data: st.DataObject) -> None:
    sent = start.encoded()
    assert decoded(sent) == start
    assert decoded(sent[: data.draw(st.integers(0, len(sent) - 1))]) is None


@given(st.binary(min_size=1))
def test_what_is_no_start_is_refused(data: bytes) -> None:
    with pytest.raises(MessageError):
        decoded(b"x" + data)


@pytest.mark.parametrize(
    "head", [b"[]", b"{", b'{"paths": [1], "piped": false, "encoding": "", "activation": ""}', b"{}"]
)
def test_a_damaged_head_is_refused(head: bytes) -> None:
    with pytest.raises(MessageError):
        decoded(b"tokviz?" + len(head).to_bytes(8, "big") + bytes(8) + head)


def test_a_window_takes_it(place: Path) -> None:
    start = Start(("/a\udcff", "/b"), "größer\n".encode() * 400_000, "mac-roman", "token")
    with answering(place, lambda _: True) as shown:
        assert hand_over(start, place)
    assert shown == [start]
    assert not hand_over(start, place)


def test_a_window_that_does_not_want_it_does_not_show_it(place: Path) -> None:
    with answering(place, lambda _: False) as shown:
        assert not hand_over(Start(("/a",)), place)
    assert shown == []


def test_without_a_window_it_is_known_at_once(place: Path) -> None:
    begin = time.monotonic()
    assert not hand_over(Start(), None)
    assert not hand_over(Start(), place)
    with answering(place, lambda _: True):
        pass
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(place))  # as of a window that was killed
    dead.close()
    assert not hand_over(Start(), place)
    assert time.monotonic() - begin < 0.5
    Listener(place).close()  # and the next one is not in its way


def test_one_that_does_not_answer_delays_the_start_for_a_bounded_time_and_never_shows_it(place: Path) -> None:
    listener = Listener(place)
    begin = time.monotonic()
    assert not hand_over(Start(("/a",)), place, 0.2)
    assert time.monotonic() - begin < 1
    asking = Asking(listener.socket.accept()[0], lambda _: True)
    with pytest.raises(EOFError):
        asking.read()
    asking.connection.close()
    listener.close()


@pytest.mark.parametrize("answer", [b"", b"start", b"HTTP/1.1 400 Bad Request\r\n"])
def test_a_foreign_server_takes_nothing(place: Path, answer: bytes) -> None:
    place.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(100)
            connection.sendall(answer)
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        assert not hand_over(Start(("/a",)), place)
        thread.join()


def test_a_folder_that_others_can_write_is_not_used(place: Path) -> None:
    with answering(place, lambda _: True) as shown:
        place.parent.chmod(0o777)
        assert not hand_over(Start(), place)
        link = place.parent.with_name("link")
        place.parent.chmod(0o700)
        link.symlink_to(place.parent)
        assert not hand_over(Start(), link / place.name)
    assert shown == []


def test_one_window_listens_and_its_socket_is_its_users_alone(place: Path) -> None:
    first = Listener(place)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(OSError, match="temporarily unavailable"):
        Listener(place)
    first.close()
    Listener(place).close()


def test_a_pipe_of_the_shells_is_not_handed_over(place: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with answering(place, lambda _: True) as shown:
        for path in ("/dev/fd/63", str(tmp_path / "fifo")):
            assert not hand_over(Start((path,)), place)
    assert shown == []


def test_where_it_listens_depends_on_settings_and_screen_and_nothing_else(tmp_path: Path) -> None:
    known = {"HOME": "/home/a", "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":0"}
    place = address(known)
    assert place is not None
    assert place.parent == tmp_path / "tokviz"
    assert address(known | {"PWD": "/elsewhere"}) == place
    for other in ({"HOME": "/home/b"}, {"DISPLAY": ":1"}, {"XDG_CONFIG_HOME": "/c"}):
        assert address(known | other) != place
    gone = address(known | {"XDG_RUNTIME_DIR": "/nowhere"})
    assert gone is not None
    assert gone.parent == Path(tempfile.gettempdir()) / f"tokviz-{os.getuid()}"


def test_paths_are_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute(["a", "/b"]) == (str(tmp_path / "a"), "/b")
