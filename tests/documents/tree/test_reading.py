"""Files are read once each, in batches and ahead; what is no text is left out with its reason."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.documents.tree.test_ignore_files import write
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.reading import ReadAhead, TextBatch, read_contents, read_files
from tokviz.documents.tree.walking import FoundFile, LeftOut, Reason, walk


def listed(root: Path) -> list[tuple[int, FoundFile]]:
    return list(enumerate(file for listing in walk(root, None, {}) for file in listing.files))


def test_batches_hold_every_file_once_in_order(tmp_path: Path) -> None:
    write(tmp_path, {f"f{number}": "x" * number for number in range(10)})
    (tmp_path / "f3").write_bytes("é".encode("utf-16"))
    (tmp_path / "f4").write_bytes(b"\0\1\2\3")
    batches = list(read_files(tmp_path, listed(tmp_path), batch=10))
    assert [number for batch in batches for number in batch.numbers] == [0, 1, 2, 3, 5, 6, 7, 8, 9]
    assert all(batch.size == sum(map(len, batch.texts)) for batch in batches)
    read = list(read_contents(tmp_path, listed(tmp_path), batch=10))
    assert [sum(map(len, batch.contents)) >= 10 for batch in read[:-1]] == [True] * (len(read) - 1)
    texts = {
        number: text for batch in batches for number, text in zip(batch.numbers, batch.texts, strict=True)
    }
    assert texts[3] == "é".encode()
    assert [batch.encodings[batch.numbers.index(3)] for batch in batches if 3 in batch.numbers] == [
        "UTF-16 LE"
    ]
    assert [out for batch in batches for out in batch.left_out] == [
        (4, LeftOut("f4", False, Reason.BINARY, 4, detail="it is binary data (it holds NUL bytes)"))
    ]


def test_binaries_can_be_wanted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0\1\2\xff")
    (batch,) = read_files(tmp_path, listed(tmp_path), ReadOptions(binaries=True))
    assert batch.texts == ["\0\1\2\ufffd".encode()]
    assert batch.replaced == [1]


def test_what_changed_after_the_walk(tmp_path: Path) -> None:
    write(tmp_path, {"gone": "x", "grown": "x", "link": "x", "shrunk": "xxxx", "target": "secret"})
    files = listed(tmp_path)
    (tmp_path / "gone").unlink()
    (tmp_path / "grown").write_text("y" * 3_000_000)
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("target")
    (tmp_path / "shrunk").write_text("")
    (batch,) = read_files(tmp_path, files)
    assert [len(text) for text in batch.texts] == [3_000_000, 0, 6]
    assert [(number, out.reason) for number, out in batch.left_out] == [
        (0, Reason.UNREADABLE),
        (2, Reason.UNREADABLE),
    ]
    assert batch.left_out[0][1].describe() == "there is no such file"


def test_nothing_to_read(tmp_path: Path) -> None:
    assert list(read_files(tmp_path, [])) == []


def test_reading_ahead_keeps_the_order_and_its_distance() -> None:
    taken: list[int] = []

    def source() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    with ReadAhead(source(), depth=2) as items:
        for expected, item in enumerate(items):
            assert item == expected
            assert len(taken) <= item + 4
    assert expected == 49


def test_an_error_of_the_source_is_raised_where_the_items_are_used() -> None:
    def source() -> Iterator[TextBatch]:
        yield TextBatch()
        raise ValueError("broken")

    with ReadAhead(source()) as items:
        received = iter(items)
        next(received)
        with pytest.raises(ValueError, match="broken"):
            next(received)


def test_leaving_early_ends_the_thread() -> None:
    def endless() -> Iterator[int]:
        while True:
            yield 1

    before = threading.active_count()
    with ReadAhead(endless()) as items:
        assert next(iter(items)) == 1
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
