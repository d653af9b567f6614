"""From start to exit of ``tokviz count``, and from start to the window's first frame."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tokviz.assets import Assets
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
from tokviz.ui.common.failures import FailureLog
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
    registry = Registry(Assets())
    with tempfile.TemporaryDirectory() as made:
        for info in map(registry.info, registry.names()):
            if info.kind is not Kind.RANKS or not info.pattern:
                Path(made, f"{info.name}.json").write_text(tokenizer_json(Vocabulary(info)), "utf-8")
        subject = [sys.executable, "-m", "tokviz", "count", readme]
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
