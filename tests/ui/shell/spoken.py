"""The window in the language of ``TOKVIZ_LANGUAGE``: a process has one, so tests start this in another.

    python -m tests.ui.shell.spoken FOLDER TEXT

Its settings are in FOLDER. It prints, as JSON, the language, the menus' entries that share a letter, what
Qt's own Cancel button says, and what the models panel says of the tokens of the text in the file TEXT.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from tests.ui.conversation.conftest import session_rows, write_rows
from tests.ui.shell.mnemonics import doubled
from tests.ui.shell.windows import opened_window
from tokviz import language
from tokviz.composition import Application
from tokviz.ui.common.speech import set_up_language
from tokviz.ui.models import cells
from tokviz.ui.models.rows import Column
from tokviz.ui.models.table import ModelsTable
from tokviz.ui.tokens.document import Origin

MODEL = "gpt-4o"
_LONGEST = 100
"""Seconds that counting may take."""


def main(folder: Path, text: Path) -> None:
    """Do what the head of this file says."""
    qt = QApplication(["tokviz"])
    set_up_language(qt)
    with opened_window(qt, folder, {"text/tokenizer": "o200k_base"}, QSize(1280, 800)) as application:
        empty = doubled(application)
        _open_more(qt, application, folder)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        told = {
            "language": language.language(),
            "doubled": sorted({*empty, *doubled(application)}),
            "cancel": buttons.buttons()[0].text().replace("&", ""),
            "tokens": _tokens(qt, application, text.read_bytes()),
        }
    print(json.dumps(told))


def _open_more(qt: QApplication, application: Application, folder: Path) -> None:
    """A codebase and a session, whose pages show more than empty ones."""
    source = folder / "source"
    source.mkdir()
    (source / "a.py").write_text("def f(x):\n    return x\n" * 20, "utf-8")
    application.opening.open_paths([source])
    scan = application.codebase.codebase
    _wait(qt, lambda: scan.tree is not None and not scan.scan.under_way)
    application.opening.open_paths([write_rows(folder / "session.jsonl", session_rows())])
    _wait(qt, application.conversation.workspace.isVisible)


def _wait(qt: QApplication, is_there: Callable[[], bool]) -> None:
    until = time.monotonic() + _LONGEST
    while not is_there() and time.monotonic() < until:
        qt.processEvents()
        time.sleep(0.01)


def _tokens(qt: QApplication, application: Application, text: bytes) -> str:
    """What is read in the model's row, once it is counted."""
    application.text.document.show(text, Origin())
    table = application.panel.table
    _wait(qt, lambda: _cell(table) not in ("", cells.COUNTING, cells.NOT_COUNTED))
    return _cell(table)


def _cell(table: ModelsTable) -> str:
    place = table.place_of(MODEL)
    if place is None or (row := table.rows[place]).preliminary or row.count is None or not row.count.tokens:
        return ""
    return str(table.index(place, Column.TOKENS).data())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
