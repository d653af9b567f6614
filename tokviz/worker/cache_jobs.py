"""The worker's jobs about caches: what one request of a conversation shares with the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import Context, NumberedRequest, whole_contexts
from tokviz.analysis.conversation.differences import compare_contexts, pair_tokenizer
from tokviz.analysis.formatting import grouped
from tokviz.language import _, pgettext
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.worker.conversation_store import (
    ConversationError,
    ConversationStore,
    Models,
    OpenedFile,
    Source,
    opened_for,
)
from tokviz.worker.jobs import Reporter, WorkerContext


@dataclass(frozen=True, slots=True)
class CacheAnswer:
    """What is compared with what, and what came out, a sentence each."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainCache:
    """Where a request parts from the one before it, or from that of another file."""

    source: Source
    conversation: int
    number: int | None
    models: Models
    model_id: str | None
    earlier: Source | None = None
    """Another file to compare with; its last request counts."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> CacheAnswer:
        """ConversationError where there is nothing to compare with."""
        opened, asked = opened_for(context, self.source, self.conversation, self.models, self.model_id)
        now = opened.context(self.conversation, self.number)
        if self.earlier is None:
            title, before = _before(opened, self.conversation, self.number, now)
        else:
            title = _("Compared with {file}, in tokens of {model}", file=self.earlier.name, model=asked.name)
            before = _last(ConversationStore().opened(self.earlier, context))
        reporter.check()
        if before is None:
            return CacheAnswer(
                _("The first request"), (_("It has none before it: nothing of it can be cached."),)
            )
        return CacheAnswer(title, tuple(_sentences(before, now, asked, context)))

    def __str__(self) -> str:
        return pgettext("stopped while …", "comparing requests of {file}", file=self.source.name)


def _sentences(before: Context, now: Context, asked: AnsweringModel, context: WorkerContext) -> Sequence[str]:
    try:
        tokenizer = pair_tokenizer(asked, context.registry)
        pair = tokenizer.tokenize_pair(before, now, asked.rule)
    except VocabularyError as error:
        raise ConversationError(str(error)) from error
    found = list(compare_contexts(*pair, asked.model, asked.caching).sentences)
    if asked.caching is not None:
        found.append(asked.caching.sentence)
    return found


def _before(
    opened: OpenedFile, conversation: int, number: int | None, now: Context
) -> tuple[str, Context | None]:
    """The request before, in the same lane; where a file has one conversation a request, the one before."""
    lane = [one for one in opened.requests if one.lane is now.lane and _shown(one)]
    earlier = [one for one in lane if number is None or one.number < number]
    if earlier:
        last = earlier[-1]
        title = _("After request {request}", request=grouped(last.number))
        return title, opened.context(conversation, last.number)
    if number is None and conversation:
        reading = opened.reading.conversations
        title = _("After conversation {conversation} of the file", conversation=grouped(conversation))
        return title, whole_contexts([reading[conversation - 1]], opened.requests)[0]
    return "", None


def _shown(one: NumberedRequest) -> bool:
    return one.request.start is not None and one.request.end is not None


def _last(opened: OpenedFile) -> Context:
    return whole_contexts(opened.reading.conversations, opened.requests)[-1]
