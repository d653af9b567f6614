"""Colours: read from ``resources/themes/*.toml`` and given to every widget that paints."""

from dataclasses import dataclass, fields
from typing import Annotated

from msgspec import Meta
from PySide6.QtGui import QColor, QPalette

from tokviz.analysis.tokens.html_page import HtmlColors
from tokviz.assets import Assets, TomlFile

_Color = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]
_Colors = Annotated[list[_Color], Meta(min_length=6)]


THEMES = {"light": "&Light", "dark": "&Dark"}
"""The themes by file name, each with its text in the menu."""
PALETTES = {"standard": "&Standard", "colour_blind": "For &colour-blind readers"}
"""The token colours that every theme has sets of, each with its text in the menu."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. The names are roles; each widget asks for a role, never for a colour."""

    name: str
    dark: bool
    token_colors: tuple[QColor, ...]
    """Backgrounds of neighbouring tokens, in turn; at least six."""
    window: QColor
    surface: QColor
    raised: QColor
    border: QColor
    """Between surfaces."""
    control: QColor
    """Around what takes input; it stands out at least 3:1 from everything it stands on."""
    text: QColor
    muted: QColor
    accent: QColor
    accent_text: QColor
    selection: QColor
    selection_text: QColor
    caret: QColor
    boundary: QColor
    whitespace: QColor
    special: QColor
    error: QColor
    warning: QColor
    ok: QColor

    def html_colors(self) -> HtmlColors:
        """The same colours for pages that are exported."""
        return HtmlColors(
            page=self.window.name(),
            surface=self.surface.name(),
            text=self.text.name(),
            muted=self.muted.name(),
            border=self.border.name(),
            boundary=self.boundary.name(),
            special=self.special.name(),
            difference=self.error.name(),
            tokens=[color.name() for color in self.token_colors],
            dark=self.dark,
        )

    def palette(self) -> QPalette:
        """The same colours as a palette for Qt's own widgets."""
        palette = QPalette()
        role = QPalette.ColorRole
        for name, color in (
            (role.Window, self.window),
            (role.WindowText, self.text),
            (role.Base, self.surface),
            (role.AlternateBase, self.window),
            (role.Text, self.text),
            (role.Button, self.raised),
            (role.ButtonText, self.text),
            (role.BrightText, self.error),
            (role.Highlight, self.accent),
            (role.HighlightedText, self.accent_text),
            (role.Link, self.accent),
            (role.ToolTipBase, self.raised),
            (role.ToolTipText, self.text),
            (role.PlaceholderText, self.muted),
            (role.Mid, self.border),
            (role.Midlight, self.raised),
            (role.Light, self.surface),
            (role.Dark, self.border),
            (role.Shadow, self.border),
            (role.Accent, self.accent),
        ):
            palette.setColor(name, color)
        for name in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, name, self.muted)
        return palette


class Themes:
    """Loads themes by name and token palette: see THEMES and PALETTES."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def load(self, name: str, token_palette: str = "standard") -> Theme:
        """The theme ``name``; DataFileError if its file is wrong, and for any but these names."""
        path = self._assets.path("themes", f"{name}.toml")
        file = TomlFile(path, ("dark", "base", "roles", "tokens"))
        names = {field.name for field in fields(Theme)} - {"name", "dark", "token_colors"}
        base, roles = file.table("base", _Color), file.table("roles", str, names)
        tokens = file.table("tokens", _Colors, PALETTES)
        for role, color in roles.items():
            if color not in base:
                file.fail(f"roles.{role}", f"base names no colour “{color}”")
        return Theme(
            name=name,
            dark=file.read("dark", file.contents.get("dark"), bool),
            token_colors=tuple(map(QColor, tokens[token_palette])),
            **{role: QColor(base[color]) for role, color in roles.items()},
        )
