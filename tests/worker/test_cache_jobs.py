"""Where a request parts from the one before it, as both were sent."""

import json
from pathlib import Path
from typing import Any

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.worker.cache_jobs import ExplainCache
from tokviz.worker.conversation_store import Source
from tokviz.worker.jobs import Reporter, WorkerContext

MODELS = tuple(Catalog(Assets()).models)


def exchange(system: str, *said: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    messages = [{"role": roles[place % 2], "content": words} for place, words in enumerate(said)]
    usage = {"input_tokens": 40, "cache_read_input_tokens": 0, "output_tokens": 5}
    answer = {
        "id": said[-1],
        "role": "assistant",
        "content": [{"type": "text", "text": "At five."}],
        "usage": usage,
    }
    return {
        "request": {"model": "claude-sonnet-4-5", "system": system, "messages": messages},
        "response": answer,
    }


def test_a_log_is_compared_as_its_requests_were_sent(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    first = exchange("It is 5:01.", "When?")
    later = exchange("It is 5:02.", "When?", "At five.", "And the next?")
    path.write_text("\n".join(map(json.dumps, (first, later))), "utf-8")
    context, reporter = WorkerContext(Assets()), Reporter(lambda _: None, lambda: True)
    found = ExplainCache(Source(path), 0, 2, MODELS, None).perform(context, reporter)
    assert found.title == "After request 1"
    assert "Then in the system prompt, at token 6 of 7 stood “01.” and now stands “02.”." in found.sentences
