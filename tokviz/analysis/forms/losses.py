"""What data lost on their way through a form: found by comparing them with what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from tokviz.analysis.forms.values import Scalar, Value, is_finite, spelled
from tokviz.language import N_, _, gettext

_LONGEST_PLACE = 60
_SPELLING = N_("how numbers are spelled")
_Found = tuple[str, str, tuple[str, ...]]
"""A kind of loss in English, its place, and what it is about: a name, or a number before and after."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One kind of loss; ``str()`` is in English, for files."""

    what: str
    """In a few words, such as ``numbers and text look alike``."""
    where: str
    """The first place, such as ``[3].zip``; empty for the whole."""
    words: str = field(default="", compare=False)
    """All of it for people."""

    def __str__(self) -> str:
        return f"{self.what} ({self.where})" if self.where else self.what


def loss_of(kind: str, where: str = "", about: tuple[str, ...] = ()) -> Loss:
    """A loss of a ``kind`` (in English), with ``about`` in the place of what it names."""
    if kind == _SPELLING and about:
        change = {"place": where, "before": about[0], "after": about[1]}
        spelling = f"{where}: {about[0]} becomes {about[1]}"  # verbatim
        # Translators: where in the data a number has another spelling, such as "[3].zip: 1.0 becomes 1".
        shown = _("{place}: {before} becomes {after}", **change)
        return Loss(kind, spelling, f"{gettext(kind)} ({shown})")
    named = {"name": about[0], "reason": about[0]} if about else {}
    said = gettext(kind, **named)
    return Loss(kind.format(**named), where, f"{said} ({where})" if where else said)


def losses(before: Value, after: Value) -> tuple[Loss, ...]:
    """Every kind of loss once, with its first place; empty if ``after`` is the same data, in the same order,
    every number spelled as it was."""
    if _same(before, after):
        return ()
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for what, where, about in _compare_whole(before, after):
        found.setdefault(what, (where, about))
    return tuple(loss_of(what, where, about) for what, (where, about) in found.items())


def _same(before: Value, after: Value) -> bool:
    """Whether there is no loss; quick, as most data come back unchanged."""
    if isinstance(before, dict):
        return (
            isinstance(after, dict)
            and list(before) == list(after)
            and all(map(_same, before.values(), after.values()))
        )
    if isinstance(before, list):
        return isinstance(after, list) and len(before) == len(after) and all(map(_same, before, after))
    return not isinstance(after, list | dict) and not _changed(before, after)


def _compare_whole(before: Value, after: Value) -> Iterator[_Found]:
    """Tables and lines always come back as a list: compare its rows with what they were made of."""
    if isinstance(after, list) and not isinstance(before, list):
        inner = next(iter(before.items())) if isinstance(before, dict) and len(before) == 1 else ("", None)
        if isinstance(inner[1], list) and len(inner[1]) == len(after):
            yield N_("the name “{name}” around the rows"), "", (inner[0],)
            yield from _compare(inner[1], after, "")
            return
        if len(after) == 1:
            if not isinstance(before, dict):
                yield N_("that it is no list"), "", ()
            else:
                yield N_("that it is one object, not a list"), "", ()
                yield from _compare(before, after[0], "")
            return
    yield from _compare(before, after, "")


def _compare(before: Value, after: Value, where: str) -> Iterator[_Found]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _compare_objects(before, after, where)
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield N_("the number of items"), where, ()
        for place, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from _compare(one, other, f"{where}[{place}]" if len(where) < _LONGEST_PLACE else where)
    elif isinstance(before, list | dict) or isinstance(after, list | dict):
        yield _reshaped(before, after), where, ()
        if isinstance(after, dict) and len(after) == 1:
            yield from _compare(before, next(iter(after.values())), where)
    elif what := _changed(before, after):
        spelling = (spelled(before)[:20], spelled(after)[:20]) if what == _SPELLING else ()
        yield what, where, spelling


def _compare_objects(before: dict[str, Value], after: dict[str, Value], where: str) -> Iterator[_Found]:
    inner = f"{where}." if where else ""
    for name, value in before.items():
        place = inner + name if len(where) < _LONGEST_PLACE else where
        if name not in after:
            yield N_("names of values"), place, ()
        else:
            yield from _compare(value, after[name], place)
    added = after.keys() - before.keys()
    if added and all(after[name] == "" for name in added):
        yield N_("values that are missing and empty text look alike"), where, ()
    elif added:
        yield N_("names of values"), where, ()
    if [name for name in after if name in before] != [name for name in before if name in after]:
        yield N_("the order of names"), where, ()


def _reshaped(before: Value, after: Value) -> str:
    if isinstance(before, list | dict) and not before:
        return N_("empty lists, empty objects and empty text look alike")
    if isinstance(before, list | dict) and isinstance(after, list | dict):
        return N_("lists and objects look alike")
    if isinstance(before, list | dict):
        return N_("nested values become text")
    return N_("single values become rows")


def _changed(before: Scalar, after: Scalar) -> str:
    """What became of a single value; empty if nothing."""
    if type(before) is type(after) and repr(before) == repr(after):
        return ""
    if isinstance(before, str) and isinstance(after, str):
        return _respelled_text(before, after)
    if isinstance(before, float) and not is_finite(before):
        return N_("infinity and what is no number become nothing")
    if before is None or after is None:
        return N_("nothing (null) and text look alike")
    if isinstance(before, bool) or isinstance(after, bool):
        return N_("true, false and text look alike")
    if isinstance(before, str) or isinstance(after, str):
        return N_("numbers and text look alike")
    same = Decimal(spelled(before)) == Decimal(spelled(after))
    return _SPELLING if same else N_("digits of numbers")


def _respelled_text(before: str, after: str) -> str:
    if before.split() == after.split():
        return N_("white space in text")
    if before.isprintable():
        return N_("characters of text")
    return N_("control characters in text")
