"""Starting the program anew with what is open in its window: words are read once, so a window keeps the
language that it began with."""

import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tokviz import language

VARIABLE = "TOKVIZ_REOPEN"
"""The environment variable in which a start is told what was open. No file remembers it."""
_PLACE = 4
"""Numbers that say where in a text the reader was."""


@dataclass(frozen=True, slots=True)
class OpenThings:
    """What is open in a window, but for texts that are in no file: those come back by themselves."""

    page: int = 0
    """The index of the one in front."""
    texts: Sequence[str] = ()
    """Files of the text page, the one in front last."""
    codebase: Sequence[str] = ()
    conversation: str = ""
    """A file or a folder."""
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Where the reader was in each text: see ``OpenTexts.places``."""
    front: str = ""
    """Which of them was in front."""


def start_again(
    things: OpenThings, environment: MutableMapping[str, str], start: Callable[[str], object]
) -> None:
    """Have ``start`` open a window with these things, in the language that is preferred by now;
    ``environment``, this process's own, is made ready for that. OSError if it cannot be started."""
    environment.pop(language.VARIABLE, None)
    environment[VARIABLE] = json.dumps(asdict(things))  # in ASCII, so also names that are not UTF-8
    start("--new-window")


def things_to_open(environment: MutableMapping[str, str]) -> OpenThings | None:
    """What this start is to open again; None if it is an ordinary one. No other process learns of it."""
    try:
        told = OpenThings(**json.loads(environment.pop(VARIABLE, "null")))
    except (ValueError, TypeError):
        return None
    lists, names = (told.texts, told.codebase), (*told.texts, *told.codebase, told.conversation)
    is_right = isinstance(told.page, int) and all(isinstance(one, list) for one in lists)
    is_right = is_right and isinstance(told.front, str) and _are_places(told.places)
    return told if is_right and all(isinstance(name, str) for name in names) else None


def _are_places(told: object) -> bool:
    return isinstance(told, dict) and all(
        isinstance(place, list)
        and len(place) == _PLACE
        and all(type(one) is int and one >= 0 for one in place)
        for place in told.values()
    )


def names_of(paths: Sequence[Path | None]) -> tuple[str, ...]:
    """The paths, absolute, as ``OpenThings`` has them; what is in no file has none."""
    return tuple(str(path.absolute()) for path in paths if path is not None)
