"""The program opens anew with what was open in it, in the language that is preferred by then."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.shell.windows import end, opened_window
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.composition import Application
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.settings import KEEP_OPEN
from tokviz.ui.shell.reopening import VARIABLE, OpenThings, names_of, start_again, take_kept, things_to_open

_START = """
import os, sys
from PySide6.QtCore import QTimer
from tokviz import app
from tokviz.documents import own_process

class Program(app.Program):
    def fill(self, *arguments):
        first = self._application is None
        application = super().fill(*arguments)
        if first:
            QTimer.singleShot(0, application.start_again)
        return application

def start(*arguments):
    print(*arguments, os.environ["TOKVIZ_REOPEN"], os.environ.get("TOKVIZ_LANGUAGE"), sep="\\n")

app.Program, own_process.start_program = Program, start
sys.exit(app.main([]))
"""


def test_a_start_is_told_what_was_open() -> None:
    environment, started = {"TOKVIZ_LANGUAGE": "en"}, list[str]()
    names = names_of([Path("/a/b.txt"), None, Path("/x\udcff")])
    things = OpenThings(2, names, names_of([Path("/c")]), "/d", {"/x\udcff": (1, 2, 3, 4)}, "f00")
    start_again(things, environment, started.append)
    assert started == ["--new-window"] and "TOKVIZ_LANGUAGE" not in environment
    assert environment[VARIABLE].isascii()
    places = {"/x\udcff": [1, 2, 3, 4]}
    assert things_to_open(environment) == OpenThings(2, list(names), ["/c"], "/d", places, "f00")
    assert environment == {} and things_to_open(environment) is None


@pytest.mark.parametrize(
    "told",
    [
        *("", "{", "[]", "3", '{"page": 1, "pages": 2}', '{"texts": [1]}', '{"texts": "a"}', '{"page": ""}'),
        *('{"places": [1]}', '{"places": {"a": [1, 2]}}', '{"places": {"a": [1, 2, 3, -4]}}', '{"front": 1}'),
        *("[" * 99_999, '{"places": {"a": [1, 2, 3, 1000000000000]}}'),
    ],
)
def test_what_nobody_wrote_opens_nothing(told: str) -> None:
    assert things_to_open({VARIABLE: told}) is None


def test_what_was_open_is_open_again(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    for file in (one, two):
        file.write_text(f"{file.name}\n" * 400)
    code, talk = tmp_path / "code", tmp_path / "talk.json"
    code.mkdir()
    (code / "a.py").write_text("a = 1\n")
    talk.write_text(json.dumps({"messages": [{"role": "user", "content": "Hello"}]}))
    home = tmp_path / "home"
    home.mkdir()
    with opened_window(qapp, home) as first:
        for file in (one, two):
            first.text.files.open(file)
        first.codebase.open_paths([code])
        first.conversation.open_file(talk)
        qtbot.waitUntil(lambda: first.conversation.session.source is not None, timeout=20_000)
        qtbot.waitUntil(lambda: len(first.text.texts.texts) == 2, timeout=20_000)
        first.text.view.select(2100, 2103)
        first.text.view.set_scroll_state((2000, 0, 0))
        assert first.text.view.scroll_state()[0] == 2000
        first.text.texts.new()
        first.text.document.buffer.replace(0, 0, b"typed")
        first.text.view.select(2, 4)
        first.window.show_page(first.codebase)
        first.text.texts.move(0, 2)
        before = [text.origin.path for text in first.text.texts.texts]
        assert before == [two, None, one]
        first.start_again()
        assert not first.window.isVisible() and first.to_reopen is not None
        things = first.to_reopen
        # The fixture empties the text in front; what it kept must stay.
        first.text.texts.end(flush=False)
        store = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        log = FailureLog(home)
        second = Program(qapp, Assets(), store, log).fill(again=things)
        texts = second.text.texts
        qtbot.waitUntil(lambda: len(texts.texts) == 3, timeout=20_000)
        qtbot.waitUntil(lambda: [text.origin.path for text in texts.texts] == before, timeout=20_000)
        assert texts.front == before.index(None)  # as it was
        assert second.text.view.state.selection == (2, 4)
        texts.show(before.index(two))
        assert second.text.view.state.selection == (2100, 2103)
        assert second.text.view.scroll_state()[0] == 2000
        assert second.codebase.codebase.paths == (code,) and second.window.page is second.codebase
        session = second.conversation.session
        qtbot.waitUntil(lambda: session.source is not None and session.source.path == talk, timeout=20_000)
        texts.show(before.index(None))
        assert second.text.document.buffer.snapshot() == b"typed"
        second.text.texts.clear()
        second.window.close()
        log.close()


@contextmanager
def next_start(qapp: QApplication, home: Path, *paths: Path) -> Iterator[Application]:
    """A window with the settings of ``home``, which the one before has closed, started with these paths."""
    log = FailureLog(home)
    store = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
    application = Program(qapp, Assets(), store, log).fill(paths)
    yield application
    end(application.window)
    log.close()


def test_the_next_start_has_what_was_open(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    one, gone, code, home = (tmp_path / name for name in ("one.txt", "gone.txt", "code", "home"))
    for folder in (code, home):
        folder.mkdir()
    for file in (one, gone, code / "a.py"):
        file.write_text("a = 1\n" * 400)
    with next_start(qapp, home) as first:
        assert first.codebase.codebase.paths == () and first.window.page is first.text
        for file in (gone, one):
            first.text.files.open(file)
        first.codebase.open_paths([code])
        qtbot.waitUntil(lambda: len(first.text.texts.texts) == 2, timeout=60_000)
        first.text.view.select(1000, 1003)
        first.window.show_page(first.codebase)
    gone.unlink()
    with next_start(qapp, home) as second:
        assert second.window.page is second.codebase and second.codebase.codebase.paths == (code,)
        qtbot.waitUntil(lambda: [one] == second.text.texts.paths, timeout=60_000)
        assert second.text.view.state.selection == (1000, 1003)
        assert second.window.banner.isHidden()
        assert take_kept(second.settings) is None, (
            "an end that nobody wanted leaves nothing for the next start"
        )
        second.settings.set(KEEP_OPEN, False)
    with next_start(qapp, home) as third:
        assert third.codebase.codebase.paths == () and third.text.texts.paths == [None]


def test_what_was_open_waits_while_a_file_is_looked_at(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    code, home, note = tmp_path / "code", tmp_path / "home", tmp_path / "note.txt"
    for folder in (code, home):
        folder.mkdir()
    note.write_text("a note\n")
    with next_start(qapp, home) as first:
        first.codebase.open_paths([code])
    with next_start(qapp, home, note) as second:
        qtbot.waitUntil(lambda: second.text.texts.paths == [note], timeout=60_000)
        assert second.codebase.codebase.paths == ()
    with next_start(qapp, home) as third:
        assert third.codebase.codebase.paths == (code,)


@pytest.mark.skipif(sys.platform == "win32", reason="as the ending by signals")
def test_the_window_is_gone_when_the_next_one_starts(tmp_path: Path) -> None:
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "TOKVIZ_LANGUAGE": "en",
    }
    ended = subprocess.run(
        [sys.executable, "-c", _START],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    argument, things, spoken = ended.stdout.splitlines()
    assert (ended.returncode, argument, spoken) == (0, "--new-window", "None"), ended.stderr
    told = json.loads(things)
    assert told.pop("front")
    assert told == {"page": 0, "texts": [], "codebase": [], "conversation": "", "places": {}}
