"""The menu bar: what every page shares, and each page's own entries where they belong."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.documents.samples import Sample, Samples
from tokviz.language import _
from tokviz.ui.common.actions import action, refresh, separator
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import THEME, TOKEN_PALETTE, Settings
from tokviz.ui.common.theme import PALETTES, THEME_CHOICES
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.shell.command_palette import CommandPalette
from tokviz.ui.shell.help import Help
from tokviz.ui.shell.main_window import MENUS, MainWindow
from tokviz.ui.shell.menu_entries import all_entries
from tokviz.ui.shell.opening import Opening


@dataclass(frozen=True, slots=True)
class Commands:
    """What the shared entries do."""

    opening: Opening
    help: Help
    samples: Samples
    show_text: Callable[[bytes, str], None]
    """Show a text (valid UTF-8) under a title."""
    show_preferences: Callable[[], None]
    tokenizer_actions: Callable[[QWidget], list[QAction]]
    """The entries that concern the user's own tokenizers."""


class Menus(QObject):
    """Builds the menu bar, and fills it with the front page's entries whenever another page comes forward."""

    def __init__(
        self, window: MainWindow, models: ModelsPanel, commands: Commands, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._models = models
        self._commands = commands
        self._settings = settings
        bar = window.menuBar()
        bar.clear()
        self._file, self._edit, self._view, self._tools, help_menu = map(bar.addMenu, MENUS)
        self._recent = QMenu(_("Open &Recent"), window)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._samples = QMenu(_("Open Sa&mple"), window)
        self._fill_samples()
        self._shared_file = self._make_file()
        self._shared_view = self._make_view()
        self._shared_tools = commands.tokenizer_actions(window)
        self._preferences = action(window, _("Pr&eferences…"), commands.show_preferences, "Ctrl+,")
        self._preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        self._quit = action(window, _("&Quit"), window.close, "Ctrl+Q")
        palette = action(
            window, _("&Commands…"), self._show_palette, "Ctrl+Shift+P", _("Find any command by its name")
        )
        help_menu.addAction(action(window, _("&Guide"), commands.help.show_guide, "F1"))
        help_menu.addAction(palette)
        help_menu.addAction(action(window, _("&Keyboard Shortcuts"), commands.help.show_shortcuts, "Ctrl+F1"))
        help_menu.addAction(action(window, _("&About tokviz"), commands.help.show_about))
        for menu in (self._edit, self._view, self._tools):
            menu.aboutToShow.connect(lambda menu=menu: refresh(menu.actions()))
        window.page_shown.connect(self._fill)
        self._fill(window.page)

    def _show_palette(self) -> None:
        window = self._window
        entries = all_entries(window.menuBar(), window.pages, window.page)
        palette = CommandPalette(entries, window)
        palette.exec()
        palette.deleteLater()
        if chosen := palette.chosen:
            if chosen.page:
                window.show_page(chosen.page)
            chosen.run()

    def _make_file(self) -> list[QAction]:
        window, commands = self._window, self._commands
        tip = _("Beside this one, with texts, pages and a worker process of its own")
        return [
            action(window, _("New Win&dow"), commands.opening.open_window, "Ctrl+Shift+N", tip),
            action(window, _("&Open…"), commands.opening.ask_for_files, QKeySequence.StandardKey.Open),
            action(window, _("Open &Folder…"), commands.opening.ask_for_folder, "Ctrl+Shift+O"),
            self._recent.menuAction(),
            self._samples.menuAction(),
        ]

    def _make_view(self) -> list[QAction]:
        window = self._window
        entries = [
            action(
                window,
                f"&{number} {page.title}",
                partial(window.show_page, page),
                f"Ctrl+{number}",
            )
            for number, page in enumerate(window.pages, 1)
        ]
        models = self._models.toggle_action
        window.addAction(models)
        themes = self._choice(_("&Theme"), THEME_CHOICES, THEME, "system")
        palettes = self._choice(_("&Palette"), PALETTES, TOKEN_PALETTE, "standard")
        return [*entries, separator(window), models, themes, palettes]

    def _choice(self, title: str, options: dict[str, str], key: str, default: str) -> QAction:
        menu = QMenu(title, self._window)
        group = QActionGroup(menu)
        chosen = self._settings.text(key, default)
        for value, text in options.items():
            entry = QAction(text, group, checkable=True, checked=value == chosen)
            entry.triggered.connect(lambda _=False, value=value: self._settings.set(key, value))
            entry.setData(value)
            menu.addAction(entry)
        self._settings.follow(key, lambda: _tick(group, self._settings.text(key, default)), group)
        return menu.menuAction()

    def _fill(self, page: Page) -> None:
        for menu, name, before, after in (
            (self._file, "file", self._shared_file, [self._quit]),
            (self._edit, "edit", [], [self._preferences]),
            (self._view, "view", [], self._shared_view),
            (self._tools, "tools", [], self._shared_tools),
        ):
            _empty(menu)
            menu.addActions(before)
            own = page.actions_for(name)
            if before and own:
                menu.addSeparator()
            menu.addActions(own)
            if own and after:
                menu.addSeparator()
            menu.addActions(after)
            menu.menuAction().setVisible(bool(menu.actions()))

    def _fill_samples(self) -> None:
        for sample in self._commands.samples.all():
            self._samples.addAction(action(self._samples, sample.words, partial(self._show_sample, sample)))

    def _show_sample(self, sample: Sample) -> None:
        self._commands.show_text(self._commands.samples.text(sample.id), sample.words)

    def _fill_recent(self) -> None:
        self._recent.clear()
        paths = self._settings.paths("recent")
        for number, path in enumerate(paths, 1):
            label = f"&{number} {path.name or path}   {_shortened(path.parent)}" if number < 10 else str(path)
            self._recent.addAction(
                action(self._recent, label, partial(self._commands.opening.open_paths, [path]))
            )
        if paths:
            self._recent.addSeparator()
            self._recent.addAction(
                action(self._recent, _("&Clear This List"), lambda: self._settings.set("recent", []))
            )
        else:
            nothing = self._recent.addAction(_("Nothing opened yet"))
            nothing.setEnabled(False)


def _tick(group: QActionGroup, value: str) -> None:
    for entry in group.actions():
        entry.setChecked(entry.data() == value)


def _empty(menu: QMenu) -> None:
    """Take every entry out. After ``QMenu.clear`` those that open a menu of their own raise when they are
    asked for anything: PySide has forgotten them."""
    for entry in menu.actions():
        menu.removeAction(entry)
        if entry.parent() is menu:
            entry.deleteLater()


def _shortened(folder: Path) -> str:
    """The folder with the home written as ~."""
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except ValueError:
        return str(folder)
