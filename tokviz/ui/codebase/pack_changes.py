"""What of the folder's git repository is packed in front of its files: what changed, and the log."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tokviz.language import _
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import fill, number_field, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.packed_changes import WantedChanges, find_repositories

_DIFF, _SINCE, _LOG, _COMMITS = "pack/changes", "pack/since", "pack/log", "pack/commits"
_MOST_COMMITS, _DEFAULT_COMMITS = 1000, 20
_SETTLE = 500
"""Milliseconds after a key before the text is packed again."""


class PackChanges(QWidget):
    """One row; outside a repository it says so in its place. ``changed``: the text is to be packed again."""

    changed = Signal()

    def __init__(self, folders: Sequence[Path], settings: Settings, worker: Worker) -> None:
        super().__init__()
        self._settings = settings
        self._worker = worker
        self.diff = QCheckBox(_("Chan&ges since"))
        self.since = QLineEdit(settings.text(_SINCE, "HEAD"))
        self.log = QCheckBox(_("M&essages of the last commits:"))
        self.commits = number_field(_("Number of commits"), 1, _MOST_COMMITS)
        self._row = QWidget()
        self.says = plain_label(role="muted", name=_("Changes"))
        self._later = Debouncer(self._remember, _SETTLE, self)
        self._build()
        self._ticket: int | None = worker.submit(find_repositories(tuple(folders)), self._found, self._found)

    @property
    def wanted(self) -> WantedChanges | None:
        """What is to be packed; None: nothing of it, or it is not known yet whether there is a repository."""
        if not self._row.isEnabled() or not (self.diff.isChecked() or self.log.isChecked()):
            return None
        since = self.since.text().strip() or "HEAD"
        return WantedChanges(
            since if self.diff.isChecked() else None, self.commits.value() if self.log.isChecked() else None
        )

    def stop(self) -> None:
        """Say nothing any more; what was typed is remembered."""
        self.blockSignals(True)
        self._later.flush()
        self._worker.cancel(self._ticket)

    def _found(self, problem: object) -> None:
        """Why there is nothing to pack; empty if there is."""
        self._ticket = None
        self.says.setText(str(problem))
        self.says.setVisible(bool(problem))
        self._row.setVisible(not problem)
        self._row.setEnabled(not problem)
        if self.wanted:
            self.changed.emit()

    def _remember(self) -> None:
        self._settings.set(_DIFF, self.diff.isChecked())
        self._settings.set(_LOG, self.log.isChecked())
        self._settings.set(_SINCE, self.since.text())
        self._settings.set(_COMMITS, self.commits.value())
        self.changed.emit()

    def _build(self) -> None:
        kept = self._settings
        self.diff.setChecked(kept.flag(_DIFF))
        self.diff.setToolTip(
            _("The unified diff from that revision to what lies in the folder, of the files that take part")
        )
        self.since.setAccessibleName(_("Revision"))
        self.since.setPlaceholderText("HEAD")
        self.log.setChecked(kept.flag(_LOG))
        self.log.setToolTip(_("What was done last, and why: the messages without addresses"))
        self.commits.setKeyboardTracking(False)
        self.commits.setValue(kept.number(_COMMITS, _DEFAULT_COMMITS, 1, _MOST_COMMITS))
        self._row.setEnabled(False)
        self.says.setWordWrap(True)
        self.says.hide()
        row = fill(
            QHBoxLayout(self._row), self.diff, self.since, self.log, self.commits, spacing=8, wide=self.since
        )
        row.insertSpacing(2, 8)
        fill(QVBoxLayout(self), self._row, self.says)
        for box in (self.diff, self.log):
            box.toggled.connect(self._remember)
        self.since.textEdited.connect(self._write_since)
        self.commits.valueChanged.connect(self._write_commits)

    def _write_since(self) -> None:
        """Whoever names a revision wants its changes."""
        self._check(self.diff)
        self._later.restart()

    def _write_commits(self) -> None:
        self._check(self.log)
        self._remember()

    def _check(self, box: QCheckBox) -> None:
        with QSignalBlocker(box):
            box.setChecked(True)
