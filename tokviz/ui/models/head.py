"""What stands over the list of models: summary, search, reserve, filters, order."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.formatting import sentence, stopped
from tokviz.catalog.model import LanguageModel
from tokviz.language import _, clause, gettext, within
from tokviz.ui.common.icons import icon
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.settings import MOST_RESERVE
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import CHIP, SUMMARY, keep_sized, scaled
from tokviz.ui.common.widgets import ElidedLabel, icon_button, number_field, share_out
from tokviz.ui.models.cells import Summary
from tokviz.ui.models.filter_bar import FilterBar
from tokviz.ui.models.filters import capabilities_of, makers_of
from tokviz.ui.models.fit_strip import FitStrip
from tokviz.ui.models.rows import Order, SortKey
from tokviz.ui.models.shapes import Shape

RESERVE_TIP = _(
    "Tokens kept free for the answer. “by model”: 4,096, or less where the model's window or its longest "
    "answer is small."
)
_MARGIN, _GAP = 12, 8
_SEARCH = 170
"""Pixels of the search field in the drawer."""
_RESERVE = 104
"""Pixels of the field for the reserve, if its words need no more."""
_STEPS = 44
"""Pixels of its arrows, and around its words."""


class PanelHead(QWidget):
    """The controls, laid out by the panel's shape."""

    order_changed = Signal(object)
    """The order (Order) that the user has just chosen."""
    collapse_toggled = Signal()
    """The drawer is to be closed to this head, or opened again."""

    def __init__(self, models: Sequence[LanguageModel], theme: Theme) -> None:
        super().__init__()
        self._order = Order()
        self._shape = Shape.TWO_LINES
        self.summary = ElidedLabel(name=_("How many models fit"), asks=True)
        keep_sized(self.summary, SUMMARY, semibold=True)
        self.strip = FitStrip(theme)
        self.rest = ElidedLabel(role="muted", asks=True)
        keep_sized(self.rest, CHIP)
        tip = _("Words of a model's name, maker, access, tokenizer or strengths")
        self.search = SearchField(_("Search models"), tip=tip)
        self.reserve = _reserve_field()
        self._caption = QLabel()
        self._caption.setBuddy(self.reserve)
        self._caption.setProperty("role", "muted")
        self.filters = FilterBar(makers_of(models), capabilities_of(models))
        self.sort = icon_button("arrow-up-down", _("Order of the models"))
        self.collapse = icon_button("chevron-down", _("Close the drawer"), self.collapse_toggled.emit)
        for part in (
            self.summary,
            self.strip,
            self.rest,
            self.search,
            self.reserve,
            self._caption,
            self.filters,
            self.sort,
            self.collapse,
        ):
            part.setParent(self)  # or showing one of them would open a window
        self._fill_orders()
        self._column = QVBoxLayout(self)
        self._column.setSpacing(_GAP)
        self._lines = [QHBoxLayout() for _ in range(3)]
        for row in self._lines:
            row.setSpacing(_GAP)
            self._column.addLayout(row)
        self.set_shape(Shape.TWO_LINES)

    def show_summary(self, summary: Summary) -> None:
        """Say how many models fit, and draw the strip."""
        brief = self._shape in (Shape.DENSE, Shape.SLIM)
        self.summary.setText(summary.headline(brief))
        self.summary.shorter = summary.shortest if brief else ""
        self.strip.show_summary(summary)
        self.rest.setText(summary.rest)
        self._share_first_line()
        said = " ".join(map(stopped, filter(None, (clause(summary.headline()), sentence(summary.rest)))))
        for one in (self.summary, self.strip, self.rest):
            one.setToolTip(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_first_line()

    def _share_first_line(self) -> None:
        """Let the strip go where that leaves room for all words on the others, which say the same; where it
        does not, cut these before how many models fit."""
        if self._shape in (Shape.DENSE, Shape.SLIM):
            return
        room = self.width() - 2 * _MARGIN - self.summary.sizeHint().width() - _GAP
        beside, words = self.strip.sizeHint().width() + _GAP, self.rest.sizeHint().width()
        self.strip.setVisible(not room - beside < words <= room)
        room -= 0 if self.strip.isHidden() else beside
        self.rest.setMaximumWidth(max(room, self.rest.minimumSizeHint().width()))

    def show_order(self, order: Order) -> None:
        """Mark what the models are ordered by."""
        self._order = order
        self._keys[order.key].setChecked(True)
        self._reverse.setChecked(order.descending)
        by = within(gettext(order.key))
        self.sort.setToolTip(
            _("Ordered by: {order} (largest first); favourites stay on top", order=by)
            if order.descending
            else _("Ordered by: {order}; favourites stay on top", order=by)
        )

    def show_collapsed(self, collapsed: bool) -> None:
        """Point the chevron where the drawer would go."""
        self.collapse.setIcon(icon("chevron-up" if collapsed else "chevron-down"))
        text = _("Open the drawer") if collapsed else _("Close the drawer")
        self.collapse.setToolTip(text)
        self.collapse.setAccessibleName(text)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self.reserve.setFixedWidth(_reserve_width(self.reserve))  # the letters may be larger, too
        self.strip.set_theme(theme)

    def set_shape(self, shape: Shape) -> None:
        """Lay the controls out for this shape of the list."""
        self._shape = shape
        drawer, slim = shape is Shape.DENSE, shape is Shape.SLIM
        self._caption.setText(_("&Reserve for the answer") if shape is Shape.TWO_LINES else _("&Reserve"))
        self._caption.setVisible(not slim)
        hints = (_("Search models, makers, tokenizers"), _("Search models"))
        self.search.set_hints(*hints[shape is not Shape.TWO_LINES :])
        self.search.setMaximumWidth(scaled(self.font(), _SEARCH) if drawer else 16_777_215)
        self.filters.set_brief(drawer or slim)
        self.strip.setVisible(not drawer and not slim)
        self.rest.setVisible(not drawer and not slim)
        self.collapse.setVisible(drawer)
        around = 4 if drawer else _GAP
        self._column.setContentsMargins(_MARGIN, around, _MARGIN, around)
        share_out(self._lines, self._rows(shape))
        self._share_first_line()

    def _rows(self, shape: Shape) -> list[list[QWidget | None]]:
        """The controls line by line; None is room left over."""
        first: list[QWidget | None] = [self.summary, self.strip, self.rest]
        match shape:
            case Shape.TWO_LINES:
                return [
                    first,
                    [self.search, self._caption, self.reserve],
                    [self.filters, self.sort],
                ]
            case Shape.THREE_LINES:
                return [first, [self.search, self._caption, self.reserve, self.sort], [self.filters]]
            case Shape.SLIM:
                return [[self.summary, None, self.sort], [self.filters], [self.search, self.reserve]]
            case Shape.DENSE:
                controls = [self._caption, self.reserve, self.sort, self.collapse]
                return [[self.summary, self.search, self.filters, *controls]]

    def _fill_orders(self) -> None:
        menu = QMenu(_("Order"), self)
        group = QActionGroup(menu)
        self._keys = {key: QAction(gettext(key), group, checkable=True) for key in SortKey}
        for key, action in self._keys.items():
            action.triggered.connect(
                lambda _=False, key=key: self.order_changed.emit(
                    self._order if key is self._order.key else self._order.by(key)
                )
            )
            menu.addAction(action)
        menu.addSeparator()
        self._reverse = QAction(_("Largest First"), menu, checkable=True)
        self._reverse.triggered.connect(
            lambda on: self.order_changed.emit(Order(self._order.key, descending=on))
        )
        menu.addAction(self._reverse)
        self.sort.setMenu(menu)
        self.sort.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)


def _reserve_field() -> QSpinBox:
    field = number_field(_("Tokens reserved for the answer"), -1, MOST_RESERVE)
    field.setSpecialValueText(_("by model"))
    field.setSingleStep(1000)
    field.setGroupSeparatorShown(True)
    field.setKeyboardTracking(False)
    field.setFixedWidth(_reserve_width(field))
    field.setToolTip(RESERVE_TIP)
    return field


def _reserve_width(field: QSpinBox) -> int:
    words = field.fontMetrics().horizontalAdvance(field.specialValueText())
    return max(scaled(field.font(), _RESERVE), words + _STEPS)
