"""A box of choices that says when it has no room for the whole of one."""

from pathlib import Path

import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter
from pytestqt.qtbot import QtBot

from tokviz import ui
from tokviz.ui.common.choice_box import ChoiceBox


def drawn(box: ChoiceBox, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is written in the box."""
    written: list[str] = []
    draw = QStylePainter.drawControl

    def note(painter: QStylePainter, element: QStyle.ControlElement, option: QStyleOptionComboBox) -> None:
        written.append(option.currentText)
        draw(painter, element, option)

    monkeypatch.setattr(QStylePainter, "drawControl", note)
    box.grab()
    return written[-1]


@pytest.mark.parametrize("has_icon", [False, True])
def test_a_choice_without_room_ends_in_an_ellipsis(
    has_icon: bool, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = ChoiceBox()
    qtbot.addWidget(box)
    name = "A model of a very long name"
    icon = QIcon(QPixmap(16, 16)) if has_icon else QIcon()
    box.addItem(icon, name)
    box.resize(box.sizeHint().width() + 40, 30)
    assert drawn(box, monkeypatch) == name
    box.resize(120, 30)
    short = drawn(box, monkeypatch)
    assert short.endswith("…")
    assert name.startswith(short[:-1])
    assert box.currentText() == name


def test_every_box_of_the_window_is_one() -> None:
    """“Special tokens: plain te” stood there with large letters, in a box of Qt's own."""
    sources = Path(ui.__path__[0]).rglob("*.py")
    assert [path.name for path in sources if "QComboBox()" in path.read_text("utf-8")] == []
