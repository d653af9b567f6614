"""``tokviz chat``: where the context of a conversation goes, and what was recorded of its requests."""

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from tokviz.analysis.conversation.counted_context import CountedContext
from tokviz.analysis.conversation.differences import ContextDifference
from tokviz.analysis.conversation.evaluations import ContextCounter
from tokviz.analysis.evaluation import Evaluation
from tokviz.analysis.image_tokens import ImageRules
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.catalog import Catalog
from tokviz.catalog.model import LanguageModel
from tokviz.cli import chat_answers, chat_cache, chat_folder, chat_records
from tokviz.cli.catalogs import chosen_model, known_models
from tokviz.cli.chat_request import ChatRequest
from tokviz.cli.chat_request import parse as parse
from tokviz.cli.console import Console, Failure
from tokviz.cli.fitting import DOES_NOT_FIT, model_limit
from tokviz.cli.inputs import STANDARD_INPUT, named_paths, shown
from tokviz.cli.own_tokenizers import asked_tokenizers, own_records
from tokviz.cli.tables import remark_lines
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.hosts import split_host
from tokviz.conversations.model import Conversation, Problem, Reading
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.sessions import read_file
from tokviz.conversations.source import Limits
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.conversations.user_template import read_user_template
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.encodings import Encoding
from tokviz.documents.reading import ReadError, is_folder, make_text, read_text
from tokviz.language import _, ngettext
from tokviz.system_errors import cannot_be_read
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.vocabularies import VocabularyError


@dataclass(frozen=True, slots=True)
class Tools:
    """What a run of the command works with."""

    registry: Registry
    catalog: Catalog
    models: AnsweringModels


def run(request: ChatRequest, console: Console) -> int:
    """Read and print; 1 if the input could not be read, 3 with ``--fits`` if it does not surely fit."""
    (path,) = named_paths([request.path] if request.path is not None else [], console)
    assets = Assets()
    registry, catalog = Registry(assets), known_models(assets, console)
    known = (*registry.names(), *registry.estimator_names())
    templates = ChatTemplates(assets, date.today())
    rules, images, caching = FramingRules(assets), ImageRules(assets), CachingRules(assets)
    models = AnsweringModels(catalog.models, rules, known, templates, images, caching)
    tools = Tools(registry, catalog, models)
    asked = _named(request.model_ids, catalog)
    if path != STANDARD_INPUT and is_folder(path):
        return chat_folder.run(request, Path(path), catalog.models, console)
    reading = read(path, request.encoding)
    for problem in reading.problems:
        console.complain(f"{shown(path)}: {problem.sentence}")
    if reading.format is None or not reading.conversations:
        return 1
    requests = numbered_requests(reading.conversations)
    contexts = _contexts(request, reading, requests)
    chosen = _Chosen(_template(request), _tokenizer(request, registry, console))
    named = [chosen.of(tools.models.named(model, _hosted(reading, host))) for model, host in asked.values()]
    own = named[0] if named else chosen.of(tools.models.of(reading.conversations))
    counter = ContextCounter(registry)
    try:
        counted = counter.count(contexts, own, requests)
    except VocabularyError as error:
        raise Failure(str(error)) from error
    refusal = counter.refusal
    rows, unusable = _evaluations(request, tools, reading, requests, counter, counted, own, named)
    answer = chat_records.Answer(reading, requests, counted, own, rows, catalog.models, refusal)
    differs = _difference(request, contexts, own, tools, console)
    if request.as_json:
        record = chat_records.record(answer, request) | own_records(registry)
        if differs is not None:
            record["difference"] = chat_cache.difference_record(differs)
        console.print_json(json.dumps(record, indent=2))
    else:
        lines = chat_answers.report(shown(path), answer, request, console)
        if len(contexts) > 1 and (reading.format or "").startswith("request-"):
            lines += ["", *remark_lines(chat_cache.sequence_lines(contexts, own, registry), console.width)]
        if differs is not None and request.diff is not None:
            told = chat_cache.difference_lines(differs, own, shown(request.diff))
            lines += ["", *remark_lines(told, console.width)]
        console.print(lines)
    for sentence in unusable:
        console.complain(sentence)
    code = _check_fit(rows, own, named, console) if request.fits else 0
    return 1 if unusable else code


def _named(names: Sequence[str], catalog: Catalog) -> dict[str, tuple[LanguageModel, str | None]]:
    """The models asked for, each once, with who serves it; ``Failure`` for one that is not known."""
    found: dict[str, tuple[LanguageModel, str | None]] = {}
    for host, name in map(split_host, names):
        model = chosen_model(name, catalog)
        found.setdefault(model.id, (model, host))
    return found


def _hosted(reading: Reading, host: str | None) -> list[Conversation]:
    """The conversations as they are asked through the interface that the user names."""
    return [replace(one, host=host or one.host) for one in reading.conversations]


def _template(request: ChatRequest) -> ChatTemplate | None:
    """The user's own chat template; ``Failure`` if the file holds none."""
    if request.template is None:
        return None
    try:
        return read_user_template(Path(request.template), date.today())
    except TemplateRefusedError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(cannot_be_read(shown(request.template), error)) from error


def _tokenizer(request: ChatRequest, registry: Registry, console: Console) -> str | None:
    """The one that is asked for, which ``registry`` knows then."""
    return asked_tokenizers([request.tokenizer], registry, console)[0] if request.tokenizer else None


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the user has in place of what is known of a model."""

    template: ChatTemplate | None
    tokenizer: str | None

    def of(self, asked: AnsweringModel) -> AnsweringModel:
        """The model with it."""
        if self.template is not None:
            asked = replace(asked, template=self.template, template_assumed=False)
        return asked if self.tokenizer is None else asked.counted_by(self.tokenizer)


def read(path: str, encoding: Encoding | None = None) -> Reading:
    """What a file, or standard input, holds, in ``encoding`` if that is given; ``Failure`` if it cannot be
    opened."""
    try:
        if encoding is not None:
            return _read_in(path, encoding)
        if path == STANDARD_INPUT:
            return read_conversations(sys.stdin.buffer)
        return read_file(Path(path))
    except ReadError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(cannot_be_read(shown(path), error)) from error


def _read_in(path: str, encoding: Encoding) -> Reading:
    options = ReadOptions(encoding=encoding, forced=True)
    most = Limits().file
    if path == STANDARD_INPUT:
        text = make_text(sys.stdin.buffer.read(most), shown(path), options)
    else:
        text = read_text(path, replace(options, largest=most))
    found = read_conversations(io.BytesIO(text.text), Path(path).name)
    if not text.replaced:
        return found
    lost = Problem(
        ngettext(
            "{n} place could not be read as {encoding}.",
            "{n} places could not be read as {encoding}.",
            text.replaced,
            encoding=text.encoding,
        )
    )
    return replace(found, problems=(lost, *found.problems))


def _difference(
    request: ChatRequest,
    contexts: Sequence[Context],
    own: AnsweringModel,
    tools: Tools,
    console: Console,
) -> ContextDifference | None:
    """How the first conversation differs from that of ``--diff``; None if that is not asked for."""
    if request.diff is None:
        return None
    earlier = read(request.diff, request.encoding)
    for problem in earlier.problems:
        console.complain(f"{shown(request.diff)}: {problem.sentence}")
    if not earlier.conversations:
        raise Failure(_("{file} holds no conversation to compare with.", file=shown(request.diff)))
    try:
        return chat_cache.difference(earlier, contexts[0], own, tools.registry)
    except VocabularyError as error:
        raise Failure(str(error)) from error


def _contexts(request: ChatRequest, reading: Reading, requests: Sequence[NumberedRequest]) -> list[Context]:
    if request.request is None:
        return whole_contexts(reading.conversations, requests)
    try:
        return [context_of(requests, request.request)]
    except NoSuchRequestError as error:
        raise Failure(str(error), 2) from error


def _evaluations(
    request: ChatRequest,
    tools: Tools,
    reading: Reading,
    requests: Sequence[NumberedRequest],
    counter: ContextCounter,
    counted: Sequence[CountedContext],
    own: AnsweringModel,
    named: Sequence[AnsweringModel],
) -> tuple[list[Evaluation], list[str]]:
    """What the largest context means for the models asked for, else for the one that answered, and with
    ``--fits`` for all others too; and why some could not be counted."""
    largest = max(counted, key=lambda one: one.count.tokens)
    models = list(named) or [own]
    if not named and request.fits:
        models += [
            tools.models.named(model, reading.conversations)
            for model in tools.catalog.models
            if own.model is None or model.id != own.model.id
        ]
    found: dict[str, Evaluation] = {}
    unusable: list[str] = []
    for one in counter.evaluations(largest, models, requests, request.reserve, own):
        if isinstance(one, VocabularyError):
            unusable.append(str(one))
        else:
            found[one.model.id] = one
    order = [model.model.id for model in models if model.model is not None]
    return [found[name] for name in order if name in found], list(dict.fromkeys(unusable))


def _check_fit(
    rows: Sequence[Evaluation],
    own: AnsweringModel,
    named: Sequence[AnsweringModel],
    console: Console,
) -> int:
    """A sentence for each model that it must fit, and the exit code."""
    wanted = {one.model.id for one in (named or [own]) if one.model is not None}
    limits = [model_limit(row) for row in rows if row.model.id in wanted]
    for limit in limits:
        console.complain(limit.sentence)
    if not wanted:
        console.complain(_("The window of {model} is not known.", model=own.name))
    return 0 if limits and all(limit.kept for limit in limits) else DOES_NOT_FIT
