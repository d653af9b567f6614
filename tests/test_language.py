"""The language of the program: which is chosen, and what a catalogue gives; a bad one costs only itself."""

import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from tokviz import language
from tokviz.language import _, ngettext, npgettext, number, pgettext

GERMAN = """
msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Name: Deutsch\\n"
"X-State: complete\\n"
"X-Number: 1.234.567,8\\n"
"X-Percent: {n} %\\n"
"X-Dollars: {n} $\\n"
"X-Date: dd.MM.y\\n"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "{n} Datei"
msgstr[1] "{n} Dateien"

msgctxt "a window"
msgid "Left"
msgstr "Frei"

msgid "Left"
msgstr "Links"

msgid "{name} is empty."
msgstr "{nme} ist leer."

#, fuzzy
msgid "Right"
msgstr "Falsch"

msgid "two\\nlines"
msgstr ""
"zwei \\"Zeilen\\"\\n"
"so"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where catalogues are taken from; English again after the test."""
    monkeypatch.setattr(language, "catalogues_folder", lambda: tmp_path)
    (tmp_path / "de.po").write_text(GERMAN, "utf-8")
    (tmp_path / "zh_CN.po").write_text(GERMAN.replace("Deutsch", "中文"), "utf-8")
    (tmp_path / "fr.po").write_text(GERMAN.replace("X-State: complete", "X-State: draft"), "utf-8")
    yield tmp_path
    monkeypatch.undo()
    language.begin({language.VARIABLE: "en"}, tmp_path / "none")


def begin(folder: Path, **environment: str) -> str:
    language.begin(environment, folder / "tokviz.ini")
    assert environment[language.VARIABLE] == language.language()
    return language.language()


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US", "LANGUAGE": "eo:de"}, "de"),
        ({"LANG": "de", "LANGUAGE": "en:de"}, "en"),
        ({"LANG": "fr_FR"}, "en"),
        ({"LANG": "de", "TOKVIZ_LANGUAGE": "fr"}, "fr"),
        ({"TOKVIZ_LANGUAGE": "pseudo-rtl"}, "pseudo-rtl"),
        ({"TOKVIZ_LANGUAGE": "de-CH"}, "de"),
    ],
)
def test_the_language_is_that_of_the_environment(
    folder: Path, environment: dict[str, str], chosen: str
) -> None:
    assert begin(folder, **environment) == chosen
    assert language.damage() == ""


def test_the_preference_comes_before_the_system(folder: Path) -> None:
    (folder / "tokviz.ini").write_text("[General]\ntheme=dark\nlanguage=de\n", "utf-8")
    assert begin(folder, LANG="en_US") == "de"
    assert begin(folder, TOKVIZ_LANGUAGE="en") == "en"
    (folder / "tokviz.ini").write_text("[General]\nlanguage=xx\n", "utf-8")
    assert begin(folder, LANG="de") == "de"
    (folder / "tokviz.ini").write_bytes(b"\xff\xfe\0language=\xff")
    assert begin(folder, LANG="de") == "de"


def test_only_complete_languages_are_offered(folder: Path) -> None:
    (folder / "it.po").write_bytes(b"\xff")
    assert language.languages() == {"en": "English", "de": "Deutsch", "zh_CN": "中文"}


def test_words_and_plurals_are_those_of_the_catalogue(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert ngettext("{n} file", "{n} files", 1) == "1 Datei"
    assert ngettext("{n} file", "{n} files", 1234) == "1.234 Dateien"
    assert ngettext("{n} file", "{n} files", 1234, n="~1,2k") == "~1,2k Dateien"
    assert (_("Left"), pgettext("a window", "Left")) == ("Links", "Frei")
    assert _("two\nlines") == 'zwei "Zeilen"\nso'
    assert npgettext("nowhere", "{n} token", "{n} tokens", 2) == "2 tokens"


def test_what_is_wrong_or_missing_is_in_english(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert _("{name} is empty.", name="{a}") == "{a} is empty."
    assert _("Right") == "Right"
    assert _("Braces {stay} where nothing is filled") == "Braces {stay} where nothing is filled"


def test_numbers_money_and_dates_are_written_as_the_head_says(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert number(1234567) == "1.234.567"
    assert number("−1,234.50") == "−1.234,50"
    assert language.percent("42.1") == "42,1 %"
    assert language.dollars("0.0125") == "0,0125 $"
    assert language.date(datetime.date(2026, 3, 9)) == "09.03.2026"


def test_in_english_they_are_as_they_always_were() -> None:
    assert number(1234567) == "1,234,567"
    assert language.percent("42.1") == "42.1 %"
    assert language.dollars("12.35") == "$12.35"
    assert language.date(datetime.date(2026, 3, 9)) == "2026-03-09"
    assert ngettext("{n} file", "{n} files", 1) == "1 file"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["de", "fr", "hi", "ja", "pt_BR", "zh_CN", "pl"]))
def test_numbers_are_grouped_as_cldr_has_it(value: int, code: str) -> None:
    locale = Locale.parse(code)
    formats = language.Formats(number=format_decimal(1234567.8, locale=locale))
    ours = language.grouped_by(formats, f"{value:,}")
    assert ours == format_decimal(value, locale=locale)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "msgid broken",
        "\x00\xff",
        GERMAN.replace("(n != 1)", "n +"),
        GERMAN.replace("1.234.567,8", "many"),
    ],
)
def test_a_damaged_catalogue_is_told_and_english_is_spoken(folder: Path, text: str) -> None:
    (folder / "de.po").write_text(text, "latin-1")
    assert begin(folder, TOKVIZ_LANGUAGE="de") == "en"
    assert "de.po cannot be used" in language.damage()
    assert ngettext("{n} file", "{n} files", 3) == "3 files"


def test_an_unknown_language_is_told(folder: Path) -> None:
    assert begin(folder, TOKVIZ_LANGUAGE="tlh") == "en"
    assert "“tlh”" in language.damage() and "de, fr, zh_CN" in language.damage()


MESSAGES = st.text(min_size=1, max_size=40).filter(lambda text: "\r" not in text)


@given(st.dictionaries(MESSAGES, st.text(min_size=1, max_size=40), max_size=8))
def test_a_file_that_babel_writes_is_read_the_same(texts: dict[str, str]) -> None:
    catalog = Catalog(locale="de", fuzzy=False)
    for english, german in texts.items():
        catalog.add(english, german)
    file = BytesIO()
    write_po(file, catalog, width=76)
    read = language.read_catalogue(file.getvalue().decode("utf-8"), "de")
    assert read.messages == {english: [german] for english, german in texts.items()}


def test_the_pseudo_language_keeps_what_programs_read(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="pseudo")
    said = _("&Open {count} files in <b>{name}</b>…", count=3, name="tokens")
    assert "&" in said and "<b>tokens</b>" in said and " 3 " in said and said.endswith("…")
    plain = "A sentence of a certain length"
    assert len(_(plain)) >= 1.8 * len(plain) and plain not in _(plain)


def test_the_command_line_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    environment = os.environ | {"TOKVIZ_LANGUAGE": "tlh"}
    command = [sys.executable, "-m", "tokviz", "--version"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.startswith("tokviz: TOKVIZ_LANGUAGE is “tlh”")


def test_marked_words_are_translated_where_they_are_shown(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert language.N_("Left") == "Left" and language.gettext("Left") == "Links"


def test_inside_a_sentence_only_english_loses_its_capital(folder: Path) -> None:
    assert language.within("Name") == "name"
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert language.within("Name") == "Name"


def test_a_catalogue_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start it is chosen twice: when the module is imported, and by ``begin``."""
    begin(folder, TOKVIZ_LANGUAGE="de")
    read: list[object] = []
    monkeypatch.setattr(language, "read_catalogue", lambda *asked: read.append(asked))
    begin(folder, TOKVIZ_LANGUAGE="de")
    assert read == []
    assert _("Left") == "Links"


def test_programs_are_told_in_english(folder: Path) -> None:
    begin(folder, TOKVIZ_LANGUAGE="pseudo")
    with language.in_english():
        assert language._("It is empty.") == "It is empty."
        with language.in_english():
            pass
        assert language.ngettext("{n} file", "{n} files", 1234) == "1,234 files"
    assert language._("It is empty.") != "It is empty."
