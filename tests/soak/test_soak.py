"""The soak, a minute long: ``python -m tests.soak --minutes 10`` is the same for longer."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.soak.watch import Faults, Turns

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_minute_of_anything_goes_without_a_fault() -> None:
    """In a process of its own: it has the application, the clipboard and the log to itself."""
    # Not pytest's own folder: the path of a socket in it would be too long.
    with tempfile.TemporaryDirectory(prefix="soak", ignore_cleanup_errors=True) as folder:
        done = _soak(Path(folder))
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:] + _of_a_crash(Path(folder))
    assert int(done.stdout.split()[0]) > 50


def _soak(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Other tests run beside it: what the processor does then takes a few times as long.
        [sys.executable, "-m", "tests.soak", "--seed", "12", "--minutes", "1", "--stall", "500"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def _of_a_crash(folder: Path) -> str:
    """Where Python stood when the program was ended by a signal, and what was done before."""
    crashes = [path.read_text("utf-8") for path in folder.glob("soak*/crash.log")]
    actions = [path.read_text("utf-8")[-2000:] for path in folder.glob("soak*/actions.log")]
    return "\n".join([*crashes, *actions])


def test_what_goes_wrong_is_noted_with_what_was_done() -> None:
    faults = Faults("7 press_key Tab")
    try:
        raise ValueError("no")
    except ValueError as error:
        faults._exception(ValueError, error, error.__traceback__)
    assert faults.found[0].startswith("7 press_key Tab: Traceback")
    assert "ValueError: no" in faults.found[0]


def test_a_turn_that_takes_long_is_noted_with_what_was_done(qtbot: QtBot) -> None:
    faults = Faults("3 open_path")
    turns = Turns(faults, most_stall=0.02)
    turns.watch()
    QTimer.singleShot(0, lambda: _work(0.05))
    qtbot.wait(100)
    turns.look_away()
    QTimer.singleShot(0, lambda: _work(0.05))
    qtbot.wait(100)
    assert len(faults.found) == 1
    assert faults.found[0].startswith("3 open_path: ")
    assert faults.found[0].endswith(" ms in which nothing was answered")
    assert turns.longest >= 0.05
    assert turns.slowest == "3 open_path"


def test_a_turn_that_is_known_to_be_slow_is_excused_once(qtbot: QtBot) -> None:
    faults = Faults()
    turns = Turns(faults, most_stall=0.02)

    def excused() -> None:
        turns.excused = 5.0
        _work(0.05)

    turns.watch()
    QTimer.singleShot(0, excused)
    qtbot.wait(100)
    assert faults.found == []
    QTimer.singleShot(0, lambda: _work(0.05))
    qtbot.wait(100)
    assert len(faults.found) == 1


def _work(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
