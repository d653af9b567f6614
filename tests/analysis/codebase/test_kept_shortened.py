"""What shortened files count is kept: the same figures without a lexer and without counting."""

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from tokviz.analysis.codebase import shortened_counts
from tokviz.analysis.codebase.kept_shortened import KeptShortened
from tokviz.analysis.codebase.shortened_counts import ShortenedCounts, count_shortened
from tokviz.count_cache.cache import CountCache
from tokviz.documents.decoding import FOUND_OUT, ReadOptions
from tokviz.documents.encodings import find_encoding
from tokviz.documents.shortening.shorten import all_shortened
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import BATCH
from tokviz.documents.tree.walking import FoundFile

FILES = {
    "a.py": b"# one\n\nx = 1  # two\n" * 20,
    "same.py": b"x = 1\n",
    "yarn.lock": b"left-pad@1.0\n" * 90,
    "book.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": ["x = 1  # y\n"], "outputs": []}], "metadata": {"k": 1}}
    ).encode(),
    "broken.ipynb": b"{",
    "page.html": b"<img src='data:image/png;base64," + b64encode(Random(4).randbytes(3000)) + b"'>\n",
    "latin.py": "# Straße nach Köln und Übersee\nx = 'ä'\n".encode("cp1252") * 9,
    "binary.bin": bytes(range(256)),
    "empty.py": b"",
}


class Letters:
    """Counts letters, and remembers what it counted."""

    columns = ("letters",)

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def count(self, texts: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        self.seen += texts
        return np.array([[sum(text.count(letter) for letter in b"abcxyz")] for text in texts], np.int64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


def cached(tmp_path: Path, code: bytes = b"code") -> CountCache:
    return CountCache(tmp_path / "cache", code, lambda name: name)


def shortened(
    folder: Path,
    cache: CountCache | None,
    counter: Letters,
    options: ReadOptions = FOUND_OUT,
    ways: Sequence[Shortening] = tuple(Shortening),
    batch: int = BATCH,
) -> ShortenedCounts:
    kept = KeptShortened(cache, counter.columns, ways)
    names = dict(enumerate(sorted(path.name for path in folder.iterdir())))
    files = [(number, FoundFile(name, 0, 0)) for number, name in names.items()]
    texts = kept.texts(folder, files, options, batch)
    found = list(count_shortened(texts, names, [counter], ways, batch, kept))
    kept.flush()
    return ShortenedCounts.of(found, 4)


def same(one: ShortenedCounts, other: ShortenedCounts) -> bool:
    return (
        np.array_equal(one.keys, other.keys)
        and np.array_equal(one.values, other.values)
        and one.kept == other.kept
    )


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of which shorter texts are made."""
    seen: list[str] = []
    made = all_shortened

    def spying(text: bytes, name: str, among: Sequence[Shortening]) -> object:
        seen.append(name)
        return made(text, name, among)

    monkeypatch.setattr(shortened_counts, "all_shortened", spying)
    return seen


@pytest.mark.parametrize("batch", [BATCH, 1])
def test_a_second_time_nothing_is_shortened_and_nothing_counted(
    folder: Path, tmp_path: Path, looked_at: list[str], batch: int
) -> None:
    plain = shortened(folder, None, Letters(), batch=batch)
    first = shortened(folder, cached(tmp_path), Letters(), batch=batch)
    assert same(first, plain) and len(plain.keys) == 7 and len(plain.kept) == 1
    looked_at.clear()
    counter = Letters()
    assert same(shortened(folder, cached(tmp_path), counter, batch=batch), plain)
    assert counter.seen == []
    assert set(looked_at) <= {"binary.bin"}


def test_only_what_changed_is_looked_at(folder: Path, tmp_path: Path, looked_at: list[str]) -> None:
    shortened(folder, cached(tmp_path), Letters())
    looked_at.clear()
    (folder / "a.py").write_bytes(b"# another\nz = 1\n")
    (folder / "yarn.lock").rename(folder / "yarn.txt")  # by its name it is no lock file
    again = shortened(folder, cached(tmp_path), Letters())
    assert set(looked_at) == {"a.py", "yarn.txt"}
    assert same(again, shortened(folder, None, Letters()))


@pytest.mark.parametrize(
    ("options", "ways", "code"),
    [
        (ReadOptions(encoding=find_encoding("cp437"), forced=True), tuple(Shortening), b"code"),
        (FOUND_OUT, (Shortening.BASE64, Shortening.COMMENTS), b"code"),
        (FOUND_OUT, tuple(Shortening), b"other code"),
    ],
)
def test_what_is_read_measured_or_made_otherwise_is_another_thing(
    folder: Path, tmp_path: Path, options: ReadOptions, ways: Sequence[Shortening], code: bytes
) -> None:
    shortened(folder, cached(tmp_path), Letters())
    found = shortened(folder, cached(tmp_path, code), Letters(), options, ways)
    assert same(found, shortened(folder, None, Letters(), options, ways))


def test_a_damaged_cache_costs_time_alone(folder: Path, tmp_path: Path) -> None:
    plain = shortened(folder, cached(tmp_path), Letters())
    for file in (tmp_path / "cache").glob("*.new"):
        data = bytearray(file.read_bytes())
        for at in range(3, len(data), 67):
            data[at] ^= 0x55
        file.write_bytes(data)
    assert same(shortened(folder, cached(tmp_path), Letters()), plain)
    (tmp_path / "cache" / "about").unlink()
    assert same(shortened(folder, cached(tmp_path), Letters()), plain)


def test_another_tokenizer_shares_what_was_found_out(folder: Path, tmp_path: Path) -> None:
    class Digits(Letters):
        columns = ("digits",)

    shortened(folder, cached(tmp_path), Letters())
    counter = Digits()
    assert same(shortened(folder, cached(tmp_path), counter), shortened(folder, None, Digits()))
    assert counter.seen
