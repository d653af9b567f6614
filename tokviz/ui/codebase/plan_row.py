"""The plan at hand in one row: how far it is from fitting, what would help, and what is left then."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Fit, Standing
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokens import Provenance
from tokviz.ui.codebase.fit_plan import FitPlan
from tokviz.ui.codebase.step_chips import StepChips
from tokviz.ui.common.icons import SIDE, Tint, icon
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.common.widgets import ElidedLabel, icon_button, plain_label, restyle

_HEIGHT = 38
_LEAST = 300
"""Pixels: the row's least width."""
_MARGINS, _SPACING = (10, 0, 6, 0), 6
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
_NAME_SHARE = 5
"""The model's name takes at most one such part of the row."""
_SAVE = _("Save as .tokvizignore")
_SAVE_TIP = _("Adds what is taken out to the folder's .tokvizignore; the next scan leaves it out")
_APPLY_TIP = _("Leaves the checked steps out, as one change that Ctrl+Z undoes")
_BACK = _("Take All Back")
_BACK_TIP = _("Counts everything again that is taken out, whether by a plan or by hand (Ctrl+Z undoes it)")


class PlanRow(QFrame):
    """Shown where something does not fit, is taken out, or cannot be told yet; hidden where nothing is to be
    said."""

    def __init__(self, plan: FitPlan, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._sign = QLabel()
        self._verdict = plain_label(role="error", name=_("Verdict"))
        self._of = _About()
        self._chips = StepChips(theme)
        self._after = plain_label(role="ok", name=_("After the plan"))
        self._arrows = [QLabel(), QLabel()]
        self._apply = QPushButton(_("&Apply"))
        self._save, self._back = QPushButton(_SAVE), QPushButton(_BACK)
        self._save_icon, self._back_icon = icon_button("save", _SAVE), icon_button("undo-2", _BACK)
        self._build()
        plan.changed.connect(self.renew)
        self.renew()

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._chips.set_theme(theme)

    @property
    def text(self) -> str:
        """What the row says, without its buttons."""
        parts = [self._verdict.text(), self._of.text()]
        parts += [step.suggestion.words for step in self._plan.steps] if self._chips.isVisibleTo(self) else []
        return " ".join(part for part in (*parts, self._after.text()) if part)

    def renew(self) -> None:
        """Say what is so now."""
        plan, metrics = self._plan, self._plan.metrics
        if metrics is None or metrics.model is None:
            self.hide()
            return
        fit, name = plan.fit, metrics.model.name
        over = fit is not None and fit.usable is not None and fit.fits is not True
        excluded, shortened, settled = plan.excluded, plan.shortened, plan.settled
        self.setVisible(over or excluded + shortened > 0)
        if not settled:
            self._say("", plan.unsettled, "")
        elif over and fit is not None:
            verdict = fit_words.room(fit) if (fit.left or 0) < 0 else fit_words.doubt(fit)
            planning = "" if plan.planned else _("working out what to leave out …")
            after = _after(plan.fit_after()) if plan.planned else planning
            about = _("for {model}", model=name)
            self._say(formatting.sentence(verdict), about, after, _ok(plan.fit_after()))
        else:
            after = _after(fit)
            self._say("", changed_words(excluded, shortened, after), after, _ok(fit))
        at_hand = settled and over and plan.planned
        self._show_buttons(settled, at_hand, excluded > 0, shortened > 0)
        self._show_about()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_height()

    def _fit_height(self) -> None:
        self.setFixedHeight(max(_HEIGHT, scaled(QApplication.font(), _HEIGHT)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_about()

    def _show_about(self) -> None:
        """Name the model where nothing else is said, and else where there is room for the name."""
        if not self._verdict.text():
            self._of.setMinimumWidth(0)
            self._of.show()
            return
        rest = [part for part in self.findChildren(QWidget, options=_DIRECT) if part.isVisibleTo(self)]
        least = sum(part.minimumSizeHint().width() + _SPACING for part in rest if part is not self._of)
        room = self.width() - least - _MARGINS[0] - _MARGINS[2]
        wanted = min(self._of.sizeHint().width(), self.width() // _NAME_SHARE)
        self._of.setMinimumWidth(wanted)
        self._of.setVisible(wanted <= room)

    def _say(self, verdict: str, of: str, after: str, good: bool = False) -> None:
        self._sign.setPixmap(
            icon("triangle-alert", Tint.ERROR).pixmap(SIDE, SIDE)
            if verdict
            else icon("info", Tint.QUIET).pixmap(SIDE, SIDE)
        )
        self._verdict.setText(verdict)
        self._verdict.setVisible(bool(verdict))
        self._of.setText(of)
        self._verdict.setToolTip(of)
        self._after.setText(after)
        self._after.setVisible(bool(after))
        restyle(self._after, "role", "ok" if good else "muted")

    def _show_buttons(self, settled: bool, at_hand: bool, excluded: bool, shortened: bool) -> None:
        plan = self._plan
        metrics = plan.metrics
        estimated = metrics is not None and metrics.of(TOP).tokens.provenance is Provenance.ESTIMATE
        self._chips.setVisible(at_hand)
        self._chips.show_steps(plan.steps if at_hand else [], "~" if estimated else "")
        for arrow in self._arrows:
            arrow.setVisible(at_hand)
        self._apply.setVisible(at_hand)
        self._apply.setToolTip("\n".join(filter(None, [_APPLY_TIP, plan.unmeasured])))
        self._apply.setEnabled(any(step.chosen for step in plan.steps))
        for large, small, there in (
            (self._save, self._save_icon, excluded),
            (self._back, self._back_icon, excluded or shortened),
        ):
            large.setVisible(settled and there and not at_hand)
            small.setVisible(settled and there and at_hand)

    def _build(self) -> None:
        self.setObjectName("planRow")
        self._fit_height()
        self.setMinimumWidth(_LEAST)
        self.setAccessibleName(_("The plan at hand"))
        for arrow in self._arrows:
            arrow.setPixmap(icon("chevron-right").pixmap(SIDE, SIDE))
        self._of.setAccessibleName(_("What it is about"))
        self._of.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._after.setToolTip(_("What is left of the limit that binds; packed as one text, it fits too"))
        self._apply.setDefault(True)
        self._apply.clicked.connect(self._plan.apply_plan)
        self._chips.toggled.connect(self._plan.choose_step)
        for button, tip, slot in (
            (self._save, _SAVE_TIP, self._plan.save),
            (self._save_icon, f"{_SAVE}: {_SAVE_TIP}", self._plan.save),
            (self._back, _BACK_TIP, self._plan.restore_all),
            (self._back_icon, f"{_BACK}: {_BACK_TIP}", self._plan.restore_all),
        ):
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, slot=slot: slot())
        row = QHBoxLayout(self)
        row.setContentsMargins(reading_margins(*_MARGINS))
        row.setSpacing(_SPACING)
        first, second = self._arrows
        for part in (self._sign, self._verdict, self._of, first, self._chips, second, self._after):
            row.addWidget(part)
        row.addStretch(1)
        for button in (self._save_icon, self._back_icon, self._save, self._back, self._apply):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


class _About(ElidedLabel):
    """As wide as its words, if there is room."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, self.minimumSizeHint().height())


def _ok(fit: Fit | None) -> bool:
    return fit is not None and fit.fits is True


def _after(fit: Fit | None) -> str:
    """How the rest stands: ``Fits with 3,062 left``, ``still over by 12,000``."""
    if fit is None or fit.left is None:
        return ""
    if fit.standing is Standing.FITS:
        # Translators: {room} is such as “3,062 left”
        return _("Fits with {room}", room=fit_words.room(fit))
    if fit.left < 0:
        # Translators: {excess} is such as “over by 12,000”
        return _("still {excess}", excess=fit_words.room_and_doubt(fit))
    return fit_words.room_and_doubt(fit)


def changed_words(excluded: int, shortened: int, after: str) -> str:
    """How many files are taken out, and how many are shortened; with the sign that leads to what is said of
    the rest ``after`` it, if anything is."""
    parts = (
        ngettext("{n} file taken out", "{n} files taken out", excluded) if excluded else "",
        ngettext("{n} file shortened", "{n} files shortened", shortened) if shortened else "",
    )
    return listed(filter(None, parts)) + (" ·" if after else "")
