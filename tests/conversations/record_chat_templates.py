"""Records what the library transformers makes of our conversations: ``chat_templates.json`` beside this file.

    python -m tests.conversations.record_chat_templates

Needs transformers 5 (not among our dependencies: the tests need the record alone). Each text is what
``apply_chat_template`` renders. Its ids are those of the published tokenizers that
``tests.tokenization.published`` builds without tokviz's engines, where they know how to parse special tokens.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from tests.tokenization import published
from tokviz.assets import Assets, TomlFile

RECORD = Path(__file__).with_name("chat_templates.json")
TODAY = "2026-11-01"
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather “now” <b>",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "Where"}, "days": {"type": "integer"}},
            "required": ["city"],
        },
    },
}
SYSTEM = {"role": "system", "content": "Answer in one sentence."}
FIRST = {"role": "user", "content": "  Guten Tag, 東京 <|im_end|> </s>\n"}
ANSWER = {"role": "assistant", "content": "Hello!"}
NEXT = {"role": "user", "content": "And tomorrow?"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {
            "type": "function",
            "id": "abcdefghi",
            "function": {"name": "get_weather", "arguments": {"city": "Köln", "days": 2}},
        }
    ],
}
RESULT = {"role": "tool", "content": "18 °C", "tool_call_id": "abcdefghi", "name": "get_weather"}
CASES: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]], bool]] = {
    "one message": ([FIRST], [], False),
    "an answer to come": ([FIRST], [], True),
    "a system prompt": ([SYSTEM, FIRST], [], True),
    "several turns": ([SYSTEM, FIRST, ANSWER, NEXT], [], True),
    "turns without a system prompt": ([FIRST, ANSWER, NEXT, ANSWER], [], False),
    "a tool": ([SYSTEM, FIRST], [TOOL], True),
    "a call and its result": ([SYSTEM, FIRST, CALL, RESULT], [TOOL], True),
    "a call, its result, and on": ([FIRST, CALL, RESULT, ANSWER, NEXT], [TOOL], True),
}


def record() -> dict[str, dict[str, Any]]:
    """By template and case the text and its ids, or null where the template refuses the messages."""
    from transformers.utils import chat_template_utils as theirs  # type: ignore[import-not-found]

    file = TomlFile(Assets().path("catalog", "chat_templates.toml"))
    found: dict[str, dict[str, Any]] = {}
    with mock.patch.object(theirs, "datetime") as clock:
        clock.now.return_value = datetime.fromisoformat(TODAY)
        for name, row in file.contents["templates"].items():
            if row.get("written_after"):
                continue
            source = Assets().path("chat_templates", row["file"]).read_text("utf-8")
            found[name] = {case: _one(theirs, row, source, *given) for case, given in CASES.items()}
    return found


def _one(
    theirs: Any, row: Any, source: str, messages: list[Any], tools: list[Any], answer: bool
) -> dict[str, Any] | None:
    try:
        (text,), _ = theirs.render_jinja_template(
            conversations=[messages],
            tools=tools or None,
            chat_template=source,
            add_generation_prompt=answer,
            bos_token=row["bos"],
            eos_token=row["eos"],
        )
    except Exception:
        return None
    known = published.knows_parsed(row["tokenizer"])
    return {"text": text, "ids": published.parsed(row["tokenizer"])(text) if known else None}


if __name__ == "__main__":
    RECORD.write_text(json.dumps(record(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
