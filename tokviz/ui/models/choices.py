"""What the user chose in the models panel: kept in the settings, and the same in all open windows."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from tokviz.ui.common.settings import Settings
from tokviz.ui.models.filters import Filters, Trait
from tokviz.ui.models.rows import Order, SortKey

_FAVOURITES, _HIDDEN, _SHOW_HIDDEN = "models/favourites", "models/hidden", "models/show_hidden"
_ORDER, _DESCENDING, _TRAITS = "models/order", "models/descending", "models/traits"
SHARED = (_FAVOURITES, _HIDDEN, _SHOW_HIDDEN, _ORDER, _DESCENDING, _TRAITS)
"""Where they are: see ``Settings.share``."""


class PanelChoices(QObject):
    """Favourites, order, what is put away, and those filters that outlast the window."""

    changed = Signal()
    """One of them is another now, whichever window has set it."""

    def __init__(self, settings: Settings, first: Sequence[str], parent: QObject) -> None:
        """``first``: the ids of the favourites until the user chooses."""
        super().__init__(parent)
        self._settings = settings
        self._first = first
        self._halfway = False
        for key in SHARED:
            settings.follow(key, self._tell, self)

    @property
    def favourites(self) -> list[str]:
        """The ids of the models on top."""
        return self._settings.names(_FAVOURITES, self._first)

    @property
    def order(self) -> Order:
        """In which order the models stand."""
        key = self._settings.text(_ORDER, SortKey.CATALOG)
        known = key in list(SortKey)
        return Order(SortKey(key), self._settings.flag(_DESCENDING)) if known else Order()

    @property
    def shows_hidden(self) -> bool:
        """Whether those that were put away are shown all the same."""
        return self._settings.flag(_SHOW_HIDDEN)

    def filters(self, others: Filters) -> Filters:
        """``others`` with what is kept of filters in its place."""
        hidden = frozenset(self._settings.names(_HIDDEN))
        return replace(others, traits=self._traits, hidden=hidden, show_hidden=self.shows_hidden)

    def set_order(self, order: Order) -> None:
        """Keep the order."""
        self._halfway = True
        self._settings.set(_ORDER, str(order.key))
        self._halfway = False
        self._settings.set(_DESCENDING, order.descending)

    def set_traits(self, traits: frozenset[Trait]) -> None:
        """Keep what is asked for with one click."""
        if traits != self._traits:
            self._settings.set(_TRAITS, sorted(traits))

    def show_hidden(self, on: bool) -> None:
        """Show those that were put away, or do not."""
        self._settings.set(_SHOW_HIDDEN, on)

    def toggle_favourite(self, model_id: str) -> None:
        """Make it a favourite, or none any more."""
        self._settings.set(_FAVOURITES, _toggled(self.favourites, model_id))

    def toggle_hidden(self, model_id: str) -> None:
        """Put it away, or show it always."""
        self._settings.set(_HIDDEN, _toggled(self._settings.names(_HIDDEN), model_id))

    @property
    def _traits(self) -> frozenset[Trait]:
        return frozenset(Trait(name) for name in self._settings.names(_TRAITS) if name in list(Trait))

    def _tell(self) -> None:
        if not self._halfway:
            self.changed.emit()


def _toggled(names: Sequence[str], name: str) -> list[str]:
    return [each for each in names if each != name] if name in names else [*names, name]
