"""What Cline and Roo Code showed of a task, and its tokens beside what was sent."""

import json
from pathlib import Path
from typing import Any

from tests.conversations.files import document, only, texts
from tokviz.conversations.model import Usage, largest_context
from tokviz.conversations.sessions import read_file, read_folder


def event(ts: int, kind: str, words: object = "", asks: bool = False, **more: Any) -> dict[str, Any]:
    said = words if isinstance(words, str) else json.dumps(words)
    form = "ask" if asks else "say"
    return {"ts": 1767225600000 + ts, "type": form, form: kind, "text": said, **more}


SHOWN = [
    event(0, "text", "Mend the tide table"),
    event(
        1,
        "api_req_started",
        {"request": "…", "tokensIn": 900, "tokensOut": 20, "cacheReads": 800, "cost": 0.1},
    ),
    event(5, "reasoning", "Hm."),
    event(6, "text", "half wri", partial=True),
    event(7, "text", "I read it."),
    event(8, "tool", {"tool": "readFile", "path": "a.py"}, asks=True),
    event(20, "api_req_started", {"tokensIn": 4, "tokensOut": 9, "cacheReads": 900, "cacheWrites": 50}),
    event(25, "completion_result", "Done."),
    event(30, "api_req_started", {"request": "cut off"}),
    event(40, "user_feedback", "Thanks"),
]
SENT = [
    {
        "role": "user",
        "content": [{"type": "text", "text": "<task>Mend the tide table</task>"}],
        "ts": 1767225600000,
    },
    {"role": "assistant", "content": "I read it.", "ts": 1767225600009},
    {"role": "user", "content": [{"type": "text", "text": "x = 1"}], "ts": 1767225600019},
    {"role": "assistant", "content": "Done.", "ts": 1767225600026},
]


def test_what_was_shown_by_itself() -> None:
    found = only(document(SHOWN), "cline-shown")
    assert texts(found) == [
        ("user", ["Mend the tide table"]),
        ("assistant", ["Hm."]),
        ("assistant", ["I read it."]),
        ("assistant", ['{"path":"a.py"}']),
        ("assistant", ["Done."]),
        ("user", ["Thanks"]),
    ]
    assert found.tool_calls == {"readFile": 1}
    assert [(one.usage, one.end) for one in found.requests] == [
        (Usage(input=100, output=20, cache_read=800), 1),
        (Usage(input=4, output=9, cache_read=900, cache_write=50), 4),
    ]
    assert largest_context((found,)) == 954
    assert found.partial is not None


def task(folder: Path, sent: object, shown: object) -> Path:
    folder.mkdir()
    (folder / "ui_messages.json").write_bytes(document(shown))
    (folder / "api_conversation_history.json").write_bytes(document(sent))
    return folder / "api_conversation_history.json"


def test_the_tokens_that_were_shown_are_those_of_what_was_sent(tmp_path: Path) -> None:
    path = task(tmp_path / "1", SENT, SHOWN)
    (found,) = read_file(path).conversations
    assert found.format == "cline" and len(found.messages) == 4
    assert [(one.start, one.end, one.usage.context) for one in found.requests] == [(0, 1, 900), (0, 3, 954)]
    folder = read_folder(tmp_path)
    assert [one.conversation for one in folder.conversations] == [found], "the same task, once"


def test_without_times_answers_are_taken_in_turn(tmp_path: Path) -> None:
    own = {"modelInfo": {"modelId": "m"}}
    untimed = [{key: value for key, value in one.items() if key != "ts"} | own for one in SENT]
    (found,) = read_file(task(tmp_path / "1", untimed, SHOWN)).conversations
    assert [(one.model, one.end) for one in found.requests] == [("m", 1), ("m", 3)]
    (found,) = read_file(task(tmp_path / "2", untimed[:2], SHOWN)).conversations
    assert [one.end for one in found.requests] == [None, None], "which is whose is not known"


def test_what_the_task_tells_itself_goes_first(tmp_path: Path) -> None:
    told = [*SENT[:1], {**SENT[1], "metrics": {"inputTokens": 7, "outputTokens": 1}}]
    (found,) = read_file(task(tmp_path / "1", told, SHOWN)).conversations
    assert [one.usage.context for one in found.requests] == [7]


def test_a_broken_file_beside_is_passed_over(tmp_path: Path) -> None:
    path = task(tmp_path / "1", SENT, {"a": 1})
    assert read_file(path).conversations[0].requests == ()
    (path.with_name("ui_messages.json")).unlink()
    assert len(read_file(path).conversations) == 1
