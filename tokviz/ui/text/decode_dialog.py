"""Decoding: token ids are pasted or opened, and the text that they stand for is shown with its tokens."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.formatting import grouped
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.analysis.tokens.token_spelling import spelled
from tokviz.language import _, ngettext
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.file_dialogs import TOKEN_IDS, ask_file
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.tokenizer_box import TokenizerBox
from tokviz.ui.common.widgets import caption, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.editor.zoom import share_zoom
from tokviz.worker.id_jobs import DecodedIds, DecodeIds

_PAUSE = 150
"""Milliseconds without a key after which the ids are decoded."""
_SHOWN = 100_000
"""Characters of ids that the field shows; more of them would hold the window up."""
_FIELD = 96
"""Pixels of the field's height."""
_WIDTH, _HEIGHT = 720, 560


class IdsField(QPlainTextEdit):
    """Takes ids. What is pasted and is too much to be shown is held all the same."""

    held_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.held = ""
        """What was pasted and is not shown."""
        self.setAccessibleName(_("Token ids"))
        self.setPlaceholderText(_("Paste token ids: 9906, 1917 or [9906, 1917] or a range, 0..255"))
        self.setTabChangesFocus(True)
        self.setFixedHeight(_FIELD)

    @property
    def given(self) -> str:
        """The ids, as they were given."""
        return self.held or self.toPlainText()

    def hold(self, text: str) -> None:
        """Take ids that are too many to be shown; an empty text lets them go."""
        self.held = text
        self.held_changed.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if len(text := source.text()) > _SHOWN:
            self.clear()
            self.hold(text)
        else:
            super().insertFromMimeData(source)


class DecodeDialog(QDialog):
    """Ids above, their text below."""

    text_wanted = Signal(bytes, str, str)
    """The text, what to call it, and the tokenizer to show it by: it is to be opened as any other."""

    def __init__(
        self,
        worker: Worker,
        registry: Registry,
        settings: Settings,
        theme: Theme,
        tokenizer: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Decode Token Ids"))
        self._worker = worker
        self._registry = registry
        self._settings = settings
        self._ticket: int | None = None
        self._path: Path | None = None
        """The file that the ids are in, if they are in one."""
        self._decoded: DecodedIds | None = None
        self._decoded_by = ""
        """The tokenizer by which it was decoded."""
        self.tokenizers = TokenizerBox(registry)
        self.tokenizers.setMinimumContentsLength(24)
        self.tokenizers.choose(tokenizer)
        self.field = IdsField()
        self.says = plain_label(role="muted", name=_("What the ids stand for"))
        self.says.setWordWrap(True)
        self.hovered = plain_label(role="muted", name=_("The token under the mouse"))
        self._buffer = TextBuffer()
        self.view = TokenView(self._buffer, theme)
        share_zoom(self.view, settings)
        self.as_text = QPushButton(_("Open as &Text"))
        self._later = Debouncer(self.decode, _PAUSE, self)
        self._lay_out(parent)
        self._connect()
        self._show(None, "")

    def open_file(self, path: Path) -> None:
        """Decode the ids in this file."""
        self.field.clear()
        self.field.hold("")
        self._path = path
        self.decode()

    def decode(self) -> None:
        """Find out what the ids stand for."""
        self._later.cancel()
        self._worker.cancel(self._ticket)
        self._ticket = None
        given = self.field.given
        if not given.strip() and self._path is None:
            self._show(None, "")
            return
        job = DecodeIds(self.tokenizers.tokenizer, given, self._path)
        self._ticket = self._worker.submit(job, partial(self._take, job.tokenizer), self._fail)

    def done(self, result: int) -> None:
        self._later.cancel()
        self._worker.cancel(self._ticket)
        super().done(result)

    # -- what is shown ---------------------------------------------------------------------------------

    def _take(self, tokenizer: str, decoded: DecodedIds) -> None:
        self._ticket, self._decoded_by = None, tokenizer
        self._show(decoded, _summary(decoded, self._path))

    def _fail(self, sentence: str) -> None:
        self._ticket = None
        self._show(None, sentence)

    def _show(self, decoded: DecodedIds | None, said: str) -> None:
        self._decoded = decoded
        text = decoded.text if decoded else b""
        self._buffer.load(text)
        self.view.set_read_only("" if decoded is None else _("Decoded from token ids"))
        self.view.set_special_tokens(())
        self.view.set_token_map(_tokens(decoded) if decoded else None)
        self.says.setText(said or _("The text stands here as soon as there are ids."))
        self.hovered.setText("")
        self.as_text.setEnabled(bool(text))

    def _hover(self, index: int, start: int, end: int) -> None:
        if self._decoded is None or index < 0:
            self.hovered.setText("")
            return
        token_id, size = int(self._decoded.ids[index]), end - start
        self.hovered.setText(
            ngettext(
                "Token {place}: id {id}, {text}, {n} byte",
                "Token {place}: id {id}, {text}, {n} bytes",
                size,
                place=grouped(index),
                id=token_id,
                text=spelled(self._buffer.slice(start, end), 60),
            )
        )

    # -- building --------------------------------------------------------------------------------------

    def _lay_out(self, parent: QWidget) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(caption(_("To&kenizer"), self.tokenizers))
        top.addWidget(self.tokenizers)
        top.addStretch(1)
        open_ = QPushButton(_("&Open Ids…"))
        open_.clicked.connect(self._ask)
        top.addWidget(open_)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.as_text, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        for button in (open_, self.as_text, buttons.button(QDialogButtonBox.StandardButton.Close)):
            button.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addLayout(top)
        for part in (self.field, self.says):
            column.addWidget(part)
        column.addWidget(self.view, 1)
        column.addWidget(self.hovered)
        column.addWidget(buttons)
        room = parent.window().size()
        self.resize(min(_WIDTH, room.width() - 24), min(_HEIGHT, room.height() - 24))
        self.field.setFocus()

    def _connect(self) -> None:
        self.field.textChanged.connect(self._edited)
        self.field.held_changed.connect(self._edited)
        self.tokenizers.tokenizer_chosen.connect(lambda _name: self.decode())
        self.view.token_hovered.connect(self._hover)
        self.as_text.clicked.connect(self._open_text)

    def _edited(self) -> None:
        if self.field.toPlainText():
            self.field.held = ""
        if self.field.given:
            self._path = None
        self._later.restart()

    def _ask(self) -> None:
        if path := ask_file(self, self._settings, _("Open Token Ids"), TOKEN_IDS):
            self.open_file(path)

    def _open_text(self) -> None:
        if self._decoded is not None:
            name = self._decoded_by
            title = _("Decoded by {tokenizer}", tokenizer=self._registry.info(name).display_name)
            self.text_wanted.emit(self._decoded.text, title, name)
            self.accept()


def _summary(decoded: DecodedIds, path: Path | None) -> str:
    """What was decoded, and what is to be known of it."""
    said = [
        ngettext("{n} token,", "{n} tokens,", len(decoded.ids))
        + " "
        + ngettext("{n} byte.", "{n} bytes.", decoded.size)
    ]
    if path is not None:
        said.insert(0, f"{path.name}:")
    if decoded.unknown:
        said.append(decoded.unknown)
    if decoded.replaced:
        said.append(
            ngettext(
                "{n} place is no whole character, shown as �.",
                "{n} places are no whole characters, shown as �.",
                decoded.replaced,
            )
        )
    if decoded.canonical is False:
        said.append(_("The tokenizer itself gives other ids for this text."))
    return " ".join(said)


def _tokens(decoded: DecodedIds) -> TokenMap:
    """The ids as the tokens of their text. Those before its first byte frame it."""
    framing = int((decoded.ends == 0).sum()) if len(decoded.text) else len(decoded.ids)
    tokens = TokenMap(len(decoded.text), SafeSplitRule.never(), decoded.ids[:framing].tolist())
    while (request := tokens.next_request(decoded.text, (0, len(decoded.text)))) is None and tokens.searching:
        pass
    if request is not None:
        tokens.deliver(request.key, decoded.ids[framing:], decoded.ends[framing:])
    return tokens
