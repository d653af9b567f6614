"""From start to exit of ``tokviz count``, to the window's first frame, and to its first models' counts."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer_info import Kind
from tokviz.tokenization.tokenizers_engine import tokenizer_json
from tokviz.tokenization.vocabularies import Vocabulary

_ROOT = Path(__file__).resolve().parents[2]

_REFERENCES = """
import base64, sys, tomllib
from pathlib import Path
import tiktoken, tokenizers
root, text, made = Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8"), Path(sys.argv[3])
for name, row in tomllib.loads((root / "catalog/tokenizers.toml").read_text("utf-8")).items():
    if row["kind"] == "ranks" and row.get("pattern"):
        lines = (root / "vocabularies" / row["file"]).read_bytes().splitlines()
        ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
        encoding = tiktoken.Encoding(name, pat_str=row["pattern"], mergeable_ranks=ranks, special_tokens={})
        print(name, len(encoding.encode_ordinary(text)))
    else:
        tokenizer = tokenizers.Tokenizer.from_file(str(made / f"{name}.json"))
        print(name, len(tokenizer.encode(text, add_special_tokens=False)))
"""

# The window is watched alone: of whatever else is told of an event in Python, PySide looks for the class
# first, in all that Qt has, and that is no part of a start.
_FIRST_FRAME = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isVisible():
            print(time.monotonic(), flush=True)
            QTimer.singleShot(0, finish)
            watched.removeEventFilter(self)
        return False

qt = QApplication([])
first = FirstPaint()
"""
_EMPTY = """
window = QMainWindow()
window.installEventFilter(first)
finish = qt.quit
window.resize(1280, 800)
window.show()
qt.exec()
"""
_TOKVIZ = """
import tempfile
from pathlib import Path
from PySide6.QtCore import QSettings
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.ui.common.failures import FailureLog
folder = Path(tempfile.mkdtemp())
store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
program = Program(qt, Assets(), store, FailureLog(folder))
finish = qt.quit
program.window.installEventFilter(first)
program.show([], None)
qt.exec()
import os
os._exit(0)
"""


_COUNTED = """
import sys, multiprocessing, os, tempfile
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.models.panel import ModelsPanel

def spent(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

def peak(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

qt = QApplication([])
folder = Path(tempfile.mkdtemp())
store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
program = Program(qt, Assets(), store, FailureLog(folder))
program.window.resize(1280, 800)
program.show([], Path(sys.argv[1]).read_bytes())
still = 0
seconds = before = None

def look():
    global still, seconds, before
    panel, workers = program.window.findChild(ModelsPanel), multiprocessing.active_children()
    if panel is None or not workers:
        return
    if seconds is None and all(row.count is not None for row in panel.table.rows[:8]):
        seconds = spent(os.getpid()) + spent(workers[0].pid)
    if seconds is not None:
        now = spent(workers[0].pid)
        still, before = still + 1 if now == before else 0, now
    if still == 20:  # it does nothing more: this is what a start has loaded
        print(seconds, peak(workers[0].pid), flush=True)
        workers[0].terminate()
        os._exit(0)

timer = QTimer()
timer.timeout.connect(look)
timer.start(100)
qt.exec()
"""
_BARE = """
import sys, time
from pathlib import Path
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
text = Path(sys.argv[1]).read_bytes()
registry = Registry(Assets())
for name in sys.argv[2:]:
    registry.get(name).count(text)
lines = Path("/proc/self/status").read_text().splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(time.process_time(), peak)
"""


def count_readme() -> list[Result]:
    """``tokviz count README.md``, against a bare process that loads the same tokenizers' references."""
    readme = str(_ROOT / "README.md")
    registry = Registry(Assets())
    with tempfile.TemporaryDirectory() as made:
        for info in map(registry.info, registry.names()):
            if info.kind is not Kind.RANKS or not info.pattern:
                Path(made, f"{info.name}.json").write_text(tokenizer_json(Vocabulary(info)), "utf-8")
        subject = [sys.executable, "-m", "tokviz", "count", "--no-cache", readme]
        baseline = [sys.executable, "-c", _REFERENCES, str(Assets().path()), readme, made]
        ours, theirs = interleave(lambda: timed(lambda: _run(subject)), lambda: timed(lambda: _run(baseline)))
    name = "tokviz count README.md, start to exit, against tiktoken and tokenizers loading the same (s)"
    return [Row(name, ours, theirs, 1.5)]


def first_frame() -> list[Result]:
    """The window's first frame, against an empty PySide6 window's."""
    ours, empty = interleave(
        lambda: _first_paint(_FIRST_FRAME + _TOKVIZ), lambda: _first_paint(_FIRST_FRAME + _EMPTY)
    )
    return [Row("first frame of the window, against an empty PySide6 window (s)", ours, empty, 2.0)]


def first_counts() -> list[Result]:
    """The window on README.md until its first eight models are counted, against a bare process that counts it
    with the same vocabularies and loads nothing else."""
    name = "window on README.md with its first eight models, against a bare count with their vocabularies"
    if not Path("/proc/self/status").exists():
        return [Missing(name, "reads Linux's /proc")]
    names = list(dict.fromkeys(model.tokenizer for model in Catalog(Assets()).models[:8]))
    readme = str(_ROOT / "README.md")
    ours, bare = [], []
    for _ in range(3):
        ours.append(_figures([sys.executable, "-c", _COUNTED, readme]))
        bare.append(_figures([sys.executable, "-c", _BARE, readme, *names]))
    (seconds, memory), (least, least_memory) = (
        map(statistics.median, zip(*each, strict=True)) for each in (ours, bare)
    )
    return [
        Row(f"{name}: processor time of window and worker (s)", seconds, least, 3.0),
        Row(f"{name}: greatest memory of the worker once it rests (MB)", memory, least_memory, 1.25),
    ]


def _figures(command: list[str]) -> list[float]:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT, env=environment)
    return [float(figure) for figure in done.stdout.split()]


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT).stdout


def _first_paint(script: str) -> float:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=_ROOT, env=environment
    )
    return float(done.stdout.split()[0]) - start


BENCHMARKS: dict[str, Benchmark] = {
    "count-readme": count_readme,
    "first-frame": first_frame,
    "first-counts": first_counts,
}
