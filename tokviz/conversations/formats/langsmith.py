"""LangSmith's runs, of which those of the type ``llm`` are requests; those around them repeat their sums.

They come one a line, as a list, or each with its child runs in it, and are read as Langfuse's generations
are. The input holds the cached tokens.
"""

from collections.abc import Iterator
from dataclasses import replace

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.langfuse import conversations_of
from tokviz.conversations.formats.langfuse_messages import plain_message
from tokviz.conversations.model import Conversation, uncached
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Source

_LOOKED_AT = 20
_DEEPEST = 50


def read(source: Source) -> list[Conversation]:
    """One conversation for each thread of requests of a trace."""
    runs = (run for listed in _listed(source) for run in _with_children(listed))
    observations = [_generation(run) for run in runs if run.get("run_type") == "llm"]
    found = conversations_of(PartFactory(), {"observations": observations})
    return [replace(one, format="langsmith") for one in found]


def _listed(source: Source) -> Iterator[Fields]:
    whole = source.document
    if isinstance(whole, dict):
        yield from objects(items(whole, "runs")) or [whole]
    elif isinstance(whole, list):
        yield from objects(whole)
    else:
        yield from (record.fields for record in source.records())


def _with_children(run: Fields, depth: int = 0) -> Iterator[Fields]:
    yield run
    if depth < _DEEPEST:
        for child in objects(run.get("child_runs")):
            yield from _with_children(child, depth + 1)


def _generation(run: Fields) -> Fields:
    given = parsed(run.get("inputs"))
    asked = given if isinstance(given, dict) else {"messages": given}
    extra = fields_at(run, "extra")
    told, settings = fields_at(extra, "metadata"), fields_at(extra, "invocation_params")
    outputs = parsed(run.get("outputs"))
    answered = outputs if isinstance(outputs, dict) else {}
    return {
        "type": "GENERATION",
        "id": text(run, "id", "run_id"),
        "traceId": text(run, "trace_id") or "",
        "traceName": text(run, "session_name"),
        "startTime": text(run, "start_time"),
        "model": text(told, "ls_model_name") or text(settings, "model", "model_name") or text(asked, "model"),
        "input": {"tools": settings.get("tools"), **asked, "messages": _messages(asked.get("messages"))},
        "output": _answer(answered),
        "usageDetails": _usage(run, answered),
    }


def _messages(told: object) -> list[Fields]:
    """The messages of the first of the prompts of a batch, of which there is nearly always one."""
    if isinstance(told, list) and told and isinstance(told[0], list):
        told = told[0]
    return [plain_message(message) for message in objects(told)]


def _answer(outputs: Fields) -> object:
    generations = outputs.get("generations")
    if isinstance(generations, list) and generations:
        first = generations[0][:1] if isinstance(generations[0], list) else generations[:1]
        said = objects(first)
        message = fields_at(said[0], "message") if said else {}
        return [plain_message(message)] if message else text(said[0], "text") if said else None
    if message := fields_at(outputs, "message"):
        return [plain_message(message)]
    if told := _messages(outputs.get("messages")):
        return told[-1:]
    return outputs


def _usage(run: Fields, outputs: Fields) -> Fields:
    told = fields_at(outputs, "usage_metadata") or _message_usage(outputs)
    details = fields_at(run, "prompt_token_details") or fields_at(told, "input_token_details")
    read, written = number(details, "cache_read"), number(details, "cache_creation")
    prompt, output = number(run, "prompt_tokens"), number(run, "completion_tokens")
    if not prompt and not output:
        used = (
            told or fields_at(outputs, "usage") or fields_at(fields_at(outputs, "llm_output"), "token_usage")
        )
        prompt = number(used, "input_tokens", "prompt_tokens")
        output = number(used, "output_tokens", "completion_tokens")
    reasoning = number(fields_at(told, "output_token_details"), "reasoning")
    found = {
        "input": uncached(prompt, read, written),
        "input_cached_tokens": read,
        "input_cache_creation": written,
        "output": uncached(output, reasoning),
        "output_reasoning": reasoning,
    }
    return {key: value for key, value in found.items() if value is not None}


def _message_usage(outputs: Fields) -> Fields:
    """Where LangChain puts it: in the answer's message."""
    for message in objects(_answer(outputs)):
        return fields_at(fields_at(message, "kwargs") or message, "usage_metadata")
    return {}


def _recognizes(source: Source) -> bool:
    whole = source.document
    given = whole if isinstance(whole, list) else items(source.first, "runs") or [source.first]
    rows = objects(given[:_LOOKED_AT]) if whole is not None else [record.fields for record in source.head]
    return any(isinstance(row.get("run_type"), str) and "inputs" in row for row in rows)


LANGSMITH = Format("langsmith", _recognizes, read)
