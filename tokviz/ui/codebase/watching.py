"""Notices what changes in the opened folder, and has only that counted again.

Qt's own watcher is told of the folders, and of the files too: an editor that writes into a file changes
nothing of its folder. Where the system watches no more, or there are too many files, that is said; F5 looks
everywhere.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from tokviz.analysis.codebase.token_tree import FileState
from tokviz.documents.tree.walking import Reason, WalkOptions
from tokviz.language import _, ngettext
from tokviz.ui.codebase.codebase import Codebase
from tokviz.ui.codebase.options import WATCH
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_finding import FoundTree, find_touched

_SETTLE = 1000
"""Milliseconds without a change after which is looked again: a build writes many files in a row."""
_MOST_FILES = 10_000
"""Files that are watched: each takes 0.1 ms of the main thread, and one of the system's watches, of which
there are often 65,536 for all programs together. Of more, only folders are watched."""
_AT_ONCE = 50
_IN_FOLDER = (".tokvizignore", ".ignore", ".gitignore", "pyproject.toml")
"""Files of a root that say what is counted, and may be hidden."""


class Watching(QObject):
    """Reads nothing itself, and nothing is read while nothing changes."""

    changed = Signal()
    """``says`` is something else."""
    problem = Signal(str)

    def __init__(
        self,
        codebase: Codebase,
        worker: Worker,
        settings: Settings,
        options: Callable[[], WalkOptions],
        parent: QObject | None = None,
    ) -> None:
        """``options``: what the user wants counted now."""
        super().__init__(parent)
        self._codebase = codebase
        self._worker = worker
        self._ticket: int | None = None
        self._settings = settings
        self._options = options
        self._watcher: QFileSystemWatcher | None = None
        self._paths: tuple[Path, ...] = ()
        """What was opened when it was made."""
        self._work = SlicedWork(self)
        self._touched: set[str] = set()
        """Folders that have changed and are not looked through yet."""
        self._looking = False
        self._since = 0
        """When the last scan of everything began, in nanoseconds since 1970."""
        self._unwatched = 0
        self.says = ""
        """What changed last, in words; empty if nothing did."""
        self._later = Debouncer(self._look, _SETTLE, self)
        codebase.scan.begun.connect(self._note_time)
        # Counting may take minutes: what changes meanwhile is noted, and looked at after that.
        codebase.scan.found.connect(self._renew)
        codebase.scan.found.connect(self._tell)
        settings.follow(WATCH, self._renew, self)

    @property
    def on(self) -> bool:
        """Whether the user wants it."""
        return self._settings.flag(WATCH, True)

    @property
    def watched(self) -> Sequence[str]:
        """The paths that are watched."""
        return [*self._watcher.directories(), *self._watcher.files()] if self._watcher else []

    @property
    def busy(self) -> bool:
        """Whether paths are still being added."""
        return self._work.running

    def _note_time(self) -> None:
        self._since = time.time_ns()

    def _renew(self, *_found: object) -> None:
        """Watch what is there now."""
        tree = self._codebase.tree
        if not self.on or tree is None or self._paths != self._codebase.paths:
            self._stop()
        if self.on and tree is not None:
            if self._watcher is None:
                self._watcher = QFileSystemWatcher(self)
                self._watcher.directoryChanged.connect(self._note_folder)
                self._watcher.fileChanged.connect(self._note_file)
                self._paths = self._codebase.paths
            self._work.start(self._steps(self._watcher))

    def _stop(self) -> None:
        # Taking paths away one by one takes longer than adding them.
        self._work.stop()
        self._worker.cancel(self._ticket)
        self._later.cancel()
        self._touched.clear()
        if self._watcher is not None:
            self._watcher.deleteLater()
            self._watcher = None
        if self.says:
            self.says = ""
            self.changed.emit()

    def _steps(self, watcher: QFileSystemWatcher) -> Iterator[None]:
        """Add what is not watched yet, a few paths at a time."""
        tree, roots = self._codebase.tree, self._codebase.roots
        if tree is None or not roots:
            return
        # Which rules there are is found out by trying; a packed text is left out as long as nobody edits it.
        rules = (root / name for root in roots for name in _IN_FOLDER)
        left_out = self._codebase.left_out.entries()
        packs = (one.root / one.what.path for one in left_out if one.what.reason is Reason.PACK)
        watcher.addPaths([str(path) for path in (*rules, *packs)])
        shape, there = tree.shape, {*watcher.directories(), *watcher.files()}
        parents, is_file = shape.parents.tolist(), shape.is_file.tolist()
        places = dict(zip(shape.root_nodes, map(str, roots), strict=True))
        paths = [""] * len(shape)
        pending: list[str] = []
        added: list[str] = []
        files = failed = 0
        for node in range(1, len(shape)):
            paths[node] = places.get(node) or f"{paths[parents[node]]}/{shape.names[node]}"
            files += is_file[node]
            if paths[node] not in there and (not is_file[node] or files <= _MOST_FILES):
                pending.append(paths[node])
            if pending and (len(pending) >= _AT_ONCE or node == len(shape) - 1):
                failed += len(watcher.addPaths(pending))
                added += pending
                pending.clear()
            if not node % _AT_ONCE:
                yield
        self._unwatched = failed + max(0, files - _MOST_FILES)
        if added:
            # What changed between the beginning of the scan and now has told nobody.
            job = find_touched(added, self._since)
            self._ticket = self._worker.submit(job, self._note_touched, self.problem.emit)

    def _note_touched(self, folders: Sequence[str]) -> None:
        for folder in folders:
            self._note_folder(folder)

    def _note_folder(self, path: str) -> None:
        self._touched.add(path)
        self._later.restart()

    def _note_file(self, path: str) -> None:
        self._note_folder(str(Path(path).parent))

    def _look(self) -> None:
        """Have what was touched looked through, once nothing else is."""
        if not self._touched or not self.on:
            return
        if self._codebase.scan.under_way:
            self._later.restart()
            return
        touched, self._touched = frozenset(self._touched), set()
        self._looking = True
        self._codebase.look_again(self._options(), touched)

    def _tell(self, found: FoundTree) -> None:
        """Say what was found."""
        if not self._looking:
            return
        self._looking = False
        files = int((found.tree.states == FileState.WAITING).sum())
        when = time.strftime("%H:%M:%S")
        said = (
            ngettext(
                "{n} file counted again at {time}", "{n} files counted again at {time}", files, time=when
            )
            if files
            else _("the folder changed at {time}", time=when)
        )
        if self._unwatched:
            # Translators: {what} is such as “3 files counted again at 12:34:56”
            said = ngettext(
                "{what}; {n} path not watched, F5 looks there",
                "{what}; {n} paths not watched, F5 looks there",
                self._unwatched,
                what=said,
            )
        self.says = said
        self.changed.emit()
