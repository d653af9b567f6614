"""Every word of the window is in the language that was chosen: none is left as it stands in the source."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)

from tests.ui.shell.windows import opened_window
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.encodings import ENCODINGS
from tokviz.tokenization.registry import Registry

_PSEUDO = re.compile("[^\x00-\u024f]|[äëïöüÿáéíóúćśńĺŕḿṕ]")
_WORD = re.compile(r"[A-Za-z]{3,}")
_MARKUP = re.compile(r"<[^<>]*>|&")
_NAMES = {"JSON", "Scroll Left", "Scroll Right", "tokviz"}
"""A format, what Qt's own catalogues say, and the program."""


def _names() -> set[str]:
    """Those of models, makers, tokenizers and encodings, which are the same in every language."""
    registry, models = Registry(Assets()), Catalog(Assets()).models
    infos = [registry.info(name) for name in registry.names()]
    return {
        *_NAMES,
        *(model.name for model in models),
        *(model.developer for model in models),
        *(f"{model.name} · {model.developer}" for model in models),
        *registry.names(),
        *registry.estimator_names(),
        *(info.display_name for info in infos),
        *(encoding.shown for encoding in ENCODINGS),
    }


def _said(widget: QWidget) -> Iterator[str]:
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text()
    if isinstance(widget, QGroupBox | QMenu):
        yield widget.title()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(at) for at in range(widget.count()))
    if isinstance(widget, QComboBox):
        for at in range(widget.count()):
            yield from (widget.itemText(at), str(widget.itemData(at, Qt.ItemDataRole.ToolTipRole) or ""))
    for entry in widget.actions():
        yield from (entry.text(), entry.toolTip())


def left_in_english(text: str) -> bool:
    """Whether it has words and went past the catalogue."""
    return bool(_WORD.search(_MARKUP.sub("", text))) and not _PSEUDO.search(text)


def main(folder: Path) -> None:
    """Print what of the window was left, a line each."""
    application = QApplication([])
    with opened_window(application, folder, size=QSize(1280, 800)) as program:
        for menu in program.window.findChildren(QMenu):
            menu.aboutToShow.emit()
        names = _names()
        widgets = [
            each for top in QApplication.topLevelWidgets() for each in (top, *top.findChildren(QWidget))
        ]
        texts = {(type(widget).__name__, text) for widget in widgets for text in _said(widget)}
        for kind, text in sorted(texts):
            if text.replace("&", "") not in names and left_in_english(text) and not Path(text).is_absolute():
                print(f"{kind}: {text!r}")


def test_no_word_of_the_window_is_left_in_english(tmp_path: Path) -> None:
    """Words that are chosen when a module is imported need a process of their own."""
    environment = os.environ | {"TOKVIZ_LANGUAGE": "pseudo", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == []


def test_what_is_left_is_told_from_what_is_not() -> None:
    assert left_in_english("Open the file") and left_in_english("<b>Ope&n</b>")
    assert not left_in_english("Öṕëń ẗḧë ḟïĺë") and not left_in_english("12 → 3")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
