"""What of the window's words is English in the language of ``TOKVIZ_LANGUAGE``, which is to be ``pseudo``.

    python -m tests.ui.shell.plain_words FOLDER CODEBASE

Its settings are in FOLDER, the codebase page shows CODEBASE. It prints, as JSON, every text of a widget in
which nothing was translated, with the widget's class and that of the widget around it.
"""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSpinBox,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)

from tests.ui.shell.windows import opened_window
from tokviz.ui.common.speech import set_up_language

_LONGEST = 60
"""Seconds that counting the codebase may take."""
_ROWS = 30
_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
_TRANSLATED = re.compile(r"[^\x00-\x7f…–—·“”▸×−≥~�→’]")
_TAGS = re.compile(r"<[^>]*>")


def main(folder: Path, codebase: Path) -> None:
    """Do what the head of this file says."""
    qt = QApplication(["tokviz"])
    set_up_language(qt)
    with opened_window(qt, folder, {}, QSize(1280, 800)) as application:
        application.codebase.open_paths([codebase])
        until = time.monotonic() + _LONGEST
        while not application.codebase.codebase.complete and time.monotonic() < until:
            qt.processEvents()
            time.sleep(0.01)
        widgets = qt.allWidgets()
        for menu in [widget for widget in widgets if isinstance(widget, QMenu)]:
            menu.aboutToShow.emit()
        told = {
            f"{type(widget).__name__} in {type(widget.parent()).__name__}: {text}"
            for widget in qt.allWidgets()
            for text in _texts(widget)
            if re.search(r"[a-z]{3,}", plain := _TAGS.sub("", text)) and not _TRANSLATED.search(plain)
        }
    print(json.dumps(sorted(told)))


def _texts(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.statusTip(), widget.accessibleName(), widget.accessibleDescription())
    for entry in widget.actions():
        yield from (entry.text(), entry.toolTip(), entry.statusTip())
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QLineEdit() | QPlainTextEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from map(widget.itemText, range(widget.count()))
        case QTabBar():
            for at in range(widget.count()):
                yield from (widget.tabText(at), widget.tabToolTip(at))
        case QGroupBox() | QMenu():
            yield widget.title()
        case QSpinBox():
            yield from (widget.prefix(), widget.suffix(), widget.specialValueText())
        case QTableView() | QTreeView():
            yield from _cells(widget)


def _cells(view: QTableView | QTreeView) -> Iterator[str]:
    model: object = view.model()
    if not isinstance(model, QAbstractItemModel):  # there may be none yet
        return
    for column in range(model.columnCount(QModelIndex())):
        for role in _ROLES:
            yield str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
            for row in range(min(_ROWS, model.rowCount(QModelIndex()))):
                yield str(model.index(row, column, QModelIndex()).data(role) or "")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
