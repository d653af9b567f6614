"""What git's index says of a sparse checkout, in every version of it, and damaged."""

import hashlib
import struct
from pathlib import Path

import pytest

from tokviz.documents.tree.git_index import left_out_paths

SPARSE = {"a": False, "b/one": True, "b/two": True, "c" * 300: False, "d": True}


def index_bytes(entries: dict[str, tuple[bytes, bool]], version: int) -> bytes:
    """An index of files with these ids, of which some are left out."""
    data, before = struct.pack(">4sII", b"DIRC", version, len(entries)), b""
    for path, (key, skipped) in sorted(entries.items()):
        name = path.encode()
        flags = min(len(name), 0xFFF) | (0x4000 if skipped else 0)
        entry = bytes(24) + struct.pack(">I", 0o100644) + bytes(12) + key + struct.pack(">H", flags)
        entry += struct.pack(">H", 0x4000) if skipped else b""
        if version == 4:
            shared = next((i for i, (x, y) in enumerate(zip(before, name, strict=False)) if x != y), 0)
            gone = len(before) - shared
            number = bytes([gone]) if gone < 128 else bytes([0x80 | ((gone >> 7) - 1), gone & 0x7F])
            data += entry + number + name[shared:] + b"\0"
        else:
            entry += name
            data += entry + bytes(8 - len(entry) % 8)
        before = name
    return data + hashlib.sha1(data).digest()


@pytest.mark.parametrize("version", [3, 4])
def test_the_flag_is_read_of_every_entry(tmp_path: Path, version: int) -> None:
    data = index_bytes({path: (bytes(20), skipped) for path, skipped in SPARSE.items()}, version)
    (tmp_path / "index").write_bytes(data)
    assert left_out_paths(tmp_path / "index") == {path for path, skipped in SPARSE.items() if skipped}


@pytest.mark.parametrize("version", [3, 4])
def test_a_damaged_index_leaves_out_nothing_or_less(tmp_path: Path, version: int) -> None:
    data = index_bytes({path: (bytes(20), skipped) for path, skipped in SPARSE.items()}, version)
    for end in range(0, len(data) - 20, 7):
        (tmp_path / "index").write_bytes(data[:end])
        assert left_out_paths(tmp_path / "index") <= {path for path, skipped in SPARSE.items() if skipped}
    (tmp_path / "index").write_bytes(b"DIRC" + b"\xff" * 60)
    assert left_out_paths(tmp_path / "index") == frozenset()
    assert left_out_paths(tmp_path / "none") == frozenset()
