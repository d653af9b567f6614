"""Making a text smaller: with what is asked for, or in every way there is, to see what each saves."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from tokviz.documents.shortening.encoded import shorten_encoded
from tokviz.documents.shortening.kept import KeptError
from tokviz.documents.shortening.notebooks import notebook_cells
from tokviz.documents.shortening.one_line import lock_file_line, minified_line
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _


class Shortened(NamedTuple):
    """What has become of a text."""

    text: bytes
    """Valid UTF-8."""
    applied: tuple[Shortening, ...] = ()
    """Those that changed it, in order."""
    kept: str = ""
    """Why one of them left it as it is, if something about it forbids that one."""


_STEPS: dict[Shortening, Callable[[bytes, str], bytes]] = {
    Shortening.NOTEBOOKS: lambda text, name: notebook_cells(text) if name.endswith(".ipynb") else text,
    Shortening.LOCK_FILES: lock_file_line,
    Shortening.MINIFIED: minified_line,
    Shortening.BASE64: lambda text, _name: shorten_encoded(text),
}
"""From a text and its file's name to the shorter text, which may be the same; or KeptError."""
_CODE = (Shortening.COMMENTS, Shortening.BLANK_LINES)
"""What comes after them, and is found in one reading of the text."""
_REPLACED = {Shortening.NOTEBOOKS, Shortening.LOCK_FILES, Shortening.MINIFIED}
"""What leaves no code."""


LARGEST = 32 << 20
"""Bytes of the largest text that is shortened; larger ones stay."""
_TOO_LARGE = _("it is too large to be shortened")


def shorten(text: bytes, name: str, wanted: Collection[Shortening]) -> Shortened:
    """``text`` (valid UTF-8) of the file ``name`` (or path), shortened in the order of ``Shortening``."""
    if len(text) > LARGEST:
        return Shortened(text, kept=_TOO_LARGE)
    found = Shortened(text)
    for one in _STEPS:
        if one in wanted:
            found = _step(found, name, one)
    if not any(one in wanted for one in _CODE):
        return found
    choice = [each for each in _code_steps(found, name) if set(wanted).issuperset(_last(each, found))]
    return max(choice, key=lambda each: len(each.applied))


def all_shortened(
    text: bytes, name: str, among: Collection[Shortening] = tuple(Shortening)
) -> list[Shortened]:
    """Every text that some choice ``among`` the shortenings makes of ``text``, which comes first itself."""
    if len(text) > LARGEST:
        return [Shortened(text, kept=_TOO_LARGE)]
    found = [Shortened(text)]
    for one in _STEPS:
        if one in among:
            steps = [(before, _step(before, name, one)) for before in found]
            found = [after if after.applied == before.applied else before for before, after in steps]
            found += [after for before, after in steps if after.applied != before.applied]
    code = {one for one in _CODE if one in among}
    if not code:
        return found
    return [
        each for before in found for each in _code_steps(before, name) if code.issuperset(_last(each, before))
    ]


def _last(after: Shortened, before: Shortened) -> tuple[Shortening, ...]:
    return after.applied[len(before.applied) :]


def _step(before: Shortened, name: str, one: Shortening) -> Shortened:
    """One step of ``_STEPS``."""
    try:
        return _shorter(before, _STEPS[one](before.text, name), one)
    except KeptError as error:
        return before._replace(kept=str(error))


def _code_steps(before: Shortened, name: str) -> list[Shortened]:
    """``before``, and what of it is shorter: without comments, without blank lines, without both."""
    if _REPLACED.intersection(before.applied):
        return [before]
    from tokviz.documents.shortening.code import code_variants  # lexers take their time to load

    try:
        variants = code_variants(before.text, name)
    except KeptError as error:
        return [before._replace(kept=_("its comments stay: {why}", why=error))]
    no_comments = _shorter(before, variants.no_comments, Shortening.COMMENTS)
    others = [
        no_comments,
        _shorter(before, variants.no_blank_lines, Shortening.BLANK_LINES),
        _shorter(no_comments, variants.neither, Shortening.BLANK_LINES),
    ]
    found = {each.applied: each for each in (before, *others)}
    return list(found.values())


def _shorter(before: Shortened, text: bytes, one: Shortening) -> Shortened:
    """``before`` with another text, or as it was if that would not be smaller."""
    if len(text) >= len(before.text):
        return before
    return before._replace(text=text, applied=(*before.applied, one))
