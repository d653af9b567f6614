"""Copying and exporting the tokens: of the selection if there is one, else of the whole text."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QWidget

from tokviz.analysis.formatting import grouped, tokens
from tokviz.analysis.tokens.token_export import Exported, export_csv, export_json, ids_json, tokens_json
from tokviz.analysis.tokens.token_html import HtmlLook, highlighted_html
from tokviz.language import _, gettext, ngettext
from tokviz.ui.common.actions import action
from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.document import Document
from tokviz.ui.tokens.shown_tokens import ShownTokens

_NOT_YET = _("The tokens are still being counted; try again in a moment.")
_EDITED = _("The text was edited while its tokens were being written, so this was given up; try again.")

Format = Callable[[Exported], Iterator[str]]


class TokenExports(Exporter):
    """Works in short steps, so that a text of millions of tokens stalls nothing."""

    def __init__(
        self,
        shown: ShownTokens,
        view: TokenView,
        document: Document,
        settings: Settings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        """``theme``: the colours of exported pages."""
        super().__init__(window)
        self._shown = shown
        self._view = view
        self._document = document
        self._settings = settings
        self.theme = theme
        self.give_up_on_edits(shown.buffer, _EDITED)

    def copy_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Edit menu."""
        return [
            action(parent, _("Copy Token &Ids as JSON"), lambda: self.copy(ids_json), "Ctrl+Shift+I"),
            action(parent, _("Copy To&kens as JSON"), lambda: self.copy(tokens_json), "Ctrl+Shift+J"),
            action(parent, _("Copy Token Cou&nt"), self.copy_count, "Ctrl+Alt+N"),
        ]

    def export_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the File menu."""
        return [
            action(parent, _("&Export Tokens as JSON…"), lambda: self._ask("json", export_json)),
            action(parent, _("Export Tokens as CS&V…"), lambda: self._ask("csv", export_csv)),
            action(parent, _("Export as &HTML Page…"), lambda: self._ask("html", self.page)),
        ]

    def copy(self, form: Format) -> None:
        """Put the tokens into the clipboard in that form."""
        if source := self._source():
            self._copy(source, form)

    def copy_tokens(self, form: Format, first: int, last: int) -> None:
        """Put tokens ``first`` to ``last`` (excluded) into the clipboard in that form."""
        if source := self._shown.exported(first, last):
            self._copy(source, form)
        else:
            self.information.emit(_NOT_YET)

    def _copy(self, source: Exported, form: Format) -> None:
        parts: list[bytes] = []

        def collect() -> Iterator[None]:
            for part in form(source):
                parts.append(part.encode())
                yield

        def done() -> None:
            # Joined only when somebody pastes: all at once they may be 100 MB.
            QGuiApplication.clipboard().setMimeData(TextMime(*parts))
            self.information.emit(
                _noted(ngettext("Copied {n} token.", "Copied {n} tokens.", _length(source)), source)
            )

        self.run(_("Copying the tokens…"), collect(), done)

    def copy_count(self) -> None:
        """Put the number of tokens into the clipboard."""
        if source := self._source():
            QGuiApplication.clipboard().setText(str(_length(source)))
            self.information.emit(_("Copied the count: {tokens}.", tokens=grouped(_length(source))))

    def page(self, source: Exported) -> Iterator[str]:
        """The highlighted text as a page that looks like the view."""
        facts = [
            source.tokenizer,
            tokens(_length(source)),
            *([gettext(source.note)] if source.note else []),
        ]
        return highlighted_html(source, self._document.name or _("Text"), facts, self._look())

    def save(self, path: Path, form: Format) -> None:
        """Write a file in that form."""
        if source := self._source():
            done = ngettext(
                "Wrote {n} token to {file}.", "Wrote {n} tokens to {file}.", _length(source), file=path
            )
            self.write_parts(path, form(source), _("Writing {file}…", file=path.name), _noted(done, source))

    def _ask(self, suffix: str, form: Format) -> None:
        stem = Path(self._document.name or "tokens").stem
        if path := ask_where(self.window, self._settings, _("Export"), f"{stem}.{suffix}", written(suffix)):
            self.save(path, form)

    def _source(self) -> Exported | None:
        start, end = self._view.state.selection
        found = self._shown.indices_in(start, end) if start != end else (0, None)
        source = self._shown.exported(*found) if found else None
        if source is None:
            self.information.emit(_NOT_YET if len(self._view.buffer) else _("The text is empty."))
        return source

    def _look(self) -> HtmlLook:
        options, colors = self._view.options, self.theme.html_colors()
        if not options.colors:
            colors = replace(colors, tokens=[colors.surface])
        return HtmlLook(colors, options.boundaries, options.whitespace)


def _length(source: Exported) -> int:
    last = source.tokens.known_tokens if source.last is None else source.last
    return last - source.first


def _noted(done: str, source: Exported) -> str:
    return f"{done} {gettext(source.note)}".rstrip()
