"""Packed texts are known again by their bytes."""

from pathlib import Path

import pytest

from tokviz.documents.tree.known_packs import KnownPacks, PackMark, is_known
from tokviz.documents.writing import WriteError


def test_what_was_remembered_is_known_wherever_it_lies(tmp_path: Path) -> None:
    packs = KnownPacks(tmp_path / "data" / "packs.txt")
    assert packs.read() == frozenset()
    packs.remember([b"one", b"two"])
    packs.remember([b"three"])
    (tmp_path / "copy").write_bytes(b"two")
    (tmp_path / "changed").write_bytes(b"twO")
    assert is_known(tmp_path / "copy", packs.read())
    assert not is_known(tmp_path / "changed", packs.read())
    assert not is_known(tmp_path / "gone", packs.read())
    assert "copy" not in packs.file.read_text() and "one" not in packs.file.read_text()


def test_only_the_latest_are_remembered(tmp_path: Path) -> None:
    packs = KnownPacks(tmp_path / "packs.txt")
    packs.remember([b"%d" % number for number in range(2_100)])
    packs.remember([b"50", b"last"])
    marks = packs.read()
    assert len(marks) == 2_000
    assert {PackMark.of(b"last"), PackMark.of(b"2099")} <= marks
    assert PackMark.of(b"0") not in marks


def test_a_damaged_file_is_read_as_far_as_it_can_be(tmp_path: Path) -> None:
    packs = KnownPacks(tmp_path / "packs.txt")
    packs.remember([b"one"])
    packs.file.write_bytes(b"\xff\xfe x y\nnonsense\n" + packs.file.read_bytes() + b"7")
    assert packs.read() == {PackMark.of(b"one")}


def test_where_nothing_can_be_kept_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError):
        KnownPacks(tmp_path / "file" / "packs.txt").remember([b"one"])
