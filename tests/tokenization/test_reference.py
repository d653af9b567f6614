"""Every tokenizer gives the ids of the published one, and offsets that are exact."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from numpy.typing import NDArray

from tests.tokenization import published, split_texts
from tests.tokenization.texts import TEXTS, texts
from tokviz.assets import Assets
from tokviz.tokenization import vocabulary_tokenizer
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.vocabularies import Vocabulary

pytestmark = pytest.mark.slow
NAMES = list(published.INFOS)
REFERENCED_PARSED = [name for name in NAMES if published.knows_parsed(name)]


EACH = pytest.mark.parametrize("name", NAMES)


def registry(name: str) -> Registry:
    """A registry for the tokenizers of one vocabulary: all, and the published ones, would take 12 GB."""
    return registry_of(published.INFOS[name].file)


@lru_cache(1)
def registry_of(vocabulary: Path) -> Registry:
    assert vocabulary.exists()
    return Registry(Assets())


@cache
def special_texts(name: str) -> list[str]:
    added = Vocabulary(published.INFOS[name]).added
    return [*added.special, *added.atomic]


def ids(tokenizer: Tokenizer, text: str) -> list[int]:
    """The ids of ``text``, after everything else about them is checked."""
    data = text.encode()
    found = tokenizer.encode(data)
    assert tokenizer.count(data) == len(found)
    assert tokenizer.count_many([data, b"x", data])[::2].tolist() == [len(found)] * 2
    assert np.all(np.diff(found.ends) >= 0)
    most = published.INFOS[tokenizer.name].most_tokens(len(data))
    assert most is not None and len(found) <= most
    if data:
        assert found.ends[-1] == len(data)
    check_bytes(tokenizer, data, found.ids, found.ends)
    return list(map(int, found.ids))


def check_bytes(
    tokenizer: Tokenizer, data: bytes, token_ids: NDArray[np.uint32], ends: NDArray[np.int64]
) -> None:
    """Joined, the tokens are the text; each alone is its own part of the text."""
    info = published.INFOS[tokenizer.name]
    known = {i: tokenizer.token_bytes(i) for i in set(token_ids.tolist())}
    tokens = [known[i] for i in token_ids.tolist()]
    starts = [0, *ends.tolist()][: len(ends)]
    if info.normalization:
        joined = b"".join(tokens)
        assert joined.decode() == normalized(data.decode(), info.normalization)
        size = 0
        # Normalizing every beginning takes time that grows with the square: of a large text, a few of them.
        every = 1 if len(data) <= 1 << 14 else len(tokens) // 12
        for number, (token, end) in enumerate(zip(tokens, ends.tolist(), strict=True)):
            size += len(token)
            if number % every == 0 and decodes(data[:end]):
                # A token may begin inside a stretch that is rewritten: then its part of the text is short.
                assert normalized(data[:end].decode(), info.normalization).encode().startswith(joined[:size])
        return
    if tokens and info.prefix and tokens[0].startswith(b" ") and starts[0] == 0:
        tokens[0] = tokens[0][1:]
    parts = [data[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]
    assert tokens == ([part.replace("▁".encode(), b" ") for part in parts] if info.space else parts)


def normalized(text: str, form: str) -> str:
    from tokenizers import normalizers

    return str({"NFC": normalizers.NFC(), "NFKC": normalizers.NFKC()}[form].normalize_str(text))


def decodes(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("package", "pypi no-such-package", "add it to the extra “test” of pyproject.toml"),
        ("source", "mistral_common/data/tokenizer.model.v1", "another version is installed"),
    ],
)
def test_a_published_file_that_is_not_at_hand_is_named(key: str, value: str, said: str) -> None:
    info = structs.replace(published.INFOS["mistral-v3"], **{key: value})
    with pytest.raises(pytest.fail.Exception, match=f"mistral-v3 has no reference: its tests need .*{said}"):
        published.published_file(info)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@EACH
def test_a_text_of_each_kind(name: str, text: str) -> None:
    assert ids(registry(name).get(name), text) == published.plain(name)(text)


@EACH
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_text(name: str, data: st.DataObject) -> None:
    text = data.draw(texts(special_texts(name)))
    assert ids(registry(name).get(name), text) == published.plain(name)(text)


@pytest.mark.parametrize("name", REFERENCED_PARSED)
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_text_with_special_tokens_parsed(name: str, data: st.DataObject) -> None:
    text = data.draw(texts(special_texts(name)))
    assert ids(registry(name).get(name, SpecialTokens.PARSED), text) == published.parsed(name)(text)


@EACH
def test_the_text_of_every_special_token(name: str) -> None:
    text = " ".join(special_texts(name))
    assert ids(registry(name).get(name), text) == published.plain(name)(text)
    added = Vocabulary(published.INFOS[name]).added
    parsed = registry(name).get(name, SpecialTokens.PARSED)
    every = {**added.special, **added.atomic}
    names = {token_id: text for text, token_id in every.items()}  # o200k_harmony has two for one id
    for token, token_id in every.items():
        found = parsed.encode(token.encode())
        # SentencePiece puts its space before a user-defined piece too.
        assert found.ids.tolist()[-1:] == [token_id]
        assert len(found) == (2 if published.INFOS[name].prefix and token in added.atomic else 1)
        # Runs of U+2581 are ordinary tokens as well, those of spaces.
        assert parsed.special_tokens.get(token_id) == (names[token_id] if token.strip("▁") else None)


@EACH
def test_a_million_spaces(name: str) -> None:
    tokenizer = registry(name).get(name)
    for data in (b" " * 1_000_000, b" " * 1_000_000 + b"x"):
        found = tokenizer.encode(data)
        assert found.ends[-1] == len(data)
        assert tokenizer.count(data) == len(found)
        # Not one of the published ones survives this; a run of 20,000 is cut alike.
    short = " " * 20_000 + "x"
    assert tokenizer.encode(short.encode()).ids.tolist() == published.plain(name)(short)


@EACH
def test_text_that_is_not_utf_8_is_refused(name: str) -> None:
    for data in (b"\xff\xfe", b"a \xe4\xb8", b"\xed\xa0\x80"):
        with pytest.raises(ValueError, match="utf-8"):
            registry(name).get(name).encode(data)
        with pytest.raises(ValueError, match="utf-8"):
            registry(name).get(name).count_many([b"a", data])


@EACH
def test_no_text_has_no_tokens(name: str) -> None:
    tokenizer = registry(name).get(name)
    assert len(tokenizer.encode(b"")) == 0
    assert tokenizer.count_many([]).tolist() == []
    assert tokenizer.count_many([b"", b"a b", b""]).tolist() == [0, tokenizer.count(b"a b"), 0]


@EACH
def test_large_texts_and_batches_are_cut_like_small_ones(name: str) -> None:
    tokenizer = registry(name).get(name)
    parts = [text.encode() for text in TEXTS.values() if "\U0010fffe" not in text]
    batch = [b"".join(parts[i:] + parts[:i]) for i in range(len(parts))]
    assert sum(map(len, batch)) > 1 << 20
    assert tokenizer.count_many(batch).tolist() == [len(tokenizer.encode(data)) for data in batch]
    whole = b"\n".join(batch)
    found = tokenizer.encode(whole)
    assert tokenizer.count(whole) == len(found)
    assert found.ids.tolist() == published.plain(name)(whole.decode())
    check_bytes(tokenizer, whole, found.ids, found.ends)


@pytest.mark.parametrize(
    ("name", "text", "token_id"),
    [
        ("qwen3", "<think>", 151667),
        ("qwen3", "<|fim_prefix|>", 151659),
        ("qwen2.5", "<tool_call>", 151657),
        ("qwen3.5", "</think>", 248069),
        ("glm-4", "<arg_key>", 151356),
        ("glm-4.7", "/nothink", 154851),
        ("minimax-m3", "]<]minimax[>[", 200058),
        ("gemma3", "<unused5>", 11),
        ("gemma3", "<table>", 168),
        ("command-r", "<|USER_TOKEN|>", 255006),
    ],
)
def test_what_is_published_as_not_special_is_one_token_in_plain_text(
    name: str, text: str, token_id: int
) -> None:
    assert ids(registry(name).get(name), text) == [token_id]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("qwen3", "<|im_end|>"),
        ("qwen2.5", "<think>"),
        ("command-r", "<|END_OF_TURN_TOKEN|>"),
        ("kimi-k2", "<think>"),
        ("glm-4", "<sop>"),
        ("phi-4", "<|im_sep|>"),
        ("o200k_harmony", "<|channel|>"),
    ],
)
def test_what_is_special_is_text_in_plain_text(name: str, text: str) -> None:
    assert len(ids(registry(name).get(name), text)) > 1


def test_large_texts_are_taken_in_parts_by_a_library_that_needs_much_memory() -> None:
    text = "".join(f"line {i} of Größe und 日本, don't\n" for i in range(400)).encode()
    whole = registry("command-r").get("command-r").encode(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary_tokenizer, "_MOST_ALONE", 1000)
        parted = registry("command-r").get("command-r").encode(text)
    assert parted.ids.tolist() == whole.ids.tolist() and parted.ends.tolist() == whole.ends.tolist()


def test_the_tokens_of_a_famous_sentence() -> None:
    found = registry("o200k_base").get("o200k_base").encode(b"AI models are fascinating")
    assert found.ids.tolist() == published.plain("o200k_base")("AI models are fascinating")
    assert found.ends.tolist() == [2, 9, 13, 25]


def test_unicode_of_python_is_not_older_than_that_of_the_published_normalizer() -> None:
    # `normalize` asks Python whether a text is normalized, then lets `tokenizers` do it.
    assert unicodedata.unidata_version >= "14.0.0"


@EACH
@given(drawn=st.lists(split_texts.texts([]), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_counting_in_pieces_is_exact(name: str, drawn: list[str]) -> None:
    tokenizer = registry(name).get(name)
    batch = [text.encode() for text in drawn]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary_tokenizer, "_MOST_ALONE", 8)
        counts = tokenizer.count_many(batch, parallel=False)
    assert counts.tolist() == [len(tokenizer.encode(data)) for data in batch]


@EACH
def test_no_text_has_more_tokens_than_its_size_allows(name: str) -> None:
    """Any text is tried by ``ids``; these are those that normalization makes most of."""
    for text in ("\U0001d160", "\ufdfa", "\u0390", "\ufb2c", "\u2126", "\u00c5", "\u3000", "\u2581", " "):
        for times in (1, 40):
            ids(registry(name).get(name), text * times)
