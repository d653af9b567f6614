"""any-agent's traces: spans whose attributes are plain, not wrapped as OpenTelemetry's own export has them.

What the model read stands at its first call alone; each later one read that, the answers and the results
since.
"""

from dataclasses import dataclass

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Part, Side, Usage, roles_of
from tokviz.conversations.parts import first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_OPERATION = "gen_ai.operation.name"
_OUTPUT = ("gen_ai.output", "genai.output")
_LOOKED_AT = 20


@dataclass(slots=True)
class _Trace(Gathered):
    """Gathers the messages and the requests of one trace."""

    begun: bool = False
    """Whether it is told what the first request read."""

    def take(self, span: Fields, line: int) -> None:
        """One span, in the order in which they began."""
        facts, time = fields_at(span, "attributes"), _began(span)
        match text(facts, _OPERATION):
            case "call_llm":
                self._call(span, facts, line, time)
            case "execute_tool":
                name, call = text(facts, "gen_ai.tool.name"), text(facts, "gen_ai.tool.call.id")
                told = text(facts, *_OUTPUT)
                given = parsed(told)
                block = isinstance(given, dict) and given.get("type") == "text"
                results = self.parts.tool_results([given if block else told], call=call, name=name, line=line)
                self.say("tool", Side.TOOL, results, line, time)

    def _call(self, span: Fields, facts: Fields, line: int, time: str | None) -> None:
        asked = objects(parsed(facts.get("gen_ai.input.messages")))
        if asked and not self.begun:
            self.messages += read_messages(self.parts, [*asked])
            self.begun = True
        usage = Usage(number(facts, "gen_ai.usage.input_tokens"), number(facts, "gen_ai.usage.output_tokens"))
        model = text(facts, "gen_ai.response.model", "gen_ai.request.model")
        key = number(fields_at(span, "context"), "span_id")
        self.use(model, usage, line, time, None if key is None else str(key))
        if found := self._answer(text(facts, *_OUTPUT) or "", line):
            self.say("assistant", Side.ASSISTANT, found, line, time)

    def _answer(self, told: str, line: int) -> list[Part]:
        """Words, or calls as JSON."""
        given = parsed(told)
        calls = [fields_at(call, "function") or call for call in objects(given)]
        named = [(name, given) for name, given in map(_called, calls) if name is not None]
        if not named or len(named) < len(calls):
            return self.parts.blocks(told, line=line)
        return [self.parts.tool_call(name, given, line=line) for name, given in named]


def _called(call: Fields) -> tuple[str | None, object]:
    """A call's tool and its arguments, in the spellings of any-agent's versions."""
    for name, given in (("tool.name", "tool.args"), ("name", "arguments")):
        if given in call:
            return text(call, name), call[given]
    return None, None


def _began(span: Fields) -> str | None:
    nanoseconds = number(span, "start_time")
    return None if nanoseconds is None or nanoseconds >= 1 << 63 else moment(nanoseconds / 1e9)


def read(source: Source) -> list[Conversation]:
    """The one conversation of the file."""
    trace = _Trace()
    spans = sorted(_spans(source), key=lambda span: number(span, "start_time") or 0)
    for line, span in enumerate(spans, 1):
        trace.take(span, line)
    facts = [fields_at(span, "attributes") for span in spans]
    agents = (name for each in facts if (name := text(each, "gen_ai.agent.name")))
    models = (name for each in facts if (name := text(each, "gen_ai.response.model", "gen_ai.request.model")))
    lost = None if trace.begun else _("Spans hold only what their writer recorded.")
    return [
        Conversation(
            format="any-agent",
            messages=tuple(trace.messages),
            requests=tuple(trace.requests),
            roles=roles_of(trace.messages),
            tool_calls=dict(trace.parts.tool_calls),
            title=first_words(trace.messages) or next(agents, None),
            model=next(models, None),
            date=_began(spans[0]) if spans else None,
            partial=lost,
        )
    ]


def _spans(source: Source) -> list[Fields]:
    whole = source.document
    return objects(whole if isinstance(whole, list) else items(source.first, "spans"))


ANY_AGENT = Format(
    "any-agent",
    lambda source: any(_OPERATION in fields_at(span, "attributes") for span in _spans(source)[:_LOOKED_AT]),
    read,
)
