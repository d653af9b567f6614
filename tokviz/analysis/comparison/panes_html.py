"""The panes of a comparison as one self-contained HTML page: no script, no file beside it, any browser.

Boundaries that all share are thin lines; those that only some have are thick ones with a notch, so that they
differ by shape as well as by colour. A character that several tokens share is written whole, with its tokens
in the tooltip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

LIMIT = 200_000
"""Bytes of text that a page holds at most: a browser gets slow with more tokens than these make."""
_PART = 500
"""Tokens written in one part: a millisecond or two."""


@dataclass(frozen=True, slots=True)
class HtmlPane:
    """One tokenizer's cuts of the text: ``ids`` ``uint32[n]``, ``ends`` ``int64[n]``, byte offsets."""

    title: str
    figures: str
    ids: NDArray[np.uint32]
    ends: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HtmlColors:
    """CSS colours."""

    page: str
    surface: str
    text: str
    muted: str
    border: str
    boundary: str
    difference: str
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Group:
    """Tokens ``first`` to ``last`` (excluded) whose bytes ``start`` to ``stop`` are whole characters."""

    first: int
    last: int
    start: int
    stop: int


def panes_html(
    heading: str, summary: str, data: bytes, total: int, panes: Sequence[HtmlPane], colors: HtmlColors
) -> Iterator[str]:
    """The page in parts, each quickly made.

    ``data`` is a text (valid UTF-8) of ``total`` bytes, or its beginning of at least ``LIMIT`` bytes, with
    the tokens that cover it. The page shows the first ``LIMIT`` bytes, and says so if there are more.
    """
    stop = _whole_characters(data, LIMIT)
    yield _head(heading, colors, len(panes))
    yield f"<h1>{escape(heading)}</h1>\n<p>{escape(summary)}</p>\n"
    if stop < total:
        yield f"<p><strong>This page holds the first {stop:,} of {total:,} bytes.</strong></p>\n"
    yield f"<p class=legend>{_LEGEND}</p>\n<main>\n"
    everywhere = common_ends([pane.ends for pane in panes])
    for pane in panes:
        yield f"<section><h2>{escape(pane.title)}</h2><p>{escape(pane.figures)}</p><div class=t dir=auto>"
        yield from _tokens(data, stop, pane, everywhere, len(colors.tokens))
        yield "</div></section>\n"
    yield "</main>\n</body>\n</html>\n"


def common_ends(ends: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The offsets at which every tokenizer ends a token, ascending."""
    common = np.unique(ends[0]) if ends else np.zeros(0, np.int64)
    for other in ends[1:]:
        common = np.intersect1d(common, other)
    return common


_LEGEND = (
    "<span class='k c'>a</span> cut by all &nbsp; <span class='k d'>a</span> cut by some only. "
    "Point at a token for its id and bytes."
)


def _tokens(data: bytes, stop: int, pane: HtmlPane, common: NDArray[np.int64], palette: int) -> Iterator[str]:
    parts: list[str] = []
    for group in _groups(data, stop, pane.ends):
        at = int(np.searchsorted(common, group.stop))
        alike = at < len(common) and int(common[at]) == group.stop
        parts.append(_span(data, pane, group, alike, palette))
        if len(parts) == _PART:
            yield "".join(parts)
            parts.clear()
    yield "".join(parts)


def _groups(data: bytes, stop: int, ends: NDArray[np.int64]) -> Iterator[_Group]:
    """Tokens joined where they share a character; the last is cut off at ``stop``."""
    first = start = 0
    for index, end in enumerate(map(int, ends), 1):
        end = min(end, stop)
        if end > start and (end == len(data) or data[end] & 0xC0 != 0x80):
            yield _Group(first, index, start, end)
            first, start = index, end
        if start == stop:
            return


def _span(data: bytes, pane: HtmlPane, group: _Group, alike: bool, palette: int) -> str:
    inside = []
    start = group.start
    for index in range(group.first, group.last):
        end = min(int(pane.ends[index]), group.stop)
        inside.append(f"{int(pane.ids[index])}: {data[start:end].hex(' ').upper()}")
        start = end
    several = " s" if len(inside) > 1 else ""
    kind = "c" if alike else "d"
    text = escape(data[group.start : group.stop].decode()).replace("\r", "&#13;")
    tip = escape(" · ".join(inside), quote=True)
    return f'<span class="k{group.first % palette} {kind}{several}" title="{tip}">{text}</span>'


def _whole_characters(data: bytes, limit: int) -> int:
    stop = min(limit, len(data))
    while stop < len(data) and data[stop] & 0xC0 == 0x80:
        stop -= 1
    return stop


def _head(title: str, colors: HtmlColors, panes: int) -> str:
    palette = "".join(f".k{number}{{background:{color}}}" for number, color in enumerate(colors.tokens))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>
body{{margin:24px;background:{colors.page};color:{colors.text};font:15px/1.5 system-ui,sans-serif}}
h1{{font-size:22px;margin:0}} h2{{font-size:16px;margin:0}} p{{margin:4px 0 12px;color:{colors.muted}}}
main{{display:grid;grid-template-columns:repeat({panes},minmax(0,1fr));gap:16px}}
@media(max-width:900px){{main{{grid-template-columns:1fr}}}}
section{{background:{colors.surface};border:1px solid {colors.border};border-radius:6px;padding:12px}}
.t,.legend span{{font:14px/1.8 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}}
.t span,.k{{color:{colors.text};padding:2px 0}} .k{{padding:2px 6px}}
.c{{border-right:1px solid {colors.boundary}}}
.d{{border-right:3px double {colors.difference};border-bottom:2px solid {colors.difference}}}
.s{{text-decoration:underline dotted {colors.muted}}}
{palette}
</style>
</head>
<body>
"""
