"""The published tokenizers, built without tokviz's engines, as ``text -> ids``.

tiktoken and `tokenizers` are given the bundled vocabulary and do all else themselves: split, normalize, add
tokens. Mistral's come whole from the mistral-common package.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

import sentencepiece
import tiktoken
import tiktoken_ext.openai_public as openai  # type: ignore[import-untyped]
import tokenizers
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from tokenizers import models, normalizers, pre_tokenizers

from tokviz.assets import Assets
from tokviz.tokenization.tokenizer_info import TokenizerInfo, read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary

Encode = Callable[[str], list[int]]
INFOS = read_tokenizer_infos(Assets())


@cache
def plain(name: str) -> Encode:
    """The ids of a text in which special tokens are text."""
    if name in MISTRAL_MODELS:
        return sentencepiece_model(name).encode
    if name == "tekken":
        tekken = tekkenizer()
        # Its special tokens are never parsed. Its own long runs of spaces would panic.
        return lambda text: tekken.encode(text, bos=False, eos=False)
    if name in TIKTOKEN:
        encoding = tiktoken_encoding(name)
        return encoding.encode_ordinary
    tokenizer = hugging_face(name)
    tokenizer.encode_special_tokens = True
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


@cache
def parsed(name: str) -> Encode:
    """The ids of a text in which special tokens are parsed."""
    if name in TIKTOKEN:
        encoding = tiktoken_encoding(name)
        return lambda text: encoding.encode(text, allowed_special="all")
    tokenizer = hugging_face(name)
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


TIKTOKEN = ("o200k_base", "cl100k_base", "r50k_base", "llama3", "llama4")
MISTRAL_MODELS = {
    "mistral-v3": "mistral_instruct_tokenizer_240323.model.v3",
    "mistral-v7": "mistral_instruct_tokenizer_241114.model.v7",
}


def ranks(name: str) -> dict[bytes, int]:
    """A bundled rank file."""
    lines = INFOS[name].file.read_bytes().splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}


def special(name: str) -> Mapping[str, int]:
    return Vocabulary(INFOS[name]).added.special


def tiktoken_encoding(name: str) -> tiktoken.Encoding:
    """OpenAI's are defined by tiktoken itself (pattern and special tokens), Llama's as llama-models does."""
    if name.startswith("llama"):
        vocabulary = ranks(name) if name == "llama4" else llama3_ranks()
        return tiktoken.Encoding(
            name, pat_str=LLAMA_PATTERNS[name], mergeable_ranks=vocabulary, special_tokens=dict(special(name))
        )
    original = openai.load_tiktoken_bpe
    load: Callable[..., dict[bytes, int]] = lambda *_, **__: ranks(name)  # noqa: E731
    try:
        openai.load_tiktoken_bpe = load
        definition = getattr(openai, name)()
    finally:
        openai.load_tiktoken_bpe = original
    return tiktoken.Encoding(**definition)


LLAMA_PATTERNS = {
    "llama3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    "llama4": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
}


def llama3_ranks() -> dict[bytes, int]:
    alphabet = byte_alphabet()
    vocabulary = json.loads(INFOS["llama3"].file.read_bytes())["model"]["vocab"]
    return {bytes(alphabet.index(letter) for letter in token): rank for token, rank in vocabulary.items()}


def byte_alphabet() -> list[str]:
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in shown]
    return [chr(b) if b in shown else chr(256 + hidden.index(b)) for b in range(256)]


def hugging_face(name: str) -> tokenizers.Tokenizer:
    """A `tokenizers.Tokenizer` that normalizes, splits and finds its added tokens itself."""
    info = INFOS[name]
    added = Vocabulary(info).added
    everything = {**added.special, **added.atomic}
    if name == "gemma":
        parts = json.loads(Vocabulary(info).pieces.tokenizer_json())
        parts["model"]["vocab"] |= everything
        tokenizer = tokenizers.Tokenizer.from_str(json.dumps(parts))
    else:
        tokenizer = tokenizers.Tokenizer(byte_level_model(info, everything))
        splits = [
            pre_tokenizers.Split(tokenizers.Regex(p), "isolated") for p in info.splits or [info.pattern]
        ]
        if name == "claude-2":
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        else:
            level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
            tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*splits, level])
        if info.normalization:
            tokenizer.normalizer = {"NFC": normalizers.NFC(), "NFKC": normalizers.NFKC()}[info.normalization]
    tokenizer.add_special_tokens([tokenizers.AddedToken(t, normalized=False) for t in added.special])
    tokenizer.add_tokens([tokenizers.AddedToken(t, special=False, normalized=False) for t in added.atomic])
    for text, token_id in everything.items():
        assert tokenizer.token_to_id(text) == token_id, (name, text)
    return tokenizer


def byte_level_model(info: TokenizerInfo, added: Mapping[str, int]) -> models.BPE:
    """All merges the ranks allow."""
    alphabet = byte_alphabet()
    vocabulary = ranks(info.name)
    spelled = {token: "".join(alphabet[b] for b in token) for token in vocabulary}
    merges = [
        (rank, spelled[token[:middle]], spelled[token[middle:]])
        for token, rank in vocabulary.items()
        for middle in range(1, len(token))
        if token[:middle] in vocabulary and token[middle:] in vocabulary
    ]
    ids = {spelled[token]: rank + info.first_id for token, rank in vocabulary.items()}
    return models.BPE({**ids, **added}, [(left, right) for _, left, right in sorted(merges)])


@cache
def sentencepiece_model(name: str) -> sentencepiece.SentencePieceProcessor:
    path = files("mistral_common") / "data" / MISTRAL_MODELS[name]
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


@cache
def tekkenizer() -> Tekkenizer:
    return Tekkenizer.from_file(str(files("mistral_common") / "data" / "tekken_240911.json"))
