"""Bytes and UTF-16 positions of any text are each other's inverse at every character."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.ui.common.text_positions import Utf16Map, to_utf8, utf16_length

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts)
@settings(deadline=None)
def test_every_character_maps_there_and_back(text: str) -> None:
    data = text.encode()
    positions = Utf16Map(data)
    assert positions.units == utf16_length(text)
    for index in range(len(text) + 1):
        byte, unit = len(text[:index].encode()), len(text[:index].encode("utf-16-le")) // 2
        assert positions.unit(byte) == unit
        assert positions.byte(unit) == byte


@given(texts)
@settings(deadline=None)
def test_a_place_inside_a_character_is_its_beginning(text: str) -> None:
    data = text.encode()
    positions = Utf16Map(data)
    units = positions.unit_array(np.arange(len(data) + 1))
    for byte in range(len(data)):
        start = byte
        while data[start] & 0xC0 == 0x80:
            start -= 1
        assert positions.unit(byte) == positions.unit(start) == units[byte]
        if data[start] >= 0xF0:
            assert positions.byte(positions.unit(start) + 1) == start


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert to_utf8("a\ud800b😀") == "a\ufffdb😀".encode()
