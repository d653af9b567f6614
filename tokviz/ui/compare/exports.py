"""Taking a comparison away: the table as CSV, JSON or Markdown, the panes as a page or a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from tokviz.analysis import formatting
from tokviz.analysis.codebase import type_counts
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison import model_export
from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import TableRow
from tokviz.analysis.comparison.panes_html import LIMIT, HtmlPane, panes_html
from tokviz.analysis.forms import forms_export
from tokviz.analysis.table_text import json_text
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.language import _
from tokviz.ui.common.actions import action, separator
from tokviz.ui.common.exporter import Exporter, png
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.compare.forms_tab import FormsTab
from tokviz.ui.compare.models_tab import ModelsTab
from tokviz.ui.compare.pane import Pane

_SCALE = 2
"""Pixels of a picture for each of the window's."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What there is to take away."""

    heading: str
    """What is compared: a file's name."""
    summary: str
    size: TextSize
    rows: Sequence[TableRow]
    baseline: str
    """The name of the tokenizer that is 100%."""
    baseline_title: str
    panes: Sequence[Pane]
    counts: BoundaryCounts | None
    data: bytes
    """The text's beginning, at least ``LIMIT`` bytes if it has so many."""
    types: TypeCounts | None
    """The open codebase by file type; None if none is open."""
    models: ModelsTab
    forms: FormsTab


class ComparisonExports(Exporter):
    """The entries of the export menu, and what they do."""

    def __init__(
        self,
        snapshot: Callable[[], Snapshot],
        picture_of: QWidget,
        settings: Settings,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._snapshot = snapshot
        self._picture_of = picture_of
        self._settings = settings
        self.theme = theme
        self._of_types = [
            self._entry(
                _("File &Types as CSV…"), "csv", partial(self.save_types, form=type_counts.csv_table)
            ),
            self._entry(
                _("File Types as JSON…"), "json", partial(self.save_types, form=type_counts.json_table)
            ),
            self._entry(
                _("File Types as Markdown…"), "md", partial(self.save_types, form=type_counts.markdown)
            ),
        ]
        self.actions: list[QAction] = [
            self._entry(_("Table as CSV…"), "csv", self.save_csv),
            self._entry(_("Table as &JSON…"), "json", self.save_json),
            self._entry(_("Table as Markdown…"), "md", self.save_markdown),
            action(self, _("Cop&y Table as Markdown"), self.copy_markdown),
            self._entry(_("Panes as HTML Page…"), "html", self.save_page),
            self._entry(_("Panes as P&icture…"), "png", self.save_picture),
            separator(self),
            self._entry(_("Models as CSV…"), "csv", partial(self.save_models, form="csv")),
            self._entry(_("Models as JSON…"), "json", partial(self.save_models, form="json")),
            self._entry(_("Models as Markdown…"), "md", partial(self.save_models, form="md")),
            self._entry(_("Forms as CSV…"), "csv", partial(self.save_forms, form="csv")),
            self._entry(_("Forms as JSON…"), "json", partial(self.save_forms, form="json")),
            self._entry(_("Forms as Markdown…"), "md", partial(self.save_forms, form="md")),
            separator(self),
            *self._of_types,
        ]
        self.set_types_enabled(False)

    def set_types_enabled(self, enabled: bool) -> None:
        """Whether a codebase is open whose file types can be taken away."""
        for entry in self._of_types:
            entry.setEnabled(enabled)

    def save_csv(self, path: Path) -> None:
        """Write the table as comma-separated values."""
        self._save(path, export.csv_table(self._snapshot().rows))

    def save_json(self, path: Path) -> None:
        """Write the table, and the agreement of the panes, as JSON."""
        found = self._snapshot()
        names = [pane.tokenizer for pane in found.panes]
        record = export.json_record(found.size, found.rows, found.baseline, names, found.counts)
        self._save(path, json_text(record))

    def save_markdown(self, path: Path) -> None:
        """Write the table in Markdown."""
        self._save(path, self._markdown())

    def save_types(self, path: Path, form: Callable[[TypeCounts], str]) -> None:
        """Write the codebase's tokens by file type and tokenizer."""
        found = self._snapshot().types
        if found is None:
            self.problem.emit(_("No codebase is open; open a folder first."))
        else:
            self._save(path, form(found))

    def save_models(self, path: Path, form: str) -> None:
        """Write the chosen models' figures as ``csv``, ``json`` or ``md``."""
        tab = self._snapshot().models
        match form:
            case "csv":
                text = model_export.csv_table(tab.rows)
            case "json":
                text = json_text(model_export.json_record(tab.rows, tab.baseline))
            case _:
                text = model_export.markdown(tab.rows, tab.baseline_name)
        self._save(path, text)

    def save_forms(self, path: Path, form: str) -> None:
        """Write what each form of the data takes, as ``csv``, ``json`` or ``md``."""
        tab = self._snapshot().forms
        if tab.found is None:
            self.problem.emit(_("No data are written in other forms yet; open the tab Forms first."))
            return
        match form:
            case "csv":
                text = forms_export.csv_table(tab.rows, tab.names)
            case "json":
                found = tab.found
                text = json_text(forms_export.json_record(found.source, found.notes, tab.rows, tab.names))
            case _:
                text = forms_export.markdown(tab.rows, tab.names)
        self._save(path, text)

    def copy_markdown(self) -> None:
        """Put the table on the clipboard, in Markdown."""
        QGuiApplication.clipboard().setText(self._markdown())
        self.information.emit(_("The table is on the clipboard, in Markdown."))

    def save_picture(self, path: Path) -> None:
        """Write the panes, as they are on the screen, as a PNG of twice the size."""
        widget = self._picture_of
        picture = QPixmap(widget.size() * _SCALE)
        picture.setDevicePixelRatio(_SCALE)
        picture.fill(self.theme.window)
        widget.render(picture)
        self.write(path, png(picture.toImage()), _written(path))

    def save_page(self, path: Path) -> None:
        """Write the panes as one HTML page, in steps; the window goes on meanwhile."""
        found = self._snapshot()
        maps = [pane.tokenizing.map for pane in found.panes]
        shown = min(len(found.data), LIMIT)
        if not all(each is not None and each.is_known(0, shown) for each in maps):
            self.problem.emit(_("The text is still being tokenized; export the page again in a moment."))
            return
        panes = []
        for pane, each in zip(found.panes, maps, strict=True):
            if each is not None:
                run = each.tokens_in(0, shown)
                count = "" if each.count is None else formatting.tokens(each.count)
                panes.append(HtmlPane(pane.title, count, run.ids, run.ends))
        colors = self.theme.html_colors()
        parts = panes_html(found.heading, found.summary, found.data, found.size.bytes, panes, colors)
        self.write_parts(path, parts, _("Writing the page…"), _written(path))

    def _save(self, path: Path, text: str) -> None:
        self.write(path, text.encode(), _written(path))

    def _entry(self, text: str, suffix: str, save: Callable[[Path], None]) -> QAction:
        """A menu entry that asks for a file and saves there."""

        def ask() -> None:
            title, suggested = _("Export the Comparison"), f"comparison.{suffix}"
            if path := ask_where(self.window, self._settings, title, suggested, written(suffix)):
                save(path)

        return action(self, text, ask)

    def _markdown(self) -> str:
        found = self._snapshot()
        return export.markdown(found.rows, found.baseline_title)


def _written(path: Path) -> str:
    return _("Written: {path}", path=path)
