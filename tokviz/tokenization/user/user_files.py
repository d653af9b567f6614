"""A user's own tokenizer: what a ``tokenizer.json``, ``tekken.json``, ``.tiktoken`` or ``.model`` holds.

A file that is one of the bundled vocabularies, or the file one was made from, is that tokenizer. Else:

- ``tokenizer.json``, byte-level BPE: tokenized by tokviz's engines. Any other: by `tokenizers` from beginning
  to end, as published.
- ``.tiktoken`` (and a ``.model`` in that format): the file says neither how a text is split nor which special
  tokens there are. The split is assumed from the number of tokens, and `TokenizerInfo.note` says so.
- SentencePiece ``.model``: BPE with byte fallback by tokviz's engines, any other by `sentencepiece`.
- Mistral's ``tekken.json``: by tokviz's engines.
"""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs

from tokviz import system_errors
from tokviz.language import _, clause, number
from tokviz.lists import listed
from tokviz.tokenization.engine import Engine
from tokviz.tokenization.token_tables import read_ranks
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo, known_modes
from tokviz.tokenization.user.byte_level import byte_level_parts
from tokviz.tokenization.user.sentencepiece_file import sentencepiece_file
from tokviz.tokenization.user.tekken import is_tekken, read_tekken
from tokviz.tokenization.user.user_file import UserFile, UserFileError, UserVocabulary
from tokviz.tokenization.vocabularies import AddedTokens, Vocabulary

_ASSUMED_SPLITS = ((60_000, "r50k_base"), (150_000, "cl100k_base"), (1 << 62, "o200k_base"))
"""A rank file of up to so many tokens is taken to be split as that bundled tokenizer."""
_KNOWN_RANK_FILES = {"94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069": "r50k_base"}
"""By sha256, how a well-known rank file that is not bundled is split, as tiktoken says: p50k_base."""
_END_OF_TEXT = {"<|endoftext|>": 50256}
_TRIAL = (
    "The quick brown fox's 12 jumps over 3.14159 lazy dogs: don't, IT'S, we'LL! (a+b)*[c] != {d}; // x\n"
    "def f(x):\n    return x\n\n\n\t\tif (y) {\r\n  }\t \n   trailing   \n" + " " * 40 + "\n"  # verbatim
    "Größe Übermut naïve café e\u0301 ﬁ ① ½ x² Привет мир Καλημέρα שלום السلام عليكم ١٢٣\n"
    "नमस्ते दुनिया সংখ্যা ২০২৪ สวัสดีชาวโลก Việt Nam 今天天气很好。吾輩は猫である。カタカナ 안녕하세요\n"
    "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪❤️👍🏽 ▁ \u00a0\u3000\u200b\ufeff\x00\x07\n"
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAA 0123456789abcdef 1234567890 ==== ---- ....\n"
).encode()
_AROUND_MODEL = ("normalizer", "post_processor", "truncation", "padding")
"""What tokviz does itself, or not at all: tokens that are left off or filled in are none of the text."""
_LARGEST = 1 << 28
"""Bytes above which a file is no tokenizer."""


LARGEST_ID = (1 << 22) - 1
"""What is by id takes memory up to the largest; the largest vocabularies have a million tokens."""


def agrees(engine: Engine, reference: Engine) -> bool:
    """Whether two engines tokenize a text of many kinds alike."""
    return all(
        np.array_equal(engine.encode(part), reference.encode(part)) for part in (_TRIAL, *_TRIAL.splitlines())
    )


def read_user_file(path: Path, name: str, bundled: Mapping[str, TokenizerInfo]) -> UserFile:
    """What ``path`` holds, as a tokenizer of that name; UserFileError if it cannot be used."""
    try:
        data = _regular_file(path)
    except OSError as error:
        raise UserFileError(
            _("{file} cannot be read ({reason}).", file=path.name, reason=system_errors.words(error))
        ) from error
    try:
        if len(data) > _LARGEST:
            raise ValueError(_("it is too large"))
        read = _understood(path, name, data, bundled)
        return read if read.bundled else replace(read, sha256=hashlib.sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = _("it lacks {key}", key=error) if isinstance(error, KeyError) else str(error)
        raise UserFileError(
            _("{file} cannot be used as a tokenizer: {reason}.", file=path.name, reason=clause(reason))
        ) from error


def _regular_file(path: Path) -> bytes:
    """The beginning of a file; OSError where it cannot be read, or is a pipe, a device or a folder."""
    # A pipe that nobody writes to would never open.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, _("it is no regular file"))
        return file.read(_LARGEST + 1)


def _understood(path: Path, name: str, data: bytes, bundled: Mapping[str, TokenizerInfo]) -> UserFile:
    digest = hashlib.sha256(data).hexdigest()
    for known in bundled.values():
        if digest in (known.sha256, known.source_sha256, *known.other_sha256):
            info = structs.replace(known, name=name, display_name=f"{path.name} ({known.display_name})")
            return UserFile(path, info, Vocabulary(info), bundled=True)
    if path.suffix == ".json" or data.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
        contents = _parsed(data)
        if is_tekken(contents):
            return _tekken_file(path, name, contents, bundled)
        return _json_file(path, name, contents)
    first_line = data.split(b"\n", 1)[0].split()
    if len(first_line) == 2 and first_line[1].isdigit():
        return _rank_file(path, name, data, bundled)
    if path.suffix == ".tiktoken":
        raise ValueError(_("its first line is not a token in base64 and its rank"))
    return sentencepiece_file(path, name, data)


def _rank_file(path: Path, name: str, data: bytes, bundled: Mapping[str, TokenizerInfo]) -> UserFile:
    ranks = read_ranks(data)
    if not all(bytes([byte]) in ranks for byte in range(256)):
        raise ValueError(_("it lacks some of the 256 single bytes"))
    if len(ranks) < sum(map(bool, data.splitlines())):
        raise ValueError(_("it lists a token twice"))
    check_ids(ranks.values())
    known = _KNOWN_RANK_FILES.get(hashlib.sha256(data).hexdigest())
    split = known or next(likely for most, likely in _ASSUMED_SPLITS if len(ranks) <= most)
    added = AddedTokens(_END_OF_TEXT if known else {}, {})
    info = TokenizerInfo(
        name=name,
        display_name=path.name,
        kind=Kind.RANKS,
        file=path,
        vocabulary_size=max(ranks.values()) + 1,
        pattern=bundled[split].pattern,
        scheme=bundled[split].scheme,
        note=""
        if known
        else _("Assumed: split as {tokenizer} does. A rank file does not say how.", tokenizer=split),
        is_assumed=not known,
        modes=known_modes(bool(added.special), framed=False),
    )
    return UserFile(path, info, UserVocabulary(info, data, added))


def _tekken_file(
    path: Path, name: str, contents: dict[str, Any], bundled: Mapping[str, TokenizerInfo]
) -> UserFile:
    usual = bundled["tekken"]
    file = read_tekken(contents, Vocabulary(usual).added.special)
    info = TokenizerInfo(
        name=name,
        display_name=path.name,
        kind=Kind.RANKS,
        file=path,
        vocabulary_size=file.first_id + file.ranks,
        first_id=file.first_id,
        pattern=file.pattern,
        scheme=usual.scheme if file.pattern == usual.pattern else "",
        begin="<s>" if "<s>" in file.special else "",
        modes=known_modes(bool(file.special), framed="<s>" in file.special),
    )
    return UserFile(path, info, UserVocabulary(info, file.rank_file, AddedTokens(file.special, {})))


def _rewriting(normalizer: dict[str, Any] | None) -> str:
    """A sentence about what is done to the text before it is tokenized; empty if nothing is."""
    if not normalizer:
        return ""
    steps = normalizer.get("normalizers", [normalizer])
    kinds = listed(dict.fromkeys(str(step["type"]) for step in steps))
    return _("It rewrites the text before it cuts it ({kinds}).", kinds=kinds) if kinds else ""


def _without_dropout(contents: dict[str, Any]) -> str:
    """Switch off, in place, what makes a tokenizer give other tokens each time; a sentence if that was on."""
    model = contents.get("model")
    if not isinstance(model, dict) or not model.get("dropout"):
        return ""
    chance = model["dropout"]
    model["dropout"] = None
    return _(
        "Its dropout ({chance}) is switched off: with it a text has other tokens each time.", chance=chance
    )


def _json_file(path: Path, name: str, contents: dict[str, Any]) -> UserFile:
    dropout = _without_dropout(contents)
    ids = _vocabulary_ids(contents["model"])
    added = added_tokens(contents.get("added_tokens") or [], ids)
    unlisted = [token.token_id for token in added if token.text not in ids]
    check_ids([*ids.values(), *unlisted])
    check_frame(contents.get("post_processor"), {*ids.values(), *unlisted})
    special = {token.text: token.token_id for token in added if token.special}
    info = TokenizerInfo(
        name=name,
        display_name=path.name,
        kind=Kind.LIBRARY,
        file=path,
        vocabulary_size=1 + max([*ids.values(), *unlisted]),
        modes=known_modes(bool(special), framed=contents.get("post_processor") is not None),
    )
    simple = byte_level_parts(contents, special)
    if simple is None:
        info = structs.replace(info, note=f"{_rewriting(contents.get('normalizer'))} {dropout}".strip())
        return UserFile(path, info, None, json.dumps(contents, ensure_ascii=False))
    info = structs.replace(
        info,
        kind=Kind.JSON,
        note=dropout,
        splits=simple.splits,
        normalization=simple.normalization,
        begin=simple.begin,
        end=simple.end,
        modes=known_modes(bool(special), framed=bool(simple.begin or simple.end)),
    )
    atomic = {token.text: token.token_id for token in added if not token.special}
    bare = contents | {"added_tokens": []} | dict.fromkeys(_AROUND_MODEL)
    compact = json.dumps(bare, ensure_ascii=False, separators=(",", ":")).encode()
    return UserFile(path, info, UserVocabulary(info, compact, AddedTokens(special, atomic)))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        contents = json.loads(data.decode())
    except RecursionError as error:
        raise ValueError(_("it is nested too deep")) from error
    except ValueError as error:
        raise ValueError(_("it is not valid JSON ({error})", error=error)) from error
    if not isinstance(contents, dict):
        raise ValueError(_("it is not a JSON object"))
    return contents


def _vocabulary_ids(model: object) -> dict[str, int]:
    """The ids of a model's tokens; a Unigram model lists them in order, with their scores."""
    vocabulary = model["vocab"] if isinstance(model, dict) else None
    if not isinstance(vocabulary, dict | list):
        raise ValueError(_("its model has no vocabulary"))
    if not vocabulary:
        raise ValueError(_("its vocabulary is empty"))
    if isinstance(vocabulary, dict):
        return vocabulary
    return {str(piece): i for i, (piece, _) in enumerate(vocabulary)}


@dataclass(frozen=True, slots=True)
class Added:
    """An added token of a ``tokenizer.json``."""

    text: str
    token_id: int
    special: bool


def check_ids(ids: Iterable[object]) -> None:
    """ValueError unless all are whole numbers in range, and none stands for two tokens."""
    seen: set[object] = set()
    for token_id in ids:
        _check_range(token_id)
        if token_id in seen:
            raise ValueError(_("its id {id} stands for two tokens", id=token_id))
        seen.add(token_id)


def added_tokens(listed: Sequence[Mapping[str, object]], vocabulary: Mapping[str, int]) -> list[Added]:
    """The added tokens with the ids that `tokenizers` gives them, whatever ids the file lists: those of the
    vocabulary, or else the next ones after it. It passes over those without a text. ValueError as above."""
    found: dict[str, Added] = {}
    for token in listed:
        _check_range(token["id"])
        text = str(token["content"])
        if not text:
            continue
        highest = max((added.token_id for added in found.values()), default=-1)
        following = max(highest + 1, len(vocabulary))
        known = found[text].token_id if text in found else vocabulary.get(text)
        found[text] = Added(text, following if known is None else known, bool(token["special"]))
    return list(found.values())


def check_frame(post_processor: object, ids: Collection[int]) -> None:
    """ValueError where a ``tokenizer.json`` puts around a text what none of ``ids`` is: `tokenizers` gives
    out such ids without a word, and they stand for nothing."""
    if not isinstance(post_processor, dict):
        return
    for step in post_processor.get("processors") or [post_processor]:
        listed = step.get("special_tokens") or {}
        named = [token_id for token in listed.values() for token_id in token["ids"]]
        named += [step[side][1] for side in ("cls", "sep") if side in step]
        for token_id in named:
            if token_id not in ids:
                raise ValueError(_("it puts around a text the id {id}, which no token has", id=token_id))


def _check_range(token_id: object) -> None:
    if type(token_id) is not int or not 0 <= token_id <= LARGEST_ID:
        raise ValueError(
            _(
                "its id {id} is not a whole number from 0 to {largest}",
                id=repr(token_id),
                largest=number(LARGEST_ID),
            )
        )
