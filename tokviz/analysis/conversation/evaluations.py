"""The contexts of a file under one model, and one context under many."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import Context, NumberedRequest, by_lane
from tokviz.analysis.conversation.counted_context import (
    NOT_IN_FILE,
    CountedContext,
    count_context,
)
from tokviz.analysis.conversation.templated_context import frame_by_template
from tokviz.analysis.conversation.text_counts import TextCounts
from tokviz.analysis.evaluation import Evaluation, evaluate
from tokviz.conversations.framing import Framed
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.vocabularies import VocabularyError
from tokviz.tokens import Count, Provenance

_FURTHEST = 2.0
"""How many times more tokens than another one a tokenizer makes of an English prompt or tools, at most."""


class ContextCounter:
    """Counts contexts. It keeps the counts of their texts."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._counts = TextCounts(registry)
        self.refusal: str | None = None
        """Why the chat template of the model last counted for could not be used, in a sentence."""

    def count(
        self, contexts: Sequence[Context], asked: AnsweringModel, requests: Sequence[NumberedRequest]
    ) -> list[CountedContext]:
        """Every context under one model. VocabularyError if its tokenizer cannot be used."""
        count_texts = self._counts.by(asked.tokenizer)
        lanes = by_lane(requests)
        found = [
            count_context(
                context,
                asked.rule,
                count_texts,
                lanes.get(id(context.lane), ()),
                asked.answered,
                number,
                self._templated(context, asked),
                asked.images,
            )
            for number, context in enumerate(contexts)
        ]
        return [replace(one, count=_labelled(one.count, asked)) for one in found]

    def evaluations(
        self,
        one: CountedContext,
        models: Sequence[AnsweringModel],
        requests: Sequence[NumberedRequest],
        reserve: int | None = None,
        counted_for: AnsweringModel | None = None,
    ) -> Iterator[Evaluation | VocabularyError]:
        """What one context, counted for the model that answered, means for each of ``models``, in the order
        of their tokenizers. An error stands for a model whose tokenizer cannot be used. ``counted_for``: the
        model that ``one`` was counted for, which is not done again."""
        for asked in sorted(models, key=lambda model: model.tokenizer):
            if asked.model is None:
                continue
            try:
                same = asked is counted_for
                counted = one if same else self.count([one.context], asked, requests)[0]
            except VocabularyError as error:
                yield error
                continue
            yield evaluate(asked.model, with_hidden_of(counted, one), reserve)

    def _templated(self, context: Context, asked: AnsweringModel) -> Framed | None:
        """By the model's chat template; None where it has none, or its template refuses these messages."""
        self.refusal = None
        if asked.template is None or asked.tokenizer not in self._registry.names():
            return None
        parsing = self._registry.get(asked.tokenizer, SpecialTokens.PARSED)
        plain = self._registry.get(asked.tokenizer) if asked.template.plain_words else parsing
        try:
            return frame_by_template(context, asked.template, parsing, plain)
        except TemplateRefusedError as error:
            self.refusal = str(error)
            return None


def with_hidden_of(counted: CountedContext, known: CountedContext) -> Count:
    """The count with what the file does not hold, which only the model that answered has a figure for.

    Another tokenizer's figure lies between that one and it in the proportion of the visible text, as far as
    two tokenizers differ at all: of a few visible words the proportion says nothing.
    """
    if counted.hidden is not None or not known.hidden:
        return counted.count
    visible = sum(part.tokens or 0 for part in known.parts if part.kind != NOT_IN_FILE)
    proportion = counted.count.tokens / visible if visible else 1.0
    scaled = round(known.hidden * min(max(proportion, 1 / _FURTHEST), _FURTHEST))
    low, high = sorted((known.hidden, scaled))
    return counted.count + Count(scaled, Provenance.MEASURED, low, high)


def _labelled(count: Count, asked: AnsweringModel) -> Count:
    """The count with the model's own provenance; a stand-in's is assumed at best."""
    if count.provenance in (Provenance.ESTIMATE, Provenance.TEXTS_ALONE):
        return count
    if asked.stands_in_for is not None or (asked.template_assumed and count.provenance is Provenance.EXACT):
        return replace(count, provenance=Provenance.ASSUMED)
    if count.provenance in (Provenance.FORMULA, Provenance.MEASURED) or asked.model is None:
        return count
    return replace(count, provenance=asked.model.provenance)
