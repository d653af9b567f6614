"""Making a text smaller, one shortening after the other."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from tokviz.documents.shortening.encoded import shorten_encoded
from tokviz.documents.shortening.shortenings import Shortening


class Shortened(NamedTuple):
    """What has become of a text."""

    text: bytes
    """Valid UTF-8."""
    applied: tuple[Shortening, ...] = ()
    """Those that changed it, in order."""
    kept: str = ""
    """Why it was left as it is where it was not to be: ``the notebook is broken: it is no JSON``."""


class KeptError(Exception):
    """A text must stay as it is; ``str()`` says why."""


_Step = Callable[[bytes, str], bytes]
"""From a text and its file's name to the shorter text, which may be the same; or KeptError."""
_STEPS: dict[Shortening, _Step] = {
    Shortening.BASE64: lambda text, _: shorten_encoded(text),
}


def shorten(text: bytes, name: str, wanted: Iterable[Shortening]) -> Shortened:
    """``text`` (valid UTF-8) of the file ``name`` (or path), shortened in the order of ``Shortening``."""
    found = Shortened(text)
    for one in Shortening:
        if one in wanted:
            found = apply(found, name, one)
    return found


def apply(before: Shortened, name: str, one: Shortening) -> Shortened:
    """One step of ``shorten``; a text that would not become smaller stays as it is."""
    try:
        text = _STEPS[one](before.text, name)
    except KeptError as error:
        return before._replace(kept=str(error))
    if len(text) >= len(before.text):
        return before
    return before._replace(text=text, applied=(*before.applied, one))
