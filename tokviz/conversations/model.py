"""What a conversation is, whatever file it came from. What a file does not tell is None, never 0."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Literal


class Side(StrEnum):
    """Who speaks, in words that hold for every format."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"
    NOTE = "note"
    """Shown to the person only; no request carries it."""


class PartKind(StrEnum):
    """What a piece of a message holds."""

    TEXT = "text"
    THINKING = "thinking"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    IMAGE = "image"
    AUDIO = "audio"
    FILE = "file"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message: its text, or, where the text is not kept or not in the file, its size.

    ``size`` counts characters of the file's own text (base64 for images). ``pixels`` are an image's width and
    height where the file holds it, and ``detail`` is how closely the model is asked to look. ``call`` ties a
    tool's result to its call, ``file`` is the path that the call named, ``line`` the 1-based line of the
    source (in a document that is no lines, the number of the message).
    """

    kind: PartKind
    text: str | None = None
    size: int | None = None
    name: str | None = None
    call: str | None = None
    file: str | None = None
    line: int | None = None
    pixels: tuple[int, int] | None = None
    detail: str | None = None
    cache: str | None = None
    """How long the maker is asked to keep all up to here: ``5m`` or ``1h``."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``role`` is the format's own word for it, ``side`` ours."""

    role: str
    side: Side
    parts: tuple[Part, ...] = ()
    line: int | None = None
    time: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that a provider reported for one request.

    ``input`` is what was read afresh: cached tokens stand apart, whatever the provider's own field holds.
    ``output`` includes reasoning, which ``reasoning`` tells apart where it is known.
    """

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    reasoning: int | None = None

    @property
    def context(self) -> int | None:
        """All tokens that the model read."""
        told = [n for n in (self.input, self.cache_read, self.cache_write) if n is not None]
        return sum(told) if told else None


@dataclass(frozen=True, slots=True)
class Altered:
    """What of the text that a request repeats is not as the request before had sent it."""

    kind: Literal["tools", "system", "message", "nothing"]
    """The first that differs, in the order in which models read them."""
    message: int | None = None
    """Which message, counted from 1."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a model that the file records the usage of.

    Its context is ``messages[start:end]`` of its lane. Both are None where the request's message is not on
    the live branch.
    """

    model: str | None
    usage: Usage
    line: int | None = None
    time: str | None = None
    start: int | None = None
    end: int | None = None
    key: str | None = None
    """The response's own id: the same response copied into another file has the same one."""
    altered: Altered | None = None
    """Since the request before it; None where the file does not hold each request as it was sent."""
    sent: "Conversation | None" = None
    """All that it read, as it was sent, where the file holds that: later requests may have altered it."""


@dataclass(frozen=True, slots=True)
class Compaction:
    """A point at which the context was replaced by a summary of it.

    From ``message`` on, requests carry only what follows. ``before`` and ``after`` are tokens as recorded.
    """

    message: int
    trigger: str | None = None
    before: int | None = None
    after: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that was offered to the model. ``schema`` is the JSON text of its parameters."""

    name: str | None
    description: str | None = None
    schema: str | None = None
    builtin: bool = False
    """The maker's own tool (web search, a sandbox), whose text is in no request."""
    type: str | None = None
    """Of the maker's own, with its version: ``web_search_20250305``."""
    cache: str | None = None
    """As a part's."""
    deferred: bool = False
    """The model is shown it only once it is found."""
    found: bool = False
    """Whether a search for tools has found it, or a message adds it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, in one sentence, with the 1-based line where there is one."""

    sentence: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """The recorded usage of all requests to one model."""

    requests: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation: the messages on its live branch in order, and all that its file records of it.

    ``roles`` and ``tool_calls`` count the whole file, abandoned branches and subagents included, since all
    of it was paid for.
    """

    format: str
    messages: tuple[Message, ...] = ()
    requests: tuple[Request, ...] = ()
    system: tuple[Part, ...] = ()
    tools: tuple[Tool, ...] | None = None
    """None where the format does not record them."""
    compactions: tuple[Compaction, ...] = ()
    subagents: tuple["Conversation", ...] = ()
    roles: Mapping[str, int] = field(default_factory=dict)
    tool_calls: Mapping[str, int] = field(default_factory=dict)
    reported: Mapping[str, ModelUsage] = field(default_factory=dict)
    """Totals by model of a file that tells no single request's usage."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What else of a request counts as input: each as JSON text, under the key the maker gives it."""
    id: str | None = None
    parent: str | None = None
    """The id of the conversation that it was forked from, or that sent it out as a subagent."""
    is_subagent: bool = False
    title: str | None = None
    project: str | None = None
    model: str | None = None
    host: str | None = None
    """Through which interface the model is asked, where that is told and makes a difference: ``groq``."""
    date: str | None = None
    """When it began, as the file tells it."""
    window: int | None = None
    """The model's context window in tokens, where the file tells it."""
    partial: str | None = None
    """Why the context is not whole in the file, in one sentence."""

    def lanes(self) -> Iterator["Conversation"]:
        """This conversation, then its subagents and theirs."""
        yield self
        for subagent in self.subagents:
            yield from subagent.lanes()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file holds."""

    format: str | None
    """None where no format was recognized."""
    conversations: tuple[Conversation, ...] = ()
    problems: tuple[Problem, ...] = ()


def uncached(prompt: int | None, *cached: int | None) -> int | None:
    """The tokens of a ``prompt`` without the ``cached`` ones, read or written; all of them where these are
    more, for then they are not among them."""
    rest = None if prompt is None else prompt - sum(each or 0 for each in cached)
    return prompt if rest is None or rest < 0 else rest


def add_usage(one: Usage, other: Usage) -> Usage:
    """The sum, field by field; a field that neither tells stays unknown."""

    def add(a: int | None, b: int | None) -> int | None:
        return b if a is None else a if b is None else a + b

    return Usage(*(add(getattr(one, name), getattr(other, name)) for name in Usage.__slots__))


def usage_by_model(conversations: tuple[Conversation, ...]) -> dict[str, ModelUsage]:
    """The recorded usage of the conversations and their subagents, by model."""
    totals: dict[str, ModelUsage] = {}
    for request in (r for c in conversations for lane in c.lanes() for r in lane.requests):
        name = request.model or "unknown"
        known = totals.get(name, ModelUsage(0, Usage()))
        totals[name] = ModelUsage(known.requests + 1, add_usage(known.usage, request.usage))
    return totals


def recorded_sum(conversation: Conversation) -> Usage:
    """What was used in all, of a file that tells the sums alone: its own and its subagents'."""
    told = (each.usage for lane in conversation.lanes() for each in lane.reported.values())
    return reduce(add_usage, told, Usage())


def largest_context(conversations: tuple[Conversation, ...]) -> int | None:
    """The most tokens that one recorded request read, subagents included; None where none is recorded."""
    requests = (r for c in conversations for lane in c.lanes() for r in lane.requests)
    return max((r.usage.context for r in requests if r.usage.context is not None), default=None)


def roles_of(messages: Iterable[Message]) -> dict[str, int]:
    """How many of the messages each role has: a conversation's ``roles`` where its messages are all of it."""
    return dict(Counter(message.role for message in messages))


def last_model(requests: Iterable[Request]) -> str | None:
    """The model of the last of the requests that names one."""
    named = [request.model for request in requests if request.model]
    return named[-1] if named else None


def first_time(messages: Iterable[Message]) -> str | None:
    """The time of the first of the messages that has one."""
    return next((message.time for message in messages if message.time), None)


def count_roles(conversations: tuple[Conversation, ...]) -> Counter[str]:
    """Messages by role, in the formats' own words, over the whole file."""
    return sum((Counter(c.roles) for c in conversations), Counter())


def count_tool_calls(conversations: tuple[Conversation, ...]) -> Counter[str]:
    """Calls by tool over the whole file."""
    return sum((Counter(c.tool_calls) for c in conversations), Counter())
