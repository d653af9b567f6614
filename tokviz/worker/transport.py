"""Messages between the window and its worker: pickled, with large arrays beside them in shared memory."""

import pickle
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any

_SHARED = 1 << 20
"""Bytes of buffers in one message from which they travel in shared memory instead of the pipe."""
_SLICE = 1 << 18
"""Bytes copied at once, so that no other thread of the process waits long for Python's lock: the main thread
loses it after 5 ms, and gets it back after one slice."""


class LargeBytes:
    """Bytes that travel out of band: received, ``data`` is a bytearray that nothing else holds."""

    __slots__ = ("data",)

    def __init__(self, data: bytearray) -> None:
        self.data = data

    def __reduce_ex__(self, protocol: Any) -> tuple[type, tuple[pickle.PickleBuffer]]:
        return LargeBytes, (pickle.PickleBuffer(self.data),)


def send(connection: Connection, message: object) -> None:
    """Send ``message``; arrays (and anything else that pickles out of band) are not pickled."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    views = [buffer.raw() for buffer in buffers]
    sizes = [view.nbytes for view in views]
    if sum(sizes) < _SHARED:
        connection.send((head, [bytes(view) for view in views], None, sizes))
        return
    block = SharedMemory(create=True, size=sum(sizes))
    offset = 0
    assert block.buf is not None  # it is while the block is open
    for view in views:
        for start in range(0, view.nbytes, _SLICE):
            part = view[start : start + _SLICE]
            block.buf[offset + start : offset + start + part.nbytes] = part
        offset += view.nbytes
    name = block.name
    block.close()
    # The receiver unlinks the block once it has copied it out.
    connection.send((head, [], name, sizes))


def receive(connection: Connection) -> Any:
    """The next message. EOFError when the other side has closed."""
    head, parts, name, sizes = connection.recv()
    if name is None:
        return pickle.loads(head, buffers=[bytearray(part) for part in parts])
    block = SharedMemory(name=name)
    try:
        assert block.buf is not None  # it is while the block is open
        buffers = _copy_out(block.buf, sizes)
    finally:
        block.close()
        block.unlink()
    return pickle.loads(head, buffers=buffers)


def _copy_out(source: memoryview, sizes: Sequence[int]) -> list[bytearray]:
    buffers, offset = [], 0
    for size in sizes:
        buffer = bytearray(size)
        for start in range(0, size, _SLICE):
            stop = min(start + _SLICE, size)
            buffer[start:stop] = source[offset + start : offset + stop]
        offset += size
        buffers.append(buffer)
    return buffers
