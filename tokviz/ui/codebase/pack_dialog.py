"""“Pack for a model”: the selection as one text, counted and checked before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Fit, Standing
from tokviz.analysis.codebase.packing import MOST_BYTES, PackFormat
from tokviz.analysis.codebase.secrets import told
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.documents.decoding import ReadOptions
from tokviz.tokens import Provenance
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.fit_pane import FitBar
from tokviz.ui.common.exporter import ask_where
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import plain_label
from tokviz.ui.common.window_bar import fit_color
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_writing import Packed, PackFiles, Packing

MOST_COPIED = 64_000_000
"""Bytes put on the clipboard at most; other programs stall on more."""
_FORMATS = {PackFormat.MARKDOWN: ("Markdown", ".md"), PackFormat.XML: ("XML", ".xml")}


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is to be packed."""

    roots: tuple[Path, ...]
    tree: TokenTree
    reading: ReadOptions

    @property
    def files(self) -> int:
        """How many files take part."""
        return int(np.count_nonzero(self.tree.takes_part))

    @property
    def size(self) -> int:
        """Bytes of all of them on the disk."""
        return int(self.tree.sizes[self.tree.takes_part].sum())


_MOST_SECRETS = 3
_MOST_IN_TIP = 40
"""Secrets that are named in the dialog, and in its tool tip."""


class PackDialog(QDialog):
    """Packs in the worker whenever a choice changes; then the very text that was counted is taken away."""

    information = Signal(str)
    write_wanted = Signal(object, object)
    """Write the text (Packed) to a file (Path)."""

    def __init__(
        self,
        selection: Selection,
        models: Sequence[LanguageModel],
        model: LanguageModel | None,
        reserve: int | None,
        worker: Worker,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Pack for a model")
        self._selection = selection
        self._all_models = list(models)
        self._reserve = reserve
        self._worker = worker
        self._theme = theme
        self._ticket: int | None = None
        self.packed: Packed | None = None
        """The text as it is now; None while it is being made."""
        self._form = QComboBox()
        self._models = QComboBox()
        self._says = QLabel()
        self._secrets = plain_label(name="What looks like a secret")
        self._bar = FitBar(theme)
        self._progress = QProgressBar()
        self._copy = QPushButton("&Copy")
        self._save = QPushButton("&Save As…")
        self._build(model)
        QTimer.singleShot(0, self, self._pack)

    @property
    def form(self) -> PackFormat:
        """The chosen format."""
        return PackFormat(self._form.currentData())

    @property
    def model(self) -> LanguageModel:
        """The chosen model."""
        return self._all_models[self._models.currentIndex()]

    @property
    def text(self) -> str:
        """What the dialog says of the packed text."""
        return self._says.text()

    def copy(self) -> None:
        """Put the text on the clipboard."""
        if self.packed is not None:
            QGuiApplication.clipboard().setText(self.packed.text.data.decode())
            self.information.emit(f"{formatting.count(self.packed.count)} tokens are on the clipboard.")
            self.accept()

    def save(self) -> None:
        """Ask where to, and write the text there."""
        name, ending = _FORMATS[self.form]
        root = self._selection.roots[0]
        suggested = root.parent / f"{root.name or 'codebase'}{ending}"
        filters = f"{name} (*{ending});;All files (*)"
        if path := ask_where(self, "Save the Packed Text", suggested, filters):
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the text to ``path``."""
        if self.packed is not None:
            self.write_wanted.emit(path, self.packed)
            self.accept()

    def reject(self) -> None:
        self._worker.cancel(self._ticket)
        super().reject()

    def _pack(self) -> None:
        """Start again with the current choices."""
        self._worker.cancel(self._ticket)
        self._ticket, self.packed = None, None
        self._bar.show_fit(None)
        for button in (self._copy, self._save):
            button.setEnabled(False)
        chosen = self._selection
        if chosen.size > MOST_BYTES or not chosen.files:
            self._progress.hide()
            self._says.setText(
                f"{size(chosen.size)} are more than any model takes; take files out first."
                if chosen.files
                else "No file takes part; there is nothing to pack."
            )
            return
        self._progress.setRange(0, max(1, chosen.files))
        self._progress.setValue(0)
        self._progress.show()
        self._says.setText(f"Putting {formatting.quantity(chosen.files, 'file')} together…")
        tree = chosen.tree
        job = PackFiles(
            chosen.roots, tree.shape, tree.takes_part, self.form, self.model.tokenizer, chosen.reading
        )
        self._ticket = self._worker.submit(job, self._take, self._fail, self._advance)

    def _advance(self, progress: Packing) -> None:
        self._progress.setValue(progress.files)

    def _fail(self, sentence: str) -> None:
        self._ticket = None
        self._progress.hide()
        self._says.setText(sentence)

    def _take(self, packed: Packed) -> None:
        self._ticket, self.packed = None, packed
        self._progress.hide()
        found = evaluate(self.model, packed.count, self._reserve).fit
        self._bar.show_fit(found)
        self._says.setText(pack_text(packed, found, self.model))
        self._secrets.setText("\n".join(told(packed.secrets, _MOST_SECRETS)))
        self._secrets.setToolTip("\n".join(map(str, packed.secrets[:_MOST_IN_TIP])))
        self._secrets.setVisible(bool(packed.secrets))
        palette = self._says.palette()
        palette.setColor(self._says.foregroundRole(), fit_color(found, self._theme, self._theme.text))
        self._says.setPalette(palette)
        doubt = " Anyway" if found.standing is Standing.TOO_LONG else ""
        self._copy.setText(f"&Copy{doubt}")
        self._save.setText(f"&Save{doubt} As…" if doubt else "&Save As…")
        self._save.setEnabled(True)
        self._copy.setEnabled(len(packed.text.data) <= MOST_COPIED)
        self._copy.setToolTip("" if self._copy.isEnabled() else "Too large for the clipboard; save it")

    def _build(self, model: LanguageModel | None) -> None:
        for form, (name, _) in _FORMATS.items():
            self._form.addItem(name, form)
        for each in self._all_models:
            self._models.addItem(each.name, each.id)
        if model is not None:
            self._models.setCurrentIndex(self._models.findData(model.id))
        self._form.currentIndexChanged.connect(self._pack)
        self._models.currentIndexChanged.connect(self._pack)
        self._says.setWordWrap(True)
        self._says.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self._secrets.setProperty("role", "warning")
        self._secrets.hide()
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        cancel = QPushButton("Close")
        cancel.clicked.connect(self.reject)
        about = QLabel(
            f"{formatting.quantity(self._selection.files, 'file')} as one text: a tree on top, then every "
            "file under its path from the root."
        )
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        rows = QFormLayout()
        rows.addRow("&Format", self._form)
        rows.addRow("For the &model", self._models)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (cancel, self._save, self._copy):
            buttons.addWidget(button)
        self._copy.setDefault(True)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(about)
        column.addLayout(rows)
        column.addWidget(self._says)
        column.addWidget(self._secrets)
        column.addWidget(self._bar)
        column.addWidget(self._progress)
        column.addLayout(buttons)
        self.resize(460, 300)


def pack_text(packed: Packed, found: Fit, model: LanguageModel) -> str:
    """What a packed text comes to."""
    count = formatting.count(packed.count)
    text = f"{count} tokens, of which {formatting.count(packed.wrapping)} are the tree, headings and fences"
    label = found.count.provenance
    if label is not Provenance.EXACT:
        between = formatting.count_range(found.count)
        text += f" ({label}{': ' + between if between else ''})"
    text += f": {fit_words.against(found, model.name)}."
    if packed.missing:
        files = formatting.quantity(len(packed.missing), "file")
        text += f" {files} could not be read any more, {packed.missing[0]} among them."
    return text
