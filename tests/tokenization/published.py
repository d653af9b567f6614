"""The published tokenizers, built without tokviz's engines, as ``text -> ids``.

Which library is the reference follows from a tokenizer's row in ``tokenizers.toml``. Mistral's files come
whole from an installed package. For all others, tiktoken and `tokenizers` are given the bundled vocabulary
and do all else themselves: split, normalize, add tokens.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
import sentencepiece
import tiktoken
import tiktoken_ext.openai_public as openai  # type: ignore[import-untyped]
import tokenizers
from mistral_common.tokens.tokenizers.tekken import Tekkenizer
from tokenizers import models, normalizers, pre_tokenizers

from tokviz.assets import Assets
from tokviz.tokenization.tokenizer_info import Kind, SourceFormat, TokenizerInfo, read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary

Encode = Callable[[str], list[int]]
INFOS = read_tokenizer_infos(Assets())


@lru_cache(1)
def plain(name: str) -> Encode:
    """The ids of a text in which special tokens are text."""
    info = INFOS[name]
    if info.source_format is SourceFormat.SENTENCEPIECE:
        model = sentencepiece.SentencePieceProcessor(model_file=str(published_file(info)))
        return lambda text: list(model.encode(text))
    if info.source_format is SourceFormat.TEKKEN:
        tekken = Tekkenizer.from_file(str(published_file(info)))
        # Its special tokens are never parsed. Its own long runs of spaces would panic.
        return lambda text: tekken.encode(text, bos=False, eos=False)
    if is_for_tiktoken(info):
        encoding = tiktoken_encoding(name)
        return encoding.encode_ordinary
    return hugging_face_encode(name, special_as_text=True)


def knows_parsed(name: str) -> bool:
    """Whether there is a reference for parsed special tokens: Mistral's libraries never parse them."""
    return INFOS[name].source_format not in (SourceFormat.SENTENCEPIECE, SourceFormat.TEKKEN)


@lru_cache(1)
def parsed(name: str) -> Encode:
    """The ids of a text in which special tokens are parsed."""
    if is_for_tiktoken(INFOS[name]):
        encoding = tiktoken_encoding(name)
        return lambda text: encoding.encode(text, allowed_special="all")
    return hugging_face_encode(name, special_as_text=False)


def published_file(info: TokenizerInfo) -> Path:
    """The file that a vocabulary was made from, in the installed package that its row names."""
    package = info.package.partition(" ")[2]
    lacks = f"{info.name} has no reference: its tests need {info.source} of {info.package} {info.version}"
    try:
        path = Path(str(distribution(package).locate_file(info.source)))
    except PackageNotFoundError:
        pytest.fail(f"{lacks}, which is not installed; add it to the extra “test” of pyproject.toml")
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != info.source_sha256:
        pytest.fail(f"{lacks}, and another version is installed")
    return path


def is_for_tiktoken(info: TokenizerInfo) -> bool:
    """Whether tiktoken can do it: it splits by one pattern, and does nothing to the text before."""
    is_of_ranks = info.source_format in (SourceFormat.TIKTOKEN, SourceFormat.SPLINTR)
    return is_of_ranks and bool(info.pattern) and not info.normalization


def ranks(name: str) -> dict[bytes, int]:
    """The ranks of a bundled byte-level vocabulary."""
    info = INFOS[name]
    if info.kind is Kind.MERGES:
        return {token: i - info.first_id for token, i in Vocabulary(info).ranks().items()}
    lines = info.file.read_bytes().splitlines()
    return {base64.b64decode(line.split()[0]): rank for rank, line in enumerate(lines)}


@lru_cache(1)
def tiktoken_encoding(name: str) -> tiktoken.Encoding:
    """OpenAI's are defined by tiktoken itself (pattern and special tokens), Llama's as llama-models does."""
    if name not in openai.ENCODING_CONSTRUCTORS:
        info = INFOS[name]
        return tiktoken.Encoding(
            name,
            pat_str=PATTERNS.get(name, info.pattern),
            mergeable_ranks={token: rank + info.first_id for token, rank in ranks(name).items()},
            special_tokens=dict(Vocabulary(info).added.special),
        )
    original = openai.load_tiktoken_bpe
    load: Callable[..., dict[bytes, int]] = lambda *_, **__: ranks(name)  # noqa: E731
    try:
        openai.load_tiktoken_bpe = load
        definition = openai.ENCODING_CONSTRUCTORS[name]()
    finally:
        openai.load_tiktoken_bpe = original
    return tiktoken.Encoding(**definition)


PATTERNS = {
    "llama3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    "llama4": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+",
    "kimi-k2": r"[\p{Han}]+"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
}
"""Copied from llama-models and from Moonshot's tokenizer; any other row's own pattern is taken."""


def byte_alphabet() -> list[str]:
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in shown]
    return [chr(b) if b in shown else chr(256 + hidden.index(b)) for b in range(256)]


def hugging_face_encode(name: str, special_as_text: bool) -> Encode:
    """One tokenizer does both, for it takes seconds to make."""
    tokenizer = hugging_face(name)

    def encode(text: str) -> list[int]:
        tokenizer.encode_special_tokens = special_as_text
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    return encode


@lru_cache(1)
def hugging_face(name: str) -> tokenizers.Tokenizer:
    """A `tokenizers.Tokenizer` that normalizes, splits and finds its added tokens itself."""
    info = INFOS[name]
    added = Vocabulary(info).added
    everything = {**added.special, **added.atomic}
    if info.kind is Kind.PIECES:
        parts = json.loads(Vocabulary(info).pieces.tokenizer_json())
        parts["model"]["vocab"] |= everything
        tokenizer = tokenizers.Tokenizer.from_str(json.dumps(parts))
    else:
        tokenizer = tokenizers.Tokenizer(byte_level_model(info, everything))
        tokenizer.pre_tokenizer = splitting(info)
    if info.normalization:
        tokenizer.normalizer = {"NFC": normalizers.NFC(), "NFKC": normalizers.NFKC()}[info.normalization]
    tokenizer.add_special_tokens([tokenizers.AddedToken(t, normalized=False) for t in added.special])
    tokenizer.add_tokens([tokenizers.AddedToken(t, special=False, normalized=False) for t in added.atomic])
    for text, token_id in everything.items():
        assert tokenizer.token_to_id(text) == token_id, (name, text)
    return tokenizer


def splitting(info: TokenizerInfo) -> pre_tokenizers.PreTokenizer:
    """GPT-2's pattern is `tokenizers`' own, and so are Command R's steps; any other is the row's."""
    if info.scheme == "gpt2":
        return pre_tokenizers.ByteLevel(add_prefix_space=False)
    if info.name == "command-r":
        digits = pre_tokenizers.Digits(individual_digits=True)
        return pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    patterns = info.splits or [info.pattern]
    splits = [pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated") for pattern in patterns]
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([*splits, level])


def byte_level_model(info: TokenizerInfo, added: Mapping[str, int]) -> models.BPE:
    """The merges that are listed; where ranks are, all that they allow."""
    if info.kind is Kind.MERGES and info.source_format is not SourceFormat.TIKTOKEN:
        model = json.loads(Vocabulary(info).tokenizer_json())["model"]
        ids = {token: number + info.first_id for token, number in model["vocab"].items()}
        merges = [(left, right) for left, right in model["merges"]]
        return models.BPE({**ids, **added}, merges, ignore_merges=model["ignore_merges"])
    alphabet = byte_alphabet()
    vocabulary = ranks(info.name)
    spelled = {token: "".join(alphabet[b] for b in token) for token in vocabulary}
    ranked = [
        (rank, spelled[token[:middle]], spelled[token[middle:]])
        for token, rank in vocabulary.items()
        for middle in range(1, len(token))
        if token[:middle] in vocabulary and token[middle:] in vocabulary
    ]
    ids = {spelled[token]: rank + info.first_id for token, rank in vocabulary.items()}
    return models.BPE({**ids, **added}, [(left, right) for _, left, right in sorted(ranked)])
