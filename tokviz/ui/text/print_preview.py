"""Pages on the screen as they will be on paper: Qt's own dialog, drawn like the rest of the window."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QPaintEngine
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import QToolBar, QWidget

from tokviz.ui.common.icons import SIDE, Tint, icon
from tokviz.ui.common.placement import resize_within

_ICONS = (
    "move-horizontal",
    "maximize",
    "zoom-out",
    "zoom-in",
    "rectangle-vertical",
    "rectangle-horizontal",
    "chevron-first",
    "chevron-left",
    "chevron-right",
    "chevron-last",
    "file",
    "columns-2",
    "layout-grid",
    "settings",
    "printer",
)
"""Of the tools, as they stand: width, whole page, zoom, orientation, pages, how many, paper, print."""
_SIZE = QSize(920, 720)


def preview(printer: QPrinter, paint: Callable[[QPrinter], None], window: QWidget) -> bool:
    """Show what ``paint`` paints; whether the user asks for it on paper, for which ``printer`` is set up."""
    dialog = QPrintPreviewDialog(printer, window)
    _look_alike(dialog)
    wanted = False

    def render(asked: QPrinter) -> None:
        nonlocal wanted
        if asked.paintEngine().type() == QPaintEngine.Type.Picture:
            paint(asked)
        else:
            wanted = True  # it is printed page by page, once the dialog is gone

    dialog.paintRequested.connect(render)
    dialog.exec()
    dialog.deleteLater()
    return wanted


def _look_alike(dialog: QPrintPreviewDialog) -> None:
    for bar in dialog.findChildren(QToolBar):
        bar.setMovable(False)
        bar.setIconSize(QSize(SIDE, SIDE))
        tools = [entry for entry in bar.actions() if not entry.icon().isNull()]
        if len(tools) == len(_ICONS):
            for entry, name in zip(tools, _ICONS, strict=True):
                entry.setIcon(icon(name, Tint.ALONE))
    resize_within(dialog, _SIZE.width(), _SIZE.height())
