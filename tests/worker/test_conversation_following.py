"""What is looked at to see that a session was written to: whatever it is read from."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tokviz.worker.conversation_store import Source


def put(path: Path, words: str = "{}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, "utf-8")
    os.utime(path.parent, ns=(1, 1))  # a folder is not another because a file in it is written on


def events(folder: Path) -> tuple[Path, Path]:
    put(folder / "base_state.json")
    put(folder / "events" / "event-00000-a.json")
    put(folder / "events" / "event-00001-b.json", '{"half')
    return folder / "events", folder / "events" / "event-00001-b.json"


def state(folder: Path) -> tuple[Path, Path]:
    return events(folder)[0], folder / "base_state.json"


def storage(folder: Path) -> tuple[Path, Path]:
    for name in ("session/p/s1", "message/s1/m1", "message/s1/m2", "message/s2/m0", "part/m2/p1"):
        put(folder / "storage" / f"{name}.json")
    os.utime(folder / "storage" / "message" / "s1", ns=(2, 2))
    return folder / "storage", folder / "storage" / "message" / "s1" / "m2.json"


def task(folder: Path) -> tuple[Path, Path]:
    put(folder / "api_conversation_history.json")
    put(folder / "ui_messages.json")
    return folder / "api_conversation_history.json", folder / "ui_messages.json"


@pytest.mark.parametrize("kept", [events, state, storage, task])
def test_a_file_that_is_written_on_is_seen(kept: Callable[[Path], tuple[Path, Path]], tmp_path: Path) -> None:
    path, last = kept(tmp_path)
    before = Source(path).state()
    assert Source(path).state() == before
    last.write_text(json.dumps({"whole": "event"}), "utf-8")
    os.utime(last.parent, ns=(1, 1))
    assert Source(path).state() != before


def test_what_a_database_has_in_its_log_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE message (id)")
        base.commit()
        before, written = Source(path).state(), path.stat().st_mtime_ns
        base.execute("INSERT INTO message VALUES (1)")
        base.commit()
        assert path.stat().st_mtime_ns == written
        assert Source(path).state() != before
