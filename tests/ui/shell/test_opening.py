"""Where what the user opens goes, by what it holds."""

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import session_rows, write_rows
from tests.ui.hosts import HereWorker
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.shell.main_window import MainWindow
from tokviz.ui.shell.opening import Opening


class NamedPage(Page):
    """Remembers what it was asked to open."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.opened: list[object] = []

    @property
    def title(self) -> str:
        return self._name

    @property
    def icon_name(self) -> str:
        return "file"

    def open(self, path: Path | Sequence[Path] | bytes) -> None:
        self.opened.append(path)


class Window:
    """A window of pages that open nothing."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        self.window = MainWindow(settings)
        qtbot.addWidget(self.window)
        self.text, self.codebase, self.conversation = map(NamedPage, ("Text", "Codebase", "Conversation"))
        self.compare = NamedPage("Compare")
        for page in (self.text, self.codebase, self.compare, self.conversation):
            self.window.add_page(page)
        self.opening = Opening(
            self.window,
            (self.text, self.text.open),
            (self.codebase, self.codebase.open),
            (
                self.conversation,
                self.conversation.open,
                self.conversation.open,
                self.conversation.open,
            ),
            HereWorker(),  # type: ignore[arg-type]
            settings,
            self.compare,
        )


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Window:
    return Window(qtbot, tmp_path)


def test_a_conversation_is_recognized_by_what_it_holds(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    session = write_rows(tmp_path / "session.txt", session_rows())
    request = tmp_path / "request.json"
    request.write_bytes(
        b"\xef\xbb\xbf  "
        + json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    )
    history = tmp_path / ".aider.chat.history.md"
    history.write_text("\n# aider chat started at 2024-08-05 19:33:32\n\n#### hi  \n", "utf-8")
    for path in (session, request, history):
        window.opening.open_paths([path])
        qtbot.waitUntil(lambda path=path: window.conversation.opened[-1:] == [path])  # type: ignore[misc]
        assert window.window.page is window.conversation
    window.opening.open_as_text(session)
    assert window.text.opened == [session] and window.window.page is window.text


@pytest.mark.parametrize(
    "content",
    [b'{"name": "tokviz", "version": "1"}', b"[1, 2, 3]", b"{" * 3000, b"[[", b"{\x00\xff", b"\xff\xfe{\x00"],
)
def test_other_data_is_a_text_as_before(window: Window, qtbot: QtBot, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    window.opening.open_paths([path])
    qtbot.waitUntil(lambda: window.text.opened == [path])
    assert window.conversation.opened == [] and window.window.page is window.text


def test_the_compare_page_stays_where_it_shows_the_text_too(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("no data", "utf-8")
    for front, then in ((window.compare, window.compare), (window.codebase, window.text)):
        window.window.show_page(front)
        window.opening.open_paths([path])
        assert window.text.opened.pop() == path and window.window.page is then


def test_a_text_is_opened_at_once_and_the_last_one_wins(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    session = write_rows(tmp_path / "session.jsonl", session_rows())
    plain = tmp_path / "plain.txt"
    plain.write_text("no data", "utf-8")
    window.opening.open_paths([session])
    window.opening.open_paths([plain])
    assert window.text.opened == [plain]
    qtbot.wait(50)
    assert window.conversation.opened == []


def test_a_folder_is_a_list_of_sessions_where_the_conversation_page_is_in_front(
    window: Window, tmp_path: Path
) -> None:
    window.opening.open_paths([tmp_path])
    assert window.codebase.opened == [[tmp_path]]
    window.window.show_page(window.conversation)
    window.opening.open_paths([tmp_path])
    assert window.conversation.opened == [tmp_path]


def test_what_is_piped_goes_where_it_belongs(window: Window, qtbot: QtBot) -> None:
    shown: list[bytes] = []
    request = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    window.opening.open_piped(b"words", lambda data, _: shown.append(data))
    assert shown == [b"words"]
    window.opening.open_piped(request, lambda data, _: shown.append(data))
    qtbot.waitUntil(lambda: window.conversation.opened == [request])
    window.opening.open_piped(b'{"a": 1}', lambda data, _: shown.append(data))
    qtbot.waitUntil(lambda: shown == [b"words", b'{"a": 1}'])


def test_a_new_window_is_the_program_itself_started_once_more(
    window: "Window", monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    def start(command: list[str], *, env: dict[str, str], **_: object) -> object:
        if started:
            raise FileNotFoundError(2, "No such file or directory")
        started.append([*command, env["PYTHONSAFEPATH"]])
        return SimpleNamespace(poll=lambda: None)

    monkeypatch.setattr(subprocess, "Popen", start)
    window.opening.open_window()
    assert started == [[sys.executable, "-m", "tokviz", "--new-window", "1"]]
    window.opening.open_window()
    assert window.window.banner.text == "Another window cannot be opened: No such file or directory."


def test_pages_are_told_if_the_window_stays_because_of_another(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    stayed: list[Page] = []
    monkeypatch.setattr(window.conversation, "may_close", lambda: False)
    for page in (window.text, window.codebase, window.conversation):
        monkeypatch.setattr(page, "stay", partial(stayed.append, page))
    assert not window.window.close()
    assert stayed == [window.text, window.codebase, window.conversation]
    monkeypatch.setattr(window.conversation, "may_close", lambda: True)
    assert window.window.close()
