"""What the chosen models take, as the text page asks for it: see ``common.model_limits``."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.budget import fit
from tokviz.catalog.model import LanguageModel
from tokviz.tokens import Count
from tokviz.ui.common.model_limits import ModelLimit
from tokviz.ui.common.settings import Settings
from tokviz.ui.models.panel import ModelsPanel


class ChosenLimits(QObject):
    """Of the panel's selected model, and of its favourites. Implements ModelLimits."""

    limits_changed = Signal()

    def __init__(self, panel: ModelsPanel, settings: Settings) -> None:
        super().__init__(panel)
        self._panel = panel
        self._settings = settings
        self._told: tuple[ModelLimit | None, Sequence[ModelLimit]] = (None, ())
        for signal in (panel.evaluation_changed, panel.model_chosen, panel.shown_changed):
            signal.connect(self._announce)

    @property
    def selected_limit(self) -> ModelLimit | None:
        """See ModelLimits."""
        chosen = self._panel.selected
        models = (row.model for row in self._panel.table.all_rows)
        return next((self._limit_of(model) for model in models if model.id == chosen), None)

    @property
    def other_limits(self) -> Sequence[ModelLimit]:
        """See ModelLimits."""
        rows = self._panel.table.all_rows
        limits = (self._limit_of(row.model) for row in rows if row.favourite)
        return tuple(limit for limit in limits if limit is not None)

    def _limit_of(self, model: LanguageModel) -> ModelLimit | None:
        usable = fit(Count.certain(0), model, self._settings.reserve).usable
        return None if usable is None else ModelLimit(model.name, model.tokenizer, usable)

    def _announce(self) -> None:
        now = (self.selected_limit, self.other_limits)
        if now != self._told:
            self._told = now
            self.limits_changed.emit()
