"""Every entry of the window's menus, as a list: for the shortcuts window and the command palette."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar
from shiboken6 import isValid

from tokviz.ui.common.actions import refresh
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.page import Page

MENUS = ("file", "edit", "view", "tools")
"""The menus in which pages have entries of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class MenuEntry:
    """One entry as it was when the menus were walked, and where it stands.

    Menus are filled anew while a list of them is open, which ends actions: only ``is_able`` and ``run`` look
    at the action itself.
    """

    action: QAction
    path: tuple[str, ...]
    """The titles of the menus around it, outermost first."""
    title: str
    keys: str
    """As this system writes them; empty if it has none."""
    is_checked: bool
    around: tuple[QAction, ...] = ()
    """The entries of the menus around it."""
    page: Page | None = None
    """The page that must come to the front before it means anything; None: it works as the window is."""

    @property
    def place(self) -> str:
        """Its menus in words: ``View ▸ Theme``."""
        return " ▸ ".join(self.path)

    @property
    def is_able(self) -> bool:
        """Whether it can be run now: no menu around it is disabled, either."""
        return all(isValid(one) and one.isEnabled() for one in (*self.around, self.action))

    def run(self) -> None:
        """Do what the entry does, unless its menu has lost it meanwhile."""
        if isValid(self.action):
            self.action.trigger()


def entries_of(bar: QMenuBar) -> list[MenuEntry]:
    """What the menu bar holds now, in its order."""
    return list(_inside(bar.actions(), (), None, set()))


def all_entries(bar: QMenuBar, pages: Iterable[Page], front: Page) -> list[MenuEntry]:
    """The same, then what the pages behind the one in ``front`` would put there; each entry once."""
    # A menu that two pages share is walked once: it may be filled anew, which ends the entries it had.
    seen: set[QAction] = set()
    entries = list(_inside(bar.actions(), (), None, seen))
    for page in pages:
        for menu in MENUS if page is not front else ():
            entries += _inside(page.actions_for(menu), (page.title,), page, seen)
    return entries


def _inside(
    actions: Iterable[QAction],
    path: tuple[str, ...],
    page: Page | None,
    seen: set[QAction],
    around: tuple[QAction, ...] = (),
) -> Iterator[MenuEntry]:
    actions = list(actions)
    refresh(actions)
    for action in actions:
        if action in seen:
            continue
        seen.add(action)
        # PySide6's stubs say object; it is a QMenu, or None for a plain entry.
        if isinstance(menu := action.menu(), QMenu):
            menu.aboutToShow.emit()  # some are filled only then
            title = without_mnemonic(action.text())
            yield from _inside(menu.actions(), (*path, title), page, seen, (*around, action))
        elif not action.isSeparator() and action.isVisible():
            yield MenuEntry(
                action,
                path,
                without_mnemonic(action.text()),
                action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
                action.isCheckable() and action.isChecked(),
                around,
                page,
            )
