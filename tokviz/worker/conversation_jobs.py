"""The worker's jobs about conversations: reading them, and counting what their requests read."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.conversation.model_names import FindModel, model_finder
from tokviz.analysis.conversation.overview import (
    Overview,
    conversation_title,
    overview,
)
from tokviz.analysis.conversation.summaries import summary
from tokviz.conversations.archives import is_archive, may_hold_conversations
from tokviz.conversations.opencode_store import SQLITE
from tokviz.conversations.reading import is_conversation
from tokviz.conversations.sessions import Listed, known_date, read_folder
from tokviz.conversations.source import Source as JsonSource
from tokviz.documents.reading import open_regular
from tokviz.language import pgettext
from tokviz.worker.conversation_store import ConversationStore, Models, Source
from tokviz.worker.jobs import Reporter, WorkerContext

HEAD = 1 << 20
"""Bytes by which a file is recognized."""


@dataclass(frozen=True, slots=True)
class RecognizeConversation:
    """Whether a file, or the beginning of a text, is a conversation of a known format."""

    path: Path | None
    data: bytes | None = None
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> bool:  # noqa: ARG002
        """By its head alone. A file that cannot be read is none."""
        head = self.data
        if head is None:
            try:
                assert self.path is not None
                with open_regular(self.path) as file:
                    head = file.read(HEAD)
                    if is_archive(head):
                        return may_hold_conversations(file)
            except OSError:
                return False
        if head.startswith(SQLITE):
            return self.path is not None and self.path.name == "opencode.db"
        source = JsonSource(io.BytesIO(head), self.path.name if self.path else "")
        return is_conversation(source)

    def __str__(self) -> str:
        if self.path is None:
            return pgettext("stopped while …", "looking at the pasted text")
        return pgettext("stopped while …", "looking at {file}", file=self.path.name)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One conversation of a list. None is unknown."""

    path: Path
    index: int
    """In its file; where ``id`` is told, that leads to it."""
    id: str | None
    title: str
    project: str
    date: str | None
    form: str
    requests: int
    read: int | None
    cost: object
    """US dollars (Decimal)."""


@dataclass(frozen=True, slots=True)
class SessionList:
    """The conversations of a folder or a file, newest first, and what could not be read."""

    rows: tuple[SessionRow, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListFolder:
    """The conversations below a folder."""

    folder: Path
    models: Models
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> SessionList:  # noqa: ARG002
        """Newest first; empty if there is none."""
        found = read_folder(self.folder)
        find = model_finder(self.models)
        rows = [_session_row(one, 0, find) for one in found.conversations]
        problems = tuple(f"{path.name}: {problem.sentence}" for path, problem in found.problems)
        return SessionList(tuple(rows), problems)

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading the sessions in {folder}", folder=self.folder.name)


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """One conversation of a file."""

    source: Source
    index: int | None
    """None: the only one; of several, the list is wanted."""
    models: Models
    model_id: str | None = None
    id: str | None = None
    """Which of several it is, if that is known better than by the index."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> Overview | SessionList:  # noqa: ARG002
        """ConversationError if the source holds none."""
        store = context.kept(ConversationStore)
        opened = store.opened(self.source, context)
        conversations = opened.reading.conversations
        path = self.source.path or Path(self.source.name)
        if self.index is None and len(conversations) > 1:
            find = model_finder(self.models)
            rows = [_session_row(Listed(path, one), index, find) for index, one in enumerate(conversations)]
            rows.sort(key=lambda row: row.date or "", reverse=True)
            return SessionList(tuple(rows), tuple(p.sentence for p in opened.reading.problems))
        index = min(self.index or 0, len(conversations) - 1)
        if self.id is not None:
            index = next((i for i, one in enumerate(conversations) if one.id == self.id), index)
        own = store.answering(opened, index, self.model_id, self.models, context)
        return overview(opened.reading, index, own, self.models)

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading {file}", file=self.source.name)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file."""

    state: object
    """What differs once it was written to."""
    whole: bool
    """Whether nothing is in the middle of a line."""


@dataclass(frozen=True, slots=True)
class LookForChange:
    """Whether a file was written to since it was read: its ``Look``; None if it cannot be looked at now."""

    source: Source
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> object:  # noqa: ARG002
        """One look at it."""
        try:
            return Look(self.source.state(), self.source.ends_in_a_line())
        except OSError:
            return None

    def __str__(self) -> str:
        return pgettext("stopped while …", "looking at {file}", file=self.source.name)


def _session_row(listed: Listed, index: int, find: FindModel) -> SessionRow:
    told = summary(listed, find)
    one = listed.conversation
    return SessionRow(
        listed.path,
        index,
        one.id,
        conversation_title(one) or listed.path.name,
        one.project or str(listed.path.parent),
        known_date(one),
        one.format,
        told.requests,
        told.read,
        told.cost,
    )
