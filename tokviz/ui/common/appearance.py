"""Which theme is in force: the user's choice, or the desktop's light or dark."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from tokviz.ui.common.settings import Settings
from tokviz.ui.common.style import stylesheet
from tokviz.ui.common.theme import PALETTES, THEMES, Theme, Themes


class Appearance(QObject):
    """Applies the theme to the application and announces it to what paints by itself."""

    changed = Signal(object)
    """The theme (Theme) in force from now on."""

    def __init__(self, application: QApplication, themes: Themes, settings: Settings) -> None:
        super().__init__(application)
        self._application = application
        self._themes = themes
        self._settings = settings
        application.setStyle("Fusion")
        self.theme = self._choose()
        self._apply()
        settings.changed.connect(self._follow_settings)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    def _choose(self) -> Theme:
        name = self._settings.text("theme", "system")
        if name not in THEMES:
            # Unknown (offscreen, some window managers) counts as light.
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if dark else "light"
        palette = self._settings.text("token_palette", "standard")
        return self._themes.load(name, palette if palette in PALETTES else "standard")

    def _apply(self) -> None:
        self._application.setPalette(self.theme.palette())
        self._application.setStyleSheet(stylesheet(self.theme))
        for box in self._application.allWidgets():
            if isinstance(box, QAbstractSpinBox):
                # Once a style sheet has coloured it, Qt leaves the field inside as it was.
                for field in box.findChildren(QLineEdit):
                    field.setPalette(self.theme.palette())

    def _follow_settings(self, key: str) -> None:
        if key in ("theme", "token_palette"):
            self._refresh()

    def _refresh(self) -> None:
        theme = self._choose()
        if theme != self.theme:
            self.theme = theme
            self._apply()
            self.changed.emit(theme)
