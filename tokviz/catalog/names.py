"""Unknown names are answered with the nearest known one."""

from collections.abc import Iterable


class UnknownNameError(LookupError):
    """A name that nothing has. ``str()`` is one sentence with the nearest name that something has."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.nearest = nearest(name, known)
        super().__init__(f"There is no {kind} “{name}”; did you mean “{self.nearest}”?")

    def __str__(self) -> str:
        return str(self.args[0])


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of ``known``, which may not be empty, that is most like ``name``, letter case aside."""
    # Imported here: it is needed only when something went wrong.
    from difflib import SequenceMatcher

    def likeness(other: str) -> tuple[bool, float]:
        plain, given = other.casefold(), name.casefold()
        return plain == given, SequenceMatcher(None, given, plain).ratio()

    return max(known, key=likeness)
