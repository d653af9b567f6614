"""Everything there is to say about one token in its text: bytes, characters, places, neighbours, changes."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice, pairwise

from tokviz.analysis.formatting import grouped
from tokviz.analysis.tokens.characters import (
    Text,
    character_name,
    character_start,
    code_point,
    grapheme_bounds,
)
from tokviz.analysis.tokens.token_list import TokenList, TokenRun
from tokviz.analysis.tokens.token_spelling import hex_bytes, spelled
from tokviz.language import _, ngettext, number, pgettext
from tokviz.tokenization.merge_ranks import MergeRank
from tokviz.tokenization.tokenizer_info import TokenizerInfo

_MOST_CODE_POINTS = 64
"""Runs of code points listed; a user's own vocabulary may have tokens of any length."""
_MOST_BYTES = 256
"""Bytes of a token written as hex."""


@dataclass(frozen=True, slots=True)
class TokenFact:
    """What a vocabulary says about one id."""

    token_id: int
    data: bytes | None
    """What the token stands for; None if there is no such id."""
    special: str = ""
    """The text of a special token; empty for an ordinary one."""
    merge_rank: MergeRank | None = None
    """How it stands to the other tokens; None for a special one."""

    @property
    def rank_text(self) -> str:
        """``rank 1,234``, ``merge rank 1,234`` or ``score -12.5``; empty where the vocabulary has none."""
        merge_rank = self.merge_rank
        if merge_rank is None:
            return ""
        if merge_rank.rank is not None:
            return _("rank {rank}", rank=grouped(merge_rank.rank))
        if merge_rank.merge is not None:
            return _("merge rank {rank}", rank=grouped(merge_rank.merge))
        return (
            _("score {score}", score=number(f"{merge_rank.score:g}")) if merge_rank.score is not None else ""
        )


@dataclass(frozen=True, slots=True)
class CodePoints:
    """One code point, so many times in a row."""

    character: str
    count: int

    @property
    def code(self) -> str:
        """``U+0041``."""
        return code_point(self.character)

    @property
    def name(self) -> str:
        """Its Unicode name, or what else it is."""
        return character_name(self.character)


@dataclass(frozen=True, slots=True)
class TokenPart:
    """A token that shares a character, with the bytes (offsets in the text) of the whole token."""

    index: int
    """-1 if it is not known yet."""
    token_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SharedCharacter:
    """A character, as people see it, that several tokens share: bytes ``start`` to ``end`` of the text."""

    text: str
    start: int
    end: int
    parts: tuple[TokenPart, ...]
    notation: str
    """Its bytes with the true boundaries: ``E2 9C·93`` where the first two belong to one token."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A character that the tokenizer's normalization reads as something else."""

    before: str
    after: str
    form: str
    """``NFC`` or ``NFKC``."""


@dataclass(frozen=True, slots=True)
class TokenDetails:
    """One token in its text. All offsets count from 0; ``start`` and ``end`` are bytes."""

    index: int
    """-1 while the tokens before it are not all known."""
    token_id: int
    id_word: str
    """What the number is to be called; see ``TokenizerInfo``."""
    start: int
    end: int
    text: bytes
    """What of the text it covers; empty for a token that the model adds."""
    character_start: int
    character_end: int
    """In code points: it holds bytes of those from ``character_start`` to ``character_end`` (excluded)."""
    code_points: tuple[CodePoints, ...]
    """Of the characters that it covers whole."""
    shared: tuple[SharedCharacter, ...]
    fact: TokenFact | None
    """None while the vocabulary has not been asked yet."""
    rewritten: tuple[Rewriting, ...]
    notes: tuple[str, ...]
    """Sentences about what else differs between the token and the text it covers."""

    @property
    def special(self) -> bool:
        """Whether it is a special token."""
        return self.fact is not None and bool(self.fact.special)

    @property
    def hex(self) -> str:
        """The bytes of the text it covers."""
        data = self.text
        return hex_bytes(data[:_MOST_BYTES]) + (" …" if len(data) > _MOST_BYTES else "")

    @property
    def spelled(self) -> str:
        """The text it covers on one visible line; what the vocabulary has for a token without text."""
        if not self.text and self.fact and self.fact.data:
            return spelled(self.fact.data, 60)
        return spelled(self.text, 60)

    @property
    def line(self) -> str:
        """All that matters on one line."""
        index = _("index {index}", index=grouped(self.index)) if self.index >= 0 else _("index not known yet")
        parts = [self.spelled, _("id {id}", id=self.token_id), index]
        if self.special:
            parts.append(pgettext("token", "special"))
        if self.fact and self.fact.rank_text:
            parts.append(self.fact.rank_text)
        if self.text:
            size = len(self.text)
            parts.append(self.hex if size <= 16 else ngettext("{n} byte", "{n} bytes", size, n=size))
            parts.append(_("bytes {places}", places=unit_range(self.start, self.end)))
            places = unit_range(self.character_start, self.character_end)
            parts.append(_("characters {places}", places=places))
        else:
            parts.append(_("no byte of the text, at byte {offset}", offset=grouped(self.start)))
        parts += [
            # Translators: of a token: one character is read as another.
            _("reads {written} as {read}", written=item.before, read=spelled(item.after.encode(), 20))
            for item in self.rewritten
        ]
        # Translators: of a token: it has a part of a character; {bytes} shows which.
        parts += [
            _("shares {character} ({bytes})", character=item.text, bytes=item.notation)
            for item in self.shared
        ]
        return "   ".join(parts)


def token_details(
    text: Text,
    tokens: TokenList,
    place: tuple[int, int, int],
    info: TokenizerInfo,
    fact: Callable[[int], TokenFact | None],
    characters_before: Callable[[int], int],
) -> TokenDetails | None:
    """The details of the token at ``place``: its index (-1: not known), start and end. None if it is not
    there (any more), or not known yet.

    ``fact`` gives what is known of an id; ``characters_before`` how many code points begin before an offset.
    """
    located = _locate(tokens, *place)
    if located is None:
        return None
    index, token_id, start, end = located
    covered = bytes(text[start:end])
    known = fact(token_id)
    changed = known is not None and known.data is not None and known.data != covered and bool(covered)
    first = end if start == end else character_start(text, start)
    return TokenDetails(
        index=index,
        token_id=token_id,
        id_word=info.id_word,
        start=start,
        end=end,
        text=covered,
        character_start=characters_before(first),
        character_end=characters_before(end),
        code_points=tuple(islice(_whole_code_points(covered), _MOST_CODE_POINTS)),
        shared=tuple(_shared(text, tokens, start, end)),
        fact=known,
        rewritten=tuple(_rewritten(text, start, end, info)) if changed else (),
        notes=tuple(_notes(known, covered, start, info)) if known and changed else (),
    )


def boundary_notation(data: bytes, start: int, cuts: list[int]) -> str:
    """``data``, the text from byte ``start`` on, as hex with ``·`` at each of ``cuts`` (text offsets)."""
    inner = sorted({cut - start for cut in cuts if 0 < cut - start < len(data)})
    edges = [0, *inner, len(data)]
    return "·".join(hex_bytes(data[a:b]) for a, b in pairwise(edges))


def _locate(tokens: TokenList, index: int, start: int, end: int) -> tuple[int, int, int, int] | None:
    if index >= 0:
        found = tokens.token(index)
        return (index, *found) if found else None
    run = tokens.tokens_in(start, max(end, start + 1))
    for at in range(len(run)):
        if (int(run.starts[at]), int(run.ends[at])) == (start, end) and not run.stale[at]:
            return (
                run.first_index + at if run.first_index >= 0 else -1,
                int(run.ids[at]),
                start,
                end,
            )
    return None


def _whole_code_points(data: bytes) -> Iterator[CodePoints]:
    low = 0
    while low < len(data) and data[low] & 0xC0 == 0x80:
        low += 1
    for character, group in groupby(data[low:].decode("utf-8", "ignore")):
        yield CodePoints(character, sum(1 for _ in group))


def _shared(text: Text, tokens: TokenList, start: int, end: int) -> Iterator[SharedCharacter]:
    """The characters at the token's two edges that it shares with others."""
    if start == end:
        return
    for low, high, cluster in _clusters(text, start, end):
        if (low < start < high) or (low < end < high):
            run = tokens.tokens_in(low, high)
            data = bytes(text[low:high])
            yield SharedCharacter(
                cluster, low, high, tuple(_parts(run)), boundary_notation(data, low, run.ends.tolist())
            )


def _parts(run: TokenRun) -> Iterator[TokenPart]:
    for at in range(len(run)):
        index = run.first_index + at if run.first_index >= 0 else -1
        yield TokenPart(index, int(run.ids[at]), int(run.starts[at]), int(run.ends[at]))


def _clusters(text: Text, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of each character as people see it around and in the token."""
    for low, high in pairwise(grapheme_bounds(text, start, end)):
        if high > start and low < end:
            yield low, high, bytes(text[low:high]).decode()


def _rewritten(text: Text, start: int, end: int, info: TokenizerInfo) -> Iterator[Rewriting]:
    if not info.normalization:
        return
    for _low, _high, cluster in _clusters(text, start, end):
        after = unicodedata.normalize(info.normalization, cluster)
        if after != cluster:
            yield Rewriting(cluster, after, info.normalization)


def _notes(fact: TokenFact, covered: bytes, start: int, info: TokenizerInfo) -> Iterator[str]:
    """Why the vocabulary's bytes are not those of the text, where no normalization is the reason."""
    data = fact.data or b""
    if info.prefix and start == 0 and data == info.prefix.encode() + covered:
        yield _(
            "The tokenizer puts a space before every text; this token holds it, though the text does not."
        )
    elif info.space and "▁".encode() in covered:
        yield _("This vocabulary writes a space as ▁ (U+2581) and cannot tell the text's ▁ from a space.")


def bytes_at(start: int, end: int) -> str:
    """``byte 10``, or ``bytes 10–13``."""
    return ngettext("byte {places}", "bytes {places}", max(end - start, 1), places=unit_range(start, end))


def characters_at(start: int, end: int) -> str:
    """``character 10``, or ``characters 10–13``."""
    many = max(end - start, 1)
    return ngettext("character {places}", "characters {places}", many, places=unit_range(start, end))


def ids_of(id_word: str, ids: str) -> str:
    """``ids 4 · 5``; see ``TokenizerInfo.id_word``."""
    return _("pieces {ids}", ids=ids) if id_word == "piece" else _("ids {ids}", ids=ids)


def unit_range(start: int, end: int) -> str:
    """``10`` for one unit, ``10–13`` for several: the first and the last."""
    return grouped(start) if end - start <= 1 else f"{grouped(start)}–{grouped(end - 1)}"
