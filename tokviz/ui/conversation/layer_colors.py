"""The colour and the icon of each layer of a context."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from tokviz.analysis.conversation.stack import Layer
from tokviz.ui.common.theme import Theme, mixed
from tokviz.ui.common.window_bar import paint_stripes

ICONS = {
    Layer.HIDDEN: "eye-off",
    Layer.SYSTEM: "settings",
    Layer.TOOLS: "braces",
    Layer.USER: "user",
    Layer.ASSISTANT: "bot",
    Layer.OTHER_MESSAGES: "message-square",
    Layer.CALLS: "play",
    Layer.RESULTS: "wrench",
    Layer.THINKING: "lightbulb",
    Layer.FILES: "file",
    Layer.IMAGES: "image",
    Layer.OTHER: "file",
    Layer.FRAMING: "braces",
}


def layer_color(layer: Layer, theme: Theme) -> QColor:
    """What a layer is painted in; messages by who speaks, and calls beside results, are shades of one hue."""
    match layer:
        case Layer.USER:
            return theme.part_messages
        case Layer.ASSISTANT:
            return mixed(theme.part_messages, theme.surface, 0.28)
        case Layer.OTHER_MESSAGES:
            return mixed(theme.part_messages, theme.surface, 0.5)
        case Layer.RESULTS:
            return theme.part_results
        case Layer.CALLS:
            return mixed(theme.part_results, theme.surface, 0.4)
        case Layer.THINKING:
            return theme.part_thinking
        case Layer.FILES:
            return theme.part_files
        case Layer.IMAGES:
            return mixed(theme.part_files, theme.surface, 0.4)
        case Layer.SYSTEM:
            return mixed(theme.control, theme.text, 0.15)
        case Layer.TOOLS:
            return mixed(theme.control, theme.surface, 0.35)
        case Layer.RESERVE:
            return theme.reserve
        case Layer.FREE:
            return theme.surface
    return theme.thumb


def paint_layer(painter: QPainter, rect: QRectF, layer: Layer, theme: Theme) -> None:
    """Fill ``rect`` as the layer is painted everywhere: what the file does not hold is striped."""
    if layer is Layer.HIDDEN:
        painter.fillRect(rect, theme.track)
        paint_stripes(painter, rect, theme.muted, 1.6)
    else:
        painter.fillRect(rect, layer_color(layer, theme))
    if layer is Layer.FREE:
        painter.setPen(QPen(theme.control, 1))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def text_on(color: QColor, theme: Theme) -> QColor:
    """The theme's lightest or darkest colour, whichever stands out more."""
    candidates = (theme.text, theme.surface, theme.accent_text)
    return max(candidates, key=lambda candidate: _contrast(candidate, color))


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = color.redF(), color.greenF(), color.blueF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
