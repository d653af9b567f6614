"""Aider's chat history: Markdown, to which every session is appended.

A line that begins with ``####`` was typed, one that begins with ``>`` is Aider's own word to the person, the
rest is the answer. Commands are no messages, but for those that ask the model. The tokens in Aider's words
are rounded, or its own estimate where the answer was streamed: they are no usage.
"""

import re
from dataclasses import dataclass, field

from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Compaction, Conversation, Message, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_BEGIN = re.compile(r"# aider chat started at (\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?")
_MODEL = re.compile(r"(?:Main model|Models?): (\S+?)(?:,| with |$)")
_TYPED, _NOTE = "####", "> "
_ASKING = re.compile(r"/(?:ask|code|architect|context)\s+(?=\S)")
"""Commands whose rest is sent to the model."""
_CLEARING = re.compile(r"/(?:clear|reset)\b")
_AFTER_ANSWER = re.compile(r"(?:Tokens: |Applied edit to |Commit |\^C)")
"""What Aider says once an answer has ended, even one in the middle of a fence."""
_SIDES = {"user": Side.USER, "assistant": Side.ASSISTANT, "command": Side.NOTE, "note": Side.NOTE}


@dataclass(slots=True)
class _Chat:
    """One session while its lines are read."""

    parts: PartFactory
    date: str | None = None
    model: str | None = None
    messages: list[Message] = field(default_factory=list)
    compactions: list[Compaction] = field(default_factory=list)
    role: str = ""
    lines: list[str] = field(default_factory=list)
    begun: int = 0
    fenced: bool = False
    """Whether the answer is in the middle of a code block, whose lines may begin as notes do."""

    def take(self, number: int, line: str) -> None:
        """One line, without its end."""
        if line.startswith(_TYPED) and line[4:5] in ("", " "):
            self._go_on("user", number, line[5:].removesuffix("  "))
        elif line.startswith(_NOTE) and not (self.fenced and not _AFTER_ANSWER.match(line[2:])):
            said = line[2:].removesuffix("  ")
            if match := _MODEL.match(said):
                self.model = match[1]
            self._go_on("note", number, said)
        elif not line.strip() and self.role != "assistant":
            self.close()  # what is typed next is another message
        else:
            self._go_on("assistant", number, line)
            self.fenced ^= line.startswith("```")

    def _go_on(self, role: str, number: int, line: str) -> None:
        if role != self.role:
            self.close()
            self.role, self.begun, self.fenced = role, number, False
        self.lines.append(line)

    def close(self) -> None:
        """End the message under way."""
        words, role = "\n".join(self.lines).strip("\n"), self.role
        self.role, self.lines = "", []
        if role == "user" and words.startswith(("/", "!")) and not words.startswith("//"):
            if _CLEARING.match(words):
                self.compactions.append(Compaction(len(self.messages), "clear", line=self.begun))
            asked = _ASKING.sub("", words, count=1)
            role, words = ("command", words) if asked == words else ("user", asked)
        if words.strip() and words != "<blank>":
            content = (self.parts.text(PartKind.TEXT, words, line=self.begun),)
            self.messages.append(Message(role, _SIDES[role], content, self.begun))


def read(source: Source) -> list[Conversation]:
    """The sessions in which something was said, in the order of the file."""
    parts = PartFactory()
    chats = [_Chat(parts)]
    for number, line in enumerate((source.prose or "").split("\n"), 1):
        line = line.removesuffix("\r")
        if match := _BEGIN.match(line):
            chats[-1].close()
            chats.append(_Chat(parts, f"{match[1]}T{match[2]}" if match[2] else match[1]))
        else:
            chats[-1].take(number, line)
    chats[-1].close()
    found = [_conversation(chat) for chat in chats]
    spoken = [one for one in found if any(message.side is not Side.NOTE for message in one.messages)]
    return spoken or found[-1:]


def _conversation(chat: _Chat) -> Conversation:
    return Conversation(
        format="aider",
        messages=tuple(chat.messages),
        compactions=tuple(chat.compactions),
        roles=roles_of(chat.messages),
        title=first_words(chat.messages),
        model=chat.model,
        date=chat.date,
        partial=_("The system prompt, the files and the map of the code that are sent are not in the file."),
    )


AIDER = Format("aider", lambda source: source.prose is not None, read)
