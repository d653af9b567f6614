"""Only what changed takes part: since a revision, staged, or in a range of the folder's git repository."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.git_changes import Compared, parse_range
from tokviz.language import _, ngettext
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.git_jobs import FindChanged
from tokviz.worker.jobs import Compute

_SINCE, _RANGE, _KIND = "codebase/changed_since", "codebase/changed_range", "codebase/changed_kind"
_MARGIN = 12
_KINDS = ("since", "staged", "range")


class ChangedDialog(QDialog):
    """Asks what is meant, and the worker which files that are; stays open where there is no answer."""

    found = Signal(object, str)
    """Which files of the tree changed (``bool[files]``), and what was asked in words."""

    def __init__(
        self,
        shape: TreeShape,
        folders: Sequence[Path],
        worker: Worker,
        settings: Settings,
        parent: QWidget,
    ) -> None:
        """``shape``: of the tree whose roots are ``folders``."""
        super().__init__(parent)
        self._shape = shape
        self.setWindowTitle(_("Only What Changed"))
        self._folders = tuple(folders)
        self._worker = worker
        self._settings = settings
        self._ticket: int | None = None
        self.kinds = QButtonGroup(self)
        self.since, self.range = QLineEdit(), QLineEdit()
        self.says = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        titles = (
            _("Changed &since the revision"),
            _("S&taged for the next commit"),
            _("Changed in the &range"),
        )
        chosen = self._settings.text(_KIND, _KINDS[0])
        for number, (kind, title) in enumerate(zip(_KINDS, titles, strict=True)):
            button = QRadioButton(title)
            button.setChecked(kind == chosen)
            self.kinds.addButton(button, number)
            grid.addWidget(button, number, 0)
        if self.kinds.checkedId() < 0:
            self.kinds.button(0).setChecked(True)
        self.since.setText(self._settings.text(_SINCE, "HEAD"))
        self.since.setAccessibleName(_("Revision"))
        self.since.textEdited.connect(lambda: self.kinds.button(0).setChecked(True))
        self.range.setText(self._settings.text(_RANGE, ""))
        self.range.setPlaceholderText("main..HEAD")
        self.range.setAccessibleName(_("Range of revisions"))
        self.range.textEdited.connect(lambda: self.kinds.button(2).setChecked(True))
        grid.addWidget(self.since, 0, 1)
        grid.addWidget(self.range, 2, 1)
        self.says.setWordWrap(True)
        self.says.setText(_("Everything else is taken out; Undo brings it back."))
        self.says.setProperty("role", "muted")
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)
        column = fill(QVBoxLayout(self), grid, self.says, self.buttons, spacing=8)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.setMinimumWidth(460)

    def _compared(self) -> Compared:
        """ValueError, with a sentence, where a range is none."""
        match _KINDS[self.kinds.checkedId()]:
            case "staged":
                return Compared(staged=True)
            case "range":
                return parse_range(self.range.text().strip())
        return Compared(self.since.text().strip() or "HEAD")

    def _ask(self) -> None:
        try:
            compared = self._compared()
        except ValueError as error:
            self.says.setText(str(error))
            return
        self._settings.set(_KIND, _KINDS[self.kinds.checkedId()])
        self._settings.set(_SINCE, self.since.text().strip())
        self._settings.set(_RANGE, self.range.text().strip())
        self.says.setText(_("Looking it up…"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)

        def looked_up(paths: tuple[frozenset[str], ...]) -> None:
            job = Compute(flags_of, (self._shape, paths), _("looking up changed files in the tree"))
            self._ticket = self._worker.submit(job, done, self._refuse)

        def done(flags: NDArray[np.bool_]) -> None:
            self._ticket = None
            if not flags.any():
                self._refuse(_("Nothing that is counted changed {compared}.", compared=compared))
                return
            self.found.emit(flags, str(compared))
            self.accept()

        self._ticket = self._worker.submit(FindChanged(self._folders, compared), looked_up, self._refuse)

    def _refuse(self, sentence: str) -> None:
        self._ticket = None
        self.says.setText(sentence)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(True)

    def done(self, result: int) -> None:
        """Close; an answer is not waited for any more."""
        self._worker.cancel(self._ticket)
        self._ticket = None
        super().done(result)


def flags_of(shape: TreeShape, paths: Sequence[frozenset[str]]) -> NDArray[np.bool_]:
    """Which files of a tree are among ``paths`` (a set for each root): ``bool[files]``."""
    roots = np.searchsorted(np.array(shape.root_nodes), shape.file_nodes, side="right") - 1
    every = shape.paths()
    nodes = zip(shape.file_nodes.tolist(), roots.tolist(), strict=True)
    return np.array([every[node] in paths[root] for node, root in nodes], np.bool_)


def told(files: int, compared: str) -> str:
    """What was done, in a sentence."""
    # Translators: {compared} is such as “since HEAD” or “between main and HEAD”
    return ngettext(
        "Only {n} file changed {compared} takes part; Undo brings the others back.",
        "Only {n} files changed {compared} take part; Undo brings the others back.",
        files,
        compared=compared,
    )
