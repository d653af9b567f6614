"""Whatever a settings file holds, the program starts and each preference is within its bounds."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tokviz.ui.common.settings import Settings

_NAMES = st.binary(min_size=1, max_size=40).map(lambda name: b"/" + name.replace(b"\0", b"/"))
# Also names that are not UTF-8: `fsdecode` gives them as lone surrogates.
PATHS = st.binary(min_size=1, max_size=40).map(
    lambda name: Path(os.fsdecode(b"/" + name.replace(b"\0", b"/")))
)


def _settings(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def _read(path: Path, value: str) -> Settings:
    path.write_text(f"[a]\nkey={value}\n", encoding="utf-8")
    return _settings(path)


@pytest.mark.parametrize("value", ["99999999999", "-2", "1.5", "many", "", "1, 2", "@Rect(1 2 3 4)"])
def test_a_number_out_of_bounds_counts_as_absent(tmp_path: Path, value: str) -> None:
    assert _read(tmp_path / "a.ini", value).number("a/key", 7, -1, 1000) == 7


def test_numbers_at_the_bounds(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.ini", "1000").number("a/key", 7, -1, 1000) == 1000
    assert _read(tmp_path / "b.ini", "-1").number("a/key", 7, -1, 1000) == -1


def test_what_another_window_sets_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    here, there = _settings(tmp_path / "a.ini"), _settings(tmp_path / "a.ini")
    here.set("theme", "light")
    here.sync()
    here.share(["theme", "text/zoom", "text/wrap"])
    told: list[str] = []
    here.changed.connect(told.append)
    for key, value in (("theme", "dark"), ("text/zoom", 3), ("text/wrap", False), ("recent", ["/a"])):
        there.set(key, value)
    there.sync()
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == ["theme", "text/zoom", "text/wrap"]
    assert (here.text("theme"), here.number("text/zoom", 0, -6, 30)) == ("dark", 3)
    there.set("theme", "light")  # a file that was replaced is looked at again
    there.sync()
    qtbot.waitUntil(lambda: told[3:] == ["theme"])


def test_what_this_window_sets_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    settings = _settings(tmp_path / "a.ini")
    settings.share(["text/zoom", "text/wrap"])
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.set("text/zoom", 3)
    settings.set("text/wrap", True)
    settings.sync()
    assert _settings(tmp_path / "a.ini").number("text/zoom", 0, -6, 30) == 3
    settings._look_at_shared()
    qtbot.wait(300)
    assert told == ["text/zoom", "text/wrap"]


def test_what_is_gone_follows_no_preference(tmp_path: Path, qapp: QApplication) -> None:
    settings, heard, life = _settings(tmp_path / "a.ini"), [], QObject()
    settings.follow("a/key", lambda: heard.append(settings.number("a/key", 0, 0, 9)), life)
    settings.set("a/key", 1)
    settings.set("another", 2)
    life.deleteLater()
    QCoreApplication.sendPostedEvents(life, QEvent.Type.DeferredDelete)
    settings.set("a/key", 3)
    assert heard == [1]


@pytest.mark.parametrize("value", ["1, 2, 99999999999", "1, x", "@ByteArray(abc)", "1, 2, -5"])
def test_one_wrong_number_spoils_the_list(tmp_path: Path, value: str) -> None:
    assert _read(tmp_path / "a.ini", value).numbers("a/key", 0, 1000) == []


def test_a_list_of_numbers_comes_back(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "a.ini")
    for numbers in ([], [3], [3, 0, 1000]):
        settings.set("a/key", numbers)
        settings.sync()
        assert _settings(tmp_path / "a.ini").numbers("a/key", 0, 1000) == numbers


@given(st.lists(PATHS, max_size=4))
def test_paths_come_back_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, paths: list[Path]) -> None:
    file = tmp_path_factory.mktemp("settings") / "a.ini"
    settings = _settings(file)
    settings.set_paths("recent", paths)
    settings.sync()
    assert [os.fsencode(path) for path in _settings(file).paths("recent")] == [
        os.fsencode(path) for path in paths
    ]


@pytest.mark.parametrize("value", ["bytes:xyz", "bytes:", "bytes:2f00"])
def test_what_is_no_path_is_left_out(tmp_path: Path, value: str) -> None:
    assert _read(tmp_path / "a.ini", f"/tmp, {value}").paths("a/key") == [Path("/tmp")]


@pytest.mark.parametrize("reserve", ["99999999999", "-5", "soon"])
def test_a_reserve_that_cannot_be(tmp_path: Path, reserve: str) -> None:
    path = tmp_path / "a.ini"
    path.write_text(f"[models]\nreserve={reserve}\n", encoding="utf-8")
    assert _settings(path).reserve is None
