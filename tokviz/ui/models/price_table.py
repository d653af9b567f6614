"""The table of prices on a model's card."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.price_rows import PriceRow, price_rows
from tokviz.language import _
from tokviz.ui.common.type_sizes import BODY, SECOND_LINE, scaled, sized
from tokviz.ui.common.widgets import clear, plain_label
from tokviz.ui.models.rows import Row

_TITLES = (_("US dollars per million tokens"), _("Input"), _("Cached"), _("Output"))
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_COST = 4
_CONDITION = 150
"""Pixels that conditions need beside their figures; with less they stand above them."""


class PriceTable(QWidget):
    """A line for each condition. While a text is typed, only the last column changes."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnStretch(0, 1)
        self._shown: list[tuple[str, ...]] = []
        self._rows: list[PriceRow] = []
        self._room = 0
        self._stacked = False
        self._begins: list[QLabel] = []
        """What stands topmost in each line."""
        self._costs: list[QLabel] = []
        self._head = plain_label(role="muted")
        self._head.setParent(self)  # or showing it would open a window, which takes the keys
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_row(self, row: Row) -> None:
        """Show the prices of the row's model, and what its text costs."""
        prices = row.model.prices
        if prices is None:
            host = _("Whoever runs the open weights sets the price")
            self._rebuild([], host if row.model.host_sets_price else _("The price is unknown"))
            return
        fit = row.fit
        found = price_rows(prices, fit.used if fit else None, fit.reserve if fit else 0)
        mark = formatting.mark(row.count) if row.count else ""
        texts = [one.cells(mark) for one in found]
        if [text[:_COST] for text in texts] != self._shown:
            self._rebuild(found, "")
            self._shown = [text[:_COST] for text in texts]
        self._head.setText(
            _("This text + {reserve}", reserve=formatting.grouped(fit.reserve)) if fit else _("This text")
        )
        self._head.setToolTip(_("US dollars for the text in front and an answer as long as the reserve"))
        for label, text in zip(self._costs, texts, strict=True):
            label.setText(text[_COST])
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Have the table take so many pixels, if it can: conditions stand above their figures where there is
        no room beside them."""
        self._room = room
        if not self._costs or not room:
            return
        figures = sum(self._figures_width(column) for column in range(1, _COST + 1))
        least = scaled(self.font(), _CONDITION) + _COST * self._grid.horizontalSpacing() + figures
        if (least > room) != self._stacked:
            self._stacked = not self._stacked
            texts = [label.text() for label in self._costs]
            self._rebuild(self._rows, "")
            for label, text in zip(self._costs, texts, strict=True):
                label.setText(text)

    def _figures_width(self, column: int) -> int:
        items = (self._grid.itemAtPosition(row, column) for row in range(self._grid.rowCount()))
        parts = {item.widget() for item in items if item is not None}
        return max(
            (part.sizeHint().width() for part in parts if part is not None and part not in self._begins),
            default=0,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Midlight), 1))
        for label in self._begins:
            y = label.geometry().top() - self._grid.verticalSpacing() // 2 - 1
            painter.drawLine(0, y, self.width(), y)

    def _rebuild(self, rows: list[PriceRow], instead: str) -> None:
        """Lay the lines out anew; ``instead``: what to say where there is no price."""
        self._shown, self._costs, self._begins, self._rows = [], [], [], rows
        clear(self._grid, but=self._head)
        small, figure = sized(self.font(), SECOND_LINE), sized(self.font(), BODY, semibold=True)
        self._head.setVisible(not instead)
        if instead:
            self._grid.addWidget(plain_label(instead, role="muted"), 0, 0)
            return
        down = int(self._stacked)
        for column, title in enumerate(_TITLES):
            self._place(title, down if column else 0, column, small, quiet=True)
        self._head.setFont(small)
        self._head.setWordWrap(self._stacked)
        if self._stacked:
            self._head.setAlignment(_RIGHT)
            self._grid.addWidget(self._head, down, _COST)
        else:
            self._grid.addWidget(self._head, down, _COST, _RIGHT)
        self._grid.setColumnStretch(0, 1 - down)
        self._grid.setColumnStretch(_COST, down)
        for number, row in enumerate(rows, 1):
            place = number * (down + 1) + down
            for column, text in enumerate(row.cells("")[:_COST]):
                label = self._place(text, place if column else place - down, column)
                if column == 0:
                    self._begins.append(label)
            cost = plain_label(name=_("{condition}: this text costs", condition=row.condition))
            cost.setFont(figure)
            self._grid.addWidget(cost, place, _COST, _RIGHT)
            self._costs.append(cost)

    def _place(
        self, text: str, row: int, column: int, font: QFont | None = None, quiet: bool = False
    ) -> QLabel:
        label = plain_label(text, role="muted" if quiet else "")
        if font is not None:
            label.setFont(font)
        if column == 0:
            label.setWordWrap(True)
            self._grid.addWidget(label, row, column, 1, _COST + 1 if self._stacked else 1)
        else:
            self._grid.addWidget(label, row, column, _RIGHT)
        return label
