"""Every sample is listed, readable and in the script that it says."""

import json
import unicodedata

import pytest

from tokviz.assets import Assets
from tokviz.documents.samples import NAMES, Passage, Sample, Samples

SAMPLES = Samples(Assets())
SCRIPTS = {
    "en": "LATIN",
    "es": "LATIN",
    "de": "LATIN",
    "ru": "CYRILLIC",
    "ar": "ARABIC",
    "hi": "DEVANAGARI",
    "th": "THAI",
    "zh": "CJK",
    "ja": "HIRAGANA",
    "ko": "HANGUL",
}


def test_every_file_is_listed_and_every_row_has_its_file() -> None:
    folder = Assets().path("samples")
    listed = {sample.file for sample in SAMPLES.all()}
    assert listed == {path.name for path in folder.iterdir() if path.is_file()} - {"samples.toml"}
    assert {passage.language for passage in SAMPLES.passages()} == {
        path.stem for path in (folder / "passages").iterdir()
    }
    assert len({sample.id for sample in SAMPLES.all()}) == len(SAMPLES.all())


def test_what_samples_are_called_is_marked_to_be_translated() -> None:
    called = {sample.title for sample in SAMPLES.all()} | {passage.name for passage in SAMPLES.passages()}
    assert called - {"Python", "JSON", "Base64"} == set(NAMES)


@pytest.mark.parametrize("sample", SAMPLES.all(), ids=lambda sample: sample.id)
def test_a_sample_is_a_page_of_composed_utf_8_with_unix_lines(sample: Sample) -> None:
    data = SAMPLES.text(sample.id)
    text = data.decode("utf-8")
    assert 500 < len(data) < 5000
    assert b"\r" not in data and text.endswith("\n") and not text.endswith("\n\n")


@pytest.mark.parametrize("passage", SAMPLES.passages(), ids=lambda passage: passage.language)
def test_a_passage_is_written_in_its_language_s_script(passage: Passage) -> None:
    text: str = passage.text
    names = [unicodedata.name(character) for character in text if character.isalpha()]
    script = SCRIPTS[passage.language]
    share = sum(name.startswith(script) for name in names) / len(names)
    assert share > 0.5, share
    assert sum(text.count(stop) for stop in ".。।") >= 4 or script == "THAI"


def test_the_samples_of_a_format_are_valid_in_it() -> None:
    json.loads(SAMPLES.text("json"))
    compile(SAMPLES.text("python"), "code.py", "exec")


def test_an_unknown_sample_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="klingon"):
        SAMPLES.text("klingon")
