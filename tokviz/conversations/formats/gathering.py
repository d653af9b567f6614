"""What adapters gather while they read a session line by line, and the conversation that becomes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tokviz.conversations.model import (
    Compaction,
    Conversation,
    Message,
    Part,
    Request,
    Side,
    Usage,
    first_time,
    last_model,
    roles_of,
)
from tokviz.conversations.parts import PartFactory, first_words


@dataclass(slots=True)
class Gathered:
    """A session as far as it was read; adapters add to it what each line tells."""

    parts: PartFactory = field(default_factory=PartFactory)
    messages: list[Message] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    compactions: list[Compaction] = field(default_factory=list)

    @property
    def start(self) -> int:
        """The message that requests begin with now: what stands above was compacted."""
        return self.compactions[-1].message if self.compactions else 0

    def say(self, role: str, side: Side, found: Sequence[Part], line: int, time: str | None = None) -> None:
        """Append a message."""
        self.messages.append(Message(role, side, tuple(found), line, time))

    def use(
        self,
        model: str | None,
        usage: Usage,
        line: int,
        time: str | None,
        key: str | None = None,
        end: int | None = None,
    ) -> None:
        """Append a request that read all messages up to ``end``, or up to here; not one that used nothing."""
        if usage.context or usage.output:
            end = len(self.messages) if end is None else end
            self.requests.append(Request(model, usage, line, time, min(self.start, end), end, key))

    def compact(self, line: int, before: int | None = None, after: int | None = None) -> None:
        """From here on, requests carry only what follows."""
        self.compactions.append(Compaction(len(self.messages), None, before, after, line))

    def conversation(
        self, form: str, *, title: str | None = None, model: str | None = None, date: str | None = None
    ) -> Conversation:
        """All of it. What the file does not tell of title, model and date is taken from what was gathered."""
        return Conversation(
            format=form,
            messages=tuple(self.messages),
            requests=tuple(self.requests),
            compactions=tuple(self.compactions),
            roles=roles_of(self.messages),
            tool_calls=dict(self.parts.tool_calls),
            title=title or first_words(self.messages),
            model=model or last_model(self.requests),
            date=date or first_time(self.messages),
        )
