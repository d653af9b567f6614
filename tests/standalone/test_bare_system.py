"""The builds for Linux run on a Debian without Python.

``TOKVIZ_STANDALONE`` names the folder with the ``.tar.xz`` and the ``.deb``; without it, or without root and
the programs that the bare system needs, these are skipped. They take three minutes, and leave pictures beside
the builds. ``TOKVIZ_BARE_ROOT`` may name a folder to keep the system in.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.standalone.bare_system import PROGRAMS, BareSystem, descendants, screen
from tests.standalone.cases import COMMANDS, answer_of_sources, write_files

BUILDS = Path(os.environ.get("TOKVIZ_STANDALONE", "nowhere")).absolute()
LACKING = [program for program in PROGRAMS if not shutil.which(program)]
pytestmark = [
    pytest.mark.skipif(not BUILDS.is_dir(), reason="TOKVIZ_STANDALONE names no folder of builds"),
    pytest.mark.skipif(bool(LACKING), reason=f"lacking: {', '.join(LACKING)}"),
    pytest.mark.skipif(
        os.name != "posix" or os.geteuid() != 0, reason="only root can make a system in a folder"
    ),
]


def only(pattern: str) -> Path:
    (found,) = BUILDS.glob(pattern)
    return found


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> BareSystem:
    kept = os.environ.get("TOKVIZ_BARE_ROOT")
    return BareSystem(Path(kept) if kept else tmp_path_factory.mktemp("bare") / "root")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder)
    (folder / "home").mkdir()
    return folder


@pytest.fixture(scope="module")
def unpacked(system: BareSystem) -> str:
    return system.unpack(only("*.tar.xz"))


@pytest.fixture(scope="module")
def installed(system: BareSystem) -> Iterator[str]:
    system.install(only("*.deb"))
    yield "tokviz"
    system.remove()
    assert not list((system.root / "usr").glob("**/*okviz*"))


def test_there_is_no_python(system: BareSystem, files: Path) -> None:
    assert system.run(files, "sh", "-c", "command -v python3 python").returncode != 0


@pytest.mark.parametrize("name", COMMANDS)
def test_the_archive_answers_as_the_sources_do(
    name: str, system: BareSystem, files: Path, unpacked: str
) -> None:
    """Nothing is installed for it: the command line needs no library that a bare system lacks."""
    done = system.run(files, unpacked, *COMMANDS[name])
    assert (done.returncode, done.stdout) == answer_of_sources(files, COMMANDS[name]), done.stderr
    assert done.returncode == 0


def test_the_package_puts_everything_in_its_place(system: BareSystem, files: Path, installed: str) -> None:
    share = system.root / "usr" / "share"
    name = "io.github.tokviz.Tokviz"
    for path in (
        *(f"applications/{name}.desktop", f"metainfo/{name}.metainfo.xml", "man/man1/tokviz.1.gz"),
        *(f"icons/hicolor/scalable/apps/{name}.svg", f"icons/hicolor/256x256/apps/{name}.png"),
        *("bash-completion/completions/tokviz", "zsh/vendor-completions/_tokviz"),
        *("fish/vendor_completions.d/tokviz.fish", "doc/tokviz/copyright", "doc/tokviz/NOTICE"),
    ):
        assert (share / path).is_file(), path
    done = system.run(files, installed, "--version")
    assert done.returncode == 0 and done.stdout.startswith("tokviz ")


@pytest.mark.parametrize("build", ["unpacked", "installed"])
def test_the_window_draws_and_ends(
    build: str, system: BareSystem, files: Path, installed: str, request: pytest.FixtureRequest
) -> None:
    """The package has installed Qt's libraries of X; a window of either build needs them."""
    program = request.getfixturevalue(build)
    log = files / f"{build}.log"
    with screen() as display:
        command = system.command(files, [program, "tree/code.py"], display.display)
        with log.open("w") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as process:
            try:
                window = display.window()
                until = time.monotonic() + 60
                while not any("multiprocessing" in line for line in descendants(process.pid)):
                    assert time.monotonic() < until, descendants(process.pid)
                    time.sleep(0.5)
                time.sleep(8)  # the worker loads tokenizers, and the window fills
                picture = display.picture(BUILDS / f"window-{build}.png")
                display.press(window, "ctrl+q")
                assert process.wait(30) == 0, log.read_text()
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGKILL)
    assert log.read_text() == ""
    image = QImage(str(picture))
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 50
    assert not descendants(os.getpid()) or all("tokviz" not in line for line in descendants(os.getpid()))


def test_a_text_is_held_on_the_clipboard(system: BareSystem, files: Path, installed: str) -> None:
    """By a process that outlives the command, which is over with the display."""
    with screen() as display:
        arguments = [installed, "count", "tree", "--copy", "--tokenizer", "o200k_base"]
        command = system.command(files, arguments, display.display)
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        assert "It is on the clipboard." in done.stderr
