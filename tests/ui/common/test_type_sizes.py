"""Sizes of type and lengths follow the user's font."""

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from tokviz.ui.common.type_sizes import BADGE, BODY, CARD_TITLE, scaled, sized, with_tabular_figures


@pytest.mark.parametrize("points", [7.5, 9.75, 13, 19.5])
def test_sizes_keep_their_proportion_in_points(points: float, qapp: QApplication) -> None:
    base = QFont()
    base.setPointSizeF(points)
    assert sized(base, BODY).pointSizeF() == pytest.approx(points, rel=0.01)
    assert sized(base, CARD_TITLE).pointSizeF() / points == pytest.approx(16 / 13, rel=0.02)
    assert sized(base, BADGE).pointSizeF() / points == pytest.approx(10.5 / 13, rel=0.02)


def test_sizes_keep_their_proportion_in_pixels(qapp: QApplication) -> None:
    base = QFont()
    base.setPixelSize(26)
    assert sized(base, CARD_TITLE).pixelSize() == 32
    assert scaled(base, 45) == 90
    base.setPixelSize(13)
    assert scaled(base, 45) == 45


def test_weights_are_two(qapp: QApplication) -> None:
    bold = QFont()
    bold.setBold(True)
    assert sized(bold, BODY).weight() == QFont.Weight.Normal
    assert sized(bold, BODY, semibold=True).weight() == QFont.Weight.DemiBold


def test_figures_are_of_one_width(qapp: QApplication) -> None:
    assert with_tabular_figures(QFont()).featureValue(QFont.Tag("tnum")) == 1
