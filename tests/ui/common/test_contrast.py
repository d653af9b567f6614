"""What is written can be read on what it is really painted on: 4.5 (WCAG AA), and 3 for what does nothing."""

import pytest
from PySide6.QtGui import QColor, QPalette

from tests.ui.common.test_theme import CONTENT, contrast
from tokviz.analysis.conversation.stack import Layer
from tokviz.assets import Assets
from tokviz.ui.common.style import FAINT
from tokviz.ui.common.theme import PALETTES, THEMES, Theme, Themes, mixed
from tokviz.ui.conversation.layer_colors import layer_color, text_on
from tokviz.ui.editor.painting.token_colors import TokenColors
from tokviz.ui.text.panels.window_end import VEIL

READABLE, DISABLED = 4.5, 3.0


@pytest.fixture(params=[(name, palette) for name in THEMES for palette in PALETTES], ids="-".join)
def theme(request: pytest.FixtureRequest) -> Theme:
    return Themes(Assets()).load(*request.param)


def test_what_does_nothing_can_still_be_read(theme: Theme) -> None:
    """WCAG asks nothing of it; 3 is what it asks of what is not text."""
    faint = mixed(theme.surface, theme.text, FAINT)
    for ground in CONTENT:
        assert contrast(faint, getattr(theme, ground)) >= DISABLED, ground


def test_text_is_readable_on_every_ground_of_a_token(theme: Theme) -> None:
    """By turns, of stale tokens, of special ones, by heat, and selected."""
    colors = TokenColors(theme)
    grounds = [colors.heat_color(step / 32) for step in range(33)]
    grounds += [QColor.fromRgb(int(each)) for each in (*colors._valid, *colors._stale, colors._special)]
    for ground in (*grounds, colors.selection):
        assert contrast(theme.text, ground) >= READABLE, ground.name()


def test_text_that_does_not_fit_a_window_is_paler_and_readable(theme: Theme) -> None:
    ink = mixed(theme.text, theme.surface, VEIL)
    for ground in (*theme.token_colors, theme.surface):
        assert contrast(ink, mixed(ground, theme.surface, VEIL)) >= READABLE, ground.name()


def test_what_stands_in_the_parts_of_a_window_is_readable(theme: Theme) -> None:
    for layer in Layer:
        if layer is not Layer.HIDDEN:  # which is striped, and has no words in it
            color = layer_color(layer, theme)
            assert contrast(text_on(color, theme), color) >= READABLE, layer


def test_links_and_hints_are_readable(theme: Theme) -> None:
    """Where Qt writes them itself, by the palette."""
    palette, roles = theme.palette(), QPalette.ColorRole
    for ink in (roles.Link, roles.LinkVisited, roles.PlaceholderText, roles.ToolTipText):
        for ground in (roles.Base, roles.Window, roles.ToolTipBase):
            assert contrast(palette.color(ink), palette.color(ground)) >= READABLE, (ink, ground)
    assert contrast(palette.color(roles.HighlightedText), palette.color(roles.Highlight)) >= READABLE
