"""Unsaved texts come back as they were, and nobody else can read them."""

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tokviz.documents.decoding import Basis
from tokviz.documents.unsaved import About, UnsavedError, UnsavedTexts

ABOUT = About(None, "", "UTF-8", 0)
PATHS = st.none() | st.binary(min_size=1, max_size=30).map(
    lambda name: Path(os.fsdecode(b"/" + name.replace(b"\0", b"/")))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    PATHS,
    st.text(),
    st.integers(0, 2**40),
    st.sampled_from(Basis),
    st.lists(st.text(), max_size=3),
    st.lists(st.text().map(str.encode), max_size=5),
)
def test_a_text_comes_back(
    tmp_path: Path,
    path: Path | None,
    title: str,
    replaced: int,
    basis: Basis,
    others: list[str],
    parts: list[bytes],
) -> None:
    texts, about = UnsavedTexts(tmp_path), About(path, title, "Windows-1252", replaced, basis, tuple(others))
    texts.write("a", about, parts)
    assert texts.read("a") == (about, b"".join(parts))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "unsaved"
    folder.mkdir(mode=0o755)
    texts = UnsavedTexts(folder)
    texts.write("a", ABOUT, [b"secret"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_the_last_written_comes_first(tmp_path: Path) -> None:
    texts = UnsavedTexts(tmp_path)
    for name, time in (("a", 2), ("b", 3), ("c", 1)):
        texts.write(name, ABOUT, [b"text"])
        os.utime(tmp_path / f"{name}.unsaved", (time, time))
    assert texts.names() == ["b", "a", "c"]
    texts.remove("b")
    texts.remove("b")
    assert texts.names() == ["a", "c"]


def test_what_fails_in_the_middle_leaves_the_text_of_before(tmp_path: Path) -> None:
    texts = UnsavedTexts(tmp_path)
    texts.write("a", ABOUT, [b"first"])

    def broken() -> object:
        yield b"sec"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        texts.write("a", ABOUT, broken())  # type: ignore[arg-type]
    assert texts.read("a") == (ABOUT, b"first")
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"\n",
        b"{}\ntext",
        b"[1]\ntext",
        b"\xff\ntext",
        b'{"path": 1, "title": "", "encoding": "", "replaced": 0, "basis": "valid", "others": []}\ntext',
        b'{"path":"\\u0000", "title":"", "encoding":"", "replaced": 0, "basis": "valid", "others": []}\ntext',
        b'{"path": null, "title": "", "encoding": "", "replaced": 0, "basis": "no", "others": []}\ntext',
        b'{"path": null, "title": "", "encoding": "", "replaced": 0, "basis": "valid", "others": [1]}\ntext',
        b'{"path": null, "title": null, "encoding": "", "replaced": 0, "basis": "valid", "others": []}\ntext',
        b'{"path": null, "title": "", "encoding": "", "replaced": 0, "basis": "valid", "others": []}\n\xff',
    ],
)
def test_a_damaged_file_is_told_by_name(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "a.unsaved").write_bytes(damaged)
    with pytest.raises(UnsavedError, match=r"a\.unsaved is damaged"):
        UnsavedTexts(tmp_path).read("a")


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnsavedError, match=r"a\.unsaved"):
        UnsavedTexts(tmp_path).read("a")
    assert UnsavedTexts(tmp_path / "none").names() == []
