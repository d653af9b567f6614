"""What a count depends on beside the text: the tokenizer's data, and the code that reads and counts."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from blake3 import blake3
from msgspec.structs import asdict

from tokviz.tokenization.tokenizer_info import TokenizerInfo

_PACKAGE = Path(__file__).resolve().parents[1]
_CODE = ("documents", "tokenization", "count_cache", "analysis/count_plan.py", "analysis/codebase/scan.py")
_MORE_CODE = ("analysis/codebase/generated.py", "analysis/codebase/shortened_counts.py", "tokens.py")
"""What has a part in the figures of a file; from the package's folder."""
LIBRARIES = (
    *("gigatoken", "tiktoken", "tokenizers", "sentencepiece", "regex", "chardet", "numpy", "pygments"),
    *("pypdfium2", "python-calamine", "selectolax"),
)
"""Those that have. Not all of them need be there."""


def code_fingerprint() -> bytes:
    """Of everything that makes figures of a file's bytes: after any change to it another one, so that a
    mistake that was put right leaves no figures behind."""
    found = blake3(repr(sys.version_info).encode())  # Python normalizes by its own tables of Unicode
    for file in _code():
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    found.update("\n".join(_versions()).encode())
    return found.digest()


def _versions() -> Iterator[str]:
    """The libraries that are installed, with their versions; ``importlib.metadata`` takes 15 ms more."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 - of a path there would be an object for each
        except OSError:
            continue
        for name in sorted(names):
            library, _, kind = name.rpartition(".")
            if kind == "dist-info" and library.partition("-")[0].lower().replace("_", "-") in LIBRARIES:
                yield library


def _code() -> Iterator[Path]:
    """The files of code, or what they were built into."""
    places = [_PACKAGE / name for name in (*_CODE, *_MORE_CODE)]
    files = [file for place in places for file in (sorted(place.rglob("*.py")) or [place])]
    if all(file.is_file() for file in files):
        yield from files
    else:
        yield Path(sys.executable)


def tokenizer_fingerprint(info: TokenizerInfo, own_sha256: str = "") -> str:
    """Of a tokenizer's data; ``own_sha256`` is that of a user's file. Empty if nothing tells it from another
    of its name, whose counts then cannot be kept."""
    if not (info.sha256 or own_sha256):
        return ""
    facts = asdict(info)
    for words in ("file", "special_file", "merges_file", "display_name", "note"):
        del facts[words]
    return json.dumps([facts, own_sha256], default=str, sort_keys=True)
