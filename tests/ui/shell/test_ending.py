"""The program ends at a signal with its exit code, and what was typed is back at the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no signals of others")

_START = """
import os, sys, types
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from tokviz import app

class Program(app.Program):
    def fill(self, *arguments):
        first = self._application is None
        application = super().fill(*arguments)
        if first:
            buffer = application.text.document.buffer
            prompt = application.conversation.building
            print("found", buffer.snapshot().decode(), prompt.draft.system, flush=True)
            prompt.view._buffer.replace(0, 0, b"Be brief.")
            if not len(buffer):
                buffer.replace(0, 0, b"typed")
            QTimer.singleShot(0, lambda: os.kill(os.getpid(), int(sys.argv[1])))
        return application

app.Program = Program
sys.exit(app.main([]))
"""


def _run(home: Path, number: int, start: str = _START) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    arguments = [sys.executable, "-c", start, str(int(number))]
    return subprocess.run(
        arguments, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_window_and_loses_nothing(tmp_path: Path, number: signal.Signals) -> None:
    first = _run(tmp_path, number)
    assert (first.returncode, first.stdout) == (128 + number, "found  \n"), first.stderr
    assert "Traceback" not in first.stderr
    second = _run(tmp_path, number)
    assert (second.returncode, second.stdout) == (128 + number, "found typed Be brief.\n"), second.stderr


def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    assert _run(tmp_path, signal.SIGTERM).returncode == 128 + signal.SIGTERM
    written = [path for path in tmp_path.rglob("*") if "tokviz" in path.parts[len(tmp_path.parts) :]]
    names = {path.name for path in written}
    assert {"tokviz.ini", "tokviz.log"} <= names
    open_to_others = [path for path in written if path.stat().st_mode & 0o077 and path.suffix != ".lock"]
    assert open_to_others == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names that are not UTF-8 are Linux's")
def test_a_path_of_the_program_that_is_not_utf_8(tmp_path: Path) -> None:
    name = os.fsdecode(b"tokv\xffz")
    ended = _run(tmp_path, signal.SIGTERM, f"import sys; sys.argv[0] = {name!r}\n{_START}")
    assert ended.returncode == 128 + signal.SIGTERM, ended.stderr
