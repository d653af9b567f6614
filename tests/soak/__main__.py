"""Use the window at random for a while, and say what went wrong.

``python -m tests.soak --seed 7 --minutes 10``; the same seed makes the same choices. The exit code is 1 if
anything went wrong. Every action is written to the log that is named at the end.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QDesktopServices, QDrag
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMessageBox

from tests.hostile.tree import make_tree
from tests.soak.actions import Actions
from tests.soak.watch import Faults, Memory, Turns
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.shell import opening

KILL_EVERY = 45.0
"""Seconds between two kills of the worker."""
MOST_MEMORY = 1500 << 20
"""Bytes of the window's process at any time."""
MOST_LEFT = 400 << 20
"""Bytes by which it may have grown in the end, with the text gone, since its first minute began."""
_SETTLE = 300.0
"""Seconds after which the tokens of the last text must be there."""


class Soak:
    """One run over one window."""

    def __init__(
        self, qt: QApplication, turns: Turns, faults: Faults, folder: Path, seed: int, minutes: float
    ) -> None:
        self._qt, self._turns, self._faults = qt, turns, faults
        self._chance = random.Random(seed)
        self._memory = Memory()
        # Line by line: a crash must leave the last of them.
        self._log = (folder / "actions.log").open("w", 1, encoding="utf-8", errors="backslashreplace")
        self._end = time.monotonic() + 60 * minutes
        self._killed = time.monotonic()
        self.count = 0
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        failures = FailureLog(folder)
        program = Program(qt, Assets(), store, failures)
        program.window.resize(1100, 750)
        program.window.show()
        self._application = program.fill()
        failures.listen(faults.add)
        # Copies: what is open may be changed and saved.
        samples = shutil.copytree(Assets().path("samples"), folder / "samples")
        project = shutil.copytree(
            Path(__file__).parents[1], folder / "project", ignore=shutil.ignore_patterns("__pycache__")
        )
        paths = [*sorted(samples.rglob("*.*"))[:12], make_tree(folder / "tree")]
        for name in ("contents", "special", "archives"):
            paths += sorted((folder / "tree" / name).iterdir())[:40]
        paths += [folder / "tree" / "contents", folder / "missing.txt", project]
        self._actions = Actions(self._application, turns, self._chance, paths)
        self._answer_dialogs(folder)
        self._base = self._memory.now
        self._timer = QTimer(program.window)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._act)

    def run(self) -> None:
        """Act until the time is over, then let all come to rest and compare."""
        for page in self._application.window.pages:
            # What a page does when it is first seen takes up to 260 ms, once.
            self._application.window.show_page(page)
            self._qt.processEvents()
        self._turns.watch()
        self._timer.start(0)
        self._qt.exec()
        self._turns.look_away()
        while (left := QApplication.activePopupWidget() or QApplication.activeModalWidget()) is not None:
            left.close()
            self._qt.processEvents()
        self._faults.doing = "coming to rest"
        self._compare_tokens()
        self._actions.empty()
        self._wait_until(lambda: self._application.text.tokenizing.is_settled)
        self._memory.look()
        grown = self._memory.now - self._base
        if self._memory.peak > MOST_MEMORY or grown > MOST_LEFT:
            self._faults.add(
                f"memory: {self._memory.peak >> 20} MB at most, {grown >> 20} MB more in the end"
            )
        self._application.text.texts.end()
        self._application.worker.close()
        self._log.close()

    def report(self) -> str:
        """What was measured."""
        return (
            f"{self.count} actions, longest turn {self._turns.longest * 1000:.0f} ms "
            f"({self._turns.slowest}), window {self._memory.peak >> 20} MB, "
            f"worker {self._memory.worker_peak >> 20} MB at most"
        )

    def _act(self) -> None:
        if time.monotonic() > self._end:
            self._qt.exit(0)  # quitting would close the windows
            return
        # Nested event loops of menus and dialogs come back here as well.
        self._timer.start(self._chance.choice((0, 0, 0, 1, 5, 20, 100)))
        self.count += 1
        if time.monotonic() - self._killed > KILL_EVERY:
            self._killed = time.monotonic()
            done = self._actions.kill_worker()
        else:
            done = self._actions.act()
        self._faults.doing = f"{self.count} {done}"
        self._log.write(f"{self.count}\t{done}\n")
        if self.count % 50 == 0:
            self._memory.look()

    def _compare_tokens(self) -> None:
        """The tokens that are shown are those of the text, whatever became of it."""
        text = self._application.text
        if not self._wait_until(lambda: text.tokenizing.is_settled):
            worker, banner = self._application.worker, self._application.window.banner
            self._faults.add(
                f"no tokens after {_SETTLE:.0f} s: {text.tokenizing.tokenizer} {text.tokenizing.mode}, "
                f"{len(text.document.buffer)} bytes, map {text.tokenizing.map}, busy {worker.busy}, "
                f"pid {worker.pid}, it says {banner.text!r}"
            )
            return
        data, tokens = bytes(text.document.buffer.snapshot()), text.tokenizing.map
        registry = Registry(Assets())
        if tokens is None or text.tokenizing.tokenizer not in registry.names():
            return
        expected = registry.get(text.tokenizing.tokenizer, text.tokenizing.mode).encode(data)
        if tokens.ids().tolist() != expected.ids.tolist() or tokens.ends().tolist() != expected.ends.tolist():
            self._faults.add(f"the tokens shown are not those of the text ({len(data)} bytes)")

    def _wait_until(self, done: Callable[[], bool]) -> bool:
        end = time.monotonic() + _SETTLE
        while not done() and time.monotonic() < end:
            self._qt.processEvents()
            time.sleep(0.01)
        return done()

    def _answer_dialogs(self, folder: Path) -> None:
        """The system's dialogs are answered by chance, and nothing of the system is opened."""
        chance, button = self._chance, QMessageBox.StandardButton
        out = str(folder / "out.txt")
        answers: dict[tuple[object, str], Callable[..., object]] = {
            (QMessageBox, "question"): lambda *_: chance.choice((button.Discard, button.Cancel)),
            (QFileDialog, "getSaveFileName"): lambda *_, **__: (chance.choice(("", out)), ""),
            (QFileDialog, "getOpenFileName"): lambda *_: ("", ""),
            (QFileDialog, "getOpenFileNames"): lambda *_: ([], ""),
            (QFileDialog, "getExistingDirectory"): lambda *_: chance.choice(("", str(folder / "tree"))),
            (QInputDialog, "exec"): lambda *_, **__: chance.random() < 0.5,
            (QDesktopServices, "openUrl"): lambda *_: True,
            (QDrag, "exec"): lambda *_: 0,
            # Another window is another process: it would stay when this one is over.
            (opening, "start_program"): lambda *_: SimpleNamespace(poll=lambda: 0),
        }
        static = (QMessageBox, QFileDialog, QInputDialog, QDesktopServices)
        for (kind, name), answer in answers.items():
            setattr(kind, name, staticmethod(answer) if kind in static else answer)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10.0)
    stall = "milliseconds of the main thread's own processor time in which the window may answer nothing"
    parser.add_argument("--stall", type=float, default=100.0, help=stall)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak"))
    os.environ |= {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data")}
    faults = Faults()
    faults.watch_exceptions()
    qt = QApplication(["soak"])
    soak = Soak(qt, Turns(faults, asked.stall / 1000), faults, folder, asked.seed, asked.minutes)
    soak.run()
    print(soak.report())
    print(f"{len(faults.found)} faults with seed {asked.seed}; what was done is in {folder / 'actions.log'}")
    sys.stdout.flush()
    # Objects of Qt that are left need not be taken apart one by one.
    os._exit(bool(faults.found))


if __name__ == "__main__":
    main()
