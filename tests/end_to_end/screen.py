"""A screen of its own with a window manager and a session bus, as a desktop has them."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from Xlib.display import Display
from Xlib.X import AnyPropertyType

PROGRAMS = ("Xvfb", "openbox", "dbus-daemon")
ACCESSIBILITY = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
PATIENCE = 90.0
"""Seconds after which what has not come does not come, on a machine that has other things to do as well."""
_WIDTH, _HEIGHT = 1280, 800
_POLL = 0.2

_T = TypeVar("_T")


def missing() -> str:
    """What the tests need and this machine does not have, in words; empty if all is there."""
    names = [name for name in PROGRAMS if shutil.which(name) is None]
    names += [] if ACCESSIBILITY.exists() else ["at-spi2-core"]
    return f"not installed: {', '.join(names)}" if names else ""


def eventually(ask: Callable[[], _T | None], what: str, seconds: float = PATIENCE) -> _T:
    """The first answer that is not false or None. ``what`` is awaited; AssertionError if it does not come."""
    until = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:.0f} seconds: {what}")
        time.sleep(_POLL)


@dataclass(frozen=True)
class Screen:
    """Where programs run that are started with ``environment``."""

    display: str
    session_bus: str
    environment: Mapping[str, str]


@contextlib.contextmanager
def open_screen(folder: Path) -> Iterator[Screen]:
    """A screen with nothing on it but the window manager. Sockets lie in ``folder``; its path is short."""
    reading, writing = os.pipe()
    # Without -noreset, the server starts anew when its last client leaves: one that asks and goes, as below,
    # may take a window manager that just connects with it.
    command = ["Xvfb", "-displayfd", str(writing), "-noreset", "-screen", "0", f"{_WIDTH}x{_HEIGHT}x24"]
    with contextlib.ExitStack() as ends:
        ends.enter_context(_running([*command, "-nolisten", "tcp"], os.environ, pass_fds=(writing,)))
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as told:
            display = f":{told.readline().strip()}"
        assert display != ":", "Xvfb has not started"
        environment = {**os.environ, "DISPLAY": display, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        environment.pop("AT_SPI_BUS_ADDRESS", None)
        # What the bus starts (the one for assistive programs) ends with it.
        bus_command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
        bus = ends.enter_context(_running(bus_command, environment, stdout=subprocess.PIPE))
        assert bus.stdout is not None
        address = bus.stdout.readline().decode().strip()
        assert address, "the session bus has not started"
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
        manager = ends.enter_context(_running(["openbox", "--sm-disable"], environment))
        # Without one, a window that is shown gets no keys, then or later.
        eventually(lambda: manager.poll() is not None or _has_window_manager(display), "the window manager")
        assert manager.poll() is None, f"the window manager has ended with {manager.returncode}"
        yield Screen(display, address, environment)


def _has_window_manager(name: str) -> bool:
    server = Display(name)
    try:
        told = server.screen().root.get_full_property(
            server.get_atom("_NET_SUPPORTING_WM_CHECK"), AnyPropertyType
        )
        return told is not None
    finally:
        server.close()


@contextlib.contextmanager
def _running(
    command: list[str],
    environment: Mapping[str, str],
    *,
    stdout: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdout=stdout, stderr=subprocess.DEVNULL, pass_fds=pass_fds
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
