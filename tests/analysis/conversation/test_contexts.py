"""What a request reads, part by part: known tokens add up, unknown ones are never 0."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conversations.files import document, lines, only
from tokviz.analysis.conversation.answering_model import AnsweringModel, AnsweringModels
from tokviz.analysis.conversation.contexts import (
    NoSuchRequestError,
    NumberedRequest,
    context_of,
    numbered_requests,
    whole_contexts,
)
from tokviz.analysis.conversation.counted_context import CountedContext, _first_readers, total
from tokviz.analysis.conversation.evaluations import ContextCounter, with_hidden_of
from tokviz.analysis.conversation.groups import GroupBy, grouped, repeats
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Conversation, Message, Request, Side, Usage
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

ASSETS = Assets()
CATALOG = Catalog(ASSETS)
REGISTRY = Registry(ASSETS)
MODELS = AnsweringModels(CATALOG.models, FramingRules(ASSETS), REGISTRY.names())
COUNTER = ContextCounter(REGISTRY)


def counted(
    conversation: Conversation, model: str | None = None, request: int | None = None
) -> CountedContext:
    requests = numbered_requests([conversation])
    (context,) = whole_contexts([conversation], requests)
    if request is not None:
        context = context_of(requests, request)
    asked: AnsweringModel = MODELS.of([conversation])
    if model is not None:
        asked = MODELS.named(CATALOG.get(model), [conversation])
    (found,) = COUNTER.count([context], asked, requests)
    return found


def turn(number: int, role: str, content: object, usage: dict[str, int] | None = None) -> dict[str, object]:
    """A line of a session of Claude Code."""
    message: dict[str, object] = {"role": role, "content": content}
    if role == "assistant":
        message |= {"id": f"m{number}", "model": "gpt-4o-2024-08-06", "usage": usage}
    return {
        "type": role,
        "uuid": str(number),
        "parentUuid": str(number - 1) if number else None,
        "sessionId": "s",
        "timestamp": f"2026-01-02T03:0{number}:00Z",
        "message": message,
    }


def session() -> Conversation:
    read = {"type": "tool_use", "id": "c1", "name": "Read", "input": {"file_path": "/a.py"}}
    result = {"type": "tool_result", "tool_use_id": "c1", "content": "print('hello')\n" * 20}
    return only(
        lines(
            turn(0, "user", "Look at the file."),
            turn(1, "assistant", [read], {"input_tokens": 900, "output_tokens": 30}),
            turn(2, "user", [result]),
            turn(
                3,
                "assistant",
                [{"type": "text", "text": "Done."}],
                {"input_tokens": 1_100, "output_tokens": 4},
            ),
            turn(4, "user", "And now?"),
        ),
        "claude-code",
    )


def test_what_the_file_does_not_hold_is_a_part_of_its_own() -> None:
    found = counted(session(), request=2)
    hidden = [part for part in found.parts if part.kind == "not in the file"]
    assert [part.name for part in hidden] == ["system prompt, tools"]
    assert found.hidden == hidden[0].tokens
    assert found.count.tokens == 1_100 == sum(part.tokens or 0 for part in found.parts)
    assert (found.count.low, found.count.high) == (1_100, 1_100)


def test_a_logged_request_lacks_no_system_prompt_where_it_has_none() -> None:
    asked = {"model": "claude-sonnet-4-5", "messages": [{"role": "user", "content": "hi"}]}
    answer = {
        "content": [{"type": "text", "text": "Hello!"}],
        "usage": {"input_tokens": 90, "output_tokens": 5},
    }
    found = counted(only(lines({"request": asked, "response": answer}), "api-log"), request=1)
    assert [part.name for part in found.parts if part.kind == "not in the file"] == [
        "what else the maker adds"
    ]


def test_a_response_alone_lacks_all_that_was_asked() -> None:
    answer = {
        "content": [{"type": "text", "text": "Hello!"}],
        "usage": {"input_tokens": 90, "output_tokens": 5},
    }
    found = counted(only(lines(answer), "api-log"), request=1)
    missing = [part.name for part in found.parts if part.kind == "not in the file"]
    assert missing == ["system prompt, tools, messages"] and found.count.tokens == 90


class Gone(list[NumberedRequest]):
    """How often all requests were gone through."""

    times = 0

    def __iter__(self) -> Iterator[NumberedRequest]:
        self.times += 1
        return super().__iter__()


def test_a_log_of_many_conversations_is_gone_through_once() -> None:
    told = Message("user", Side.USER)
    lanes = [
        Conversation("api-log", (told,), (Request("gpt-4o", Usage(5, 1), start=0, end=1),)) for _ in range(9)
    ]
    requests = Gone(numbered_requests(lanes))
    contexts = whole_contexts(lanes, requests)
    assert requests.times == 1 and [one.recorded_tokens for one in contexts] == [5] * 9
    found = COUNTER.count(contexts, MODELS.of(lanes), requests)
    assert requests.times == 2 and [one.parts[-1].request for one in found] == [*range(1, 10)]


def test_the_next_request_adds_what_came_later_to_what_was_recorded() -> None:
    last, now = counted(session(), request=2), counted(session())
    later = [part for part in now.parts if part.message is not None and part.message >= 3]
    assert now.hidden == last.hidden
    assert now.count.tokens == 1_100 + sum(part.tokens or 0 for part in later)
    assert now.count.low < now.count.tokens < now.count.high


def test_a_part_names_the_request_that_first_read_it() -> None:
    found = counted(session())
    readers = {part.message: part.request for part in found.parts}
    assert readers == {None: 1, 0: 1, 1: 2, 2: 2, 3: None, 4: None}


def test_another_model_scales_what_nobody_can_count() -> None:
    own, other = counted(session()), counted(session(), "claude-2.1")
    assert own.hidden and other.hidden is None
    requests = numbered_requests([session()])
    rows = list(COUNTER.evaluations(own, [MODELS.named(CATALOG.get("claude-2.1"), [session()])], requests))
    (row,) = rows
    assert not isinstance(row, Exception)
    assert row.count.tokens > other.count.tokens
    assert row.count.high - row.count.low > 0
    assert row.count.provenance is Provenance.MEASURED


def test_a_few_visible_words_say_nothing_of_what_is_hidden() -> None:
    """As in a session with an image: 16,000 tokens that nobody sees, and 47 that everybody does."""
    own, other = counted(session()), counted(session(), "claude-2.1")
    few = replace(own, parts=own.parts[:1])
    assert own.hidden
    found = with_hidden_of(other, few)
    assert found.high - other.count.high <= 2 * own.hidden


def test_requests_are_numbered_and_missing_ones_are_named() -> None:
    requests = numbered_requests([session()])
    assert [one.number for one in requests] == [1, 2]
    with pytest.raises(NoSuchRequestError, match="There is no request 3; the file records 2"):
        context_of(requests, 3)
    with pytest.raises(NoSuchRequestError, match="records no request"):
        context_of([], 1)


def request(**more: object) -> Conversation:
    fields = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello there"}]}
    return only(document(fields | more), "request-openai-chat")


def test_a_request_by_hand() -> None:
    found = counted(request())
    assert [(part.kind, part.tokens) for part in found.parts] == [("framing", 3), ("text", 2), ("framing", 4)]
    assert (found.count.low, found.count.tokens, found.count.high) == (8, 9, 10)
    assert found.count.provenance is Provenance.MEASURED


def test_an_image_is_unknown_and_not_0() -> None:
    content = [{"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 400}}]
    found = counted(request(messages=[{"role": "user", "content": content}]))
    assert [(part.kind, part.tokens) for part in found.parts if part.kind == "image"] == [("image", None)]
    assert found.count.tokens == 7


def test_a_model_without_a_rule_says_that_its_framing_is_unknown() -> None:
    found = counted(request(), "claude-2.1")
    assert [part.tokens for part in found.parts if part.kind == "framing"] == [None]
    assert found.count.tokens == 2
    assert found.count.provenance is Provenance.TEXTS_ALONE


@pytest.mark.parametrize(
    ("name", "counted_as", "instead_of"),
    [
        ("gpt-4o-2024-08-06", "GPT-4o", None),
        ("openai/gpt-5", "GPT-5", None),
        ("us.anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4", None),
        ("aide-gpt-5", "GPT-5", "aide-gpt-5"),
        ("nobody-knows", "GPT-4o", "nobody-knows"),
        (None, "GPT-4o", ""),
    ],
)
def test_the_model_that_answered(name: str | None, counted_as: str, instead_of: str | None) -> None:
    found = MODELS.of([request(model=name)])
    assert (found.name, found.stands_in_for) == (counted_as, instead_of)


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("claude-opus-4-5-20251101", "claude-opus-4.5"),
        ("claude-opus-4-5", "claude-opus-4.5"),
        ("claude-4-5-opus@20251101", "claude-opus-4.5"),
        ("anthropic/claude-haiku-4.5", "claude-haiku-4.5"),
        ("Claude Haiku 4.5", "claude-haiku-4.5"),
        ("gpt-oss:120b", "gpt-oss-120b"),
        ("llama3.1:8b", "llama-3.1-8b"),
        ("llama3.1:latest", None),
        ("meta-llama/llama-4-scout-17b-16e-instruct", "llama-4-scout"),
        ("meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "llama-3.1-8b"),
        ("llama-3.3-70b-versatile", "llama-3.3-70b"),
        ("gpt-4-0613", None),
        ("gpt-4o-of-nobody", None),
        ("", None),
        (None, None),
    ],
)
def test_recorded_names_of_models(name: str | None, model: str | None) -> None:
    found = model_finder(CATALOG.models)(name)
    assert (found.id if found else None) == model


def test_a_claude_stands_in_where_bedrock_is_asked_without_a_name() -> None:
    asked = document({"messages": [{"role": "user", "content": [{"text": "hi"}]}], "inferenceConfig": {}})
    found = MODELS.of([only(asked, "request-bedrock-converse")])
    assert found.model is not None
    assert (found.model.developer, found.stands_in_for) == ("Anthropic", "")


def test_a_stand_ins_count_is_assumed() -> None:
    assert counted(request(model="nobody-knows")).count.provenance is Provenance.ASSUMED


def test_groups_keep_every_token() -> None:
    found = counted(session())
    for by in (None, *GroupBy):
        groups = grouped(found.parts, by)
        assert sum(group.tokens or 0 for group in groups) == found.count.tokens
        assert [group.tokens for group in groups] == sorted((g.tokens or 0 for g in groups), reverse=True)
    assert {group.name for group in grouped(found.parts, GroupBy.FILE)} >= {"/a.py"}
    assert {group.name for group in grouped(found.parts, GroupBy.TOOL)} >= {"Read"}


def test_a_file_that_was_read_again() -> None:
    found = counted(session())
    twice = [*found.parts, *found.parts]
    (repeat,) = repeats(twice)
    assert (repeat.file, repeat.times) == ("/a.py", 2)
    assert repeat.tokens == 2 * repeat.saved
    assert repeats(found.parts) == []


def test_the_total_of_several_conversations_is_as_sure_as_the_least_sure() -> None:
    one, other = counted(request()), counted(request(), "claude-opus-5.5")
    both = total([one, other])
    assert both.tokens == one.count.tokens + other.count.tokens
    assert both.provenance is max(one.count.provenance, other.count.provenance, key=list(Provenance).index)
    assert total([]).tokens == 0


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant", "system", "tool"]), st.text()), max_size=6))
def test_known_parts_add_up_whatever_the_messages_are(messages: list[tuple[str, str]]) -> None:
    told = [{"role": role, "content": content} for role, content in messages]
    fields = {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}, *told]}
    found = counted(only(json.dumps(fields).encode(), "request-openai-chat"))
    assert sum(part.tokens or 0 for part in found.parts) == found.count.tokens
    assert found.count.low <= found.count.tokens <= found.count.high


def test_sealed_thinking_is_unknown_until_a_provider_tells_the_whole() -> None:
    call = {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "A" * 400}
    fields = {"contents": [{"role": "user", "parts": [{"text": "go"}]}, {"role": "model", "parts": [call]}]}
    found = counted(only(json.dumps(fields).encode(), "request-gemini"))
    assert [part.tokens for part in found.parts if part.kind == "thinking"] == [None]
    sealed = {"type": "thinking", "thinking": "", "signature": "A" * 400}
    recorded = only(
        lines(
            turn(0, "user", "Go."),
            turn(1, "assistant", [sealed], {"input_tokens": 500, "output_tokens": 9}),
            turn(2, "user", "On."),
            turn(3, "assistant", "So.", {"input_tokens": 900, "output_tokens": 9}),
        ),
        "claude-code",
    )
    parts = counted(recorded).parts
    assert "thinking" not in {part.kind for part in parts}
    assert [part.name for part in parts if part.kind == "not in the file"] == [
        "system prompt, tools, thinking"
    ]


def test_many_requests_take_as_long_as_they_are_many() -> None:
    """Each first reader was once found by a look through all of them: a session of 2 GB took hours."""
    number = 20_000
    message = Message("user", Side.USER)
    requests = tuple(Request("gpt-4o", Usage(input=1), start=0, end=i + 1) for i in range(number))
    conversation = Conversation("codex", (message,) * number, requests)
    numbered = numbered_requests([conversation])
    (context,) = whole_contexts([conversation], numbered)
    began = time.thread_time()
    readers = _first_readers(context, numbered)
    assert time.thread_time() - began < 2
    assert readers == {-1: 1} | {i: i + 1 for i in range(number)}


def test_what_was_counted_for_a_model_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    one, requests = counted(session()), numbered_requests([session()])
    asked = MODELS.of([session()])
    (known,) = COUNTER.evaluations(one, [asked], requests)
    monkeypatch.setattr(ContextCounter, "count", None)
    assert [known] == list(COUNTER.evaluations(one, [asked], requests, counted_for=asked))
