"""What messages and conversations are called."""

import pytest

from tokviz.analysis.conversation.overview import message_title
from tokviz.conversations.model import Message, Part, PartKind, Side


@pytest.mark.parametrize(
    ("role", "words", "title"),
    [
        ("user", "Add tide warnings\nto the page", "Add tide warnings"),
        ("user", "<command-message>init…</command-message>\n<command-name>/init</command-name>", "/init"),
        ("user", "# Context from my IDE setup:\n\n## My request for Codex:\nmend it", "mend it"),
        ("user", "<environment_context> of a program", "<environment_context> of a program"),
        ("assistant", "Yes,\nof course", "Yes, of course"),
    ],
)
def test_a_message_is_called_by_what_was_typed(role: str, words: str, title: str) -> None:
    assert message_title(Message(role, Side.USER, (Part(PartKind.TEXT, words),))) == title
