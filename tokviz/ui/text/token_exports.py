"""Copying and exporting the tokens: of the selection if there is one, else of the whole text."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from tokviz.analysis.formatting import grouped, quantity
from tokviz.analysis.tokens.token_export import Exported, export_csv, export_json, ids_json, tokens_json
from tokviz.analysis.tokens.token_html import HtmlLook, highlighted_html
from tokviz.text.buffer import Edit
from tokviz.ui.common.actions import action
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.input.clipboard import TextMime
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.document import Document
from tokviz.ui.tokens.shown_tokens import ShownTokens

_NOT_YET = "The tokens are still being counted; try again in a moment."
_EDITED = "The text was edited while its tokens were being written, so this was given up; try again."

Format = Callable[[Exported], Iterator[str]]


class TokenExports(QObject):
    """Writes in short steps, so that a text of millions of tokens stalls nothing."""

    problem = Signal(str)
    information = Signal(str)
    work_changed = Signal()

    def __init__(
        self, shown: ShownTokens, view: TokenView, document: Document, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._shown = shown
        self._view = view
        self._document = document
        self._settings = settings
        self._window = parent
        self._theme: Theme | None = None
        self._work = SlicedWork(self)
        self.doing = ""
        """What is being written; empty if nothing is."""
        shown.buffer.listen(self._edited)

    def set_theme(self, theme: Theme) -> None:
        """Write pages in these colours."""
        self._theme = theme

    def copy_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the Edit menu."""
        return [
            action(parent, "Copy Token &Ids as JSON", lambda: self.copy(ids_json), "Ctrl+Shift+I"),
            action(parent, "Copy To&kens as JSON", lambda: self.copy(tokens_json), "Ctrl+Shift+T"),
            action(parent, "Copy Token Cou&nt", self.copy_count, "Ctrl+Shift+N"),
        ]

    def export_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the File menu."""
        return [
            action(parent, "&Export Tokens as JSON…", lambda: self.ask("json", self.save(export_json))),
            action(parent, "Export Tokens as &CSV…", lambda: self.ask("csv", self.save(export_csv))),
            action(parent, "Export as &HTML Page…", lambda: self.ask("html", self.save(self.page))),
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

        def done() -> None:
            # Joined only when somebody pastes: all at once they may be 100 MB.
            QGuiApplication.clipboard().setMimeData(TextMime(*parts))
            self._finish()
            self.information.emit(f"Copied {quantity(_length(source), 'token')}.")

        def collect() -> Iterator[None]:
            for part in form(source):
                parts.append(part.encode())
                yield

        self._start("Copying the tokens…", collect(), done)

    def copy_count(self) -> None:
        """Put the number of tokens into the clipboard."""
        if source := self._source():
            QGuiApplication.clipboard().setText(str(_length(source)))
            self.information.emit(f"Copied the count: {grouped(_length(source))}.")

    def page(self, source: Exported) -> Iterator[str]:
        """The highlighted text as a page that looks like the view."""
        facts = (source.tokenizer, quantity(_length(source), "token"))
        assert self._theme is not None
        return highlighted_html(source, self._document.name or "Text", facts, self._look(self._theme))

    def save(self, form: Format) -> Callable[[Path], None]:
        """What writes a file in that form."""
        return lambda path: self._save(path, form)

    def ask(self, suffix: str, save: Callable[[Path], None]) -> None:
        """Ask where to write, and write there."""
        folder = Path(self._settings.text("folder", str(Path.home())))
        stem = Path(self._document.name or "tokens").stem
        name, _ = QFileDialog.getSaveFileName(self._window, "Export", str(folder / f"{stem}.{suffix}"))
        if name:
            save(Path(name))

    def stop(self) -> bool:
        """Write no further; False if nothing was being written."""
        if not self._work.running:
            return False
        self._work.stop()
        self._finish()
        return True

    def _save(self, path: Path, form: Format) -> None:
        source = self._source()
        if source is None:
            return
        # The file is replaced only by `commit`, so whatever fails before leaves the old one as it was.
        file = QSaveFile(str(path))
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            self.problem.emit(f"Cannot write {path}: {file.errorString()}; choose another place.")
            return

        def done() -> None:
            self._finish()
            if file.commit():
                self.information.emit(f"Wrote {quantity(_length(source), 'token')} to {path}.")
            else:
                self.problem.emit(f"Cannot write {path}: {file.errorString()}; choose another place.")

        self._start(f"Writing {path.name}…", (file.write(part.encode()) for part in form(source)), done)

    def _source(self) -> Exported | None:
        start, end = self._view.editor.selection
        found = self._shown.indices_in(start, end) if start != end else (0, None)
        source = self._shown.exported(*found) if found else None
        if source is None:
            self.information.emit(_NOT_YET)
        return source

    def _start(self, doing: str, steps: Iterator[object], done: Callable[[], None]) -> None:
        self.doing = doing
        self.work_changed.emit()
        self._work.start(steps, done)

    def _finish(self) -> None:
        self.doing = ""
        self.work_changed.emit()

    def _edited(self, _: Edit) -> None:
        if self.stop():
            self.problem.emit(_EDITED)

    def _look(self, theme: Theme) -> HtmlLook:
        options = self._view.options
        return HtmlLook(
            page=theme.window.name(),
            surface=theme.surface.name(),
            text=theme.text.name(),
            muted=theme.muted.name(),
            border=theme.border.name(),
            boundary=theme.boundary.name(),
            special=theme.special.name(),
            tokens=[color.name() for color in theme.token_colors]
            if options.colors
            else [theme.surface.name()],
            dark=theme.dark,
            boundaries=options.boundaries,
            whitespace=options.whitespace,
        )


def _length(source: Exported) -> int:
    last = source.tokens.known_tokens if source.last is None else source.last
    return last - source.first
