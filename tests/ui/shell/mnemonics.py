"""The letters by which the entries of the window's menus are reached."""

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tokviz.composition import Application


def doubled(application: Application) -> list[str]:
    """Every entry that shares its letter with another of its menu, on any page; the menu bar is a menu."""
    window, found = application.window, []
    for page in window.pages:
        window.show_page(page)
        for menu in window.findChildren(QMenu):
            menu.aboutToShow.emit()
            found += [f"{page.title}: {title}" for title in _doubled(menu.actions())]
        found += [f"{page.title}: {title}" for title in _doubled(window.menuBar().actions())]
    window.show_page(application.text)
    return found


def _doubled(entries: Sequence[QAction]) -> Iterator[str]:
    titles = [entry.text() for entry in entries if entry.isVisible()]
    letters = [_letter(title) for title in titles]
    yield from (title for title, one in zip(titles, letters, strict=True) if one and letters.count(one) > 1)


def _letter(title: str) -> str:
    """The one behind the mark; empty if there is none."""
    mark = title.replace("&&", "  ").find("&")
    return title[mark + 1].casefold() if mark >= 0 else ""
