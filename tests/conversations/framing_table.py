"""How far counts of requests are from what their makers reported, by maker, interface and kind of request.

    python -m tests.conversations.framing_table PAIRS

``PAIRS`` is a file of JSON lines, packed or not, each with ``vendor``, ``model``, ``shape``, ``request`` and
``input_tokens``. A request is counted as ``tokviz chat`` counts it where a log tells model and address.
"""

import gzip
import io
import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tokviz.analysis.conversation.answering_model import AnsweringModels
from tokviz.analysis.conversation.contexts import whole_contexts
from tokviz.analysis.conversation.evaluations import ContextCounter
from tokviz.analysis.image_tokens import ImageRules
from tokviz.analysis.table_text import markdown_table
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.chat_templates import ChatTemplates
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Conversation, PartKind
from tokviz.conversations.reading import read_conversations
from tokviz.tokenization.registry import Registry

_TITLES = ("maker, interface: kind", "n", "exact", "within 2", "median", "mean %", "inside the range")
_HOSTS = ("gemini-vertex", "groq", "ollama")
"""Vendors that frame a model in their own way."""
_MEDIA = (PartKind.IMAGE, PartKind.AUDIO, PartKind.FILE)


@dataclass(frozen=True)
class Pair:
    """One request: the error in tokens, the tokens reported, and whether they lie inside the range."""

    kind: str
    off: int
    told: int
    inside: bool


def kind_of(conversation: Conversation) -> str:
    """What is in a request besides text: ``tools, media``; *own tools* are those that the maker calls."""
    parts = [part for message in conversation.messages for part in message.parts]
    options = conversation.options.keys()
    named = {
        "tools": bool(conversation.tools),
        "own tools": any(tool.builtin for tool in conversation.tools or ()),
        "schema": bool({"response_format", "text", "output_config"} & options),
        "thinking": bool({"thinking", "reasoning_effort"} & options)
        or any(part.kind is PartKind.THINKING for part in parts),
        "media": any(part.kind in _MEDIA for part in parts),
    }
    found = [name for name, there in named.items() if there]
    return ", ".join(found) or ("text" if len(conversation.messages) < 2 else "text, several messages")


def pairs(lines: list[bytes]) -> Iterator[Pair]:
    """Each request counted for the model that it names."""
    assets = Assets()
    registry = Registry(assets)
    known = (*registry.names(), *registry.estimator_names())
    rules, templates = FramingRules(assets), ChatTemplates(assets, date.today())
    models = AnsweringModels(Catalog(assets).models, rules, known, templates, ImageRules(assets))
    counter = ContextCounter(registry)
    for line in lines:
        pair: dict[str, Any] = json.loads(line)
        reading = read_conversations(io.BytesIO(json.dumps(pair["request"]).encode()))
        if not reading.conversations:
            continue
        host = pair["vendor"] if pair["vendor"] in _HOSTS else None
        asked = [replace(one, host=host, model=one.model or pair["model"]) for one in reading.conversations]
        count = counter.count(whole_contexts(asked, []), models.of(asked), [])[0].count
        told = int(pair["input_tokens"])
        kind = f"{pair['vendor']}, {pair['shape']}: {kind_of(reading.conversations[0])}"
        yield Pair(kind, count.tokens - told, told, count.low <= told <= count.high)


def table(found: list[Pair]) -> str:
    """A line for each kind."""
    kinds: dict[str, list[Pair]] = {}
    for pair in found:
        kinds.setdefault(pair.kind, []).append(pair)
    rows = []
    for kind, those in sorted(kinds.items()):
        off = [abs(pair.off) for pair in those]
        mean = statistics.mean(abs(pair.off) / max(1, pair.told) for pair in those)
        counts = (sum(each == 0 for each in off), sum(each <= 2 for each in off))
        inside = sum(pair.inside for pair in those)
        rows.append((kind, len(those), *counts, statistics.median(off), f"{100 * mean:.1f}", inside))
    return markdown_table(
        list(_TITLES), [[str(cell) for cell in row] for row in rows], range(1, len(_TITLES))
    )


if __name__ == "__main__":
    data = Path(sys.argv[1]).read_bytes()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    print(table(list(pairs(data.splitlines()))))
