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

from tokviz.analysis.tokens.character_groups import Token, character_groups
from tokviz.analysis.tokens.characters import character_start
from tokviz.analysis.tokens.html_page import PAGE_END, HtmlColors, page_head
from tokviz.analysis.tokens.token_spelling import hex_bytes
from tokviz.language import _, number

LIMIT = 200_000
"""Bytes of text that a page holds at most: a browser gets slow with more tokens than these make."""
_PART = 500
"""Tokens written in one part: a millisecond or two."""


@dataclass(frozen=True, slots=True)
class HtmlPane:
    """One tokenizer's tokens of the text: ``ids`` ``uint32[n]``, ``ends`` ``int64[n]``, byte offsets."""

    title: str
    figures: str
    ids: NDArray[np.uint32]
    ends: NDArray[np.int64]


def panes_html(
    heading: str, summary: str, data: bytes, total: int, panes: Sequence[HtmlPane], colors: HtmlColors
) -> Iterator[str]:
    """The page in parts, each quickly made.

    ``data`` is a text (valid UTF-8) of ``total`` bytes, or its beginning of at least ``LIMIT`` bytes, with
    the tokens that cover it. The page shows the first ``LIMIT`` bytes, and says so if there are more.
    """
    stop = character_start(data, min(LIMIT, len(data)))
    shown = data[:stop]
    yield page_head(heading, _style(colors, len(panes)))
    yield f"<h1>{escape(heading)}</h1>\n<p>{escape(summary)}</p>\n"
    if stop < total:
        held = _("This page holds the first {n} of {bytes} bytes.", n=number(stop), bytes=number(total))
        yield f"<p><strong>{escape(held)}</strong></p>\n"
    yield f"<p class=legend>{_legend()}</p>\n<main>\n"
    everywhere = common_ends([pane.ends for pane in panes])
    for pane in panes:
        yield f"<section><h2>{escape(pane.title)}</h2><p>{escape(pane.figures)}</p>"
        yield "<div class=t dir=auto>"  # verbatim
        yield from _spans(shown, pane, everywhere, len(colors.tokens))
        yield "</div></section>\n"
    yield f"</main>\n{PAGE_END}"


def common_ends(ends: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The offsets at which every tokenizer ends a token, ascending."""
    common = np.unique(ends[0]) if ends else np.zeros(0, np.int64)
    for other in ends[1:]:
        common = np.intersect1d(common, other)
    return common


def _legend() -> str:
    # Translators: beside a letter with the line that stands between tokens.
    everywhere, some = _("cut by all"), _("cut by some only.")
    tip = _("Point at a token for its id and bytes.")
    return (
        f"<span class='k c'>a</span> {escape(everywhere, quote=False)} &nbsp; "  # verbatim
        f"<span class='k d'>a</span> {escape(some, quote=False)} {escape(tip, quote=False)}"  # verbatim
    )


def _spans(text: bytes, pane: HtmlPane, common: NDArray[np.int64], palette: int) -> Iterator[str]:
    bare: list[Token] = []
    for groups in character_groups(text, _parts(pane, len(text))):
        spans = []
        for group in groups:
            bare += group
            if bare[0][2] < bare[-1][3]:  # tokens that hold no byte stand with those behind them
                stop = bare[-1][3]
                at = int(np.searchsorted(common, stop))
                spans.append(_span(text, bare, at < len(common) and int(common[at]) == stop, palette))
                bare = []
        yield "".join(spans)


def _parts(pane: HtmlPane, stop: int) -> Iterator[list[Token]]:
    """The tokens up to byte ``stop``, the last of them cut off there, some at a time."""
    last = int(np.searchsorted(pane.ends, stop)) + 1
    ends = np.minimum(pane.ends[:last], stop)
    starts = np.concatenate([[0], ends[:-1]])
    tokens = list(zip(range(last), pane.ids[:last].tolist(), starts.tolist(), ends.tolist(), strict=False))
    for first in range(0, len(tokens), _PART):
        yield tokens[first : first + _PART]


def _span(data: bytes, group: Sequence[Token], alike: bool, palette: int) -> str:
    several = " s" if len(group) > 1 else ""
    kind = "c" if alike else "d"
    text = escape(data[group[0][2] : group[-1][3]].decode()).replace("\r", "&#13;")
    inside = (f"{token_id}: {hex_bytes(data[start:end])}" for _at, token_id, start, end in group)
    tip = escape(" · ".join(inside), quote=True)
    return f'<span class="k{group[0][0] % palette} {kind}{several}" title="{tip}">{text}</span>'  # verbatim


def _style(colors: HtmlColors, panes: int) -> str:
    return f"""\
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
{colors.palette}"""  # verbatim
