"""“Pack for a model”: the selection as one text or in parts, counted and checked before it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis import formatting
from tokviz.analysis.budget import Fit, Standing
from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_splitting import part_name
from tokviz.analysis.codebase.packing import MOST_BYTES
from tokviz.analysis.codebase.secrets import told
from tokviz.analysis.codebase.shortened_counts import shortenings_of
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import tokens_by_file
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.evaluation import evaluate
from tokviz.catalog.model import LanguageModel
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _, ngettext
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.fit_pane import FitBar
from tokviz.ui.codebase.pack_choices import OwnTexts, PackChoices
from tokviz.ui.codebase.pack_parts import PackParts
from tokviz.ui.codebase.pack_words import pack_commands, pack_text
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import caption, fill, offer, plain_label
from tokviz.ui.common.window_bar import fit_color
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_packing import Packed, PackFiles, Packing

MOST_COPIED = 64_000_000
"""Bytes put on the clipboard at most; other programs stall on more."""
_MOST_ASKED = 16_000_000
"""Bytes that a prompt takes as files: no model reads more, and each version of a prompt is written anew."""
_WIDTH = 620
_MOST_SECRETS = 3
_MOST_IN_TIP = 40
"""Secrets that are named in the dialog, and in its tool tip."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is to be packed."""

    roots: tuple[Path, ...]
    tree: TokenTree
    plan: CountPlan
    """By which the tree is counted."""
    reading: ReadOptions
    wanted: NDArray[np.uint8]
    """What is to make each file shorter: a mask of ``shortened_counts``."""

    @property
    def shortened(self) -> dict[int, frozenset[Shortening]]:
        """The same, for the files of which anything is wanted."""
        chosen = np.flatnonzero((self.wanted > 0) & self.tree.takes_part)
        return {number: frozenset(shortenings_of(int(self.wanted[number]))) for number in chosen.tolist()}

    @property
    def files(self) -> int:
        """How many files take part."""
        return int(np.count_nonzero(self.tree.takes_part))

    @property
    def size(self) -> int:
        """Bytes of all of them on the disk."""
        return int(self.tree.sizes[self.tree.takes_part].sum())

    @property
    def weights(self) -> NDArray[np.int64]:
        """The tokens of each file (``int64[files]``) by the first that counts the tree; without it, bytes."""
        counted = tokens_by_file(self.tree, CountPlan(self.plan.names[:1]))
        return next(iter(counted.values()), self.tree.sizes)


class PackDialog(QDialog):
    """Packs in the worker whenever a choice changes; then the very text that was counted is taken away."""

    information = Signal(str)
    prompt_wanted = Signal(object)
    """Ask a model about these texts: a tuple of names and texts (str)."""
    write_wanted = Signal(object, object)
    """Write the text (Packed) to a file (Path), or its parts to files numbered like it, then call ``accept``
    or ``not_written``."""

    def __init__(
        self,
        selection: Selection,
        models: Sequence[LanguageModel],
        model: LanguageModel | None,
        reserve: int | None,
        worker: Worker,
        settings: Settings,
        texts: OwnTexts,
        theme: Theme,
        asking: bool,
        parent: QWidget | None = None,
    ) -> None:
        """``asking``: whether it is opened to ask about the text, not to take it away."""
        super().__init__(parent)
        self.setWindowTitle(_("Ask About This Codebase") if asking else _("Pack for a Model"))
        self._selection = selection
        self._all_models = list(models)
        self._reserve = reserve
        self._worker = worker
        self._settings = settings
        self._theme = theme
        self._ticket: int | None = None
        self._over = False
        self.packed: Packed | None = None
        """The text as it is now; None while it is being made."""
        self.choices = PackChoices(settings, worker, texts, selection.roots)
        self.parts = PackParts()
        self._models = ChoiceBox()
        self._says = QLabel()
        self._secrets = plain_label(name=_("What looks like a secret"))
        self._bar = FitBar(theme)
        self._progress = QProgressBar()
        self._copy = QPushButton(_("&Copy"))
        self._save = QPushButton(_("&Save As…"))
        self._ask = QPushButton(_("&Ask About It"))
        self._build(model, self._ask if asking else self._copy)
        QTimer.singleShot(0, self, self._pack)

    @property
    def model(self) -> LanguageModel:
        """The chosen model."""
        return self._all_models[self._models.currentIndex()]

    @property
    def text(self) -> str:
        """What the dialog says of the packed text."""
        return self._says.text()

    def copy(self) -> None:
        """Put the text on the clipboard; of several parts the selected one, and select the next."""
        packed = self.packed
        if packed is None or (number := self.parts.selected if packed.in_parts else 0) is None:
            return
        QGuiApplication.clipboard().setText(packed.part(number).decode())
        count = packed.parts[number].count
        if packed.in_parts:
            of = len(packed.parts)
            self._says.setText(
                _(
                    "Part {part} of {parts}, {tokens}, is on the clipboard.",
                    part=formatting.grouped(number + 1),
                    parts=formatting.grouped(of),
                    tokens=formatting.tokens(count),
                )
            )
            self.parts.select(number + 1)
        else:
            self.information.emit(
                ngettext(
                    "{n} token is on the clipboard.",
                    "{n} tokens are on the clipboard.",
                    count.tokens,
                    n=formatting.count(count),
                )
            )
            self.accept()

    def save(self) -> None:
        """Ask where to, and write the text or its parts there."""
        if (packed := self.packed) is None:
            return
        suggested, title = self._file_name, _("Save the Packed Text")
        if packed.in_parts:
            title = _("Save the Parts: Numbers Are Added to the Name")
        kind = written(suggested.rpartition(".")[2])
        path = ask_where(self, self._settings, title, suggested, kind, replaces=not packed.in_parts)
        if path and (not packed.in_parts or self._may_replace(packed.targets(path))):
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Have the text written to ``path``, or its parts to files numbered like it. The dialog stays until
        that is done, so that a full disk costs nobody the packed text."""
        if self.packed is not None:
            for part in (self.choices, self._models, self._copy, self._save, self._ask):
                part.setEnabled(False)
            self._tell(_("Writing {file}…", file=path.name), None)
            self._progress.setRange(0, 0)
            self._progress.show()
            self.write_wanted.emit(path, self.packed)

    def not_written(self, sentence: str) -> None:
        """Say why, and offer the same text again."""
        for part in (self.choices, self._models):
            part.setEnabled(True)
        if self.packed is not None:
            self._take(self.packed)
            self._tell(sentence, None, self._theme.error)
            self._save.setFocus()

    def ask(self) -> None:
        """Have a new prompt take the text, or each of its parts, as a file."""
        if (packed := self.packed) is None:
            return
        name, of = self._file_name, len(packed.parts)
        names = [part_name(name, number, of) for number in range(1, of + 1)] if packed.in_parts else [name]
        texts = (packed.part(number).decode() for number in range(of))
        self.prompt_wanted.emit(tuple(zip(names, texts, strict=True)))
        self.accept()

    def _may_replace(self, paths: Sequence[Path]) -> bool:
        """Whether files that lie where parts go may be lost; the user is asked, as of a single file."""
        there = [path.name for path in paths if path.exists()]
        if not there:
            return True
        button = QMessageBox.StandardButton
        question = ngettext(
            "{file} is there already. Write over it?",
            "{n} files of these names are there already, {file} among them. Write over them?",
            len(there),
            file=there[0],
        )
        answer = QMessageBox.question(
            self, self.windowTitle(), question, button.Save | button.Cancel, button.Cancel
        )
        return answer == button.Save

    @property
    def _file_name(self) -> str:
        """What the text is called as a file."""
        ending = (self.choices.chosen_format or PackFormat.PLAIN).ending
        return f"{self._selection.roots[0].name or 'codebase'}{ending}"

    def done(self, result: int) -> None:
        """Close; nothing is packed any more, whatever is chosen until the dialog is deleted."""
        self._over = True
        self.choices.stop()
        self._worker.cancel(self._ticket)
        super().done(result)

    def _pack(self) -> None:
        """Start again with the current choices."""
        if self._over:
            return
        self._worker.cancel(self._ticket)
        self._ticket, self.packed = None, None
        self._bar.show_fit(None)
        self._secrets.hide()
        for button in (self._copy, self._save, self._ask):
            button.setEnabled(False)
        chosen = self._selection
        if chosen.size > MOST_BYTES or not chosen.files:
            self._fail(
                _("{size} are more than any model takes; take files out first.", size=size(chosen.size))
                if chosen.files
                else _("No file takes part; there is nothing to pack.")
            )
            return
        layout = self.choices.layout_of_text
        if layout is None:
            self._progress.hide()
            return  # once the template is read, or why it cannot be, it is told
        self._progress.setRange(0, max(1, chosen.files))
        self._progress.setValue(0)
        self._progress.show()
        self._tell(ngettext("Putting {n} file together…", "Putting {n} files together…", chosen.files), None)
        job = PackFiles(
            chosen.roots,
            chosen.tree.shape,
            chosen.tree.takes_part,
            layout,
            self.model.tokenizer,
            chosen.reading,
            chosen.weights,
            self.choices.split,
            chosen.shortened,
            self.choices.changes.wanted,
        )
        self._ticket = self._worker.submit(job, self._take, self._fail, self._advance)

    def _advance(self, progress: Packing) -> None:
        self._progress.setValue(progress.files)

    def _fail(self, sentence: str) -> None:
        self._ticket = None
        self._progress.hide()
        self.parts.hide()
        self._tell(sentence, None)

    def _tell(self, sentence: str, found: Fit | None, color: QColor | None = None) -> None:
        """Say it in the colour of the fit, or in ``color``."""
        self._says.setText(sentence)
        palette = self._says.palette()
        if found:
            color = fit_color(found, self._theme, self._theme.text)
        palette.setColor(self._says.foregroundRole(), color or self._theme.text)
        self._says.setPalette(palette)

    def _take(self, packed: Packed) -> None:
        self._ticket, self.packed = None, packed
        self._progress.hide()
        found = evaluate(self.model, packed.count, self._reserve).fit
        self._bar.show_fit(found)
        self._tell(pack_text(packed, found, self.model), found)
        self._secrets.setText("\n".join(told(packed.secrets, _MOST_SECRETS)))
        self._secrets.setToolTip("\n".join(map(str, packed.secrets[:_MOST_IN_TIP])))
        self._secrets.setVisible(bool(packed.secrets))
        self.parts.setVisible(packed.in_parts)
        if packed.in_parts:
            self.parts.show_parts(packed.parts)
        words = pack_commands(packed.in_parts, found.standing is Standing.TOO_LONG)
        for button, text in zip((self._copy, self._save, self._ask), words, strict=True):
            button.setText(text)
        self._save.setEnabled(True)
        self._ask.setEnabled(len(packed.text.data) <= _MOST_ASKED)
        self._ask.setToolTip(
            "" if self._ask.isEnabled() else _("Too large for a prompt; take files out first")
        )
        self._copy.setEnabled(max(part.end - part.start for part in packed.parts) <= MOST_COPIED)
        self._copy.setToolTip("" if self._copy.isEnabled() else _("Too large for the clipboard; save it"))

    def _build(self, model: LanguageModel | None, default: QPushButton) -> None:
        offer(self._models, ((each.name, each.id) for each in self._all_models), model.id if model else "")
        self._models.currentIndexChanged.connect(self._pack)
        self.choices.changed.connect(self._pack)
        self.choices.problem.connect(self._fail)
        self._says.setWordWrap(True)
        self._says.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self._secrets.setProperty("role", "warning")
        self._secrets.hide()
        self.parts.hide()
        self.parts.doubleClicked.connect(self.copy)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        cancel = QPushButton(_("Close"))
        cancel.clicked.connect(self.reject)
        self._ask.clicked.connect(self.ask)
        for button in (cancel, self._save, self._copy, self._ask):
            button.setAutoDefault(button is default)
        default.setDefault(True)
        row = fill(QHBoxLayout(), caption(_("For the &model"), self._models), self._models, spacing=8)
        row.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (cancel, self._ask, self._save, self._copy):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self.choices)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self._says)
        column.addWidget(self._secrets)
        column.addWidget(self.parts, 1)
        column.addWidget(self._progress)
        column.addLayout(buttons)
        resize_within(self, _WIDTH, self.sizeHint().height())
