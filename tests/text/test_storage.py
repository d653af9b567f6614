"""The storage's parts are those of the plain bytes after the same edits."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tokviz.text import storage
from tokviz.text.storage import TextStorage

_offsets = st.integers(0, 60)
_edits = st.lists(
    st.tuples(_offsets, st.sampled_from([0, 0, 0, 1, 5, 40]), st.binary(max_size=30), st.booleans()),
    max_size=12,
)


def _check(text: TextStorage, model: bytes) -> None:
    size = len(model)
    assert len(text) == size
    for start in range(size + 1):
        for end in (start, start + 1, start + 7, size, size + 3):
            assert bytes(text[start:end]) == model[start:end]
            assert text.array(start, end).tobytes() == model[start:end]
    assert [text.byte(offset) for offset in range(size)] == list(model)


@given(st.binary(max_size=50), _edits)
@example(b"0123456789", [(3, 0, b"x", False), (4, 0, b"y", False), (2, 1, b"", False), (9, 0, b"z", False)])
@settings(deadline=None)
def test_any_edits_give_the_bytes_that_plain_slices_give(
    data: bytes, edits: list[tuple[int, int, bytes, bool]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "NEAR", 4)
        patch.setattr(storage, "LONGEST", 16)
        text, model = TextStorage(data), data
        for start, size, inserted, asked in edits:
            start = min(start, len(model))
            end = min(start + size, len(model))
            text.replace(start, end, inserted)
            model = model[:start] + inserted + model[end:]
            _check(text, model)
            if asked:
                assert text.whole == model
        assert text.whole == model
        _check(text, model)


def test_what_was_given_is_not_copied_until_the_whole_is_asked_for() -> None:
    data = b"some text " * 10_000
    text = TextStorage(data)
    assert text.whole is data
    text.replace(50_000, 50_000, b"x")
    text.replace(50_001, 50_001, b"y")
    assert bytes(text[49_998:50_004]) == b"t xyso"
    whole = text.whole
    assert len(whole) == len(data) + 2
    assert text.whole is whole
