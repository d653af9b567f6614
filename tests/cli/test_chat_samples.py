"""Every total of the collected sessions comes out of the command line; they lie beside the checkout."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Runner
from tests.conversations.test_samples import EXPECTED, FOLDER

KEYS = [
    *("format", "requests", "models", "largest_context", "messages", "tool_calls"),
    *("tokens", "low", "high", "provenance", "parts", "fits"),
]


def answer_of(command: Runner, name: str) -> dict[str, Any]:
    outcome = command("chat", str(FOLDER / name), "--json", "--model", "gpt-4o")
    assert (outcome.code, outcome.err) == (0, "")
    answer: dict[str, Any] = json.loads(outcome.out)
    return answer


@pytest.mark.parametrize("name", [*EXPECTED] or [None])
def test_every_total_comes_out_of_the_command(command: Runner, name: str | None) -> None:
    if name is None:
        pytest.skip("the collected sessions are not here")
    told, answer = EXPECTED[name], answer_of(command, name)
    assert list(answer) == KEYS
    assert answer["format"] == told["kind"]
    assert answer["low"] <= answer["tokens"] <= answer["high"]
    known = [part["tokens"] for part in answer["parts"] if part["tokens"] is not None]
    assert sum(known) == answer["tokens"]
    if told["models"]:
        assert (answer["requests"], answer["models"]) == (told["requests"], told["models"])
        assert answer["largest_context"] == told["largest_context"]
    else:
        assert answer["requests"] == told["requests"] == 0 or not told["kind"].startswith("request")
    if told["models"] or told["messages"]:
        assert answer["messages"] == told["messages"]
        assert answer["tool_calls"] == told["tool_calls"]
