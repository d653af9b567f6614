"""The window in the language of ``TOKVIZ_LANGUAGE``: a process has one, so tests start this in another.

    python -m tests.ui.shell.spoken FOLDER TEXT

Its settings are in FOLDER. It prints, as JSON, the language, the menus' entries that share a letter, what
Qt's own Cancel button says, and what the models panel says of the tokens of the text in the file TEXT.
"""

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QDialogButtonBox

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
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        told = {
            "language": language.language(),
            "doubled": doubled(application),
            "cancel": buttons.buttons()[0].text().replace("&", ""),
            "tokens": _tokens(qt, application, text.read_bytes()),
        }
    print(json.dumps(told))


def _tokens(qt: QApplication, application: Application, text: bytes) -> str:
    """What is read in the model's row, once it is counted."""
    application.text.document.show(text, Origin())
    table, until = application.panel.table, time.monotonic() + _LONGEST
    while (said := _cell(table)) in ("", cells.COUNTING, cells.NOT_COUNTED) and time.monotonic() < until:
        qt.processEvents()
        time.sleep(0.01)
    return said


def _cell(table: ModelsTable) -> str:
    place = table.place_of(MODEL)
    if place is None or (row := table.rows[place]).preliminary or row.count is None or not row.count.tokens:
        return ""
    return str(table.index(place, Column.TOKENS).data())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
