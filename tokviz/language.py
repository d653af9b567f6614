"""The language that people are spoken to in: words, plurals, numbers, money and dates.

The functions have gettext's names and take the sentence in English. Placeholders are named, and filled here:
``_("{name} is empty.", name=file)``. A catalogue is one ``.po`` file under ``resources/languages/``; its head
says how numbers are written. It is read as it is, once, and only where the language is not English.

It is chosen at the start, before modules with words are imported; processes started take it over.
"""

import datetime
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from gettext import c2py
from pathlib import Path

VARIABLE = "TOKVIZ_LANGUAGE"
"""The environment variable that has the language of this process and of those it starts."""
ENGLISH = "en"
PSEUDO, PSEUDO_RTL = "pseudo", "pseudo-rtl"
"""Stand-ins for languages, to see whether layouts hold: letters with accents, everything twice as long."""
PREFERENCE = "language"
"""The key in the settings file, and the line there: ``language=de``."""
_PACKAGE = Path(__file__).resolve().parent
_STANDARD = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_SETTING = re.compile(rf"^{PREFERENCE}=([\w-]*)\s*$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_SAMPLE = re.compile(r"\d+(\D?)(\d+)\D?(\d{3})(\D)\d")
_CONTEXT = "\x04"
"""Between a context and its message, as in gettext's own files."""


class CatalogueError(Exception):
    """A catalogue cannot be used; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How a language writes numbers, as the head of its catalogue has it (taken from CLDR)."""

    number: str = "1,234,567.8"
    """A sample with the language's signs."""
    percent: str = "{n} %"
    dollars: str = "${n}"
    date: str = "y-MM-dd"
    """CLDR's letters: y, M or MM, d or dd."""
    right_to_left: bool = False
    group: str = field(init=False)
    decimal: str = field(init=False)
    sizes: tuple[int, int] = field(init=False)
    """Digits of the last group and of those before it."""

    def __post_init__(self) -> None:
        if not (parts := _SAMPLE.fullmatch(self.number)):
            raise CatalogueError(f"“{self.number}” is no sample of a number")  # verbatim
        sizes = (len(parts[3]), len(parts[2]))
        for name, value in (("group", parts[1]), ("decimal", parts[4]), ("sizes", sizes)):
            object.__setattr__(self, name, value)


@dataclass(slots=True)
class Catalogue:
    """The messages of one language."""

    code: str = ENGLISH
    head: Mapping[str, str] = field(default_factory=dict)
    messages: dict[str, list[str]] = field(default_factory=dict)
    """By message (context first, if it has one), its translation, or one for each plural form."""
    formats: Formats = field(default_factory=Formats)
    form: str = "n != 1"
    """Which plural form a number takes, as an expression in C."""


class _Speaker:
    """Finds translations in the catalogue that was chosen."""

    def __init__(self) -> None:
        self.catalogue = Catalogue()
        self.damage = ""
        self._form: Callable[[int], int] = c2py(self.catalogue.form)

    def speak(self, code: str) -> None:
        """Take up a language; where its catalogue cannot be used, English, and ``damage`` says why."""
        self.damage = ""
        if code in (ENGLISH, PSEUDO, PSEUDO_RTL):
            mirrored = Formats(percent="\u200e{n} %\u200e", right_to_left=True)  # as Arabic has it
            self.catalogue = Catalogue(code, formats=mirrored if code == PSEUDO_RTL else Formats())
            return
        path = catalogues_folder() / f"{code}.po"
        try:
            self.catalogue = read_catalogue(path.read_text("utf-8"), code)
            self._form = c2py(self.catalogue.form)
        except (OSError, ValueError, CatalogueError) as error:
            self.damage = f"The translation {path} cannot be used, so this is English: {error}."  # verbatim
            self.catalogue = Catalogue()

    def say(self, key: str, forms: tuple[str, ...], number: int, values: Mapping[str, object]) -> str:
        """The translation of a message, filled; ``forms`` are the English ones, one or two."""
        english = forms[0 if number == 1 else -1]
        pseudo = self.catalogue.code in (PSEUDO, PSEUDO_RTL)
        found = [_pseudo(english)] if pseudo else self.catalogue.messages.get(key) or [english]
        try:
            text = found[self._form(number) if len(found) > 1 else 0]
            return text.format_map(values) if values else text
        except (LookupError, ValueError, AttributeError, TypeError):
            # A slip in one sentence of a catalogue costs that sentence.
            return english.format_map(values) if values else english


_speaker = _Speaker()


def _(message: str, /, **values: object) -> str:
    """``message`` in the language that was chosen, with ``values`` in the place of its ``{names}``."""
    return _speaker.say(message, (message,), 1, values)


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """The same of one or more: ``ngettext("{n} file", "{n} files", 3)``. ``n`` is the number as it is
    written, unless a value of that name is given (``n="~1.2k"``)."""
    return _speaker.say(singular, (singular, plural), count, {"n": number(count)} | values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The same where English has one word for two things; ``context`` tells translators which."""
    return _speaker.say(context + _CONTEXT + message, (message,), 1, values)


def npgettext(context: str, singular: str, plural: str, count: int, /, **values: object) -> str:
    """Both."""
    key = context + _CONTEXT + singular
    return _speaker.say(key, (singular, plural), count, {"n": number(count)} | values)


def gettext(message: str, /, **values: object) -> str:
    """The translation of a message that ``N_`` marks elsewhere, such as a member of an enumeration."""
    return _speaker.say(str(message), (str(message),), 1, values)


def N_(message: str, /) -> str:  # noqa: N802 - gettext's own name
    """``message`` as it is: marks it to be translated where ``gettext`` shows it."""
    return message


class TranslatedEnum(StrEnum):
    """Its members are words in English, marked with ``N_``. A program writes a member as it is."""

    @property
    def words(self) -> str:
        """The same for people, in the language that was chosen."""
        return gettext(self)


@contextmanager
def in_english() -> Iterator[None]:
    """English is spoken within, for what programs read; nothing may be yielded to others meanwhile."""
    spoken, _speaker.catalogue = _speaker.catalogue, Catalogue()
    try:
        yield
    finally:
        _speaker.catalogue = spoken


def within(words: str) -> str:
    """``words`` as they stand inside a sentence: in English without the capital they begin with."""
    return words[:1].lower() + words[1:] if _speaker.catalogue.code == ENGLISH else words


def clause(sentence: str) -> str:
    """A sentence without its full stop, to stand inside another."""
    return sentence.rstrip(".。")


def number(value: int | str) -> str:
    """A number with the language's signs: an int in groups, or as Python wrote it (``f"{share:,.1f}"``)."""
    return grouped_by(_speaker.catalogue.formats, f"{value:,}" if isinstance(value, int) else value)


def grouped_by(formats: Formats, text: str) -> str:
    """A number as Python wrote it, with the signs of ``formats``."""
    text = _regrouped(text, formats.sizes) if formats.sizes != (3, 3) and "," in text else text
    if formats.group == "," and formats.decimal == ".":
        return text
    return text.replace(",", "\0").replace(".", formats.decimal).replace("\0", formats.group)


def percent(value: int | str) -> str:
    """``42.1`` as ``42.1 %``."""
    return _speaker.catalogue.formats.percent.replace("{n}", number(value))


def dollars(value: int | str) -> str:
    """``12.35`` as ``$12.35``."""
    return _speaker.catalogue.formats.dollars.replace("{n}", number(value))


def date(day: datetime.date) -> str:
    """A day in digits; in English as ISO 8601 has it."""
    parts = {"y": f"{day.year:04}", "M": f"{day.month}", "d": f"{day.day}"}
    written = _speaker.catalogue.formats.date
    return re.sub(r"([yMd])\1*", lambda found: parts[found[1]].zfill(len(found[0])), written)


def language() -> str:
    """The language that was chosen, such as ``de`` or ``zh_CN``."""
    return _speaker.catalogue.code


def right_to_left() -> bool:
    """Whether it is written so."""
    return _speaker.catalogue.formats.right_to_left


def damage() -> str:
    """Why the chosen catalogue could not be used, in one sentence; empty if it could."""
    return _speaker.damage


def begin(environment: MutableMapping[str, str], settings: Path) -> None:
    """Choose the language of this process and of those that it starts: the one of ``TOKVIZ_LANGUAGE``, else
    the preference in the ``settings`` file, else the system's."""
    code = _chosen(environment, settings)
    if code != language() or damage():  # else it was read when this module was imported
        _speaker.speak(code or ENGLISH)
    if not code:
        told = f"{VARIABLE} is “{environment[VARIABLE]}”, which tokviz does not speak"  # verbatim
        _speaker.damage = f"{told}, so this is English: {', '.join((ENGLISH, *_codes()))}."  # verbatim
    environment[VARIABLE] = language()


def languages() -> dict[str, str]:
    """The languages whose catalogues are complete, by code, each with its own name for itself."""
    found = {ENGLISH: "English"}  # verbatim
    for path in sorted(catalogues_folder().glob("*.po")):
        try:
            with path.open(encoding="utf-8") as file:
                head = _head(next(_entries(iter(file)))[1][0])
        except (OSError, ValueError, StopIteration, CatalogueError):
            continue
        if head.get("X-State") == "complete":
            found[path.stem] = head.get("X-Name", path.stem)
    return found


def catalogues_folder() -> Path:
    """Where they are: in a wheel inside the package, in a checkout beside it."""
    packaged = _PACKAGE / "resources" / "languages"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "resources" / "languages"


def read_catalogue(text: str, code: str) -> Catalogue:
    """The catalogue in a ``.po`` file's text; CatalogueError if it is none. What is fuzzy is left out."""
    messages = {key: forms for key, forms in _messages(text) if all(forms)}
    if "" not in messages:
        raise CatalogueError("it has no head")  # verbatim
    head = _head(messages.pop("")[0])
    plural = re.search(r"plural=([^;]+)", head.get("Plural-Forms", ""))
    standard = Formats()
    formats = Formats(
        head.get("X-Number", standard.number),
        head.get("X-Percent", standard.percent),
        head.get("X-Dollars", standard.dollars),
        head.get("X-Date", standard.date),
        head.get("X-Direction") == "right-to-left",
    )
    return Catalogue(code, head, messages, formats, plural[1].strip() if plural else "n != 1")


def _codes() -> list[str]:
    return sorted(path.stem for path in catalogues_folder().glob("*.po"))


def _chosen(environment: Mapping[str, str], settings: Path) -> str:
    """The code of a language; empty if one is asked for that there is not."""
    if asked := environment.get(VARIABLE, ""):
        return asked if asked in (PSEUDO, PSEUDO_RTL) else _among(_plain(asked), (ENGLISH, *_codes()))
    return next_language(environment, _preference(settings))


def next_language(environment: Mapping[str, str], preferred: str) -> str:
    """The language of processes that begin with this preference; empty: the system's."""
    offered = languages()
    if preferred in offered:
        return preferred
    for names in filter(None, (environment.get(variable, "") for variable in _STANDARD)):
        # Only LANGUAGE has more than one; the first of the four that is set holds.
        found = (_among(_plain(name), offered) for name in names.split(":"))
        return next(filter(None, found), ENGLISH)
    return ENGLISH


def _plain(name: str) -> str:
    """A locale's name without encoding and variant: ``de_AT.UTF-8@euro`` as ``de_AT``."""
    return name.partition(".")[0].partition("@")[0].replace("-", "_")


def _among(name: str, codes: Collection[str]) -> str:
    """The one of ``codes`` that a locale's name asks for; empty if there is none."""
    if name in ("C", "POSIX"):
        return ENGLISH
    base = name.partition("_")[0]
    # Chinese without a region is written as in China.
    others = (code for code in codes if name == base and code.startswith(f"{base}_"))
    return next((code for code in (name, base) if code in codes), next(others, ""))


def _preference(settings: Path) -> str:
    try:
        found = _SETTING.search(settings.read_text("utf-8", "replace"))
    except OSError:
        return ""
    return found[1] if found else ""


def _messages(text: str) -> Iterator[tuple[str, list[str]]]:
    """What ``_entries`` gives, fast: most entries are two strings of a line each, below comments."""
    for block in text.split("\n\n"):
        above, _found, rest = block.partition('msgid "')
        message, between, translation = rest.rstrip("\n").partition('"\nmsgstr "')
        plain = between and translation.endswith('"') and "\n" not in message and "\n" not in translation
        if plain and not any(mark in above for mark in ("fuzzy", "#~", "msgctxt")):
            yield _bare(message), [_bare(translation[:-1])]
        else:
            yield from _entries(iter(block.split("\n")))


def _entries(lines: Iterator[str]) -> Iterator[tuple[str, list[str]]]:
    """Each message of a ``.po`` file with its translations; the head's message is empty."""
    parts: dict[str, str] = {}
    keyword, fuzzy = "", False
    for line in lines:
        line = line.strip()
        if line.startswith("#") or not line:
            if not line or line.startswith("#~"):
                yield from _entry(parts, fuzzy)
                parts, fuzzy = {}, False
            elif line.startswith("#,"):
                fuzzy = "fuzzy" in line
            continue
        if line[0] != '"':
            keyword, _space, line = line.partition(" ")
            if keyword in parts:
                yield from _entry(parts, fuzzy)
                parts, fuzzy = {}, False
        if not keyword.startswith("msg") or len(line) < 2 or line[0] != '"' or line[-1] != '"':
            raise CatalogueError(f"“{line}” is not as it must be")  # verbatim
        parts[keyword] = parts.get(keyword, "") + line[1:-1]
    yield from _entry(parts, fuzzy)


def _entry(parts: Mapping[str, str], fuzzy: bool) -> Iterator[tuple[str, list[str]]]:
    if fuzzy or "msgid" not in parts:
        return
    context = parts.get("msgctxt")
    key = parts["msgid"] if context is None else context + _CONTEXT + parts["msgid"]
    yield _bare(key), [_bare(text) for name, text in parts.items() if name.startswith("msgstr")]


def _bare(text: str) -> str:
    """A string of a ``.po`` file without its escapes."""
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), text) if "\\" in text else text


def _head(text: str) -> dict[str, str]:
    return {name: value.strip() for name, _colon, value in (line.partition(":") for line in text.split("\n"))}


def _regrouped(text: str, sizes: tuple[int, int]) -> str:
    """A number in groups of three, in those of another ``sizes``: ``1,234,567`` as ``12,34,567``."""
    whole, point, fraction = text.partition(".")
    digits = whole.lstrip("+-−~")
    sign, digits = whole[: len(whole) - len(digits)], digits.replace(",", "")
    last, others = sizes
    rest, groups = digits[:-last], [digits[-last:]]
    while rest:
        rest, groups = rest[:-others], [rest[-others:], *groups]
    return sign + ",".join(groups) + point + fraction


def _pseudo(text: str) -> str:
    """``text`` twice as long and with accents; placeholders, tags, mnemonics and line ends stay."""
    parts = re.split(r"(\{\w*\}|<[^<>]*>|&\w+;|&\w|\n)", text)
    accented = "".join(part if odd % 2 else "".join(map(_accented, part)) for odd, part in enumerate(parts))
    letters = sum(map(str.isalpha, "".join(parts[::2])))
    body = accented.rstrip(" \n:…")
    return body + " ẽẍẗŕä"[: max(0, letters)] + " ẽẍẗŕä" * max(0, (letters - 6) // 6) + accented[len(body) :]


def _accented(letter: str) -> str:
    mark = "\u0308" if letter in "aeiouyAEIOUYtwxhTWXH" else "\u0301"
    return unicodedata.normalize("NFC", letter + mark) if letter.isascii() and letter.isalpha() else letter


# Processes that tokviz starts never come to ``begin``, and what they import has words: they speak at once.
_speaker.speak(os.environ.get(VARIABLE, ENGLISH))
