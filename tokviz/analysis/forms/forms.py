"""The forms that data can be written in, and what each makes of the data of one text.

A new form is a row of ``FORMS``: a function that writes it and one that reads it back.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import toon_format

from tokviz import language
from tokviz.analysis.forms.json_form import (
    Note,
    read_json,
    read_json_lines,
    write_json_lines,
    write_minified,
    write_pretty,
)
from tokviz.analysis.forms.losses import Loss, loss_of, losses
from tokviz.analysis.forms.table_forms import (
    read_markdown,
    read_separated,
    recognize_separated,
    write_markdown,
    write_separated,
)
from tokviz.analysis.forms.values import (
    MOST_BYTES,
    BoundsError,
    FormError,
    Value,
    check_bounds,
    number,
)
from tokviz.analysis.forms.xml_form import read_xml, write_xml
from tokviz.analysis.forms.yaml_form import read_yaml, write_yaml
from tokviz.language import N_, _, gettext, ngettext


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write data as text."""

    name: str
    """What the command line calls it."""
    title: str
    """In English, as ``short`` is; ``gettext`` has both for people."""
    short: str
    """The title where there is little room."""
    suffix: str
    """Of a file in this form."""
    write: Callable[[Value], str]
    """FormError where it cannot hold the data at all."""
    read: Callable[[str, Note], Value]
    """The data of a text in this form; FormError says where it is none."""


def _read_toon(text: str, _note: Note) -> Value:
    value: Value = toon_format.loads(text, parse_int=number, parse_float=number)
    return value


FORMS = (
    Form("json", N_("JSON, pretty"), N_("Pretty"), "json", write_pretty, read_json),
    Form("json-min", N_("JSON, minified"), N_("Minified"), "json", write_minified, read_json),
    Form("jsonl", N_("JSON Lines"), N_("Lines"), "jsonl", write_json_lines, read_json_lines),
    Form("yaml", "YAML", "YAML", "yaml", write_yaml, read_yaml),
    Form(
        "csv",
        "CSV",
        "CSV",
        "csv",
        partial(write_separated, separator=","),
        lambda text, _note: read_separated(text, ","),
    ),
    Form(
        "tsv",
        "TSV",
        "TSV",
        "tsv",
        partial(write_separated, separator="\t"),
        lambda text, _note: read_separated(text, "\t"),
    ),
    Form("markdown", N_("Markdown table"), N_("Table"), "md", write_markdown, read_markdown),
    Form("xml", "XML", "XML", "xml", write_xml, read_xml),
    Form("toon", "TOON", "TOON", "toon", toon_format.dumps, _read_toon),
)
"""In the order of tables. All of them are tried by round trip: see ``written``."""
AS_IT_IS = "as-it-is"
"""In the place of a form's name: the text as it stands."""
SOURCES = ("json", "jsonl", "yaml", "csv", "tsv", "markdown")
"""The forms that a text at hand is read in."""
_MOST_NOTES = 5
"""Sentences about what a reader could not keep; a file of hostile tags would make a million."""


def form_named(name: str) -> Form:
    """The row of ``FORMS`` with this name."""
    return next(form for form in FORMS if form.name == name)


@dataclass(frozen=True, slots=True)
class Written:
    """The data in one form."""

    form: str
    """Its name."""
    text: bytes
    """UTF-8; empty where there is a ``problem``."""
    losses: tuple[Loss, ...] = ()
    """What was not there when the text was read back; empty if the data came back unchanged."""
    problem: str = ""
    """Why this form cannot hold the data, as a sentence in English; else empty."""
    problem_words: str = ""
    """The same for people."""


@dataclass(frozen=True, slots=True)
class Found:
    """The data of a text."""

    form: str
    """The title of the form that the text has, in English."""
    value: Value
    notes: tuple[str, ...]
    """What the reader could not keep, a sentence each, in English."""
    note_words: tuple[str, ...]
    """The same for people."""


def find_data(text: bytes, form: str | None = None) -> Found:
    """The data that ``text`` (valid UTF-8) holds, in the form with this name, or in whichever of
    ``SOURCES`` it is; FormError says in one sentence why there are none."""
    if len(text) > MOST_BYTES:
        raise FormError(
            _(
                "The text has {bytes} bytes; other forms are made of up to {most}: select a part.",
                bytes=language.number(len(text)),
                most=language.number(MOST_BYTES),
            )
        )
    shown = text.decode("utf-8").removeprefix("\ufeff")
    if not shown.strip():
        raise FormError(_("There is no text."))
    title, value, words = _found(shown, form)
    notes = words
    if words and language.language() != language.ENGLISH:
        with language.in_english():
            notes = _found(shown, form)[2]
    return Found(title, value, notes, words)


def _found(text: str, form: str | None) -> tuple[str, Value, tuple[str, ...]]:
    """The title of the form, the data, and the notes in the language that is spoken."""
    notes: dict[str, None] = {}
    title, value = _read_as(text, form, notes) if form else _recognize(text, notes)
    check_bounds(value)
    told = list(notes)[:_MOST_NOTES]
    if len(notes) > _MOST_NOTES:
        more = len(notes) - _MOST_NOTES
        told.append(ngettext("And {n} more of that kind.", "And {n} more of that kind.", more))
    return title, value, tuple(told)


def _read_as(text: str, form: str, notes: dict[str, None]) -> tuple[str, Value]:
    """FormError with the form's title before its reason."""
    title = "JSON" if form == "json" else form_named(form).title
    try:
        if form == "csv" and (found := recognize_separated(text)) and found[0] != "\t":
            return title, found[1]
        return title, form_named(form).read(text, notes.setdefault)
    except BoundsError:
        raise
    except FormError as error:
        # Translators: {form} is such as "Markdown table", {reason} a sentence.
        said = _("The text is not {form}. {reason}", form=gettext(title), reason=error)
        raise FormError(said) from None


def _recognize(text: str, notes: dict[str, None]) -> tuple[str, Value]:
    """The first form that the text is in; plain text is no form."""
    looks_like_json = text.lstrip()[:1] in "{["
    no_json: FormError | None = None
    for form in ("json", "jsonl", "markdown", "yaml"):
        told: dict[str, None] = {}
        try:
            title, value = _read_as(text, form, told)
        except BoundsError:
            raise
        except FormError as error:
            no_json = no_json or error
            continue
        if isinstance(value, list if form == "jsonl" else list | dict):
            notes.update(told)
            if no_json and form == "yaml" and looks_like_json:
                notes[str(no_json)] = None
            return title, value
    if found := recognize_separated(text):
        separator, value = found
        return ("TSV" if separator == "\t" else "CSV"), value
    if no_json and looks_like_json:
        raise no_json
    raise FormError(_("The text is no JSON, JSON Lines, CSV, YAML or Markdown table."))


def written(value: Value, form: Form) -> Written:
    """Data in one form, read back and compared."""
    try:
        text, encoded = _encoded(value, form)
    except FormError as error:
        words = str(error)
        english = words if language.language() == language.ENGLISH else _problem_in_english(value, form)
        return Written(form.name, b"", problem=english, problem_words=words)
    try:
        back = form.read(text, lambda _note: None)
    except (FormError, ValueError, RecursionError) as error:
        lost = loss_of(N_("it cannot be read back: {reason}"), about=(str(error).splitlines()[0],))
        return Written(form.name, encoded, (lost,))
    return Written(form.name, encoded, losses(value, back))


def _encoded(value: Value, form: Form) -> tuple[str, bytes]:
    """The text of the data, and its UTF-8; FormError where the form cannot hold them."""
    try:
        text = form.write(value)
        return text, text.encode("utf-8")
    except FormError:
        raise
    except (UnicodeError, ValueError, RecursionError):
        said = _("{form} has no way to write a character or a value of it.", form=gettext(form.title))
        raise FormError(said) from None


def _problem_in_english(value: Value, form: Form) -> str:
    with language.in_english():
        try:
            _encoded(value, form)
        except FormError as error:
            return str(error)
    raise AssertionError("a form can hold data in one language and not in another")  # verbatim


def all_written(value: Value, forms: Sequence[Form] = FORMS) -> Iterator[Written]:
    """Data in every form, one after the other."""
    for form in forms:
        yield written(value, form)
