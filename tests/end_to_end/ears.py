"""What a screen reader hears: where the focus goes, and what a program asks it to say."""

from contextlib import suppress

from jeepney import DBusAddress, HeaderFields, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import open_dbus_connection

from tests.end_to_end.accessible import Accessible, Bus, GoneError
from tests.end_to_end.screen import eventually

_EVENTS = "org.a11y.atspi.Event.Object"
_REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
_LISTENED_TO = ("object:state-changed:focused", "object:announcement")
_PAUSE = 0.1


class Ears:
    """Remembers what was said. Programs tell it only while somebody listens, so it is there before them."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._said: list[str] = []
        self.focus = ""
        """The name of what has it, as far as it was told."""
        self._connection = open_dbus_connection(bus.address)
        for event in _LISTENED_TO:
            register = new_method_call(_REGISTRY, "RegisterEvent", "sass", (event, [], ""))
            self._connection.send_and_get_reply(register)
        rule = MatchRule(type="signal", interface=_EVENTS)
        self._connection.send_and_get_reply(
            new_method_call(message_bus, "AddMatch", "s", (rule.serialise(),))
        )

    def close(self) -> None:
        """Listen no more."""
        self._connection.close()

    def hear(self, words: str) -> str:
        """Wait until somebody says what begins with ``words``; all of it."""

        def heard() -> list[str]:
            self._listen()
            return [each for each in self._said if each.startswith(words)]

        try:
            return eventually(heard, f"{words!r} is said")[0]
        except AssertionError as error:
            raise AssertionError(f"{error}, but: {self._said}") from None

    def forget(self) -> None:
        """What was said until now counts no more."""
        self._listen()
        self._said.clear()

    def _listen(self) -> None:
        with suppress(TimeoutError):
            while True:
                message = self._connection.receive(timeout=_PAUSE)
                fields = message.header.fields
                if fields.get(HeaderFields.interface) != _EVENTS:
                    continue
                kind, on, _, (_signature, value), *_rest = message.body
                if fields[HeaderFields.member] == "Announcement":
                    self._said.append(str(value))
                elif kind == "focused" and on:
                    source = Accessible(self._bus, fields[HeaderFields.sender], fields[HeaderFields.path])
                    with suppress(GoneError):
                        self.focus = source.name
                        self._said.append(self.focus)
