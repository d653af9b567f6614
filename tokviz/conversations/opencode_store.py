"""OpenCode's own store: JSON files under ``storage`` until 1.15, ``opencode.db`` since 1.2.

Both may lie side by side and hold the same sessions, so only one of them is read.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tokviz.conversations.fields import Fields, objects, parsed, text
from tokviz.conversations.formats.opencode import conversation
from tokviz.conversations.model import Conversation, Problem, Reading
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.language import _

SQLITE = b"SQLite format 3\0"
_MOST_FILES = 1_000_000
_LARGEST_FILE = 64 << 20


_QUERIES = (
    "SELECT id, parent_id, title, directory, time_created FROM session",  # verbatim
    "SELECT id, session_id, data FROM message ORDER BY time_created, id",  # verbatim
    "SELECT id, message_id, data FROM part ORDER BY id",  # verbatim
)


def read_database(path: Path) -> Reading:
    """Every session of ``opencode.db``; the file and its write-ahead log are only read."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            sessions, messages, parts = (_table(database, query) for query in _QUERIES)
    except (sqlite3.Error, OSError, ValueError) as error:
        return Reading(
            None, (), (Problem(_("The database cannot be read as OpenCode's: {reason}.", reason=error)),)
        )
    infos: dict[str, Fields] = {
        str(row[0]): {
            "id": row[0],
            "parentID": row[1],
            "title": row[2],
            "directory": row[3],
            "time": {"created": row[4]},
        }
        for row in sessions
    }
    told = [(str(row[1]), str(row[0]), _object(row[2])) for row in messages]
    return Reading("opencode", _assembled(infos, told, ((str(r[1]), _object(r[2])) for r in parts)))


def _table(database: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    return database.execute(query).fetchmany(_MOST_FILES)


def _object(value: object) -> Fields:
    found = parsed(value)
    return found if isinstance(found, dict) else {}


def read_storage(folder: Path) -> Reading:
    """Every session under ``folder``, which holds ``session``, ``message`` and ``part``."""
    problems: list[Problem] = []
    infos = {text(info, "id") or "": info for info in _files(folder / "session", problems)}
    told = [
        (text(info, "sessionID") or "", text(info, "id") or "", info)
        for info in _files(folder / "message", problems)
    ]
    parts = ((text(part, "messageID") or "", part) for part in _files(folder / "part", problems))
    return Reading("opencode", _assembled(infos, told, parts), tuple(problems))


def _files(folder: Path, problems: list[Problem]) -> list[Fields]:
    """The objects of all JSON files below ``folder``, by their names, which begin with the time."""
    found: list[Fields] = []
    paths = sorted(folder.rglob("*.json"), key=lambda path: path.name) if folder.is_dir() else []
    for path in paths[:_MOST_FILES]:
        try:
            value = parsed(read_bytes(path, limit=_LARGEST_FILE).decode("utf-8"))
        except (ReadError, UnicodeDecodeError):
            value = None
        if isinstance(value, dict):
            found.append(value)
        elif len(problems) < 200:
            problems.append(Problem(_("{file} cannot be read.", file=path.name)))
    return found


def _assembled(
    infos: dict[str, Fields], messages: Iterable[tuple[str, str, Fields]], parts: Iterable[tuple[str, Fields]]
) -> tuple[Conversation, ...]:
    """Sessions with their messages, each with its parts; child sessions as subagents of their parents."""
    by_message: dict[str, list[Fields]] = {}
    for message, part in parts:
        by_message.setdefault(message, []).append(part)
    by_session: dict[str, list[Fields]] = {name: [] for name in infos}
    for session, name, info in messages:
        shaped: Fields = {"info": info, "parts": objects(by_message.get(name, []))}
        by_session.setdefault(session, []).append(shaped)
    return tuple(conversation(infos.get(name, {"id": name}), told) for name, told in by_session.items())
