"""Requests with the responses to them, as logs and recordings of an interface have them, whoever made it.

A request that goes on from an earlier one has all of that one's messages: the two are one conversation, and
each is a recorded request of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import takewhile

from tokviz.conversations.fields import Fields, text
from tokviz.conversations.formats.answers import Answer, read_answer
from tokviz.conversations.formats.anthropic import ANTHROPIC, BEDROCK_CONVERSE
from tokviz.conversations.formats.completions import COMPLETIONS
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gemini_request import GEMINI
from tokviz.conversations.formats.openai_chat import COHERE, OLLAMA, OPENAI_CHAT
from tokviz.conversations.formats.openai_responses import OPENAI_RESPONSES
from tokviz.conversations.formats.requests import looks_like_request
from tokviz.conversations.model import (
    Altered,
    Conversation,
    Message,
    PartKind,
    Request,
    Side,
    Tool,
    Usage,
    last_model,
    roles_of,
)
from tokviz.conversations.parts import PartFactory
from tokviz.conversations.source import Source
from tokviz.language import _

REQUESTS = (BEDROCK_CONVERSE, ANTHROPIC, GEMINI, COHERE, OLLAMA, OPENAI_CHAT, OPENAI_RESPONSES, COMPLETIONS)
"""The requests that are known, in the order in which they are tried."""
API_LOG = "api-log"
_ANSWERS_ALONE = _("What these requests read is not in the file.")
_MANY = _("There are very many requests; later ones are shown with the last one's system prompt and tools.")
_MOST_MESSAGES = 1_000_000
"""As many as the requests of a file that name the response before them may hold in all: each has all that
came before, so that they grow with the square of their number."""
_SEVERAL = _("Some requests have several answers: only the first is shown, but what was used is that of all.")
_LATEST = 50
"""Threads among which it is looked for the one that a request goes on from."""
_NO_ANSWER = ("count_tokens", "countTokens", "embed", "moderations", "rerank")
"""What the addresses of requests hold that ask no model to answer."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One entry of a log."""

    asked: Fields
    """The request's body."""
    answered: Fields
    """The response's; empty if the log has none."""
    position: int
    """Its line, or its number in the file."""
    address: str = ""
    time: str | None = None
    key: str | None = None
    """The log's own id of it."""
    usage: Usage = field(default_factory=Usage)
    """What the log itself tells; the response's own goes before it."""
    model: str | None = None
    """As the log tells it beside the request."""


@dataclass(slots=True)
class _Thread:
    """Requests each of which goes on from the one before: the last one, and what was recorded of all."""

    asked: Conversation
    answers: tuple[Message, ...] = ()
    requests: list[Request] = field(default_factory=list)
    date: str | None = None
    last: str | None = None
    """The id of the last response."""
    several: bool = False
    """A request has more answers than the one that is shown."""
    many: bool = False
    """Some of the requests are not held as they were sent: see ``_MOST_MESSAGES``."""

    def goes_on(self, asked: Conversation) -> bool:
        """Whether what is asked begins with all that was asked before, and more follows.

        The system prompt may be another than before, or the tools; where both are, it is another agent.
        """
        before, now = self.asked.messages, asked.messages
        if not 0 < len(before) < len(now) or self.asked.format != asked.format:
            return False
        first = next((at for at, message in enumerate(before) if message.side is not Side.SYSTEM), 0)
        return (
            _said(before[first]) == _said(now[first])
            and _said(before[-1]) == _said(now[len(before) - 1])
            and (_system(self.asked) == _system(asked) or _tools(self.asked) == _tools(asked))
        )


def asks_model(address: str, asked: Fields) -> bool:
    """Whether it is a request that a model answers with text."""
    return looks_like_request(asked) and not any(other in address for other in _NO_ANSWER)


def conversations_of(source: Source, exchanges: Iterable[Exchange]) -> list[Conversation]:
    """One conversation for each thread; of an entry that no maker's request is in, the source is told."""
    threads: list[_Thread] = []
    without: list[Request] = []
    seen: set[str] = set()
    joined = 0
    for exchange in exchanges:
        asked = _request(source, exchange)
        if asked is None:
            if exchange.answered:
                threads.append(_answered(exchange))
            elif (request := _recorded(exchange, Answer((), Usage()))) is not None:
                without.append(request)
            else:
                source.tell_no_messages(exchange.position)
            continue
        late = threads[: -_LATEST - 1 : -1]
        before = _named(late, exchange)
        if before is not None:
            asked = _continued(before, asked)
            joined += len(asked.messages)
        named = before is not None and before.goes_on(asked)
        thread = before if named else next((each for each in late if each.goes_on(asked)), None)
        if thread is None:
            thread = _Thread(asked, date=exchange.time)
            threads.append(thread)
        _add(thread, asked, exchange, seen, joined if named else None)
    if any(thread.several for thread in threads):
        source.problems.add(_SEVERAL)
    found = [_conversation(thread) for thread in threads]
    return [*found, _without_bodies(without)] if without else found


def _request(source: Source, exchange: Exchange) -> Conversation | None:
    if not asks_model(exchange.address, exchange.asked):
        return None
    element = source.element(exchange.position, {"url": exchange.address, "body": exchange.asked})
    known = _maker(element)
    found = known.read(element)[0] if known else None
    return replace(found, model=found.model or exchange.model) if found else None


def _answered(exchange: Exchange) -> _Thread:
    """A response alone, as the output of a batch has it."""
    answer = read_answer(PartFactory(), exchange.answered, 1)
    asked = Conversation(API_LOG, model=answer.model or exchange.model, partial=_ANSWERS_ALONE)
    thread = _Thread(asked, answer.messages, date=exchange.time, several=answer.several)
    if (request := _recorded(exchange, answer, asked)) is not None:
        thread.requests.append(replace(request, sent=None))
    return thread


def _maker(source: Source) -> Format | None:
    return next((each for each in REQUESTS if each.recognizes(source)), None)


def read_lines(source: Source) -> tuple[str, list[Conversation]]:
    """Requests, one a line and to whichever maker: the name of their format, or ``API_LOG`` if they have
    several; and a conversation for each."""
    found: list[Conversation] = []
    names: set[str] = set()
    for record in source.records():
        element = source.element(record.line, {"body": record.fields})
        known = _maker(element)
        if known is None:
            source.tell_no_messages(record.line)
            continue
        names.add(known.name)
        found += known.read(element)
    return names.pop() if len(names) == 1 else API_LOG, found


def _add(
    thread: _Thread, asked: Conversation, exchange: Exchange, seen: set[str], joined: int | None
) -> None:
    """``joined``: that it was given all that is in the thread, and how many messages such requests have."""
    answer = read_answer(PartFactory(), exchange.answered, len(asked.messages) + 1)
    same = joined is not None
    altered = _altered(thread.asked, asked, same) if thread.requests else None
    asked = _sharing(thread.asked, asked, same)
    thread.asked, thread.answers, thread.last = asked, answer.messages, answer.key
    thread.several |= answer.several
    request = _recorded(exchange, answer, asked, altered)
    if request is not None and (request.key is None or request.key not in seen):
        seen |= {request.key} if request.key else set()
        if joined is not None and joined > _MOST_MESSAGES:
            thread.many, request = True, replace(request, sent=None)
        thread.requests.append(request)


def _named(threads: Iterable[_Thread], exchange: Exchange) -> _Thread | None:
    """The one whose last response the request names as the one that it goes on from."""
    name = text(exchange.asked, "previous_response_id")
    return next((each for each in threads if name is not None and each.last == name), None)


def _continued(before: _Thread, asked: Conversation) -> Conversation:
    """With all that came before, which a request that names a response does not repeat."""
    messages = before.asked.messages + before.answers + asked.messages
    return replace(asked, messages=messages, partial=before.asked.partial)


def _recorded(
    exchange: Exchange, answer: Answer, asked: Conversation | None = None, altered: Altered | None = None
) -> Request | None:
    usage = answer.usage if answer.usage.context or answer.usage.output else exchange.usage
    if not usage.context and not usage.output:
        return None
    model = answer.model or (asked.model if asked else None) or exchange.model
    key = answer.key or exchange.key
    end = len(asked.messages) if asked else 0
    return Request(model, usage, exchange.position, exchange.time, 0, end, key, altered, asked)


def _without_bodies(requests: list[Request]) -> Conversation:
    """Those whose bodies the log left out: their usage is all that is known of them."""
    return Conversation(
        format=API_LOG,
        requests=tuple(requests),
        model=last_model(requests),
        date=requests[0].time,
        partial=_ANSWERS_ALONE,
    )


def _conversation(thread: _Thread) -> Conversation:
    messages = (*thread.asked.messages, *thread.answers)
    parts = (part for message in messages for part in message.parts)
    return replace(
        thread.asked,
        messages=messages,
        requests=tuple(thread.requests),
        roles=roles_of(messages),
        tool_calls=dict(Counter(str(part.name) for part in parts if part.kind is PartKind.TOOL_CALL)),
        model=thread.asked.model or next((one.model for one in thread.requests), None),
        date=thread.date,
        partial=_MANY if thread.many else thread.asked.partial,
    )


def _sharing(before: Conversation, now: Conversation, same: bool) -> Conversation:
    """``now`` with the objects of what is the same before: a log repeats all from request to request."""
    pairs = () if same else zip(before.messages, now.messages, strict=False)
    shared = tuple(one if one == other else other for one, other in pairs)
    return replace(
        now,
        messages=now.messages if same else (*shared, *now.messages[len(shared) :]),
        system=before.system if before.system == now.system else now.system,
        tools=before.tools if before.tools == now.tools else now.tools,
    )


def _altered(before: Conversation, now: Conversation, same: bool) -> Altered:
    """What of all that was asked before is not in what is asked now; ``same``: its messages are."""
    if _tools(before) != _tools(now):
        return Altered("tools")
    if _system(before) != _system(now):
        return Altered("system")
    pairs = () if same else zip(before.messages, now.messages, strict=False)
    changed = next((at for at, (one, other) in enumerate(pairs, 1) if _said(one) != _said(other)), None)
    return Altered("nothing") if changed is None else Altered("message", changed)


def _tools(asked: Conversation) -> list[Tool]:
    return [replace(tool, cache=None) for tool in asked.tools or ()]


def _system(asked: Conversation) -> list[str | None]:
    """The texts before the first message that is no system prompt."""
    first = takewhile(lambda message: message.side is Side.SYSTEM, asked.messages)
    return [part.text for part in (*asked.system, *(part for message in first for part in message.parts))]


def _said(message: Message) -> tuple[object, ...]:
    """What of a message stays as it was when it is sent again: what it asks of the cache does not."""
    return (message.role, *((part.kind, part.text, part.size, part.name) for part in message.parts))
