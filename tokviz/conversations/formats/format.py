"""What an adapter is: a name, a rule that recognizes the format by content, and a reader."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tokviz.conversations.model import Conversation
from tokviz.conversations.source import Source

Read: TypeAlias = Callable[[Source], list[Conversation]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``recognizes`` looks at ``source.document`` and ``source.head`` only.

    ``read`` gives every conversation of the file and adds what it cannot read to ``source.problems``.
    """

    name: str
    recognizes: Callable[[Source], bool]
    read: Read
