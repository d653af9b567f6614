"""Exports of chat programs, rows to train with, and lists of tools."""

from typing import Any

import pytest

from tests.conversations.files import document, lines, only, reading, texts
from tokviz.conversations.model import PartKind


def node(
    name: str, parent: str | None, role: str, words: str, children: list[str], **more: Any
) -> dict[str, Any]:
    message = {"author": {"role": role}, "content": {"content_type": "text", "parts": [words]}, **more}
    return {"id": name, "parent": parent, "children": children, "message": message}


def tree() -> dict[str, Any]:
    return {
        "root": {"id": "root", "parent": None, "children": ["q"], "message": None},
        "q": node("q", "root", "user", "hi", ["a", "b"], create_time=1.0),
        "a": node("a", "q", "assistant", "no", [], create_time=9.0, metadata={"model_slug": "gpt-4"}),
        "b": node("b", "q", "assistant", "yes", [], create_time=2.0, metadata={"model_slug": "gpt-5"}),
    }


def test_chatgpts_live_branch_leads_up_from_the_current_node() -> None:
    export = [{"title": "Greeting", "create_time": 1700000000.5, "mapping": tree(), "current_node": "b"}]
    found = only(document(export), "chatgpt-export")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["yes"])]
    assert (found.title, found.model, found.requests) == ("Greeting", "gpt-5", ())
    assert found.date is not None and found.date.startswith("2023-11-14T22:13:20")


def test_without_a_current_node_chatgpts_newest_leaf_stands_in() -> None:
    assert texts(only(document([{"mapping": tree()}]), "chatgpt-export"))[1] == ("assistant", ["no"])


def test_chatgpts_other_contents() -> None:
    contents = [
        {"content_type": "code", "language": "python", "text": "1 + 1"},
        {
            "content_type": "multimodal_text",
            "parts": [{"content_type": "image_asset_pointer", "size_bytes": 900}, "see?"],
        },
        {"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "deep"}]},
        {"content_type": "reasoning_recap", "content": "Thought for 5 seconds"},
    ]
    mapping: dict[str, Any] = {}
    for index, content in enumerate(contents):
        parent = str(index - 1) if index else None
        mapping[str(index)] = {
            "parent": parent,
            "children": [],
            "message": {"author": {"role": "assistant"}, "content": content},
        }
    found = only(document({"mapping": mapping, "current_node": "3"}), "chatgpt-export")
    kinds = [[(part.kind, part.text) for part in message.parts] for message in found.messages]
    assert kinds == [
        [(PartKind.TEXT, "1 + 1")],
        [(PartKind.TEXT, "see?"), (PartKind.IMAGE, None)],
        [(PartKind.THINKING, "deep")],
        [],
    ]


def test_claude_ais_text_repeats_its_content_and_attachments_count() -> None:
    rows = [
        {
            "uuid": "1",
            "sender": "human",
            "text": "hi",
            "content": [{"type": "text", "text": "hi"}],
            "attachments": [{"file_name": "a.md", "extracted_content": "# A"}],
            "files": [{"file_name": "b.png"}],
        },
        {"uuid": "2", "sender": "assistant", "text": "old form", "content": []},
    ]
    found = only(document([{"uuid": "c", "name": "Chat", "chat_messages": rows}]), "claude-ai-export")
    assert texts(found) == [("human", ["hi", "# A", None]), ("assistant", ["old form"])]
    assert [part.name for part in found.messages[0].parts] == [None, "a.md", "b.png"]


def test_claude_ais_branches_part_at_the_parent() -> None:
    rows = [
        {
            "uuid": "1",
            "sender": "human",
            "text": "q",
            "parent_message_uuid": "00000000-0000-4000-8000-000000000000",
        },
        {"uuid": "2", "sender": "assistant", "text": "dead", "parent_message_uuid": "1"},
        {"uuid": "3", "sender": "assistant", "text": "live", "parent_message_uuid": "1"},
    ]
    found = only(document([{"uuid": "c", "chat_messages": rows}]), "claude-ai-export")
    assert [t[0] for _, t in texts(found)] == ["q", "live"]


def test_open_webuis_tree_and_its_flat_copy() -> None:
    said = {"role": "user", "content": "hi", "parentId": None}
    usage = {"prompt_tokens": 90, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 60}}
    tree = {
        "1": said,
        "2": {"role": "assistant", "content": "dead", "parentId": "1", "model": "m", "usage": usage},
        "3": {"role": "assistant", "content": "live", "parentId": "1", "model": "m", "usage": usage},
    }
    chat = {"title": "Chat", "history": {"messages": tree, "currentId": "3"}, "messages": [said]}
    found = only(document([{"id": "x", "chat": chat}]), "open-webui")
    assert texts(found) == [("user", ["hi"]), ("assistant", ["live"])]
    assert [(r.usage.input, r.usage.cache_read, r.end) for r in found.requests] == [
        (30, 60, 1),
        (30, 60, None),
    ]


def test_ai_studios_chunks() -> None:
    chunks = [
        {"role": "user", "text": "hi", "tokenCount": 1},
        {"role": "user", "driveImage": {"id": "x"}, "tokenCount": 258},
        {"role": "model", "text": "hm", "isThought": True},
        {"role": "model", "text": "yes"},
    ]
    saved = {"runSettings": {"model": "models/gemini-2.5-pro"}, "systemInstruction": {"text": "Be brief."}}
    found = only(document({**saved, "chunkedPrompt": {"chunks": chunks}}), "ai-studio")
    kinds = [(message.role, message.parts[0].kind) for message in found.messages]
    assert kinds == [
        ("user", PartKind.TEXT),
        ("user", PartKind.IMAGE),
        ("model", PartKind.THINKING),
        ("model", PartKind.TEXT),
    ]
    assert (found.model, found.system[0].text) == ("gemini-2.5-pro", "Be brief.")


def test_sharegpt_rows_hold_their_tools_and_calls_as_json_text() -> None:
    turns = [
        {"from": "human", "value": "weather?"},
        {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "Bern"}}'},
        {"from": "observation", "value": "12 °C"},
        {"from": "gpt", "value": "12 °C."},
    ]
    row = {
        "conversations": turns,
        "system": "Be brief.",
        "tools": '[{"name": "weather", "description": "now"}]',
    }
    found = only(document([row]), "sharegpt")
    assert texts(found)[1:3] == [("function_call", ['{"city":"Bern"}']), ("observation", ["12 °C"])]
    assert found.tools is not None and found.tools[0].name == "weather"
    assert found.system[0].text == "Be brief." and found.tool_calls == {"weather": 1}
    assert found.roles == {"human": 1, "function_call": 1, "observation": 1, "gpt": 1}


@pytest.mark.parametrize("make", [lines, lambda *rows: document(list(rows))])
def test_each_row_of_messages_is_a_conversation(make: Any) -> None:
    row = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes"}]}
    found = reading(make(row, row, {"messages": []}))
    assert found.format == ("fine-tuning" if make is lines else "sharegpt")
    assert len(found.conversations) == 2
    assert [problem.line for problem in found.problems] == [3]


def test_rows_spelled_as_llama_factory_does() -> None:
    content = [
        {"type": "reasoning", "value": "hm"},
        {"type": "tool_call", "value": '{"name": "f", "arguments": {}}'},
    ]
    row = {
        "messages": [
            {"role": "assistant", "content": content},
            {"role": "tool", "content": [{"type": "text", "value": "1"}]},
        ]
    }
    found = reading(lines(row, row))
    assert found.format == "fine-tuning"
    for conversation in found.conversations:
        assert texts(conversation) == [("assistant", ["hm", "{}"]), ("tool", ["1"])]
        assert conversation.tool_calls == {"f": 1}


ASKED = [{"role": "user", "content": "one or two?"}]
GOOD, BAD = {"role": "assistant", "content": "one"}, {"role": "assistant", "content": "two"}


@pytest.mark.parametrize(
    "row",
    [
        {"input": {"messages": ASKED}, "preferred_output": [GOOD], "non_preferred_output": [BAD]},
        {"prompt": ASKED, "chosen": [GOOD], "rejected": [BAD]},
        {"chosen": [*ASKED, GOOD], "rejected": [*ASKED, BAD]},
        {"chosen_messages": [*ASKED, GOOD], "rejected_messages": [*ASKED, BAD]},
        {"prompt": "one or two?", "chosen": "one", "rejected": "two"},
        {"prompt": "one or two?", "completion": "one"},
        {"prompt": ASKED, "completion": [GOOD]},
    ],
)
def test_of_two_answers_the_preferred_one_is_read(row: dict[str, Any]) -> None:
    found = reading(lines(row, row))
    assert (found.format, found.problems) == ("fine-tuning", ())
    assert [texts(one) for one in found.conversations] == 2 * [
        [("user", ["one or two?"]), ("assistant", ["one"])]
    ]


def test_sharegpts_preferred_answer_follows_what_was_said() -> None:
    row: dict[str, Any] = {"conversations": [{"from": "human", "value": "one or two?"}]}
    row |= {name: {"from": "gpt", "value": name} for name in ("chosen", "rejected")}
    assert texts(only(document([row]), "sharegpt")) == [("human", ["one or two?"]), ("gpt", ["chosen"])]


TOOL = {
    "name": "read",
    "description": "Reads.",
    "inputSchema": {"type": "object"},
    "outputSchema": {"type": "string"},
}


@pytest.mark.parametrize(
    "value",
    [
        {"tools": [TOOL]},
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [TOOL]}},
        {"files": {"tools": [TOOL]}},
        {"mcpServers": {"files": {"command": "x", "tools": [TOOL]}}},
        [{"server": "files", "tools": [TOOL]}],
        [TOOL],
        TOOL,
    ],
)
def test_a_list_of_tools_in_any_wrapping(value: object) -> None:
    found = only(document(value), "mcp-tools")
    assert found.tools is not None
    assert [(tool.name, tool.description, tool.schema) for tool in found.tools] == [
        ("read", "Reads.", '{"type":"object"}')
    ]
    assert found.messages == ()


def test_what_else_has_parameters_is_no_tool() -> None:
    described = {"name": "dns", "description": "Serves names.", "parameters": {"alt": {"type": "string"}}}
    assert reading(document(described)).format is None
    assert reading(document({**described, "parameters": {"properties": {}}})).format == "mcp-tools"


def test_the_tools_in_a_recorded_exchange_with_servers() -> None:
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answers = [{"jsonrpc": "2.0", "id": n, "result": {"tools": [{**TOOL, "name": f"t{n}"}]}} for n in (1, 2)]
    found = only(lines(asked, answers[0], asked, answers[1]), "mcp-tools")
    assert [tool.name for tool in found.tools or ()] == ["t1", "t2"]


def test_alpacas_rows_are_an_instruction_and_its_answer() -> None:
    plain = {"instruction": "Translate.", "input": "marée", "output": "tide"}
    later = {**plain, "input": "", "system": "Be brief.", "history": [["hi", "yo"], ["odd"]]}
    for data in (document([plain, later]), lines(plain, later)):
        found = reading(data)
        assert (found.format, found.problems) == ("alpaca", ())
        assert [texts(one) for one in found.conversations] == [
            [("user", ["Translate.\nmarée"]), ("assistant", ["tide"])],
            [("user", ["hi"]), ("assistant", ["yo"]), ("user", ["Translate."]), ("assistant", ["tide"])],
        ]
        assert [part.text for part in found.conversations[1].system] == ["Be brief."]
    preferred = {"instruction": "Which?", "chosen": "five", "rejected": "six"}
    assert texts(only(lines(preferred), "alpaca"))[1] == ("assistant", ["five"])
