"""``tokviz [PATH… | -]``: opens the window, or says in one sentence why it cannot."""

import argparse
import ctypes
import gc
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokviz.cli.commands import COMMANDS
from tokviz.cli.console import Console, Failure
from tokviz.cli.inputs import STANDARD_INPUT, add_paths, encoding, read_input, refuse_text
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.encodings import Encoding
from tokviz.documents.reading import ReadError
from tokviz.language import _
from tokviz.second_start import Start, absolute, address, hand_over

_NO_DISPLAY = _("There is no display to open a window on; `tokviz count` shows the figures in the terminal.")
_XCB_LIBRARY = "libxcb-cursor.so.0"
"""What Qt needs for X11 since 6.5 and does not bring along; without it, it would end the whole program."""
_DISPLAY_PLATFORMS = ("", "xcb", "wayland", "wayland-egl")
"""Values of QT_QPA_PLATFORM with which Qt looks for a display (others, such as offscreen, need none)."""


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """What the window starts with."""

    paths: tuple[str, ...]
    """Files, folders or text (``-``)."""
    encoding: Encoding | None = None
    """How they are read; None: as was chosen before, or found out."""
    new_window: bool = False
    """Open a window even if one is open that would show them."""


class _DesktopAction(argparse.Action):
    """Puts the program on a Linux desktop, or with ``const`` takes it from there, and ends it."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002
        values: str | Sequence[Any] | None,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        from tokviz.assets import DataFileError  # starting fast matters
        from tokviz.cli.desktop_entry import change_desktop

        try:
            paths = change_desktop(leave=self.const)
        except (OSError, DataFileError) as error:
            told = _("the desktop's files cannot be changed: {error}", error=error)
            parser.exit(1, f"tokviz: {told}\n")  # verbatim
        for path in paths:
            print(path)
        parser.exit(0)


def parse(parser: argparse.ArgumentParser, argv: Sequence[str]) -> WindowRequest:
    """Read the arguments; argparse ends the program where they are wrong."""
    add_paths(parser, _("what to open; - is standard input"), "*")
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        type=encoding,
        help=_("read it as NAME, such as Windows-1252; in folders, what is not UTF-8"),
    )
    parser.add_argument(
        "--new-window",
        action="store_true",
        help=_("open a window of its own, although one is open already"),
    )
    if sys.platform not in ("win32", "darwin"):
        add = parser.add_argument
        listed = _("list tokviz among your desktop's programs")
        add("--install-desktop", action=_DesktopAction, nargs=0, const=False, help=listed)
        add(
            "--remove-desktop", action=_DesktopAction, nargs=0, const=True, help=_("take it from there again")
        )
    found = parser.parse_args(argv)
    if found.encoding and not found.paths:
        parser.error(_("--encoding says how a file is read; name the file too"))
    return WindowRequest(tuple(found.paths), found.encoding, found.new_window)


def run(request: WindowRequest, console: Console) -> int:
    """Open the window and return its exit code once it is closed, or have an open one show the paths."""
    paths = request.paths
    _check_paths(paths)
    if not has_display(os.environ, sys.platform):
        raise Failure(_NO_DISPLAY)
    if (wanted := platform_plugin(os.environ, sys.platform)) == "xcb" and not can_load(_XCB_LIBRARY):
        raise Failure(
            _(
                "The window cannot open, because Qt's {plugin} plugin needs {library} (Debian's package "
                "libxcb-cursor0); `tokviz count` shows the figures in the terminal.",
                plugin=wanted,
                library=_XCB_LIBRARY,
            )
        )
    text = None
    if STANDARD_INPUT in paths:
        try:
            reading = ReadOptions(encoding=request.encoding, forced=request.encoding is not None)
            text = read_input(STANDARD_INPUT, console, reading).text
        except ReadError as error:
            raise Failure(str(error)) from error
    if not request.new_window and hand_over(_start(request, text), address(os.environ)):
        return 0
    # Of what is imported now nothing is garbage, and looking for some takes a twelfth of the time to the
    # first frame; the window has its own way to collect it.
    gc.disable()
    try:
        from tokviz.app import main
    except ImportError as error:
        if (error.name or "").startswith("tokviz"):
            raise  # a mistake in the program, not on the machine
        raise Failure(
            _(
                "The window cannot open, because a library is missing ({error}); `tokviz count` "
                "shows the figures in the terminal.",
                error=error,
            )
        ) from error
    return main([path for path in paths if path != STANDARD_INPUT], text, request.encoding)


def _start(request: WindowRequest, text: bytes | None) -> Start:
    paths = absolute([path for path in request.paths if path != STANDARD_INPUT])
    codec = request.encoding.codec if request.encoding else ""
    return Start(paths, text, codec, os.environ.get("XDG_ACTIVATION_TOKEN", ""))


def _check_paths(paths: Sequence[str]) -> None:
    """A mistyped command looks like a path: if nothing that is named exists, or the first is near a command,
    say so here, not in a window."""
    first = paths[0] if paths else STANDARD_INPUT
    if first == STANDARD_INPUT or os.path.lexists(first):
        return
    refuse_text(paths)
    from tokviz.names import nearest

    plain = not Path(first).suffix and Path(first).name == first
    likely = nearest(first, COMMANDS) if plain else None
    if likely is None and any(path == STANDARD_INPUT or os.path.lexists(path) for path in paths):
        return
    if not plain:
        raise Failure(_("There is no file or folder “{path}”.", path=first))
    if likely:
        meant = _(
            "There is no file or folder “{path}”, and no such command; did you mean “{command}”?",
            path=first,
            command=likely,
        )
        raise Failure(meant, 2)
    raise Failure(_("There is no file or folder “{path}”, and no such command.", path=first), 2)


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether Qt will find a display. Where it does not, it would end the whole program.

    ``environment`` and ``platform`` are as ``os.environ`` and ``sys.platform`` have them.
    """
    if platform in ("win32", "darwin"):
        return True
    wanted = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].split(";")
    if any(name not in _DISPLAY_PLATFORMS for name in wanted):
        return True
    return _wayland_answers(environment) or _x11_answers(environment.get("DISPLAY", ""))


def platform_plugin(environment: Mapping[str, str], platform: str) -> str:
    """The plugin with which Qt will reach a display: ``xcb`` for X11; empty for any other."""
    if platform in ("win32", "darwin"):
        return ""
    wanted = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].split(";")[0]
    if wanted == "xcb":
        return "xcb"
    return "" if wanted or _wayland_answers(environment) else "xcb"


def can_load(library: str) -> bool:
    """Whether the system has a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(environment.get("XDG_RUNTIME_DIR", "/")) / name).exists()


def _x11_answers(display: str) -> bool:
    """Whether something listens at an X display such as ``:0`` or ``localhost:10.0``."""
    host, colon, number = display.rpartition(":")
    if not colon:
        return False
    number = number.partition(".")[0]
    if not number.isdigit() or host not in ("", "unix"):
        return True  # another machine's, or a form only the X library knows: let it try
    name = f"/tmp/.X11-unix/X{number}"
    return any(_listens(address) for address in (f"\0{name}", name))


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(address)
        except OSError:
            return False
        return True
