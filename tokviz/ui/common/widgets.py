"""The small widgets of bars and panels, so that those of all pages look and speak alike."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QComboBox,
    QFrame,
    QLabel,
    QLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from tokviz.language import _
from tokviz.ui.common.icons import Tint, icon
from tokviz.ui.common.mnemonics import without_mnemonic

if TYPE_CHECKING:
    # What the window's first frame does not need is imported where it is used.
    from PySide6.QtWidgets import QTableView

    from tokviz.ui.common.table_header import TableHeader

Layout = TypeVar("Layout", bound=QBoxLayout)
_ROW_AIR = 4
"""Pixels that a row of a table is higher than its letters, at least."""
_BETWEEN = " · "
_CUT_NUMBER = re.compile(r"[^\s\d(]?\d[\d.,\u202f\u00a0]*…$")


def tool_button(text: str, name: str, slot: Callable[[], object], icon_name: str = "") -> QToolButton:
    """A button that shows a short ``text``, after an icon if one is named; ``name`` says what it does."""
    button = QToolButton()
    button.setText(text)
    if icon_name:
        set_icon(button, icon_name)
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.clicked.connect(lambda: slot())
    return button


def set_icon(button: QToolButton, icon_name: str) -> None:
    """Put an icon before the button's words."""
    button.setIcon(icon(icon_name))
    show_words(button, True)
    # Qt sets the words at the icon's very edge.
    button.setText(f" {button.text().strip()}")


def show_words(button: QToolButton, shown: bool) -> None:
    """Show the button's words beside its icon, or the icon alone."""
    style = Qt.ToolButtonStyle
    button.setToolButtonStyle(style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly)


def menu_button(text: str, menu: QMenu, tip: str = "", icon_name: str = "") -> QToolButton:
    """A button that opens a menu."""
    button = QToolButton()
    button.setText(text)
    if icon_name:
        set_icon(button, icon_name)
    button.setAccessibleName(without_mnemonic(text))
    if tip:
        button.setToolTip(tip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def chip(text: str, tip: str, icon_name: str = "", menu: QMenu | None = None) -> QToolButton:
    """A round button that toggles, or one with a chevron that opens a menu."""
    button = menu_button(text, menu, tip) if menu else QToolButton()
    button.setText(text)
    button.setAccessibleName(text if text in tip else f"{text}: {tip}")
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setProperty("chip", True)
    if icon_name:
        set_icon(button, icon_name)
    return button


def icon_button(name: str, text: str, slot: Callable[[], object] | None = None) -> QToolButton:
    """A button that shows an icon alone; ``text`` says what it does."""
    button = QToolButton()
    button.setIcon(icon(name, Tint.ALONE))
    button.setProperty("bare", True)
    button.setAccessibleName(text)
    button.setToolTip(text)
    if slot is not None:
        button.clicked.connect(lambda: slot())
    return button


def plain_label(text: str = "", role: str = "", name: str = "", tip: str = "") -> QLabel:
    """Text that is never taken for markup. ``role``: ``muted`` or ``metric``, as the style sheet has them.
    ``name``: what a screen reader says before the text."""
    label = NamedLabel(name, text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setToolTip(tip)
    if role:
        label.setProperty("role", role)
    return label


class NamedLabel(QLabel):
    """A screen reader says its name and its text: a name alone would stand in the text's place."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__()
        self._name = name
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text``, and have it said."""
        super().setText(text)
        self.say(text)

    def say(self, text: str) -> None:
        """Have ``text`` said, which may be more than there is room to show."""
        if self._name:
            self.setAccessibleName(f"{self._name}: {text}" if text else self._name)


class WrappedLabel(QLabel):
    """Plain text in the middle, wrapped to a width of its own.

    A layout that aligns a label asks how high it is at the layout's width, where it needs fewer lines.
    """

    def __init__(self, text: str, width: int, role: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(width)
        if role:
            self.setProperty("role", role)

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(min(width, self.maximumWidth()))


class ElidedLabel(NamedLabel):
    """One line of plain text, shortened to the width that it is given; its tooltip has the whole.

    ``asks``: for as much as its text takes, and no more; else it takes what others leave.
    """

    def __init__(self, role: str = "", name: str = "", *, asks: bool = False) -> None:
        super().__init__(name)
        self._asks = asks
        self.shorter = ""
        """What is shown instead where the text has no room."""
        self.setTextFormat(Qt.TextFormat.PlainText)
        across = QSizePolicy.Policy.Maximum if asks else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.fontMetrics().height() + 2)

    def sizeHint(self) -> QSize:
        least = self.minimumSizeHint()
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 2 if self._asks else 0
        return least.expandedTo(QSize(wide, 0)) if self.text() else least

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            metrics, room = self.fontMetrics(), self.contentsRect().width()
            text = (
                self.shorter
                if self.shorter and metrics.horizontalAdvance(self.text()) > room
                else self.text()
            )
            text = shortened(text, metrics, room)
            painter.drawText(self.contentsRect(), self.alignment() | Qt.TextFlag.TextSingleLine, text)


def shortened(text: str, metrics: QFontMetrics, room: int) -> str:
    """``text`` with an ellipsis where it takes more than ``room`` pixels: without its last parts (“ · ”), as
    far as there are some, and never amid a number, which would be another one."""
    if metrics.horizontalAdvance(text) <= room:
        return text
    parts = text.split(_BETWEEN)
    while len(parts) > 1:
        parts.pop()
        if metrics.horizontalAdvance(shorter := f"{_BETWEEN.join(parts)}{_BETWEEN}…") <= room:
            return shorter
    cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    return _CUT_NUMBER.sub("…", cut) if cut.endswith("…") else cut


def number_field(name: str, least: int, most: int) -> QSpinBox:
    """A field for a number, which stands at its right as in a table."""
    field = QSpinBox()
    field.setRange(least, most)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setAccessibleName(name)
    return field


def show_badge(label: QLabel, text: str, kind: str) -> None:
    """Make ``label`` a badge, of the kind ``ok``, ``warning``, ``error`` or ``grey``; none without a text."""
    label.setText(text)
    label.setContentsMargins(4, 1, 4, 1)
    label.setVisible(bool(text))
    restyle(label, "badge", kind)


def holds_focus(widget: QWidget) -> bool:
    """Whether keys go to it, or to something in it."""
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Give ``widget`` a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def caption(text: str, field: QWidget, role: str = "") -> QLabel:
    """What stands before a field; the letter after ``&`` leads to it. A box without a name gets this one."""
    label = QLabel(text)
    label.setBuddy(field)
    if isinstance(field, QComboBox) and not field.accessibleName():
        name_box(field, without_mnemonic(text))
    if role:
        label.setProperty("role", role)
    return label


def name_box(box: QComboBox, name: str) -> None:
    """Have a screen reader say what the box is for. On Linux its name is the entry that is chosen, whatever
    it is called, so it is described by its name as well."""
    box.setAccessibleName(name)
    box.setAccessibleDescription(name)


def name_clear_button(field: QLineEdit) -> None:
    """Give a field a button that clears it, with a name for those who do not see its cross."""
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QToolButton):
        button.setAccessibleName(_("Clear"))


def offer(box: QComboBox, choices: Iterable[tuple[str, object]], chosen: object = "") -> None:
    """Have ``box`` list these texts with their data, and choose one of them as ``choose`` does."""
    with QSignalBlocker(box):
        box.clear()
        for text, data in choices:
            box.addItem(text, data)
    choose(box, chosen)


def choose(box: QComboBox, data: object) -> None:
    """Choose the entry with these data, else the first; nothing is announced."""
    with QSignalBlocker(box):
        box.setCurrentIndex(max(0, box.findData(data)))


def rule() -> QFrame:
    """The thin line between two regions."""
    line = QFrame()
    line.setObjectName("border")
    line.setFixedHeight(1)
    return line


def tab_bar(name: str) -> QTabBar:
    """Tabs as all pages have them; ``name`` is for those who do not see them."""
    tabs = QTabBar()
    tabs.setObjectName("pages")
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setAccessibleName(name)
    tabs.currentChanged.connect(lambda: tabs.updateGeometry())  # its letters are bolder, and wider
    return tabs


def fill(
    layout: Layout,
    *parts: QWidget | QLayout,
    wide: QWidget | QLayout | None = None,
    spacing: int = -1,
    above: int = 0,
) -> Layout:
    """Put ``parts`` into a row or column without margins; ``wide``, one of them, gets the room left over.

    ``spacing``: pixels between them, -1 leaves that to the style; ``above``: pixels before the first.
    """
    layout.setContentsMargins(0, above, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        stretch = int(part is wide)
        if isinstance(part, QWidget):
            layout.addWidget(part, stretch)
        else:
            layout.addLayout(part, stretch)
    return layout


def share_out(lines: Sequence[QBoxLayout], parts: Sequence[Sequence[QWidget | None]]) -> None:
    """Lay widgets out anew, line by line; None is room left over. A widget may move to another line."""
    for line in lines:
        while line.takeAt(0):
            pass
    for line, widgets in zip(lines, parts, strict=False):
        for widget in widgets:
            if widget is None:
                line.addStretch(1)
            else:
                line.addWidget(widget)


def clear(layout: QLayout, but: QWidget | None = None) -> None:
    """Take every widget out of ``layout``, and delete all ``but`` one."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None and widget is not but:
            widget.hide()
            widget.deleteLater()


def set_up_table(table: "QTableView", name: str, row_height: int) -> "TableHeader":
    """Have a table chosen by rows, without grid and row numbers, and left by Tab; ``row_height``: or more
    where the letters are large. Returns its new header."""
    from PySide6.QtWidgets import QAbstractItemView, QHeaderView

    from tokviz.ui.common.table_header import TableHeader

    table.setAccessibleName(name)
    header = TableHeader(table)
    table.setHorizontalHeader(header)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(max(row_height, table.fontMetrics().lineSpacing() + _ROW_AIR))
    return header


def select_row(table: "QTableView", row: int) -> None:
    """Make a row current and select it. Qt's ``selectRow`` selects none where one reads from right to left
    and the columns fill the width: it looks for a column one pixel beside them."""
    table.setCurrentIndex(table.model().index(row, 0))
