"""Logs of requests with their responses: what was asked, what was answered, and what that used."""

import base64
import json
from collections import Counter
from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.analysis.conversation.contexts import context_of, numbered_requests
from tokviz.conversations.formats import exchanges
from tokviz.conversations.model import Altered, Message, PartKind, Usage

HI = {"role": "user", "content": "hi"}
HELLO = {"role": "assistant", "content": "Hello!"}
WHY = {"role": "user", "content": "why?"}
CHAT = {"model": "gpt-4o", "messages": [HI]}


def chat_answer(name: str = "c1", content: str = "Hello!", **usage: Any) -> dict[str, Any]:
    told = {
        "prompt_tokens": 30,
        "completion_tokens": 9,
        "prompt_tokens_details": {"cached_tokens": 10},
    } | usage
    message = {"role": "assistant", "content": content}
    return {"id": name, "model": "gpt-4o-2024-08-06", "choices": [{"message": message}], "usage": told}


def events(*told: object) -> str:
    return "".join(f"event: x\ndata: {json.dumps(each)}\n\n" for each in told) + "data: [DONE]\n"


def test_a_request_beside_its_response_is_a_recorded_request() -> None:
    found = only(document({"request": CHAT, "response": chat_answer(), "timestamp": 1770000000}), "api-log")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["Hello!"])]
    (request,) = found.requests
    assert (request.usage, request.start, request.end) == (Usage(20, 9, 10), 0, 1)
    assert (request.model, request.key, request.time) == ("gpt-4o-2024-08-06", "c1", "2026-02-02T02:40:00Z")
    assert (found.format, found.model, found.date) == (
        "request-openai-chat",
        "gpt-4o",
        "2026-02-02T02:40:00Z",
    )


@pytest.mark.parametrize(
    "log",
    [
        {"requestBody": json.dumps(CHAT), "responseBody": json.dumps(chat_answer())},
        {
            "request": {"url": "https://x/v1", "body": CHAT},
            "response": {"status": 200, "body": chat_answer()},
        },
        {"reqPayload": CHAT, "respPayload": chat_answer()},
        {**CHAT, "response": chat_answer()},
        {"request": {"body": CHAT}, "response": {"body_raw": json.dumps(chat_answer())}},
    ],
)
def test_wherever_a_log_keeps_the_two(log: dict[str, object]) -> None:
    found = only(document(log), "api-log")
    assert [one.usage for one in found.requests] == [Usage(20, 9, 10)]
    assert texts(found) == [("user", ["hi"]), ("assistant", ["Hello!"])]


def test_requests_that_go_on_from_one_another_are_one_conversation() -> None:
    longer = {"model": "gpt-4o", "messages": [HI, HELLO, WHY]}
    other = {"model": "gpt-4o", "messages": [{"role": "user", "content": "A title for this?"}]}
    found = reading(
        lines(
            {"request": CHAT, "response": chat_answer()},
            {"request": other, "response": chat_answer("c2", "Greeting")},
            {"request": longer, "response": chat_answer("c3", "Because.", prompt_tokens=50)},
            {"request": longer, "response": chat_answer("c3", "Because.", prompt_tokens=50)},
        )
    )
    assert (found.format, found.problems) == ("api-log", ())
    one, title, repeated = found.conversations
    assert texts(one) == [
        ("user", ["hi"]),
        ("assistant", ["Hello!"]),
        ("user", ["why?"]),
        ("assistant", ["Because."]),
    ]
    assert [(each.key, each.end, each.usage.context) for each in one.requests] == [
        ("c1", 1, 30),
        ("c3", 3, 50),
    ]
    assert [each.key for each in title.requests] == ["c2"] and repeated.requests == ()


def test_the_same_question_with_another_mark_for_the_cache_goes_on() -> None:
    def asked(*blocks: dict[str, Any]) -> dict[str, Any]:
        return {
            "model": "claude-sonnet-4-5",
            "system": "Be brief.",
            "messages": [{"role": "user", "content": [*blocks]}],
        }

    hi = {"type": "text", "text": "hi"}
    first = asked({**hi, "cache_control": {"type": "ephemeral"}})
    second = asked(hi)
    second["messages"] += [HELLO, WHY]
    answer = {"role": "assistant", "type": "message", "content": [{"type": "text", "text": "Hello!"}]}
    usage = {
        "input_tokens": 3,
        "cache_read_input_tokens": 90,
        "cache_creation_input_tokens": 7,
        "output_tokens": 5,
    }
    found = only(
        lines(
            {"request": first, "response": {**answer, "id": "m1", "usage": usage}},
            {"request": second, "response": {**answer, "id": "m2", "usage": usage}},
        ),
        "api-log",
    )
    assert [each.usage for each in found.requests] == [Usage(3, 5, 90, 7)] * 2
    assert found.format == "request-anthropic" and [part.text for part in found.system] == ["Be brief."]


def cached(name: str, read: int, asked: dict[str, Any]) -> dict[str, Any]:
    usage = {"input_tokens": 3, "cache_read_input_tokens": read, "cache_creation_input_tokens": 9000 - read}
    answer = {"role": "assistant", "content": [{"type": "text", "text": "Hello!"}], "id": name}
    return {"request": asked, "response": {**answer, "usage": {**usage, "output_tokens": 5}}}


def test_a_log_shows_what_was_altered_from_request_to_request() -> None:
    told = {"model": "claude-sonnet-4-5", "system": "It is 5:01.", "messages": [HI]}
    longer = {**told, "messages": [HI, HELLO, WHY]}
    edited = {**longer, "messages": [HI, {**HELLO, "content": "Hey!"}, WHY, HELLO, WHY]}
    again = {**edited, "messages": [*edited["messages"], HELLO, WHY]}
    with_tool = {
        **again,
        "tools": [{"name": "f", "input_schema": {}}],
        "messages": [*again["messages"], HELLO, WHY],
    }
    later = {**with_tool, "system": "It is 5:02.", "messages": [*with_tool["messages"], HELLO, WHY]}
    asked = (told, longer, edited, again, with_tool, later)
    found = only(lines(*(cached(f"m{at}", 0, each) for at, each in enumerate(asked))), "api-log")
    assert [each.altered for each in found.requests] == [
        None,
        Altered("nothing"),
        Altered("message", 2),
        Altered("nothing"),
        Altered("tools"),
        Altered("system"),
    ]
    sent = [each.sent for each in found.requests]
    assert [one.system[0].text for one in sent if one] == ["It is 5:01."] * 5 + ["It is 5:02."]
    assert [one.messages[1].parts[0].text for one in sent[1:3] if one] == ["Hello!", "Hey!"]
    assert (
        sent[2] and sent[3] and all(a is b for a, b in zip(sent[2].messages, sent[3].messages, strict=False))
    )


def test_a_system_prompt_among_the_messages_may_be_altered_too() -> None:
    def asked(system: str, *said: dict[str, Any], tool: str = "f") -> dict[str, Any]:
        tools = [{"type": "function", "function": {"name": tool}}]
        return {"model": "gpt-4o", "messages": [{"role": "system", "content": system}, *said], "tools": tools}

    told = [asked("It is 5:01.", HI), asked("It is 5:02.", HI, HELLO, WHY)]
    other = asked("You write titles.", HI, HELLO, WHY, HELLO, WHY, tool="g")
    rows = [{"request": one, "response": chat_answer(f"c{at}")} for at, one in enumerate([*told, other])]
    one, another = reading(lines(*rows)).conversations
    assert [each.altered for each in one.requests] == [None, Altered("system")]
    assert [each.altered for each in another.requests] == [None], "another agent"


def responded(name: str, asked: str, answered: str, before: str | None) -> dict[str, Any]:
    request = {"model": "gpt-5", "input": asked, "previous_response_id": before}
    content = [{"type": "output_text", "text": answered}]
    said = {"type": "message", "role": "assistant", "content": content}
    usage = {"input_tokens": 30, "output_tokens": 5}
    return {"request": request, "response": {"id": name, "output": [said], "usage": usage}}


def test_a_request_that_names_the_response_before_it_reads_all_of_it() -> None:
    rows = [responded("r1", "hi", "Hello!", None), responded("r2", "why?", "Because.", "r1")]
    found = only(lines(*rows), "api-log")
    assert [said for _role, said in texts(found)] == [["hi"], ["Hello!"], ["why?"], ["Because."]]
    assert [(each.key, each.end) for each in found.requests] == [("r1", 1), ("r2", 3)]
    assert found.partial is None
    later = reading(lines(responded("r3", "and?", "No.", "elsewhere"), rows[0])).conversations[0]
    assert later.partial is not None and len(later.messages) == 2


CHAINED = [responded(f"r{at}", f"{at}?", f"{at}.", f"r{at - 1}" if at else None) for at in range(200)]


def test_what_a_request_was_given_is_not_compared_with_where_it_came_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = Counter[str]()
    said, equal = exchanges._said, Message.__eq__

    def counted(message: Message) -> tuple[object, ...]:
        compared["said"] += 1
        return said(message)

    def counted_equal(one: Message, other: object) -> bool:
        compared["equal"] += 1
        return equal(one, other)

    monkeypatch.setattr(exchanges, "_said", counted)
    monkeypatch.setattr(Message, "__eq__", counted_equal)
    found = only(lines(*CHAINED), "api-log")
    assert compared.total() <= 10 * len(CHAINED)
    assert {each.altered for each in found.requests} == {None, Altered("nothing")}


def test_very_many_requests_are_not_each_held_as_they_were_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "_MOST_MESSAGES", 1000)
    found = only(lines(*CHAINED), "api-log")
    assert sum(len(each.sent.messages) for each in found.requests if each.sent) <= 1001
    assert len(found.messages) == 400 and [each.end for each in found.requests] == [*range(1, 400, 2)]
    assert found.partial == (
        "There are very many requests; later ones are shown with the last one's system prompt and tools."
    )
    assert context_of(numbered_requests([found]), 150).conversation is found


def test_a_request_without_an_answer_has_no_usage() -> None:
    failed = {"request": CHAT, "response": {"error": {"message": "overloaded"}}}
    found = reading(lines({"request": CHAT, "response": chat_answer()}, failed, {"level": "info"}))
    assert [len(each.requests) for each in found.conversations] == [1, 0]
    assert [problem.sentence for problem in found.problems] == ["Row 3 has no messages."]


ANTHROPIC_STREAM: list[Any] = [
    {
        "type": "message_start",
        "message": {
            "id": "m1",
            "role": "assistant",
            "model": "claude-sonnet-4-5",
            "content": [],
            "usage": {"input_tokens": 12, "cache_read_input_tokens": 100, "output_tokens": 1},
        },
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Hm."}},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "At "}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "five."}},
    {
        "type": "content_block_start",
        "index": 2,
        "content_block": {"type": "tool_use", "id": "t", "name": "f", "input": {}},
    },
    {
        "type": "content_block_delta",
        "index": 2,
        "delta": {"type": "input_json_delta", "partial_json": '{"a"'},
    },
    {"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ":1}"}},
    {"type": "message_delta", "delta": {}, "usage": {"input_tokens": None, "output_tokens": 40}},
]
OPENAI_STREAM: list[Any] = [
    {"id": "c1", "model": "gpt-4o", "choices": [{"delta": {"role": "assistant", "content": "At "}}]},
    {"id": "c1", "model": "gpt-4o", "choices": [{"delta": {"content": "five."}}]},
    {
        "choices": [
            {
                "delta": {
                    "tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": '{"a"'}}]
                }
            }
        ]
    },
    {"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]}}]},
    {
        "choices": [],
        "usage": {
            "prompt_tokens": 112,
            "completion_tokens": 40,
            "prompt_tokens_details": {"cached_tokens": 100},
        },
    },
]
RESPONSES_STREAM: list[Any] = [
    {"type": "response.output_text.delta", "delta": "At "},
    {
        "type": "response.completed",
        "response": {
            "id": "r1",
            "model": "gpt-5",
            "output": [
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "At five."}],
                },
                {"type": "function_call", "call_id": "t", "name": "f", "arguments": '{"a":1}'},
            ],
            "usage": {
                "input_tokens": 112,
                "output_tokens": 40,
                "input_tokens_details": {"cached_tokens": 100},
            },
        },
    },
]
GEMINI_STREAM: list[Any] = [
    {"candidates": [{"content": {"parts": [{"text": "At "}]}}], "usageMetadata": {"promptTokenCount": 112}},
    {
        "candidates": [
            {"content": {"parts": [{"text": "five."}, {"functionCall": {"name": "f", "args": {"a": 1}}}]}}
        ],
        "usageMetadata": {
            "promptTokenCount": 112,
            "cachedContentTokenCount": 100,
            "candidatesTokenCount": 30,
            "thoughtsTokenCount": 10,
        },
        "modelVersion": "gemini-2.5-flash",
        "responseId": "g1",
    },
]
CONVERSE_STREAM: list[Any] = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "At "}}},
    {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": "five."}}},
    {"contentBlockStart": {"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t", "name": "f"}}}},
    {"contentBlockDelta": {"contentBlockIndex": 1, "delta": {"toolUse": {"input": '{"a":1}'}}}},
    {"metadata": {"usage": {"inputTokens": 12, "outputTokens": 40, "cacheReadInputTokens": 100}}},
]
GEMINI = {"contents": [{"role": "user", "parts": [{"text": "When?"}]}]}
ASKED = {"messages": [{"role": "user", "content": "When?"}]}


STREAMS: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "anthropic": ({"model": "claude-sonnet-4-5", **ASKED}, ANTHROPIC_STREAM),
    "openai chat": ({"model": "gpt-4o", **ASKED}, OPENAI_STREAM),
    "openai responses": ({"model": "gpt-5", "input": "When?"}, RESPONSES_STREAM),
    "gemini": (GEMINI, GEMINI_STREAM),
    "converse": ({"messages": [{"role": "user", "content": [{"text": "When?"}]}]}, CONVERSE_STREAM),
}


@pytest.mark.parametrize("maker", STREAMS)
@pytest.mark.parametrize("as_text", [True, False])
def test_a_streamed_response_is_put_together(maker: str, as_text: bool) -> None:
    asked, stream = STREAMS[maker]
    told = {"body_raw": events(*stream)} if as_text else {"body": stream}
    found = only(document({"request": {"body": asked}, "response": told}), "api-log")
    (request,) = found.requests
    assert (request.usage.input, request.usage.cache_read, request.usage.output) == (12, 100, 40)
    said = [part for message in found.messages[1:] for part in message.parts if part.kind is PartKind.TEXT]
    called = [
        part for message in found.messages[1:] for part in message.parts if part.kind is PartKind.TOOL_CALL
    ]
    assert [part.text for part in said] == ["At five."]
    assert [(part.name, json.loads(part.text or "")) for part in called] == [("f", {"a": 1})]
    assert found.tool_calls == {"f": 1}


def choice(at: int, word: str) -> dict[str, Any]:
    return {"index": at, "delta": {"content": word}, "message": {"role": "assistant", "content": word}}


def candidate(at: int, word: str) -> dict[str, Any]:
    return {"index": at, "content": {"parts": [{"text": word}]}}


@pytest.mark.parametrize("asked", [CHAT, GEMINI], ids=["openai", "gemini"])
@pytest.mark.parametrize("streamed", [True, False])
def test_of_several_answers_the_first_is_shown_and_that_is_told(
    asked: dict[str, Any], streamed: bool
) -> None:
    key, made = ("choices", choice) if asked is CHAT else ("candidates", candidate)
    told: Any = {key: [made(0, "At five."), made(1, "No idea.")], "id": "c1"}
    if streamed:
        words = [(0, "At "), (1, "No "), (0, "five."), (1, "idea.")]
        told = events(
            {key: [{**made(0, ""), "index": None}]},
            *({key: [made(at, word)], "id": "c1"} for at, word in words),
        )
    found = reading(document({"request": asked, "response": told}))
    assert [said for _role, said in texts(found.conversations[0])[1:]] == [["At five."]]
    assert [problem.sentence for problem in found.problems] == [
        "Some requests have several answers: only the first is shown, but what was used is that of all."
    ]


def test_ollamas_stream_and_its_counts() -> None:
    asked = {"model": "qwen3", **ASKED, "options": {"num_ctx": 8192}}
    parts = [{"message": {"content": word}, "done": False} for word in ("At ", "five.")]
    last = {"message": {"content": ""}, "done": True, "prompt_eval_count": 12, "eval_count": 4}
    told = "\n".join(json.dumps(each) for each in (*parts, last))
    found = only(document({"request": asked, "response": told}), "api-log")
    assert texts(found)[-1] == ("assistant", ["At five."]) and found.requests[0].usage == Usage(12, 4)


def test_lines_that_ask_several_makers_are_each_read_as_their_own() -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    asked = {"model": "gpt-4o", "messages": [HI], "tools": [tool]}
    claude = {"model": "claude-sonnet-4-5", "system": "Be brief.", "messages": [HI]}
    found = reading(
        lines(*({"request": each} for each in (claude, asked, {"model": "gemini-2.5-pro", **GEMINI})))
    )
    assert (found.format, found.problems) == ("api-log", ())
    assert [each.format for each in found.conversations] == [
        "request-anthropic",
        "request-openai-chat",
        "request-gemini",
    ]
    assert texts(found.conversations[2]) == [("user", ["When?"])]
    assert found.conversations[1].tools is not None and found.conversations[1].tools[0].name == "f"


def test_the_output_of_a_batch_says_what_was_used() -> None:
    rows = [
        {
            "id": f"b{at}",
            "custom_id": f"r{at}",
            "response": {"status_code": 200, "body": chat_answer(f"c{at}")},
        }
        for at in range(2)
    ]
    found = reading(lines(*rows))
    assert (found.format, found.problems) == ("api-log", ())
    assert [texts(one) for one in found.conversations] == [[("assistant", ["Hello!"])]] * 2
    one = found.conversations[0]
    assert [(each.usage, each.start, each.end) for each in one.requests] == [(Usage(20, 9, 10), 0, 0)]
    assert one.partial is not None and one.tools is None and one.model == "gpt-4o-2024-08-06"


def test_the_output_of_other_makers_batches() -> None:
    message: dict[str, Any] = {"id": "m", "role": "assistant", "model": "claude-haiku-4-5"}
    message |= {
        "content": [{"type": "text", "text": "Hello!"}],
        "usage": {"input_tokens": 8, "output_tokens": 3},
    }
    anthropic = {"custom_id": "a", "result": {"type": "succeeded", "message": message}}
    found = only(lines(anthropic), "api-log")
    assert texts(found) == [("assistant", ["Hello!"])] and found.requests[0].usage == Usage(8, 3)
    asked = {"anthropic_version": "bedrock-2023-05-31", "messages": [HI]}
    bedrock = {"recordId": "1", "modelInput": asked, "modelOutput": message}
    found = only(lines(bedrock), "api-log")
    assert [role for role, _said in texts(found)] == ["user", "assistant"]
    assert (found.requests[0].usage, found.requests[0].end) == (Usage(8, 3), 1)


def test_a_response_alone_is_read() -> None:
    found = only(document(chat_answer()), "api-log")
    assert texts(found) == [("assistant", ["Hello!"])] and found.requests[0].usage == Usage(20, 9, 10)


def test_logs_of_llm_keep_the_request_in_prompt_json() -> None:
    row = {
        "model": "gpt-4o-mini",
        "prompt": "hi",
        "prompt_json": {"messages": [HI]},
        "response": "Hello!",
        "response_json": {"content": "Hello!", "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
    }
    found = only(document([row]), "api-log")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["Hello!"])]
    assert (found.model, found.requests[0].usage) == ("gpt-4o-mini", Usage(9, 2))


def har(*entries: dict[str, Any]) -> bytes:
    return document({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": list(entries)}})


def entry(url: str, sent: object, body: str | None, **content: str) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-02-01T00:00:00Z",
        "request": {"method": "POST", "url": url, "postData": {"text": json.dumps(sent)}},
        "response": {"status": 200, "content": {"text": body, **content}},
    }


MESSAGES = "https://api.anthropic.com/v1/messages"
CLAUDE = {"model": "claude-sonnet-4-5", **ASKED}
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"


def test_of_recorded_traffic_what_asked_a_model_is_read() -> None:
    packed = base64.b64encode(events(*ANTHROPIC_STREAM).encode()).decode()
    page = {
        "request": {"method": "GET", "url": "https://example.org"},
        "response": {"content": {"text": "<html>"}},
    }
    found = reading(
        har(
            page,
            entry(MESSAGES + "/count_tokens", CLAUDE, '{"input_tokens": 12}'),
            entry(MESSAGES + "?beta=true", CLAUDE, packed, encoding="base64"),
            entry("https://api.openai.com/v1/embeddings", {"model": "e", "input": "x"}, "{}"),
            entry(GOOGLE, GEMINI, json.dumps(GEMINI_STREAM[-1])),
            entry(MESSAGES, CLAUDE, None),
        )
    )
    assert (found.format, found.problems) == ("har", ())
    claude, gemini, unanswered = found.conversations
    assert claude.requests[0].usage == Usage(12, 40, 100) and claude.date == "2026-02-01T00:00:00Z"
    assert (gemini.model, gemini.requests[0].usage.output) == ("gemini-2.5-flash", 40)
    assert unanswered.requests == () and texts(unanswered) == [("user", ["When?"])]


def test_recorded_traffic_that_asks_no_model_is_no_conversation() -> None:
    assert reading(har(entry("https://example.org/search", {"query": "x"}, "{}"))).format is None


def invocation(asked: object, answered: object, **more: Any) -> dict[str, Any]:
    return {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2026-02-01T00:00:00Z",
        "requestId": more.pop("name", "q1"),
        "operation": "InvokeModel",
        "modelId": "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "input": {"inputBodyJson": asked, "inputTokenCount": 12, "cacheReadInputTokenCount": 100},
        "output": {"outputBodyJson": answered, "outputTokenCount": 40},
    }


INVOKED = {"anthropic_version": "bedrock-2023-05-31", **ASKED}


@pytest.mark.parametrize("shape", ["lines", "list", "events"])
def test_bedrocks_log_of_invocations(shape: str) -> None:
    told = invocation(INVOKED, ANTHROPIC_STREAM)
    shapes = {
        "lines": lines(told, invocation({"inputText": "x"}, {"embedding": [0.5]}, name="q2")),
        "list": document([told]),
        "events": document({"events": [{"message": json.dumps(told), "timestamp": 1}]}),
    }
    found = reading(shapes[shape])
    assert found.format == "bedrock-log"
    one = found.conversations[0]
    assert (
        one.requests[0].usage == Usage(12, 40, 100)
        and one.model == "anthropic.claude-sonnet-4-5-20250929-v1:0"
    )
    assert [texts(one)[0], texts(one)[1][1][1]] == [("user", ["When?"]), "At five."]


def test_what_bedrock_keeps_elsewhere_is_known_by_its_counts_alone() -> None:
    found = only(document(invocation(None, None)), "bedrock-log")
    assert found.messages == () and found.partial is not None
    (request,) = found.requests
    assert (request.usage, request.start, request.end) == (Usage(12, 40, 100), 0, 0)
    assert (request.model, request.key) == ("anthropic.claude-sonnet-4-5-20250929-v1:0", "q1")


@pytest.mark.parametrize(
    ("asked", "prompts"),
    [
        ({"model": "gpt-3.5-turbo-instruct", "prompt": "Once upon"}, ["Once upon"]),
        ({"model": "davinci-002", "prompt": ["a", "b"], "max_tokens": 7}, ["a", "b"]),
        ({"prompt": "Once upon", "max_tokens": 7}, ["Once upon"]),
    ],
)
def test_a_prompt_for_a_model_is_a_completions_request(asked: object, prompts: list[str]) -> None:
    found = only(document(asked), "request-completions")
    assert texts(found) == [("user", [prompt]) for prompt in prompts] and found.requests == ()


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "reviewer", "model": "gpt-4o", "prompt": "You are a careful reviewer."},
        {"model": "dall-e-3", "prompt": "a cat", "size": "1024x1024"},
        {"title": "x", "prompt": "What is it?"},
    ],
)
def test_settings_that_hold_a_prompt_are_no_request(settings: object) -> None:
    assert reading(document(settings)).format is None


def test_completions_and_their_usage() -> None:
    answer = {"choices": [{"text": " a time"}], "usage": {"prompt_tokens": 2, "completion_tokens": 3}}
    asked = {"model": "davinci-002", "prompt": "Once upon"}
    found = only(document({"request": asked, "response": answer}), "api-log")
    assert texts(found) == [("user", ["Once upon"]), ("assistant", [" a time"])]
    assert found.requests[0].usage == Usage(2, 3)


def test_a_prompt_with_its_completion_is_a_row_to_train_with() -> None:
    assert (
        reading(lines({"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"})).format
        == "fine-tuning"
    )


LOGS = {
    **{
        maker: lines({"request": {"body": asked}, "response": {"body": stream}})
        for maker, (asked, stream) in STREAMS.items()
    },
    "bedrock": lines(invocation(INVOKED, ANTHROPIC_STREAM), invocation(None, None)),
    "har": har(entry(MESSAGES, CLAUDE, events(*ANTHROPIC_STREAM))),
    "chat": lines({"request": CHAT, "response": chat_answer()}),
}
