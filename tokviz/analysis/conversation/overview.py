"""What the window shows of a conversation before it is counted: requests, lanes, messages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.cache_misses import CacheMiss, cache_misses
from tokviz.analysis.conversation.contexts import NumberedRequest, numbered_requests
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.analysis.conversation.recorded_cost import request_cost, total_cost
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.model import Conversation, Message, PartKind, Reading, recorded_sum
from tokviz.conversations.parts import first_words
from tokviz.language import _
from tokviz.lists import listed

_LONGEST = 120
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One request as its provider recorded it. None is unknown."""

    number: int
    lane: int
    """Index of its ``Lane``."""
    read: int | None
    """Tokens that the cache gave."""
    write: int | None
    """Tokens that the cache took."""
    fresh: int | None
    context: int | None
    """All of them."""
    output: int | None
    cost: Decimal | None
    """US dollars at today's prices."""
    model: str | None
    time: str | None
    shown: bool
    """Whether its messages are on the live branch, so that its context can be shown."""
    reread: int = 0
    """Tokens that the cache could have given and did not: a miss."""
    why: str = ""
    """Why it missed, in a sentence."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The conversation itself (the first), or one of its subagents."""

    title: str
    messages: int


@dataclass(frozen=True, slots=True)
class CompactionMark:
    """A compaction stands before the request ``before``, or after the one before that, if it was the last."""

    before: int
    saved: int | None
    """Tokens; None where neither the file nor the requests around it tell."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One conversation of a file."""

    format: str
    title: str
    conversation: int
    """Its index in the file."""
    conversations: int
    """How many the file holds."""
    problems: tuple[str, ...]
    lanes: tuple[Lane, ...]
    requests: tuple[RecordedRequest, ...]
    compactions: tuple[CompactionMark, ...]
    messages: int
    tool_results: int
    own: AnsweringModel
    """For which model it is counted unless another is chosen."""
    partial: str | None
    """Why it is not whole in the file."""
    read_in_all: int | None = None
    """Tokens of all requests, where the file tells their sum alone."""

    @property
    def cost(self) -> Decimal | None:
        """US dollars of all requests; None if one of them is unknown."""
        return total_cost([one.cost for one in self.requests])

    @property
    def cached(self) -> float | None:
        """The share of all input that the cache gave."""
        given = [one.read for one in self.requests if one.read is not None]
        whole = sum(one.context or 0 for one in self.requests)
        return sum(given) / whole if given and whole else None


def overview(reading: Reading, index: int, own: AnsweringModel, models: Sequence[LanguageModel]) -> Overview:
    """Of the conversation ``index`` of a file, which has one."""
    conversation = reading.conversations[index]
    lanes = list(conversation.lanes())
    places = {id(lane): place for place, lane in enumerate(lanes)}
    numbered = [one for one in numbered_requests(reading.conversations) if id(one.lane) in places]
    find = model_finder(models)
    misses = {miss.number: miss for miss in cache_misses(numbered, find)}
    requests = tuple(
        _recorded(one, places[id(one.lane)], misses.get(one.number), find(one.request.model))
        for one in numbered
    )
    return Overview(
        reading.format or "",
        conversation_title(conversation),
        index,
        len(reading.conversations),
        tuple(problem.sentence for problem in reading.problems),
        tuple(_lane(lane, place) for place, lane in enumerate(lanes)),
        requests,
        tuple(_compactions(lanes, numbered)),
        sum(_is_message(message) for message in conversation.messages),
        sum(part.kind is PartKind.TOOL_RESULT for m in conversation.messages for part in m.parts),
        own,
        conversation.partial,
        recorded_sum(conversation).context,
    )


def conversation_title(conversation: Conversation) -> str:
    """What it is called in lists."""
    return shortened(conversation.title or conversation.id or "")


def shortened(text: str, most: int = _LONGEST) -> str:
    """Its first words on one line."""
    words = " ".join(text[: 4 * most].split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def message_title(message: Message) -> str:
    """The first words of a message, such as were typed before others; where it has none, what it holds."""
    if words := first_words([message]):
        return shortened(words)
    for part in message.parts:
        if part.kind is PartKind.TEXT and part.text and not part.text.isspace():
            return shortened(part.text)
    if any(part.kind is PartKind.TOOL_CALL for part in message.parts):
        names = (part.name or _("a tool") for part in message.parts if part.kind is PartKind.TOOL_CALL)
        # Translators: what a message does.
        return _("calls {tools}", tools=listed(dict.fromkeys(names)))
    return message.role


def _is_message(message: Message) -> bool:
    """Whether somebody speaks, and not a tool's result alone."""
    return any(part.kind is not PartKind.TOOL_RESULT for part in message.parts) or not message.parts


def _lane(conversation: Conversation, place: int) -> Lane:
    name = conversation.title or conversation.id or _("subagent {number}", number=place)
    return Lane(shortened(name) if place else _("conversation"), len(conversation.messages))


def _recorded(
    one: NumberedRequest, lane: int, miss: CacheMiss | None, model: LanguageModel | None
) -> RecordedRequest:
    usage = one.request.usage
    return RecordedRequest(
        one.number,
        lane,
        usage.cache_read,
        usage.cache_write,
        usage.input,
        usage.context,
        usage.output,
        request_cost(usage, model.prices if model else None),
        one.request.model,
        one.request.time,
        one.request.start is not None and one.request.end is not None,
        miss.reread if miss else 0,
        miss.sentence if miss else "",
    )


def _compactions(
    lanes: Sequence[Conversation], requests: Sequence[NumberedRequest]
) -> Iterator[CompactionMark]:
    for lane in lanes:
        own = [one for one in requests if one.lane is lane and one.request.start is not None]
        for compaction in lane.compactions:
            later = [one for one in own if (one.request.start or 0) >= compaction.message]
            earlier = [one for one in own if (one.request.start or 0) < compaction.message]
            if not later and not earlier:
                continue
            before, after = compaction.before, compaction.after
            if before is None and earlier:
                before = earlier[-1].request.usage.context
            if after is None and later:
                after = later[0].request.usage.context
            saved = None if before is None or after is None else before - after
            yield CompactionMark(later[0].number if later else earlier[-1].number + 1, saved)
