"""Counts kept from one run to the next, by the bytes that were counted.

A file is known again by a keyed hash of its bytes and of how they are read, never by its path or time: what
is found was counted on the same bytes, by the same tokenizer, with the same code. Nothing of the text is
kept, and without the secret that lies beside it nobody can tell which files a cache has seen.

BLAKE3 hashes the 1.3 GB of Linux in 0.5 s of processor time; SHA-256 takes 1.1 s, BLAKE2b 2.2 s.
"""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from tokviz.count_cache.hashing import DIGEST, HashingProcess
from tokviz.count_cache.store import MOST_BYTES, NumberStore, Words
from tokviz.documents.decoding import PLAIN_UTF8, TextFile
from tokviz.documents.reading import ReadError, read_bytes
from tokviz.language import ENGLISH, language

_OWN_LOG = np.array([0x00FF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFFF], np.uint64)
"""What is added to a file's key leaves its first bits alone, so that all of a file stands in one log."""
_BITS = 28
_MOST = 1 << _BITS
"""Characters and lines of the largest text whose figures are kept."""
_ABOUT, _BINARY = 2, 3
"""In the place of an encoding of ``PLAIN_UTF8``: more is said of the text; it is none."""
_MOST_ABOUT = 1 << 20
_SIZES = ("bytes", "characters", "lines")


class Facts(NamedTuple):
    """What is known of a file that is text."""

    file: TextFile
    """Without its text."""
    characters: int
    lines: int
    generated: bool


class Binary(NamedTuple):
    """What is known of a file that is none."""

    reason: str


class Recalled(NamedTuple):
    """What is kept of some files."""

    plain: NDArray[np.int64]
    """Which are just UTF-8: their place in ``PLAIN_UTF8``; -1: they are not, or nothing is kept."""
    sizes: NDArray[np.int64]
    """Characters and lines of those: ``int64[files, 2]``."""
    generated: NDArray[np.bool_]
    """Which of those say that a program wrote them."""
    others: dict[int, "Facts | Binary"]
    """What is kept of others, by row."""
    counts: NDArray[np.int64]
    """``int64[files, columns]``; -1: not kept."""

    def facts(self, row: int) -> "Facts | None":
        """What is known of the text of one file; None if nothing is, or it is none."""
        kind = int(self.plain[row])
        if kind < 0:
            other = self.others.get(row)
            return other if isinstance(other, Facts) else None
        characters, lines = self.sizes[row].tolist()
        return Facts(TextFile(b"", PLAIN_UTF8[kind]), characters, lines, bool(self.generated[row]))


class CountCache:
    """Counts of files, and what else their bytes tell, in a folder of the user's."""

    def __init__(
        self,
        folder: Path,
        code: bytes,
        fingerprint: Callable[[str], str],
        most: int = MOST_BYTES,
    ) -> None:
        """``code``: see ``code_fingerprint``; ``fingerprint``: of a column's tokenizer, empty if its counts
        cannot be kept; ``most``: bytes."""
        self.folder = folder
        self._store = NumberStore(folder, most)
        self._fingerprint = fingerprint
        self._hash = blake3(key=self._store.secret)
        self._code = code
        self._added: dict[str, Words] = {}
        self._told: dict[bytes, bytes] | None = None
        self._new_told: dict[bytes, bytes] = {}
        self._asked = self._known = 0

    def hashing_process(self) -> HashingProcess:
        """A process that makes ``digest`` of files."""
        return HashingProcess(self._store.secret, self.digest)

    # -- keys ------------------------------------------------------------------------------------------

    def digest(self, content: bytes) -> bytes:
        """The keyed hash of what a file holds."""
        found = self.hashing()
        found.update(content)
        return self.digest_of(found)

    def hashing(self) -> blake3:
        """For what comes block by block: to be updated, and then given to ``digest_of``."""
        return self._hash.copy()

    def digest_of(self, hashing: blake3) -> bytes:
        """``digest`` of what ``hashing`` was updated with."""
        return hashing.digest(length=DIGEST)

    def keys(self, digests: Sequence[bytes], ways: Sequence[str]) -> Words:
        """The keys of files by their digests and the ways in which they are read: ``uint64[n, 2]``."""
        keys: Words = np.frombuffer(b"".join(digests), "<u8").reshape(-1, 2).astype(np.uint64)
        numbers = {way: number for number, way in enumerate(dict.fromkeys(ways))}
        added = np.array([self._key(f"read {way}") for way in numbers], np.uint64).reshape(-1, 2)  # verbatim
        keys ^= added[[numbers[way] for way in ways]]
        return keys

    def _key(self, what: str) -> Words:
        """What is added to a file's key for one thing that is kept of it."""
        if what not in self._added:
            digest = self.digest(b"\0tokviz\0" + self._code + what.encode("utf-8", "surrogatepass"))
            self._added[what] = np.frombuffer(digest, "<u8").astype(np.uint64) & _OWN_LOG
        return self._added[what]

    def _column(self, name: str) -> Words | None:
        fingerprint = self._fingerprint(name)
        return self._key(f"tokens {fingerprint}") if fingerprint else None  # verbatim

    # -- recalling -------------------------------------------------------------------------------------

    def recall(self, keys: Words, columns: Sequence[str]) -> Recalled:
        """What is kept of files by their ``keys``, with the tokens by each of ``columns``."""
        added = {name: key for name in columns if (key := self._column(name)) is not None}
        wanted = np.stack([self._key("facts"), *added.values()])
        flat, known = self._store.find((keys[:, None] ^ wanted).reshape(-1, 2))
        shape = len(keys), len(wanted)
        values, found = flat.reshape(shape), known.reshape(shape)
        counts = np.full((len(keys), len(columns)), -1, np.int64)
        for number, name in enumerate(added, 1):
            kept = np.where(found[:, number], values[:, number].astype(np.int64), -1)
            counts[:, columns.index(name)] = kept
        self._asked += len(keys)
        self._known += int(np.all(counts >= 0, axis=1).sum())
        packed, kinds = values[:, 0].astype(np.int64), np.where(found[:, 0], _kinds(values[:, 0]), -1)
        sizes = np.stack([packed & (_MOST - 1), packed >> _BITS & (_MOST - 1)], axis=1)
        told = np.flatnonzero(kinds >= len(PLAIN_UTF8))
        return Recalled(
            np.where(kinds < len(PLAIN_UTF8), kinds, -1),
            sizes,
            (packed >> 2 * _BITS & 1).astype(np.bool_),
            self._others(keys[told], packed[told].tolist(), told.tolist()) if len(told) else {},
            counts,
        )

    @property
    def knows_most(self) -> bool:
        """Whether all counts were kept of more than half of the files that it was asked for so far."""
        return 2 * self._known > self._asked

    def _others(self, keys: Words, values: Sequence[int], rows: Sequence[int]) -> dict[int, Facts | Binary]:
        """The facts of files of which more is said than that they are UTF-8."""
        others: dict[int, Facts | Binary] = {}
        about, has_about = self._store.find(keys ^ self._about)
        amounts, has_amounts = self._store.find(keys ^ self._key("amounts"))
        for at, row in enumerate(rows):
            line = self._line(int(about[at]).to_bytes(8, "little")) if has_about[at] else None
            if line is None or not has_amounts[at]:
                continue
            with contextlib.suppress(msgspec.MsgspecError):
                if values[at] >> (2 * _BITS + 1) == _BINARY:
                    others[row] = Binary(msgspec.json.decode(line, type=str))
                else:
                    file = msgspec.json.decode(line, type=TextFile)
                    before, replaced = divmod(int(amounts[at]), 1 << 32)
                    others[row] = _with(values[at], file._replace(replaced=replaced, size_before=before))
        return others

    # -- keeping ---------------------------------------------------------------------------------------

    def keep_facts(self, keys: Words, facts: Sequence[Facts | Binary]) -> None:
        """Keep what was found out about files."""
        chosen = [
            row
            for row, known in enumerate(facts)
            if isinstance(known, Binary) or max(known.characters, known.lines, known.file.size_before) < _MOST
        ]
        packed = [_packed(facts[row]) for row in chosen]
        self._store.add(keys[chosen] ^ self._key("facts"), np.array(packed, np.uint64))
        told = [row for row in chosen if not _is_plain(facts[row])]
        if told:
            about = [int.from_bytes(self._tell(facts[row]), "little") for row in told]
            amounts = [_amounts(facts[row]) for row in told]
            self._store.add(keys[told] ^ self._about, np.array(about, np.uint64))
            self._store.add(keys[told] ^ self._key("amounts"), np.array(amounts, np.uint64))

    def keep_counts(self, keys: Words, column: str, counts: NDArray[np.int64]) -> None:
        """Keep the tokens of files by the tokenizer of one column."""
        added = self._column(column)
        if added is not None and len(keys):
            self._store.add(keys ^ added, counts.astype(np.uint64))

    def recall_numbers(self, keys: Words, names: Sequence[str]) -> NDArray[np.int64]:
        """Numbers kept by ``keep_numbers``: ``int64[keys, names]``; -1: not kept."""
        wanted = [
            (number, key) for number, name in enumerate(names) if (key := self._number(name)) is not None
        ]
        numbers = np.full((len(keys), len(names)), -1, np.int64)
        for number, key in wanted:
            values, found = self._store.find(keys ^ key)
            numbers[found, number] = values[found].astype(np.int64)
        return numbers

    def keep_numbers(self, keys: Words, name: str, numbers: NDArray[np.int64]) -> None:
        """Keep one number of each file: its tokens by the tokenizer ``name``, or one of ``SIZE_COLUMNS``."""
        added = self._number(name)
        if added is not None and len(keys):
            self._store.add(keys ^ added, numbers.astype(np.uint64))

    def recall_words(self, keys: Words, what: str) -> tuple[Words, NDArray[np.bool_]]:
        """What ``keep_words`` kept of files: ``uint64[n]``, and whether it did: ``bool[n]``."""
        return self._store.find(keys ^ self.word_key(what))

    def keep_words(self, keys: Words, what: str, words: Words) -> None:
        """Keep 64 bits of each file, by what they say."""
        self._store.add(keys ^ self.word_key(what), words)

    def word_key(self, what: str) -> Words:
        """What is added to a file's key for ``what``: ``uint64[2]``."""
        return self._key(f"word {what}")  # verbatim

    def recall_reasons(self, keys: Words) -> list[str | None]:
        """The sentences that ``keep_reasons`` kept of files; None where there is none."""
        values, found = self._store.find(keys ^ self._about)
        lines = [self._line(int(value).to_bytes(8, "little")) for value in values]
        return [
            msgspec.json.decode(line, type=str) if known and line else None
            for line, known in zip(lines, found, strict=True)
        ]

    def keep_reasons(self, keys: Words, reasons: Sequence[str]) -> None:
        """Keep a sentence for each file, one of few."""
        words = [int.from_bytes(self._tell(Binary(reason)), "little") for reason in reasons]
        self._store.add(keys ^ self._about, np.array(words, np.uint64))

    def _number(self, name: str) -> Words | None:
        return self._key(f"size {name}") if name in _SIZES else self._column(name)  # verbatim

    def flush(self) -> None:
        """Write what waits."""
        self._store.flush()
        if self._new_told:
            lines = b"".join(b"\n" + line for line in self._new_told.values())
            self._new_told.clear()
            self._store.append_to("about", lines, _MOST_ABOUT)

    def size(self) -> int:
        """Bytes on the disk."""
        return self._store.size()

    # -- what is said of files in words: few sentences, and the same ones again and again ---------------

    @property
    def _about(self) -> Words:
        """What is added to a file's key for the words, which are of one language."""
        return self._key("about" if language() == ENGLISH else f"about {language()}")  # verbatim

    def _line(self, name: bytes) -> bytes | None:
        if self._told is None:
            self._told = {}
            with contextlib.suppress(ReadError):
                data = read_bytes(self.folder / "about", follow=False, limit=2 * _MOST_ABOUT)
                self._told = {self.digest(line)[:8]: line for line in data.split(b"\n")}
        return self._told.get(name)

    def _tell(self, known: Facts | Binary) -> bytes:
        if isinstance(known, Binary):
            line = msgspec.json.encode(known.reason)
        else:
            line = msgspec.json.encode(known.file._replace(text=b"", replaced=0, size_before=0))
        name = self.digest(line)[:8]
        if self._line(name) is None:
            assert self._told is not None
            self._told[name] = self._new_told[name] = line
        return name


def _is_plain(known: Facts | Binary) -> bool:
    return isinstance(known, Facts) and known.file.plain


def _packed(known: Facts | Binary) -> int:
    if isinstance(known, Binary):
        return _BINARY << (2 * _BITS + 1)
    kind = PLAIN_UTF8.index(known.file.encoding) if _is_plain(known) else _ABOUT
    return known.characters | known.lines << _BITS | known.generated << 2 * _BITS | kind << (2 * _BITS + 1)


def _kinds(values: Words) -> NDArray[np.int64]:
    return (values >> np.uint64(2 * _BITS + 1)).astype(np.int64)


def _with(value: int, file: TextFile) -> Facts:
    return Facts(file, value & (_MOST - 1), value >> _BITS & (_MOST - 1), bool(value >> 2 * _BITS & 1))


def _amounts(known: Facts | Binary) -> int:
    return 0 if isinstance(known, Binary) else known.file.size_before << 32 | known.file.replaced
