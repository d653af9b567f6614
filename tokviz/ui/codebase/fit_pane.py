"""“Make it fit”: ranked suggestions of what to leave out, each applied and undone with one click."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import cost_words, fit_words, formatting
from tokviz.analysis.budget import Fit
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokens import Provenance
from tokviz.ui.codebase.fit_plan import FitPlan
from tokviz.ui.codebase.suggestions_model import SuggestionRow, SuggestionsModel
from tokviz.ui.codebase.tables import QuietTable
from tokviz.ui.codebase.tree_metrics import TreeMetrics
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.painted_parts import ReadParts
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import caption, choose, fill, name_box, offer, plain_label
from tokviz.ui.common.window_bar import HEIGHT, TICK_OVERHANG, bar_parts, fit_color, paint_window_bar

_WIDTHS = (70, 110, 130)
"""Of the columns after the first."""
_LEAST = 90
"""Pixels of the table's height; where there is less room, all of the pane is scrolled."""


class FitBar(ReadParts):
    """The model's window: what is used of it, in one bar."""

    MIRRORED = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_("Share of the window"), parent)
        self.theme = theme
        self._fit: Fit | None = None
        self.setFixedHeight(HEIGHT + 2 * TICK_OVERHANG)

    def show_fit(self, fit: Fit | None) -> None:
        """Show how a selection stands to the window."""
        self._fit = fit
        self.show_parts()

    def part_count(self) -> int:
        return len(self._told_parts)

    def part_words(self, number: int) -> str:
        return self._told_parts[number][0]

    def part_box(self, number: int) -> QRectF:
        return self._told_parts[number][1]

    def overview(self) -> str:
        return f"{fit_words.share(self._fit)}, {fit_words.room(self._fit)}" if self._fit else ""

    @property
    def _bar(self) -> QRectF:
        return QRectF(0, TICK_OVERHANG, self.width(), HEIGHT)

    @property
    def _told_parts(self) -> list[tuple[str, QRectF]]:
        return bar_parts(self._fit, self._bar, self.isRightToLeft())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_window_bar(painter, self._bar, self._fit, self.theme, hatched=True)
            self.paint_current(painter, self.theme.text)


class FitPane(QWidget):
    """Says how far it is from fitting, and offers what to do."""

    model_chosen = Signal(str)
    """Another model (its id) is to be fitted to."""

    def __init__(
        self, plan: FitPlan, models: Sequence[LanguageModel], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._plan = plan
        self._theme = theme
        self._metrics: TreeMetrics | None = None
        self.model = SuggestionsModel(self)
        self._view = QuietTable(_("What may be left out"), self.model, theme, _WIDTHS)
        self._models = ChoiceBox()
        self.set_models(models)
        self._says = QLabel()
        self._bar = FitBar(theme)
        self._kept = plain_label(name=_("What is kept"))
        self._unmeasured = plain_label(role="muted", name=_("What is not known"))
        self._fit_all = QPushButton(_("Leave Out &Until It Fits"))
        self._restore_all = QPushButton(_("Take All Bac&k"))
        self._save = QPushButton(_("&Save as .tokvizignore"))
        self._build()
        plan.changed.connect(self._renew)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these to fit to."""
        offer(self._models, ((model.name, model.id) for model in models))

    def set_metrics(self, metrics: TreeMetrics | None) -> None:
        """Show how these metrics, which count by the model's own tokenizer, stand to its window."""
        self._metrics = metrics
        self._plan.set_metrics(metrics)

    def choose_model(self, model_id: str) -> None:
        """Show that this model is fitted to."""
        choose(self._models, model_id)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._theme = self._bar.theme = theme
        self._view.set_theme(theme)
        self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._plan.set_active(True)
        self._renew()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._plan.set_active(False)

    def _build(self) -> None:
        name_box(self._models, _("Model to fit to"))
        self._models.currentIndexChanged.connect(
            lambda: self.model_chosen.emit(str(self._models.currentData()))
        )
        self._says.setTextFormat(Qt.TextFormat.PlainText)
        self._says.setWordWrap(True)
        self.model.checked.connect(self._toggle)
        self._fit_all.setToolTip(
            _(
                "Leaves out the most dispensable first, and no more than it takes for the rest to fit when "
                "it is packed as one text"
            )
        )
        self._fit_all.clicked.connect(self._plan.fit_all)
        self._restore_all.clicked.connect(self._plan.restore_all)
        self._save.setToolTip(
            _(
                "Adds what is taken out, here or in the tree, to the folder's .tokvizignore; the next scan "
                "leaves it out"
            )
        )
        self._save.clicked.connect(self._plan.save)
        head = QHBoxLayout()
        head.addWidget(caption(_("F&it to"), self._models, "muted"))
        head.addWidget(self._models)
        head.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._fit_all)
        buttons.addWidget(self._restore_all)
        buttons.addStretch(1)
        buttons.addWidget(self._save)
        self._view.setMinimumHeight(_LEAST)
        self._view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        inside = QWidget()
        column_layout = QVBoxLayout(inside)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(5)
        column_layout.addLayout(head)
        column_layout.addWidget(self._says)
        column_layout.addWidget(self._bar)
        column_layout.addWidget(self._view, 1)
        column_layout.addWidget(self._unmeasured)
        column_layout.addWidget(self._kept)
        column_layout.addLayout(buttons)
        area = QScrollArea(widgetResizable=True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        fill(QVBoxLayout(self), area)

    def _toggle(self, row: SuggestionRow, on: bool) -> None:
        change = self._plan.apply if on else self._plan.restore
        change(row.suggestion)

    def _renew(self) -> None:
        if not self.isVisible():
            return
        found = self._metrics.of(0) if self._metrics else None
        fit = found.fit if found and self._plan.settled else None
        self._bar.show_fit(fit)
        self._says.setText(
            says(self._metrics) if found is None else self._plan.unsettled or says(self._metrics)
        )
        palette = self._says.palette()
        usual = self._theme.text
        color = fit_color(fit, self._theme, usual)
        palette.setColor(self._says.foregroundRole(), color)
        self._says.setPalette(palette)
        estimated = found is not None and found.tokens.provenance is Provenance.ESTIMATE
        all_tokens = int(self._metrics.file_tokens.sum()) if self._metrics else 0
        shape = self._metrics.tree.shape if self._metrics else None
        row = self._view.currentIndex().row()
        self.model.show(self._plan.applied, self._plan.offered, all_tokens, "~" if estimated else "", shape)
        self._view.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1), 0))
        self._fit_all.setEnabled(self._plan.wanted)
        self._save.setEnabled(bool(self._plan.excluded))
        self._restore_all.setEnabled(bool(self._plan.excluded or self._plan.shortened))
        self._unmeasured.setText(self._plan.unmeasured)
        self._unmeasured.setVisible(bool(self._plan.unmeasured))
        kept = self._plan.kept.names
        self._kept.setVisible(bool(kept))
        self._kept.setText(_("Kept whatever is left out: {names}", names=listed(kept)))


def says(metrics: TreeMetrics | None) -> str:
    """How a selection stands to the model's window, in a sentence."""
    if metrics is None or metrics.model is None:
        return _("Nothing is open.")
    found = metrics.of(0)
    if found.fit is None or found.fit.usable is None:
        return _("The window of {model} is unknown.", model=metrics.model.name)
    tokens = formatting.tokens(found.fit.count)
    between = formatting.count_range(found.fit.count)
    head = _("{tokens} ({between})", tokens=tokens, between=between) if between else tokens
    warning = cost_words.tier_warning(found.fit.count, metrics.model.prices)
    said = [fit_words.verdict(head, found.fit, metrics.model.name)]
    if warning:
        said.append(formatting.stopped(formatting.sentence(warning)))
    return " ".join(said)
