"""What a request asks for beside its messages and tools: how the model must answer."""

from dataclasses import dataclass
from typing import Literal

from tokviz.conversations.fields import Fields, fields_at, parsed, text
from tokviz.conversations.model import Conversation


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON schema that the answer must follow, with what OpenAI adds to it."""

    schema: Fields
    name: str = ""
    description: str = ""


def answer_schema(conversation: Conversation) -> AnswerSchema | None:
    """The schema that the answer must follow; None if none is asked for."""
    for key in ("response_format", "text", "output_config", "output_format"):
        asked = parsed(conversation.options.get(key, ""))
        if not isinstance(asked, dict):
            continue
        form = fields_at(asked, "format") or asked
        named = fields_at(form, "json_schema")
        holder = named if "schema" in named else form
        schema = fields_at(holder, "schema") or (named if "properties" in named else None)
        if schema:
            return AnswerSchema(schema, text(holder, "name") or "", text(holder, "description") or "")
    return None


def tool_choice(conversation: Conversation) -> Literal["auto", "forced", "named", "none"]:
    """Whether the model may choose, must call some tool, or one that is named, or may call none."""
    chosen = parsed(conversation.options.get("tool_choice", ""))
    if isinstance(chosen, dict):
        if text(chosen, "name") or fields_at(chosen, "function"):
            return "named"
        chosen = text(chosen, "type", "mode")
    said = chosen.lower() if isinstance(chosen, str) else ""  # Cohere writes it in capitals
    if said == "none":
        return "none"
    return "forced" if said in ("any", "required", "tool") else "auto"


def is_one_at_a_time(conversation: Conversation) -> bool:
    """Whether the model may not call several tools in one answer."""
    chosen = parsed(conversation.options.get("tool_choice", ""))
    return isinstance(chosen, dict) and chosen.get("disable_parallel_tool_use") is True
