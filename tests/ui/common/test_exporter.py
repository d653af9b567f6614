"""Exports to files: written whole or not at all, in steps, and told in one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tokviz.ui.common.exporter import Exporter, png


class Told:
    """An exporter, and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.exporter = Exporter(self.window)
        self.problems: list[str] = []
        self.sentences: list[str] = []
        self.doings: list[str] = []
        self.exporter.problem.connect(self.problems.append)
        self.exporter.information.connect(self.sentences.append)
        self.exporter.work_changed.connect(lambda: self.doings.append(self.exporter.doing))


@pytest.fixture
def told(qtbot: QtBot) -> Told:
    return Told(qtbot)


def test_what_is_there_is_written_at_once(told: Told, tmp_path: Path) -> None:
    told.exporter.write(tmp_path / "a", b"text", "There.")
    assert (tmp_path / "a").read_bytes() == b"text"
    assert (told.sentences, told.problems) == (["There."], [])


def test_parts_are_written_in_steps(told: Told, tmp_path: Path, qtbot: QtBot) -> None:
    told.exporter.write_parts(tmp_path / "a", (f"{n}é" for n in range(3)), "Writing…", "There.")
    assert told.exporter.doing == "Writing…"
    assert not (tmp_path / "a").exists()
    qtbot.waitUntil(lambda: bool(told.sentences))
    qtbot.waitUntil(lambda: not told.exporter.doing)
    assert (tmp_path / "a").read_text("utf-8") == "0é1é2é"
    assert told.doings == ["Writing…", ""]


def test_where_nothing_can_be_written_is_told_before_any_work(told: Told, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "a"
    told.exporter.write(missing, b"", "There.")
    told.exporter.write_parts(missing, ["x"], "Writing…", "There.")
    assert told.problems == [f"Cannot write {missing}: no such file or directory; choose another place."] * 2
    assert not told.sentences
    assert not told.doings


def test_a_disk_that_fills_up_is_told_and_leaves_the_old_file(
    told: Told, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    path = tmp_path / "a"
    path.write_text("old")
    told.exporter.write_parts(path, ["new"], "Writing…", "There.")
    qtbot.waitUntil(lambda: told.doings == ["Writing…", ""])
    assert told.problems == [f"Cannot write {path}: no space left on device; choose another place."]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_stopped_leaves_the_old_file(told: Told, tmp_path: Path, qtbot: QtBot) -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "x"

    path = tmp_path / "a"
    path.write_text("old")
    told.exporter.write_parts(path, endless(), "Writing…", "There.")
    qtbot.wait(30)
    assert told.exporter.stop()
    assert not told.exporter.stop()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert told.doings == ["Writing…", ""]
    assert not told.sentences


def test_other_work_is_done_in_steps_too(told: Told, qtbot: QtBot) -> None:
    ended: list[str] = []
    told.exporter.run("Copying…", iter(range(3)), lambda: ended.append(told.exporter.doing))
    assert told.exporter.doing == "Copying…"
    qtbot.waitUntil(lambda: ended == [""])


def test_a_picture_becomes_a_png(qtbot: QtBot) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    back = QImage.fromData(png(image))
    assert (back.size(), back.pixelColor(2, 1).name()) == (image.size(), "#336699")
