"""The inspector's content: one token's details as the small HTML that Qt's text browser shows."""

from collections.abc import Iterable
from html import escape

from tokviz.analysis.formatting import grouped, quantity
from tokviz.analysis.tokens.token_details import (
    CodePoints,
    Rewriting,
    SharedCharacter,
    TokenDetails,
    unit_range,
)
from tokviz.analysis.tokens.token_spelling import hex_bytes, spelled
from tokviz.ui.common.theme import Theme

TOKEN_LINK = "token:"
"""What links to other tokens begin with; their index follows."""
_LISTED = 24
"""Code points, or tokens that share a character, written one by one."""


def inspector_html(details: TokenDetails, theme: Theme, line: int, mono: str) -> str:
    """``line``: the number (from 1) of the line in which the token begins; ``mono``: the fixed-width font."""
    page = _Page(theme, mono)
    rows = [
        ("Bytes", page.bytes_of(details)),
        ("Place", page.position(details, line)),
        ("Vocabulary", page.vocabulary(details)),
        *(("Reads as", page.rewriting(item)) for item in details.rewritten),
        *(("Shares", page.shared(item, details)) for item in details.shared),
        *(("Note", escape(note)) for note in details.notes),
        ("Characters", page.code_points(details)),
    ]
    return f"{page.head(details)}<table cellspacing=0 cellpadding=2>{page.table(rows)}</table>"


class _Page:
    def __init__(self, theme: Theme, mono: str) -> None:
        self._theme = theme
        self._mono = escape(mono, quote=True)
        self._muted = theme.muted.name()

    def head(self, details: TokenDetails) -> str:
        colors = self._theme.token_colors
        color = colors[max(details.index, 0) % len(colors)].name()
        chip = (
            f"<span style='font-family:\"{self._mono}\"; font-size:large; background:{color};'>"
            f"&nbsp;{escape(details.spelled)}&nbsp;</span>"
        )
        index = grouped(details.index) if details.index >= 0 else "not known yet"
        special = (
            f" &nbsp; <b style='color:{self._theme.violet.name()}'>special</b>" if details.special else ""
        )
        return (
            f"<p dir='ltr' style='margin:0 0 6px 0'>{chip}"
            f" &nbsp; {self._label(details.id_word)} <b>{details.token_id}</b>"
            f" &nbsp; {self._label('index')} <b>{index}</b>{special}</p>"
        )

    def table(self, rows: Iterable[tuple[str, str]]) -> str:
        return "".join(
            f"<tr><td>{self._label(label)}&nbsp;&nbsp;</td><td>{content}</td></tr>"
            for label, content in rows
            if content
        )

    def bytes_of(self, details: TokenDetails) -> str:
        if not details.text:
            return "none: the model adds this token" if details.special else "none of its own"
        count = quantity(len(details.text), "byte")
        return f"{self._code(details.hex)} &nbsp; {self._label(count)}"

    def code_points(self, details: TokenDetails) -> str:
        lines = [self._code_point(item) for item in details.code_points[:_LISTED]]
        if len(details.code_points) > _LISTED:
            lines.append(self._label("and more"))
        if not lines and details.text:
            return self._label("no whole character")
        return "<br>".join(lines)

    def position(self, details: TokenDetails, line: int) -> str:
        if not details.text:
            return f"at byte {grouped(details.start)}"
        parts = [
            f"{'byte' if len(details.text) == 1 else 'bytes'} {unit_range(details.start, details.end)}",
            "character" + _plural(details.character_start, details.character_end),
            f"line {grouped(line)}",
        ]
        return f" {self._label('·')} ".join(parts)

    def vocabulary(self, details: TokenDetails) -> str:
        fact = details.fact
        if fact is None:
            return self._label("looking it up…")
        parts = []
        if fact.data is None:
            parts.append("the vocabulary has no such id")
        elif fact.special:
            parts.append(f"special token {self._code(fact.special)}")
        elif fact.data != details.text:
            parts.append(f"{self._code(spelled(fact.data, 60))} ({self._code(hex_bytes(fact.data[:64]))})")
        if fact.rank_text:
            parts.append(fact.rank_text)
        return f" {self._label('·')} ".join(parts)

    def shared(self, item: SharedCharacter, details: TokenDetails) -> str:
        own = (details.token_id, details.start, details.end)
        parts = [part for part in item.parts if part.end > part.start]
        listed = [
            self._part(part.index, part.token_id, own == (part.token_id, part.start, part.end))
            for part in parts[:_LISTED]
        ]
        if len(parts) > _LISTED:
            listed.append("…")
        name = spelled(item.text.encode()) if item.text in ("\r\n",) else item.text
        notation = item.notation if len(item.notation) <= 200 else item.notation[:200] + " …"
        return (
            f"<span style='font-size:large'>{escape(name)}</span> with "
            f"{quantity(len(parts) - 1, 'other token')}: {self._code(notation)}<br>"
            f"{details.id_word}s {' · '.join(listed)}"
        )

    def rewriting(self, item: Rewriting) -> str:
        def told(text: str) -> str:
            codes = " ".join(CodePoints(letter, 1).code for letter in text[:8])
            return f"{escape(text) if text.isprintable() else escape(spelled(text.encode()))} ({codes})"

        return f"{told(item.after)}, not {told(item.before)}: the tokenizer normalizes to {item.form}"

    def _part(self, index: int, token_id: int, own: bool) -> str:
        if own:
            return f"<b>{token_id}</b>"
        if index < 0:
            return str(token_id)
        return f"<a href='{TOKEN_LINK}{index}' style='color:{self._theme.accent.name()}'>{token_id}</a>"

    def _code_point(self, item: CodePoints) -> str:
        times = f" × {grouped(item.count)}" if item.count > 1 else ""
        return f"{self._code(item.code)} {escape(item.name)}{times}"

    def _label(self, text: str) -> str:
        return f"<span style='color:{self._muted}'>{escape(text)}</span>"

    def _code(self, text: str) -> str:
        return f"<span style='font-family:\"{self._mono}\"'>{escape(text)}</span>"


def _plural(start: int, end: int) -> str:
    return f"{' ' if end - start <= 1 else 's '}{unit_range(start, end)}"
