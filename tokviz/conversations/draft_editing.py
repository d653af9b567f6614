"""Changing a draft: what can be chosen in it, what is done to it, and undoing that."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from tokviz.conversations.draft import Draft, DraftFile, DraftMessage
from tokviz.conversations.fields import parsed
from tokviz.conversations.model import Tool
from tokviz.conversations.parts import tools_of
from tokviz.language import N_, TranslatedEnum, _

_MOST_UNDONE = 200


class Kind(TranslatedEnum):
    """What an entry of a draft is."""

    SYSTEM = N_("system prompt")
    TOOLS = N_("tools")
    MESSAGE = N_("message")
    FILE = N_("file")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a draft that has a text: the message is counted from 0, so is the file in it."""

    kind: Kind
    message: int = 0
    file: int = 0


class DraftEditor:
    """A draft with what was done to it. Every change can be undone; ``changed`` is called after each."""

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self.draft = Draft()
        self.opened = Draft()
        """What it was when it was opened or saved."""
        self._undo: list[Draft] = []
        self._redo: list[Draft] = []
        self._typing: Entry | None = None

    @property
    def modified(self) -> bool:
        """Whether it differs from what was opened or saved."""
        return self.draft != self.opened

    @property
    def entries(self) -> list[Entry]:
        """All that can be chosen, in order."""
        found = [Entry(Kind.SYSTEM), Entry(Kind.TOOLS)]
        for number, message in enumerate(self.draft.messages):
            found.append(Entry(Kind.MESSAGE, number))
            found += [Entry(Kind.FILE, number, place) for place in range(len(message.files))]
        return found

    def open(self, draft: Draft, opened: Draft | None = None) -> None:
        """Begin with another draft; nothing of before can be undone. ``opened``: what it was when it was
        opened or saved, where it was edited since."""
        self.draft, self.opened = draft, opened or draft
        self._undo, self._redo, self._typing = [], [], None
        self._changed()

    def saved(self, draft: Draft) -> None:
        """This version of it is in a file now."""
        self.opened = draft

    def text(self, entry: Entry) -> str:
        """The text of an entry; of the tools, the list as MCP servers give it."""
        match entry.kind:
            case Kind.SYSTEM:
                return self.draft.system
            case Kind.TOOLS:
                return tools_json(self.draft.tools)
            case Kind.MESSAGE:
                return self.draft.messages[entry.message].text
        return self.draft.messages[entry.message].files[entry.file].text

    def set_text(self, entry: Entry, text: str) -> None:
        """Change the text of an entry. ValueError in a sentence if it is no list of tools."""
        if text == self.text(entry):
            return
        match entry.kind:
            case Kind.SYSTEM:
                self._take(replace(self.draft, system=text), entry)
            case Kind.TOOLS:
                self._take(replace(self.draft, tools=read_tools(text)), entry)
            case Kind.MESSAGE:
                message = self.draft.messages[entry.message]
                self._replace(entry.message, replace(message, text=text), entry)
            case Kind.FILE:
                message = self.draft.messages[entry.message]
                file = replace(message.files[entry.file], text=text)
                files = (*message.files[: entry.file], file, *message.files[entry.file + 1 :])
                self._replace(entry.message, replace(message, files=files), entry)

    def set_role(self, number: int, role: str) -> None:
        """Have somebody else say a message."""
        message = self.draft.messages[number]
        if message.role != role:
            self._replace(number, replace(message, role=role))

    def add_message(self, after: int | None = None) -> Entry:
        """Put an empty message behind another, or at the end: the other side's turn."""
        messages = self.draft.messages
        place = len(messages) if after is None else after + 1
        answers = "model" if any(one.role == "model" for one in messages) else "assistant"
        role = answers if place and messages[place - 1].role == "user" else "user"
        self._take(
            replace(self.draft, messages=(*messages[:place], DraftMessage(role, ""), *messages[place:]))
        )
        return Entry(Kind.MESSAGE, place)

    def attach(self, number: int, name: str, text: str) -> Entry:
        """Have a file go with a message."""
        message = self.draft.messages[number]
        self._replace(number, replace(message, files=(*message.files, DraftFile(name, text))))
        return Entry(Kind.FILE, number, len(message.files))

    def remove(self, entry: Entry) -> None:
        """Take a message with its files, a file, the system prompt or all tools away."""
        messages = self.draft.messages
        match entry.kind:
            case Kind.MESSAGE:
                rest = (*messages[: entry.message], *messages[entry.message + 1 :])
                self._take(replace(self.draft, messages=rest))
            case Kind.FILE:
                files = messages[entry.message].files
                left = (*files[: entry.file], *files[entry.file + 1 :])
                self._replace(entry.message, replace(messages[entry.message], files=left))
            case Kind.SYSTEM:
                self._take(replace(self.draft, system=""))
            case Kind.TOOLS:
                self._take(replace(self.draft, tools=()))

    def move(self, number: int, by: int) -> int:
        """Move a message up (-1) or down (1); where it stands then."""
        messages, place = list(self.draft.messages), number + by
        if not 0 <= place < len(messages):
            return number
        messages[number], messages[place] = messages[place], messages[number]
        self._take(replace(self.draft, messages=tuple(messages)))
        return place

    def undo(self) -> bool:
        """Take the last change back; False if there is none."""
        return self._step(self._undo, self._redo)

    def redo(self) -> bool:
        """Do again what was undone; False if nothing was."""
        return self._step(self._redo, self._undo)

    def _step(self, here: list[Draft], there: list[Draft]) -> bool:
        if not here:
            return False
        there.append(self.draft)
        self.draft = here.pop()
        self._typing = None
        self._changed()
        return True

    def _replace(self, number: int, message: DraftMessage, typing: Entry | None = None) -> None:
        messages = self.draft.messages
        self._take(
            replace(self.draft, messages=(*messages[:number], message, *messages[number + 1 :])), typing
        )

    def _take(self, draft: Draft, typing: Entry | None = None) -> None:
        if typing is None or typing != self._typing:
            self._undo = [*self._undo[1 - _MOST_UNDONE :], self.draft]
        self._redo = []
        self._typing = typing
        self.draft = draft
        self._changed()


def tools_json(tools: tuple[Tool, ...]) -> str:
    """Tools as an MCP server lists them; empty if there are none."""
    if not tools:
        return ""
    told = [
        {
            key: value
            for key, value in (
                ("name", tool.name),
                ("description", tool.description),
                ("inputSchema", parsed(tool.schema) if tool.schema else None),
            )
            if value is not None
        }
        for tool in tools
    ]
    return json.dumps({"tools": told}, ensure_ascii=False, indent=2)


def read_tools(text: str) -> tuple[Tool, ...]:
    """The tools in JSON of any maker's shape or of an MCP server. ValueError in a sentence."""
    if not text.strip():
        return ()
    value = parsed(text)
    if isinstance(value, dict) and isinstance(value.get("result"), dict):
        value = value["result"]
    if isinstance(value, dict) and "tools" in value:
        value = value["tools"]
    found = tools_of(value) if isinstance(value, (list, dict)) else None
    if found is None or any(not tool.name for tool in found):
        raise ValueError(
            _("The tools must be JSON: a list of tools, each with a name, as MCP servers give it.")
        )
    return found
