"""The token at the caret, told by a key: to a screen reader, and beside the caret."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import QWidget

from tokviz.analysis.formatting import grouped
from tokviz.analysis.tokens.token_details import TokenDetails
from tokviz.language import _, gettext, ngettext
from tokviz.lists import listed
from tokviz.ui.common.accessible import announce
from tokviz.ui.common.actions import action
from tokviz.ui.editor.painting.visible_rows import token_at_offset
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.shown_tokens import ShownTokens

_NAMED = 4
"""Characters that are named, because they cannot be heard: blanks, signs, line ends."""


class CaretToken(QObject):
    """Tells one token: its text, its number, which one it is, and how that is known."""

    told = Signal(int, int, int)
    """The token at the caret is told: its index, start and end."""

    def __init__(self, view: TokenView, shown: ShownTokens) -> None:
        super().__init__(view)
        self._view = view
        self._shown = shown

    def actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Edit menu."""
        tip = _("Says the token at the caret: text, number, place, and how it is known")
        return [action(parent, _("Sa&y Token at Caret"), self.tell, "Ctrl+I", tip)]

    def tell(self) -> None:
        """Tell the token that the caret stands before, at the text's end the last one."""
        state, size = self._view.state, len(self._view.buffer)
        found = token_at_offset(state.tokens.source, max(0, min(state.caret.offset, size - 1)))
        if found is None:
            announce(self._view, _("No token is known here yet.") if size else _("The text is empty."))
            return
        self.told.emit(found.index, found.start, found.end)
        self.say(found.index, found.start, found.end)

    def say(self, index: int, start: int, end: int) -> None:
        """Say a token, to a screen reader alone."""
        if not QAccessible.isActive():
            return
        details = self._shown.details(index, start, end)
        if details is not None:
            announce(self._view, spoken(details, self._shown.special, self._shown.provenance))


def spoken(details: TokenDetails, special: Mapping[int, str], provenance: str) -> str:
    """A token for those who hear it: what it is first, how that is known last."""
    named = [item for item in details.code_points if not item.character.isalnum()][:_NAMED]
    names = [item.name.lower() + (f" × {item.count}" if item.count > 1 else "") for item in named]
    text = details.spelled or special.get(details.token_id, "")
    index = grouped(details.index)
    if details.token_id in special:
        which = _("special token {index}", index=index) if details.index >= 0 else _("special token")
    else:
        which = _("token {index}", index=index) if details.index >= 0 else _("token")
    parts = [
        f"{text} ({listed(names)})" if names else text,
        f"{gettext(details.id_word)} {details.token_id}",
        which,
        ngettext("{n} byte", "{n} bytes", len(details.text)),
        provenance,
    ]
    return listed(parts)
