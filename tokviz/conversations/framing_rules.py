"""Reads ``resources/catalog/framing.toml``: what makers add to the text of a request, as measured."""

from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from msgspec import Meta, Struct

from tokviz.assets import Assets, TomlFile
from tokviz.conversations.model import Tool
from tokviz.language import _

Text = Annotated[str, Meta(min_length=1)]
Rendering = Literal[
    "typescript",
    "list",
    "functions",
    "compact functions",  # verbatim
    "bare strings",  # verbatim
    "declarations",
]
"""How tools are written: TypeScript; JSON of OpenAI's list; of each function, spaced or compact; only the
strings in them; as Gemma's template declares them."""


SchemaForm = Literal["spaced", "indented", "bare"]
"""JSON on one line or several; compact, under its name, without what OpenAI leaves out."""


class ToolRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tools cost: ``base`` once, ``each`` for every tool, ``factor`` × the tokens of the rendering."""

    rendering: Rendering
    factor: Decimal = Decimal(1)
    base: int = 0
    base_forced: int | None = None
    """In place of ``base`` where the model must call a tool."""
    each: Decimal = Decimal(0)
    without_system: int = 0
    """More where the request has no system prompt."""
    named_choice: int = 0
    """More where one tool is named as the choice."""
    call: int = 0
    """For each call beyond its name and arguments."""
    parameter: int | None = None
    """For each argument, which then counts as ``name: value`` and not as JSON."""
    arguments: Literal["as sent", "spaced"] = "as sent"  # verbatim
    """How the JSON of a call's arguments is written, where ``parameter`` does not say otherwise."""
    call_names: bool = True
    """Whether the names of calls count."""
    result: int = 0
    """For each result beyond its text."""
    result_names: bool = False
    """Whether a result has its tool's name as well."""
    parallel: int = 0
    """For each further call in one message."""
    several: int = 0
    """For a message with more calls than one."""
    one_at_a_time: int = 0
    """More where the model may call only one tool in an answer."""
    unless_forbidden: bool = False
    """Whether tools cost nothing where the model may call none."""
    deferred: int = 0
    """More where tools are kept back until a search finds them, whether it has or not."""
    own: dict[str, int] = {}
    """What the maker's own tools cost, by patterns of their types, before any of them is called."""
    off: Decimal
    """Half the range that is shown, as a share of all tokens, where the request has tools."""
    measured: Text

    def own_tokens(self, tool: Tool) -> int | None:
        """What one of the maker's own tools costs; None where that was not measured."""
        return next((n for pattern, n in self.own.items() if fnmatchcase(tool.type or "", pattern)), None)


class FramingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one maker's interface adds to the text; all numbers are tokens."""

    id: Text
    models: Annotated[tuple[Text, ...], Meta(min_length=1)]
    """Patterns of model ids in lower case, without the maker's name and a slash."""
    interfaces: Annotated[tuple[Text, ...], Meta(min_length=1)]
    tokenizer: Text
    """The vocabulary that the rule was measured with."""
    base: int = 0
    message: int = 0
    """For each message; a system prompt apart from the messages is one."""
    answer: int = 0
    """More for a message of the model's."""
    part: int = 0
    """For each part with text; a system prompt is one."""
    system: int = 0
    """More where there is a system prompt."""
    name: int = 0
    """For a message that bears a name, beyond the name's tokens."""
    thinking: int = 0
    """More where thinking is enabled."""
    sealed: Decimal = Decimal(0)
    """For each character of sealed thinking in the turn under way, which the maker reads again."""
    sealed_base: int = 0
    """More for each such part, which has no less than 0 in all."""
    thought: int = 0
    """For each part with thinking that is read again."""
    adaptive: int = 0
    """More where the model itself decides whether it thinks."""
    schema: SchemaForm | None = None
    """How the JSON schema is written that the answer must follow; None: it is not counted."""
    schema_base: int = 0
    """More where there is such a schema."""
    off: Annotated[int, Meta(ge=0)]
    """Half the range that is shown, in tokens, for text only."""
    measured: Text
    source: Text
    tools: ToolRule | None = None


TEXT_ALONE = FramingRule(
    id="text alone",  # verbatim
    models=("*",),
    interfaces=("*",),
    tokenizer="any",
    off=0,
    measured="nothing was measured for this model: the texts alone, tools as JSON",  # verbatim
    source="none",
    tools=ToolRule(rendering="compact functions", off=Decimal(0), measured="nothing"),  # verbatim
)
"""Stands in where a model has no rule."""


COMPLETION = FramingRule(
    id="completion",
    models=("*",),
    interfaces=("completions",),
    tokenizer="any",
    off=1,
    measured="nothing around a prompt for completions but the token that some models begin with",  # verbatim
    source="none",
)
"""Whoever is asked: no role and no template stands around a prompt that the model goes on with."""


class FramingRules:
    """The rules in the order of the file; the first that fits is taken. DataFileError if it is wrong."""

    def __init__(self, assets: Assets) -> None:
        file = TomlFile(assets.path("catalog", "framing.toml"), ("sources", "rules"))
        self.sources = file.table("sources", Source)
        self.rules = tuple(file.read(name, row, FramingRule) for name, row in file.rows("rules").items())
        for rule in self.rules:
            if rule.source not in self.sources:
                file.fail(rule.id, _("unknown source “{source}”", source=rule.source))

    def find(self, interface: str, model: str) -> FramingRule | None:
        """The rule for a model asked through an interface; None where nothing was measured."""
        return next((rule for rule in self._fitting(model) if interface in rule.interfaces), None)

    def for_model(self, model: str, interface: str | None = None) -> FramingRule | None:
        """The rule for a model, preferably through ``interface``; None where nothing was measured."""
        if interface in COMPLETION.interfaces:
            return COMPLETION
        preferred = self.find(interface, model) if interface else None
        return preferred or next(self._fitting(model), None)

    def interfaces(self, model: str) -> tuple[str, ...]:
        """Those through which the model was measured."""
        return tuple(dict.fromkeys(name for rule in self._fitting(model) for name in rule.interfaces))

    def _fitting(self, model: str) -> Iterator[FramingRule]:
        name = model.lower().rpartition("/")[2]
        for rule in self.rules:
            if any(fnmatchcase(name, pattern) for pattern in rule.models):
                yield rule


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """Where measured figures come from."""

    title: Text
    note: str = ""
