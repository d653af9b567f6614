"""A model's card: may I send my text there, what is the limit, what does it cost?"""

from collections.abc import Sequence
from datetime import date
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import cost_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.model_facts import access_means, facts
from tokviz.catalog.model import Access, LanguageModel
from tokviz.language import _
from tokviz.tokens import Provenance
from tokviz.ui.common.icons import icon
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BODY, CARD_TITLE, SECOND_LINE, keep_sized, sized
from tokviz.ui.common.widgets import clear, fill, icon_button, plain_label, rule, share_out, show_badge
from tokviz.ui.models.card_bar import CardBar
from tokviz.ui.models.figures import figures
from tokviz.ui.models.price_table import PriceTable
from tokviz.ui.models.rows import Row

_MARGIN, _SPACING = 12, 8
_LEADS = {
    Access.API: (_("API only."), "cloud"),
    Access.OPEN_WEIGHTS: (_("Open weights."), "package"),
    Access.BOTH: (_("API and open weights."), "cloud"),
}
_STANDINGS = {
    Standing.FITS: "ok",
    Standing.TOO_LONG: "error",
    Standing.MAY_NOT_FIT: "warning",
    Standing.ANSWER_CUT: "warning",
    Standing.UNKNOWN: "grey",
}


class ModelCard(QWidget):
    """One model with everything the catalog knows of it, each figure with its condition and its source."""

    closed = Signal()
    tokenizer_wanted = Signal(str)
    """This tokenizer is to be used for the text."""
    codebase_wanted = Signal(object)
    """The codebase is to be held against this model (LanguageModel)."""
    plan_wanted = Signal(object)
    """The cost of calls to this model (LanguageModel) is to be planned."""

    def __init__(self, theme: Theme, today: date) -> None:
        super().__init__()
        self._today = today
        self._row: Row | None = None
        self._name = plain_label()
        keep_sized(self._name, CARD_TITLE, semibold=True)
        self._maker = plain_label(role="muted")
        self._life, self._standing = plain_label(), plain_label()
        self._close = icon_button("x", _("Close the card (Esc)"), self.closed.emit)
        self._note_icon = QLabel()
        self._note = QLabel(wordWrap=True)
        self._bar = CardBar(theme)
        self._prices = PriceTable()
        self._warning = plain_label()
        self._area = QScrollArea(widgetResizable=True)
        self._facts = QGridLayout()
        self._tokenizer, self._codebase = QPushButton(), QPushButton()
        self._plan, self._copy = QPushButton(), QPushButton()
        self._buttons = {
            self._tokenizer: (_("Use This Tokenizer"), _("Tokenizer")),
            self._codebase: (_("Use for Codebase"), _("Codebase")),
            self._plan: (_("Plan Costs…"), _("Costs…")),
            self._copy: (" " + _("Copy"), ""),
        }
        """What each says, and where there is little room."""
        self._wide = self._brief = self._first = 0
        """Pixels that the foot takes with all its words, with few, and its first two buttons with all."""
        self._feet = (QHBoxLayout(), QHBoxLayout())
        """The lines of buttons: the second is for what has no room in the first."""
        self._build()

    @property
    def model(self) -> LanguageModel | None:
        """The model that is shown."""
        return self._row.model if self._row else None

    def show_row(self, row: Row) -> None:
        """Show this model and what the text means for it."""
        before, self._row = self.model, row
        if row.model is not before:
            self._show_model(row.model)
        self._show_standing(row)
        self._bar.show_row(row)
        self._prices.show_row(row)
        warning = "" if row.count is None else cost_words.tier_warning(row.count, row.model.prices)
        show_badge(self._warning, formatting.sentence(warning), "warning")

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._bar.set_theme(theme)
        if self._row:
            self._show_note(self._row.model)

    def _show_model(self, model: LanguageModel) -> None:
        self.setAccessibleName(_("Card of {name}", name=model.name))
        self._name.setText(model.name)
        self._maker.setText(model.developer)
        words = model.retirement(self._today)
        show_badge(self._life, words, "grey" if model.is_retired(self._today) else "warning")
        self._show_note(model)
        self._show_facts(model)
        # An estimate has no tokens that could be drawn.
        countable = model.provenance is not Provenance.ESTIMATE
        self._tokenizer.setEnabled(countable)
        self._tokenizer.setToolTip(
            _("Cut the text with {tokenizer}", tokenizer=model.tokenizer)
            if countable
            else _("Nobody has published this model's tokenizer: there are no tokens to show")
        )
        self._codebase.setToolTip(_("Hold the codebase against the window of {name}", name=model.name))

    def _show_standing(self, row: Row) -> None:
        if row.standing is None or row.count is None or not row.count.tokens:
            show_badge(self._standing, "", "")
        else:
            show_badge(self._standing, row.standing.words, _STANDINGS[row.standing])

    def _show_note(self, model: LanguageModel) -> None:
        lead, name = _LEADS[model.access]
        self._note_icon.setPixmap(icon(name).pixmap(16, 16))
        said = _("{access_means} tokviz itself sends nothing.", access_means=access_means(model))
        self._note.setText(f"<b>{lead}</b> {escape(said, quote=False)}")

    def _show_facts(self, model: LanguageModel) -> None:
        clear(self._facts)
        small = sized(self.font(), SECOND_LINE)
        for place, (label, text) in enumerate(facts(model, self._today)):
            quiet = label in (_("Sources"), _("Choices"))
            title, said = plain_label(label, role="muted"), plain_label(text, role="muted" if quiet else "")
            title.setFont(small)
            if quiet:
                said.setFont(small)
            said.setWordWrap(True)
            # Else Qt has it keep a width of its own choice, and what is beside it is cut in a narrow panel.
            said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(said, place, 1)

    def _build(self) -> None:
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head = QHBoxLayout()
        for part in (self._name, self._maker, self._life, self._standing):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        head.addWidget(self._close)
        head.setSpacing(8)
        head.setContentsMargins(_MARGIN, 8, _MARGIN, 4)
        note = QFrame()
        note.setObjectName("note")
        row = QHBoxLayout(note)
        row.setContentsMargins(10, 8, 10, 8)
        row.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._note, 1)
        self._facts.setColumnStretch(1, 1)
        self._facts.setHorizontalSpacing(16)
        self._facts.setVerticalSpacing(4)
        self._warning.setWordWrap(True)
        content = QWidget()
        content.setObjectName("cardContent")
        column = QVBoxLayout(content)
        column.setContentsMargins(_MARGIN, 4, _MARGIN, 8)
        column.setSpacing(8)
        column.addWidget(note)
        column.addWidget(self._bar)
        column.addWidget(self._prices)
        column.addWidget(self._warning)
        column.addLayout(self._facts)
        column.addStretch(1)
        area = self._area
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        area.setWidget(content)
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        area.setAccessibleName(_("Figures of the model"))
        self.setFocusProxy(area)
        fill(QVBoxLayout(self), rule(), head, area, rule(), self._foot(), wide=area, spacing=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        two = self.width() < self._brief
        brief = self.width() < (self._first if two else self._wide)
        for button, texts in self._buttons.items():
            button.setText(texts[brief and not (two and button is self._copy)])
        first, second = (self._tokenizer, self._codebase), (self._plan, None, self._copy)
        share_out(self._feet, ((*first, None), second) if two else ((*first, *second),))
        self._feet[1].setContentsMargins(0, _SPACING if two else 0, 0, 0)
        self._prices.fit(self._area.viewport().width() - 2 * _MARGIN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        every, first = list(self._buttons), [self._tokenizer, self._codebase]
        self._brief = self._foot_width(every, brief=True)
        self._wide, self._first = self._foot_width(every), self._foot_width(first)
        self.resizeEvent(QResizeEvent(self.size(), self.size()))

    def _foot_width(self, buttons: Sequence[QPushButton], brief: bool = False) -> int:
        for button in buttons:
            button.setText(self._buttons[button][brief])
        hints = [button.sizeHint().width() for button in buttons]
        return sum(hints) + _SPACING * len(hints) + 2 * _MARGIN

    def _foot(self) -> QVBoxLayout:
        for button, (text, _brief) in self._buttons.items():
            button.setText(text)
            button.setAccessibleName(text.strip())
        self._copy.setIcon(icon("copy"))
        self._copy.setToolTip(_("Copy everything on this card as text"))
        self._copy.clicked.connect(self._copy_figures)
        self._tokenizer.setDefault(True)
        keep_sized(self._tokenizer, BODY, semibold=True)
        self._tokenizer.clicked.connect(self._use_tokenizer)
        self._codebase.clicked.connect(self._use_for_codebase)
        self._plan.setToolTip(_("What so many calls a day cost, beside other models"))
        self._plan.clicked.connect(self._plan_costs)
        lines = QVBoxLayout()
        lines.setContentsMargins(_MARGIN, _SPACING, _MARGIN, _SPACING)
        lines.setSpacing(0)
        for button in self._buttons:
            button.setParent(self)
        for foot in self._feet:
            foot.setSpacing(_SPACING)
            lines.addLayout(foot)
        return lines

    def _use_tokenizer(self) -> None:
        if self._row:
            self.tokenizer_wanted.emit(self._row.model.tokenizer)

    def _use_for_codebase(self) -> None:
        if self._row:
            self.codebase_wanted.emit(self._row.model)

    def _plan_costs(self) -> None:
        if self._row:
            self.plan_wanted.emit(self._row.model)

    def _copy_figures(self) -> None:
        if self._row:
            QApplication.clipboard().setText(figures(self._row, self._today))
