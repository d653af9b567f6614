"""Colours: read from ``resources/themes/*.toml`` and given to every widget that paints."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from PySide6.QtGui import QColor, QPalette

from tokviz.assets import Assets, TomlFile
from tokviz.language import _

if TYPE_CHECKING:
    # What the window's first frame does not need is imported where it is used.
    from tokviz.analysis.tokens.html_page import HtmlColors

_Color = Annotated[str, Meta(pattern="^#[0-9a-f]{6}$")]
_Colors = Annotated[list[_Color], Meta(min_length=6)]


THEMES = {
    "light": _("&Light"),
    "dark": _("&Dark"),
    "contrast_light": _("Li&ght, high contrast"),
    "contrast_dark": _("Da&rk, high contrast"),
}
"""The themes by file name, each with its text in the menu."""
THEME_CHOICES = {"system": _("As the deskto&p")} | THEMES
PALETTES = {"standard": _("&Standard"), "colour_blind": _("For &colour-blind readers")}
"""The token colours that every theme has sets of, each with its text in the menu."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours. The names are roles; each widget asks for a role, never for a colour."""

    name: str
    dark: bool
    token_colors: tuple[QColor, ...]
    """Backgrounds of neighbouring tokens, in turn; at least six."""
    window: QColor
    """Behind bars, headers and panels."""
    surface: QColor
    """Behind content: texts, tables, fields."""
    raised: QColor
    """Behind what is pressed; behind grey badges."""
    hover: QColor
    """Behind what the mouse is over."""
    border: QColor
    """Between regions; never the only sign of a control."""
    hair: QColor
    """Between rows."""
    control: QColor
    """Around what takes input; it stands out at least 3:1 from everything it stands on."""
    text: QColor
    muted: QColor
    """Less important text, icons beside words, boundaries of tokens, signs for white space."""
    accent: QColor
    accent_hover: QColor
    accent_text: QColor
    """On ``accent``."""
    accent_soft: QColor
    """Behind what is checked, and the chosen model's row."""
    selection: QColor
    """Behind selected text and rows; ``text`` stands on it."""
    reserve: QColor
    """In a window bar, what is kept for the answer."""
    track: QColor
    """In a window bar, what is free."""
    error: QColor
    error_soft: QColor
    """Behind ``error``, as ``warning_soft`` and ``ok_soft`` are behind theirs."""
    error_mid: QColor
    """In an overfull window bar, the part that still fits."""
    warning: QColor
    warning_soft: QColor
    ok: QColor
    ok_soft: QColor
    violet: QColor
    """Special tokens, and compaction."""
    thumb: QColor
    """Of scroll bars."""
    thumb_hover: QColor
    cache_read: QColor
    """The bars of a conversation's requests: what the provider's cache gave, took, neither, and a miss."""
    cache_write: QColor
    cache_fresh: QColor
    cache_miss: QColor
    part_messages: QColor
    """What a conversation's window is filled with."""
    part_results: QColor
    part_thinking: QColor
    part_files: QColor

    def html_colors(self) -> "HtmlColors":
        """The same colours for pages that are exported."""
        from tokviz.analysis.tokens.html_page import HtmlColors

        return HtmlColors(
            page=self.window.name(),
            surface=self.surface.name(),
            text=self.text.name(),
            muted=self.muted.name(),
            border=self.border.name(),
            boundary=self.muted.name(),
            special=self.violet.name(),
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
            (role.Highlight, self.selection),
            (role.HighlightedText, self.text),
            (role.Link, self.accent),
            (role.LinkVisited, self.accent),
            (role.ToolTipBase, self.surface),
            (role.ToolTipText, self.text),
            (role.PlaceholderText, self.muted),
            (role.Mid, self.border),
            (role.Midlight, self.hair),
            (role.Light, self.accent_text),
            (role.Dark, self.border),
            (role.Shadow, self.border),
            (role.Accent, self.accent),
        ):
            palette.setColor(name, color)
        for name in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, name, self.muted)
        return palette


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """``one`` with ``share`` (0 to 1) of ``other``."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )


class Themes:
    """Loads themes by name and token palette: see THEMES and PALETTES."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    def load(self, name: str, token_palette: str = "standard") -> Theme:
        """The theme ``name``; DataFileError if its file is wrong, and for any but these names."""
        file = TomlFile(self._assets.path("themes", f"{name}.toml"), ("dark", "roles", "tokens"))
        names = {field.name for field in fields(Theme)} - {"name", "dark", "token_colors"}
        roles = file.table("roles", _Color, names)
        tokens = file.table("tokens", _Colors, PALETTES)
        return Theme(
            name=name,
            dark=file.read("dark", file.contents.get("dark"), bool),
            token_colors=tuple(map(QColor, tokens[token_palette])),
            **{role: QColor(color) for role, color in roles.items()},
        )
