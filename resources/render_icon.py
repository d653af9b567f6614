"""Render ``resources/icons/tokviz.svg`` to ``resources/icons/application``, in the sizes desktops ask for.

    python resources/render_icon.py

Needs tokviz installed.
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
"""Pixels, as the freedesktop icon theme names its folders."""


def main() -> int:
    """Write a PNG for each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    renderer = QSvgRenderer(str(ICONS / "tokviz.svg"))
    for size in SIZES:
        render(renderer, size).save(str(ICONS / "application" / f"{size}.png"))
    return 0


def render(renderer: QSvgRenderer, size: int) -> QImage:
    """The icon, ``size`` pixels wide and high."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


if __name__ == "__main__":
    sys.exit(main())
