"""The hostile tree, made once, and what must hold of every command on it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, command
from tests.hostile.tree import make_tree

__all__ = ["command"]

EFFORT = int(os.environ.get("TOKVIZ_EFFORT", "1"))
"""How many times more examples than in continuous integration are tried."""
_OBEYED = {chr(code) for code in (*range(9), *range(11, 32), *range(0x7F, 0xA0))} | set(
    "\u200e\u200f\u061c\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
CODES = {
    "count": {0, 1, 2, 3, 4},
    "chat": {0, 1, 2, 3},
    "compare": {0, 1, 2},
    "cost": {0, 1, 2},
    "tokens": {0, 1, 2},
    "cut": {0, 1, 2},
    "split": {0, 1, 2},
    "models": {0, 1, 2},
    "tokenizers": {0, 1, 2},
}
"""The exit codes that are documented: done; an input failed; asked for wrongly; too large; a secret."""


@pytest.fixture(scope="package")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = make_tree(tmp_path_factory.mktemp("hostile") / "tree")
    yield root
    # So that pytest can clear up as any user.
    for name in ("unreadable.txt", "write only.txt"):
        (root / "special" / name).chmod(0o600)


def check(name: str, outcome: Outcome, raw: bool = False) -> None:
    """What holds of every run of the command ``name``. ``raw``: its output is a text as it is."""
    said = f"exit {outcome.code}\n{outcome.err[-2000:]}"
    assert outcome.code in CODES[name], said
    assert "Traceback" not in outcome.err, said
    assert "please report" not in outcome.err, said
    assert not set(outcome.err) & _OBEYED, said
    assert raw or not set(outcome.out) & _OBEYED
    assert outcome.code in (0, 3, 4) or outcome.err.strip(), "it failed without a word"
