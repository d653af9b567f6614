"""The fields of the cost planner: calls, answer, cached beginning, batches; remembered for the next time."""

from decimal import Decimal

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QSpinBox, QWidget

from tokviz.analysis.planner import Plan
from tokviz.language import _
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import ElidedLabel, caption, choose, fill, name_box, number_field, offer

_MOST = 10_000_000
"""Of calls and tokens: more than anybody plans with."""
_CALLS, _ANSWER, _TOKENS = 100, 1_000, 10_000
_COUNTED, _GIVEN = "counted", "given"
_PERCENT, _IN_TOKENS = "percent", "tokens"


class PlannerInputs(QWidget):
    """Two rows of fields; ``plan`` is what they say."""

    changed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self.input = _choice(
            _("What each call sends"), ((_("the page in front"), _COUNTED), (_("tokens:"), _GIVEN))
        )
        self.tokens = _number(1, _("Tokens that each call sends"), 1_000)
        self.source = ElidedLabel(role="muted")
        """Names what is in front."""
        self.calls = _number(1, _("Calls a day"), 10)
        self.answer = _number(0, _("Tokens of each answer"), 100)
        self.cached = _number(0, _("The beginning of each request that stays the same"), 10)
        self.unit = _choice(
            _("Unit of the cached beginning"), ((_("% of text"), _PERCENT), (_("tokens"), _IN_TOKENS))
        )
        self.batch = QCheckBox(_("&Batch"))
        self.batch.setToolTip(_("Answered within a day instead of at once, at a lower price"))
        self.cached.setToolTip(
            _(
                "The beginning of each request that stays the same: it is written to the maker's cache once "
                "a day, and read by the other calls"
            )
        )
        self._restore()
        self._lay_out()
        for field in (self.tokens, self.calls, self.answer, self.cached):
            field.valueChanged.connect(self._take)
        for box in (self.input, self.unit):
            box.currentIndexChanged.connect(self._take)
        self.batch.toggled.connect(self._take)

    @property
    def plan(self) -> Plan:
        """What the fields say."""
        percent = self.unit.currentData() == _PERCENT
        return Plan(
            calls=self.calls.value(),
            answer=self.answer.value(),
            cached=Decimal(self.cached.value()) / 100 if percent else self.cached.value(),
            batch=self.batch.isChecked(),
            tokens=self.tokens.value() if self.input.currentData() == _GIVEN else None,
        )

    def _restore(self) -> None:
        settings = self._settings
        choose(self.input, settings.text("planner/input", _COUNTED))
        choose(self.unit, settings.text("planner/unit", _PERCENT))
        self._bound()
        for name, field, default in (
            ("tokens", self.tokens, _TOKENS),
            ("calls", self.calls, _CALLS),
            ("answer", self.answer, _ANSWER),
            ("cached", self.cached, 0),
        ):
            field.setValue(settings.number(f"planner/{name}", default, field.minimum(), field.maximum()))
        self.batch.setChecked(settings.flag("planner/batch"))

    def _bound(self) -> None:
        """Have the fields follow the two choices."""
        given = self.input.currentData() == _GIVEN
        self.tokens.setVisible(given)
        self.source.setVisible(not given)
        with QSignalBlocker(self.cached):
            self.cached.setMaximum(100 if self.unit.currentData() == _PERCENT else _MOST)

    def _take(self) -> None:
        self._bound()
        settings = self._settings
        for name in ("tokens", "calls", "answer", "cached"):
            settings.set(f"planner/{name}", getattr(self, name).value())
        settings.set("planner/input", str(self.input.currentData()))
        settings.set("planner/unit", str(self.unit.currentData()))
        settings.set("planner/batch", self.batch.isChecked())
        self.changed.emit()

    def _lay_out(self) -> None:
        what = fill(QHBoxLayout(), self.input, self.tokens, self.source, wide=self.source, spacing=8)
        cached = fill(QHBoxLayout(), self.cached, self.unit, spacing=8)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(caption(_("Each call &sends"), self.input), 0, 0)
        grid.addLayout(what, 0, 1, 1, 9)
        parts = ((_("C&alls a day"), self.calls), (_("Ans&wer"), self.answer))
        for place, (text, field) in enumerate(parts):
            grid.addWidget(caption(text, field), 1, 3 * place)
            grid.addWidget(field, 1, 3 * place + 1)
            grid.setColumnMinimumWidth(3 * place + 2, 8)
        grid.addWidget(caption(_("Cac&hed"), self.cached), 1, 6)
        grid.addLayout(cached, 1, 7)
        grid.addWidget(self.batch, 1, 8)
        grid.setColumnStretch(9, 1)


def _number(least: int, name: str, step: int) -> QSpinBox:
    field = number_field(name, least, _MOST)
    field.setSingleStep(step)
    field.setGroupSeparatorShown(True)
    field.setFixedWidth(field.fontMetrics().horizontalAdvance(f"{_MOST:,}") + 36)
    field.setToolTip(name)
    return field


def _choice(name: str, options: tuple[tuple[str, str], ...]) -> QComboBox:
    box = ChoiceBox()
    offer(box, options)
    name_box(box, name)
    return box
