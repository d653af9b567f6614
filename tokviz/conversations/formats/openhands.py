"""OpenHands' trajectories: a list of events, or rows with one under ``history``, of both of its generations.

In the older one each event of a response carries the whole response, which counts once, by its id; there are
pairs of events, too. In the newer one ``metrics`` has the figures by the responses' ids. Prompt tokens hold
the cached ones, unless those are more. A condensation takes events out of the context and may put a summary
in their place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.formats.openhands_events import (
    Told,
    forgotten,
    is_event,
    message_of,
    response_in,
    told_by,
)
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.formats.usages import openai_usage
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Tool,
    last_model,
)
from tokviz.conversations.parts import tools_of
from tokviz.conversations.source import Source
from tokviz.language import _

_LOOKED_AT = 20
_STATE = "ConversationStateUpdateEvent"  # verbatim
_MOST_MESSAGES = 200_000
"""As many as condensations may bring the messages to: a file could have them doubled without end."""


@dataclass(slots=True)
class _Trajectory(Gathered):
    """Gathers one trajectory while its events are read."""

    figures: dict[str, Fields] = field(kw_only=True)
    """Of responses, by their ids, where they are told beside the events."""
    events: list[str] = field(default_factory=list)
    """The id of the event that each message came from."""
    further: dict[int, list[Part]] = field(default_factory=dict)
    """Parts of answers, by message, that are to follow those it has: see ``join``."""
    responses: dict[str, int] = field(default_factory=dict)
    """The message of each response."""
    roles: dict[str, int] = field(default_factory=dict)
    system: tuple[Part, ...] = ()
    tools: tuple[Tool, ...] | None = None

    def take(self, event: Fields, line: int) -> None:
        """One event."""
        kind = text(event, "kind") or text(event, "action")
        if kind in ("SystemPromptEvent", "system"):
            self._prompt(event)
        elif kind in ("Condensation", "condensation"):  # verbatim
            self._condense(event, line)
        elif "action" in event and text(response_in(event), "id") in self.responses:
            return  # the response was told with its first call
        elif (told := told_by(self.parts, event, line)) is not None and (told.content or told.response):
            self._add(told, event, line)

    def _prompt(self, event: Fields) -> None:
        told = event if "kind" in event else fields_at(event, "args")
        said = [text(told, "content"), *(text(fields_at(told, key), "text") for key in _PROMPTS)]
        self.system = tuple(self.parts.text(PartKind.TEXT, words) for words in said if words)
        self.tools = tools_of(told.get("tools"))

    def _add(self, told: Told, event: Fields, line: int) -> None:
        time, start = text(event, "timestamp"), self.start
        known = self.responses.get(told.response or "")
        if known is not None and known >= start:  # a further call of the same answer
            self.further.setdefault(known, []).extend(told.content)
            return
        if told.response is not None and known is None:
            self.responses[told.response] = len(self.messages)
            beside = self.figures.get(told.response)
            usage = told.usage or (openai_usage(beside) if beside else None)
            model = told.model or (text(beside, "model") if beside else None)
            if usage is not None:
                self.use(model, usage, line, time, told.response)
        self.roles[told.role] = self.roles.get(told.role, 0) + 1
        self.messages.append(message_of(told, line, time))
        self.events.append(str(event.get("id")))

    def join(self) -> None:
        """Give the messages their further parts."""
        for index, content in self.further.items():
            before = self.messages[index]
            self.messages[index] = replace(before, parts=(*before.parts, *content))
        self.further.clear()

    def pay_for(self, events: list[tuple[int, Fields]]) -> None:
        """Responses on branches that were left were paid for as well."""
        for line, event in events:
            name = text(event, "llm_response_id")
            told = self.figures.get(name or "")
            if name and told and name not in self.responses:
                self.responses[name] = -1
                model, time = text(told, "model"), text(event, "timestamp")
                self.requests.append(Request(model, openai_usage(told), line, time, None, None, name))

    def _condense(self, event: Fields, line: int) -> None:
        """What is kept stands again below the condensation, for that is what requests read from there on."""
        told = event if "kind" in event else fields_at(event, "args")
        self.join()
        names = self.events[self.start :]
        if len(self.messages) + len(names) > _MOST_MESSAGES:
            return
        gone = forgotten(event, names)
        live = list(zip(names, self.messages[self.start :], strict=True))
        kept = [(name, message) for name, message in live if name not in gone]
        place = number(told, "summary_offset")
        if (summary := text(told, "summary")) and place is not None:
            words = tuple(self.parts.blocks(summary, line=line))
            said = Message("condensation summary", Side.USER, words, line)  # verbatim
            kept.insert(max(0, place - bool(self.system)), (f"{event.get('id')}-summary", said))
        self.compact(line)
        self.events += [name for name, _message in kept]
        self.messages += [message for _name, message in kept]


_PROMPTS = ("system_prompt", "dynamic_context")


def read(source: Source) -> list[Conversation]:
    """The trajectory of the file, or one for each row."""
    return [conversation(facts, events) for facts, events in _trajectories(source)]


def _trajectories(source: Source) -> Iterator[tuple[Fields, list[tuple[int, Fields]]]]:
    if isinstance(source.document, list):
        yield {}, list(enumerate(_flat(source.document), 1))
        return
    alone: list[tuple[int, Fields]] = []
    if isinstance(source.document, dict):
        yield source.document, list(enumerate(_flat(items(source.document, "history")), 1))
        return
    for record in source.records():
        if is_event(record.fields):
            alone.append((record.line, record.fields))
        elif "history" in record.fields:
            yield record.fields, list(enumerate(_flat(items(record.fields, "history")), 1))
    if alone:
        yield {}, alone


def _flat(history: list[object]) -> list[Fields]:
    """The events, out of their pairs."""
    pairs = (one if isinstance(one, list) else [one] for one in history)
    return [event for pair in pairs for event in objects(pair)]


def conversation(facts: Fields, events: list[tuple[int, Fields]]) -> Conversation:
    """One trajectory: its events with their lines, and what is told beside them."""
    usages = objects(fields_at(facts, "metrics").get("token_usages"))
    figures = {name: told for told in usages if (name := text(told, "response_id"))}
    whole = _Trajectory(figures=figures)
    live = _live(facts, events)
    for line, event in live:
        whole.take(event, line)
    whole.join()
    if len(live) < len(events):
        whole.pay_for(events)
    configured = text(fields_at(fields_at(facts, "metadata"), "llm_config"), "model")
    return replace(
        whole.conversation("openhands", model=last_model(whole.requests) or configured),
        system=whole.system,
        tools=whole.tools,
        roles=whole.roles,
        id=text(facts, "instance_id"),
        project=text(fields_at(facts, "workspace"), "working_dir"),
        partial=_("What OpenHands adds to results and prompts is not in the file."),
    )


def _live(facts: Fields, events: list[tuple[int, Fields]]) -> list[tuple[int, Fields]]:
    """The events on the branch of the last one; an event that names no parent follows the one before it."""
    if not any("parent_id" in event for _line, event in events):
        return events
    names = [str(event.get("id", place)) for place, (_line, event) in enumerate(events)]
    parents: dict[str, str | None] = {}
    for before, name, (_line, event) in zip([None, *names], names, events, strict=False):
        parents[name] = text(event, "parent_id") or before
    spoken = (n for n, (_line, e) in zip(names, events, strict=True) if e.get("kind") != _STATE)
    leaf = text(facts, "leaf_event_id") or next(reversed(list(spoken)), None)
    kept = set(branch(leaf, parents))
    return [one for name, one in zip(names, events, strict=True) if name in kept] or events


def _recognizes(source: Source) -> bool:
    document = source.document
    rows = document if isinstance(document, list) else items(source.first, "history")
    if not rows and source.document is None:
        rows = [record.fields for record in source.head]
    found = _flat(rows[:_LOOKED_AT])
    return bool(found) and sum(map(is_event, found)) * 2 > len(found)


OPENHANDS = Format("openhands", _recognizes, read)
