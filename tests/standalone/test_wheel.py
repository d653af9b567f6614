"""The wheel installs and runs. ``TOKVIZ_WHEEL`` names its folder; without, these are skipped.

``TOKVIZ_PYTHON`` may name the Python to install it for; its answers are those of this one.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.standalone.cases import COMMANDS, answer_of_sources, write_files

FOLDER = Path(os.environ.get("TOKVIZ_WHEEL", "nowhere")).absolute()
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="TOKVIZ_WHEEL names no folder with a wheel")
MOST = 20_000_000
"""Bytes of the wheel."""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    (wheel,) = FOLDER.glob("*.whl")
    python = os.environ.get("TOKVIZ_PYTHON", sys.executable)
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", str(wheel)]
    subprocess.run(pip, check=True)
    return folder


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder)
    return folder


def test_it_is_small_enough() -> None:
    (wheel,) = FOLDER.glob("*.whl")
    assert wheel.stat().st_size <= MOST


def test_manual_and_completions_are_where_shells_look(environment: Path) -> None:
    for path in (
        *("man/man1/tokviz.1", "bash-completion/completions/tokviz"),
        *("zsh/site-functions/_tokviz", "fish/vendor_completions.d/tokviz.fish"),
    ):
        assert (environment / "share" / path).is_file(), path


@pytest.mark.parametrize("name", COMMANDS)
def test_it_answers_as_its_sources_do(name: str, environment: Path, files: Path) -> None:
    done = subprocess.run(
        [str(environment / "bin" / "tokviz"), *COMMANDS[name]],
        cwd=files,
        env={**os.environ, "HOME": str(files / "home")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == answer_of_sources(files, COMMANDS[name]), done.stderr
    assert done.returncode == 0


def test_the_window_opens_and_ends(environment: Path, files: Path) -> None:
    script = (
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from tokviz import app\n"
        "show = app.Program.show\n"
        "def shown(program, *arguments):\n"
        "    show(program, *arguments)\n"
        "    QTimer.singleShot(3000, lambda: print(program.window.grab().width()))\n"
        "    QTimer.singleShot(3500, QApplication.closeAllWindows)\n"
        "app.Program.show = shown\n"
        "raise SystemExit(app.main(['tree/code.py']))\n"
    )
    done = subprocess.run(
        [str(environment / "bin" / "python"), "-c", script],
        cwd=files,
        env={**os.environ, "HOME": str(files / "home"), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 600
