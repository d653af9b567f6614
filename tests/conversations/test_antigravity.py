"""Google Antigravity's transcript."""

from pathlib import Path
from typing import Any

from tests.conversations.files import lines, only
from tokviz.conversations.model import Usage
from tokviz.conversations.sessions import session_files


def step(number: int, source: str, kind: str, content: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"step_index": number, "source": source, "type": kind, "status": "DONE"}
    return {**told, "created_at": f"2026-06-19T05:23:{number:02}Z", "content": content, **more}


CHOSEN = (
    "<USER_REQUEST>\nWhat is in it?\n</USER_REQUEST>\n<USER_SETTINGS_CHANGE>\nThe user changed setting "
    "`Model Selection` from None to Gemini 3.1 Pro (High). No need to comment.\n</USER_SETTINGS_CHANGE>"
)
CALLS = [
    {"name": "list_dir", "args": {"DirectoryPath": '"/sea"', "toolAction": '"Listing"'}},
    {"name": "view_file", "args": {"AbsolutePath": '"/sea/tides.md"'}},
]
USED: dict[str, Any] = {"input_tokens": 900, "cache_read_tokens": 300, "output_tokens": 40}


LISTING = '{"DirectoryPath":"/sea","toolAction":"Listing"}'
TIME = "2026-06-19T05:23:00Z"

STEPS = [
    step(0, "USER_EXPLICIT", "USER_INPUT", CHOSEN),
    step(1, "SYSTEM", "CONVERSATION_HISTORY"),
    step(2, "SYSTEM", "EPHEMERAL_MESSAGE", "Remember the tides."),
    step(3, "MODEL", "PLANNER_RESPONSE", thinking="Look.", tool_calls=CALLS, **USED),
    step(4, "MODEL", "LIST_DIRECTORY", "tides.md"),
    step(5, "MODEL", "VIEW_FILE", "high at 5"),
    step(6, "MODEL", "PLANNER_RESPONSE", "Tides."),
    step(7, "SYSTEM", "CHECKPOINT", "They asked for tides."),
    step(8, "MODEL", "PLANNER_RESPONSE", "Anything else?", input_tokens=500, output_tokens=3),
]


def test_antigravitys_transcript() -> None:
    found = only(lines(*STEPS), "antigravity")
    assert [(message.role, [part.text for part in message.parts]) for message in found.messages[1:]] == [
        ("system", ["Remember the tides."]),
        ("model", ["Look.", LISTING, '{"AbsolutePath":"/sea/tides.md"}']),
        ("tool", ["tides.md"]),
        ("tool", ["high at 5"]),
        ("model", ["Tides."]),
        ("summary", ["They asked for tides."]),
        ("model", ["Anything else?"]),
    ]
    listed, viewed = (found.messages[place].parts[0] for place in (3, 4))
    assert (listed.name, viewed.name, viewed.file) == ("list_dir", "view_file", "/sea/tides.md")
    assert [(each.usage, each.start, each.end) for each in found.requests] == [
        (Usage(900, 40, 300), 0, 2),
        (Usage(500, 3), 6, 7),
    ]
    assert (found.title, found.model, found.date) == (
        "What is in it?",
        "Gemini 3.1 Pro",
        "2026-06-19T05:23:00Z",
    )
    assert found.tool_calls == {"list_dir": 1, "view_file": 1} and found.partial is not None


def test_what_a_folder_holds_twice_is_listed_once(tmp_path: Path) -> None:
    told = lines(
        step(0, "USER_EXPLICIT", "USER_INPUT", CHOSEN), step(1, "MODEL", "PLANNER_RESPONSE", "Tides.", **USED)
    )
    logs = tmp_path / "brain" / "u1" / ".system_generated" / "logs"
    logs.mkdir(parents=True)
    for name in ("transcript.jsonl", "transcript_full.jsonl"):
        (logs / name).write_bytes(told)
    assert [path.name for path in session_files(tmp_path)] == ["transcript.jsonl"]
