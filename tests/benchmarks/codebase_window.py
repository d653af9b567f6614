"""The codebase page on the source of Linux: stalls of the main thread, and how fast it shows and counts.

A stall is the longest turn of the event loop, events handled and frames painted, in a window with the models
panel beside the page. The tree comes from ``corpora``; without it nothing is measured.
"""

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import corpora
from tests.benchmarks.codebase import FIRST_EIGHT
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, timed
from tokviz.analysis.codebase.scan import count, measure
from tokviz.analysis.count_plan import TokenCounter
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import ReadAhead, read_files
from tokviz.tokenization.registry import Registry

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.codebase.page import CodebasePage
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Themes
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.models.panel import ModelsPanel

STALL = 0.050
"""Seconds."""
_MOST_TOGETHER = 800_000_000
"""Bytes of both processes (PSS: what they share, such as Python itself, counts once)."""
_LOOK_EVERY = 0.25
"""Seconds between two looks at the memory."""
_WAIT = 600.0
_FOLDERS = ("drivers", "drivers/gpu", "arch", "Documentation", "fs")
_FILTERS = ("usb", "*.rst", "*a*", "")


class Window:
    """A page and the models panel, in one window of the usual size."""

    def __init__(self, folder: Path, model_ids: tuple[str, ...]) -> None:
        instance = QApplication.instance()
        self.qt = instance if isinstance(instance, QApplication) else QApplication([])
        assets = Assets()
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        theme = Themes(assets).load("light")
        models = [model for model in Catalog(assets).models if model.id in model_ids]
        self.worker = Worker()
        self.panel = ModelsPanel(models, settings, theme)
        self.page = CodebasePage(self.worker, self.panel.tokenizers(), models, settings, theme)
        self.page.counts_changed.connect(self._show_counts)
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        row.addWidget(self.page, 1)
        row.addWidget(self.panel)
        self.window.resize(1280, 800)
        self.window.show()
        gc.freeze()  # as the program does once its window is built
        self.turn_for(0.5)

    def turn(self) -> float:
        """One turn of the event loop: how long it takes."""
        took = timed(lambda: self.qt.processEvents(QEventLoop.ProcessEventsFlag.AllEvents))
        time.sleep(0.0005)
        return took

    def turn_until(self, done: Callable[[], bool]) -> float:
        """Turn until ``done``: the longest turn."""
        longest, end = 0.0, time.monotonic() + _WAIT
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"the page was not done within {_WAIT:.0f} s")
            longest = max(longest, self.turn())
        return longest

    def turn_for(self, seconds: float) -> float:
        """Turn for a while: the longest turn."""
        end = time.monotonic() + seconds
        return self.turn_until(lambda: time.monotonic() > end)

    def node(self, path: str) -> int:
        """The node at a path."""
        tree = self.page.codebase.tree
        found = tree.shape.find(path) if tree else None
        if found is None:
            raise LookupError(f"the tree has no {path}")
        return found

    def scanned(self) -> bool:
        """Whether everything is counted and told."""
        return not self.page.codebase.scan.under_way

    def memory(self) -> int:
        """What the window and its worker hold now, in bytes; 0 if the system does not tell."""
        return _held(os.getpid()) + _held(self.worker.pid)

    def _show_counts(self) -> None:
        self.panel.set_counts(self.page.counts())


@contextmanager
def _opened(*model_ids: str) -> Iterator[Window]:
    with tempfile.TemporaryDirectory() as folder:
        window = Window(Path(folder), model_ids)
        try:
            yield window
        finally:
            window.worker.close()
            window.window.close()


def scanning() -> list[Result]:
    """From opening to the last count, and what a user does meanwhile."""
    name = "Linux in the window"
    root = corpora.linux()
    if root is None:
        return [Missing(name, corpora.how_to_get())]
    walked = timed(lambda: list_folder(root))
    bare = _count_bare(root)
    with _opened("gpt-4o") as window:
        start = time.perf_counter()
        window.page.open_paths([root])
        longest = window.turn_until(lambda: bool(window.page.codebase.roots))
        shown = time.perf_counter() - start
        longest = max(longest, window.turn_until(lambda: window.page.codebase.scan.progress.files > 5000))
        workspace = window.page.workspace
        for path in _FOLDERS:
            workspace.tree.show_node(window.node(path))
            workspace.tree.expand(workspace.tree.currentIndex())
            longest = max(longest, window.turn_for(0.3))
        longest = max(longest, window.turn_until(window.scanned))
        whole = time.perf_counter() - start
        again = time.perf_counter()
        window.page.page_actions.rescan.trigger()
        longest = max(longest, window.turn_until(window.scanned))
        rescanned = time.perf_counter() - again
    return [
        Row(f"{name}: the longest stall from opening to the last count (s) against 50 ms", longest, STALL, 1),
        Row(f"{name}: until the whole tree is shown (s) against walking alone", shown, walked, 5),
        Row(f"{name}: until all is counted (s) against counting in one process", whole, bare, 1.5),
        Row(f"{name}: F5 when nothing changed (s) against walking alone", rescanned, walked, 5),
    ]


def using() -> list[Result]:
    """Taking parts out, filtering, going through the treemap, on the counted tree."""
    name = "counted Linux in the window"
    root = corpora.linux()
    if root is None:
        return [Missing(name, corpora.how_to_get())]
    with _opened("gpt-4o", "llama-3.1-405b") as window:
        window.page.open_paths([root])
        window.turn_until(window.scanned)
        window.turn_for(2.0)
        excluding = [_exclude(window, path) for path in _FOLDERS * 2]
        stall = max(_filter(window), _drill(window), _resize(window), _panes(window))
    return [
        Row(f"{name}: taking a folder out, every bar moved (s) against 50 ms", max(excluding), STALL, 1),
        Row(
            f"{name}: the longest stall of filter, treemap, resize, tabs (s) against 50 ms",
            stall,
            STALL,
            1,
        ),
    ]


def memory() -> list[Result]:
    """The window and its worker with every tokenizer of the first eight models."""
    name = "Linux in the window with the first eight models: most memory of both processes (bytes)"
    root = corpora.linux()
    if root is None:
        return [Missing(name, corpora.how_to_get())]
    # In a process of its own, which has done nothing else.
    command = [sys.executable, "-m", __name__, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    most = int(done.stdout.split()[-1])
    if not most:
        return [Missing(name, "this system does not tell a process's memory")]
    return [Row(f"{name} against 800 MB", most, _MOST_TOGETHER, 1)]


def _print_memory(root: Path) -> None:
    with _opened(*FIRST_EIGHT) as window:
        window.page.open_paths([root])
        most, end = 0, time.monotonic() + _WAIT
        while not window.scanned() and time.monotonic() < end:
            window.turn_for(_LOOK_EVERY)
            most = max(most, window.memory())
        print(most)


def _exclude(window: Window, path: str) -> float:
    """Seconds until a folder is out (or in again), told to the models panel, and painted."""
    workspace, node = window.page.workspace, window.node(path)
    window.turn_for(0.3)

    def flip() -> None:
        workspace.tree.show_node(node)
        workspace.toggle_current()
        workspace.tree.viewport().repaint()
        window.panel.repaint()

    took = timed(flip)
    window.turn_for(0.8)
    return took


def _filter(window: Window) -> float:
    longest = 0.0
    for pattern in _FILTERS:
        window.page.workspace.toolbar.filter.setText(pattern)
        longest = max(longest, window.turn_for(1.0))
    return longest


def _drill(window: Window) -> float:
    longest = 0.0
    for path in ("drivers", "drivers/gpu", "drivers/gpu/drm", ""):
        window.page.workspace.treemap.view.show_folder(window.node(path))
        longest = max(longest, window.turn_for(0.4))
    return longest


def _resize(window: Window) -> float:
    longest = 0.0
    for step in range(10):
        window.window.resize(1280 + 60 * step, 800 + 25 * step)
        longest = max(longest, window.turn_for(0.1))
    return max(longest, window.turn_for(0.5))


def _panes(window: Window) -> float:
    longest = 0.0
    for part in (Lower.TYPES, Lower.LEFT_OUT, Lower.FIT, Lower.TREEMAP):
        window.page.workspace.show_lower(part)
        longest = max(longest, window.turn_for(1.0))
    return longest


def _count_bare(root: Path) -> float:
    """Seconds to walk, load, read and count with one tokenizer, without a window and another process."""

    def work() -> None:
        listing = list_folder(root)
        counter = TokenCounter(Registry(Assets()).get("o200k_base"))
        texts = read_files(root, enumerate(listing.files))
        with ReadAhead(measure(batch) for batch in texts) as ahead:
            for _ in count(ahead, [counter]):
                pass

    return timed(work)


def _held(pid: int | None) -> int:
    """The memory that a process holds, in bytes, what it shares divided by how many share it; 0 if the system
    does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii", "replace").splitlines()
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


BENCHMARKS: dict[str, Benchmark] = {
    "codebase-window-scan": scanning,
    "codebase-window-use": using,
    "codebase-window-memory": memory,
}

if __name__ == "__main__":
    _print_memory(Path(sys.argv[1]))
