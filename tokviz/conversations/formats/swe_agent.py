"""SWE-agent's trajectories: ``history`` holds the messages, ``info.model_stats`` only totals."""

from tokviz.conversations.fields import fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, ModelUsage, Usage, roles_of
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _


def read(source: Source) -> list[Conversation]:
    """The one trajectory of the file."""
    parts, whole = PartFactory(), source.first
    told = items(whole, "history")
    steps = objects(whole.get("trajectory"))
    if not told and steps:  # each step holds all messages up to it
        told = items(steps[-1], "messages", "query")
    messages = read_messages(parts, told)
    stats = fields_at(fields_at(whole, "info"), "model_stats")
    sent, received = number(stats, "tokens_sent"), number(stats, "tokens_received")
    usage = Usage(input=sent or None, output=received or None)
    reported = {"unknown": ModelUsage(number(stats, "api_calls") or 0, usage)} if stats else {}
    return [
        Conversation(
            format="swe-agent",
            messages=tuple(messages),
            roles=roles_of(messages),
            tool_calls=dict(parts.tool_calls),
            reported=reported,
            title=first_words(messages),
            project=text(whole, "environment"),
            partial=_("The tools are not in the file."),
        )
    ]


def _recognizes(source: Source) -> bool:
    whole = source.first
    if isinstance(whole.get("trajectory"), list):
        return "history" in whole or "info" in whole
    return any("message_type" in message for message in objects(items(whole, "history")[:5]))


SWE_AGENT = Format("swe-agent", _recognizes, read)
