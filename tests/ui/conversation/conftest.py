"""A conversation page without a worker process, and sessions of our own to open in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.page import ConversationPage

MODEL = "claude-sonnet-4-5"
BIG = "def compute_tide(hour):\n    return hour * 3\n" * 60


def _line(number: int, kind: str, content: object, **more: Any) -> dict[str, Any]:
    message = {"role": kind, "content": content, **more.pop("message", {})}
    parent = f"u{number - 1}" if number else None
    row = {"type": kind, "uuid": f"u{number}", "parentUuid": parent, "sessionId": "s1", "isSidechain": False}
    time = f"2026-03-01T10:{number:02}:00Z"
    return {**row, "cwd": "/home/dev/tides", "timestamp": time, "message": message, **more}


def _answer(number: int, content: object, usage: tuple[int, int, int]) -> dict[str, Any]:
    fresh, read, write = usage
    told = {"input_tokens": fresh, "cache_read_input_tokens": read, "cache_creation_input_tokens": write}
    message = {"id": f"m{number}", "model": MODEL, "usage": {**told, "output_tokens": 40}}
    return _line(number, "assistant", content, message=message, requestId=f"r{number}")


def session_rows(requests: int = 4) -> list[dict[str, Any]]:
    """A session of Claude Code that reads one file again and again; its third request misses the cache."""
    rows = [_line(0, "user", "Add tide warnings to the berth page")]
    read = 12_000
    for turn in range(requests):
        call = [
            {"type": "text", "text": f"Step {turn}: reads the page."},
            {"type": "tool_use", "id": f"t{turn}", "name": "Read", "input": {"file_path": "/src/tides.py"}},
        ]
        usage = (3, 0, read + 900) if turn == 2 else (3, read, 900)
        rows.append(_answer(2 * turn + 1, call, usage))
        result = [{"type": "tool_result", "tool_use_id": f"t{turn}", "content": BIG}]
        rows.append(_line(2 * turn + 2, "user", result))
        read += 900
    return rows


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def session_file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "tide-warnings.jsonl", session_rows())


@pytest.fixture(scope="session")
def models() -> list[LanguageModel]:
    """A few models: one tokenizer that is reconstructed, one that is exact, one estimate."""
    names = {"claude-sonnet-4-5", "claude-sonnet-4.5", "gpt-4o", "gpt-5", "claude-opus-4.1"}
    every = Catalog(Assets()).models
    return [model for model in every if model.id in names] or list(every[:4])


OpenPage = Callable[[], ConversationPage]


@contextmanager
def opened_page(
    qtbot: QtBot, theme: Theme, models: list[LanguageModel], folder: Path
) -> Iterator[ConversationPage]:
    """A page whose settings and unsaved prompts are in ``folder``; it is not shown."""
    worker = HereWorker()
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    made = ConversationPage(worker, models, settings, theme, UnsavedTexts(folder / "prompts"))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    yield made
    made.session.close()
    worker.close()


@pytest.fixture
def page(
    qtbot: QtBot, theme: Theme, models: list[LanguageModel], tmp_path: Path
) -> Iterator[ConversationPage]:
    with opened_page(qtbot, theme, models, tmp_path) as made:
        made.resize(1200, 760)
        with qtbot.waitExposed(made):
            made.show()
        yield made


def settle(page: ConversationPage, qtbot: QtBot) -> None:
    """Wait until the request is counted, also for the other models."""
    qtbot.waitUntil(lambda: page.session.view is not None, timeout=60_000)
    qtbot.waitUntil(lambda: page.session.model_counts.complete and not page.session.doing, timeout=60_000)
