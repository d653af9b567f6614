"""A second start of the program shows its file in the first one's window."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.second_start import Start
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.shell.second_starts import SecondStarts, come_forward

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Python has no such sockets on Windows")
_HAND_OVER = """
import sys
from pathlib import Path
from tokviz.second_start import Start, hand_over
print(hand_over(Start((sys.argv[2],)), Path(sys.argv[1]), 50))
"""
_FIRST = """
import sys
from PySide6.QtCore import QTimer
from tokviz import app

class Program(app.Program):
    def fill(self, *arguments):
        first = self._application is None
        application = super().fill(*arguments)
        if first:
            print("open", flush=True)
            self.window.setWindowTitle = lambda title: print(title, flush=True)
        return application

app.Program = Program
sys.exit(app.main([]))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder) / "a.socket"


def ask(place: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _HAND_OVER, str(place), "/a"], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("wanted", [True, False])
def test_a_start_comes_to_the_window_that_wants_it(qtbot: QtBot, place: Path, wanted: bool) -> None:
    parent, asked = QObject(), list[Start]()
    starts = SecondStarts(place, lambda: wanted, parent)
    starts.asked.connect(asked.append)
    asking = ask(place)
    qtbot.waitUntil(lambda: asking.poll() is not None, timeout=60_000)
    assert asking.communicate()[0].strip() == str(wanted)
    qtbot.wait(20)
    assert asked == ([Start(("/a",))] if wanted else [])
    starts.close()


def test_a_window_with_an_open_dialog_takes_no_start(
    qapp: QApplication, qtbot: QtBot, place: Path, tmp_path: Path
) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    log = FailureLog(tmp_path)
    program = Program(qapp, Assets(), store, log)
    qtbot.addWidget(program.window)
    starts = program.listen(place)
    assert starts is not None
    question = QDialog(program.window)
    question.setModal(True)
    question.show()
    asking = ask(place)
    qtbot.waitUntil(lambda: asking.poll() is not None, timeout=60_000)
    question.reject()
    starts.close()
    log.close()
    assert asking.communicate()[0].strip() == "False"


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_maximized_window_comes_forward_maximized(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setWindowState(Qt.WindowState.WindowMaximized | Qt.WindowState.WindowMinimized)
    come_forward(window, "")
    assert window.isMaximized() and not window.isMinimized()


def test_a_window_takes_over_where_the_first_one_closed(
    qtbot: QtBot, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokviz.ui.shell.second_starts._AGAIN", 30)
    parent = QObject()
    first, second = (SecondStarts(place, lambda: True, parent) for _ in range(2))
    assert first.listens
    assert not second.listens
    first.close()
    qtbot.waitUntil(lambda: second.listens)
    second.close()
    assert not place.exists()


def test_the_program_started_twice_opens_the_file_in_the_first_window(tmp_path: Path) -> None:
    file = tmp_path / "größer.txt"
    file.write_bytes("größer".encode("mac-roman"))
    with tempfile.TemporaryDirectory(dir="/tmp") as runtime:
        environment = os.environ | {
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_RUNTIME_DIR": runtime,
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "PYTHONSAFEPATH": "1",
        }
        first = subprocess.Popen(
            [sys.executable, "-c", _FIRST], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert first.stdout is not None
        assert first.stdout.readline() == "open\n"
        second = subprocess.run(
            [sys.executable, "-m", "tokviz", file.name, "--encoding", "Mac Roman"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        titles = iter(first.stdout.readline, "")
        assert any(title.startswith(f"{file}[*]") for title in titles)
        first.terminate()
        assert first.wait(60) == 128 + 15
        first.stdout.close()
        assert list(Path(runtime).rglob("*.socket")) == []
    kept = (tmp_path / "config" / "tokviz" / "tokviz.ini").read_text(encoding="utf-8")
    assert "mac-roman" in kept
