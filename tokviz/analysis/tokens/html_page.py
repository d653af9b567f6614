"""What the HTML pages of tokens have in common: the frame and the colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tokviz.language import language, right_to_left

PAGE_END = "</body>\n</html>\n"


@dataclass(frozen=True, slots=True)
class HtmlColors:
    """CSS colours."""

    page: str
    surface: str
    text: str
    muted: str
    border: str
    boundary: str
    special: str
    """Of special tokens."""
    difference: str
    """Of boundaries that only some tokenizers have."""
    tokens: Sequence[str]
    dark: bool

    @property
    def palette(self) -> str:
        """The style of the classes ``k0``, ``k1`` …, a token's background by its index."""
        return "".join(f".k{number}{{background:{color}}}" for number, color in enumerate(self.tokens))


def page_head(title: str, style: str) -> str:
    """A page up to its body: it needs no script and no other file."""
    direction = ' dir="rtl"' if right_to_left() else ""  # verbatim
    return f"""<!DOCTYPE html>
<html lang="{language().replace("_", "-")}"{direction}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
{style}
</style>
</head>
<body>
"""  # verbatim
