"""Our own interfaces for screen readers: how Qt finds them, how long they live, and what is said at once."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleObject,
)
from shiboken6 import isValid

from tokviz.lists import listed


class Interfaces:
    """All that Qt was given for one widget: it asks whatever has a method ``accessible_interface``."""

    def __init__(self) -> None:
        install_factory()
        self._given: list[QAccessibleInterface] | None = []

    def new(self, make: Callable[[], QAccessibleInterface]) -> QAccessibleInterface | None:
        """What a screen reader talks to from now on; None once the program ends. Qt asks for another one
        whenever PySide has changed an object's meta object, and deletes each of them: the same one twice
        would crash."""
        if self._given is None:
            return None
        if not self._given and (application := QCoreApplication.instance()) is not None:
            application.aboutToQuit.connect(self._end)
        self._given.append(make())
        return self._given[-1]

    def _end(self) -> None:
        # Python would delete them before the objects, and Qt ask them for something after that.
        given, self._given = self._given or [], None
        for each in given:
            if isValid(each):
                QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(each))


class Childless(QAccessibleObject):
    """What has nothing in it that could be asked about by itself."""

    def childCount(self) -> int:
        """None."""
        return 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """There is none."""
        return -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        return None


def announce(source: QObject, words: str) -> None:
    """Have a screen reader say ``words``, if one listens."""
    if QAccessible.isActive() and words:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, words))


def in_one_line(words: str) -> str:
    """The lines of a tooltip as one sentence to be heard."""
    return listed(words.split("\n"))


@cache
def install_factory() -> None:
    """Have Qt ask every object for an interface of its own (once for the process)."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    make = getattr(thing, "accessible_interface", None)
    return make() if callable(make) else None
