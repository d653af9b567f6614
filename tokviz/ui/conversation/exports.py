"""Taking the parts of a context away as a table."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.analysis.conversation.groups import kind_name
from tokviz.analysis.conversation.stack import layer_of
from tokviz.analysis.table_text import csv_text, json_text, markdown_table
from tokviz.language import _, ngettext
from tokviz.ui.common.actions import action
from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.settings import Settings
from tokviz.ui.conversation.parts_table import PartsTable
from tokviz.ui.conversation.session import Session

_TITLES = ("part", "role", "name", "file", "message", "request", "tokens", "left out")  # verbatim


class ConversationExports(Exporter):
    """The export menu."""

    def __init__(
        self, session: Session, table: PartsTable, settings: Settings, menu: QMenu, window: QWidget
    ) -> None:
        """``menu`` is filled with the entries."""
        super().__init__(window)
        self._session = session
        self._table = table
        self._settings = settings
        self.actions = [
            action(self, _("Parts as &CSV…"), lambda: self._ask("csv"), "Ctrl+E"),
            action(self, _("Parts as &JSON…"), lambda: self._ask("json")),
            action(self, _("Copy the &Table as Markdown"), self.copy_table),
        ]
        menu.addActions(self.actions)

    def rows(self) -> list[tuple[object, ...]]:
        """One row for each part, in the order in which the model reads them."""
        session = self._session
        if session.view is None:
            return []
        return [
            (
                kind_name(part),
                part.role or str(layer_of(part)),
                part.name or "",
                part.file or "",
                "" if part.message is None else part.message + 1,
                "" if part.request is None else part.request,
                "unknown" if part.tokens is None else part.tokens,
                "yes" if index in session.without else "",
            )
            for index, part in enumerate(session.view.parts)
        ]

    def write_rows(self, path: Path, form: str) -> None:
        """Write the parts to ``path`` as ``csv`` or ``json``."""
        rows = self.rows()
        if form == "csv":
            text = csv_text([_TITLES, *rows])
        else:
            text = json_text([dict(zip(_TITLES, row, strict=True)) for row in rows])
        self.write_parts(
            path,
            [text],
            _("Writing the parts"),
            ngettext(
                "{n} parts were written to {path}.", "{n} parts were written to {path}.", len(rows), path=path
            ),
        )

    def copy_table(self) -> None:
        """Put the table of the layers on the clipboard."""
        titles, *rows = self._table.texts()
        QGuiApplication.clipboard().setText(markdown_table(titles, rows, (2, 3)))
        self.information.emit(_("The table is on the clipboard."))

    def _ask(self, form: str) -> None:
        source = self._session.source
        if source is None or self._session.view is None:
            self.problem.emit(_("Open a conversation first; then its parts can be exported."))
            return
        suggested = f"{Path(source.name).stem} parts.{form}"  # verbatim
        if path := ask_where(self.window, self._settings, _("Save the Parts"), suggested, written(form)):
            self.write_rows(path, form)
