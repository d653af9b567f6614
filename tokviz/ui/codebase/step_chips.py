"""The steps of a plan as chips that toggle, as many as there is room for; the others in a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.language import _, ngettext
from tokviz.ui.codebase.fit_plan import Step
from tokviz.ui.common.staying_menu import StayingMenu
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import CHIP, sized
from tokviz.ui.common.widgets import chip

_AIR = 11
"""Pixels between a chip's edge and its words."""
_HEIGHT, _GAP = 24, 6
_LONGEST = 26
"""Letters of a path in a chip; of a longer one the end is shown."""


def step_words(suggestion: Suggestion) -> str:
    """What a step does, in a few words: ``leave out lock files``, ``comments removed``."""
    title = suggestion.words
    if suggestion.shortening:
        return title
    if len(title) > _LONGEST:
        title = f"{title[: _LONGEST - 1]}…" if "," in title else f"…{title[1 - _LONGEST :]}"
    # Translators: {what} is such as “lock files”, or a path
    return _("leave out {what}", what=title)


class StepChip(QAbstractButton):
    """One step with what it saves; without its check it is struck out."""

    def __init__(self, step: Step, mark: str, theme: Theme, parent: QWidget | None = None) -> None:
        """``mark`` stands before estimates."""
        super().__init__(parent)
        self.theme = theme
        self.step = step
        self._saves = f"−{mark}{formatting.grouped(step.suggestion.saves)}"
        self.setText(step_words(step.suggestion))
        self.setCheckable(True)
        self.setChecked(step.chosen)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        saved = ngettext(
            "{tokens} in {n} file",
            "{tokens} in {n} files",
            len(step.suggestion.files),
            tokens=formatting.tokens(step.suggestion.saves, self._saves[1:]),
        )
        # Translators: {step} is such as “leave out lock files”, {saved} “1,204 tokens in 3 files”
        self.setAccessibleName(_("{step}, saves {saved}", step=self.text(), saved=saved))
        what = step.suggestion.words
        self.setToolTip(
            _(
                "{what}, the project's own source: {saved}.\nClick to take it out of the plan, or in.",
                what=what,
                saved=saved,
            )
            if step.suggestion.kind is Kind.SOURCE
            else _("{what}: {saved}.\nClick to take it out of the plan, or in.", what=what, saved=saved)
        )

    def _fonts(self) -> tuple[QFont, QFont]:
        words = sized(self.font(), CHIP)
        words.setStrikeOut(not self.isChecked())
        return words, sized(self.font(), CHIP, semibold=self.isChecked())

    def sizeHint(self) -> QSize:
        words, number = (QFontMetrics(sized(self.font(), CHIP, semibold=bold)) for bold in (False, True))
        width = words.horizontalAdvance(f"{self.text()} ") + number.horizontalAdvance(self._saves)
        return QSize(width + 2 * _AIR, max(_HEIGHT, words.height() + 6))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, words, number = self.theme, *self._fonts()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            over = self.underMouse()
            painter.setPen(QPen(theme.control if over else theme.border, 1))
            painter.setBrush(theme.hover if over else theme.surface)
            edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(edge, edge.height() / 2, edge.height() / 2)
            room = self.rect().adjusted(_AIR, 0, -_AIR, 0)
            on = self.isChecked()
            self._draw(painter, room.toRectF(), words, theme.text if on else theme.muted, self.text(), False)
            self._draw(painter, room.toRectF(), number, theme.ok if on else theme.muted, self._saves, True)

    def _draw(
        self, painter: QPainter, room: QRectF, font: QFont, color: QColor, text: str, last: bool
    ) -> None:
        painter.setFont(font)
        painter.setPen(color)
        side = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignLeft
        side = self._mirrored(side)
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _mirrored(self, side: Qt.AlignmentFlag) -> Qt.AlignmentFlag:
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return side
        right = side == Qt.AlignmentFlag.AlignRight
        return Qt.AlignmentFlag.AlignLeft if right else Qt.AlignmentFlag.AlignRight


class StepChips(QWidget):
    """The chips in a line. What has no room is in the menu of a last chip, so that nothing is hidden."""

    toggled = Signal(object, bool)
    """A step's suggestion is to be part of the plan, or not."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Sequence[Step], str] = ((), "")
        self._chips: list[StepChip] = []
        self._waiting: tuple[Sequence[Step], str] | None = None
        """What is to be shown once the menu is closed."""
        self._menu = StayingMenu(self)
        self._menu.setToolTipsVisible(True)
        # Later, since what is chosen by Enter is emitted after the menu has closed.
        self._menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self, self._catch_up))
        self._more = chip(
            ngettext("+{n} more", "+{n} more", 1), _("The other steps of the plan"), menu=self._menu
        )
        self._more.setParent(self)
        self._more.setCheckable(False)
        self._more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = theme
        for each in self._chips:
            each.theme = theme
            each.update()

    def show_steps(self, steps: Sequence[Step], mark: str) -> None:
        """Show these; ``mark`` stands before estimates."""
        if self._menu.isVisible():  # what is ticked there stays where it is until the menu is closed
            self._waiting = steps, mark
            return
        if (steps, mark) == self._shown:
            return
        focused = next((place for place, each in enumerate(self._chips) if each.hasFocus()), None)
        self._shown = steps, mark
        for old in self._chips:
            old.hide()
            old.deleteLater()
        self._chips = [StepChip(step, mark, self._theme, self) for step in steps]
        for each in self._chips:
            each.toggled.connect(lambda on, each=each: self.toggled.emit(each.step.suggestion, on))
        self._arrange()
        if focused is not None and focused < len(self._chips):
            self._chips[focused].setFocus()
        self.updateGeometry()

    def _catch_up(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_steps(*waiting)
            self._arrange()

    def sizeHint(self) -> QSize:
        width = sum(each.sizeHint().width() + _GAP for each in self._chips)
        return QSize(max(40, width), max([_HEIGHT, *(each.sizeHint().height() for each in self._chips)]))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._more.sizeHint().width() if self._chips else 0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Lay the chips out from the start of the line as far as they go."""
        widths = [each.sizeHint().width() for each in self._chips]
        whole = sum(widths) + _GAP * max(0, len(widths) - 1)
        self._more.setText(ngettext("+{n} more", "+{n} more", max(1, len(widths))))
        room = self.width() if whole <= self.width() else self.width() - self._more.sizeHint().width() - _GAP
        left = shown = 0
        for each, width in zip(self._chips, widths, strict=True):
            if left + width > room:
                break
            self._place(each, left, width)
            left += width + _GAP
            shown += 1
        for each in self._chips[shown:]:
            each.hide()
        if not self._menu.isVisible():
            self._fill_menu(self._chips[shown:])
        if rest := len(self._chips) - shown:
            self._more.setText(
                ngettext("+{n} more", "+{n} more", rest) if shown else ngettext("{n} step", "{n} steps", rest)
            )
            self._place(self._more, left, min(self._more.sizeHint().width(), max(0, self.width() - left)))
        else:
            self._more.hide()

    def _place(self, each: QWidget, left: int, width: int) -> None:
        height = each.sizeHint().height()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - width
        each.setGeometry(left, (self.height() - height) // 2, width, height)
        each.show()

    def _fill_menu(self, rest: Sequence[StepChip]) -> None:
        self._menu.clear()
        for each in rest:
            entry = QAction(each.accessibleName().replace("&", "&&"), self._menu, checkable=True)
            entry.setChecked(each.isChecked())
            entry.toggled.connect(lambda on, each=each: self.toggled.emit(each.step.suggestion, on))
            self._menu.addAction(entry)
