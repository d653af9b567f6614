"""The menu bar: what every page shares, and each page's own entries where they belong."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from tokviz.ui.main_window import MainWindow
from tokviz.ui.page import Page
from tokviz.ui.settings import Settings

THEMES = {"system": "As the &desktop", "light": "&Light", "dark": "&Dark"}
PALETTES = {"standard": "&Standard", "colour_blind": "For &colour-blind readers"}


def action(
    parent: QObject,
    text: str,
    slot: Callable[[], object] | None = None,
    keys: QKeySequence | QKeySequence.StandardKey | str | None = None,
    tip: str = "",
) -> QAction:
    """A menu entry; ``keys`` is a standard key or a text such as ``Ctrl+Shift+O``."""
    made = QAction(text, parent)
    if keys is not None:
        made.setShortcut(keys)
    if tip:
        made.setStatusTip(tip)
        made.setToolTip(tip)
    if slot:
        made.triggered.connect(lambda: slot())
    return made


def separator(parent: QObject) -> QAction:
    """A line between menu entries."""
    made = QAction(parent)
    made.setSeparator(True)
    return made


class Commands(QObject):
    """What the shared entries do; the composition root gives each its meaning."""

    def __init__(
        self,
        open_files: Callable[[], None],
        open_folder: Callable[[], None],
        open_paths: Callable[[Sequence[Path]], None],
        samples: Callable[[QMenu], None],
        show_shortcuts: Callable[[], None],
        show_about: Callable[[], None],
    ) -> None:
        super().__init__()
        self.open_files = open_files
        self.open_folder = open_folder
        self.open_paths = open_paths
        self.samples = samples
        self.show_shortcuts = show_shortcuts
        self.show_about = show_about


class Menus(QObject):
    """Builds the menu bar, and fills it with the front page's entries whenever another page comes forward."""

    def __init__(self, window: MainWindow, commands: Commands, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._settings = settings
        bar = window.menuBar()
        self._file = bar.addMenu("&File")
        self._edit = bar.addMenu("&Edit")
        self._view = bar.addMenu("&View")
        self._tools = bar.addMenu("&Tools")
        help_menu = bar.addMenu("&Help")
        self._recent = QMenu("Open &Recent", window)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._samples = QMenu("Open Sa&mple", window)
        commands.samples(self._samples)
        self._shared_file = self._make_file()
        self._shared_view = self._make_view()
        self._quit = action(window, "&Quit", window.close, "Ctrl+Q")
        help_menu.addAction(action(window, "&Keyboard Shortcuts", commands.show_shortcuts, "F1"))
        help_menu.addAction(action(window, "&About tokviz", commands.show_about))
        window.page_shown.connect(self._fill)
        self._fill(window.page)

    def all_actions(self) -> list[QAction]:
        """Every entry with a shortcut that is in the menus now, for the list of shortcuts."""
        menus = (self._file, self._edit, self._view, self._tools)
        return [entry for menu in menus for entry in menu.actions() if not entry.shortcut().isEmpty()]

    def _make_file(self) -> list[QAction]:
        window, commands = self._window, self._commands
        return [
            action(window, "&Open…", commands.open_files, QKeySequence.StandardKey.Open),
            action(window, "Open &Folder…", commands.open_folder, "Ctrl+Shift+O"),
            self._recent.menuAction(),
            self._samples.menuAction(),
        ]

    def _make_view(self) -> list[QAction]:
        window = self._window
        entries = []
        for number, page in enumerate(window.pages, 1):
            entries.append(
                action(
                    window,
                    f"&{number} {page.title}",
                    partial(window.show_page, page),
                    f"Ctrl+{number}",
                )
            )
        models = window.models.toggle_action(window)
        themes = self._choice("&Theme", THEMES, "theme", "system")
        palettes = self._choice("Token &Colours", PALETTES, "token_palette", "standard")
        return [*entries, separator(window), models, themes, palettes]

    def _choice(self, title: str, options: dict[str, str], key: str, default: str) -> QAction:
        menu = QMenu(title, self._window)
        group = QActionGroup(menu)
        chosen = self._settings.text(key, default)
        for value, text in options.items():
            entry = QAction(text, group, checkable=True, checked=value == chosen)
            entry.triggered.connect(lambda _=False, value=value: self._settings.set(key, value))
            menu.addAction(entry)
        return menu.menuAction()

    def _fill(self, page: Page) -> None:
        for menu, name, before, after in (
            (self._file, "file", self._shared_file, [self._quit]),
            (self._edit, "edit", [], []),
            (self._view, "view", [], self._shared_view),
            (self._tools, "tools", [], []),
        ):
            menu.clear()
            menu.addActions(before)
            own = page.actions_for(name)
            if before and own:
                menu.addSeparator()
            menu.addActions(own)
            if own and after:
                menu.addSeparator()
            menu.addActions(after)
            menu.menuAction().setVisible(bool(menu.actions()))

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = [Path(text) for text in self._settings.names("recent")]
        for number, path in enumerate(paths, 1):
            label = f"&{number} {path.name or path}   {_shortened(path.parent)}" if number < 10 else str(path)
            self._recent.addAction(action(self._recent, label, partial(self._commands.open_paths, [path])))
        if paths:
            self._recent.addSeparator()
            self._recent.addAction(
                action(self._recent, "&Clear This List", lambda: self._settings.set("recent", []))
            )
        else:
            nothing = self._recent.addAction("Nothing opened yet")
            nothing.setEnabled(False)


def _shortened(folder: Path) -> str:
    """The folder with the home written as ~."""
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except ValueError:
        return str(folder)
