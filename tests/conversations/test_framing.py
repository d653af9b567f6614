"""What makers add to the text of a request, by the measured rules."""

import gzip
import io
import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from tests.conversations.files import document, only
from tests.conversations.test_hostile import values
from tests.conversations.test_samples import FOLDER
from tokviz.assets import Assets, DataFileError
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.framing import CountTexts, Framed, frame
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Conversation, Part, PartKind, Tool
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.request_options import AnswerSchema
from tokviz.conversations.tool_rendering import (
    as_typescript,
    bare_strings,
    declared,
    declared_marks,
    schema_words,
)
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.registry import Registry

RULES = FramingRules(Assets())
REGISTRY = Registry(Assets())


def words(texts: Sequence[bytes]) -> list[int]:
    """Counts a token for each word, so that sums can be done in the head."""
    return [len(text.split()) for text in texts]


def framed(request: dict[str, Any], interface: str, count: CountTexts = words) -> Framed:
    conversation = read_conversations(io.BytesIO(document(request))).conversations[0]
    rule = RULES.find(interface, request.get("model", ""))
    assert rule is not None
    return frame(conversation, rule, count)


@pytest.mark.parametrize(("choice", "more"), [("", 0), ("REQUIRED", 18), ("NONE", 0)])
def test_coheres_rule_by_hand(choice: str, more: int) -> None:
    content = [{"type": "text", "text": "be brief"}]
    messages = [{"role": "system", "content": content}, {"role": "user", "content": content}]
    request = {"model": "command-a-03-2025", "stream": False, "messages": messages}
    assert framed(request, "cohere").tokens == 491 + 30 + 2 * (3 + 1 + 2)
    tool = {"type": "function", "function": {"name": "now", "parameters": {}}}
    request |= {"tools": [tool]} | ({"tool_choice": choice} if choice else {})
    written = len(json.dumps(tool["function"]).split())
    assert framed(request, "cohere").tokens == 491 + 30 + 12 + 886 + more + written


def test_mistrals_calls_by_hand() -> None:
    function = {"name": "f", "description": "", "parameters": {}}
    request: dict[str, Any] = {
        "model": "mistral-small-latest",
        "messages": [{"role": "user", "content": "hi"}],
    }
    tooled = {**request, "tools": [{"type": "function", "function": function}]}
    written = 7
    assert framed(request, "mistral").tokens == 13 + 2 + 1
    assert framed(tooled, "mistral").tokens == 16 + 2 + written
    assert framed({**tooled, "tool_choice": "none"}, "mistral").tokens == 16, "then they cost nothing"
    call = {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"a":1,"b":2}'}}
    answer = {"role": "assistant", "content": "", "tool_calls": [call, {**call, "id": "b"}]}
    results = [{"role": "tool", "tool_call_id": name, "content": "ok"} for name in "ab"]
    called = framed({**tooled, "messages": [*request["messages"], answer, *results]}, "mistral").tokens
    spaced = 4
    assert called - framed(tooled, "mistral").tokens == 1 + 2 * (2 + 1 + spaced) + 2 * (2 + 1)
    schema = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    assert framed({**request, "response_format": schema}, "mistral").tokens == 16 - 12


def test_openais_rule_by_hand() -> None:
    messages = [
        {"role": "system", "content": "be brief"},
        {"role": "user", "name": "ann", "content": "how are you"},
    ]
    found = framed({"model": "gpt-4o", "messages": messages}, "openai-chat")
    assert found.tokens == 3 + (3 + 1 + 2) + (3 + 1 + 3 + 1 + 1)
    assert (found.low, found.high) == (found.tokens - 1, found.tokens + 1)
    assert [(piece.kind, piece.message, piece.tokens) for piece in found.pieces] == [
        ("framing", None, 3),
        ("text", 0, 2),
        ("framing", 0, 4),
        ("text", 1, 3),
        ("framing", 1, 1),
        ("framing", 1, 5),
    ]


def test_a_system_prompt_that_costs_nothing_beyond_its_text() -> None:
    request = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    assert framed(request, "anthropic").tokens == 8
    assert framed({**request, "system": "be brief"}, "anthropic").tokens == 10


def test_a_tool_that_must_be_called_has_another_price() -> None:
    tools = [{"name": "f", "input_schema": {}}]
    request = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [], "tools": tools}
    request["messages"] = [{"role": "user", "content": "hi"}]
    forced = framed({**request, "tool_choice": {"type": "any"}}, "anthropic")
    assert forced.tokens - framed(request, "anthropic").tokens == 586 - 494


CLAUDE: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 9,
    "messages": [{"role": "user", "content": "hi"}],
}


def claudes_tools(*tools: dict[str, Any], **fields: Any) -> int:
    """What tools add to a request."""
    request = {**CLAUDE, **fields}
    return framed({**request, "tools": list(tools)}, "anthropic").tokens - framed(request, "anthropic").tokens


def test_claudes_tools_cost_a_little_each_and_no_empty_descriptions() -> None:
    bare = {"name": "f", "input_schema": {}}
    assert claudes_tools(bare) == 494 + 8 + 4
    assert claudes_tools({**bare, "description": ""}) == claudes_tools(bare)
    assert claudes_tools(bare, bare) - claudes_tools(bare) == 7 + 4


def test_claude_is_shown_a_tool_that_is_kept_back_once_it_is_found() -> None:
    search = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
    late = {"name": "late", "description": "one two three", "input_schema": {}, "defer_loading": True}
    assert claudes_tools(search, late) == claudes_tools(search)
    named = [{"type": "tool_reference", "tool_name": "late"}]
    for result in (
        {"type": "tool_result", "tool_use_id": "a", "content": named},
        {
            "type": "tool_search_tool_result",
            "tool_use_id": "a",
            "content": {"type": "tool_search_tool_search_result", "tool_references": named},
        },
    ):
        found = [*CLAUDE["messages"], {"role": "user", "content": [result]}]
        assert claudes_tools(search, late, messages=found) > claudes_tools(search, messages=found) + 3


def test_claudes_own_tools_have_measured_prices_by_their_versions() -> None:
    search = {"type": "web_search_20250305", "name": "web_search"}
    assert claudes_tools(search) == 494 + 8 + 1704
    unknown = framed({**CLAUDE, "tools": [{"type": "advisor_20260301", "name": "advisor"}]}, "anthropic")
    assert [tool.name for tool in unknown.left_out if isinstance(tool, Tool)] == ["advisor"]
    conversation = only(document({**CLAUDE, "tools": [search]}), "request-anthropic")
    assert conversation.partial is not None
    assert conversation.partial.startswith("What the maker's own tools find is not in the file")


def test_what_only_the_maker_can_read_of_a_search_has_no_figure() -> None:
    page = {"type": "web_search_result", "title": "T", "url": "u", "encrypted_content": "x " * 999}
    result = {"type": "web_search_tool_result", "tool_use_id": "a", "content": [page]}
    request = {**CLAUDE, "messages": [*CLAUDE["messages"], {"role": "assistant", "content": [result]}]}
    found = framed(request, "anthropic")
    assert found.tokens < 99
    assert [part.size for part in found.left_out if isinstance(part, Part)] == [1998]


def test_arguments_of_claudes_calls_count_one_by_one() -> None:
    def asked(*inputs: dict[str, Any]) -> int:
        calls = [{"type": "tool_use", "id": str(i), "name": "f", "input": x} for i, x in enumerate(inputs)]
        results = [
            {"type": "tool_result", "tool_use_id": str(i), "content": "ok"} for i in range(len(inputs))
        ]
        added = [{"role": "assistant", "content": calls}, {"role": "user", "content": results}]
        return claudes_messages(*added)

    assert asked({}) == 3 + 3 + 20 + 20 + 1 + 1
    assert asked({"a": 1, "b": "two words"}) - asked({}) == 2 * 13 + 2 + 3
    assert asked({}, {}) == 3 + 3 + 2 * (20 + 20 + 1 + 1) + 20 + 2, "results among several bear names"


def claudes_messages(*added: dict[str, Any]) -> int:
    """What further messages add to a request with a tool."""
    request = {**CLAUDE, "tools": [{"name": "f", "input_schema": {}}]}
    longer = {**request, "messages": [*CLAUDE["messages"], *added]}
    return framed(longer, "anthropic").tokens - framed(request, "anthropic").tokens


def test_claude_reads_a_schema_for_its_answer_over_several_lines() -> None:
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    asked = {"output_config": {"format": {"type": "json_schema", "schema": schema}}}
    more = framed({**CLAUDE, **asked}, "anthropic").tokens - framed(CLAUDE, "anthropic").tokens
    assert more == 81 + len(json.dumps(schema, indent=2).split())


@pytest.mark.parametrize(
    ("asked", "more"), [({"max_tokens": 2000}, 29), ({"effort": "medium"}, 29), ({"effort": "none"}, 0)]
)
def test_claude_thinks_where_openrouter_is_asked_for_it(asked: dict[str, Any], more: int) -> None:
    request = {"model": "anthropic/claude-haiku-4.5", "messages": [{"role": "user", "content": "hi"}]}
    plain = framed(request, "anthropic").tokens
    assert framed({**request, "reasoning": asked}, "anthropic").tokens == plain + more


def test_claude_that_may_think_has_more_unless_it_must_call_a_tool() -> None:
    thinking = {**CLAUDE, "thinking": {"type": "adaptive"}}
    assert framed(thinking, "anthropic").tokens - framed(CLAUDE, "anthropic").tokens == 16
    forced = {**CLAUDE, "tool_choice": {"type": "any"}, "tools": [{"name": "f", "input_schema": {}}]}
    asked = framed({**forced, "thinking": {"type": "adaptive"}}, "anthropic")
    assert asked.tokens == framed(forced, "anthropic").tokens


def test_only_part_of_a_session_can_be_framed() -> None:
    messages = [{"role": "user", "content": "one"}, {"role": "assistant", "content": "two three"}]
    conversation = only(document({"model": "gpt-4o", "messages": messages}), "request-openai-chat")
    rule = RULES.find("openai-chat", "gpt-4o")
    assert rule is not None
    assert frame(conversation, rule, words, 1, 2).tokens == 3 + 4 + 2


def test_what_has_no_figure_is_named_not_counted_as_nothing() -> None:
    content = [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "data:x"}}]
    found = framed({"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}, "openai-chat")
    assert [part.kind for part in found.left_out if isinstance(part, Part)] == [PartKind.IMAGE]


def test_tools_that_were_not_measured_are_named() -> None:
    tools = [{"type": "function", "function": {"name": "f", "parameters": {}}}]
    request = {"model": "gpt-oss-120b", "messages": [{"role": "user", "content": "hi"}], "tools": tools}
    assert framed(request, "openai-chat").left_out == (Tool("f"),)


def test_models_that_nothing_was_measured_for_have_no_rule() -> None:
    assert RULES.find("openai-chat", "grok-3-mini") is None
    assert RULES.for_model("grok-3-mini") is None
    assert RULES.find("nobody", "gpt-4o") is None


def test_a_rule_with_an_unknown_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalog").mkdir()
    text = (
        '[sources.a]\ntitle = "t"\n[[rules]]\nid = "r"\nmodels = ["m"]\ninterfaces = ["i"]\ntokenizer = "t"\n'
    )
    text += 'off = 1\nmeasured = "m"\nsource = "a"\nmesage = 3\n'
    (tmp_path / "catalog" / "framing.toml").write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=r"framing.toml: row 1 .r.*mesage"):
        FramingRules(Assets(tmp_path))


def test_every_claude_since_3_5_has_a_rule_under_the_catalogs_own_name() -> None:
    models = [model.id for model in Catalog(Assets()).models if model.developer == "Anthropic"]
    lacking = {name for name in models if RULES.for_model(name) is None}
    assert lacking == {"claude-2.1", "claude-mythos-5.2"}, "nothing was measured of these"


def test_every_rules_tokenizer_is_known() -> None:
    for rule in RULES.rules:
        known = (*REGISTRY.names(), *REGISTRY.estimator_names())
        assert rule.tokenizer in known or rule.tokenizer.removeprefix("claude-") in FAMILIES


SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "title": "City", "description": "Where\nto look"},
        "unit": {"enum": ["c", "f"], "default": "c"},
        "days": {"type": "array", "items": {"$ref": "#/$defs/Day"}},
        "near": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
    },
    "required": ["city"],
    "$defs": {"Day": {"type": "object", "properties": {"name": {"type": "string"}}}},
}


def test_openais_typescript() -> None:
    tool = Tool("weather", "The weather.", json.dumps(SCHEMA))
    assert as_typescript([tool, Tool("now")]).splitlines() == [
        "namespace functions {",
        "",
        "// The weather.",
        "type weather = (_: {",
        "// City",
        "// Where",
        "// to look",
        "city: string,",
        'unit?: "c" | "f", // default: c',
        "days?: Array<{",
        "name?: string,",
        "}>,",
        "near?: number | null,",
        "}) => any;",
        "",
        "type now = () => any;",
        "",
        "} // namespace functions",
    ]


@pytest.mark.parametrize(
    "node",
    [
        {"type": "object", "properties": {name: {"$ref": "#/$defs/N"} for name in "abcdefgh"}},
        {"anyOf": [{"$ref": "#/$defs/N"}] * 5},
        {"$ref": "#/$defs/N"},
    ],
)
def test_references_without_end_are_bounded(node: dict[str, Any]) -> None:
    schema = {"properties": {"a": {"$ref": "#/$defs/N"}}, "$defs": {"N": node}}
    assert len(as_typescript([Tool("f", None, json.dumps(schema))])) < 2_000_000


@given(values())
def test_any_value_may_stand_for_a_schema(value: object) -> None:
    schema = {"properties": {"a": value}, "required": value, "anyOf": [value], "$defs": {"N": value}}
    tool = Tool("f", None, json.dumps(schema))
    assert as_typescript([tool, Tool("g", "", json.dumps(value))])
    assert bare_strings(tool)
    assert declared(tool) and declared_marks(declared(tool)) > 1


def test_openai_is_shown_a_schema_without_what_it_leaves_out() -> None:
    inner = {"type": "object", "properties": {"required": {"type": "string", "default": ""}}}
    schema = {
        **inner,
        "additionalProperties": False,
        "required": ["a"],
        "$defs": {"D": {**inner, "required": []}},
    }
    asked = AnswerSchema(schema, "Answer", "What to say.")
    shown = '{"type":"object","properties":{"required":{"type":"string"}}'
    assert schema_words(asked, "bare") == f'Answer\nWhat to say.\n{shown},"$defs":{{"D":{shown}}}}}}}'
    assert schema_words(AnswerSchema({"a": 1}), "spaced") == '{"a": 1}'
    assert schema_words(AnswerSchema({"a": 1}), "indented") == '{\n  "a": 1\n}'
    assert schema_words(AnswerSchema({"a": 1}), None) == ""


@pytest.mark.parametrize(
    ("interface", "form"),
    [
        (
            "openai-chat",
            {"response_format": {"type": "json_schema", "json_schema": {"name": "N", "schema": {"a": 1}}}},
        ),
        ("openai-responses", {"text": {"format": {"type": "json_schema", "name": "N", "schema": {"a": 1}}}}),
    ],
)
def test_a_schema_for_openais_answer(interface: str, form: dict[str, Any]) -> None:
    said = [{"role": "user", "content": "hi"}]
    request = {
        "model": "gpt-4o",
        **({"input": said} if interface == "openai-responses" else {"messages": said}),
    }
    more = framed({**request, **form}, interface).tokens - framed(request, interface).tokens
    assert more == (11 if interface == "openai-chat" else 6) + 2


def test_gemini_3_declares_functions_as_gemma_does() -> None:
    schema = {
        "type": "object",
        "description": "All of it.",
        "properties": {
            "unit": {"type": "string", "enum": ["c", "f"], "nullable": True},
            "days": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
            "at": {"type": "object", "description": "Where", "properties": {}, "required": ["x"]},
        },
        "required": ["unit"],
    }
    tool = Tool("f", "Does.", json.dumps(schema))
    assert "|".join(declared(tool)) == (
        "declaration:f{description:|Does.|,parameters:{description:|All of it.|,properties:{"
        "at:{description:|Where|,type:|OBJECT|},"
        "days:{items:{properties:{n:{type:|INTEGER|}},type:|OBJECT|},type:|ARRAY|},"
        "unit:{enum:[|c|,|f|],nullable:true,type:|STRING|}},required:[|unit|],type:|OBJECT|}}"
    )
    assert declared_marks(declared(tool)) == len(declared(tool)) - 1 + 2
    assert "|".join(declared(Tool("g", None, '{"type":"object","additionalProperties":false}'))) == (
        "declaration:g{description:||,parameters:{}}"
    )


def test_gemini_3_reads_sealed_thinking_of_the_turn_under_way_again() -> None:
    call = {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "x" * 1000}
    contents = [{"role": "user", "parts": [{"text": "go"}]}, {"role": "model", "parts": [call]}]
    request = {"contents": contents, "generationConfig": {}}

    def sealed(model: str, *more: dict[str, Any]) -> int:
        found = framed({**request, "model": model, "contents": [*contents, *more]}, "gemini")
        return sum(piece.tokens for piece in found.pieces if piece.kind == "thinking")

    assert sealed("gemini-3-flash") == 208 - 30
    assert sealed("gemini-2.5-flash") == 0
    assert sealed("gemini-3-flash", {"role": "user", "parts": [{"text": "and now"}]}) == 0


def test_geminis_bare_strings() -> None:
    tool = Tool(
        "f",
        "Does.",
        '{"type":"OBJECT","properties":{"a":{"type":"STRING","description":"An a."}},"required":["a"]}',
    )
    assert bare_strings(tool) == ["f", "Does.", "OBJECT", "a", "a", "STRING", "An a."]


INTERFACES = {
    ("openai", "openai-chat"): "openai-chat",
    ("openai", "openai-responses"): "openai-responses",
    ("gemini", "gemini"): "gemini",
    ("gemini-vertex", "gemini"): "gemini-vertex",
    ("mistral", "openai-chat"): "mistral",
    ("deepseek", "openai-chat"): "deepseek",
    ("anthropic", "anthropic"): "anthropic",
    ("cohere", "cohere"): "cohere",
}


@cache
def counter(tokenizer: str) -> Callable[[Sequence[bytes]], Sequence[int]]:
    family = FAMILIES.get(tokenizer.removeprefix("claude-"))
    if family is not None:
        count = ClaudeCounter(Assets(), family).count_many
        return lambda texts: count(list(texts)).tolist()
    loaded = REGISTRY.get(tokenizer)
    return lambda texts: loaded.count_many(list(texts)).tolist() if texts else []


def plain(conversation: Conversation) -> bool:
    """True if a request holds text only and asks for nothing that hides tokens."""
    hiding = {"response_format", "text", "thinking", "output_config", "reasoning_effort"}
    parts = [part for message in conversation.messages for part in message.parts]
    return not (hiding & conversation.options.keys()) and all(part.kind is PartKind.TEXT for part in parts)


def pairs(interface: str) -> Iterator[tuple[Conversation, Framed, int]]:
    """The recorded requests to one interface, framed, with the tokens that the maker reported."""
    file = FOLDER / "pairs.jsonl.gz"
    if not file.is_file():
        pytest.skip("the recorded requests are not here")
    for line in gzip.decompress(file.read_bytes()).splitlines():
        pair = json.loads(line)
        if INTERFACES.get((pair["vendor"], pair["shape"])) != interface:
            continue
        request = json.dumps(pair["request"]).encode()
        read = read_conversations(io.BytesIO(request)).conversations
        rule = RULES.find(interface, pair["model"] or "")
        if rule is not None and read:  # Cohere's first interface is not read
            conversation = read[0]
            found = frame(conversation, rule, counter(rule.tokenizer))
            if not found.left_out:
                yield conversation, found, pair["input_tokens"]


@pytest.mark.parametrize(
    ("interface", "within", "share"),
    [
        ("openai-chat", 0, 0.97),
        ("anthropic", 0, 0.95),
        ("gemini", 2, 0.9),
        ("gemini-vertex", 2, 0.9),
        ("mistral", 2, 0.9),
        ("deepseek", 2, 0.9),
        ("cohere", 0, 0.9),
    ],
)
def test_recorded_requests_of_text_alone(interface: str, within: int, share: float) -> None:
    asked = [(c, abs(found.tokens - told)) for c, found, told in pairs(interface) if plain(c) and not c.tools]
    if interface == "anthropic":  # further messages are only fitted
        asked = [(c, tokens) for c, tokens in asked if len(c.messages) == 1]
    off = [tokens for _, tokens in asked]
    assert len(off) >= 10
    assert sum(tokens <= within for tokens in off) >= share * len(off), sorted(off)


def test_recorded_requests_to_openai_with_tools() -> None:
    off = [
        abs(found.tokens - told)
        for c, found, told in pairs("openai-chat")
        if c.tools and "response_format" not in c.options
    ]
    assert len(off) >= 8
    assert statistics.median(off) <= 1, sorted(off)


def test_recorded_requests_to_claude_with_tools() -> None:
    off = [
        abs(f.tokens - told) / told
        for c, f, told in pairs("anthropic")
        if c.tools and "thinking" not in c.options
    ]
    assert len(off) >= 20
    assert statistics.median(off) <= 0.03, sorted(off)


@pytest.mark.parametrize(
    ("interface", "within", "share"), [("mistral", 2, 0.9), ("gemini-vertex", 2, 0.9), ("cohere", 2, 0.7)]
)
def test_recorded_requests_with_tools(interface: str, within: int, share: float) -> None:
    off = [
        abs(found.tokens - told)
        for c, found, told in pairs(interface)
        if c.tools and (plain(c) or interface in ("mistral", "cohere")) and "response_format" not in c.options
    ]
    assert len(off) >= 10
    assert sum(tokens <= within for tokens in off) >= share * len(off), sorted(off)
