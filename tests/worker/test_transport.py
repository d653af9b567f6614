"""Messages arrive whole, with shared memory and without."""

import errno
import multiprocessing
import os
import pickle
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest

from tokviz.worker import transport


def _through_a_pipe(message: object) -> object:
    """What arrives of ``message`` at the other end."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    with here, there:
        sender = threading.Thread(target=transport.send, args=(here, message))
        sender.start()
        received: object = transport.receive(there)
        sender.join()
    return received


def _arrives(sizes: tuple[int, ...]) -> None:
    arrays = [np.random.default_rng(size).integers(0, 256, size, np.uint8) for size in sizes]
    received = _through_a_pipe(("head", arrays))
    assert isinstance(received, tuple)
    assert received[0] == "head"
    assert all(np.array_equal(sent, got) for sent, got in zip(arrays, received[1], strict=True))


def _blocks_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the blocks of shared memory that are made from now on; other processes make their own."""
    names: list[str] = []

    class Noted(SharedMemory):
        def __init__(self, name: str | None = None, create: bool = False, size: int = 0) -> None:
            super().__init__(name, create, size)
            if create:
                names.append(self.name)

    monkeypatch.setattr(transport, "SharedMemory", Noted)
    return names


def _copies_made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what is put into shared memory from now on."""
    sizes: list[int] = []
    copy_in = transport._copy_in

    def noted(block: SharedMemory, views: list[memoryview]) -> None:
        sizes.append(sum(view.nbytes for view in views))
        copy_in(block, views)

    monkeypatch.setattr(transport, "_copy_in", noted)
    return sizes


def _after(names: list[str], sizes: tuple[int, ...]) -> list[str]:
    _arrives(sizes)
    return names


SIZES = [(), (0,), (10, 0, 7), (3 << 20,), (1 << 20, 0, 5, (1 << 18) + 1)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs blocks of shared memory")
@pytest.mark.parametrize("sizes", SIZES)
def test_with_shared_memory(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    copies = _copies_made(monkeypatch)
    _arrives(sizes)
    assert copies == [sum(sizes)] * (sum(sizes) >= 1 << 20)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs blocks of shared memory")
def test_elsewhere_nothing_is_reserved(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(descriptor: int, offset: int, size: int) -> None:
        raise AssertionError("it is not there")

    copies = _copies_made(monkeypatch)
    monkeypatch.setattr(os, "posix_fallocate", unknown)
    monkeypatch.setattr(sys, "platform", "darwin")
    _arrives((2 << 20,))
    assert copies == [2 << 20]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux promises pages it may not have")
@pytest.mark.parametrize("sizes", SIZES)
def test_where_shared_memory_has_no_room(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    made, copies = _blocks_made(monkeypatch), _copies_made(monkeypatch)

    def full(descriptor: int, offset: int, size: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    _arrives(sizes)
    assert bool(made) == (sum(sizes) >= 1 << 20)
    assert copies == []  # a page that is not there would end the process
    assert not any((Path("/dev/shm") / name).exists() for name in made)


@pytest.mark.parametrize("sizes", SIZES)
def test_where_there_is_no_shared_memory(sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(create: bool = False, size: int = 0) -> SharedMemory:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(transport, "SharedMemory", missing)
    _arrives(sizes)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows its blocks as files")
def test_a_received_block_is_unlinked(monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = _after(_blocks_made(monkeypatch), (2 << 20,))
    assert not (Path("/dev/shm") / name).exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux shows its blocks as files")
def test_a_block_whose_message_cannot_be_read_is_unlinked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _blocks_made(monkeypatch)
    monkeypatch.setattr(transport, "_slices", lambda _: iter([memoryview(b"x")]))
    with pytest.raises((TypeError, ValueError)):
        _through_a_pipe(np.zeros(2 << 20, np.uint8))
    assert made and not any((Path("/dev/shm") / name).exists() for name in made)


def test_large_bytes_come_as_a_bytearray_of_their_own() -> None:
    received = _through_a_pipe(transport.LargeBytes(bytearray(b"x" * (2 << 20))))
    assert isinstance(received, transport.LargeBytes)
    assert received.data == b"x" * (2 << 20)


def test_the_other_side_has_closed() -> None:
    here, there = multiprocessing.get_context("spawn").Pipe()
    here.close()
    with there, pytest.raises(EOFError):
        transport.receive(there)


def test_closed_in_the_middle_of_a_large_message() -> None:
    ends: tuple[Connection, Connection] = multiprocessing.get_context("spawn").Pipe()
    here, there = ends
    here.send((pickle.dumps("head"), [], None, [2 << 20]))
    here.close()
    with there, pytest.raises(EOFError):
        transport.receive(there)
