"""The worker's jobs about a prompt that is written: reading it, and comparing two versions."""

import json
from dataclasses import dataclass
from typing import ClassVar

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import whole_contexts
from tokviz.analysis.conversation.counted_context import CountedContext
from tokviz.analysis.conversation.versions import VersionRow, compare_versions
from tokviz.conversations.draft import Draft, read_draft
from tokviz.language import _, pgettext
from tokviz.system_errors import cannot_be_read
from tokviz.tokens import Count
from tokviz.worker.conversation_store import (
    ConversationError,
    ConversationStore,
    Models,
    OpenedFile,
    Source,
    opened_for,
)
from tokviz.worker.jobs import Reporter, WorkerContext

_LARGEST = 64 << 20
"""Bytes of a request that can be changed."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Two versions as one model counts them."""

    rows: tuple[VersionRow, ...]
    before: Count
    now: Count
    name: str
    """The model's."""


@dataclass(frozen=True, slots=True)
class CompareVersions:
    """What differs in tokens, part by part, for the model of the later one or a chosen one."""

    before: Source
    now: Source
    models: Models
    model_id: str | None
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> Versions:
        """ConversationError if either holds nothing."""
        earlier = ConversationStore().opened(self.before, context)
        opened, asked = opened_for(context, self.now, 0, self.models, self.model_id)
        before, now = _counted(earlier, asked), _counted(opened, asked)
        reporter.check()
        return Versions(tuple(compare_versions(before, now)), before.count, now.count, asked.name)

    def __str__(self) -> str:
        return pgettext("stopped while …", "comparing versions of {file}", file=self.now.name)


def _counted(opened: OpenedFile, asked: AnsweringModel) -> CountedContext:
    contexts = whole_contexts(opened.reading.conversations[:1], opened.requests)
    return opened.counter.count(contexts, asked, opened.requests)[0]


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A request to be changed."""

    source: Source
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> Draft:  # noqa: ARG002
        """ConversationError if the source holds no single request of a shape that is written here."""
        name = self.source.name
        try:
            if self.source.path is None:
                data = self.source.read()
            else:
                with self.source.path.open("rb") as file:
                    data = file.read(_LARGEST + 1)
            if len(data) > _LARGEST:
                raise ConversationError(
                    _(
                        "{file} is too large to be changed: more than {size} MB.",
                        file=name,
                        size=_LARGEST >> 20,
                    )
                )
            draft = read_draft(json.loads(data.decode("utf-8-sig")))
        except OSError as error:
            raise ConversationError(cannot_be_read(name, error)) from error
        except (ValueError, RecursionError):
            draft = None
        if draft is None:
            raise ConversationError(
                _(
                    "{file} is no request to OpenAI, Anthropic or Google, and only those can be changed.",
                    file=name,
                )
            )
        return draft

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading {file}", file=self.source.name)
