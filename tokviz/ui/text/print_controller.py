"""Printing from the window: which printer, then page by page, while the window lives on."""

from collections.abc import Callable, Iterator
from itertools import islice

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from tokviz.language import _, ngettext, number
from tokviz.ui.common.actions import action
from tokviz.ui.common.exporter import Exporter
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.print_preview import preview

_PREVIEWED = 60
"""Pages of a preview at most: making them takes 5 ms each, at once. What is printed from it has all pages."""
_EDITED = _("The text was edited while it was being printed, so this was given up; try again.")


class PrintController(Exporter):
    """Prints a view's text, or what is selected of it, in the colours of a light theme."""

    def __init__(self, view: TokenView, theme: Theme, title: Callable[[], str], window: QWidget) -> None:
        """``theme``: a light one, for paper is white; ``title``: what stands at the foot of each page."""
        super().__init__(window)
        self._view = view
        self._theme = theme
        self._title = title
        self._pages = 0
        self.give_up_on_edits(view.buffer, _EDITED)

    def print_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the File menu."""
        return [
            action(parent, _("Print Preview…"), self.preview, tip=_("The pages as they will be printed")),
            action(parent, _("&Print…"), self.ask, QKeySequence.StandardKey.Print),
        ]

    def preview(self) -> None:
        """Show the first pages as they will be; what is printed from there has all."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if preview(printer, self._paint_preview, self.window):
            self.print_to(printer)

    def _paint_preview(self, printer: QPrinter) -> None:
        pages = self._view.printer(self._theme).pages(printer, (0, len(self._view.buffer)), self._title())
        for _number in islice(pages, _PREVIEWED):
            pass
        pages.close()

    def ask(self) -> None:
        """Ask for a printer, and print on it."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.window)
        if self._view.state.has_selection:
            dialog.setOption(QPrintDialog.PrintDialogOption.PrintSelection)
            dialog.setPrintRange(QPrintDialog.PrintRange.Selection)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            selected = dialog.printRange() == QPrintDialog.PrintRange.Selection
            self.print_to(printer, selected)

    def print_to(self, printer: QPrinter, selected: bool = False) -> None:
        """Print on it, all or what is selected."""
        span = self._view.state.selection if selected else (0, len(self._view.buffer))
        self._pages = 0
        pages = self._view.printer(self._theme).pages(printer, span, self._title())

        def count() -> Iterator[None]:
            for self._pages in pages:
                self.report(_("Printing page {page}…", page=number(self._pages)))
                yield

        self.run(_("Printing…"), count(), lambda: self._finish(printer))

    def _finish(self, printer: QPrinter) -> None:
        if self._pages and printer.printerState() is not QPrinter.PrinterState.Error:
            self.information.emit(ngettext("Printed {n} page.", "Printed {n} pages.", self._pages))
        else:
            where = printer.outputFileName() or printer.printerName()
            self.problem.emit(
                _("Cannot print to {printer}; choose another printer or file.", printer=where)
                if where
                else _("Cannot print to the printer; choose another printer or file.")
            )
