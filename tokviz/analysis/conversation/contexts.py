"""What a request of a conversation reads: which messages, and what the provider recorded of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tokviz.analysis.formatting import grouped
from tokviz.conversations.model import Conversation, Request
from tokviz.language import _


@dataclass(frozen=True, slots=True)
class NumberedRequest:
    """A recorded request, counted from 1 over all conversations of a file, subagents after their parent."""

    number: int
    lane: Conversation
    request: Request


@dataclass(frozen=True, slots=True)
class Context:
    """``messages[start:end]`` of a conversation, as one request reads them."""

    conversation: Conversation
    start: int
    end: int
    recorded: NumberedRequest | None = None
    """The request itself; of a whole conversation the last one since it was compacted."""

    @property
    def lane(self) -> Conversation:
        """The conversation of the file that it is of, whose messages may have been altered since."""
        return self.recorded.lane if self.recorded else self.conversation

    @property
    def recorded_tokens(self) -> int | None:
        """What the provider says the recorded request read."""
        return None if self.recorded is None else self.recorded.request.usage.context


class NoSuchRequestError(LookupError):
    """``str()`` is a sentence that says which requests there are."""


def numbered_requests(conversations: Sequence[Conversation]) -> list[NumberedRequest]:
    """All recorded requests in order."""
    return [
        NumberedRequest(number, lane, request)
        for number, (lane, request) in enumerate(_requests(conversations), 1)
    ]


def _requests(conversations: Sequence[Conversation]) -> Iterator[tuple[Conversation, Request]]:
    for conversation in conversations:
        for lane in conversation.lanes():
            for request in lane.requests:
                yield lane, request


def by_lane(requests: Sequence[NumberedRequest]) -> dict[int, list[NumberedRequest]]:
    """The requests of each conversation, by its ``id``: a log may have as many conversations as requests."""
    found: dict[int, list[NumberedRequest]] = {}
    for one in requests:
        found.setdefault(id(one.lane), []).append(one)
    return found


def whole_contexts(
    conversations: Sequence[Conversation], requests: Sequence[NumberedRequest]
) -> list[Context]:
    """For each conversation what its next request would read: everything since it was last compacted.

    Subagents have contexts of their own and are not in their parent's.
    """
    lanes = by_lane(requests)
    return [_whole(conversation, lanes.get(id(conversation), ())) for conversation in conversations]


def _whole(conversation: Conversation, requests: Sequence[NumberedRequest]) -> Context:
    start = conversation.compactions[-1].message if conversation.compactions else 0
    own = [one for one in requests if one.request.start == start and one.request.usage.context is not None]
    return Context(conversation, start, len(conversation.messages), own[-1] if own else None)


def context_of(requests: Sequence[NumberedRequest], number: int) -> Context:
    """What the request of that number read; NoSuchRequestError if that is not known."""
    if not requests:
        raise NoSuchRequestError(_("The file records no request's usage."))
    if not 1 <= number <= len(requests):
        asked, known = grouped(number), grouped(len(requests))
        raise NoSuchRequestError(
            _("There is no request {number}; the file records {known}.", number=asked, known=known)
        )
    found = requests[number - 1]
    start, end = found.request.start, found.request.end
    if start is None or end is None:
        raise NoSuchRequestError(
            _("Request {number} stands on a branch that was abandoned.", number=grouped(number))
        )
    return Context(found.request.sent or found.lane, start, end, found)
