"""What can be done where the selected model's window ends: select the rest, cut it off, copy what fits."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu, QSpinBox, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.language import _, ngettext
from tokviz.ui.common.actions import action
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.chunks_dialog import ChunksDialog
from tokviz.ui.tokens.text_limits import LimitEnd, TextLimits
from tokviz.ui.tokens.tokenizing import Tokenizing

_MOST = 2_000_000_000
_NO_MODEL = _("Select a model in the panel first: what fits depends on its window.")
_NOT_YET = _("The text is still being counted; try again in a moment.")
_CUTS = (
    (BreakAt.TOKEN, _("At a &Token")),
    (BreakAt.LINE, _("At the End of a &Line")),
    (BreakAt.SENTENCE, _("At the End of a &Sentence")),
)


class LimitActions(QObject):
    """The entries of the Edit menu, and what they do."""

    problem = Signal(str)
    information = Signal(str)

    def __init__(
        self,
        view: TokenView,
        limits: TextLimits,
        tokenizing: Tokenizing,
        chunks: ChunksDialog,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._view = view
        self._limits = limits
        self._tokenizing = tokenizing
        self._chunks = chunks
        self._page = page

    def entries(self) -> list[QAction]:
        """Entries for the Edit menu."""
        page = self._page
        cut = QAction(_("Cut t&o Fit"), page)
        menu = QMenu(page)
        for at, text in _CUTS:
            menu.addAction(action(page, text, partial(self.cut_to_fit, at)))
        cut.setMenu(menu)
        tip = _("What is behind the end of the selected model's window")
        return [
            action(page, _("Select What &Does Not Fit"), self.select_rest, "Ctrl+Shift+E", tip),
            cut,
            action(page, _("Copy the Fir&st N Tokens…"), self.ask_how_many),
            action(page, _("Previe&w Chunks…"), self.preview_chunks, "Ctrl+Shift+H"),
        ]

    def select_rest(self) -> None:
        """Select what stands behind the end, and show where it begins."""
        if end := self._end():
            self._view.select(end.offset, len(self._view.buffer))
            self._view.reveal(end.offset)

    def cut_to_fit(self, at: BreakAt) -> None:
        """Take away what does not fit, as one step that can be undone."""
        end = self._end()
        if end is None:
            return
        offset = {BreakAt.TOKEN: end.cut, BreakAt.LINE: end.line, BreakAt.SENTENCE: end.sentence}[at]
        view = self._view
        if offset is None:
            self.information.emit(_NOT_YET)
        elif view.state.read_only:
            self.problem.emit(view.state.read_only_reason)
        else:
            size = len(view.buffer)
            view.editor.replace(offset, size, b"")
            self.information.emit(
                ngettext(
                    "Cut {n} byte that did not fit {model}; Undo brings them back.",
                    "Cut {n} bytes that did not fit {model}; Undo brings them back.",
                    size - offset,
                    model=end.limit.name,
                )
            )

    def ask_how_many(self) -> None:
        """Ask for a number of tokens, and copy so many from the text's beginning."""
        limit = self._limits.limit
        suggested = limit.tokens if limit else 1000
        dialog = QInputDialog(self._page)
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setWindowTitle(_("Copy the First Tokens"))
        dialog.setLabelText(_("Tokens of {tokenizer}:", tokenizer=self._tokenizing.tokenizer))
        dialog.setIntRange(1, _MOST)
        dialog.setIntStep(1000)
        dialog.setIntValue(suggested)
        for field in dialog.findChildren(QSpinBox):  # written as all other numbers are
            field.setGroupSeparatorShown(True)
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        if dialog.exec():
            self.copy_first(dialog.intValue())
        dialog.deleteLater()

    def copy_first(self, wanted: int) -> None:
        """Copy the first ``wanted`` tokens under the tokenizer that the text is shown in."""
        tokens, buffer = self._tokenizing.map, self._view.buffer
        behind = tokens.token(wanted) if tokens else None
        if tokens is None or (behind is None and tokens.count is None):
            self.information.emit(_NOT_YET)
            return
        # A token may end inside a character, which no text can.
        end = len(buffer) if behind is None else buffer.boundary_before(behind[1])
        QGuiApplication.clipboard().setMimeData(TextMime(buffer.slice(0, end)))
        size = ngettext("{n} byte", "{n} bytes", end)
        self.information.emit(
            ngettext(
                # Translators: {bytes} is such as “12 bytes”.
                "Copied the first {n} token, {bytes}.",
                "Copied the first {n} tokens, {bytes}.",
                wanted if behind else tokens.count or 0,
                bytes=size,
            )
        )

    def preview_chunks(self) -> None:
        """Show the chunks that the text makes."""
        limit = self._limits.limit
        self._chunks.open_for(limit.tokenizer if limit else self._tokenizing.tokenizer, limit)

    def _end(self) -> LimitEnd | None:
        """The end of the selected model's window; where there is none, say why."""
        limit, end = self._limits.limit, self._limits.selected
        if limit is None:
            self.information.emit(_NO_MODEL)
        elif end is None and self._limits.is_known:
            self.information.emit(
                _(
                    "The whole text fits {model}: {tokens}.",
                    model=limit.name,
                    tokens=formatting.tokens(limit.tokens),
                )
            )
        elif end is None:
            self.information.emit(_NOT_YET)
        return end
