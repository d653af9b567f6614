"""What is no regular file is never waited for: by no command, and not by the window that is to open it."""

import os
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.cli.conftest import Runner
from tests.hostile.conftest import check
from tokviz.conversations.sessions import read_file, read_folder
from tokviz.ui.conversation.build_view import file_text
from tokviz.ui.shell.opening import _may_be_conversation
from tokviz.ui.text.files import _begins_like_document
from tokviz.worker.conversation_jobs import RecognizeConversation

pytestmark = pytest.mark.skipif(os.name != "posix", reason="named pipes are made otherwise elsewhere")


@pytest.fixture(params=["pipe", "zero", "folder", "long"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    found = tmp_path / ("x" * 4000 if request.param == "long" else request.param)
    if request.param == "pipe":
        os.mkfifo(found)
    elif request.param == "zero":
        found.symlink_to("/dev/zero")
    elif request.param == "folder":
        found.mkdir()
    return found


@pytest.mark.parametrize(
    "arguments",
    [
        ["chat"],
        ["chat", "--template"],
        ["chat", "--diff"],
        ["models", "--update"],
        ["count"],
        ["count", "--files-from"],
        ["count", "--tokenizer"],
        ["cost", "--model", "gpt-4o"],
        ["compare", "--forms"],
        ["tokens"],
        ["cut", "--tokens", "5"],
        ["split", "--tokens", "5"],
    ],
    ids=" ".join,
)
def test_no_command_waits_for_it(command: Runner, path: Path, arguments: list[str]) -> None:
    piped = b'{"messages": [{"role": "user", "content": "hi"}]}'
    names = [str(path)] if arguments[-1] in ("chat", "count", "tokens", "5", "gpt-4o", "--forms") else []
    outcome = command(*arguments, *(names or [str(path), "-"]), piped=piped)
    check(arguments[0], outcome)
    assert outcome.code in (1, 2) or path.name == "folder"


def test_the_window_does_not_wait_for_it(path: Path, qtbot: QtBot) -> None:
    context: Any = None
    assert not _may_be_conversation(path)
    assert not RecognizeConversation(path).perform(context, context)
    with pytest.raises(OSError):
        read_file(path)
    folder = read_folder(path.parent, [path])
    assert folder.problems or path.name == "folder"


def test_no_page_of_the_window_waits_for_it(path: Path) -> None:
    assert not _begins_like_document(path)
    with pytest.raises(ValueError, match="cannot be read"):
        file_text(path)


def test_stored_sessions_of_opencode_that_are_pipes(tmp_path: Path) -> None:
    (tmp_path / "session").mkdir()
    os.mkfifo(tmp_path / "session" / "a.json")
    assert read_folder(tmp_path, [tmp_path]).conversations == ()
