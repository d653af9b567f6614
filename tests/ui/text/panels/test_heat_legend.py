"""The legend of Heat shows the colours that the tokens have."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.token_source import FixedTokens
from tokviz.assets import Assets
from tokviz.ui.common.theme import Theme, Themes
from tokviz.ui.editor.painting.token_colors import COLDEST, HOTTEST, TokenColors, bytes_per_token_heat
from tokviz.ui.text.panels.heat_legend import HeatLegend


def color_of(size: int, theme: Theme) -> QColor:
    """The colour of a token among others that all have ``size`` bytes."""
    run = FixedTokens.every(size, 40 * size).tokens_in(0, 40 * size)
    pixels = TokenColors(theme).of(run, np.zeros(0, np.uint32), bytes_per_token_heat(run), True)
    (pixel,) = set(pixels.tolist())
    return QColor.fromRgb(pixel)


def places(row: list[QColor], color: QColor) -> list[int]:
    """Where in a row of pixels the colour is, nearly."""
    return [
        x
        for x, shown in enumerate(row)
        if max(abs(a - b) for a, b in zip(shown.getRgb(), color.getRgb(), strict=True)) <= 8  # type: ignore[call-overload]  # getRgb is typed as object
    ]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_its_ends_are_the_colours_of_what_it_names(name: str, qtbot: QtBot) -> None:
    theme = Themes(Assets()).load(name)
    legend = HeatLegend(theme)
    qtbot.addWidget(legend)
    legend.resize(legend.sizeHint())
    image = legend.grab().toImage()
    row = [image.pixelColor(x, image.height() // 2 + 2) for x in range(image.width())]
    assert HOTTEST == 1 and COLDEST < 5
    hot, cold = places(row, color_of(1, theme)), places(row, color_of(5, theme))
    assert hot and cold and max(cold) > min(hot) + 50
    assert f"{COLDEST:g} or more" in legend.toolTip() and legend.toolTip() in legend.accessibleName()
