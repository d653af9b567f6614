"""YAML, read by the core schema of YAML 1.2 and written so that readers of 1.1 and 1.2 understand the same.

It is read from the parser's events, not by PyYAML's constructor: that recurses, keeps no spelling of numbers,
loses double names without a word, and lets a few aliases stand for billions of values.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from tokviz import language
from tokviz.analysis.forms.json_form import Note
from tokviz.analysis.forms.values import (
    DEEPEST,
    MOST_BYTES,
    TOO_DEEP,
    BoundsError,
    FormError,
    Scalar,
    Value,
    check_bounds,
    is_finite,
    is_number,
    named_twice,
    number,
    spelled,
    wrong_at,
)
from tokviz.language import _, ngettext

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})  # verbatim
_BOOLS = {
    word: truth for truth in (True, False) for word in (str(truth), str(truth).lower(), str(truth).upper())
}
_WORDS_OF_1_1 = frozenset(
    each for word in ("yes", "no", "on", "off") for each in (word, word.capitalize(), word.upper())
)
_INT = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]{1,4000}|0x[0-9a-fA-F]{1,3000}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NO_TEXT = re.compile("|".join(each.pattern for each in (_INT, _BASED, _FLOAT, _INFINITE)), re.ASCII)
_MERGE = "<<"
_STANDARD = "tag:yaml.org,2002:"
_MOST_WEIGHT = 2 * MOST_BYTES
"""Characters and values that a text may stand for, aliases taken for what they repeat."""


def read_yaml(text: str, note: Note) -> Value:
    """The data of a YAML text; several documents are a list of them."""
    composer = _Composer(note)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, loader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = wrong_at(mark.line + 1, mark.column + 1, error.problem or "") if mark else f"{error.problem}."
        raise FormError(said) from None
    except (yaml.YAMLError, UnicodeError):
        raise FormError(_("It holds characters that YAML does not allow.")) from None
    documents = composer.documents
    if len(documents) > 1:
        count = len(documents)
        note(
            ngettext(
                "Its {n} document is taken as one list.",
                "Its {n} documents are taken as one list.",
                count,
                n=count,
            )
        )
    value: Value = documents if len(documents) != 1 else documents[0]
    check_bounds(value)
    return value


@dataclass(slots=True)
class _Frame:
    """A list or an object that is still open."""

    value: list[Value] | dict[str, Value]
    anchor: str | None
    key: str | None = None
    """The name that waits for its value."""
    merges: bool = False
    """Whether that name is ``<<``, which brings in another object's values."""
    merged: dict[str, Value] = field(default_factory=dict)
    """What ``<<`` brings in."""
    weight: int = 1


class _Composer:
    """Puts events together, with a stack of its own in place of recursion."""

    def __init__(self, note: Note) -> None:
        self.documents: list[Value] = []
        self._note = note
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._weight = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._anchors.clear()
            case yaml.AliasEvent():
                if event.anchor not in self._anchors:
                    said = _(
                        "The alias *{alias} stands for nothing, or for what it lies in.", alias=event.anchor
                    )
                    raise FormError(said)
                value, weight = self._anchors[event.anchor]
                self._weigh(weight)
                self._put(value, weight)
            case yaml.ScalarEvent():
                scalar, weight = self._scalar(event), len(event.value) + 1
                self._keep(event.anchor, scalar, weight)
                self._weigh(weight)
                self._put(scalar, weight, merges=event.value == _MERGE and bool(event.implicit[0]))
            case yaml.CollectionStartEvent():
                self._tell_tag(event.tag)
                if len(self._frames) >= DEEPEST:
                    raise BoundsError(TOO_DEEP)
                empty: list[Value] | dict[str, Value] = (
                    [] if isinstance(event, yaml.SequenceStartEvent) else {}
                )
                self._frames.append(_Frame(empty, event.anchor))
            case yaml.CollectionEndEvent():
                frame = self._frames.pop()
                if isinstance(frame.value, dict) and frame.merged:
                    frame.value = {**frame.merged, **frame.value}
                self._keep(frame.anchor, frame.value, frame.weight)
                self._put(frame.value, frame.weight)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if not event.implicit[0]:
            kind = (event.tag or "").removeprefix(_STANDARD)
            if kind not in ("null", "bool", "int", "float"):
                self._tell_tag(event.tag)
                return str(event.value)
        elif event.value in _WORDS_OF_1_1:
            self._note(
                _(
                    "“{word}” without quotes is taken as text, as YAML 1.2 has it, not as true or false.",
                    word=event.value,
                )
            )
        return _resolved(event.value)

    def _tell_tag(self, tag: str | None) -> None:
        if tag and tag not in ("!", *(_STANDARD + name for name in ("str", "seq", "map"))):
            self._note(_("The tag {tag} is left out.", tag=tag.replace(_STANDARD, "!!")))

    def _keep(self, anchor: str | None, value: Value, weight: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = value, weight

    def _weigh(self, weight: int) -> None:
        self._weight += weight
        if self._weight > _MOST_WEIGHT:
            most = language.number(_MOST_WEIGHT)
            raise BoundsError(_("Its aliases stand for more than {n} characters.", n=most))

    def _put(self, value: Value, weight: int, merges: bool = False) -> None:
        if not self._frames:
            self.documents.append(value)
            return
        frame = self._frames[-1]
        frame.weight += weight
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif frame.key is None:
            self._put_key(frame, value, merges)
        else:
            self._put_named(frame, frame.key, frame.value, value)

    def _put_key(self, frame: _Frame, value: Value, merges: bool) -> None:
        if isinstance(value, list | dict):
            raise FormError(_("It has a list or an object for a name, which no other form has."))
        frame.key, frame.merges = spelled(value), merges
        if not isinstance(value, str):
            self._note(_("Names that are no text, such as {name}, are taken as text.", name=frame.key))

    def _put_named(self, frame: _Frame, key: str, named: dict[str, Value], value: Value) -> None:
        frame.key = None
        if frame.merges and isinstance(value, dict | list):
            for each in reversed(value if isinstance(value, list) else [value]):
                frame.merged.update(each if isinstance(each, dict) else {})
            return
        if key in named:
            self._note(named_twice(key))
        named[key] = value


def _resolved(text: str) -> Scalar:
    """What a plain scalar stands for."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if is_number(text):
        return number(text)
    if _INT.fullmatch(text):
        digits = text.lstrip("+-").lstrip("0") or "0"
        return number(f"-{digits}" if text.startswith("-") else digits)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", "").lower())
    return text


def write_yaml(value: Value) -> str:
    """One document in block style, letters of all scripts as they are."""
    try:
        text: str = yaml.dump(
            value,
            Dumper=_Dumper,
            sort_keys=False,
            allow_unicode=True,
            default_flow_style=False,
            width=1 << 30,
        )
    except UnicodeError:
        raise FormError(_("Half a surrogate pair cannot be written in YAML.")) from None
    return text


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes no aliases, spells numbers as they came, and quotes text that YAML 1.2 takes for a number."""

    def ignore_aliases(self, _: object) -> bool:
        """See PyYAML."""
        return True


def _represented(dumper: Any, value: float | Decimal) -> Any:
    text = spelled(value)
    if isinstance(value, float) and not is_finite(value):
        text = {"inf": ".inf", "-inf": "-.inf"}.get(repr(value), ".nan")
    return dumper.represent_scalar(f"{_STANDARD}float", text)


def _set_up() -> None:
    for kind in (float, Decimal):
        _Dumper.add_representer(kind, _represented)
    _Dumper.add_implicit_resolver(
        f"{_STANDARD}float", re.compile(f"(?:{_NO_TEXT.pattern})$", re.ASCII), list("-+.0123456789")
    )


_set_up()
