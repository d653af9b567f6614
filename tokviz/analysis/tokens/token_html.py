"""The highlighted text as one self-contained HTML page that looks like the view: no script, no other file.

What is only drawn (signs for blanks and breaks, tokens that the model adds) is drawn by the style sheet, so
that text copied from the page is the text. A character that several tokens share is written whole, with its
tokens' colours side by side in proportion to their bytes, and their boundaries in its tooltip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tokviz.analysis.tokens.character_groups import Token, character_groups
from tokviz.analysis.tokens.html_page import PAGE_END, HtmlColors, page_head
from tokviz.analysis.tokens.token_details import boundary_notation, ids_of
from tokviz.analysis.tokens.token_export import Exported
from tokviz.analysis.tokens.token_list import TokenRun
from tokviz.language import _, gettext, ngettext
from tokviz.lists import listed

_CHUNK = 1 << 8
"""Tokens written in one part: a few milliseconds' worth."""
_CONTROLS = {code: f"<s>{chr(0x2400 + code)}</s>" for code in range(0x20)} | {
    0x09: "<s class=t>\t</s>",
    0x0A: "<s class=n></s>\n",
    0x0D: "<s class=r></s>&#13;",
    0x7F: "<s>␡</s>",
}
"""HTML cannot hold most control characters: their pictures stand for them."""

# Translators: a token in its tooltip; {what} is “id” or “piece”.
_TIP = _("{what} {id} · index {index}")
_SPECIAL_TIP = _("{what} {id} · index {index} · special")
_BLANKS = {0x20: "<u> </u>"}


@dataclass(frozen=True, slots=True)
class HtmlLook:
    """What is drawn, and in which colours."""

    colors: HtmlColors
    boundaries: bool = True
    whitespace: bool = False
    tooltips: bool = True
    """Each token's id and index as a tooltip; it makes the page twice as large."""


def highlighted_html(source: Exported, title: str, facts: Sequence[str], look: HtmlLook) -> Iterator[str]:
    """The page in parts; ``facts`` are said under the title, such as the tokenizer and the count."""
    word = gettext(source.id_word)
    yield page_head(title, _style(look))
    yield f"<h1>{escape(title)}</h1>\n<p>{escape('   ·   '.join(facts))}</p>\n<pre>"
    for groups in character_groups(source.text, map(_tokens, source.chunks(_CHUNK))):
        yield "".join(_span(source, group, look, word) for group in groups)
    yield f"</pre>\n{PAGE_END}"


def _tokens(run: TokenRun) -> list[Token]:
    indices = range(run.first_index, run.first_index + len(run))
    return list(zip(indices, run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), strict=True))


def _span(source: Exported, group: Sequence[Token], look: HtmlLook, word: str) -> str:
    """The tokens of one group, which are whole characters, as HTML."""
    index, token_id, start, end = group[0]
    special = token_id in source.special
    if len(group) == 1 and end > start:
        tip = ""
        if look.tooltips:
            said = (_SPECIAL_TIP if special else _TIP).format(what=word, id=token_id, index=index)
            tip = f' title="{escape(said, quote=True)}"'  # verbatim
        kind = "sp" if special else f"k{index % len(look.colors.tokens)}"
        return f"<span class={kind}{tip}>{_text(bytes(source.text[start:end]), look)}</span>"  # verbatim
    end = group[-1][3]
    tip = f' title="{escape(_tip(source, group, word), quote=True)}"' if look.tooltips else ""  # verbatim
    if end == start:
        return "".join(_added(source, token, tip) for token in group)
    style = f"background:{_stripes(group, look)}"
    return (
        f'<span class=m{tip} style="{style}">{_text(bytes(source.text[start:end]), look)}</span>'  # verbatim
    )


def _added(source: Exported, token: Token, tip: str) -> str:
    name = escape(source.special.get(token[1], ""), quote=True)
    return f'<span class=add data-t="{name}"{tip}></span>'  # verbatim


def _stripes(group: Sequence[Token], look: HtmlLook) -> str:
    """The colours of the tokens that hold any byte, side by side."""
    first, last = group[0][2], group[-1][3]
    stops = []
    for index, _id, start, end in group:
        if end > start:
            low, high = (100 * (at - first) / (last - first) for at in (start, end))
            stops.append(f"{look.colors.tokens[index % len(look.colors.tokens)]} {low:.4g}% {high:.4g}%")
    return f"linear-gradient(90deg,{','.join(stops)})"


def _tip(source: Exported, group: Sequence[Token], word: str) -> str:
    index, token_id, start, _end = group[0]
    if len(group) == 1:
        return _SPECIAL_TIP.format(what=word, id=token_id, index=index)
    notation = boundary_notation(
        bytes(source.text[start : group[-1][3]]), start, [token[3] for token in group]
    )
    ids = listed(str(token[1]) for token in group)
    return ngettext(
        # Translators: tokens that share characters; {bytes} shows where they end, {ids} is “ids 4, 5”.
        "{n} token: {bytes} · {ids} · index {first}–{last}",
        "{n} tokens: {bytes} · {ids} · index {first}–{last}",
        len(group),
        n=len(group),
        bytes=notation,
        ids=ids_of(source.id_word, ids),
        first=index,
        last=group[-1][0],
    )


def _text(data: bytes, look: HtmlLook) -> str:
    # A group is whole characters, unless the export itself begins or ends inside one.
    text = data.decode("utf-8", "replace")
    if text.isalnum():
        return text
    text = escape(text, quote=False)
    # Not all at once: text without control characters, which is most of it, needs no table.
    if not text.isprintable():
        text = text.translate(_CONTROLS | _BLANKS if look.whitespace else _CONTROLS)
    elif look.whitespace:
        text = text.replace(" ", "<u> </u>")
    return text


def _style(look: HtmlLook) -> str:
    colors = look.colors
    mark = f"box-shadow:inset 1px 0 0 {colors.boundary}" if look.boundaries else ""
    signs = (
        f"u{{text-decoration:none;background:radial-gradient({colors.muted} 1px,"
        "transparent 1.5px) center/1ch 100%}.t::before{content:'→';position:absolute}"  # verbatim
        if look.whitespace
        else ""
    )
    return f""":root{{color-scheme:{"dark" if colors.dark else "light"}}}
body{{margin:24px;background:{colors.page};color:{colors.text};font:15px/1.5 system-ui,sans-serif}}
h1{{font-size:20px;margin:0}} p{{margin:4px 0 12px;color:{colors.muted}}}
pre{{margin:0;padding:14px;background:{colors.surface};border:1px solid {colors.border};border-radius:6px;
font:14px/1.8 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre-wrap;
overflow-wrap:anywhere;tab-size:4;unicode-bidi:plaintext}}
span{{padding:2px 0;{mark};-webkit-box-decoration-break:slice;print-color-adjust:exact}}
.m{{text-decoration:underline dotted {colors.muted}}}
.sp,.add{{outline:1px solid {colors.special};outline-offset:-1px;color:{colors.special}}}
.add::before{{content:attr(data-t)}}
s{{text-decoration:none;color:{colors.muted}}} .n::after{{content:'↵'}} .r::after{{content:'␍'}}
{signs}{colors.palette}"""  # verbatim
