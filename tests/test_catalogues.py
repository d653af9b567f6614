"""The catalogues are complete, and fit the program as it is."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

from tokviz.language import read_catalogue

FOLDER = Path(__file__).parents[1] / "resources" / "languages"
CODES = sorted(path.stem for path in FOLDER.glob("*.po"))


def _script() -> ModuleType:
    sys.path.insert(0, str(FOLDER))
    try:
        return importlib.import_module("catalogues")
    finally:
        sys.path.remove(str(FOLDER))


catalogues = _script()


@pytest.fixture(scope="module")
def fresh() -> object:
    return catalogues.template()


@pytest.mark.parametrize("code", CODES)
def test_a_complete_catalogue_has_every_message(code: str, fresh: object) -> None:
    """If not: ``python resources/languages/catalogues.py check``."""
    text = (FOLDER / f"{code}.po").read_text("utf-8")
    if read_catalogue(text, code).head["X-State"] == "complete":
        assert list(catalogues.problems(catalogues.load(code), fresh)) == []


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_is_read_as_babel_reads_it(code: str) -> None:
    ours = read_catalogue((FOLDER / f"{code}.po").read_text("utf-8"), code)
    theirs = {
        (f"{message.context}\4" if message.context else "")
        + (message.id[0] if message.pluralizable else message.id): (
            list(message.string) if message.pluralizable else [message.string]
        )
        for message in catalogues.load(code)
        if message.id and (all(message.string) if message.pluralizable else message.string)
    }
    assert ours.messages == theirs


@pytest.mark.parametrize(
    ("english", "text", "mistake"),
    [
        ("{n} of {all}", "{n} von {alle}", "placeholders"),
        ("{n} of {all}", "{n} von {all", "braces"),
        ("&Open", "Öffnen", "mnemonic"),
        ("it is 100%% (so)", "es ist 100 % (so)", "percent sign"),
        ("Open", "&Öffnen", "mnemonic"),
        ("<b>Open</b>", "<b>Öffnen<b>", "tags"),
        ("Open ", "Öffnen", "blanks"),
        ("AT&T", "AT&T", ""),
        ("&Open {a}", "打开 {a} (&O)", ""),
    ],
)
def test_mistakes_are_found(english: str, text: str, mistake: str) -> None:
    found = list(catalogues.mistakes(Message(english), text))
    assert (mistake in found[0]) if mistake else found == []


def test_one_may_do_without_its_number() -> None:
    message = Message(("{n} file in {folder}", "{n} files in {folder}"))
    assert not list(catalogues.mistakes(message, "eine Datei in {folder}"))
    assert list(catalogues.mistakes(message, "{n} Dateien"))


def test_messages_are_found_wherever_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        'a = f"{_(\'in one\')}"\nb = _("outer {x}", x=ngettext("{n} file", "{n} files", 2))\n'
        '# Translators: of a window\nc = pgettext("left over", "Left")\n'
        'd = _(\n    # Translators: inside\n    "within",\n)\n'
    )
    (tmp_path / "module.py").write_text(source)
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogues, "phrases", lambda: ())
    found = catalogues.template()
    assert {str(message.id) for message in found if message.id} == {
        *("in one", "outer {x}", "('{n} file', '{n} files')", "Left", "within"),
    }
    assert found.get("Left", "left over").auto_comments == ["Translators: of a window"]
    assert found.get("within").auto_comments == ["Translators: inside"]


def test_a_new_language_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module.py").write_text('_("Open")\nngettext("{n} file", "{n} files", 2)\n')
    monkeypatch.setattr(catalogues, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogues, "phrases", lambda: ())
    monkeypatch.setattr(catalogues, "HERE", tmp_path)
    catalogues.begin("pl")
    assert set(catalogues.missing("pl", 9)) == {"Open", "{n} file"}
    assert catalogues.fill("pl", {"Open": "Otwórz", "Shut": "x"}) == ["no such message: Shut"]
    assert "X-State: draft" in (tmp_path / "pl.po").read_text("utf-8")
    assert not catalogues.fill("pl", {"{n} file": ["{n} plik", "{n} pliki", "{n} plików"]})
    read = read_catalogue((tmp_path / "pl.po").read_text("utf-8"), "pl")
    assert read.head["X-State"] == "complete" and read.head["X-Name"] == "Polski"
    assert (read.formats.group, read.formats.decimal) == ("\xa0", ",")


def test_phrases_of_the_data_are_taken_up_and_names_are_not() -> None:
    found = {phrase for _name, phrase, _remark in catalogues.phrases()}
    assert {
        "long agent tasks",
        "Chinese public holidays",
        "for at least 30 minutes",
    } <= found
    assert not {"GitHub token", "Built with Llama", "2020", ""} & found
    remarks = {message.id: message.auto_comments for message in catalogues.template()}
    assert remarks["long agent tasks"] == ["Translators: what a model is good at, or a remark on its prices."]
