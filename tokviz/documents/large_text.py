"""A text too large to hold: its encoding found in one reading, its parts taken in a second.

What is found is what ``decode_bytes`` finds, but for one thing: where the encoding is a guess, it is made of
the blocks that tell the most.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tokviz.documents.decoding import (
    FOUND_OUT,
    HEAD,
    PLAIN_UTF8,
    SWITCHES,
    Basis,
    ReadOptions,
    TextFile,
    count_damage,
    decode_block,
    decode_bytes,
)
from tokviz.documents.encodings import UTF8, Encoding, find_encoding
from tokviz.documents.wide import marked
from tokviz.language import ngettext

BLOCK = 1 << 20
"""Bytes read at once: a multiple of four, so that no character of UTF-16 or UTF-32 is cut."""
_JUDGED = (Basis.VALID, Basis.DECLARED, Basis.GUESSED, Basis.UNSURE, Basis.GIVEN)
"""What damaged UTF-8 comes before."""
_LONGEST_SWITCH = 3
_LONGEST_CHARACTER = 4

Blocks = Callable[[], Iterator[bytes]]
"""Reads the bytes from the beginning, block by block."""


class UnsplittableError(Exception):
    """So many bytes hold no place where a text may be split; ``str()`` says so in a few words."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text, from one split point to the next."""

    text: bytes
    """Valid UTF-8."""
    size: int
    """The file's own bytes that were read for it: those of all parts add up to the file's."""
    replaced: int
    """How many U+FFFD stand for bytes that could not be decoded."""
    opens: bool
    """It begins the text."""
    ends: bool
    """It ends the text."""


@dataclass(frozen=True, slots=True)
class Splitting:
    """How a large text is to be split."""

    size: int
    """About how many bytes a part has."""
    most: int
    """How many it may have at most, where there is no place to split it."""
    last_split: Callable[[bytes, int], int]
    """The last split point in a text at or after an offset; -1 if there is none."""


class LargeText:
    """A text in parts. ``NotTextError`` if it is binary."""

    def __init__(self, blocks: Blocks, options: ReadOptions = FOUND_OUT) -> None:
        """Read the text through once, unless its first block says all."""
        self._blocks = blocks
        self.file = _examined(blocks, options)._replace(text=b"", replaced=0)
        """What is known of the file; without its text, and without what could not be decoded."""

    def parts(self, splitting: Splitting) -> Iterator[TextPart]:
        """The text's parts in order; UnsplittableError where one of them would be too large."""
        waiting, taken, replaced, opens, searched = b"", 0, 0, True, 1
        for text, read, bad in self._decoded():
            waiting, taken, replaced = waiting + text, taken + read, replaced + bad
            if len(waiting) < splitting.size:
                continue
            end = splitting.last_split(waiting, searched)
            if end > 0:
                yield TextPart(waiting[:end], taken, replaced, opens, False)
                waiting, taken, replaced, opens = waiting[end:], 0, 0, False
            elif len(waiting) > splitting.most:
                raise UnsplittableError(
                    ngettext(
                        "{n} bytes of it have no place to split it at",
                        "{n} bytes of it have no place to split it at",
                        splitting.most,
                    )
                )
            searched = max(1, len(waiting) - _LONGEST_CHARACTER) if end < 0 else 1
        yield TextPart(waiting, taken, replaced, opens, True)

    def _decoded(self) -> Iterator[tuple[bytes, int, int]]:
        """Text, the bytes that were read for it, and how many of its U+FFFD stand for bytes."""
        if self.file.encoding in PLAIN_UTF8:
            for block in _whole_characters(self._blocks()):
                text, replaced = decode_block(block, UTF8)
                yield text, len(block), replaced
            return
        encoding = find_encoding(self.file.encoding)
        decoder = codecs.getincrementaldecoder(encoding.codec)("strict")
        blocks = self._blocks()
        first = next(blocks, b"")
        mark = _mark_length(first, encoding)
        text, replaced = decode_block(first[mark:], encoding, decoder)
        yield text, len(first), replaced
        for block in blocks:
            text, replaced = decode_block(block, encoding, decoder)
            yield text, len(block), replaced
        text, replaced = decode_block(b"", encoding, decoder, final=True)
        yield text, 0, replaced


def _mark_length(first: bytes, encoding: Encoding) -> int:
    mark = marked(first, HEAD) if encoding.wide else None
    return mark[1] if mark and mark[0] == encoding else 0


def _examined(blocks: Blocks, options: ReadOptions) -> TextFile:
    """What ``decode_bytes`` would find."""
    first = next(blocks(), b"")
    found = decode_bytes(first, options)  # binary data ends it here
    if found.encoding not in PLAIN_UTF8 and find_encoding(found.encoding).wide:
        return found
    telling: dict[str, bytes] = {}
    """The first block that is not UTF-8, that holds a NUL, that switches to Japanese; and the last one."""
    replaced = intact = 0
    before = b""
    for block in _whole_characters(blocks()):
        bad, good = (0, 0) if block.isascii() else count_damage(block)
        replaced, intact = replaced + bad, intact + good
        if bad:
            telling.setdefault("damage", block)
        if b"\0" in block:
            telling.setdefault("nul", block)
        if b"\x1b" in block and any(switch in before + block for switch in SWITCHES):
            telling.setdefault("switch", before + block)
        before = block[-_LONGEST_SWITCH:]
        telling["last"] = block
    sample = b"".join(dict.fromkeys((first, *telling.values())))
    found = decode_bytes(sample, options)
    given = options.forced and options.encoding
    if replaced and not given and found.basis in _JUDGED and intact and intact >= replaced:
        return TextFile(b"", UTF8.shown)
    return found


def _whole_characters(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in blocks that end at no place inside a character of UTF-8, the last one excepted."""
    rest = b""
    for block in blocks:
        data = rest + block if rest else block
        end = _end_of_characters(data)
        rest = data[end:]
        if end:
            yield data[:end]
    if rest:
        yield rest


def _end_of_characters(data: bytes) -> int:
    """Where the last character begins, if it lacks bytes; else the end."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if back < length else len(data)
        if byte < 0x80:
            break
    return len(data)
