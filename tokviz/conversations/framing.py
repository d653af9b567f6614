"""What a request costs by the measured rules: its texts, and what the maker puts around them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tokviz.conversations.fields import as_json, parsed
from tokviz.conversations.framing_rules import FramingRule, ToolRule
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, Tool
from tokviz.conversations.request_options import answer_schema, is_one_at_a_time, tool_choice
from tokviz.conversations.tool_rendering import (
    NAMESPACE_CLOSES,
    NAMESPACE_OPENS,
    as_function,
    as_lines,
    bare_strings,
    declared,
    declared_marks,
    function_type,
    schema_words,
    spaced_json,
)

CountTexts = Callable[[Sequence[bytes]], Sequence[int]]
"""Counts many texts (UTF-8) at once."""

_SCHEMA_OFF = 0.05
"""Half the range of a schema for OpenAI's answer, as a share of its tokens: 2 % in the mean of 31."""
_SEALED_OFF = 0.1
"""Half the range of sealed thinking, as a share of the tokens that its size stands for."""
_READ = (PartKind.TEXT, PartKind.FILE, PartKind.TOOL_CALL, PartKind.TOOL_RESULT)


@dataclass(frozen=True, slots=True)
class Piece:
    """Tokens of one part of the request, or (kind ``framing``) of what stands around a message."""

    kind: str
    tokens: int
    message: int | None = None
    """Index of the message; None for what stands before all messages."""
    name: str | None = None
    file: str | None = None
    """The path that a call named, where the piece is that call or its result."""
    cache: str | None = None
    """How long the maker is asked to keep all up to its end."""


@dataclass(frozen=True, slots=True)
class Framed:
    """A request's input by a rule. ``low`` and ``high`` are the rule's error around ``tokens``."""

    rule: str
    pieces: tuple[Piece, ...]
    tokens: int
    low: int
    high: int
    left_out: tuple[Part | Tool, ...]
    """What the rule has no figure for: images, files by reference, encrypted thinking, the maker's own tools,
    and all tools where none were measured."""


@dataclass(slots=True)
class Layout:
    """A request by a rule before it is counted: pieces in order, some fixed and some that wait for a text's
    tokens."""

    rule: FramingRule
    pieces: list[Piece] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    """UTF-8, to be counted together."""
    waiting: list[int] = field(default_factory=list)
    """For each text the index of its piece."""
    left_out: tuple[Part | Tool, ...] = ()
    """See ``Framed``."""
    has_tools: bool = False

    def fixed(self, kind: str, tokens: int, message: int | None = None, name: str | None = None) -> None:
        """Append a piece of known size."""
        if tokens:
            self.pieces.append(Piece(kind, tokens, message, name))

    def text(
        self,
        kind: str,
        words: str,
        message: int | None = None,
        name: str | None = None,
        file: str | None = None,
        cache: str | None = None,
    ) -> None:
        """Append a piece that takes as many tokens as ``words``."""
        if words:
            self.waiting.append(len(self.pieces))
            self.texts.append(words.encode(errors="replace"))
            self.pieces.append(Piece(kind, 0, message, name, file, cache))

    def framed(self, tokens: Sequence[int]) -> Framed:
        """The request with the tokens of each text."""
        rule, pieces = self.rule, list(self.pieces)
        factors = {"tool": rule.tools.factor} if rule.tools is not None else {}
        for index, number in zip(self.waiting, tokens, strict=True):
            factor = factors.get(pieces[index].kind, Decimal(1))
            scaled = int(number) if factor == 1 else round(float(factor) * number)
            pieces[index] = replace(pieces[index], tokens=scaled)
        total = sum(piece.tokens for piece in pieces)
        off = rule.off
        if rule.sealed:
            off += sum(round(_SEALED_OFF * p.tokens) for p in pieces if p.kind == PartKind.THINKING.value)
        if rule.schema == "bare":
            off += sum(round(_SCHEMA_OFF * piece.tokens) for piece in pieces if piece.kind == "schema")
        if rule.tools is not None and self.has_tools:
            off += round(float(rule.tools.off) * total)
        return Framed(rule.id, tuple(pieces), total, max(0, total - off), total + off, self.left_out)


def frame(
    conversation: Conversation, rule: FramingRule, count: CountTexts, start: int = 0, end: int | None = None
) -> Framed:
    """The input of a request with ``messages[start:end]``, by ``rule``."""
    layout = lay_out(conversation, rule, start, end)
    return layout.framed(count(layout.texts))


def lay_out(conversation: Conversation, rule: FramingRule, start: int = 0, end: int | None = None) -> Layout:
    """The pieces of a request with ``messages[start:end]``, by ``rule``."""
    sheet = Layout(rule)
    left_out: list[Part | Tool] = []
    messages = list(enumerate(conversation.messages))[start:end]
    sent = [(index, message) for index, message in messages if message.side is not Side.NOTE]
    has_system = bool(conversation.system) or any(m.side is Side.SYSTEM for _, m in sent)
    _add_opening(sheet, rule, conversation, has_system)
    turn = max((index for index, message in sent if _begins_turn(message)), default=-1)
    for index, message in sent:
        left_out += _add_message(sheet, rule, index, message, thinks=index > turn)
    offered = [tool for tool in conversation.tools or () if tool.found or not tool.deferred]
    tools = [tool for tool in offered if rule.tools is not None and _is_measured(tool, rule.tools)]
    left_out += [tool for tool in offered if rule.tools is None or not _is_measured(tool, rule.tools)]
    forbidden = rule.tools is not None and rule.tools.unless_forbidden and tool_choice(conversation) == "none"
    if rule.tools is not None and tools and not forbidden:
        _add_tools(sheet, rule.tools, conversation, tools, has_system)
        sheet.has_tools = True
    sheet.left_out = tuple(left_out)
    return sheet


def _add_opening(sheet: Layout, rule: FramingRule, conversation: Conversation, has_system: bool) -> None:
    """What stands before the messages."""
    for part in conversation.system:
        sheet.text("system", part.text or "", cache=part.cache)
    tokens = rule.base + rule.system * has_system + _thinking(conversation, rule)
    sheet.fixed("framing", tokens + (rule.message + rule.part) * bool(conversation.system))
    asked = answer_schema(conversation) if rule.schema or rule.schema_base else None
    if asked is not None:
        sheet.fixed("framing", rule.schema_base)
        sheet.text("schema", schema_words(asked, rule.schema))


def _is_measured(tool: Tool, rule: ToolRule) -> bool:
    """Whether the rule has a figure for it: for all that are described, of the maker's own for some."""
    return not tool.builtin or rule.own_tokens(tool) is not None


def _begins_turn(message: Message) -> bool:
    """Whether a person speaks, and not a tool's result in their name."""
    return message.side is Side.USER and any(part.kind is PartKind.TEXT for part in message.parts)


def _add_message(
    sheet: Layout, rule: FramingRule, index: int, message: Message, *, thinks: bool
) -> list[Part]:
    """``thinks``: the message is of the turn under way, whose thinking Anthropic's models read again."""
    tools, extra = rule.tools, rule.message + rule.answer * (message.side is Side.ASSISTANT)
    left_out: list[Part] = []
    thinking = thinks and "anthropic" in rule.interfaces
    results = sum(part.kind is PartKind.TOOL_RESULT for part in message.parts)
    for part in message.parts:
        if part.kind is PartKind.THINKING and part.text is None and part.size and rule.sealed and thinks:
            sealed = rule.sealed_base + round(part.size * float(rule.sealed))
            sheet.fixed(part.kind.value, max(0, sealed), index)
            continue
        if part.kind is PartKind.THINKING and part.text is not None and thinking:
            sheet.text(part.kind.value, part.text, index)
            extra += rule.thought
            continue
        if part.kind not in _READ or part.text is None:
            left_out.append(part)
            continue
        words = part.text
        extra += rule.part
        if part.kind is PartKind.TOOL_CALL and tools is not None:
            given = parsed(words) if tools.parameter is not None or tools.arguments == "spaced" else None
            if isinstance(given, dict):
                words = spaced_json(given) if tools.parameter is None else as_lines(given)
                extra += (tools.parameter or 0) * len(given)
            extra += tools.call
        sheet.text(part.kind.value, words, index, part.name, part.file, part.cache)
        if part.kind is PartKind.TOOL_CALL and tools is not None:
            if tools.call_names:
                sheet.text("framing", part.name or "", index)
        elif part.kind is PartKind.TOOL_RESULT and tools is not None:
            extra += tools.result
            if tools.result_names or (tools.several and results > 1):
                sheet.text("framing", part.name or "", index)
    calls = sum(part.kind is PartKind.TOOL_CALL for part in message.parts)
    if tools is not None:
        extra += tools.parallel * max(0, calls - 1) + tools.several * (calls > 1)
    if message.name and message.side is not Side.TOOL:
        extra += rule.name
        sheet.text("framing", message.name, index)
    sheet.fixed("framing", extra, index)
    return left_out


def _add_tools(
    sheet: Layout, rule: ToolRule, conversation: Conversation, tools: Sequence[Tool], has_system: bool
) -> None:
    choice = tool_choice(conversation)
    base = rule.base
    if rule.base_forced is not None and choice in ("forced", "named"):
        base = rule.base_forced
    base += rule.without_system * (not has_system) + rule.named_choice * (choice == "named")
    base += rule.deferred * any(tool.deferred for tool in conversation.tools or ())
    base += rule.one_at_a_time * is_one_at_a_time(conversation)
    sheet.fixed("framing", base + round(float(rule.each) * len(tools)), name="tools")
    if rule.rendering == "typescript":
        sheet.text("framing", NAMESPACE_OPENS + NAMESPACE_CLOSES, name="tools")
    for index, tool in enumerate(tools):
        if tool.builtin:
            sheet.fixed("tool", rule.own_tokens(tool) or 0, name=tool.name)
            continue
        rendered = _renderings(tool, rule.rendering, index, len(tools))
        if rule.rendering == "declarations":
            sheet.fixed("tool", declared_marks(rendered), name=tool.name)
        for words in rendered:
            sheet.text("tool", words, name=tool.name, cache=tool.cache)


def _renderings(tool: Tool, rendering: str, index: int, number: int) -> list[str]:
    """What is counted of one tool, the ``index``-th of ``number``."""
    if not tool.description:  # what is empty is left out, as all makers seem to do
        tool = replace(tool, description=None)
    if rendering == "typescript":
        return [function_type(tool)]
    if rendering == "declarations":
        return declared(tool)
    if rendering == "bare strings":  # verbatim
        return bare_strings(tool)
    if rendering == "compact functions":  # verbatim
        return [as_json(as_function(tool)) or ""]
    if rendering == "list":
        written = spaced_json({"type": "function", "function": as_function(tool)})
        return [("[" if index == 0 else " ") + written + ("," if index + 1 < number else "]")]
    return [spaced_json(as_function(tool))]


def _thinking(conversation: Conversation, rule: FramingRule) -> int:
    """What is added where the model is asked to think, which a call that it must make rules out."""
    asked = parsed(conversation.options.get("thinking", ""))
    kind = asked.get("type") if isinstance(asked, dict) else None
    if kind is None and conversation.format == "request-openai-chat":  # as OpenRouter passes it on
        effort = parsed(conversation.options.get("reasoning", ""))
        asked = (
            isinstance(effort, dict) and effort.get("effort") != "none" and effort.get("enabled") is not False
        )
        kind = "enabled" if asked else None
    if kind == "adaptive" and tool_choice(conversation) in ("auto", "none"):
        return rule.adaptive
    return rule.thinking if kind == "enabled" else 0
