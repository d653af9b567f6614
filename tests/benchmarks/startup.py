"""From start to exit of ``tokviz count``, and from start to the window's first frame."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tokviz.assets import Assets

_ROOT = Path(__file__).resolve().parents[2]

_REFERENCES = """
import base64, json, sys, tomllib
from pathlib import Path
import tiktoken, tokenizers
root, text = Path(sys.argv[1]), Path(sys.argv[2]).read_text("utf-8")
for name, row in tomllib.loads((root / "catalog/tokenizers.toml").read_text("utf-8")).items():
    path = root / "vocabularies" / row["file"]
    if row["kind"] == "ranks" and row.get("pattern"):
        lines = path.read_bytes().splitlines()
        ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
        encoding = tiktoken.Encoding(name, pat_str=row["pattern"], mergeable_ranks=ranks, special_tokens={})
        print(name, len(encoding.encode_ordinary(text)))
    elif row["kind"] != "ranks":
        print(name, len(tokenizers.Tokenizer.from_file(str(path)).encode(text, add_special_tokens=False)))
"""

_FIRST_FRAME = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.window().isVisible():
            print(time.monotonic(), flush=True)
            QTimer.singleShot(0, finish)
            qt.removeEventFilter(self)
        return False

qt = QApplication([])
first = FirstPaint()
qt.installEventFilter(first)
"""
_EMPTY = "window = QMainWindow(); finish = qt.quit; window.resize(1280, 800); window.show(); qt.exec()"
_TOKVIZ = """
import tempfile
from pathlib import Path
from PySide6.QtCore import QSettings
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.ui.failures import FailureLog
folder = Path(tempfile.mkdtemp())
store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
program = Program(qt, Assets(), store, FailureLog(folder))
finish = qt.quit
program.show([], None)
qt.exec()
import os
os._exit(0)
"""


def count_readme() -> list[Result]:
    """``tokviz count README.md``, against a bare process that loads the same tokenizers' references."""
    readme = str(_ROOT / "README.md")
    subject = [sys.executable, "-m", "tokviz", "count", readme]
    baseline = [sys.executable, "-c", _REFERENCES, str(Assets().path()), readme]
    ours, theirs = interleave(lambda: timed(lambda: _run(subject)), lambda: timed(lambda: _run(baseline)))
    name = "tokviz count README.md, start to exit, against tiktoken and tokenizers loading the same (s)"
    return [Row(name, ours, theirs, 1.5)]


def first_frame() -> list[Result]:
    """The window's first frame, against an empty PySide6 window's."""
    ours, empty = interleave(
        lambda: _first_paint(_FIRST_FRAME + _TOKVIZ), lambda: _first_paint(_FIRST_FRAME + _EMPTY)
    )
    return [Row("first frame of the window, against an empty PySide6 window (s)", ours, empty, 2.0)]


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT).stdout


def _first_paint(script: str) -> float:
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=_ROOT, env=environment
    )
    return float(done.stdout.split()[0]) - start


BENCHMARKS: dict[str, Benchmark] = {"count-readme": count_readme, "first-frame": first_frame}
