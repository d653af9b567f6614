"""The letters by which menus, their entries and what stands on pages are reached."""

from collections.abc import Iterator, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QTabBar, QWidget

from tokviz.composition import Application
from tokviz.ui.codebase.lower_pane import Lower


def doubled(application: Application) -> list[str]:
    """Every entry that shares its letter with another of its menu, on any page; the menu bar is a menu, and
    what is in sight of the page belongs to it: who holds Alt and presses the letter means one of them."""
    window, found = application.window, []
    for page in window.pages:
        window.show_page(page)
        for menu in window.findChildren(QMenu):
            menu.aboutToShow.emit()
            found += [f"{page.title}: {title}" for title in _doubled(_titles(menu.actions()))]
        bar = _titles(window.menuBar().actions())
        for shown in _states(application, page):
            found += [f"{page.title}, {shown}: {title}" for title in _doubled([*bar, *_in_sight(window)])]
    window.show_page(application.text)
    return sorted(set(found))


def _states(application: Application, page: QWidget) -> Iterator[str]:
    """The parts that a page shows one at a time, each as it is in front."""
    if page is application.codebase:
        for part in Lower:
            application.codebase.workspace.show_lower(part)
            yield part.name
        application.codebase.workspace.show_lower(Lower.TREEMAP)
    elif page is application.compare:
        tabs = application.compare.tabs
        for place in range(tabs.count()):
            tabs.setCurrentIndex(place)
            yield tabs.tabText(place)
        tabs.setCurrentIndex(0)
    else:
        yield "alone"


def _in_sight(window: QWidget) -> list[str]:
    """What is written on the labels of fields, on buttons and tabs that can be seen."""
    labels = [one.text() for one in window.findChildren(QLabel) if one.isVisible() and one.buddy()]
    buttons = [one.text() for one in window.findChildren(QAbstractButton) if one.isVisible()]
    bars = [one for one in window.findChildren(QTabBar) if one.isVisible()]
    return [*labels, *buttons, *(bar.tabText(place) for bar in bars for place in range(bar.count()))]


def _titles(entries: Sequence[QAction]) -> list[str]:
    return [entry.text() for entry in entries if entry.isVisible()]


def _doubled(titles: Sequence[str]) -> Iterator[str]:
    letters = [_letter(title) for title in titles]
    yield from (title for title, one in zip(titles, letters, strict=True) if one and letters.count(one) > 1)


def _letter(title: str) -> str:
    """The one behind the mark; empty if there is none."""
    mark = title.replace("&&", "  ").find("&")
    return title[mark + 1].casefold() if mark >= 0 else ""
