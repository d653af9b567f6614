"""Recognizing a ``tokenizer.json`` that tokviz's own engines can do: byte-level BPE and nothing unusual."""

from collections.abc import Mapping
from dataclasses import dataclass

from tokviz.tokenization.token_tables import BYTE_LETTERS

Json = Mapping[str, object]

GPT_2_SPLIT = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""What the ByteLevel pre-tokenizer splits by."""


@dataclass(frozen=True, slots=True)
class ByteLevelParts:
    """What surrounds the merges of a byte-level ``tokenizer.json``."""

    splits: tuple[str, ...]
    """The patterns by which a text is split, one after the other."""
    normalization: str
    """``NFC``, ``NFKC`` or empty."""
    begin: str
    end: str
    """The special tokens around a text; empty where there are none."""


def byte_level_parts(contents: Json, special: Mapping[str, int]) -> ByteLevelParts | None:
    """The parts, or None where the file does anything that tokviz's engines do not; ``special``: the ids of
    its special tokens."""
    splits = _splits(contents.get("pre_tokenizer"))
    normalization = _normalization(contents.get("normalizer"))
    frame = _frame(contents.get("post_processor"), special)
    if splits is None or normalization is None or frame is None or not _is_plain_bpe(contents.get("model")):
        return None
    unusual = ["lstrip", "rstrip", "single_word", *(["normalized"] if normalization else [])]
    for token in _list(contents.get("added_tokens")):
        if any(_map(token).get(flag) for flag in unusual):
            return None
    return ByteLevelParts(splits, normalization, *frame)


def _map(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _is_plain_bpe(model: object) -> bool:
    model = _map(model)
    unusual = ("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback")
    vocabulary = _map(model.get("vocab"))
    return (
        model.get("type", "BPE") == "BPE"
        and not any(model.get(setting) for setting in unusual)
        and all(letter in vocabulary for letter in BYTE_LETTERS)
    )


def _splits(pre_tokenizer: object) -> tuple[str, ...] | None:
    pre_tokenizer = _map(pre_tokenizer)
    steps = [_map(s) for s in _list(pre_tokenizer.get("pretokenizers"))] or [pre_tokenizer]
    *first, last = steps
    if last.get("type") != "ByteLevel" or last.get("add_prefix_space", True):
        return None
    if last.get("use_regex", True):
        return None if first else (GPT_2_SPLIT,)
    patterns = [_map(step.get("pattern")).get("Regex") for step in first]  # verbatim
    usual = all(
        s.get("type") == "Split" and s.get("behavior") == "Isolated" and not s.get("invert")  # verbatim
        for s in first
    )
    texts = tuple(pattern for pattern in patterns if isinstance(pattern, str))
    return texts if usual and texts and len(texts) == len(first) else None


def _normalization(normalizer: object) -> str | None:
    normalizer = _map(normalizer)
    steps = [str(_map(s).get("type")) for s in _list(normalizer.get("normalizers"))]
    if not normalizer or (normalizer.get("type") == "Sequence" and not steps):  # verbatim
        return ""
    if normalizer.get("type") == "Sequence":  # verbatim
        return steps[0] if len(steps) == 1 and steps[0] in ("NFC", "NFKC") else None
    return str(normalizer["type"]) if normalizer.get("type") in ("NFC", "NFKC") else None


def _frame(post_processor: object, special: Mapping[str, int]) -> tuple[str, str] | None:
    """The special tokens before and after a text; None where it is more than one on either side, or where
    they stand for other ids than ``special`` says."""
    post_processor = _map(post_processor)
    steps = [_map(s) for s in _list(post_processor.get("processors"))] or [post_processor]
    begin: list[str] = []
    end: list[str] = []
    for step in steps:
        if step.get("type") == "TemplateProcessing":
            side = begin
            for item in map(_map, _list(step.get("single"))):
                if "Sequence" in item:  # verbatim
                    side = end
                    continue
                text = str(_map(item.get("SpecialToken")).get("id", ""))
                given = _map(_map(step.get("special_tokens")).get(text)).get("ids")
                if text not in special or given != [special[text]]:
                    return None
                side.append(text)
        elif step and step.get("type") != "ByteLevel":
            return None
    return ("".join(begin), "".join(end)) if len(begin) < 2 and len(end) < 2 else None
