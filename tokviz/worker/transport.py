"""Messages between the window and its worker: pickled, with large arrays beside them."""

import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

_SHARED = 1 << 20
"""Bytes of buffers in one message from which they travel in shared memory instead of the pipe."""
_SLICE = 1 << 18
"""Bytes copied at once, so that no other thread of the process waits long for Python's lock: the main thread
loses it after 5 ms, and gets it back after one slice."""
_SHARED_FOLDER = Path("/dev/shm")
"""Where Linux keeps blocks of shared memory, as files."""


class LargeBytes:
    """Bytes that travel out of band: received, ``data`` is a bytearray that nothing else holds."""

    __slots__ = ("data",)

    def __init__(self, data: bytearray) -> None:
        self.data = data

    def __reduce_ex__(self, protocol: Any) -> tuple[type, tuple[pickle.PickleBuffer]]:
        return LargeBytes, (pickle.PickleBuffer(self.data),)


def send(connection: Connection, message: object) -> None:
    """Send ``message``; arrays (and anything else that pickles out of band) are not pickled.

    Large ones travel in shared memory, or through the pipe where no memory can be shared.
    """
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    sizes = [view.nbytes for view in views]
    if sum(sizes) < _SHARED:
        connection.send((head, [bytes(view) for view in views], None, sizes))
    elif (block := _reserve(sum(sizes))) is None:
        connection.send((head, [], None, sizes))
        for part in _slices(views):
            connection.send_bytes(part)
    else:
        _copy_in(block, views)
        block.close()
        # The receiver unlinks the block once it has copied it out.
        connection.send((head, [], block.name, sizes))


def receive(connection: Connection) -> Any:
    """The next message. EOFError when the other side has closed."""
    head, parts, name, sizes = connection.recv()
    if name is not None:
        return pickle.loads(head, buffers=_from_block(name, sizes))
    if parts or not sizes:
        return pickle.loads(head, buffers=[bytearray(part) for part in parts])
    buffers = [bytearray(size) for size in sizes]
    for part in _slices(map(memoryview, buffers)):
        connection.recv_bytes_into(part)
    return pickle.loads(head, buffers=buffers)


def _reserve(size: int) -> SharedMemory | None:
    """A block of shared memory whose every page is there; None if there is no room for it.

    Linux promises pages that it may not have: writing to one that is missing ends the process (SIGBUS).
    """
    try:
        block = SharedMemory(create=True, size=size)
    except OSError:
        return None
    if not sys.platform.startswith("linux"):
        return block
    try:
        descriptor = os.open(_SHARED_FOLDER / block.name, os.O_RDWR)
        try:
            os.posix_fallocate(descriptor, 0, size)
        finally:
            os.close(descriptor)
    except OSError:
        block.close()
        block.unlink()
        return None
    return block


def _copy_in(block: SharedMemory, views: Iterable[memoryview]) -> None:
    assert block.buf is not None  # it is while the block is open
    offset = 0
    for part in _slices(views):
        block.buf[offset : offset + part.nbytes] = part
        offset += part.nbytes


def _slices(views: Iterable[memoryview]) -> Iterator[memoryview]:
    for view in views:
        for start in range(0, view.nbytes, _SLICE):
            yield view[start : start + _SLICE]


def _from_block(name: str, sizes: Sequence[int]) -> list[bytearray]:
    buffers = [bytearray(size) for size in sizes]
    block = SharedMemory(name=name)
    try:
        assert block.buf is not None  # it is while the block is open
        offset = 0
        for part in _slices(map(memoryview, buffers)):
            part[:] = block.buf[offset : offset + part.nbytes]
            offset += part.nbytes
    finally:
        block.close()
        block.unlink()
    return buffers
