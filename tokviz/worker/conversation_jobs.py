"""The worker's jobs about conversations: reading them, and counting what their requests read."""

import io
from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from tokviz.analysis.conversation.contexts import NoSuchRequestError
from tokviz.analysis.conversation.counted_context import NOT_IN_FILE, ContextPart, CountedContext
from tokviz.analysis.conversation.evaluations import ContextCounter, with_hidden_of
from tokviz.analysis.conversation.message_tree import TreeRow, message_rows
from tokviz.analysis.conversation.model_names import FindModel, model_finder
from tokviz.analysis.conversation.overview import (
    Overview,
    conversation_title,
    message_title,
    overview,
)
from tokviz.analysis.conversation.stack import (
    StackRow,
    largest_sentences,
    layers_of,
    part_keys,
    repeated_parts,
)
from tokviz.analysis.conversation.summaries import summary
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.model import PartKind
from tokviz.conversations.opencode_store import SQLITE
from tokviz.conversations.reading import FORMATS
from tokviz.conversations.sessions import Listed, known_date, read_folder
from tokviz.conversations.source import Source as JsonSource
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Count
from tokviz.worker.conversation_store import ConversationError, ConversationStore, Source
from tokviz.worker.jobs import Reporter, WorkerContext

HEAD = 1 << 20
"""Bytes by which a file is recognized."""
_MOST_LAID_OUT = 400_000
"""Messages laid out to reckon a session's requests: a second or two. Of longer ones only some are."""

Models = tuple[LanguageModel, ...]


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
                with self.path.open("rb") as file:
                    head = file.read(HEAD)
            except OSError:
                return False
        if head.startswith(SQLITE):
            return self.path is not None and self.path.name == "opencode.db"
        source = JsonSource(io.BytesIO(head), self.path.name if self.path else "")
        return any(form.recognizes(source) for form in FORMATS)

    def __str__(self) -> str:
        return f"looking at {self.path.name if self.path else 'the pasted text'}"


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
        return f"reading the sessions in {self.folder.name}"


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
        return f"reading {self.source.name}"


@dataclass(frozen=True, slots=True)
class ContextView:
    """What one request reads, counted for one model."""

    number: int | None
    """None: what the next request would read."""
    count: Count
    parts: tuple[ContextPart, ...]
    keys: tuple[Hashable, ...]
    """Of the parts: see ``part_keys``."""
    layers: tuple[StackRow, ...]
    rows: tuple[TreeRow, ...]
    """The messages and what they hold."""
    sentences: tuple[str, ...]
    """What takes the room, in words."""
    repeated: tuple[int, ...]
    """The parts that a later one repeats."""
    recorded: int | None
    """What the provider says it read."""
    hidden: int | None
    measured: str | None
    """How surely the framing is known; None where nothing was measured."""


@dataclass(frozen=True, slots=True)
class CountContext:
    """What one request reads, part by part."""

    source: Source
    conversation: int
    number: int | None
    models: Models
    model_id: str | None
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> ContextView:  # noqa: ARG002
        """ConversationError if the request is not there; VocabularyError if it cannot be counted."""
        counted = _counted(self, context)
        messages = counted.context.conversation.messages
        indices = {part.message for part in counted.parts if part.message is not None}
        titles = {index: message_title(messages[index]) for index in indices}
        return ContextView(
            self.number,
            counted.count,
            counted.parts,
            tuple(part_keys(counted.parts)),
            layers_of(counted.parts),
            tuple(message_rows(counted.parts, titles)),
            tuple(largest_sentences(counted.parts, counted.count.tokens)),
            tuple(repeated_parts(counted.parts)),
            counted.context.recorded_tokens,
            counted.hidden,
            counted.rule.measured if counted.rule else None,
        )

    def __str__(self) -> str:
        return f"counting {self.source.name}"


def _counted(job: "CountContext | CountForModels", context: WorkerContext) -> CountedContext:
    store = context.kept(ConversationStore)
    opened = store.opened(job.source, context)
    asked = store.answering(opened, job.conversation, job.model_id, job.models, context)
    try:
        one = opened.context(job.conversation, job.number)
    except NoSuchRequestError as error:
        raise ConversationError(str(error)) from error
    (counted,) = opened.counter.count([one], asked, opened.requests)
    return counted


@dataclass(frozen=True, slots=True, eq=False)
class CountForModels:
    """What one request's context is for every model, with each one's tokenizer and framing."""

    source: Source
    conversation: int
    number: int | None
    models: Models
    model_id: str | None
    without: frozenset[object]
    """Parts that are left out: see ``part_keys``."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> dict[str, Count]:
        """By the model's id. Reports what is known of each tokenizer's models. A model whose tokenizer cannot
        be used is absent."""
        store = context.kept(ConversationStore)
        known = _counted(self, context)
        opened = store.opened(self.source, context)
        finder = store.finder(self.models, context)
        those = [opened.reading.conversations[self.conversation]]
        counter = ContextCounter(context.registry)
        found: dict[str, Count] = {}
        for asked in sorted((finder.named(m, those) for m in self.models), key=lambda a: a.tokenizer):
            reporter.check()
            if asked.model is None:
                continue
            try:
                (counted,) = counter.count([known.context], asked, opened.requests)
            except VocabularyError:
                continue
            left = _without(with_hidden_of(counted, known), counted.parts, self.without)
            found[asked.model.id] = left
            reporter.progress({asked.model.id: left})
        return found

    def __str__(self) -> str:
        return f"counting {self.source.name} for other models"


def _without(count: Count, parts: tuple[ContextPart, ...], left_out: frozenset[object]) -> Count:
    if not left_out:
        return count
    keys = part_keys(parts)
    less = sum(part.tokens or 0 for part, key in zip(parts, keys, strict=True) if key in left_out)
    tokens = max(0, count.tokens - less)
    return replace(
        count, tokens=tokens, low=min(tokens, max(0, count.low - less)), high=max(tokens, count.high - less)
    )


@dataclass(frozen=True, slots=True)
class ReckonRequests:
    """What each request's messages come to for the model, beside what the provider recorded."""

    source: Source
    conversation: int
    numbers: tuple[int, ...]
    models: Models
    model_id: str | None
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> dict[int, int]:
        """The visible tokens by request; of very long sessions only of some, evenly spread."""
        store = context.kept(ConversationStore)
        opened = store.opened(self.source, context)
        asked = store.answering(opened, self.conversation, self.model_id, self.models, context)
        contexts = {}
        for number in self.numbers:
            try:
                contexts[number] = opened.context(self.conversation, number)
            except NoSuchRequestError:
                continue
        work = sum(one.end - one.start for one in contexts.values())
        step = max(1, -(-work // _MOST_LAID_OUT))
        found: dict[int, int] = {}
        for number in list(contexts)[::step]:
            reporter.check()
            (counted,) = opened.counter.count([contexts[number]], asked, ())
            found[number] = sum(p.tokens or 0 for p in counted.parts if p.kind != NOT_IN_FILE)
        return found

    def __str__(self) -> str:
        return f"reckoning the requests of {self.source.name}"


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """The text of one message, or of one part of it."""

    source: Source
    conversation: int
    number: int | None
    part: ContextPart
    place: int
    """Which of the message's parts of that kind, name and file it is."""
    whole: bool
    """Whether all of the message is wanted."""
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> bytes:  # noqa: ARG002
        """UTF-8; ConversationError where the file does not hold the text."""
        opened = context.kept(ConversationStore).opened(self.source, context)
        one = opened.context(self.conversation, self.number).conversation
        if self.part.message is not None:
            parts = list(one.messages[self.part.message].parts)
        else:
            parts = list(one.system) if self.part.kind == "system" else []
        if not self.whole:
            same = (self.part.kind, self.part.name, self.part.file)
            parts = [part for part in parts if (part.kind.value, part.name, part.file) == same and part.text]
            parts = parts[self.place : self.place + 1]
        texts = [part.text for part in parts if part.text]
        if self.part.kind == "tool":
            tools = [tool for tool in one.tools or () if tool.name == self.part.name]
            texts = [t for tool in tools for t in (tool.name, tool.description, tool.schema) if t]
        if not texts:
            what = "thinking is sealed" if self.part.kind == PartKind.THINKING else "text is not in the file"
            raise ConversationError(f"This part cannot be opened: its {what}.")
        return "\n\n".join(texts).encode(errors="replace")

    def __str__(self) -> str:
        return f"reading a message of {self.source.name}"


@dataclass(frozen=True, slots=True)
class LookForChange:
    """Whether a file was written to since it was read."""

    source: Source
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> object:  # noqa: ARG002
        """What differs once it was; None if it cannot be looked at just now."""
        try:
            return self.source.state()
        except OSError:
            return None

    def __str__(self) -> str:
        return f"looking at {self.source.name}"


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
