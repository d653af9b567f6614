"""The style sheet: its pictures are there in each theme's colours, its sizes follow the user's font."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QFile
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QProgressBar,
    QPushButton,
    QScrollBar,
    QStyle,
    QTabBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.ui.common.style import IMAGES, stylesheet
from tokviz.ui.common.style_images import StyleImages
from tokviz.ui.common.theme import THEMES, Themes
from tokviz.ui.common.widgets import chip, tool_button


@pytest.mark.parametrize("name", THEMES)
def test_every_picture_is_there_in_the_themes_colours(name: str, qapp: QApplication) -> None:
    theme, images = Themes(Assets()).load(name), StyleImages()
    files = images.files(theme)
    assert files.keys() == IMAGES.keys()
    for key, (_, role, _) in IMAGES.items():
        file = QFile(files[key])
        assert file.open(QFile.OpenModeFlag.ReadOnly)
        assert getattr(theme, role).name() in bytes(file.readAll().data()).decode()
        assert not QImage(files[key]).isNull()


@pytest.mark.parametrize("name", THEMES)
def test_nothing_of_the_sheet_is_left_open(name: str, qapp: QApplication) -> None:
    theme = Themes(Assets()).load(name)
    sheet = stylesheet(theme, QFont(), StyleImages().files(theme))
    assert sheet.count("{") == sheet.count("}")
    colors = set(re.findall(r"#[0-9a-f]{6}", sheet))
    known = {getattr(theme, role).name() for role in theme.__slots__ if hasattr(getattr(theme, role), "name")}
    assert len(colors - known) == 1, "the disabled text alone is mixed"


def heights(points: float, qtbot: QtBot) -> list[int]:
    """Of a button, a tool button and a chip in the user's font of that size."""
    font = QFont()
    font.setPointSizeF(points)
    theme = Themes(Assets()).load("light")
    sheet = stylesheet(theme, font, dict.fromkeys(IMAGES, ""))
    found = []
    button: QPushButton | QToolButton
    for button in (QPushButton("A"), tool_button("A", "A", lambda: None), chip("A", "A")):
        qtbot.addWidget(button)
        button.setFont(font)
        button.setStyleSheet(sheet)
        found.append(button.sizeHint().height())
    return found


def test_controls_have_their_heights_and_grow_with_the_font(qtbot: QtBot) -> None:
    assert heights(9.75, qtbot) == [28, 28, 24]
    assert heights(19.5, qtbot) == [56, 56, 48]


@pytest.fixture
def styled(qapp: QApplication) -> Iterator[None]:
    """The application in the program's style, as long as there are the pictures that it names."""
    qapp.setStyle("Fusion")
    theme, images = Themes(Assets()).load("light"), StyleImages()
    qapp.setStyleSheet(stylesheet(theme, QFont(), images.files(theme)))
    yield
    qapp.setStyleSheet("")
    del images


@pytest.mark.usefixtures("styled")
@pytest.mark.parametrize(
    "kind", [QProgressBar, QScrollBar, QPushButton, QCheckBox, QToolButton, QComboBox, QTabBar]
)
def test_no_control_moves_by_itself(kind: type[QWidget], qtbot: QtBot) -> None:
    """Qt does not tell of a system that asks for less motion: nobody gets any, but for the caret, which
    blinks at the pace the desktop is set to."""
    widget = kind()
    qtbot.addWidget(widget)
    widget.ensurePolished()
    assert widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget) == 0


@pytest.mark.usefixtures("styled")
def test_what_scrolls_tabs_is_seen(qtbot: QtBot) -> None:
    """Where tabs have no room for all, arrows lead to the others; of Qt's own two points were left."""
    bar = QTabBar()
    qtbot.addWidget(bar)
    for number in range(12):
        bar.addTab(f"Tab number {number}")
    bar.resize(300, bar.sizeHint().height())
    bar.show()
    arrows = [one for one in bar.findChildren(QToolButton) if one.isVisible()]
    assert len(arrows) == 2
    for arrow in arrows:
        picture = arrow.grab().toImage()
        across, down = range(picture.width()), range(picture.height())
        inked = [(x, y) for x in across for y in down if picture.pixelColor(x, y).lightness() < 180]
        assert arrow.width() >= 22
        assert max(y for _, y in inked) - min(y for _, y in inked) >= 6
