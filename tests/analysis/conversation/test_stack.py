"""The layers of a window, in figures and words."""

from tokviz.analysis.conversation.counted_context import ContextPart
from tokviz.analysis.conversation.stack import Layer, layers_of
from tokviz.conversations.model import Side


def test_a_message_of_several_texts_is_one_message() -> None:
    parts = [
        ContextPart("text", 5, "user", Side.USER, message=0),
        ContextPart("text", 7, "user", Side.USER, message=0),
        ContextPart("text", 9, "assistant", Side.ASSISTANT, message=1),
        ContextPart("tool_call", 2, "assistant", Side.ASSISTANT, message=1),
        ContextPart("tool_call", 3, "assistant", Side.ASSISTANT, message=1),
        ContextPart("text", 4, "user", Side.USER, message=2),
    ]
    told = {row.layer: (row.tokens, row.detail) for row in layers_of(parts)}
    assert told == {
        Layer.USER: (16, "2 messages"),
        Layer.ASSISTANT: (9, "1 message"),
        Layer.CALLS: (5, "2 calls"),
    }
