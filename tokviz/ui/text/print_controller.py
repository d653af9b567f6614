"""Printing from the window: which printer, then page by page, while the window lives on."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from tokviz.analysis.formatting import quantity
from tokviz.text.buffer import Edit
from tokviz.ui.common.actions import action
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.token_view import TokenView

_EDITED = "The text was edited while it was being printed, so this was given up; try again."


class PrintController(QObject):
    """Prints a view's text, or what is selected of it, in the colours of a light theme."""

    problem = Signal(str)
    information = Signal(str)
    work_changed = Signal()

    def __init__(self, view: TokenView, theme: Theme, title: Callable[[], str], parent: QWidget) -> None:
        """``theme``: a light one, for paper is white; ``title``: what stands at the foot of each page."""
        super().__init__(parent)
        self._view = view
        self._theme = theme
        self._title = title
        self._window = parent
        self._work = SlicedWork(self)
        self._pages = 0
        self.doing = ""
        """What is being printed; empty if nothing is."""
        view.buffer.listen(self._edited)

    def print_actions(self, parent: QWidget) -> list[QAction]:
        """Entries for the File menu."""
        return [action(parent, "&Print…", self.ask, QKeySequence.StandardKey.Print)]

    def ask(self) -> None:
        """Ask for a printer, and print on it."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        if self._view.editor.has_selection:
            dialog.setOption(QPrintDialog.PrintDialogOption.PrintSelection)
            dialog.setPrintRange(QPrintDialog.PrintRange.Selection)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            selected = dialog.printRange() == QPrintDialog.PrintRange.Selection
            self.print_to(printer, selected)

    def print_to(self, printer: QPrinter, selected: bool = False) -> None:
        """Print on it, all or what is selected."""
        span = self._view.editor.selection if selected else (0, len(self._view.buffer))
        self._pages = 0
        self._tell("Printing…")
        pages = self._view.printer(self._theme).pages(printer, span, self._title())

        def count() -> Iterator[None]:
            for self._pages in pages:
                self._tell(f"Printing page {self._pages:,}…")
                yield

        self._work.start(count(), lambda: self._finish(printer))

    def stop(self) -> bool:
        """Print no further; False if nothing was being printed."""
        if not self._work.running:
            return False
        self._work.stop()
        self._tell("")
        return True

    def _finish(self, printer: QPrinter) -> None:
        self._tell("")
        if self._pages and printer.printerState() is not QPrinter.PrinterState.Error:
            self.information.emit(f"Printed {quantity(self._pages, 'page')}.")
        else:
            where = printer.outputFileName() or printer.printerName() or "the printer"
            self.problem.emit(f"Cannot print to {where}; choose another printer or file.")

    def _tell(self, doing: str) -> None:
        self.doing = doing
        self.work_changed.emit()

    def _edited(self, _: Edit) -> None:
        if self.stop():
            self.problem.emit(_EDITED)
