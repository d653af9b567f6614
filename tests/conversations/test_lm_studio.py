"""LM Studio's chats."""

import io
from typing import Any

from tests.conversations.files import document, only, reading, texts
from tokviz.conversations.model import PartKind, Side, Usage
from tokviz.conversations.reading import read_conversations

MODEL = "qwen/qwen3-8b"


def made(read: int, written: int, **more: Any) -> dict[str, Any]:
    stats = {"stopReason": "eosFound", "promptTokensCount": read, "predictedTokensCount": written, **more}
    fields = [{"key": "llm.load.contextLength", "value": 8192}]
    return {"identifier": MODEL, "loadModelConfig": {"fields": fields}, "stats": stats}


def step(*content: object, **more: Any) -> dict[str, Any]:
    block = {"type": "contentBlock", "content": list(content), "shouldIncludeInContext": True}
    return {**block, **more}


def words(told: str) -> dict[str, Any]:
    return {"type": "text", "text": told, "fromDraftModel": False}


def asked(*content: object) -> dict[str, Any]:
    return {
        "type": "singleStep",
        "role": "user",
        "content": list(content),
        "preprocessed": {"timestamp": 1760000000000},
    }


def answered(*steps: object) -> dict[str, Any]:
    return {
        "type": "multiStep",
        "role": "assistant",
        "senderInfo": {"senderName": MODEL},
        "steps": list(steps),
    }


def chosen(*versions: object, selected: int = 0) -> dict[str, Any]:
    return {"versions": list(versions), "currentlySelected": selected}


CALL = {
    "type": "toolCallRequest",
    "callId": 7,
    "toolCallRequestId": "t7",
    "name": "tides",
    "parameters": {"port": "Brest"},
}
RESULT = {
    "type": "toolCallResult",
    "callId": 7,
    "toolCallRequestId": "t7",
    "content": '[{"type":"text","text":"high at 5"}]',
}
THOUGHT = {"style": {"type": "thinking"}, "shouldIncludeInContext": False}
CHAT: dict[str, Any] = {
    "name": "Tides",
    "createdAt": 1760000000000,
    "tokenCount": 99999,
    "systemPrompt": "Be late.",
    "usePerChatPredictionConfig": True,
    "perChatPredictionConfig": {"fields": [{"key": "llm.prediction.systemPrompt", "value": "Be brief."}]},
    "lastUsedModel": {"identifier": "gemma-3-4b"},
    "messages": [
        chosen(
            asked(words("No.")),
            asked(words("When?"), {"type": "file", "fileType": "image", "fileIdentifier": "a.png"}),
            selected=1,
        ),
        chosen(
            answered(step(words("At four."), genInfo=made(40, 5))),
            answered(
                step(
                    words("hm"),
                    style={"type": "thinking"},
                    genInfo=made(40, 30),
                    shouldIncludeInContext=False,
                ),
                step(CALL, genInfo=made(40, 30)),
                {"type": "toolStatus", "callId": 7, "statusState": {"status": {"type": "toolCallSucceeded"}}},
                step(RESULT),
                step(words("At five."), genInfo=made(90, 4)),
                step(words("***marked***"), shouldIncludeInContext=False),
                {"type": "debugInfoBlock", "debugInfo": "Rounds: 2"},
            ),
            selected=1,
        ),
    ],
}


def test_the_selected_versions_are_what_was_said() -> None:
    found = only(document(CHAT), "lm-studio")
    assert (found.title, found.model, found.window) == ("Tides", MODEL, 8192)
    assert found.date == "2025-10-09T08:53:20Z" and [part.text for part in found.system] == ["Be brief."]
    assert texts(found) == [
        ("user", ["When?", None]),
        ("assistant", ["hm", '{"port":"Brest"}']),
        ("tool", ["high at 5"]),
        ("assistant", ["At five."]),
    ]
    question, thought, result, _answer = found.messages
    assert [part.kind for part in question.parts] == [PartKind.TEXT, PartKind.IMAGE]
    assert [part.kind for part in thought.parts] == [PartKind.THINKING, PartKind.TOOL_CALL]
    assert result.side is Side.TOOL and result.parts[0].name == "tides"


def test_each_generation_counts_once_and_those_of_left_versions_too() -> None:
    found = only(document(CHAT), "lm-studio")
    assert [(one.usage, one.start, one.end) for one in found.requests] == [
        (Usage(40, 5), None, None),
        (Usage(40, 30), 0, 1),
        (Usage(90, 4), 0, 3),
    ]
    whole = made(40, 5, totalTokensCount=45)
    del whole["stats"]["promptTokensCount"]
    told = {"messages": [chosen(asked(words("a"))), chosen(answered(step(words("b"), genInfo=whole)))]}
    (request,) = only(document(told), "lm-studio").requests
    assert (request.usage, request.model) == (Usage(40, 5), MODEL)


def test_a_chat_without_settings_of_its_own_has_the_older_prompt() -> None:
    found = only(document({**CHAT, "usePerChatPredictionConfig": False}), "lm-studio")
    assert [part.text for part in found.system] == ["Be late."]
    fresh = only(document({**CHAT, "messages": []}), "lm-studio")
    assert (fresh.messages, fresh.model) == ((), "gemma-3-4b")


def test_its_file_is_what_it_is_called_by() -> None:
    for name, known in (("1760000000000.conversation.json", "1760000000000"), ("chat.json", None)):
        found = read_conversations(io.BytesIO(document(CHAT)), name)
        assert found.conversations[0].id == known
    assert reading(document({"messages": [{"versions": []}]})).format != "lm-studio"
