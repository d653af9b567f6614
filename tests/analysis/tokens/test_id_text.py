"""Token ids, however they are written, become the text that their makers' own packages give."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import decoders

from tests.analysis.tokens.known_tokens import registry
from tests.references import reference
from tests.tokenization.published import hugging_face
from tokviz.analysis.tokens import id_text
from tokviz.analysis.tokens.id_text import IdsError, IdText, decode_ids, parse_ids, shown_text, unknown_words

IDS = st.lists(st.integers(0, 199_997), max_size=30)
SEPARATORS = st.sampled_from([" ", ",", ", ", "\n", "\t", ";", " | ", ",\r\n"])


def decoded(name: str, ids: list[int]) -> IdText:
    return decode_ids(registry().get(name), registry().info(name), np.array(ids, np.int64))


@given(IDS, SEPARATORS)
def test_any_separators(ids: list[int], separator: str) -> None:
    assert parse_ids(separator.join(map(str, ids))).tolist() == ids


@given(IDS)
def test_json_in_any_shape_and_what_python_prints(ids: list[int]) -> None:
    for written in (
        json.dumps(ids),
        json.dumps({"tokenizer": "o200k_base", "ids": ids, "ends": [1, 2]}),
        json.dumps({"input_ids": [ids, ids]}),
        f"tensor({ids}, dtype=torch.int64)",
        f"array({ids}, dtype=uint32)",
        f"tensor({ids}, device='cuda:0')",
        f"\ufeff{ids}",
        str(tuple(ids)),
    ):
        expected = ids * 2 if "input_ids" in written else ids
        assert parse_ids(written).tolist() == expected, written


@pytest.mark.parametrize("text", ["0..4", "0-4", "0 – 4", "0…4", "0...4", "[0..4]", "0, 1..3, 4"])
def test_ranges_have_both_ends(text: str) -> None:
    assert parse_ids(text).tolist() == [0, 1, 2, 3, 4]


def test_a_sign_makes_no_range() -> None:
    assert parse_ids("[5 -100 6]").tolist() == [5, -100, 6]


def test_what_a_printed_list_leaves_out_is_not_made_up() -> None:
    for text in (str(np.arange(2000)), "tensor([0, 1, ..., 8, 9])"):
        with pytest.raises(IdsError, match="ids are missing where its dots are"):
            parse_ids(text)


def test_millions_are_read() -> None:
    assert parse_ids("0..2999999").tolist() == list(range(3_000_000))
    assert len(parse_ids(" ".join(map(str, range(1_000_000))))) == 1_000_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12 twelve 13", "“twelve” is no token id."),
        ("1.5", "“1.5” is no token id."),
        ("[1, 2.5]", "“2.5” is no token id."),
        ('["a"]', "“a” is no token id."),
        ("[true]", "“true” is no token id."),
        ('{"text": "a"}', "has no list of ids"),
        ("9..3", "The range 9..3 ends before it begins."),
        ("0..99999999999", "more than"),
        ("123456789012345678901234567890", "far too large"),
        ("[123456789012345678901234567890]", "far too large"),
        ("1..123456789012345678901234567890", "far too large"),
        ("[" * 100_000, "far too large|no token id|^$"),
    ],
)
def test_what_is_no_list_of_ids_is_named(text: str, words: str) -> None:
    if text.startswith("[["):
        assert parse_ids(text).tolist() == []
        return
    with pytest.raises(IdsError, match=words):
        parse_ids(text)


@given(st.text())
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        parse_ids(text)
    except IdsError as error:
        assert str(error).endswith(".")


@given(IDS)
def test_the_bytes_are_those_of_tiktoken(ids: list[int]) -> None:
    found, expected = decoded("o200k_base", ids), reference("o200k_base")
    assert found.data == expected.decode_bytes(ids)
    assert (
        found.ends.tolist()
        == np.cumsum([len(expected.decode_single_token_bytes(one)) for one in ids]).tolist()
    )
    text, _, _ = shown_text(found)
    assert text.decode() == expected.decode(ids)


def test_special_tokens_are_their_names() -> None:
    assert decoded("o200k_base", [199_999, 9906]).data.startswith(b"<|endoftext|>")


def test_an_id_that_does_not_exist_is_named_with_its_place() -> None:
    found = decoded("o200k_base", [5, 300_000, 6, -100, 300_000, 10**17])
    assert found.ids.tolist() == [5, 6]
    assert found.unknown == [(300_000, 2), (-100, 4), (300_000, 5), (10**17, 6)]
    assert unknown_words("o200k_base", found.unknown, 6) == (
        "o200k_base has no tokens 300000 (number 2), -100 (number 4), 300000 (number 5)…: 4 of 6 ids."
    )
    assert unknown_words("o200k_base", [], 6) == ""


def test_ids_that_are_rebuilt_are_no_ids() -> None:
    with pytest.raises(IdsError, match="rebuilt from counts"):
        decoded("claude-v3", [5])


@given(st.lists(st.binary(max_size=6), max_size=12))
def test_ends_stand_where_the_shown_text_has_them(parts: list[bytes]) -> None:
    data = b"".join(parts)
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    text, shown, replaced = shown_text(IdText(np.arange(len(parts)), data, ends))
    assert text.decode() == data.decode("utf-8", "replace")
    assert len(shown) == len(parts)
    assert all(np.diff(shown) >= 0)
    assert not len(parts) or shown[-1] == len(text)
    assert (replaced == 0) == (text == data)
    for end, at in zip(ends.tolist(), shown.tolist(), strict=True):
        try:
            before = data[:end].decode()
            data[end:].decode()
        except UnicodeDecodeError:
            continue
        assert at == len(before.encode())


def test_more_than_can_be_decoded_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_text, "MOST", 3)
    for text in ("1 2 3 4", "1..4", "[1, 2, 3, 4]"):
        with pytest.raises(IdsError, match="more than 3 ids"):
            parse_ids(text)


TEXT = "Hello world, größer: 字 and 👩‍👩‍👧 <tag>\n  def f(x):\n\treturn x\n"
DECODERS: dict[str, decoders.Decoder] = {
    "qwen3": decoders.ByteLevel(),
    "gemma": decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]),
    "mistral-v3": decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    ),
}
"""As their makers' own files have them."""


@pytest.mark.parametrize("name", DECODERS)
def test_the_text_is_that_of_tokenizers(name: str) -> None:
    ids = registry().get(name).encode(TEXT.encode()).ids.tolist()
    published = hugging_face(name)
    published.decoder = DECODERS[name]
    assert decoded(name, ids).data.decode() == published.decode(ids, skip_special_tokens=False) == TEXT
