"""Sessions of Factory's Droid: ``session_start``, then messages in Anthropic's blocks; no usage.

A compaction's summary takes the place of all above it.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import Conversation, PartKind, Side
from tokviz.conversations.parts import side_of
from tokviz.conversations.source import Record, Source
from tokviz.language import _

_SUMMARY = "compaction summary"  # verbatim


@dataclass(slots=True)
class _Session(Gathered):
    """Gathers the messages while the lines are read."""

    header: Fields = field(default_factory=dict)
    roles: Counter[str] = field(default_factory=Counter)
    model: str | None = None

    def take(self, record: Record) -> None:
        """One line."""
        fields, line, time = record.fields, record.line, text(record.fields, "timestamp")
        match text(fields, "type"):
            case "session_start":
                self.header = self.header or {**fields_at(fields, "session"), **fields}
            case "message":
                told = fields_at(fields, "message")
                role = text(told, "role") or "unknown"
                self.roles[role] += 1
                self.model = text(told, "model", "modelId") or text(fields, "modelId") or self.model
                found = self.parts.blocks(told.get("content"), line=line)
                self.say(role, side_of(role), found, line, time)
            case "compaction_state":
                summary = text(fields, "summaryText") or text(fields_at(fields, "summary"), "body")
                self.compact(line)
                if summary:
                    said = self.parts.text(PartKind.TEXT, summary, line=line)
                    self.say(_SUMMARY, Side.USER, [said], line, time)


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    session = _Session()
    for record in source.records():
        session.take(record)
    header = session.header
    title = text(header, "sessionTitle", "title")
    return [
        replace(
            session.conversation("droid", title=title, model=session.model),
            roles=dict(session.roles),
            id=text(header, "id"),
            project=text(header, "cwd"),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


DROID = Format(
    "droid",
    lambda source: (
        any(record.fields.get("type") == "session_start" for record in source.head)
        and any("role" in fields_at(record.fields, "message") for record in source.head)
    ),
    read,
)
