"""Writing a SentencePiece vocabulary as pieces (see ``tokviz/tokenization/sentencepiece/vocabulary.py``)."""

import base64
import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from bpe_merges import Merge, happening_merges

from tokviz.tokenization.sentencepiece.vocabulary import Rewriting

_JOINED = frozenset({"AA", "OO", " A", " O", "nn", "On", " n"})
"""Neighbours that the pattern never parts, by kind: letters and marks, others, a space, line ends."""


@dataclass(frozen=True)
class PieceFiles:
    """A vocabulary as pieces."""

    ranks: bytes
    """The rank file."""
    merges: bytes
    """A ``.npy`` file (see SentencePieceVocabulary)."""
    crossing: Mapping[str, int]
    """The tokens that reach over a split, by text: their ranks."""
    reserved: Mapping[str, int]
    """The characters that stand for something else in a rewritten text: the ids of their own tokens."""


def piece_files(
    vocab: Mapping[str, int],
    normal: Iterable[str],
    ranks: Mapping[Merge, int],
    *,
    first_byte: int,
    runs_first: bool,
) -> PieceFiles:
    """The vocabulary as pieces.

    ``vocab``: the ids; ``normal``: the pieces that texts are merged into; ``ranks``: all published merges.
    """
    if [vocab[f"<0x{byte:02X}>"] for byte in range(256)] != list(range(first_byte, first_byte + 256)):
        raise ValueError("the byte tokens do not follow each other")
    rewriting = Rewriting(runs_first)
    made = happening_merges(normal, ranks)
    runs = [token for token in made if is_run(token, runs_first)]
    words = sorted((place(made[token], ranks), token) for token in made.keys() - runs)
    table = _Table(rewriting, vocab, first_byte)
    table.add_bytes()
    table.add_characters(token for token in vocab if len(token) == 1 and not token.isascii() and token != "▁")
    # However a run of up to 31 is merged, it ends as one token, so the order of their merges may change.
    for token in sorted(runs, key=len) if runs_first else ():
        table.add(token, made[token][-1], ranks)
    for _, token in words if runs_first else sorted((place(made[t], ranks), t) for t in made):
        table.add(token, made[token][-1], ranks)
    crossing = [token for (_, is_late, _), token in words if is_late or is_split(token, runs_first)]
    reserved = {byte.decode(): vocab.get(byte.decode(), first_byte + byte[0]) for byte in rewriting.reserved}
    return PieceFiles(table.rank_file(), table.merges(), table.ranks(crossing), reserved)


def is_run(token: str, runs_first: bool) -> bool:
    """Whether the token is white space of one kind."""
    return len(set(token)) == 1 and token[0] in ("▁\n\t" if runs_first else "▁")


def place(merges: list[Merge], ranks: Mapping[Merge, int]) -> tuple[int, bool, int]:
    """Where a token stands in the rank file: after every merge that it is built of.

    The second is true where its own merge goes before one of those, so that its place changes the order.
    """
    own = ranks[merges[-1]]
    latest = max(ranks[merge] for merge in merges)
    return latest, latest > own, own


def is_split(token: str, runs_first: bool) -> bool:
    """Whether the pattern may split the token's text."""
    kinds = [kind(character, runs_first) for character in token]
    if "▁" in token[1:]:
        return True
    return any(left + right not in _JOINED for left, right in pairwise(kinds))


def kind(character: str, runs_first: bool) -> str:
    """The kind of a character for the pattern, in a rewritten text."""
    if character == "▁":
        return " "
    if character in ("\t\n" if runs_first else "\r\n"):
        return "n"
    category = unicodedata.category(character)[0]
    if category in "LM":
        return "A"
    if category == "N":
        return "N"
    return "w" if character.isspace() and character != "\r" else "O"


class _Table:
    """Collects the ranks in order."""

    def __init__(self, rewriting: Rewriting, vocab: Mapping[str, int], first_byte: int) -> None:
        self._rewriting = rewriting
        self._vocab = vocab
        self._first_byte = first_byte
        self._written: dict[bytes, tuple[int, int, int]] = {}
        """Written token -> id, rank among the published merges, bytes of the left half; in rank order."""

    def add_bytes(self) -> None:
        """The 256 single bytes: what each stands for in a rewritten text."""
        for byte in range(256):
            written = bytes([byte])
            text = self._rewriting.original(written)
            if byte >= 0x80:
                entry = (self._first_byte + byte, 0, 0)
            elif self._rewriting.text(text) != written:
                entry = (-1, 0, 0)  # no text is written with it
            else:
                piece = text.decode().replace(" ", "▁")
                entry = (self._vocab.get(piece, self._first_byte + text[0]), 0, len(text) - 1)
            self._written[written] = entry

    def add_characters(self, characters: Iterable[str]) -> None:
        """The characters past ASCII: first what they begin with, which is no token."""
        encoded = sorted((character.encode(), character) for character in characters)
        starts = {data[:size] for data, _ in encoded for size in range(2, len(data))}
        for start in sorted(starts, key=lambda s: (len(s), s)):
            self._written[start] = (-1, 0, 0)
        for data, character in encoded:
            self._written[data] = (self._vocab[character], 0, 0)

    def add(self, token: str, merge: Merge, ranks: Mapping[Merge, int]) -> None:
        """A token that merges build."""
        written = self._rewriting.text(token.replace("▁", " ").encode())
        entry = (self._vocab[token], ranks[merge], len(merge[0].replace("▁", " ").encode()))
        if self._rewriting.original(written) != token.replace("▁", " ").encode():
            raise ValueError(f"{token!r} cannot be rewritten")
        self._written[written] = entry

    def ranks(self, tokens: Iterable[str]) -> dict[str, int]:
        """The ranks of tokens that were added, by text."""
        rank_of = {written: rank for rank, written in enumerate(self._written)}
        texts = (token.replace("▁", " ") for token in tokens)
        return {text: rank_of[self._rewriting.text(text.encode())] for text in texts}

    def rank_file(self) -> bytes:
        """tiktoken's format."""
        return b"".join(b"%s %d\n" % (base64.b64encode(t), i) for i, t in enumerate(self._written))

    def merges(self) -> bytes:
        """``int32[3, ranks]`` as a .npy file of ``uint8[3, 4, ranks]``, the lowest bytes first: zip packs
        equal bytes of neighbours to two thirds of what it makes of numbers."""
        columns = np.array(list(self._written.values()), np.int64).T
        columns[:2] = np.diff(columns[:2], axis=1, prepend=0)
        numbers = np.ascontiguousarray(columns.astype("<i4"))
        file = io.BytesIO()
        np.save(file, numbers.view(np.uint8).reshape(3, -1, 4).transpose(0, 2, 1).copy())
        return file.getvalue()
