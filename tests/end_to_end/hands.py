"""Real keys, a real mouse, eyes and another program's clipboard, on one screen (by X's XTEST extension)."""

import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage
from Xlib import XK, Xatom, display
from Xlib.ext import xtest
from Xlib.protocol import event
from Xlib.X import (
    NONE,
    AnyPropertyType,
    ButtonPress,
    ButtonRelease,
    CurrentTime,
    KeyPress,
    KeyRelease,
    MotionNotify,
    PropModeReplace,
    ZPixmap,
)

from tests.end_to_end.screen import eventually

_LEFT, _RIGHT = 1, 3
_MODIFIERS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}
_ATOMS = ("CLIPBOARD", "TARGETS", "UTF8_STRING", "TOKVIZ_TEST")
_NAMES = {"\n": "Return", "\t": "Tab", " ": "space"}


@dataclass(frozen=True)
class Picture:
    """Pixels of a part of the screen: blue, green, red and nothing, a byte each, row by row."""

    data: bytes
    width: int
    height: int

    def color(self, x: int, y: int) -> tuple[int, int, int]:
        """Red, green and blue of one pixel."""
        at = 4 * (y * self.width + x)
        blue, green, red = self.data[at : at + 3]
        return red, green, blue

    def save(self, target: Path) -> None:
        """Write it to a file."""
        QImage(self.data, self.width, self.height, 4 * self.width, QImage.Format.Format_RGB32).save(
            str(target)
        )


class Hands:
    """What a user does and sees. A step that returns is at the X server, though not yet at the program."""

    def __init__(self, name: str) -> None:
        self._display = display.Display(name)
        self._root = self._display.screen().root
        self._clipboard = _Clipboard(name)

    def close(self) -> None:
        """Leave the screen, with the clipboard."""
        self._clipboard.close()
        self._display.close()

    def press(self, keys: str) -> None:
        """Press a combination of keys such as ``ctrl+shift+p``, ``Tab`` or ``a``, and let them go."""
        *held, key = keys.split("+")
        code, shifted = self._code(key)
        codes = [self._code(_MODIFIERS[name])[0] for name in held]
        if shifted and "shift" not in held:
            codes.append(self._code("Shift_L")[0])
        for number in (*codes, code):
            xtest.fake_input(self._display, KeyPress, number)
        for number in (code, *reversed(codes)):
            xtest.fake_input(self._display, KeyRelease, number)
        self._display.sync()

    def type(self, text: str) -> None:
        """Type ASCII letter by letter."""
        for letter in text:
            self.press("plus" if letter == "+" else _NAMES.get(letter, letter))

    def click(self, x: int, y: int, *, right: bool = False) -> None:
        """Click at a point of the screen."""
        button = _RIGHT if right else _LEFT
        self.point(x, y)
        xtest.fake_input(self._display, ButtonPress, button)
        xtest.fake_input(self._display, ButtonRelease, button)
        self._display.sync()

    def point(self, x: int, y: int) -> None:
        """Move the mouse."""
        xtest.fake_input(self._display, MotionNotify, x=x, y=y)
        self._display.sync()

    def look(self, box: tuple[int, int, int, int] | None = None) -> Picture:
        """What can be seen in a box (left, top, width, height), or on the whole screen."""
        size = self._root.get_geometry()
        left, top, width, height = box or (0, 0, size.width, size.height)
        width, height = min(width, size.width - left), min(height, size.height - top)
        image = self._root.get_image(left, top, width, height, ZPixmap, 0xFFFFFFFF)
        return Picture(bytes(image.data), width, height)

    def copy(self, text: str) -> None:
        """Have a text on the clipboard, as another program would."""
        self._clipboard.own(text.encode())

    def copied(self) -> str:
        """What a program has put on the clipboard."""
        return self._clipboard.read().decode()

    def _code(self, key: str) -> tuple[int, bool]:
        symbol = XK.string_to_keysym(key) or (ord(key) if len(key) == 1 else 0)
        found = list(self._display.keysym_to_keycodes(symbol))
        assert found, f"the keyboard has no key {key!r}"
        code, index = min(found, key=lambda pair: pair[1])
        return int(code), index == 1


class _Clipboard:
    """Another program, which owns the clipboard or asks for what is on it."""

    def __init__(self, name: str) -> None:
        self._display = display.Display(name)
        self._window = self._display.screen().root.create_window(0, 0, 1, 1, 0, 0)
        self._atoms = {name: self._display.get_atom(name) for name in _ATOMS}
        self._held = b""
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._taken: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def own(self, data: bytes) -> None:
        with self._lock:
            self._held = data
            self._window.set_selection_owner(self._atoms["CLIPBOARD"], CurrentTime)
            self._display.sync()

    def read(self) -> bytes:
        atoms = self._atoms
        with self._lock:
            self._taken.clear()
            self._window.convert_selection(
                atoms["CLIPBOARD"], atoms["UTF8_STRING"], atoms["TOKVIZ_TEST"], CurrentTime
            )
            self._display.sync()
        return eventually(lambda: self._taken, "what is on the clipboard")[0]

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self._display.close()

    def _serve(self) -> None:
        while not self._ending.wait(0.02):
            with self._lock:
                while self._display.pending_events():
                    found = self._display.next_event()
                    if isinstance(found, event.SelectionRequest):
                        self._give(found)
                    elif isinstance(found, event.SelectionNotify):
                        self._take(found)

    def _give(self, asked: event.SelectionRequest) -> None:
        atoms = self._atoms
        answer = asked.property or asked.target
        if asked.target == atoms["TARGETS"]:
            targets = [atoms["TARGETS"], atoms["UTF8_STRING"]]
            asked.requestor.change_property(answer, Xatom.ATOM, 32, targets, PropModeReplace)
        elif asked.target == atoms["UTF8_STRING"]:
            asked.requestor.change_property(answer, atoms["UTF8_STRING"], 8, self._held, PropModeReplace)
        else:
            answer = NONE
        told = event.SelectionNotify(
            time=asked.time,
            requestor=asked.requestor,
            selection=asked.selection,
            target=asked.target,
            property=answer,
        )
        asked.requestor.send_event(told)
        self._display.sync()

    def _take(self, told: event.SelectionNotify) -> None:
        if told.property == NONE:
            self._taken.append(b"")
            return
        found = self._window.get_full_property(self._atoms["TOKVIZ_TEST"], AnyPropertyType)
        self._taken.append(bytes(found.value) if found is not None else b"")
