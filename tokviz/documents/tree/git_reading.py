"""The process that reads repositories: one request after the other, within bounds of memory and size.

A byte says that it is there. A request is a line of JSON: a name and arguments. An answer is two lengths,
JSON, and bytes.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from tokviz.documents.own_process import bound_memory
from tokviz.documents.tree.git_changes import MOST_CONTENTS, ChangedFile, Compared, stored_changes
from tokviz.documents.tree.git_history import stored_last_changes
from tokviz.documents.tree.git_patches import last_log_text, log_text, patch_text
from tokviz.documents.tree.git_process import MOST_MEMORY, GitError
from tokviz.documents.tree.git_reader import LENGTHS
from tokviz.documents.tree.git_versions import Blob, StoredHistory
from tokviz.documents.tree.path_choice import PathChoice
from tokviz.language import _

Answer = tuple[object, bytes]


class _Requests:
    """The requests by their names."""

    def __init__(self) -> None:
        self._history: StoredHistory | None = None

    def changes(
        self, folder: str, compared: Mapping[str, object], contents: bool, patterns: list[list[str]]
    ) -> Answer:
        """The files that differ, with what they hold before and after if that is wanted."""
        rows: list[object] = []
        parts: list[bytes] = []
        size = 0
        for file in _changes(folder, compared, patterns, contents):
            sides = [file.before, file.after]
            rows.append([file.path, *(None if side is None else len(side) for side in sides)])
            if contents:
                parts += [side for side in sides if side is not None]
                size += sum(len(side) for side in sides if side is not None)
            if size > MOST_CONTENTS:
                raise GitError(
                    _("What changed is more than {size} MB; ask for less of it.", size=MOST_CONTENTS >> 20)
                )
        return rows, b"".join(parts)

    def patch(
        self,
        folder: str,
        compared: Mapping[str, object],
        patterns: list[list[str]],
        only: list[str] | None,
    ) -> Answer:
        """What changed as a unified diff."""
        chosen = None if only is None else frozenset(only)
        return None, patch_text(_changes(folder, compared, patterns, only=chosen))

    def log(self, folder: str, compared: Mapping[str, object], last: int) -> Answer:
        """The messages of the commits between the two."""
        return None, log_text(Path(folder), _compared(compared), os.environ, last)

    def last_log(self, folder: str, last: int) -> Answer:
        """The messages of the last commits."""
        return None, last_log_text(Path(folder), os.environ, last)

    def last_changes(self, folder: str, paths: list[str], seconds: float) -> Answer:
        """See ``git_history.last_changes``."""
        return stored_last_changes(Path(folder), paths, os.environ, seconds), b""

    def history(self, folder: str, hidden: bool, largest: int | None, patterns: list[list[str]]) -> Answer:
        """Open a history for the next three."""
        include, exclude = patterns
        self._history = StoredHistory(Path(folder), hidden, largest, (include, exclude), os.environ)
        return None, b""

    def versions(self, name: str, last: int, tags: bool, sample: int) -> Answer:
        """See ``StoredHistory``."""
        assert self._history is not None
        found = self._history.versions(name, last, tags=tags, sample=sample)
        return asdict(found), b""

    def tree_changes(self, newer: str, versions: list[str]) -> Answer:
        """See ``StoredHistory``: of each version the paths, and which of both ids stand among the bytes."""
        assert self._history is not None
        rows: list[object] = []
        ids: list[bytes] = []
        for files in self._history.tree_changes(newer, versions):
            row: list[object] = []
            for path, *sides in files:
                row.append([path, *(side is not None for side in sides)])
                ids += [side for side in sides if side is not None]
            rows.append(row)
        return rows, b"".join(ids)

    def content(self, blob: str, path: str) -> Answer:
        """See ``StoredHistory``."""
        assert self._history is not None
        data = self._history.content(Blob(bytes.fromhex(blob), path))
        return data is not None, data or b""


def _changes(
    folder: str,
    compared: Mapping[str, object],
    patterns: list[list[str]],
    contents: bool = True,
    only: frozenset[str] | None = None,
) -> Iterator[ChangedFile]:
    include, exclude = patterns
    choice = PathChoice((include, exclude), Path(folder), only)
    return stored_changes(Path(folder), _compared(compared), os.environ, choice, contents)


def _compared(said: Mapping[str, object]) -> Compared:
    return Compared(**said)  # type: ignore[arg-type]


def main() -> int:
    """Answer requests until standard input ends."""
    bound_memory(MOST_MEMORY)
    import pygit2  # noqa: F401 - it is loaded before any time is counted

    sys.stdout.buffer.write(b"\0")
    sys.stdout.buffer.flush()
    requests = _Requests()
    for line in sys.stdin.buffer:
        name, arguments = json.loads(line)
        value, data, refused = _answered(getattr(requests, name), arguments)
        said = json.dumps({"refused": refused, "value": value}).encode()
        sys.stdout.buffer.write(LENGTHS.pack(len(said), len(data)) + said)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    return 0


def _answered(request: Callable[..., Answer], arguments: dict[str, object]) -> tuple[object, bytes, str]:
    try:
        return (*request(**arguments), "")
    except GitError as error:
        return None, b"", str(error)
    except MemoryError:
        most = MOST_MEMORY >> 30
        return None, b"", _("Reading the repository takes more than {size} GB of memory.", size=most)
