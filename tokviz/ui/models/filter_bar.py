"""The chips over the list: what is asked of the models that are shown."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from tokviz.analysis.formatting import sentence
from tokviz.catalog.model import Capability
from tokviz.language import _, gettext, ngettext
from tokviz.ui.common.staying_menu import StayingMenu
from tokviz.ui.common.widgets import chip, show_words
from tokviz.ui.models.filters import Filters, Trait

_GAP = 6
_ICONS = {Trait.API: "cloud", Trait.OPEN_WEIGHTS: "package"}
_TIPS = {
    Trait.API: _("Models that the maker serves"),
    Trait.OPEN_WEIGHTS: _("Models whose weights you can run on a machine of your own"),
    Trait.CURRENT: _("Models that are not retired"),
    Trait.RETIRED: _("Models that the maker no longer serves"),
    Trait.FITS: _("Models that take the text and leave the whole reserve"),
}


class FilterBar(QWidget):
    """Chips that toggle, and chips with a menu. What has no room is in the menu of the last one."""

    filters_changed = Signal(object)
    """The filters (Filters) as the user has just set them."""

    def __init__(self, makers: Sequence[str], capabilities: Sequence[Capability]) -> None:
        super().__init__()
        self.filters = Filters()
        self.setAccessibleName(_("Filters"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._brief = False
        self._makers_menu = StayingMenu(_("Makers"), self)
        self._has_menu = StayingMenu(_("Has"), self)
        self._fill_menus(makers, capabilities)
        self._traits = {trait: self._entry(self, gettext(trait)) for trait in Trait}
        for trait, action in self._traits.items():
            action.setToolTip(_TIPS[trait])
            action.triggered.connect(lambda on, trait=trait: self._change(self.filters.with_trait(trait, on)))
        self._clear = QAction(_("Show All Models"), self)
        self._clear.triggered.connect(lambda: self._change(self.filters.cleared()))
        self._maker_chip = chip(_("All makers"), _("Makers"), menu=self._makers_menu)
        self._has_chip = chip(_("Has"), _("What a model takes or does beside text"), menu=self._has_menu)
        self._trait_chips = {trait: self._trait_chip(trait) for trait in Trait if trait is not Trait.RETIRED}
        self._more_menu = StayingMenu(_("Filters"), self)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._more = chip(_("Filters"), _("More filters"), icon_name="list-filter", menu=self._more_menu)
        for button in (*self._chips(), self._more):
            button.setParent(self)
        self.show_filters(self.filters)

    def offer(self, makers: Sequence[str], capabilities: Sequence[Capability]) -> None:
        """Have the menus offer these; what is asked for stays."""
        self._fill_menus(makers, capabilities)
        self.show_filters(self.filters)

    def show_filters(self, filters: Filters) -> None:
        """Show what is asked for; nothing is announced."""
        self.filters = filters
        for maker, action in self._makers.items():
            action.setChecked(maker in filters.makers)
        for one, action in self._capabilities.items():
            action.setChecked(one in filters.capabilities)
        for trait, action in self._traits.items():
            action.setChecked(trait in filters.traits)
        for trait, button in self._trait_chips.items():
            button.setChecked(trait in filters.traits)
        _show_choice(self._maker_chip, sorted(filters.makers), _("All makers"), _makers)
        _show_choice(
            self._has_chip,
            [_("Has {ability}", ability=gettext(one)) for one in sorted(filters.capabilities)],
            _("Has"),
            _abilities,
        )
        self._clear.setEnabled(filters.narrow)
        self._arrange()

    def set_brief(self, brief: bool) -> None:
        """Show one chip with all filters in its menu, and but the two most used beside it."""
        self._brief = brief
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(self._more.sizeHint().width(), self._more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _fill_menus(self, makers: Sequence[str], capabilities: Sequence[Capability]) -> None:
        self._makers_menu.clear()
        self._has_menu.clear()
        self._makers = {maker: self._entry(self._makers_menu, maker) for maker in makers}
        for maker, action in self._makers.items():
            action.triggered.connect(lambda on, maker=maker: self._change(self.filters.with_maker(maker, on)))
        self._capabilities = {
            one: self._entry(self._has_menu, sentence(gettext(one))) for one in capabilities
        }
        for one, action in self._capabilities.items():
            action.triggered.connect(lambda on, one=one: self._change(self.filters.with_capability(one, on)))

    def _chips(self) -> list[QToolButton]:
        has = [self._has_chip] if self._capabilities else []
        return [self._maker_chip, *self._trait_chips.values(), *has]

    def _arrange(self) -> None:
        """Place the chips side by side, as many as have room."""
        wanted = (
            [self._trait_chips[Trait.CURRENT], self._trait_chips[Trait.FITS]]
            if self._brief
            else self._chips()
        )
        show_words(self._more, self._brief)
        self._more.setChecked(self.filters.narrow and self._brief)
        room, more = self.width(), self._more.sizeHint().width()
        shown = [self._more] if self._brief else []
        used = more + _GAP if self._brief else 0
        for place, one in enumerate(wanted):
            width = one.sizeHint().width()
            rest = 0 if self._brief or place == len(wanted) - 1 else more + _GAP
            if used + width + rest > room:
                break
            shown.append(one)
            used += width + _GAP
        if not self._brief and len(shown) < len(wanted):
            shown.append(self._more)
        for one in [*self._chips(), self._more]:
            one.setVisible(one in shown)
        x, mirrored = 0, self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for one in shown:
            size = one.sizeHint()
            left = room - x - size.width() if mirrored else x
            one.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
            x += size.width() + _GAP

    def _fill_more(self) -> None:
        menu = self._more_menu
        menu.clear()
        menu.addMenu(self._makers_menu)
        if self._capabilities:
            menu.addMenu(self._has_menu)
        menu.addSeparator()
        menu.addActions(list(self._traits.values()))
        menu.addSeparator()
        menu.addAction(self._clear)

    def _entry(self, parent: QWidget, text: str) -> QAction:
        action = QAction(text, parent, checkable=True)
        if isinstance(parent, QMenu):
            parent.addAction(action)
        return action

    def _trait_chip(self, trait: Trait) -> QToolButton:
        button = chip(gettext(trait), _TIPS[trait], icon_name=_ICONS.get(trait, ""))
        button.clicked.connect(lambda on, trait=trait: self._change(self.filters.with_trait(trait, on)))
        return button

    def _change(self, filters: Filters) -> None:
        self.show_filters(filters)
        self.filters_changed.emit(filters)


def _makers(count: int) -> str:
    return ngettext("{n} maker", "{n} makers", count)


def _abilities(count: int) -> str:
    return ngettext("{n} ability", "{n} abilities", count)


def _show_choice(
    button: QToolButton, chosen: Sequence[str], none: str, several: Callable[[int], str]
) -> None:
    """Say on a chip with a menu what is chosen there."""
    button.setText(none if not chosen else chosen[0] if len(chosen) == 1 else several(len(chosen)))
    button.setChecked(bool(chosen))
