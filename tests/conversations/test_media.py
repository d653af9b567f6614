"""Images in messages: their pixels from the head of their base64, their tokens by the makers' formulas."""

import base64
import io
import json
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.conversation.answering_model import AnsweringModels
from tokviz.analysis.conversation.contexts import whole_contexts
from tokviz.analysis.conversation.counted_context import CountedContext
from tokviz.analysis.conversation.evaluations import ContextCounter
from tokviz.analysis.image_tokens import ImageRules, image_tokens
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.media import pixels_of
from tokviz.conversations.model import Part
from tokviz.conversations.reading import read_conversations
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance

ASSETS = Assets()
IMAGES = ImageRules(ASSETS)
REGISTRY = Registry(ASSETS)
MODELS = AnsweringModels(Catalog(ASSETS).models, FramingRules(ASSETS), REGISTRY.names(), images=IMAGES)


def png(width: int, height: int) -> str:
    """A PNG's head and its first chunk, in base64."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return base64.b64encode(data + bytes(400)).decode()


def jpeg(width: int, height: int, notes: int) -> str:
    """A JPEG that says its size after so many segments of notes of 60,000 bytes."""
    segment = b"\xff\xe1" + struct.pack(">H", 60_002) + bytes(60_000)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return base64.b64encode(b"\xff\xd8" + segment * notes + frame + bytes(64)).decode()


@given(st.integers(1, 60_000), st.integers(1, 60_000), st.integers(0, 4))
def test_pixels_are_read_from_base64_of_any_kind(width: int, height: int, notes: int) -> None:
    for data in (png(width, height), jpeg(width, height, notes)):
        assert pixels_of(data) == (width, height)
        assert pixels_of(f"data:image/png;base64,{data}") == (width, height)
        assert pixels_of(data.replace("+", "-").replace("/", "_")) == (width, height)
        if not notes:
            lines = "\n".join(data[at : at + 76] for at in range(0, len(data), 76))
            assert pixels_of(lines) == (width, height)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "https://example.org/a.png",
        "file-123",
        "data:image/png,%89PNG",
        "data:;base64,",
        "iVBORw0KGgo=",
        "é" * 9,
    ],
)
def test_what_says_no_size_has_none(data: str) -> None:
    assert pixels_of(data) is None


@given(st.binary(max_size=300))
def test_any_bytes_may_stand_for_an_image(data: bytes) -> None:
    found = pixels_of(base64.b64encode(data).decode())
    assert found is None or min(found) > 0


def counted(request: dict[str, Any]) -> tuple[CountedContext, Part]:
    reading = read_conversations(io.BytesIO(json.dumps(request).encode()))
    found = whole_contexts(reading.conversations, [])
    (one,) = ContextCounter(REGISTRY).count(found, MODELS.of(reading.conversations), [])
    part = next(p for m in reading.conversations[0].messages for p in m.parts if p.kind == "image")
    return one, part


URL = f"data:image/png;base64,{png(1000, 600)}"
SHAPES: dict[str, dict[str, Any]] = {
    "chat": {
        "model": "gpt-4o",
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What is it?"},
                    {"type": "image_url", "image_url": {"url": URL, "detail": "low"}},
                ],
            }
        ],
    },
    "responses": {
        "model": "gpt-4o",
        "input": [{"role": "user", "content": [{"type": "input_image", "image_url": URL, "detail": "low"}]}],
    },
    "anthropic": {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "type": "image",
                        "source": {"type": "base64", "media_type": "image/png", "data": png(1000, 600)},
                    }
                ],
            }
        ],
    },
    "gemini": {
        "model": "gemini-2.5-flash",
        "contents": [
            {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": png(1000, 600)}}]}
        ],
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_image_costs_what_its_makers_formula_says(shape: str) -> None:
    one, part = counted(SHAPES[shape])
    model = str(SHAPES[shape]["model"])
    assert part.pixels == (1000, 600) and part.detail == ("low" if "gpt" in model else None)
    rule = IMAGES.find(model)
    assert rule is not None
    expected = image_tokens(rule, 1000, 600, part.detail or "auto").tokens
    (told,) = (each for each in one.parts if each.kind == "image")
    assert told.tokens == expected > 0
    assert one.count.tokens == sum(each.tokens or 0 for each in one.parts)
    assert one.count.provenance is Provenance.MEASURED


def test_an_image_at_an_address_stays_unknown() -> None:
    request = json.loads(json.dumps(SHAPES["chat"]))
    request["messages"][0]["content"][1]["image_url"]["url"] = "https://example.org/a.png"
    one, part = counted(request)
    assert part.pixels is None
    assert [each.tokens for each in one.parts if each.kind == "image"] == [None]
