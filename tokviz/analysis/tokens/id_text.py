"""From token ids, as people have them, to the text that they stand for."""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.formatting import grouped
from tokviz.language import _, ngettext
from tokviz.lists import listed
from tokviz.tokenization.tokenizer import Tokenizer
from tokviz.tokenization.tokenizer_info import TokenizerInfo
from tokviz.tokens import Provenance

MOST = 20_000_000
"""Ids that are decoded at once: 100 MB of text, about."""
_PLAIN = re.compile(r"[\s\d,;\[\](){}|/]*")
"""Ids and what may stand between them, nothing else: read in one go."""
_NOISE = re.compile(
    r"(?<!\w)(?:torch\.|np\.|numpy\.|dtype=)?(?:tensor|array|int\d+|uint\d+|list|dtype)(?!\w)"
    r"|(?:dtype|device)=\S+?(?=[,)])"
)
"""What Python prints around ids."""
_PIECE = re.compile(
    r"(-?\d+)(?:\s*(?:\.\.\.?|…|–)\s*|\s+-\s+|-\s*)(-?\d+)(?![\d.]*\.\d)|(-?\d+)(?!\.?\d)"
    r"|([^\s,;:\[\](){}|/\"'=]+)"
)
"""A range, an id, or what is neither. A hyphen with a space before it alone is a sign."""
_DOTS = re.compile(r"(?<=\s)(?:\.\.\.|…)(?=[\s,])")
"""What numpy and torch print in the middle of a long list."""
_KEYS = ("ids", "input_ids", "token_ids", "tokens", "output_ids", "pieces")
"""Under which names JSON objects have ids."""
_NAMED = 3
"""So many of what is wrong are named."""
_REPLACEMENT = "\ufffd".encode()


class IdsError(Exception):
    """What was given is no list of token ids; ``str()`` is one sentence."""


@dataclass(frozen=True, slots=True)
class IdText:
    """What a list of ids stands for."""

    ids: NDArray[np.int64]
    """Those that the tokenizer has, in their order."""
    data: bytes
    """Their bytes, one after the other: not always UTF-8."""
    ends: NDArray[np.int64]
    """For each id, where in ``data`` it ends."""
    unknown: Sequence[tuple[int, int]] = ()
    """Each id that the tokenizer does not have, and its place in the list (from 1)."""


def parse_ids(given: str) -> NDArray[np.int64]:
    """The ids in a text: numbers with anything usual between them, a JSON list, an object that has one, what
    Python prints of a list, and ranges such as ``0..255`` (both ends included). IdsError if it is none."""
    given = given.removeprefix("\ufeff")
    if _PLAIN.fullmatch(given):
        plain = re.sub(r"[^\d\s]", " ", given)
        if max(map(len, plain.split()), default=0) > 18:
            raise IdsError(_("A number in this is far too large for a token id."))
        ids = np.array(plain.split(), dtype=np.int64) if plain.strip() else np.array([], np.int64)
        return _bounded(ids)
    try:
        found = _numbers(json.loads(given))
    except (ValueError, RecursionError):
        return _bounded(_pieces(given))
    return _bounded(np.array(found, np.int64))


def decode_ids(tokenizer: Tokenizer, info: TokenizerInfo, ids: NDArray[np.int64]) -> IdText:
    """What ``ids`` stand for, byte for byte; the space that the tokenizer itself puts before each text (see
    ``Tokenizer.token_bytes``) is none of it. IdsError if its ids are not known."""
    if info.provenance is Provenance.RECONSTRUCTED:
        raise IdsError(
            _("{name} is rebuilt from counts: the ids of its maker are not known.", name=info.display_name)
        )
    unique, places = np.unique(ids, return_inverse=True)
    looked_up = [_token_bytes(tokenizer, token_id) for token_id in unique.tolist()]
    found = [one or b"" for one in looked_up]
    is_unknown = np.array([one is None for one in looked_up], bool)[places]
    at = np.flatnonzero(is_unknown)
    unknown = list(zip(ids[at].tolist(), (at + 1).tolist(), strict=True))
    kept = places[~is_unknown]
    lengths = np.array([len(one) for one in found], np.int64)
    data, ends = b"".join(map(found.__getitem__, kept.tolist())), np.cumsum(lengths[kept])
    if info.prefix and data.startswith(info.prefix.encode()):
        data, ends = data[len(info.prefix) :], np.maximum(ends - len(info.prefix), 0)
    return IdText(ids[~is_unknown], data, ends, unknown)


def unknown_words(tokenizer: str, unknown: Sequence[tuple[int, int]], count: int) -> str:
    """Names the ids that a tokenizer does not have, of a list of ``count``; empty if there are none."""
    if not unknown:
        return ""
    named = listed(
        _("{id} (number {place})", id=token_id, place=grouped(place)) for token_id, place in unknown[:_NAMED]
    )
    if len(unknown) > _NAMED:
        named += "…"
    return ngettext(
        "{tokenizer} has no token {ids}: {n} of {count}.",
        "{tokenizer} has no tokens {ids}: {n} of {count}.",
        len(unknown),
        tokenizer=tokenizer,
        ids=named,
        count=ngettext("{n} id", "{n} ids", count),
    )


def shown_text(found: IdText) -> tuple[bytes, NDArray[np.int64], int]:
    """The same as UTF-8, U+FFFD in the place of what is none, with the ids' ends in it, and how many places
    that are. A token that ends inside a character that is whole ends there in the text, too."""
    try:
        found.data.decode()
    except UnicodeDecodeError:
        pass
    else:
        return found.data, found.ends, 0
    parts: list[bytes] = []
    before: list[int] = [0]
    after: list[int] = [0]
    size = 0
    last = 0
    for start, end in _undecodable(found.data):
        for part, old in ((found.data[last:start], start), (_REPLACEMENT, end)):
            parts.append(part)
            size += len(part)
            before.append(old)
            after.append(size)
        last = end
    parts.append(found.data[last:])
    before.append(len(found.data))
    after.append(size + len(parts[-1]))
    places = np.searchsorted(before, found.ends, side="right") - 1
    offsets, moved = np.array(before), np.array(after)
    limit = moved[np.minimum(places + 1, len(moved) - 1)]
    return b"".join(parts), np.minimum(moved[places] + found.ends - offsets[places], limit), len(parts) // 2


def _undecodable(data: bytes) -> Iterator[tuple[int, int]]:
    """Each range of bytes for which one U+FFFD stands."""
    ranges: list[tuple[int, int]] = []

    def note(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        ranges.append((error.start, error.end))
        return "\ufffd", error.end

    codecs.register_error("tokviz.note", note)
    data.decode("utf-8", "tokviz.note")
    yield from ranges


def _token_bytes(tokenizer: Tokenizer, token_id: int) -> bytes | None:
    """None if the tokenizer has no such token."""
    try:
        return tokenizer.token_bytes(token_id) if token_id >= 0 else None
    except (KeyError, IndexError, OverflowError):
        return None


def _bounded(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(ids) > MOST:
        raise IdsError(_("These are more than {most} ids; decode fewer at once.", most=grouped(MOST)))
    return ids


def _numbers(value: object) -> list[int]:
    """All ids in a JSON value. ValueError if it is none of ids."""
    match value:
        case dict():
            key = next((key for key in _KEYS if isinstance(value.get(key), list)), None)
            if key is None:
                raise IdsError(
                    _("This JSON object has no list of ids; they are looked for under “ids” and “input_ids”.")
                )
            return _numbers(value[key])
        case list():
            return [token_id for one in value for token_id in _numbers(one)]
        case bool() | float() | None | str():
            raise IdsError(_("“{value}” is no token id.", value=json.dumps(value)[:40].strip('"')))
        case int() if abs(value) < 1 << 63:
            return [value]
        case _:
            raise IdsError(_("A number in this is far too large for a token id."))


def _pieces(given: str) -> NDArray[np.int64]:
    if "[" in given and _DOTS.search(given):
        raise IdsError(_("This list is shortened: ids are missing where its dots are. Print all of it."))
    parts: list[NDArray[np.int64]] = []
    single: list[int] = []
    total = 0
    for found in _PIECE.finditer(_NOISE.sub(" ", given)):
        first, last, one, other = found.groups()
        if other is not None:
            raise IdsError(_("“{value}” is no token id.", value=other[:40]))
        if max(map(len, filter(None, (first, last, one)))) > 18:
            raise IdsError(_("A number in this is far too large for a token id."))
        if one is not None:
            single.append(int(one))
            total += 1
            continue
        low, high = int(first), int(last)
        if high < low:
            raise IdsError(_("The range {range} ends before it begins.", range=found[0]))
        total += high - low + 1
        if total > MOST:
            raise IdsError(_("These are more than {most} ids; decode fewer at once.", most=grouped(MOST)))
        parts += [np.array(single, np.int64), np.arange(low, high + 1, dtype=np.int64)]
        single = []
    return np.concatenate([*parts, np.array(single, np.int64)])
