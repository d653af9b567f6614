"""The worker's jobs about what a request of a conversation reads: counting, reckoning and reading it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import Context
from tokviz.analysis.conversation.counted_context import (
    FRAMING,
    NOT_IN_FILE,
    ContextPart,
    CountedContext,
)
from tokviz.analysis.conversation.evaluations import with_hidden_of
from tokviz.analysis.conversation.message_tree import TreeRow, message_rows
from tokviz.analysis.conversation.overview import message_title
from tokviz.analysis.conversation.stack import (
    StackRow,
    largest_sentences,
    layers_of,
    part_keys,
    repeated_parts,
)
from tokviz.analysis.count_plan import CountPlan
from tokviz.conversations.chat_template import Rendered
from tokviz.conversations.model import PartKind
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.language import _, pgettext
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError
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

_MOST_LAID_OUT = 400_000
"""Messages laid out to reckon a session's requests: a second or two. Of longer ones only some are."""


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
    templated: str | None = None
    """The model whose published template framed it."""
    refusal: str | None = None
    """Why the template could not be used, in a sentence."""
    hosts: tuple[str, ...] = ()
    """Through whom the model can be asked, where that makes a difference."""
    host: str | None = None
    """Which of them is in force."""


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
        opened, asked = opened_for(context, self.source, self.conversation, self.models, self.model_id)
        counted = _counted(opened, asked, self.conversation, self.number)
        messages = counted.context.conversation.messages
        indices = {part.message for part in counted.parts if part.message is not None}
        finder = context.kept(ConversationStore).finder(self.models, context, self.source.usual_hosts)
        those = [opened.hosted(self.conversation)]
        by_own_template = counted.templated and self.source.template is not None
        served = None if by_own_template else asked.model
        hosts, host = finder.hosts(served, those) if served is not None else ((), None)
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
            asked.template.of if asked.template is not None and counted.templated else None,
            opened.counter.refusal,
            hosts,
            host,
        )

    def __str__(self) -> str:
        return pgettext("stopped while …", "counting {file}", file=self.source.name)


def _counted(
    opened: OpenedFile, asked: AnsweringModel, conversation: int, number: int | None
) -> CountedContext:
    (counted,) = opened.counter.count([opened.context(conversation, number)], asked, opened.requests)
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
    first: tuple[str, ...] = ()
    """The tokenizers and estimators of which models are counted first, in this order."""
    known: frozenset[str] = frozenset()
    """The ids of models that are not counted."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> None:
        """Reports the counts of each tokenizer's models together, by the model's id. A model whose tokenizer
        cannot be used is absent."""
        opened, own = opened_for(context, self.source, self.conversation, self.models, self.model_id)
        known = _counted(opened, own, self.conversation, self.number)
        finder = context.kept(ConversationStore).finder(self.models, context, self.source.usual_hosts)
        those = [opened.hosted(self.conversation)]
        asked = [finder.named(model, those) for model in self.models if model.id not in self.known]
        for group in _in_order(asked, self.first, context.registry):
            found: dict[str, Count] = {}
            try:
                for source in CountPlan((group[0].tokenizer,)).sources:
                    reporter.check()
                    context.registry.get(source)
                for one in group:
                    reporter.check()
                    # The one that is counted for has the user's own template, if there is one.
                    used = own if own.model is one.model else one
                    (counted,) = opened.counter.count([known.context], used, opened.requests)
                    whole = with_hidden_of(counted, known)
                    if one.model is not None:
                        found[one.model.id] = _without(whole, counted.parts, self.without)
            except VocabularyError:
                continue
            reporter.progress(found)

    def __str__(self) -> str:
        return pgettext("stopped while …", "counting {file} for other models", file=self.source.name)


def _in_order(
    asked: Sequence[AnsweringModel], first: Sequence[str], registry: Registry
) -> list[list[AnsweringModel]]:
    """The models by their tokenizers: those of ``first``, then what is loaded, then what has most models; an
    estimator last, which loads many."""
    groups: dict[str, list[AnsweringModel]] = {}
    for one in asked:
        groups.setdefault(one.tokenizer, []).append(one)
    places = {name: place for place, name in enumerate(first)}

    def key(name: str) -> tuple[int, bool, bool, int]:
        estimated = name in registry.estimator_names()
        return places.get(name, len(places)), not registry.is_loaded(name), estimated, -len(groups[name])

    return [groups[name] for name in sorted(groups, key=key)]


def _without(count: Count, parts: tuple[ContextPart, ...], left_out: frozenset[object]) -> Count:
    if not left_out:
        return count
    keyed = zip(parts, part_keys(parts), strict=True)
    return count.without(sum(part.tokens or 0 for part, key in keyed if key in left_out))


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
        opened, asked = opened_for(context, self.source, self.conversation, self.models, self.model_id)
        contexts = {}
        for number in self.numbers:
            try:
                contexts[number] = opened.context(self.conversation, number)
            except ConversationError:
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
        return pgettext("stopped while …", "reckoning the requests of {file}", file=self.source.name)


def numbered(parts: Sequence[ContextPart], indices: Sequence[int]) -> tuple[tuple[ContextPart, int], ...]:
    """Some of the parts, in order, each with which of its kind it is: see ``ReadParts``."""
    places: dict[object, int] = {}
    found: dict[int, int] = {}
    for index, part in enumerate(parts):
        same = (part.message, part.kind, part.name, part.file)
        found[index] = places.get(same, 0)
        places[same] = found[index] + 1
    return tuple((parts[index], found[index]) for index in sorted(indices))


@dataclass(frozen=True, slots=True)
class ReadParts:
    """The texts of some parts of a request, as they were written; of framing, as the template writes it."""

    source: Source
    conversation: int
    number: int | None
    parts: tuple[tuple[ContextPart, int], ...]
    """Each with which of the message's parts of that kind, name and file it is."""
    models: Models
    model_id: str | None
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> bytes:  # noqa: ARG002
        """UTF-8; ConversationError where the file does not hold the text of any."""
        store = context.kept(ConversationStore)
        opened = store.opened(self.source, context)
        one = opened.context(self.conversation, self.number)
        rendered: Rendered | None = None
        if any(part.kind == FRAMING for part, _ in self.parts):
            asked = store.answering(opened, self.conversation, self.model_id, self.models, context)
            rendered = rendered_by(asked, one) if asked.template is not None else None
        texts: list[str] = []
        for part, place in self.parts:
            texts += _framing(rendered, part, place) if part.kind == FRAMING else _texts(one, part, place)
        if not texts:
            raise ConversationError(_why_closed(self.parts[0][0]))
        return "\n\n".join(texts).encode(errors="replace")

    def __str__(self) -> str:
        return pgettext("stopped while …", "reading a message of {file}", file=self.source.name)


def _texts(context: Context, part: ContextPart, place: int) -> list[str]:
    conversation = context.conversation
    if part.kind == "tool":
        tools = [tool for tool in conversation.tools or () if tool.name == part.name]
        return [text for tool in tools for text in (tool.name, tool.description, tool.schema) if text]
    if part.message is not None:
        parts = conversation.messages[part.message].parts
    else:
        parts = conversation.system if part.kind == "system" else ()
        if part.kind == "system":
            return [known.text for known in parts if known.text]
    same = (part.kind, part.name, part.file)
    texts = [known.text for known in parts if (known.kind.value, known.name, known.file) == same]
    return [text for text in texts[place : place + 1] if text]


def _framing(rendered: Rendered | None, part: ContextPart, place: int) -> list[str]:
    if rendered is None:
        return []
    same = (part.kind, part.message, part.name, part.file)
    spans = [one for one in rendered.spans if (one.kind, one.message, one.name, one.file) == same]
    return [rendered.text[one.start : one.end] for one in spans[place : place + 1]]


def _why_closed(part: ContextPart) -> str:
    if part.kind == FRAMING:
        return _(
            "The framing has no text to look at: it is measured, and its maker has published no template."
        )
    if part.kind == NOT_IN_FILE:
        return _("This part cannot be opened: the provider counted it, and the file does not hold it.")
    if part.kind == PartKind.THINKING:
        return _("This part cannot be opened: its thinking is sealed.")
    return _("This part cannot be opened: its text is not in the file.")


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A whole request as the model's chat template writes it."""

    source: Source
    conversation: int
    number: int | None
    models: Models
    model_id: str | None
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> bytes:  # noqa: ARG002
        """UTF-8; ConversationError where the model has no template, or its template refuses the messages."""
        opened, asked = opened_for(context, self.source, self.conversation, self.models, self.model_id)
        if asked.template is None:
            raise ConversationError(
                _(
                    "{model} has no chat template here: how many tokens its maker puts around the messages is"
                    " measured, the text is not published.",
                    model=asked.name,
                )
            )
        one = opened.context(self.conversation, self.number)
        return rendered_by(asked, one).text.encode(errors="replace")

    def __str__(self) -> str:
        return pgettext("stopped while …", "rendering {file}", file=self.source.name)


def rendered_by(asked: AnsweringModel, context: Context) -> Rendered:
    """The context by the model's template; ConversationError if that refuses it."""
    assert asked.template is not None
    try:
        return asked.template.render(context.conversation, context.start, context.end)
    except TemplateRefusedError as error:
        raise ConversationError(str(error)) from error
