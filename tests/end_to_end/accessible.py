"""What a screen reader is told: the objects of a program on the bus for assistive programs (AT-SPI)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.low_level import MessageType

from tests.end_to_end.screen import eventually

_PREFIX = "org.a11y.atspi."
_PROPERTIES = "org.freedesktop.DBus.Properties"
_ROOT = "/org/a11y/atspi/accessible/root"
_TABLES = ("table", "tree", "tree table")
"""Roles of what has cells: by the thousand, and asked for by their rows."""
_STATES = {
    "active": 1,
    "checked": 4,
    "editable": 7,
    "enabled": 8,
    "expanded": 10,
    "focusable": 11,
    "focused": 12,
    "pressed": 20,
    "selected": 23,
    "sensitive": 24,
    "showing": 25,
    "visible": 30,
}
"""Bits of ``AtspiStateType``."""


class GoneError(Exception):
    """The object is not there any more."""


class Bus:
    """The connection over which programs tell what they show."""

    def __init__(self, session_bus: str) -> None:
        with open_dbus_connection(session_bus) as session:
            ask = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            (self.address,) = session.send_and_get_reply(ask).body
        self._connection: DBusConnection = open_dbus_connection(self.address)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def programs(self) -> list["Accessible"]:
        """All that show something on the screen."""
        desktop = Accessible(self, _PREFIX + "Registry", _ROOT)
        return desktop.children()

    def call(
        self,
        peer: str,
        path: str,
        interface: str,
        method: str,
        signature: str = "",
        body: tuple[object, ...] = (),
    ) -> tuple[object, ...]:
        """The answer of an object; GoneError if it is none."""
        address = DBusAddress(path, peer, interface)
        message = new_method_call(address, method, signature or None, body)
        answer = self._connection.send_and_get_reply(message, timeout=60)
        if answer.header.message_type is MessageType.error:
            raise GoneError(f"{path} {method}: {answer.body}")
        return tuple(answer.body)


@dataclass(frozen=True)
class Accessible:
    """One object as it is told now: each property is asked for anew."""

    bus: Bus = field(repr=False)
    peer: str
    path: str

    @property
    def name(self) -> str:
        return str(self._property("Accessible", "Name"))

    @property
    def description(self) -> str:
        return str(self._property("Accessible", "Description"))

    @property
    def role(self) -> str:
        return str(self._ask("Accessible", "GetRoleName")[0])

    @property
    def interfaces(self) -> set[str]:
        """Their names without what all have in common: Text, Value, Action and so on."""
        (names,) = self._ask("Accessible", "GetInterfaces")
        assert isinstance(names, list)
        return {str(name).removeprefix(_PREFIX) for name in names}

    @property
    def states(self) -> set[str]:
        (words,) = self._ask("Accessible", "GetState")
        assert isinstance(words, list)
        bits = words[0] | words[1] << 32
        return {name for name, bit in _STATES.items() if bits >> bit & 1}

    @property
    def text(self) -> str:
        """What is written in it, if it has the interface of a text."""
        return str(self._ask("Text", "GetText", "ii", (0, -1))[0])

    @property
    def caret(self) -> int:
        """Before which character of its text the caret is."""
        position = self._property("Text", "CaretOffset")
        assert isinstance(position, int)
        return position

    @property
    def value(self) -> float:
        value = self._property("Value", "CurrentValue")
        assert isinstance(value, int | float)
        return float(value)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels of the screen."""
        return _four(self._ask("Component", "GetExtents", "u", (0,))[0])

    def character_box(self, position: int) -> tuple[int, int, int, int]:
        """The same of one character of its text."""
        return _four(self._ask("Text", "GetCharacterExtents", "iu", (position, 0)))

    def child_count(self) -> int:
        """How many objects are in it."""
        count = self._property("Accessible", "ChildCount")
        assert isinstance(count, int)
        return count

    def children(self) -> list["Accessible"]:
        """All that are in it."""
        (found,) = self._ask("Accessible", "GetChildren")
        assert isinstance(found, list)
        return [Accessible(self.bus, peer, path) for peer, path in found]

    def cell(self, row: int, column: int) -> "Accessible":
        """A cell of a table."""
        (found,) = self._ask("Table", "GetAccessibleAt", "ii", (row, column))
        assert isinstance(found, tuple)
        return Accessible(self.bus, *found)

    def row_count(self) -> int:
        """The rows of a table."""
        rows = self._property("Table", "NRows")
        assert isinstance(rows, int)
        return rows

    def shown(self) -> Iterator["Accessible"]:
        """This object and all in it that can be seen, but for the cells of tables."""
        yield self
        if self.role not in _TABLES:
            for child in self.children():
                try:
                    if "showing" in child.states:
                        yield from child.shown()
                except GoneError:
                    continue

    def look_for(self, role: str, name: str) -> "Accessible | None":
        """The first shown object of this role whose name matches all of the pattern ``name``, if any does."""
        pattern = re.compile(name, re.DOTALL)
        for item in self.shown():
            try:
                if item.role == role and pattern.fullmatch(item.name):
                    return item
            except GoneError:
                continue
        return None

    def find(self, role: str, name: str) -> "Accessible":
        """The same, as soon as it is there."""
        try:
            return eventually(lambda: self.look_for(role, name), f"{role} {name!r}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.tree()}") from None

    def tree(self) -> str:
        """All that can be seen in it, a line each: what to read when a test fails."""
        lines = []
        for item in self.shown():
            try:
                lines.append(f"{item.role} {item.name!r} {item.description!r}")
            except GoneError:
                continue
        return "\n".join(lines)

    def _property(self, interface: str, name: str) -> object:
        answer = self.bus.call(self.peer, self.path, _PROPERTIES, "Get", "ss", (_PREFIX + interface, name))
        (variant,) = answer
        assert isinstance(variant, tuple)
        return variant[1]

    def _ask(
        self, interface: str, method: str, signature: str = "", body: tuple[object, ...] = ()
    ) -> tuple[object, ...]:
        return self.bus.call(self.peer, self.path, _PREFIX + interface, method, signature, body)


def number_in(words: str) -> int:
    """The tokens that are told as ``34,103``."""
    return int(re.sub(r"[^\d]", "", words))


def _four(box: object) -> tuple[int, int, int, int]:
    assert isinstance(box, tuple)
    left, top, width, height = box
    return int(left), int(top), int(width), int(height)
