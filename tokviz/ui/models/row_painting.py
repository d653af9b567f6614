"""What a model's row is painted with: texts, badges, access icons, in the theme's colours."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from tokviz.catalog.model import Access
from tokviz.ui.common.icons import paint_icon
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BADGE, BODY, CHIP, SECOND_LINE, scaled, sized

LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
ACCESS_ICONS = {Access.API: ("cloud",), Access.OPEN_WEIGHTS: ("package",), Access.BOTH: ("cloud", "package")}
_ICON, _STROKE, _ICON_GAP = 13, 1.4, 4
_BADGE_PADDING = 4
_REMEMBERED = 5000
"""Texts whose widths are kept."""


class Face:
    """A font with what is measured of it, each text once: rows are painted with every key."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self._widths: dict[str, float] = {}
        self.rise = (self._metrics.ascent() - self._metrics.descent()) / 2
        """From the middle of a line down to where its letters stand."""

    def width(self, text: str) -> float:
        """Pixels that ``text`` takes."""
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) > _REMEMBERED:
                self._widths.clear()
            found = self._widths[text] = self._metrics.horizontalAdvance(text)
        return found

    def elided(self, text: str, room: float) -> str:
        """``text``, cut with an ellipsis if it has no room."""
        if self.width(text) <= room + 0.5:
            return text
        return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 0.5)


class RowFonts:
    """The user's font in the sizes of a row."""

    def __init__(self, base: QFont) -> None:
        self.base = QFont(base)  # the one of a style option goes with it
        self._lengths: dict[float, int] = {}
        self.name = Face(sized(base, BODY, semibold=True))
        self.body = Face(sized(base, BODY))
        """Of figures."""
        self.room = Face(sized(base, CHIP))
        """Of what is left."""
        self.second = Face(sized(base, SECOND_LINE))
        """Of quieter lines."""
        small = sized(base, BADGE)
        small.setWeight(QFont.Weight.Medium)
        self.badge = Face(small)
        self.smaller = self.second, self.badge
        """What takes less room than the others, and the least."""

    def px(self, length: float) -> int:
        """A length in pixels that goes with the type."""
        found = self._lengths.get(length)
        if found is None:
            found = self._lengths[length] = scaled(self.base, length)
        return found


class RowPainter:
    """Draws the parts of rows; every method returns how wide the part became.

    Callers think from left to right; ``turn`` has everything drawn the other way round.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._axis: float | None = None
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}

    def turn(self, around: QRectF | None) -> None:
        """Mirror what is drawn from now on inside ``around``; None: nothing is mirrored."""
        self._axis = None if around is None else around.left() + around.right()

    def placed(self, rect: QRectF) -> QRectF:
        """Where ``rect`` comes to lie."""
        if self._axis is None:
            return rect
        return QRectF(self._axis - rect.right(), rect.top(), rect.width(), rect.height())

    def text(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        face: Face,
        color: QColor,
        side: Qt.AlignmentFlag = LEFT,
    ) -> float:
        """One line, cut with an ellipsis if it has no room."""
        shown = face.elided(text, rect.width())
        width = face.width(shown)
        if shown:
            x = rect.left() if side == LEFT else rect.right() - width
            painter.setFont(face.font)
            painter.setPen(color)
            # Not into the rectangle: Qt would lay the line out anew, which takes four times as long.
            place = self.placed(QRectF(x, rect.top(), width, rect.height()))
            painter.drawText(QPointF(place.left(), place.center().y() + face.rise), shown)
        return width

    def first_that_fits(self, texts: Sequence[str], face: Face, width: float) -> str:
        """Of several ways to say something, the first with room enough; else the last."""
        return next((text for text in texts if face.width(text) <= width), texts[-1])

    def face_that_fits(self, text: str, faces: Sequence[Face], width: float) -> Face:
        """Of several faces, the first that has room enough for a text; else the last."""
        return next((face for face in faces if face.width(text) <= width), faces[-1])

    def badge(
        self,
        painter: QPainter,
        x: float,
        middle: float,
        room: float,
        texts: Sequence[str],
        fonts: RowFonts,
        *,
        over: bool,
    ) -> float:
        """“retired …” or the like from ``x`` on: the first of ``texts`` that fits, or nothing. ``over``: that
        is so already, and not just announced."""
        if not texts[0]:
            return 0.0
        padding, height = fonts.px(_BADGE_PADDING), fonts.px(16)
        text = self.first_that_fits(texts, fonts.badge, room - 2 * padding)
        width = self.badge_width(text, fonts)
        if width > room:
            return 0.0
        ground, color = (
            (self.theme.raised, self.theme.muted) if over else (self.theme.warning_soft, self.theme.warning)
        )
        box = QRectF(x, middle - height / 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.placed(box), 3, 3)
        self.text(painter, box.adjusted(padding, 0, -padding, 0), text, fonts.badge, color)
        return width

    def badge_width(self, text: str, fonts: RowFonts) -> float:
        """What a badge of these words takes."""
        return fonts.badge.width(text) + 2 * fonts.px(_BADGE_PADDING)

    def access(self, painter: QPainter, x: float, middle: float, access: Access, fonts: RowFonts) -> float:
        """A cloud for a maker's API, a parcel for open weights, and the gap behind them."""
        side, start = fonts.px(_ICON), x
        for name in ACCESS_ICONS[access]:
            ratio = painter.device().devicePixelRatioF()
            key = (name, self.theme.name, side, ratio)
            if key not in self._icons:
                self._icons[key] = self._icon(name, side, ratio)
            place = self.placed(QRectF(x, round(middle - side / 2), side, side))
            painter.drawPixmap(place.topLeft(), self._icons[key])
            x += side + _ICON_GAP
        return x - start

    def access_width(self, access: Access, fonts: RowFonts) -> float:
        """What ``access`` takes."""
        return len(ACCESS_ICONS[access]) * (fonts.px(_ICON) + _ICON_GAP)

    def _icon(self, name: str, side: int, ratio: float) -> QPixmap:
        picture = QPixmap(round(side * ratio), round(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, QRectF(0, 0, side, side), name, self.theme.muted, _STROKE)
        painter.end()
        return picture

    def amount(
        self,
        painter: QPainter,
        rect: QRectF,
        text: str,
        figure: str,
        fonts: RowFonts,
        color: QColor,
        muted: QColor,
    ) -> None:
        """“input $0.0118”, in which ``figure`` is the amount: the words quiet and small, the amount plain and
        never cut; the words go first."""
        before, _, after = text.partition(figure) if figure else (text, "", "")
        words = fonts.second.width(before) + fonts.second.width(after)
        room = rect.width() - fonts.body.width(figure)
        # Blanks are room, not text: where one reads from the right, they would stand on the other side.
        blank = fonts.second.width(" ")
        if words <= room:
            taken = self.text(painter, rect, after.strip(), fonts.second, muted, RIGHT)
            rect = rect.adjusted(0, 0, -taken - blank * after.startswith(" "), 0)
        taken = self.text(painter, rect, figure, fonts.body, color, RIGHT)
        rect = rect.adjusted(0, 0, -taken - blank * before.endswith(" "), 0)
        if words <= room:
            self.text(painter, rect, before.strip(), fonts.second, muted, RIGHT)

    def selected_edge(self, painter: QPainter, rect: QRectF) -> None:
        """The bar at the start of the chosen row."""
        painter.fillRect(self.placed(QRectF(rect.left(), rect.top(), 2, rect.height())), self.theme.accent)

    def hair(self, painter: QPainter, rect: QRectF) -> None:
        """The line under a row."""
        painter.fillRect(QRectF(rect.left(), rect.bottom(), rect.width(), 1), self.theme.hair)
