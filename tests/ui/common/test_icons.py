"""Icons are painted in the colours of the theme in force, whole and crisp."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from tokviz.assets import Assets
from tokviz.ui.common.icons import Tint, icon, paint_icon, svg
from tokviz.ui.common.theme import Themes

NAMES = sorted(path.stem for path in Path(Assets().path("icons", "lucide")).glob("*.svg"))


@pytest.fixture
def themes(qapp: QApplication) -> Themes:
    return Themes(Assets())


def strongest(image: QImage) -> str:
    """The colour of the pixel that is covered most."""
    pixels = (image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width()))
    color = max(pixels, key=QColor.alpha)
    return QColor(color.rgb()).name()


def near(one: str, other: QColor) -> bool:
    color = QColor(one)
    pairs = ((color.red(), other.red()), (color.green(), other.green()), (color.blue(), other.blue()))
    return all(abs(a - b) <= 3 for a, b in pairs)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_and_stays_in_its_square(name: str, qapp: QApplication) -> None:
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    paint_icon(painter, QRectF(2, 2, 16, 16), name, QColor("#123456"))
    painter.end()
    inked = [(x, y) for y in range(20) for x in range(20) if image.pixelColor(x, y).alpha()]
    assert len(inked) > 12
    assert all(2 <= x < 18 and 2 <= y < 18 for x, y in inked)


@pytest.mark.parametrize("name", ["light", "dark", "contrast_light", "contrast_dark"])
def test_the_same_icon_follows_a_change_of_theme(name: str, themes: Themes, qapp: QApplication) -> None:
    before = QPalette(qapp.palette())
    shown = {tint: icon("minus", tint) for tint in Tint}
    try:
        theme = themes.load(name)
        qapp.setPalette(theme.palette())
        wanted = {
            Tint.QUIET: theme.muted,
            Tint.ALONE: theme.text,
            Tint.ACCENT: theme.accent,
            Tint.ERROR: theme.error,
            Tint.ON_ACCENT: theme.accent_text,
        }
        for tint, one in shown.items():
            assert near(strongest(one.pixmap(QSize(48, 48)).toImage()), wanted[tint]), tint
        checked = shown[Tint.QUIET].pixmap(QSize(48, 48), QIcon.Mode.Normal, QIcon.State.On)
        assert near(strongest(checked.toImage()), theme.accent)
    finally:
        qapp.setPalette(before)


def test_a_disabled_icon_is_faint(qapp: QApplication) -> None:
    def most(mode: QIcon.Mode) -> int:
        image = icon("minus").pixmap(QSize(48, 48), mode).toImage()
        return max(image.pixelColor(x, y).alpha() for y in range(48) for x in range(48))

    assert most(QIcon.Mode.Normal) == 255
    assert 140 <= most(QIcon.Mode.Disabled) <= 165


def test_a_stroke_is_as_wide_as_asked_for(qapp: QApplication) -> None:
    def thickness(stroke: float) -> float:
        image = QImage(48, 48, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, QRectF(0, 0, 48, 48), "minus", QColor("black"), stroke)
        painter.end()
        return sum(image.pixelColor(24, y).alpha() for y in range(48)) / 255

    assert thickness(3) == pytest.approx(3, abs=0.1)
    assert thickness(6) == pytest.approx(6, abs=0.1)


def test_what_points_ahead_points_left_where_one_reads_from_the_right(qapp: QApplication) -> None:
    left, right = (svg(name, QColor("#123456")) for name in ("chevron-left", "chevron-right"))
    before = qapp.layoutDirection()
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert (svg("chevron-right", QColor("#123456")), svg("chevron-left", QColor("#123456"))) == (
            left,
            right,
        )
    finally:
        qapp.setLayoutDirection(before)
