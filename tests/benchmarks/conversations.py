"""Opening a session of 100 MB, against ``json.loads`` of its lines; comparing requests token by token."""

import io
import json
import random
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tokviz.analysis.conversation.contexts import Context, whole_contexts
from tokviz.analysis.conversation.differences import compare_contexts
from tokviz.analysis.conversation.token_streams import ContextTokenizer
from tokviz.assets import Assets
from tokviz.conversations.cache import StreamPart, TokenStream, compare
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.reading import read_conversations
from tokviz.tokenization.registry import Registry

_SIZE = 100_000_000
_WORDS = Path(__file__).read_text("utf-8").split()


def _say(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(_WORDS, k=words))


def _claude_code() -> bytes:
    """A session of Claude Code: responses of two lines, calls with results, some of them long."""
    draw = random.Random(14)
    lines: list[bytes] = []
    size, parent, turn = 0, None, 0
    while size < _SIZE:
        turn += 1
        usage = {"input_tokens": 3, "output_tokens": 90, "cache_read_input_tokens": 900 + turn}
        common = {"sessionId": "s", "cwd": "/home/dev/project", "isSidechain": False, "version": "2.1.0"}
        message = {"id": f"msg_{turn}", "role": "assistant", "model": "claude-sonnet-4-5", "usage": usage}
        call = {"type": "tool_use", "id": f"t{turn}", "name": "Read", "input": {"file_path": f"/a/{turn}.py"}}
        content = _say(draw, draw.choice((40, 200, 1500)))
        result = {"type": "tool_result", "tool_use_id": f"t{turn}", "content": content}
        blocks = [
            ("assistant", {**message, "content": [{"type": "text", "text": _say(draw, 60)}]}),
            ("assistant", {**message, "content": [call]}),
            ("user", {"role": "user", "content": [result]}),
        ]
        for number, (kind, body) in enumerate(blocks):
            uuid = f"{turn}-{number}"
            row = {"parentUuid": parent, "uuid": uuid, "type": kind, "message": body, **common}
            row["timestamp"] = "2026-01-01T00:00:00.000Z"
            if kind == "user":
                row["toolUseResult"] = {"file": {"filePath": f"/a/{turn}.py", "content": content}}
            lines.append(json.dumps(row).encode())
            size += len(lines[-1]) + 1
            parent = uuid
    return b"\n".join(lines)


def _codex() -> bytes:
    """A rollout of Codex: a call, its output and the cumulative usage of each request."""
    draw = random.Random(15)
    rows: list[dict[str, object]] = [{"type": "session_meta", "payload": {"id": "s", "cwd": "/home/dev"}}]
    lines = [json.dumps(rows[0]).encode()]
    size, turn = 0, 0
    while size < _SIZE:
        turn += 1
        call = {
            "type": "function_call",
            "name": "shell",
            "call_id": f"c{turn}",
            "arguments": '{"command":["ls"]}',
        }
        output = _say(draw, draw.choice((40, 200, 1500)))
        result = {"type": "function_call_output", "call_id": f"c{turn}", "output": output}
        total = {"input_tokens": 1000 * turn, "cached_input_tokens": 900 * turn, "output_tokens": 90 * turn}
        info = {"total_token_usage": total, "last_token_usage": {"input_tokens": 1000, "output_tokens": 90}}
        for kind, payload in (
            ("response_item", call),
            ("event_msg", {"type": "token_count", "info": info}),
            ("response_item", result),
        ):
            row = {"timestamp": "2026-01-01T00:00:00.000Z", "type": kind, "payload": payload}
            lines.append(json.dumps(row).encode())
            size += len(lines[-1]) + 1
    return b"\n".join(lines)


def _measure(name: str, data: bytes) -> Row:
    lines = data.splitlines()

    def parse() -> None:
        for line in lines:
            json.loads(line)

    def read() -> None:
        assert read_conversations(io.BytesIO(data)).conversations[0].requests

    value, baseline = interleave(lambda: timed(read), lambda: timed(parse), rounds=3)
    return Row(
        f"open a {name} session of 100 MB, against json.loads of its lines, seconds", value, baseline, 2
    )


def _compare() -> Row:
    """Two requests of a million tokens in a thousand parts, of which the last one differs."""
    parts = [(StreamPart("text", index), np.arange(1000, dtype=np.uint32) + index) for index in range(1000)]
    other = [*parts[:-1], (StreamPart("text", 999), np.zeros(1000, np.uint32))]
    before, now = TokenStream.join(parts), TokenStream.join(other)
    value, baseline = interleave(lambda: timed(lambda: compare(before, now)), lambda: 1.0)
    return Row("compare two streams of a million tokens, against 1 s, seconds", value, baseline, 1)


def _explain() -> Row:
    """Two requests of a million tokens from their texts on, of which one message differs: layout, counts, the
    first token that differs."""
    draw = random.Random(15)
    texts = [_say(draw, 1000) for _ in range(500)]
    changed = [*texts[:300], f"now {texts[300]}", *texts[301:]]
    rule = FramingRules(Assets()).for_model("gpt-4o")
    tokenizer = Registry(Assets()).get("o200k_base")
    before, now = (_context(each) for each in (texts, changed))

    def explain() -> None:
        pair = ContextTokenizer(tokenizer).tokenize_pair(before, now, rule)
        found = compare_contexts(*pair, None)
        assert found.difference.shared + found.difference.reread > 1_000_000

    value, baseline = interleave(lambda: timed(explain), lambda: 1.0)
    return Row(
        "explain where two requests of a million tokens part, against 1 s, seconds", value, baseline, 1
    )


def _context(texts: list[str]) -> Context:
    messages = [{"role": "user", "content": text} for text in texts]
    data = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    return whole_contexts(read_conversations(io.BytesIO(data)).conversations, [])[0]


def conversations() -> list[Result]:
    """The two formats that grow largest, and two requests of one session."""
    return [_measure("Claude Code", _claude_code()), _measure("Codex", _codex()), _compare(), _explain()]


BENCHMARKS: dict[str, Benchmark] = {"conversations": conversations}
