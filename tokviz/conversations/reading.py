"""Reads a file of conversations: recognizes its format by content and hands it to the adapter."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from tokviz import language
from tokviz.conversations.formats.ai_studio import AI_STUDIO
from tokviz.conversations.formats.aider import AIDER
from tokviz.conversations.formats.antigravity import ANTIGRAVITY
from tokviz.conversations.formats.any_agent import ANY_AGENT
from tokviz.conversations.formats.api_log import API_LOG
from tokviz.conversations.formats.bedrock_log import BEDROCK_LOG
from tokviz.conversations.formats.braintrust import BRAINTRUST
from tokviz.conversations.formats.chatbot_ui import CHATBOT_UI
from tokviz.conversations.formats.chatgpt import CHATGPT
from tokviz.conversations.formats.claude_ai import CLAUDE_AI
from tokviz.conversations.formats.claude_code import CLAUDE_CODE, CLAUDE_CODE_WEB
from tokviz.conversations.formats.cline import CLINE
from tokviz.conversations.formats.cline_shown import CLINE_SHOWN
from tokviz.conversations.formats.codex import CODEX
from tokviz.conversations.formats.codex_exec import CODEX_EXEC
from tokviz.conversations.formats.continue_dev import CONTINUE
from tokviz.conversations.formats.copilot_cli import COPILOT_CLI
from tokviz.conversations.formats.droid import DROID
from tokviz.conversations.formats.exchanges import REQUESTS, read_lines
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gemini_cli import GEMINI_CLI, GEMINI_LOG
from tokviz.conversations.formats.goose import GOOSE
from tokviz.conversations.formats.grok_build import GROK_BUILD
from tokviz.conversations.formats.har import HAR
from tokviz.conversations.formats.inspect_log import INSPECT
from tokviz.conversations.formats.kimi import KIMI
from tokviz.conversations.formats.langchain import LANGCHAIN
from tokviz.conversations.formats.langfuse import LANGFUSE
from tokviz.conversations.formats.langsmith import LANGSMITH
from tokviz.conversations.formats.librechat import LIBRECHAT
from tokviz.conversations.formats.lm_studio import LM_STUDIO
from tokviz.conversations.formats.mcp_tools import MCP_TOOLS
from tokviz.conversations.formats.message_lines import CURSOR, MESSAGE_LINES
from tokviz.conversations.formats.open_webui import OPEN_WEBUI
from tokviz.conversations.formats.opencode import OPENCODE
from tokviz.conversations.formats.openhands import OPENHANDS
from tokviz.conversations.formats.otel import OTEL
from tokviz.conversations.formats.pi import PI
from tokviz.conversations.formats.qwen_code import QWEN_CODE
from tokviz.conversations.formats.sharegpt import ALPACA, FINE_TUNING, SHAREGPT
from tokviz.conversations.formats.swe_agent import SWE_AGENT
from tokviz.conversations.formats.vscode_chat import VSCODE_CHAT
from tokviz.conversations.model import Conversation, PartKind, Problem, Reading
from tokviz.conversations.parts import TEXT_KEPT
from tokviz.conversations.source import Limits, Source
from tokviz.language import _

_FIRST = 20
"""Elements of a list by which its format is looked for."""

FORMATS: tuple[Format, ...] = (
    *(CLAUDE_CODE, CLAUDE_CODE_WEB, CODEX, CODEX_EXEC, GEMINI_CLI, GEMINI_LOG, ANTIGRAVITY, OPENCODE),
    *(COPILOT_CLI, QWEN_CODE, OPENHANDS, SWE_AGENT, OTEL, KIMI, PI, GOOSE, CURSOR, DROID, GROK_BUILD),
    *(CLINE, CLINE_SHOWN, CONTINUE, AIDER, INSPECT, LANGFUSE, LANGSMITH, VSCODE_CHAT, BRAINTRUST, ANY_AGENT),
    *(CHATGPT, CLAUDE_AI, LIBRECHAT, OPEN_WEBUI, AI_STUDIO, LM_STUDIO, CHATBOT_UI),
    *(LANGCHAIN, HAR, BEDROCK_LOG, API_LOG, *REQUESTS),
    *(ALPACA, SHAREGPT, FINE_TUNING, MESSAGE_LINES, MCP_TOOLS),
)
"""In the order in which they are tried: the first that recognizes the file reads it."""


def read_conversations(
    file: BinaryIO, name: str = "", *, limits: Limits | None = None, formats: Sequence[Format] = FORMATS
) -> Reading:
    """Everything in ``file``, read once from where it stands; it need not be seekable.

    Whatever the bytes are, the answer is a ``Reading``: what is broken is named in its problems, and the
    rest is there. ``format`` is None if no format knows the file.
    """
    with _without_collecting():
        return _read(Source(file, name, limits), formats)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A large session is a million objects and no circle: looking for circles among them again and again took
    a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def is_conversation(source: Source) -> bool:
    """Whether a format knows the file, or what is in its list."""
    return any(_known(one, FORMATS) for one in (source, *source.elements()[:_FIRST]))


def _known(source: Source, formats: Sequence[Format]) -> Format | None:
    return next((candidate for candidate in formats if candidate.recognizes(source)), None)


def _is_cut(conversation: Conversation) -> bool:
    """Whether the text of some part was too much to be kept."""
    kinds = (PartKind.TEXT, PartKind.TOOL_CALL, PartKind.TOOL_RESULT)
    return any(
        part.text is None and bool(part.size) and part.kind in kinds
        for lane in conversation.lanes()
        for message in lane.messages
        for part in message.parts
    )


def _read_elements(source: Source, elements: list[Source], formats: Sequence[Format]) -> Reading:
    """A list of what mostly stands alone in its file: requests that were logged, sessions put together. All
    that are of the first one's format."""
    known = next(filter(None, (_known(element, formats) for element in elements[:_FIRST])), None)
    found: list[Conversation] = []
    for number, element in enumerate(elements, 1):
        if known is not None and known.recognizes(element):
            found += known.read(element)
        elif known is not None:
            source.tell_no_messages(number)
    if not found:
        source.problems.add(_("The format is not known."))
    return Reading(known.name if known and found else None, tuple(found), source.problems.all())


def _read(source: Source, formats: Sequence[Format]) -> Reading:
    known = _known(source, formats)
    if known is None and (elements := source.elements()):
        return _read_elements(source, elements, formats)
    if known is None:
        told = source.problems.all()
        if source.document is not None or source.head or not told:
            told = (Problem(_("The format is not known.")), *told)
        return Reading(None, (), told)
    name = known.name
    if known in REQUESTS and source.document is None:
        name, found = read_lines(source)
    else:
        found = known.read(source)
    conversations = tuple(found)
    source.tell_packing()
    if not conversations and not source.problems.all():
        source.problems.add(_("It holds no messages."))
    if source.size > TEXT_KEPT and any(map(_is_cut, conversations)):
        source.problems.add(
            _(
                "The file holds more than {n} characters of text; of what follows only the size is known. "
                "Split it to have all of it counted.",
                n=language.number(TEXT_KEPT),
            )
        )
    return Reading(name, conversations, source.problems.all())
