"""Other answers to hold ours against: ctok's, and those of the maker, where they are to be had.

``TOKVIZ_CTOK`` names a folder with the unpacked wheel of ctok 1.3.0. (pip refuses it below Python 3.12, its
files run: ``pip download --no-deps --python-version 3.12 --only-binary=:all: ctok==1.3.0``.)
``TOKVIZ_CLAUDE_COUNTS`` names a ``counts.jsonl.gz`` of texts with the maker's counts, one object a line:
``id``, ``text``, and three counts. Without it, ``shared/claude/counts.jsonl.gz`` beside the project is taken.
"""

import gzip
import json
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from tokviz.assets import Assets
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES

FIXTURE = Path(__file__).with_name("counts.json")
"""``[[text, count under v3, v4.7, v4.8], ...]`` as ctok counts, written by ``record.py``."""
RECORDED = 2_242
"""Texts whose counts by the maker were recorded; ``Provenance.RECONSTRUCTED`` tells the number."""
_BESIDE = Path(__file__).parents[4] / "shared" / "claude" / "counts.jsonl.gz"
VERSIONS = {"v3": "3.0", "v4.7": "4.7", "v4.8": "4.8"}
"""How ctok calls the families that it knows."""


@cache
def counter(family: str) -> ClaudeCounter:
    """Ours, one for all tests."""
    return ClaudeCounter(Assets(), FAMILIES[family])


def has_ctok() -> bool:
    """Whether ctok is there to be asked."""
    return "TOKVIZ_CTOK" in os.environ


@cache
def ctok(family: str) -> Callable[[str], int]:
    """ctok's count of a text, less the frame's tokens; 0 for an empty text."""
    if os.environ["TOKVIZ_CTOK"] not in sys.path:
        sys.path.append(os.environ["TOKVIZ_CTOK"])
    from ctok import token_count  # type: ignore[import-not-found]

    version, frame = VERSIONS[family], FAMILIES[family].frame_tokens
    return lambda text: int(token_count(text, version)) - frame if text else 0


def recorded() -> Mapping[str, tuple[str, Mapping[str, int]]] | None:
    """The maker's counts by the text's id; None where there are none."""
    path = Path(os.environ.get("TOKVIZ_CLAUDE_COUNTS") or _BESIDE)
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    families = {"v3": "v3", "v4.7": "v4.7", "opus-5": "v5"}
    return {row["id"]: (row["text"], {name: row[key] for name, key in families.items()}) for row in rows}
