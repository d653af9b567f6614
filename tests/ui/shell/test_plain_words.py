"""No word of the window stays English in another language: what the finder of tests/untranslated.py takes
for no word, such as a single one in small letters, is seen here."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.ui.shell.test_languages import run
from tokviz import language
from tokviz.assets import Assets
from tokviz.documents.encodings import ENCODINGS

OTHERS = {
    "API",
    "estimate",  # the name of an estimator, as for --tokenizer
    *("Scroll Left", "Scroll Right"),  # Qt's own words, which its translations have
}


def names() -> Iterator[str]:
    """Texts that are the same in every language."""
    yield from OTHERS
    yield from (encoding.shown for encoding in ENCODINGS)
    for file in ("models.toml", "tokenizers.toml"):
        yield from _strings(tomllib.loads(Assets().path("catalog", file).read_text("utf-8")))


def _strings(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from (key, *_strings(inner))
        case list():
            for inner in value:
                yield from _strings(inner)
        case str():
            yield value


def test_no_word_of_the_window_stays_english(tmp_path: Path) -> None:
    folder = tmp_path / "xyz"
    (folder / "x").mkdir(parents=True)
    (folder / "a.py").write_text("# a remark\nprint(1)\n" * 50, "utf-8")
    (folder / "x" / "b.lock").write_text("a = 1\n" * 500, "utf-8")
    (folder / "c.bin").write_bytes(bytes(range(256)) * 4)
    told = json.loads(run(language.PSEUDO, "tests.ui.shell.plain_words", str(tmp_path), str(folder)))
    known = set(names())
    made = ("a.py", "b.lock", "c.bin", "xyz", str(tmp_path), ".claude/projects")
    faults = [
        text
        for text in told
        if not known.issuperset(re.split(", | · ", text.partition(": ")[2]))
        and text.partition(": ")[2] not in known
        and not any(name in text for name in made)
    ]
    assert faults == []
