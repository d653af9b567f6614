"""Taking a comparison away: the table as CSV, JSON or Markdown, the panes as a page or a picture."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSaveFile, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from tokviz.analysis.codebase import type_counts as type_export
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison import comparison_export as export
from tokviz.analysis.comparison.comparison import BoundaryCounts
from tokviz.analysis.comparison.comparison_table import TableRow
from tokviz.analysis.comparison.panes_html import LIMIT, HtmlColors, HtmlPane, panes_html
from tokviz.analysis.tokens.statistics import TextSize
from tokviz.ui.common.actions import action, separator
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.compare.pane import Pane

_TURN = 0.008
"""Seconds of work on a page in one turn of the event loop."""
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


class Exports(QObject):
    """The entries of the export menu, and what they do. A file is replaced only once all is written."""

    problem = Signal(str)
    information = Signal(str)

    def __init__(
        self,
        snapshot: Callable[[], Snapshot],
        picture_of: QWidget,
        settings: Settings,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._snapshot = snapshot
        self._picture_of = picture_of
        self._settings = settings
        self.theme = theme
        self._parts: Iterator[str] = iter(())
        self._page: QSaveFile | None = None
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._write_some)
        self.actions: list[QAction] = [
            action(self, "Table as &CSV…", lambda: self._ask("csv", self.save_csv)),
            action(self, "Table as &JSON…", lambda: self._ask("json", self.save_json)),
            action(self, "Table as &Markdown…", lambda: self._ask("md", self.save_markdown)),
            action(self, "Cop&y Table as Markdown", self.copy_markdown),
            action(self, "Panes as &HTML Page…", lambda: self._ask("html", self.save_page)),
            action(self, "Panes as &Picture…", lambda: self._ask("png", self.save_picture)),
        ]
        self._of_types = [
            action(self, "File &Types as CSV…", lambda: self._ask("csv", self.save_types_csv)),
            action(self, "File Types as JS&ON…", lambda: self._ask("json", self.save_types_json)),
            action(self, "File Types as Mar&kdown…", lambda: self._ask("md", self.save_types_markdown)),
        ]
        self.actions += [separator(self), *self._of_types]
        self.set_types_enabled(False)

    @property
    def writing(self) -> bool:
        """Whether a page is being written."""
        return self._page is not None

    def set_types_enabled(self, enabled: bool) -> None:
        """Whether a codebase is open whose file types can be taken away."""
        for entry in self._of_types:
            entry.setEnabled(enabled)

    def save_csv(self, path: Path) -> None:
        """Write the table as comma-separated values."""
        self._write(path, export.csv_table(self._snapshot().rows).encode())

    def save_json(self, path: Path) -> None:
        """Write the table, and the agreement of the panes, as JSON."""
        found = self._snapshot()
        names = [pane.tokenizer for pane in found.panes]
        record = export.json_record(found.size, found.rows, found.baseline, names, found.counts)
        self._write(path, _json(record).encode())

    def save_markdown(self, path: Path) -> None:
        """Write the table in Markdown."""
        self._write(path, self._markdown().encode())

    def save_types_csv(self, path: Path) -> None:
        """Write the codebase's tokens by file type and tokenizer as comma-separated values."""
        self._write_types(path, type_export.csv_table)

    def save_types_json(self, path: Path) -> None:
        """Write them as JSON."""
        self._write_types(path, lambda found: _json(type_export.json_record(found)))

    def save_types_markdown(self, path: Path) -> None:
        """Write them in Markdown."""
        self._write_types(path, type_export.markdown)

    def copy_markdown(self) -> None:
        """Put the table on the clipboard, in Markdown."""
        QGuiApplication.clipboard().setText(self._markdown())
        self.information.emit("The table is on the clipboard, in Markdown.")

    def save_picture(self, path: Path) -> None:
        """Write the panes, as they are on the screen, as a PNG of twice the size."""
        widget = self._picture_of
        picture = QPixmap(widget.size() * _SCALE)
        picture.setDevicePixelRatio(_SCALE)
        picture.fill(self.theme.window)
        widget.render(picture)
        memory = QByteArray()
        buffer = QBuffer(memory)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        picture.save(buffer, "PNG")
        self._write(path, bytes(memory.data()))

    def save_page(self, path: Path) -> None:
        """Write the panes as one HTML page, in steps; the window goes on meanwhile."""
        found = self._snapshot()
        maps = [pane.tokenizing.map for pane in found.panes]
        shown = min(len(found.data), LIMIT)
        if not all(each is not None and each.is_known(0, shown) for each in maps):
            self.problem.emit("The text is still being tokenized; export the page again in a moment.")
            return
        panes = []
        for pane, each in zip(found.panes, maps, strict=True):
            if each is not None:
                run = each.tokens_in(0, shown)
                count = "" if each.count is None else f"{each.count:,} tokens"
                panes.append(HtmlPane(pane.title, count, run.ids, run.ends))
        self._page = QSaveFile(str(path))
        if not self._page.open(QIODevice.OpenModeFlag.WriteOnly):
            self._finish(self._page.errorString())
            return
        colors = html_colors(self.theme)
        self._parts = panes_html(found.heading, found.summary, found.data, found.size.bytes, panes, colors)
        self._turn.start()

    def _write_some(self) -> None:
        end = time.monotonic() + _TURN
        while self._page is not None and time.monotonic() < end:
            part = next(self._parts, None)
            if part is None:
                self._finish("" if self._page.commit() else self._page.errorString())
            elif self._page.write(part.encode()) < 0:
                self._finish(self._page.errorString())

    def _finish(self, error: str) -> None:
        self._turn.stop()
        assert self._page is not None
        name = self._page.fileName()
        self._page = None
        self._say(name, error)

    def _write_types(self, path: Path, written: Callable[[TypeCounts], str]) -> None:
        found = self._snapshot().types
        if found is None:
            self.problem.emit("No codebase is open; open a folder first.")
        else:
            self._write(path, written(found).encode())

    def _write(self, path: Path, data: bytes) -> None:
        file = QSaveFile(str(path))
        written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(data) == len(data)
        self._say(str(path), "" if written and file.commit() else file.errorString())

    def _say(self, name: str, error: str) -> None:
        if error:
            self.problem.emit(f"Cannot write {name}: {error}; save it in another place.")
        else:
            self.information.emit(f"Written: {name}")

    def _ask(self, suffix: str, save: Callable[[Path], None]) -> None:
        folder = Path(self._settings.text("folder", str(Path.home())))
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Export the Comparison", str(folder / f"comparison.{suffix}"), f"*.{suffix}"
        )
        if name:
            save(Path(name))

    def _markdown(self) -> str:
        found = self._snapshot()
        return export.markdown(found.rows, found.baseline_title)


def _json(record: dict[str, object]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def html_colors(theme: Theme) -> HtmlColors:
    """The theme's colours for a page."""

    def css(color: QColor) -> str:
        return color.name()

    return HtmlColors(
        page=css(theme.window),
        surface=css(theme.surface),
        text=css(theme.text),
        muted=css(theme.muted),
        border=css(theme.border),
        boundary=css(theme.boundary),
        difference=css(theme.error),
        tokens=[css(color) for color in theme.token_colors],
    )
