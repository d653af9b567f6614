"""Neighbouring tokens stay apart for readers who see two of the three kinds of colour."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from tokviz.assets import Assets
from tokviz.ui.common.theme import THEMES, Themes

Vector = NDArray[np.float64]
SIGHTS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How linear RGB is seen: Machado, Oliveira and Fernandes 2009, table for a severity of 1."""
APART = 7.0
"""Distance in CIELAB (1976) at least; 2.3 can just be noticed side by side."""
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)


def lab(linear: Vector) -> Vector:
    ratio = np.array(_TO_XYZ) @ linear / np.array(_WHITE)
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def linear(color: QColor) -> Vector:
    parts = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def distances(name: str, palette: str, sight: str) -> list[float]:
    """Between each two neighbours, in turn, as they are seen."""
    colors = Themes(Assets()).load(name, palette).token_colors
    seen = [lab(np.clip(np.array(SIGHTS[sight]) @ linear(color), 0, 1)) for color in colors]
    return [float(np.linalg.norm(one - other)) for one, other in pairwise([*seen, seen[0]])]


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", THEMES)
def test_neighbours_of_the_palette_for_them_stay_apart(name: str, sight: str) -> None:
    assert min(distances(name, "colour_blind", sight)) >= APART


def test_the_usual_palette_does_not() -> None:
    """Or there would be no need of another one."""
    assert any(min(distances(name, "standard", sight)) < APART for name in THEMES for sight in SIGHTS)
