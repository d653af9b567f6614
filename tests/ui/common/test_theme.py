"""Every theme is whole, readable, and has enough token colours."""

from typing import Any

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QCheckBox, QDialogButtonBox, QLineEdit, QProxyStyle, QStyle
from pytestqt.qtbot import QtBot

from tokviz.assets import Assets
from tokviz.ui.common.style import IMAGES, stylesheet
from tokviz.ui.common.theme import PALETTES, THEMES, Themes

NO_IMAGES = dict.fromkeys(IMAGES, "")


def luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2's contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


CONTENT = ("window", "surface", "raised", "hover")
"""What text stands on everywhere."""
HIGH = "contrast"


def least(name: str) -> float:
    """The contrast that small text needs: WCAG's level AA, and AAA where a high contrast is promised."""
    return 7 if name.startswith(HIGH) else 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_everything_it_stands_on(name: str, palette: str) -> None:
    theme = Themes(Assets()).load(name, palette)
    assert len(theme.token_colors) >= 6
    assert len({color.name() for color in theme.token_colors}) == len(theme.token_colors)
    for ground in (*theme.token_colors, theme.selection, theme.accent_soft):
        assert contrast(theme.text, ground) >= 7, ground.name()
    for ground in theme.token_colors:
        assert contrast(theme.muted, ground) >= 3, ground.name()
    inks = ("muted", "accent", "error", "warning", "ok", "violet")
    for role in CONTENT:
        ground = getattr(theme, role)
        assert contrast(theme.text, ground) >= 7, role
        for ink in inks:
            assert contrast(getattr(theme, ink), ground) >= least(name), (ink, role)


@pytest.mark.parametrize("name", THEMES)
def test_words_are_readable_on_the_tint_of_their_own(name: str) -> None:
    theme = Themes(Assets()).load(name)
    for ink, ground in (
        ("error", "error_soft"),
        ("warning", "warning_soft"),
        ("ok", "ok_soft"),
        ("accent", "accent_soft"),
        ("muted", "accent_soft"),
        ("error", "accent_soft"),
        ("accent_text", "accent"),
        ("accent_text", "accent_hover"),
    ):
        assert contrast(getattr(theme, ink), getattr(theme, ground)) >= least(name), (ink, ground)


@pytest.mark.parametrize("name", THEMES)
def test_shapes_that_say_something_stand_out(name: str) -> None:
    theme = Themes(Assets()).load(name)
    for shape, ground in (
        *(("control", role) for role in CONTENT),
        ("thumb", "surface"),
        ("reserve", "accent"),
        ("track", "accent"),
        ("error_mid", "error"),
    ):
        assert contrast(getattr(theme, shape), getattr(theme, ground)) >= 3, (shape, ground)
    assert contrast(theme.thumb_hover, theme.surface) >= 4.5
    if name.startswith(HIGH):
        for line in ("border", "hair"):
            assert contrast(getattr(theme, line), theme.surface) >= 3, line


@pytest.mark.parametrize("name", THEMES)
def test_what_takes_input_has_an_outline_that_is_seen(name: str, qtbot: QtBot) -> None:
    theme = Themes(Assets()).load(name)
    for kind in (QLineEdit, QCheckBox):
        widget = kind()
        qtbot.addWidget(widget)
        widget.setPalette(theme.palette())
        widget.setStyleSheet(stylesheet(theme, QFont(), NO_IMAGES))
        widget.resize(120, 30)
        image = widget.grab().toImage()
        colors = {image.pixelColor(x, image.height() // 2).name() for x in range(20)}
        assert theme.control.name() in colors, kind.__name__


class WithIcons(QProxyStyle):
    """As where the desktop wants icons on the buttons of dialogs."""

    def styleHint(self, hint: QStyle.StyleHint, *rest: Any) -> int:
        return int(hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons) or super().styleHint(
            hint, *rest
        )


def icons(sheet: str, qapp: QApplication, qtbot: QtBot) -> int:
    """How many of three buttons have an icon."""
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox()
    qtbot.addWidget(box)
    qapp.setStyleSheet(sheet)
    box.setStandardButtons(kinds.Close | kinds.Save | kinds.Discard)
    assert len(box.buttons()) == 3
    return sum(not button.icon().isNull() for button in box.buttons())


def test_buttons_of_dialogs_have_no_icons(qapp: QApplication, qtbot: QtBot) -> None:
    before = qapp.style().name()
    qapp.setStyle(WithIcons("Fusion"))
    try:
        assert icons("QLabel { color: red; }", qapp, qtbot) == 3
        assert icons(stylesheet(Themes(Assets()).load("dark"), QFont(), NO_IMAGES), qapp, qtbot) == 0
    finally:
        qapp.setStyleSheet("")
        qapp.setStyle(before)
