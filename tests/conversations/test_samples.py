"""Collected sessions with their right totals, where they lie beside the checkout; they are not part of it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tokviz.conversations.model import count_roles, count_tool_calls, largest_context, usage_by_model
from tokviz.conversations.reading import read_conversations

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "sessions"
EXPECTED: dict[str, dict[str, Any]] = (
    json.loads((FOLDER / "EXPECTED.json").read_text("utf-8")) if (FOLDER / "EXPECTED.json").is_file() else {}
)


@pytest.mark.parametrize("name", [name for name, told in EXPECTED.items() if told["models"]] or [None])
def test_every_total_is_reached(name: str | None) -> None:
    if name is None:
        pytest.skip("the collected sessions are not here")
    told = EXPECTED[name]
    found = read_conversations(io.BytesIO((FOLDER / name).read_bytes()), name)
    assert (found.format, found.problems) == (told["kind"], ())
    totals = {
        model: {
            "requests": total.requests,
            "input": total.usage.input,
            "output": total.usage.output,
            "cache_read": total.usage.cache_read or 0,
            "cache_write": total.usage.cache_write or 0,
        }
        for model, total in usage_by_model(found.conversations).items()
    }
    assert totals == told["models"]
    assert largest_context(found.conversations) == told["largest_context"]
    assert count_roles(found.conversations) == told["messages"]
    assert count_tool_calls(found.conversations) == told["tool_calls"]
    assert sum(len(c.compactions) for c in found.conversations) == told.get("compactions", 0)


@pytest.mark.parametrize("name", [name for name, told in EXPECTED.items() if not told["models"]] or [None])
def test_what_records_no_usage_is_read_whole(name: str | None) -> None:
    if name is None:
        pytest.skip("the collected sessions are not here")
    told = EXPECTED[name]
    found = read_conversations(io.BytesIO((FOLDER / name).read_bytes()), name)
    assert (found.format, found.problems) == (told["kind"], ())
    if told["messages"]:
        assert count_roles(found.conversations) == told["messages"]
        assert count_tool_calls(found.conversations) == told["tool_calls"]
    if told["kind"].startswith("request-"):
        assert not usage_by_model(found.conversations)
