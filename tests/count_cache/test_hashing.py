"""Files hashed in another process: the digests that would be made here, whatever happens to it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from blake3 import blake3

from tokviz.count_cache import hashing
from tokviz.count_cache.hashing import HashingProcess
from tokviz.documents.tree.walking import FoundFile, Reason

KEY = bytes(range(32))
NAMES = ["a", "b\nc", "d e", os.fsdecode(b"no-utf-8-\xff"), "empty", "ü"]


def digest(content: bytes) -> bytes:
    return blake3(content, key=KEY).digest(length=16)


@pytest.fixture
def process() -> Iterator[HashingProcess]:
    with HashingProcess(KEY, digest) as process:
        yield process


def written(folder: Path) -> list[tuple[int, FoundFile]]:
    for name in NAMES:
        (folder / name).write_bytes(b"" if name == "empty" else os.fsencode(name) * 1000)
    return [(7 * row, FoundFile(name, 0, 0)) for row, name in enumerate(NAMES)]


def told(process: HashingProcess, folder: Path, files: list[tuple[int, FoundFile]]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for batch in process.digests(str(folder), files):
        assert batch.sizes == [(folder / file.path).stat().st_size for file in batch.files]
        found |= zip(batch.numbers, batch.digests, strict=True)
    return found


def as_made_here(folder: Path, files: list[tuple[int, FoundFile]]) -> dict[int, bytes]:
    return {number: digest((folder / file.path).read_bytes()) for number, file in files}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_the_digests_are_those_that_are_made_here(
    tmp_path: Path, process: HashingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_MOST_FILES", 1)  # more batches than may be ahead
    files = written(tmp_path)
    assert told(process, tmp_path, files) == as_made_here(tmp_path, files)
    assert told(process, tmp_path, []) == {}
    assert told(process, tmp_path, files[2:]) == as_made_here(tmp_path, files[2:])


def test_what_cannot_be_read_is_left_out_with_its_reason(tmp_path: Path, process: HashingProcess) -> None:
    (tmp_path / "there").write_bytes(b"x")
    (tmp_path / "link").symlink_to("there")
    files = [(number, FoundFile(name, 1, 0)) for number, name in enumerate(["gone", "there", "link"])]
    (batch,) = process.digests(str(tmp_path), files)
    assert (batch.numbers, batch.digests) == ([1], [digest(b"x")])
    assert [(number, gone.reason) for number, gone in batch.left_out] == [
        (0, Reason.UNREADABLE),
        (2, Reason.UNREADABLE),
    ]


def test_contents_are_hashed_anew_when_they_are_read(tmp_path: Path, process: HashingProcess) -> None:
    files = written(tmp_path)[:1]
    (batch,) = process.digests(str(tmp_path), files)
    assert batch.contents == [b""]
    (tmp_path / "a").write_bytes(b"changed since")
    filled = batch.filled([0], digest)
    assert (filled.contents, filled.digests) == ([b"changed since"], [digest(b"changed since")])
    assert (filled.sizes, filled.size) == ([13], 13)


def test_a_process_that_ends_costs_only_time(
    tmp_path: Path, process: HashingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_MOST_FILES", 1)
    files = written(tmp_path)[:2]
    assert told(process, tmp_path, files) == as_made_here(tmp_path, files)
    assert process._process is not None
    process._process.kill()
    assert told(process, tmp_path, files) == as_made_here(tmp_path, files)


def test_without_a_process_files_are_read_here(
    tmp_path: Path, process: HashingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "command_line", lambda module: [str(tmp_path / "no such program"), module])
    files = written(tmp_path)[:2]
    assert told(process, tmp_path, files) == as_made_here(tmp_path, files)
