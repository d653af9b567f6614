"""VS Code's chat sessions: as a document, as a log of changes, and without what the model was sent."""

from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading
from tokviz.conversations.model import Conversation, PartKind, largest_context, usage_by_model

ROUNDS = [
    {
        "id": "r1",
        "response": "I look.",
        "thinking": {"id": "t", "text": ["Let me ", "see."]},
        "toolCalls": [{"id": "c1", "name": "read_file", "arguments": '{"filePath":"/p/a.py"}'}],
    },
    {"id": "r2", "response": "It prints.", "toolCalls": []},
]
RESULT = {
    "node": {"type": 1, "children": [{"type": 2, "text": "x = 1"}, {"text": "y", "lineBreakBefore": True}]}
}
METADATA = {
    "renderedGlobalContext": [{"type": 1, "text": "<environment>Linux</environment>"}],
    "renderedUserMessage": [
        {"type": 1, "text": "<prompt>"},
        {"type": 3},
        {"type": 1, "text": "What does it do?"},
    ],
    "toolCallRounds": ROUNDS,
    "toolCallResults": {"c1": {"$mid": 20, "content": [{"$mid": 23, "value": RESULT}, {"value": "end"}]}},
    "promptTokens": 5000,
    "outputTokens": 70,
    "resolvedModel": "claude-sonnet-4.5",
}
ASKED = {
    "requestId": "q1",
    "timestamp": 1767225600000,
    "message": {"text": "What does it do?", "parts": []},
    "variableData": {
        "variables": [{"name": "a.py", "value": "x = 1"}, {"name": "b.py", "value": {"$mid": 1}}]
    },
    "modelId": "copilot/claude-sonnet-4.5",
    "response": [
        {"value": "It prints ", "supportThemeIcons": False},
        {"kind": "inlineReference", "inlineReference": {"fsPath": "/p/a.py"}},
        {"value": "."},
        {"kind": "thinking", "value": "Hm."},
        {
            "kind": "toolInvocationSerialized",
            "toolId": "run_in_terminal",
            "toolCallId": "c2",
            "isConfirmed": {"type": 1},
            "toolSpecificData": {"kind": "terminal", "commandLine": {"original": "uname -a"}},
            "resultDetails": {"input": "", "output": [{"type": "embed", "value": "Linux"}]},
        },
        {"kind": "progressMessage", "content": {"value": "Working"}},
    ],
    "result": {"metadata": METADATA},
}
SESSION: dict[str, Any] = {
    "version": 3,
    "sessionId": "s1",
    "creationDate": 1767225600000,
    "customTitle": "What a.py does",
    "initialLocation": "panel",
    "responderUsername": "GitHub Copilot",
    "requests": [ASKED],
}
SHOWN = {**ASKED, "result": {"metadata": {}}, "promptTokens": 900, "completionTokens": 8}


def texts(found: Conversation) -> list[list[str | None]]:
    return [[part.text for part in message.parts] for message in found.messages]


def test_what_the_model_was_sent() -> None:
    found = only(document(SESSION), "vscode-chat")
    assert texts(found) == [
        ["<environment>Linux</environment>", "<prompt>What does it do?"],
        ["Let me see.", "I look.", '{"filePath":"/p/a.py"}'],
        ["x = 1\ny\nend"],
        ["It prints."],
    ]
    assert found.roles == {"user": 1, "assistant": 2, "tool results": 1}
    assert found.tool_calls == {"read_file": 1}
    assert (found.title, found.date, found.id) == ("What a.py does", "2026-01-01T00:00:00Z", "s1")
    (request,) = found.requests
    assert (request.model, request.start, request.end) == ("claude-sonnet-4.5", 0, 3)
    assert found.messages[2].parts[0].file == "/p/a.py"


def test_a_log_of_changes_makes_the_same_session() -> None:
    empty = {**SESSION, "requests": []}
    begun = {**ASKED, "response": [], "result": None, "modelId": "?"}
    log = [
        {"kind": 0, "v": empty},
        {"kind": 2, "k": ["requests"], "v": [begun, begun]},
        {"kind": 2, "k": ["requests"], "v": [], "i": 1},
        {"kind": 2, "k": ["requests", 0, "response"], "v": [{"value": "…"}]},
        {"kind": 2, "k": ["requests", 0, "response"], "v": ASKED["response"], "i": 0},
        {"kind": 1, "k": ["requests", 0, "result"], "v": ASKED["result"]},
        {"kind": 1, "k": ["requests", 0, "modelId"], "v": ASKED["modelId"]},
        {"kind": 1, "k": ["hasPendingEdits"], "v": True},
        {"kind": 3, "k": ["hasPendingEdits"]},
    ]
    assert only(lines(*log), "vscode-chat") == only(document(SESSION), "vscode-chat")
    assert only(lines(log[0]), "vscode-chat").messages == ()


def test_a_change_of_what_is_not_there_is_named() -> None:
    log = [{"kind": 0, "v": SESSION}, {"kind": 1, "k": ["requests", 7, "response"], "v": []}, {"kind": 9}]
    found = reading(lines(*log))
    assert [problem.line for problem in found.problems] == [2, 3]
    assert len(found.conversations[0].messages) == 4


def test_what_was_shown_stands_in_where_the_rounds_are_missing() -> None:
    found = only(document({**SESSION, "requests": [SHOWN]}), "vscode-chat")
    assert texts(found) == [
        ["x = 1", None, "What does it do?"],
        ["It prints `/p/a.py`.", "Hm.", '{"command":"uname -a"}'],
        ["Linux"],
    ]
    kinds = [part.kind for part in found.messages[0].parts]
    assert kinds == [PartKind.FILE, PartKind.FILE, PartKind.TEXT]
    assert largest_context((found,)) == 900
    assert usage_by_model((found,))["claude-sonnet-4.5"].usage.output == 8


@pytest.mark.parametrize("message", ["Hello", {"text": "Hello"}])
@pytest.mark.parametrize(
    "response", ["Yes.", ["Yes."], [{"kind": "markdownContent", "content": {"value": "Yes."}}]]
)
def test_older_sessions(message: object, response: object) -> None:
    asked = {"message": message, "response": response}
    whole = {"requesterUsername": "me", "responderUsername": "GitHub Copilot", "requests": [asked]}
    assert texts(only(document(whole), "vscode-chat")) == [["Hello"], ["Yes."]]


def test_a_summary_takes_the_place_of_all_above() -> None:
    summed = {**METADATA, "summaries": [{"toolCallRoundId": "r1", "text": "They asked."}]}
    session = {**SESSION, "requests": [{**ASKED, "result": {"metadata": summed}}]}
    found = only(document(session), "vscode-chat")
    assert [one.message for one in found.compactions] == [3]
    assert texts(found)[3:] == [["They asked."], ["It prints."]]
    assert (found.requests[0].start, found.requests[0].end) == (3, 4)
