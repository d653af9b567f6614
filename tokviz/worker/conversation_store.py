"""The conversation that the window has open, read once and kept here: the window has only figures."""

import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from tokviz.analysis.conversation.answering_model import AnsweringModel, AnsweringModels
from tokviz.analysis.conversation.contexts import (
    Context,
    NoSuchRequestError,
    NumberedRequest,
    context_of,
    numbered_requests,
    whole_contexts,
)
from tokviz.analysis.conversation.evaluations import ContextCounter
from tokviz.analysis.image_tokens import ImageRules
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.draft import Draft, convert_draft, draft_json
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Conversation, Reading
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.sessions import read_file, read_store, written_files
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.conversations.user_template import read_user_template
from tokviz.documents.reading import is_folder
from tokviz.language import _
from tokviz.system_errors import cannot_be_read
from tokviz.worker.jobs import WorkerContext

Models = tuple[LanguageModel, ...]


class ConversationError(Exception):
    """``str()`` is one sentence that says why there is nothing to show."""


@dataclass(frozen=True, slots=True)
class WrittenDraft:
    """A request that is being written. It becomes JSON where it is read: that of a large one takes long."""

    version: int
    """Another one whenever it may be another request."""
    draft: Draft = field(compare=False)
    model_id: str | None = None
    """The model that it asks, if it names one."""
    answer: int = 0
    """The most tokens of the answer."""

    def request(self) -> dict[str, object]:
        """The request in its own shape."""
        return convert_draft(self.draft, self.draft.shape, self.model_id, self.answer).request

    def data(self) -> bytes:
        """The request as JSON."""
        return draft_json(self.request())


@dataclass(frozen=True, slots=True)
class Source:
    """A file, the bytes of a text that was pasted or piped, or a request that is being written."""

    path: Path | None
    data: bytes | None = None
    template: Path | None = None
    """A chat template of the user's own, by which it is framed."""
    draft: WrittenDraft | None = None
    host: str | None = None
    """Through whom the user has the model asked; None: as the file tells."""
    usual_hosts: tuple[str, ...] = ()
    """Through whom the user has had models asked, the last first: so it is where the file does not tell."""

    def read(self) -> bytes:
        """The bytes of what is no file."""
        return self.draft.data() if self.draft is not None else self.data or b""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.name if self.path else _("pasted text")

    def is_same_text(self, other: "Source") -> bool:
        """Whether the other one is read as this one is, however it is framed."""
        return self._text() == other._text()

    def _text(self) -> "Source":
        return replace(self, template=None, host=None, usual_hosts=())

    def state(self) -> object:
        """What differs once the file was written again; OSError if it cannot be looked at."""
        if self.path is None:
            return None
        return tuple((stat.st_mtime_ns, stat.st_size) for stat in (path.stat() for path in self._paths()))

    def ends_in_a_line(self) -> bool:
        """Whether the last line of each file of lines is there with its end; OSError if it cannot be read."""
        return all(_ends_in_newline(path) for path in self._paths() if path.suffix == ".jsonl")

    def _paths(self) -> list[Path]:
        return [] if self.path is None else written_files(self.path)


def _ends_in_newline(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, io.SEEK_END):
            return True
        file.seek(-1, io.SEEK_END)
        return file.read(1) == b"\n"


class OpenedFile:
    """One source that was read, with what is counted of it."""

    def __init__(self, source: Source, reading: Reading, state: object, context: WorkerContext) -> None:
        self.source = source
        self.reading = reading
        self.state = state
        self.requests: list[NumberedRequest] = numbered_requests(reading.conversations)
        self.counter = ContextCounter(context.registry)
        """Keeps the counts of the model that the window is counted for."""

    def hosted(self, conversation: int) -> Conversation:
        """One of the conversations, asked through the host that was chosen."""
        one = self.reading.conversations[conversation]
        return replace(one, host=self.source.host or one.host)

    def context(self, conversation: int, number: int | None) -> Context:
        """That of a request, ConversationError if it is not there; without a number, what the conversation's
        next request would read."""
        if number is not None:
            try:
                return context_of(self.requests, number)
            except NoSuchRequestError as error:
                raise ConversationError(str(error)) from error
        return whole_contexts([self.reading.conversations[conversation]], self.requests)[0]


class ConversationStore:
    """Keeps the file that was read last. Jobs of several threads may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: OpenedFile | None = None
        self._rules: FramingRules | None = None
        self._templates: ChatTemplates | None = None
        self._images: ImageRules | None = None
        self._caching: CachingRules | None = None

    def opened(self, source: Source, context: WorkerContext) -> OpenedFile:
        """What is in ``source``, read again if it was written to; ConversationError if there is nothing."""
        with self._lock:
            try:
                state = source.state()
                opened = self._opened
                if opened is None or not opened.source.is_same_text(source) or opened.state != state:
                    self._opened = None  # the memory of the old one is free before the new one is read
                    opened = OpenedFile(source, _read(source), state, context)
                opened.source = source
            except OSError as error:
                raise ConversationError(cannot_be_read(source.name, error)) from error
            if opened.reading.format is None or not opened.reading.conversations:
                problems = opened.reading.problems
                why = problems[0].sentence if problems else _("The format is not known.")
                raise ConversationError(
                    # Translators: {why} is a sentence.
                    _("{file} holds no conversation that is known: {why}", file=source.name, why=why)
                )
            self._opened = opened
            return opened

    def answering(
        self,
        opened: OpenedFile,
        conversation: int,
        model_id: str | None,
        models: Sequence[LanguageModel],
        context: WorkerContext,
    ) -> AnsweringModel:
        """The model that a conversation is counted for: the one of that id, else the one that answered."""
        finder = self.finder(models, context, opened.source.usual_hosts)
        those = [opened.hosted(conversation)]
        model = next((model for model in models if model.id == model_id), None)
        asked = finder.named(model, those) if model else finder.of(those)
        return asked if opened.source.template is None else _templated(asked, opened.source.template)

    def finder(
        self, models: Sequence[LanguageModel], context: WorkerContext, usual_hosts: Sequence[str] = ()
    ) -> AnsweringModels:
        """Finds models by the names that files have for them."""
        if self._rules is None:
            self._rules = FramingRules(context.assets)
        known = (*context.registry.names(), *context.registry.estimator_names())
        if self._templates is None:
            self._templates = ChatTemplates(context.assets, date.today())
        if self._images is None:
            self._images = ImageRules(context.assets)
        if self._caching is None:
            self._caching = CachingRules(context.assets)
        more = (self._templates, self._images, self._caching, usual_hosts)
        return AnsweringModels(models, self._rules, known, *more)


def opened_for(
    context: WorkerContext, source: Source, conversation: int, models: Models, model_id: str | None
) -> tuple[OpenedFile, AnsweringModel]:
    """What is in ``source``, and the model that one of its conversations is counted for; ConversationError if
    there is nothing."""
    store = context.kept(ConversationStore)
    opened = store.opened(source, context)
    return opened, store.answering(opened, conversation, model_id, models, context)


def _templated(asked: AnsweringModel, path: Path) -> AnsweringModel:
    """The model with the user's own template; ConversationError if the file holds none."""
    try:
        return replace(asked, template=read_user_template(path, date.today()), template_assumed=False)
    except TemplateRefusedError as error:
        raise ConversationError(str(error)) from error
    except OSError as error:
        raise ConversationError(cannot_be_read(path.name, error)) from error


def _read(source: Source) -> Reading:
    if source.path is None:
        return read_conversations(io.BytesIO(source.read()))
    if is_folder(source.path):
        return read_store(source.path)
    return read_file(source.path)
