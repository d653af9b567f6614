"""The storage's parts are those of the plain bytes after the same edits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.text.storage import TextStorage

_offsets = st.integers(0, 60)
_edits = st.lists(
    st.tuples(_offsets, st.sampled_from([0, 0, 0, 1, 5, 40]), st.binary(max_size=30)),
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
@settings(deadline=None)
def test_any_edits_give_the_bytes_that_plain_slices_give(
    data: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    text, model = TextStorage(data), data
    for start, size, inserted in edits:
        start = min(start, len(model))
        end = min(start + size, len(model))
        text.replace(start, end, inserted)
        model = model[:start] + inserted + model[end:]
        _check(text, model)
        assert text.whole == model


def test_what_was_given_is_not_copied_until_it_is_edited() -> None:
    data = b"some text " * 10_000
    text = TextStorage(data)
    assert text.whole is data
    text.replace(50_000, 50_000, b"x")
    text.replace(50_001, 50_001, b"y")
    assert bytes(text[49_998:50_004]) == b"t xyso"
    assert len(text.whole) == len(data) + 2 and data == b"some text " * 10_000
