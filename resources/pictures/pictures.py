"""Make the README's pictures from the running program, or say which of them are stale.

    pictures.py            make them
    pictures.py --check    exit code 1, naming those whose words are not the window's any more

It needs tokviz installed; nothing is shown on the screen. A picture is stale if words or figures in the
window are others than when it was made, or the colours of its theme: ``pictures.json`` has them. Pixels are
not compared, because fonts differ from machine to machine; the bar of filters is not read, as it folds by the
width of its words.
"""

import argparse
import datetime
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import subjects
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.catalog import catalog
from tokviz.catalog.catalog import Catalog
from tokviz.composition import Application
from tokviz.language import ENGLISH, language
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.models import panel
from tokviz.ui.models.filter_bar import FilterBar

HERE = Path(__file__).resolve().parent
RECORD = HERE / "pictures.json"
SIZE = (1280, 800)
DAY = datetime.date(2026, 11, 30)
"""The day of the pictures: which models are retired, and how old the figures are."""
PATIENCE = 600.0
"""Seconds after which the window must have come to rest."""
_CALM = 3.0
"""Seconds without a change, after which there will be none."""
_COUNTING = ("counting", "being counted", "Counting")
_ROWS = 40


class FixedDay(datetime.date):
    """``today`` is always the same."""

    @classmethod
    def today(cls) -> datetime.date:
        return DAY


@dataclass(frozen=True)
class Picture:
    name: str
    theme: str
    page: Callable[[Application], QWidget]
    subject: Callable[[Path], Path]
    models: int | None = None
    """Only the first so many are listed: a conversation is counted for each of them, one after the other."""


PICTURES = (
    Picture("text", "light", lambda made: made.text, lambda _: Assets().path("samples") / "welcome.md"),
    Picture(
        "codebase",
        "dark",
        lambda made: made.codebase,
        lambda folder: subjects.write_codebase(folder / "harbor"),
    ),
    Picture(
        "conversation",
        "light",
        lambda made: made.conversation,
        lambda folder: subjects.write_session(folder / "harbor.jsonl"),
        20,
    ),
)


class Studio:
    """One window, from its start to its picture."""

    def __init__(self, qt: QApplication, folder: Path, picture: Picture) -> None:
        self._qt = qt
        self.folder = folder
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        store.setValue("theme", picture.theme)
        if picture.models is not None:
            listed = Catalog(Assets()).models[picture.models :]
            store.setValue("models/hidden", [model.id for model in listed])
        program = Program(qt, Assets(), store, FailureLog(folder / "log"))
        self.window = program.window
        self.window.resize(*SIZE)
        self.window.show()
        self.made = program.fill([picture.subject(folder)])
        self._rest(lambda: self.window.page is picture.page(self.made))

    def close(self) -> None:
        self.made.worker.close()
        self.window.deleteLater()
        self._qt.processEvents()

    def _rest(self, done: Callable[[], bool]) -> None:
        """Wait until ``done``, and nothing has changed for a while in which the worker was at rest at least
        once: it is never so for long, as it looks at the file now and then."""
        now = time.monotonic()
        end, changed, rested = now + PATIENCE, now, False
        before: list[str] = []
        while now < changed + _CALM or not rested:
            # Reading all words takes longer than anything that goes on in the window.
            for _ in range(10):
                self._qt.processEvents()
                rested = rested or not self.made.worker.busy
                time.sleep(0.05)
            words, now = list(words_of(self.window)), time.monotonic()
            counting = any(said in text for text in words for said in _COUNTING)
            if counting or not done() or words != before:
                before, changed, rested = words, now, False
            rested = rested or not self.made.worker.busy
            if now > end:
                raise SystemExit(f"The window did not come to rest within {PATIENCE:.0f} s.")


def words_of(window: QWidget) -> Iterator[str]:
    """Everything that is written in the window, in the order of its parts."""
    for part in window.findChildren(QWidget):
        if not part.isVisible() or part.visibleRegion().isEmpty() or isinstance(part.parent(), FilterBar):
            continue
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        elif isinstance(part, QLineEdit):
            yield part.text() or part.placeholderText()
        elif isinstance(part, QComboBox):
            yield part.currentText()
        elif isinstance(part, QTabBar):
            yield from (part.tabText(index) for index in range(part.count()))
        elif isinstance(part, QAbstractItemView) and (model := part.model()):
            for row in range(min(model.rowCount(), _ROWS)):
                cells = (model.index(row, column).data() for column in range(model.columnCount()))
                yield " | ".join("" if cell is None else str(cell) for cell in cells)
        elif part.accessibleDescription():
            yield part.accessibleDescription()


def record_of(studio: Studio, picture: Picture) -> dict[str, Any]:
    """What makes the picture what it is, but for the fonts."""
    place = str(studio.folder)
    words = [text.replace(place, "…") for text in words_of(studio.window) if text.strip()]
    theme = Assets().path("themes") / f"{picture.theme}.toml"
    return {"words": words, "theme": hashlib.sha256(theme.read_bytes()).hexdigest()}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="only say which are stale")
    check = parser.parse_args().check
    known = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    if language() != ENGLISH:
        raise SystemExit("The pictures are in English: unset TOKVIZ_LANGUAGE.")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for module in (panel, catalog):  # who is retired, and how old the figures are
        module.date = FixedDay
    qt = QApplication(["tokviz"])
    stale = 0
    for picture in PICTURES:
        with tempfile.TemporaryDirectory(prefix="tokviz-") as made:
            os.environ |= {"XDG_CONFIG_HOME": made, "XDG_DATA_HOME": made, "XDG_CACHE_HOME": made}
            studio = Studio(qt, Path(made), picture)
            found = record_of(studio, picture)
            if check:
                stale += _tell(picture.name, known.get(picture.name, {}), found)
            else:
                studio.window.grab().save(str(HERE / f"{picture.name}.png"))
                known[picture.name] = found
            studio.close()
    if not check:
        RECORD.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return bool(stale)


def _tell(name: str, known: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether the picture is stale; says so, and what differs."""
    if known == found:
        return False
    before, now = (one.get("words", []) for one in (known, found))
    print(f"{name}.png is stale; python resources/pictures/pictures.py makes it anew.")
    for text in [f"- {text}" for text in before if text not in now] + [
        f"+ {text}" for text in now if text not in before
    ]:
        print(text[:200])
    return True


if __name__ == "__main__":
    sys.exit(main())
