"""What is open in a window, for the next start: for one that takes its place at once, as words are read once
and a window keeps the language that it began with, and for one on another day."""

import json
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tokviz import language
from tokviz.ui.common.settings import KEEP_OPEN, Settings

VARIABLE = "TOKVIZ_REOPEN"
"""The environment variable in which a start that takes a window's place is told what was open."""
_KEPT = "window/open"
"""The key in the settings under which it waits for the next start."""
_PLACE = 4
"""Numbers that say where in a text the reader was."""
_MOST = 2**31 - 1
"""The largest number that a place may have: a scroll bar takes no larger one."""


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
    environment[VARIABLE] = _written(things)
    start("--new-window")


def things_to_open(environment: MutableMapping[str, str]) -> OpenThings | None:
    """What this start is to open again; None if it is an ordinary one. No other process learns of it."""
    return _read(environment.pop(VARIABLE, ""))


def keep(things: OpenThings, settings: Settings, took_up: bool) -> None:
    """Remember what is open, if the user wants that. A window that was started with a file replaces nothing
    that waits; only one that ``took_up`` what waited does."""
    if not settings.flag(KEEP_OPEN, True):
        settings.set(_KEPT, "")
    elif took_up or not settings.text(_KEPT):
        settings.set(_KEPT, _written(things))


def take_kept(settings: Settings) -> OpenThings | None:
    """What was open in the window that was closed last, without what is not there any more. It is forgotten
    until this one is closed: what ends the program would end every start."""
    things = _read(settings.text(_KEPT)) if settings.flag(KEEP_OPEN, True) else None
    if things is None:
        return None
    settings.set(_KEPT, "")
    return replace(
        things,
        texts=_there(things.texts),
        codebase=_there(things.codebase),
        conversation="".join(_there([things.conversation])),
    )


def _there(names: Sequence[str]) -> list[str]:
    # Imported here: the first frame needs no reading of files, and it takes a twentieth of its time.
    from tokviz.documents.reading import exists

    return [name for name in names if name and exists(Path(name))]


def _written(things: OpenThings) -> str:
    """In ASCII, so also names that are not UTF-8."""
    return json.dumps(asdict(things))


def _read(text: str) -> OpenThings | None:
    try:
        told = OpenThings(**json.loads(text or "null"))
    except (ValueError, TypeError, RecursionError):
        return None
    lists, names = (told.texts, told.codebase), (*told.texts, *told.codebase, told.conversation)
    is_right = isinstance(told.page, int) and all(isinstance(one, list) for one in lists)
    is_right = is_right and isinstance(told.front, str) and _are_places(told.places)
    return told if is_right and all(isinstance(name, str) for name in names) else None


def _are_places(told: object) -> bool:
    return isinstance(told, dict) and all(
        isinstance(place, list)
        and len(place) == _PLACE
        and all(type(one) is int and 0 <= one <= _MOST for one in place)
        for place in told.values()
    )


def names_of(paths: Sequence[Path | None]) -> tuple[str, ...]:
    """The paths, absolute, as ``OpenThings`` has them; what is in no file has none."""
    return tuple(str(path.absolute()) for path in paths if path is not None)
