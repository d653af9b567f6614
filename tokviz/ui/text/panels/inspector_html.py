"""The inspector's content: one token's details as the small HTML that Qt's text browser shows."""

from collections.abc import Iterable
from html import escape

from tokviz.analysis.formatting import grouped
from tokviz.analysis.tokens.token_details import (
    CodePoints,
    Rewriting,
    SharedCharacter,
    TokenDetails,
    bytes_at,
    characters_at,
    ids_of,
)
from tokviz.analysis.tokens.token_spelling import hex_bytes, spelled
from tokviz.language import _, gettext, ngettext, pgettext
from tokviz.ui.common.theme import Theme

TOKEN_LINK = "token:"
"""What links to other tokens begin with; their index follows."""
_LISTED = 24
"""Code points, or tokens that share a character, written one by one."""


def inspector_html(details: TokenDetails, theme: Theme, line: int, mono: str) -> str:
    """``line``: the number (from 1) of the line in which the token begins; ``mono``: the fixed-width font."""
    page = _Page(theme, mono)
    rows = [
        (_("Bytes"), page.bytes_of(details)),
        (_("Place"), page.position(details, line)),
        (_("Vocabulary"), page.vocabulary(details)),
        *((_("Reads as"), page.rewriting(item)) for item in details.rewritten),
        *((_("Shares"), page.shared(item, details)) for item in details.shared),
        *((_("Note"), escape(note)) for note in details.notes),
        (_("Characters"), page.code_points(details)),
    ]
    return f"{page.head(details)}<table cellspacing=0 cellpadding=2>{page.table(rows)}</table>"  # verbatim


class _Page:
    def __init__(self, theme: Theme, mono: str) -> None:
        self._theme = theme
        self._mono = escape(mono, quote=True)
        self._muted = theme.muted.name()

    def head(self, details: TokenDetails) -> str:
        colors = self._theme.token_colors
        color = colors[max(details.index, 0) % len(colors)].name()
        chip = (
            f"<span style='font-family:\"{self._mono}\"; font-size:large; background:{color};'>"  # verbatim
            f"&nbsp;{escape(details.spelled)}&nbsp;</span>"
        )
        index = grouped(details.index) if details.index >= 0 else _("not known yet")
        # Translators: after a token's number: it is a special token.
        special = pgettext("token", "special") if details.special else ""
        marked = f" &nbsp; <b style='color:{self._theme.violet.name()}'>{special}</b>" if special else ""
        return (
            f"<p dir='ltr' style='margin:0 0 6px 0'>{chip}"  # verbatim
            f" &nbsp; {self._label(gettext(details.id_word))} <b>{details.token_id}</b>"
            f" &nbsp; {self._label(_('index'))} <b>{index}</b>{marked}</p>"
        )

    def table(self, rows: Iterable[tuple[str, str]]) -> str:
        return "".join(
            f"<tr><td>{self._label(label)}&nbsp;&nbsp;</td><td>{content}</td></tr>"
            for label, content in rows
            if content
        )

    def bytes_of(self, details: TokenDetails) -> str:
        if not details.text:
            return _("none: the model adds this token") if details.special else _("none of its own")
        count = ngettext("{n} byte", "{n} bytes", len(details.text))
        return f"{self._code(details.hex)} &nbsp; {self._label(count)}"  # verbatim

    def code_points(self, details: TokenDetails) -> str:
        lines = [self._code_point(item) for item in details.code_points[:_LISTED]]
        if len(details.code_points) > _LISTED:
            lines.append(self._label(_("and more")))
        if not lines and details.text:
            return self._label(_("no whole character"))
        return "<br>".join(lines)

    def position(self, details: TokenDetails, line: int) -> str:
        if not details.text:
            return _("at byte {offset}", offset=grouped(details.start))
        parts = [
            bytes_at(details.start, details.end),
            characters_at(details.character_start, details.character_end),
            _("line {line}", line=grouped(line)),
        ]
        return f" {self._label('·')} ".join(parts)

    def vocabulary(self, details: TokenDetails) -> str:
        fact = details.fact
        if fact is None:
            return self._label(_("looking it up…"))
        parts = []
        if fact.data is None:
            parts.append(_("the vocabulary has no such id"))
        elif fact.special:
            parts.append(_("special token {token}", token=self._code(fact.special)))
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
        said = ngettext(
            # Translators: the token has a part of {character}; {bytes} shows which.
            "{character} with {n} other token: {bytes}",
            "{character} with {n} other tokens: {bytes}",
            len(parts) - 1,
            character=f"<span style='font-size:large'>{escape(name)}</span>",  # verbatim
            bytes=self._code(notation),
        )
        return f"{said}<br>{ids_of(details.id_word, ' · '.join(listed))}"

    def rewriting(self, item: Rewriting) -> str:
        def told(text: str) -> str:
            codes = " ".join(CodePoints(letter, 1).code for letter in text[:8])
            return f"{escape(text) if text.isprintable() else escape(spelled(text.encode()))} ({codes})"

        return _(
            # Translators: two characters, and a normalization form of Unicode, such as NFC.
            "{read}, not {written}: the tokenizer normalizes to {form}",
            read=told(item.after),
            written=told(item.before),
            form=item.form,
        )

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
        return f"<span style='color:{self._muted}'>{escape(text)}</span>"  # verbatim

    def _code(self, text: str) -> str:
        return f"<span style='font-family:\"{self._mono}\"'>{escape(text)}</span>"  # verbatim
