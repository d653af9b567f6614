"""Which theme is in force: the user's choice, or the desktop's light or dark."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontInfo, QGuiApplication
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from tokviz.assets import DataFileError
from tokviz.language import _
from tokviz.ui.common.focus_ring import FocusRing
from tokviz.ui.common.settings import LETTERS, LETTERS_STEPS, TEXT_FONT, THEME, TOKEN_PALETTE, Settings
from tokviz.ui.common.style import stylesheet
from tokviz.ui.common.style_images import StyleImages
from tokviz.ui.common.text_family import use_text_family
from tokviz.ui.common.theme import PALETTES, THEMES, Theme, Themes
from tokviz.ui.common.type_sizes import with_tabular_figures

_FALLBACK, _FALLBACK_SIZE = "Sans Serif", 9.0  # verbatim
"""The font that Qt takes where no desktop names one: nobody has chosen it, and it is small."""
_READABLE, _LEAST = 9.75, 6.0
"""Points: 13 pixels at the usual 96 dots per inch, and the least that can be read."""


class Appearance(QObject):
    """Applies the theme to the application and announces it to what paints by itself."""

    changed = Signal(object)
    """The theme (Theme) in force from now on."""
    failed = Signal(str)
    """The chosen theme cannot be read, so another one is in force: one sentence."""

    mended = Signal()
    """What failed is over: the chosen theme is in force."""

    def __init__(self, application: QApplication, themes: Themes, settings: Settings) -> None:
        super().__init__(application)
        self._application = application
        self._themes = themes
        self._settings = settings
        application.setStyle("Fusion")  # verbatim
        self.failure = ""
        """Why the chosen theme is not in force; empty if it is."""
        self._font = _readable(application.font())
        """The user's own; the letters that are set are larger or smaller than it."""
        self._images = StyleImages()
        self.theme = self._choose()
        self._ring = FocusRing(application, self.theme)
        self._apply()
        settings.changed.connect(self._follow_settings)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._refresh)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._refresh)

    def _choose(self) -> Theme:
        name = self._settings.text(THEME, "system")
        if name not in THEMES:
            # Unknown (offscreen, some window managers) counts as light.
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if dark else "light"
            name = f"contrast_{name}" if _wants_contrast() else name
        palette = self._settings.text(TOKEN_PALETTE, "standard")
        return self._load(name, palette if palette in PALETTES else "standard")

    def paper(self) -> Theme:
        """The colours to print in: light ones, if they can be read."""
        try:
            return self._themes.load("light")
        except DataFileError:
            return self.theme

    def _load(self, name: str, palette: str) -> Theme:
        """The theme of this name, or the next one that can be read; DataFileError if none can."""
        failures: list[DataFileError] = []
        for other in dict.fromkeys((name, "light", "dark", *THEMES)):
            try:
                theme = self._themes.load(other, palette)
            except DataFileError as error:
                failures.append(error)
            else:
                self._tell(
                    _("{failure} The theme “{other}” is used instead.", failure=failures[0], other=other)
                    if failures
                    else ""
                )
                return theme
        raise failures[0]

    def _tell(self, failure: str) -> None:
        if failure and failure != self.failure:
            self.failed.emit(failure)
        elif self.failure and not failure:
            self.mended.emit()
        self.failure = failure

    def _apply(self) -> None:
        self._set_fonts()
        self._application.setPalette(self.theme.palette())
        images = self._images.files(self.theme)
        # None in between: each widget is polished once. Where one sheet follows another, Qt polishes it once
        # for each widget it lies in, eleven times on average: a thousand take 1.2 seconds instead of 0.2.
        self._application.setStyleSheet("")
        self._application.setStyleSheet(stylesheet(self.theme, self._application.font(), images))
        use_text_family(self._settings.text(TEXT_FONT))  # a first sheet has Qt forget the fonts of kinds
        self._ring.set_theme(self.theme)
        for box in self._application.allWidgets():
            if isinstance(box, QAbstractSpinBox):
                # Once a style sheet has coloured it, Qt leaves the field inside as it was.
                for field in box.findChildren(QLineEdit):
                    field.setPalette(self.theme.palette())

    def _set_fonts(self) -> None:
        font = QFont(self._font)
        if steps := self._settings.number(LETTERS, 0, *LETTERS_STEPS):
            font.setPointSizeF(max(_LEAST, QFontInfo(font).pointSizeF() + steps))
        if font != self._application.font():
            self._application.setFont(font)

    def _follow_settings(self, key: str) -> None:
        if key in (THEME, TOKEN_PALETTE):
            self._refresh()
        elif key in (LETTERS, TEXT_FONT):
            self._apply()
            self.changed.emit(self.theme)

    def _refresh(self) -> None:
        theme = self._choose()
        if theme != self.theme:
            self.theme = theme
            self._apply()
            self.changed.emit(theme)


def _readable(font: QFont) -> QFont:
    """The user's font with figures of one width; larger only where it is Qt's own last resort."""
    chosen = with_tabular_figures(font)
    if font.family() == _FALLBACK and font.pointSizeF() == _FALLBACK_SIZE:
        chosen.setPointSizeF(_READABLE)
    return chosen


def _wants_contrast() -> bool:
    """Whether the desktop asks for high contrast; Qt tells from 6.10 on."""
    hints = QGuiApplication.styleHints()
    if not hasattr(hints, "accessibility"):
        return False
    return hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
