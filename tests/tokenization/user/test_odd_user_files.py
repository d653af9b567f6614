"""User's tokenizer files that are odd or malformed: cut as their library does, or refused with the reason."""

import base64
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.token_tables import BYTE_LETTERS
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.user.user_file import UserFileError
from tokviz.tokenization.vocabularies import VocabularyError

Json = dict[str, Any]
TEXT = "hello <s> <t> he é e\u0301\n  the thes "


def byte_level() -> Json:
    vocabulary = {letter: i for i, letter in enumerate([*sorted(BYTE_LETTERS), "he", "ll"])}
    return {
        "version": "1.0",
        "added_tokens": [],
        "pre_tokenizer": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": True,
        },
        "model": {"type": "BPE", "vocab": vocabulary, "merges": [["h", "e"], ["l", "l"]]},
    }


def word_piece() -> Json:
    model = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {"[UNK]": 0, "the": 1, "##s": 2, "hello": 3},
    }
    pre_tokenizer = {"type": "BertPreTokenizer"}
    return {"version": "1.0", "added_tokens": [], "pre_tokenizer": pre_tokenizer, "model": model}


def unigram() -> Json:
    vocabulary = [["<unk>", 0.0], ["▁", -1.0], ["▁the", -1.5]]
    model = {"type": "Unigram", "unk_id": None, "vocab": vocabulary, "byte_fallback": False}
    return {"version": "1.0", "added_tokens": [], "model": model}


def added(token_id: object, text: str, special: bool = True, normalized: bool = False) -> Json:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip"), False)
    return {"id": token_id, "content": text, "special": special, "normalized": normalized, **flags}


def template(token_id: int) -> Json:
    sequence = {"Sequence": {"id": "A", "type_id": 0}}
    return {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, sequence],
        "pair": [sequence, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [token_id], "tokens": ["<s>"]}},
    }


PADDING = {
    "strategy": {"Fixed": 100},
    "direction": "Right",
    "pad_to_multiple_of": None,
    "pad_id": 0,
    "pad_type_id": 0,
    "pad_token": "!",
}
TRUNCATION = {"max_length": 4, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}
ODD: dict[str, tuple[Callable[[], Json], Json]] = {
    "truncated": (byte_level, {"truncation": TRUNCATION}),
    "padded": (byte_level, {"padding": PADDING}),
    "added with a hole before it": (byte_level, {"added_tokens": [added(500, "<s>")]}),
    "two added with one id": (byte_level, {"added_tokens": [added(258, "<s>"), added(258, "<t>")]}),
    "added with the id of another": (byte_level, {"added_tokens": [added(3, "<s>")]}),
    "added without text": (byte_level, {"added_tokens": [added(258, "")]}),
    "added that is in the vocabulary": (byte_level, {"added_tokens": [added(9, "he", special=False)]}),
    "added to normalized text": (
        byte_level,
        {"normalizer": {"type": "NFC"}, "added_tokens": [added(258, "é", special=False, normalized=True)]},
    ),
    "framed by what is not added": (byte_level, {"post_processor": template(257)}),
    "framed by what is not special": (
        byte_level,
        {"post_processor": template(258), "added_tokens": [added(258, "<s>", special=False)]},
    ),
    "framed by another id": (
        byte_level,
        {"post_processor": template(5), "added_tokens": [added(258, "<s>")]},
    ),
    "words and one with the id of another": (word_piece, {"added_tokens": [added(2, "<s>")]}),
    "words and one twice": (word_piece, {"added_tokens": [added(4, "<s>"), added(5, "<s>")]}),
}


@pytest.mark.parametrize(("make", "changes"), ODD.values(), ids=ODD.keys())
def test_an_odd_file_is_cut_as_its_library_does(
    tmp_path: Path, make: Callable[[], Json], changes: Json
) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(make() | changes))
    registry = Registry(Assets())
    name = registry.add_file(path)
    reference = tokenizers.Tokenizer.from_file(str(path))
    reference.no_truncation()
    reference.no_padding()
    for mode in registry.info(name).modes:
        reference.encode_special_tokens = mode is SpecialTokens.PLAIN
        tokenizer = registry.get(name, mode)
        for text in ("", TEXT):
            expected = reference.encode(text, add_special_tokens=mode is SpecialTokens.FRAMED).ids
            assert tokenizer.encode(text.encode()).ids.tolist() == expected
            assert tokenizer.count(text.encode()) == len(expected)
        known = reference.get_added_tokens_decoder()
        assert tokenizer.special_tokens == {i: token.content for i, token in known.items()}


def with_vocabulary(**ids: object) -> bytes:
    contents = byte_level()
    contents["model"]["vocab"] |= ids
    return json.dumps(contents).encode()


def with_added(token_id: object) -> bytes:
    return json.dumps(byte_level() | {"added_tokens": [added(token_id, "<s>")]}).encode()


def rank_file(*more: tuple[bytes, int]) -> bytes:
    tokens = [*((bytes([byte]), byte) for byte in range(256)), *more]
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for token, rank in tokens)


def field(number: int, value: int | float | bytes) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return bytes([number << 3 & 0x7F | 0x80 * (number > 15), *([number >> 4] * (number > 15)), value])
    if isinstance(value, float):
        return bytes([number << 3 | 5]) + struct.pack("<f", value)
    size = len(value)
    return bytes([number << 3 | 2, *([size & 0x7F | 0x80, size >> 7] if size > 127 else [size])]) + value


def sentencepiece_model(*more: tuple[str, int], bytes_listed: int = 256) -> bytes:
    byte_pieces = [(f"<0x{byte:02X}>", 6) for byte in range(bytes_listed)]
    pieces = [("<unk>", 2), *byte_pieces, ("▁", 1), ("a", 1), *more]
    listed = [field(1, field(1, text.encode()) + field(2, 0.0) + field(3, kind)) for text, kind in pieces]
    return b"".join(listed) + field(2, field(3, 2) + field(35, 1)) + field(3, field(4, 0))


REFUSED = {
    "huge id": ("x.json", with_vocabulary(ll=1 << 31), "its id 2147483648 is not a whole number from 0 to"),
    "negative id": ("x.json", with_vocabulary(ll=-1), "its id -1 is not a whole number"),
    "id as text": ("x.json", with_vocabulary(ll="257"), "its id '257' is not a whole number"),
    "id with a fraction": ("x.json", with_vocabulary(ll=257.0), "its id 257.0 is not a whole number"),
    "two of one id": ("x.json", with_vocabulary(ll=256), "its id 256 stands for two tokens"),
    "huge added id": ("x.json", with_added(10**12), "its id 1000000000000 is not a whole number"),
    "added id as text": ("x.json", with_added("258"), "its id '258' is not a whole number"),
    "deep": ("x.json", b"[" * 200_000, "it is nested too deep"),
    "byte order mark": ("x.json", b"\xef\xbb\xbf{}", "it is not valid JSON"),
    "model of text": ("x.json", b'{"model": "x"}', "its model has no vocabulary"),
    "huge rank": ("x.tiktoken", rank_file((b"he", 2**32 - 1)), "its id 4294967295 is not a whole number"),
    "two of one rank": ("x.tiktoken", rank_file((b"he", 256), (b"ll", 256)), "its id 256 stands for two"),
    "one of two ranks": ("x.tiktoken", rank_file((b"he", 256), (b"he", 257)), "it lists a token twice"),
    "few byte tokens": ("x.model", sentencepiece_model(bytes_listed=100), "there are not 256 byte pieces"),
    "odd byte token": ("x.model", sentencepiece_model(("<0xZZ>", 6)), "byte piece <0xZZ> is invalid"),
    "empty piece": ("x.model", sentencepiece_model(("", 3)), "piece must not be empty"),
    "a piece twice": ("x.model", sentencepiece_model(("a", 1)), "a is already defined"),
}


@pytest.mark.parametrize(("file", "data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_cut_is_refused_with_the_reason(
    tmp_path: Path, file: str, data: bytes, reason: str
) -> None:
    path = tmp_path / file
    path.write_bytes(data)
    with pytest.raises(UserFileError) as caught:
        Registry(Assets()).add_file(path)
    assert reason in str(caught.value)


def without_unknown(contents: Json) -> Json:
    del contents["model"]["vocab"]["[UNK]"]
    return contents


def with_merge(contents: Json) -> Json:
    contents["model"]["merges"].append(["h", "o"])
    return contents


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (without_unknown(word_piece()), "Missing [UNK] token"),
        (unigram(), "`unk_id` is missing"),
        (with_merge(byte_level()), "Token `ho` out of vocabulary"),
    ],
    ids=["words without unknown", "unigram without unknown", "merge into nothing"],
)
def test_what_a_library_cannot_cut_is_refused_when_it_is_loaded(
    tmp_path: Path, contents: Json, reason: str
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(contents))
    registry = Registry(Assets())
    name = registry.add_file(path)
    with pytest.raises(VocabularyError) as caught:
        registry.get(name)
    assert reason in str(caught.value)


def test_a_piece_that_looks_like_a_byte_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "x.model"
    path.write_bytes(sentencepiece_model(("<0xzz>", 1)))
    registry = Registry(Assets())
    tokenizer = registry.get(registry.add_file(path))
    assert tokenizer.token_bytes(tokenizer.vocabulary_size - 1) == b"<0xzz>"


@pytest.mark.parametrize("contents", [byte_level(), word_piece()], ids=["bytes", "words"])
def test_a_frame_of_an_id_that_no_token_has_is_refused(tmp_path: Path, contents: Json) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(contents | {"post_processor": template(9999)}))
    with pytest.raises(UserFileError, match="it puts around a text the id 9999, which no token has"):
        Registry(Assets()).add_file(path)
