"""Why a cache missed: where two requests part, and what stood between two requests of a session."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.analysis.conversation.test_contexts import CATALOG, MODELS, REGISTRY
from tests.conversations.files import only
from tokviz.analysis.conversation.answering_model import AnsweringModels
from tokviz.analysis.conversation.cache_cost import in_words, reread_cost
from tokviz.analysis.conversation.cache_misses import cache_misses
from tokviz.analysis.conversation.contexts import numbered_requests, whole_contexts
from tokviz.analysis.conversation.differences import ContextDifference, compare_contexts, pair_tokenizer
from tokviz.analysis.conversation.token_streams import ContextTokenizer
from tokviz.assets import Assets
from tokviz.catalog.caching import CachingRules
from tokviz.catalog.model import Prices
from tokviz.conversations.cache import Change
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.framing import lay_out
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Altered, Conversation, Request, Usage
from tokviz.tokenization.tokenizer import SpecialTokens

TEMPLATES = ChatTemplates(Assets(), date(2026, 11, 1))
GPT_4O = CATALOG.get("gpt-4o")
TOKENIZER = ContextTokenizer(REGISTRY.get("o200k_base"))
SYSTEM = {"role": "system", "content": "Be brief. " * 700}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}


def request(*messages: dict[str, Any], **more: Any) -> Conversation:
    fields = {"model": "gpt-4o", "messages": [SYSTEM, *messages]} | more
    return only(json.dumps(fields).encode(), "request-openai-chat")


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def compared(before: Conversation, now: Conversation) -> ContextDifference:
    rule = MODELS.of([now]).rule
    one, other = (whole_contexts([each], [])[0] for each in (before, now))
    return compare_contexts(*TOKENIZER.tokenize_pair(one, other, rule), GPT_4O)


def test_a_stream_has_the_tokens_that_are_counted() -> None:
    context = whole_contexts([request(user("hello there"))], [])[0]
    stream = TOKENIZER.tokenize_pair(context, context, MODELS.of([context.conversation]).rule)[1].stream
    system = REGISTRY.get("o200k_base").count(SYSTEM["content"].encode())
    assert len(stream) == 3 + (4 + system) + (4 + 2)
    assert [part.kind for part in stream.parts] == ["framing", "text", "framing", "text", "framing"]


def test_a_next_turn_only_goes_on() -> None:
    found = compared(request(user("one")), request(user("one"), user("two")))
    assert found.difference.change is Change.EXTENDED
    assert found.served == found.difference.shared > 2_000
    assert "then the second goes on with 5 tokens more" in found.sentences[0]


def test_a_chat_template_tells_each_token_of_the_framing() -> None:
    model = CATALOG.get("llama-3.3-70b")
    finder = AnsweringModels(CATALOG.models, FramingRules(Assets()), REGISTRY.names(), TEMPLATES)
    asked = finder.named(model, [])
    tokenizer = pair_tokenizer(asked, REGISTRY)
    before, now = (
        whole_contexts([request({"role": role, "content": "one"}, user("two"))], [])[0]
        for role in ("user", "assistant")
    )
    one, other = tokenizer.tokenize_pair(before, now, asked.rule)
    assert asked.template is not None
    rendered = asked.template.render(before.conversation)
    parsing = REGISTRY.get(asked.tokenizer, SpecialTokens.PARSED)
    assert one.stream.ids.tolist() == parsing.encode(rendered.text.encode()).ids.tolist()
    found = compare_contexts(one, other, model)
    assert found.before.startswith("user<|end_header_id|>")
    assert found.now.startswith("assistant<|end_header_id|>")
    assert found.difference.place_now is not None and found.difference.place_now.part.kind == "framing"


def test_deepseek_adds_another_text_at_openais_newer_interface() -> None:
    finder = AnsweringModels(CATALOG.models, FramingRules(Assets()), REGISTRY.names(), TEMPLATES)
    fields = {"model": "deepseek-v4-flash", "input": [user("Hello")]}
    responses = only(json.dumps(fields).encode(), "request-openai-responses")
    asked = finder.of([responses])
    assert asked.template is None and asked.rule is not None and asked.rule.id == "deepseek-responses"


def test_the_first_token_that_differs_is_shown_with_what_stood_there() -> None:
    found = compared(request(user("The date is Monday.")), request(user("The date is Sunday.")))
    assert found.difference.change is Change.REPLACED
    assert (found.before, found.now) == (" Monday.", " Sunday.")
    assert found.sentences[1] == (
        "Then in message 2, text, at token 4 of 5 stood “ Monday.” and now stands “ Sunday.”."
    )
    assert found.sentences[-1].startswith(f"{found.difference.reread} tokens are read anew: $")


def test_what_was_put_in_and_what_is_gone() -> None:
    short, long = request(user("one"), user("two")), request(user("zero"), user("one"), user("two"))
    assert "message 2" in compared(short, long).sentences[1]
    assert "was put in: “zero”" in compared(short, long).sentences[1]
    assert "is gone: “zero”" in compared(long, short).sentences[1]


def test_tools_stand_before_everything() -> None:
    found = compared(request(user("one")), request(user("one"), tools=[TOOL]))
    assert found.difference.shared < 10
    assert found.shortest is None or found.served == 0


def asking(system_mark: bool, message_marks: int, last: str, **more: Any) -> Conversation:
    """A request to Claude of a long system prompt and two messages, marked or not."""
    kept = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
    system = [{"type": "text", "text": SYSTEM["content"], **(kept if system_mark else {})}]
    texts = ["Read this. " * 300, last]
    messages = [
        {
            "role": "user",
            "content": [{"type": "text", "text": text, **(kept if number < message_marks else {})}],
        }
        for number, text in enumerate(texts)
    ]
    fields = {"model": "claude-sonnet-4-5", "max_tokens": 9, "system": system, "messages": messages} | more
    return only(json.dumps(fields).encode(), "request-anthropic")


@pytest.mark.parametrize(
    ("marks", "kept", "sentence"),
    [
        (
            (False, 0),
            0,
            "The first request marks nothing to be kept (cache_control): a cache serves nothing.",
        ),
        ((True, 0), 1, "The last cache_control before the difference keeps "),
        ((True, 1), 2, "The last cache_control before the difference keeps "),
        ((True, 2), 2, "The last cache_control before the difference keeps "),
    ],
)
def test_claude_keeps_what_a_request_marks(marks: tuple[bool, int], kept: int, sentence: str) -> None:
    finder = AnsweringModels(
        CATALOG.models, FramingRules(Assets()), REGISTRY.names(), caching=CachingRules(Assets())
    )
    before, now = asking(*marks, "one"), asking(*marks, "two")
    asked = finder.of([now])
    one, other = (whole_contexts([each], [])[0] for each in (before, now))
    pair = pair_tokenizer(asked, REGISTRY).tokenize_pair(one, other, asked.rule)
    found = compare_contexts(*pair, asked.model, asked.caching)
    points = pair[0].breakpoints
    assert points is not None and len(points) == marks[0] + marks[1]
    assert found.served == (points[kept - 1].end if kept else 0)
    assert found.reread == len(pair[1].stream) - found.served
    assert any(line.startswith(sentence) for line in found.sentences)
    assert any("are read anew" in line for line in found.sentences)


def test_a_mark_of_the_whole_request_keeps_all_of_it() -> None:
    found = whole_contexts([asking(False, 0, "one", cache_control={"type": "ephemeral"})], [])[0]
    asked = MODELS.of([found.conversation])
    one, _ = pair_tokenizer(asked, REGISTRY).tokenize_pair(found, found, asked.rule)
    assert one.breakpoints is not None and [point.end for point in one.breakpoints] == [len(one.stream)]


def test_openai_serves_whole_steps() -> None:
    caching = CachingRules(Assets()).find("OpenAI", "gpt-4o")
    before, now = (whole_contexts([request(user(text))], [])[0] for text in ("one two three", "one two four"))
    pair = TOKENIZER.tokenize_pair(before, now, MODELS.of([before.conversation]).rule)
    found = compare_contexts(*pair, GPT_4O, caching)
    assert found.served % 128 == 0 and 0 < found.difference.shared - found.served < 128


def test_deepseek_serves_whole_requests_alone() -> None:
    model = CATALOG.get("deepseek-v4-pro")
    caching = CachingRules(Assets()).find("DeepSeek", model.id)
    assert caching is not None and caching.whole
    one, other = request(user("one")), request(user("two"))
    longer = request(user("one"), user("two"))

    def told(before: Conversation, now: Conversation) -> ContextDifference:
        first, second = (whole_contexts([each], [])[0] for each in (before, now))
        pair = TOKENIZER.tokenize_pair(first, second, MODELS.of([before]).rule)
        return compare_contexts(*pair, model, caching)

    assert told(one, longer).served > 2_000
    apart = told(one, other)
    assert apart.served == 0 < apart.difference.shared and apart.reread == apart.tokens
    assert any("serves a beginning where an earlier request" in line for line in apart.sentences)
    assert "as remembered and not verified" in caching.sentence


@pytest.mark.parametrize(
    ("developer", "model_id", "rule"),
    [
        ("OpenAI", "gpt-5.6-sol", "openai-5.6"),
        ("OpenAI", "gpt-6.1-terra", "openai-5.6"),
        ("OpenAI", "gpt-5.5", "openai"),
        ("OpenAI", "gpt-4-turbo", None),
        ("Anthropic", "claude-opus-5", "anthropic"),
        ("Google", "gemini-2.5-flash", "google-2.5"),
        ("Google", "gemini-3.8-flash", "google"),
        ("Google", "gemini-1.5-pro", None),
        ("Mistral", "mistral-large", None),
    ],
)
def test_each_model_has_the_rule_of_its_generation(developer: str, model_id: str, rule: str | None) -> None:
    found = CachingRules(Assets()).find(developer, model_id)
    assert (found.id if found else None) == rule


def test_every_rule_but_those_in_doubt_was_found_where_it_says() -> None:
    rules = CachingRules(Assets())
    assert [rule.id for rule in rules.rules if rule.doubt] == ["deepseek"]
    # What is published for a model and for its maker does not differ.
    for model in CATALOG.models:
        rule = rules.find(model.developer, model.id)
        if rule is not None and rule.minimum and model.min_cacheable is not None:
            assert model.min_cacheable == rule.minimum, model.id


def test_a_beginning_that_is_too_short_is_served_by_no_cache() -> None:
    before, now = (whole_contexts([request(user(text))], [])[0] for text in ("one", "two"))
    pair = TOKENIZER.tokenize_pair(before, now, MODELS.of([now.conversation]).rule)
    found = compare_contexts(*pair, structs.replace(GPT_4O, min_cacheable=100_000))
    assert found.served == 0 and found.reread == len(pair[1].stream)
    assert any("keeps no prefix shorter than 100,000 tokens" in line for line in found.sentences)


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_what_is_shared_and_what_is_reread_is_the_whole(one: list[str], other: list[str]) -> None:
    found = compared(request(*map(user, one)), request(*map(user, other)))
    now = whole_contexts([request(*map(user, other))], [])[0]
    whole = len(TOKENIZER.tokenize_pair(now, now, MODELS.of([now.conversation]).rule)[0].stream)
    assert found.difference.shared + found.difference.reread == whole
    assert all(sentence.endswith(".") for sentence in found.sentences)


PRICES = Prices(
    input=Decimal(3),
    output=Decimal(15),
    cached_input=Decimal("0.3"),
    cache_write=Decimal("3.75"),
    cache_write_1h=Decimal(6),
)


def test_both_prices_of_reading_anew() -> None:
    words = in_words(reread_cost(1_000_000, 1_000_000, PRICES))
    assert (
        words
        == "$3.75 at the five-minute price, $6.00 at the one-hour price, instead of $0.30 from the cache"
    )
    assert in_words(reread_cost(1_000_000, 10, Prices(input=Decimal(3), output=Decimal(15)))) == "$3.00"
    assert in_words(reread_cost(5, 5, None)) == "what that costs is unknown"


def asked(minute: int, read: int, write: int, **more: Any) -> Request:
    usage = Usage(10, 5, read, write, cache_write_1h=more.pop("hour", None))
    told: dict[str, Any] = {"model": "m", "time": f"2026-01-02T03:{minute:02}:00Z", "start": 0, "end": 1}
    told |= more
    return Request(usage=usage, **told)


@pytest.mark.parametrize(
    ("requests", "why"),
    [
        ((asked(0, 0, 9_000), asked(1, 9_000, 500)), None),
        ((asked(0, 0, 9_000), asked(12, 0, 9_500)), "it came 12 minutes after the one before"),
        ((asked(0, 0, 9_000, hour=9_000), asked(12, 0, 9_500)), "changed, or the provider had dropped it"),
        ((asked(0, 0, 9_000), asked(1, 0, 9_500)), "changed, or the provider had dropped it"),
        ((asked(0, 0, 9_000), asked(1, 4_000, 5_500)), "after its first 4,000 tokens something changed"),
        ((asked(0, 0, 9_000), asked(1, 0, 9_500, model="n")), "it went to n after m"),
        ((asked(0, 0, 9_000), asked(1, 0, 9_500, start=1)), "the conversation was compacted before it"),
        ((asked(0, 0, 9_000), asked(12, 0, 9_500, altered=Altered("tools"))), "its tools are not those"),
        (
            (asked(0, 0, 9_000), asked(1, 0, 9_500, altered=Altered("system"))),
            "its system prompt is not",
        ),
        (
            (asked(0, 0, 9_000), asked(1, 0, 9_500, altered=Altered("message", 4))),
            "message 4 is no longer",
        ),
        ((asked(0, 0, 9_000), asked(1, 0, 9_500, altered=Altered("nothing"))), "so the provider had dropped"),
        ((asked(0, 0, 9_000), asked(12, 0, 9_500, altered=Altered("nothing"))), "it came 12 minutes after"),
        ((asked(0, 0, 9_000), asked(1, 8_900, 500)), None),
        ((asked(0, 0, 9_000), asked(1, 50, 0)), None),
    ],
)
def test_why_a_cache_missed_in_a_session(requests: tuple[Request, ...], why: str | None) -> None:
    lane = Conversation("claude-code", requests=requests)
    model = CATALOG.get("claude-sonnet-4.5")
    misses = cache_misses(numbered_requests([lane]), lambda _: model)
    if why is None:
        assert misses == []
        return
    (miss,) = misses
    assert why in miss.sentence
    assert miss.sentence.startswith(f"Request 2 read {miss.reread:,} tokens anew: ")
    assert miss.reread == 9_000 - (requests[1].usage.cache_read or 0)
    assert "at the five-minute price" in miss.sentence


def test_who_tells_nothing_of_a_cache_has_no_misses() -> None:
    requests = (Request("m", Usage(9_000, 5)), Request("m", Usage(9_500, 5)))
    lane = Conversation("claude-code", requests=requests)
    assert cache_misses(numbered_requests([lane]), lambda _: None) == []


@given(st.lists(st.text(max_size=9), max_size=4), st.lists(st.text(max_size=9), max_size=4))
def test_the_first_difference_is_that_of_the_tokens_themselves(one: list[str], other: list[str]) -> None:
    """Against all texts tokenized, part by part."""
    before, now = request(*map(user, one)), request(*map(user, other))
    rule = MODELS.of([now]).rule
    assert rule is not None
    encode = REGISTRY.get("o200k_base").encode
    streams = []
    for each in (before, now):
        layout = lay_out(each, rule)
        texts = dict(zip(layout.waiting, layout.texts, strict=True))
        streams.append(
            [
                -1 if index not in texts else int(token)
                for index, piece in enumerate(layout.pieces)
                for token in (encode(texts[index]).ids if index in texts else range(piece.tokens))
            ]
        )
    expected = next(
        (i for i, (a, b) in enumerate(zip(*streams, strict=False)) if a != b), min(map(len, streams))
    )
    assert compared(before, now).difference.shared == expected
