"""Chat templates: the text and the ids that transformers makes, whose tokens are whose, and hostile ones."""

import hashlib
import io
import json
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.tokens.tokenizers.mistral import MistralTokenizer

from tests.conversations.files import document
from tests.conversations.record_chat_templates import CALL, CASES, RECORD, RESULT, SYSTEM, TODAY, TOOL
from tokviz.analysis.conversation.contexts import Context
from tokviz.analysis.conversation.templated_context import encoded_in_words, frame_by_template
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.chat_template import ChatTemplate
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.model import Conversation
from tokviz.conversations.reading import read_conversations
from tokviz.conversations.template_sandbox import TemplateRefusedError
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens

ASSETS = Assets()
TEMPLATES = ChatTemplates(ASSETS, date.fromisoformat(TODAY))
REGISTRY = Registry(ASSETS)
PUBLISHED = [name for name, row in TEMPLATES.rows.items() if not row.written_after]
RECORDED = json.loads(RECORD.read_text("utf-8"))


def conversation(case: str) -> Conversation:
    messages, tools, _ = CASES[case]
    return read(messages, tools)


def read(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> Conversation:
    request = {"model": "m", "messages": messages} | ({"tools": tools} if tools else {})
    return read_conversations(io.BytesIO(document(request))).conversations[0]


def template(source: str) -> ChatTemplate:
    return ChatTemplate("a test", source, "<s>", "</s>", date.fromisoformat(TODAY))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", PUBLISHED)
def test_text_is_what_transformers_renders(name: str, case: str) -> None:
    messages, tools, answer = CASES[case]
    assert TEMPLATES.named(name).write(messages, tools, answer) == RECORDED[name][case]["text"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_ids_are_those_of_the_published_tokenizer(name: str) -> None:
    tokenizer = REGISTRY.get(TEMPLATES.rows[name].tokenizer, SpecialTokens.PARSED)
    for case, told in RECORDED[name].items():
        if told["ids"] is not None:
            assert tokenizer.encode(told["text"].encode()).ids.tolist() == told["ids"], case


WORDS = ["a", "B", " ", "\n", "é", "東", "1", '"', "[INST]", "</s>", "{", "[TOOL_CALLS]"]
PARTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map("".join).filter(str.strip)


@cache
def mistral(name: str) -> MistralTokenizer:
    makers = {
        "mistral-v3": MistralTokenizer.v3,
        "mistral-v3-tekken": lambda: MistralTokenizer.v3(is_tekken=True),
        "mistral-v7": MistralTokenizer.v7,
    }
    made: MistralTokenizer = makers[name]()
    return made


def mistrals_ids(name: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[int]:
    """What Mistral's own package makes of messages as OpenAI has them: arguments are JSON text."""
    sent = json.loads(json.dumps(messages))
    for message in sent:
        for call in message.get("tool_calls", ()):
            call["function"]["arguments"] = json.dumps(call["function"]["arguments"], ensure_ascii=False)
        if message.get("tool_calls") and not message["content"]:
            message["content"] = None
    request = ChatCompletionRequest.from_openai(messages=sent, tools=tools or None)
    found: list[int] = mistral(name).encode_chat_completion(request).tokens
    return found


def our_ids(name: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> list[int]:
    template, vocabulary = TEMPLATES.named(name), TEMPLATES.rows[name].tokenizer
    parsing, plain = REGISTRY.get(vocabulary, SpecialTokens.PARSED), REGISTRY.get(vocabulary)
    whole = read(messages, tools)
    rendered = template.render(whole)
    ids, ends = encoded_in_words(rendered, parsing, plain)
    assert not len(ends) or ends[-1] == len(rendered.text.encode())
    framed = frame_by_template(Context(whole, 0, len(whole.messages)), template, parsing, plain)
    assert framed.tokens == len(ids) == sum(piece.tokens for piece in framed.pieces)
    found: list[int] = ids.tolist()
    return found


OWN = [name for name, row in TEMPLATES.rows.items() if row.written_after]


@pytest.mark.parametrize("case", [case for case, (_, _, answer) in CASES.items() if answer])
@pytest.mark.parametrize("name", OWN)
def test_ids_are_those_of_mistrals_package(name: str, case: str) -> None:
    messages, tools, _ = CASES[case]
    assert our_ids(name, messages, tools) == mistrals_ids(name, messages, tools)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(OWN),
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(PARTS, st.booleans(), PARTS), max_size=3),
    st.lists(PARTS, min_size=1, max_size=3),
)
def test_any_words_have_the_ids_of_mistrals_package(
    name: str, system: bool, tool: bool, turns: list[tuple[str, bool, str]], last: list[str]
) -> None:
    messages: list[dict[str, Any]] = [SYSTEM] if system else []
    for asked, calls, answer in turns:
        messages.append({"role": "user", "content": asked})
        if calls and tool:
            messages += [CALL, {**RESULT, "content": answer}]
        messages.append({"role": "assistant", "content": answer})
    messages += [{"role": "user", "content": words} for words in last]
    tools = [TOOL] if tool else []
    assert our_ids(name, messages, tools) == mistrals_ids(name, messages, tools)


def test_at_least_twelve_have_recorded_ids() -> None:
    assert sum(all(told["ids"] for told in cases.values()) for cases in RECORDED.values()) >= 12


@pytest.mark.parametrize("case", [case for case, (_, _, answer) in CASES.items() if answer])
@pytest.mark.parametrize("name", PUBLISHED)
def test_a_read_conversation_gives_the_same_text_and_every_token_has_its_part(name: str, case: str) -> None:
    told = RECORDED[name][case]
    rendered = TEMPLATES.named(name).render(conversation(case))
    assert rendered.text == told["text"]
    assert "".join(rendered.text[span.start : span.end] for span in rendered.spans) == rendered.text
    whole = conversation(case)
    tokenizer = REGISTRY.get(TEMPLATES.rows[name].tokenizer, SpecialTokens.PARSED)
    framed = frame_by_template(
        Context(whole, 0, len(whole.messages)), TEMPLATES.named(name), tokenizer, tokenizer
    )
    assert framed.tokens == sum(piece.tokens for piece in framed.pieces)
    assert framed.tokens == len(told["ids"] or tokenizer.encode(told["text"].encode()).ids)


def test_each_message_has_its_framing() -> None:
    rendered = TEMPLATES.named("llama-3.3").render(conversation("several turns"))
    told = [(span.kind, span.message, rendered.text[span.start : span.end]) for span in rendered.spans]
    assert told[-5:] == [
        ("framing", 2, "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
        ("text", 2, "Hello!"),
        ("framing", 3, "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n"),
        ("text", 3, "And tomorrow?"),
        ("framing", 3, "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
    ]


PIECES = st.sampled_from(
    [
        "<|im_end|>",
        "<|eot_id|>",
        "</s>",
        "[INST]",
        "<think>",
        "</think>",
        "\U000f0000",
        "\U00100001",
        " ",
        "\n",
        "{{",
        "é",
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(PIECES, min_size=1).map("".join), min_size=1, max_size=4),
    st.sampled_from(sorted(TEMPLATES.rows)),
)
def test_any_words_keep_text_and_spans_together(words: list[str], name: str) -> None:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": said} for n, said in enumerate(words)]
    rendered = TEMPLATES.named(name).render(read(messages, []))
    assert rendered.text == TEMPLATES.named(name).write(messages)
    assert "".join(rendered.text[span.start : span.end] for span in rendered.spans) == rendered.text


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) if b > 99999 %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ 'a' * 10000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{% set n = namespace(s='aa') %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='aa') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ nothing.at.all }}",
        "{% if %}",
        "{% include '/etc/passwd' %}",
    ],
)
def test_hostile_templates_end_in_a_sentence(source: str) -> None:
    with pytest.raises(TemplateRefusedError) as caught:
        template(source).write([{"role": "user", "content": "a"}])
    assert str(caught.value).startswith("The chat template ") and str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_every_file_is_as_recorded_and_every_model_is_in_the_catalog() -> None:
    models = {model.id: model for model in Catalog(ASSETS).models}
    for row in TEMPLATES.rows.values():
        data = ASSETS.path("chat_templates", row.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row.sha256
        for model in (*row.models, *row.assumed):
            assert models[model].tokenizer == row.tokenizer


def test_a_model_without_a_template_has_none() -> None:
    assert TEMPLATES.for_model("llama-4-scout") is None
    assert TEMPLATES.is_assumed("qwen3-32b") and not TEMPLATES.is_assumed("llama-3.3-70b")
