"""``--copy``: a text on the clipboard.

Where there is a display, a small process of Qt's holds it: on X11 and Wayland a clipboard is only the promise
of a program that runs, so this one stays until something else is copied. Over a connection without a display,
the terminal is asked to take it (the escape sequence OSC 52, which also goes through ssh). A terminal does
not answer, so the sentence says that it was only asked.
"""

import base64
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tokviz.cli.console import Failure
from tokviz.documents.own_process import command_line, own_environment
from tokviz.language import _, ngettext, number
from tokviz.system_errors import words

MOST = 64_000_000
"""Bytes put on the clipboard at most; other programs stall on more."""
MOST_BY_TERMINAL = 74_994
"""Bytes that terminals take: 100,000 as they are written, of which hterm and tmux make no more."""
_PROGRAM = "tokviz.ui.common.held_clipboard"
_TAKEN = b"taken\n"


def copy_text(text: bytes) -> str:
    """Put ``text`` (UTF-8) on the clipboard: a sentence about how. ``Failure`` if that cannot be."""
    if len(text) > MOST:
        raise Failure(
            ngettext(
                "{n} byte is too large for the clipboard; write it to a file with --pack.",
                "{n} bytes are too large for the clipboard; write them to a file with --pack.",
                len(text),
            )
        )
    if has_clipboard(os.environ, sys.platform):
        _hold(text)
        return _("It is on the clipboard.")
    terminal = _terminal()
    if terminal is None:
        raise Failure(
            _("There is neither a display nor a terminal to copy to; use --pack FILE, or --pack -.")
        )
    if len(text) > MOST_BY_TERMINAL:
        raise Failure(
            _(
                "Without a display the terminal would have to copy it, and terminals take "
                "{most} bytes, not {size}; use --pack FILE.",
                most=number(MOST_BY_TERMINAL),
                size=number(len(text)),
            )
        )
    try:
        with terminal.open("wb", buffering=0) as stream:
            stream.write(b"\x1b]52;c;" + base64.b64encode(text) + b"\x07")
    except OSError as error:
        raise Failure(
            _("The terminal cannot be written to: {reason}; use --pack FILE.", reason=words(error))
        ) from error
    return _("The terminal was asked to copy it (OSC 52); if nothing can be pasted, it does not allow that.")


def has_clipboard(environment: Mapping[str, str], platform: str) -> bool:
    """Whether there is a clipboard that a window can have."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _terminal() -> Path | None:
    terminal = Path("/dev/tty")
    try:
        with terminal.open("wb", buffering=0):
            return terminal
    except OSError:
        return None


def _hold(text: bytes) -> None:
    """Start the process that holds the text, and wait until the clipboard has it."""
    environment = own_environment()
    if environment.get("DISPLAY"):  # Wayland gives its clipboard to a window that is seen; X11 to any
        environment["QT_QPA_PLATFORM"] = environment.get("QT_QPA_PLATFORM") or "xcb"
    try:
        process = subprocess.Popen(
            command_line(_PROGRAM),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(text)
        process.stdin.close()
        answer = process.stdout.readline()
        process.stdout.close()
    except OSError as error:
        raise Failure(
            _("The clipboard cannot be reached: {reason}; use --pack FILE.", reason=words(error))
        ) from error
    if answer != _TAKEN:
        raise Failure(_("The clipboard did not take it; use --pack FILE, or --pack - and your own tool."))
    process.returncode = 0  # it goes on by itself: nobody waits for it
