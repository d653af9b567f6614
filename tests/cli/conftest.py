"""Running the command line in this process."""

import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tokviz.cli import run
from tokviz.tokenization.registry import ENGINES, Registry
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer
from tokviz.tokenization.tokenizer_info import TokenizerInfo


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str


Runner = Callable[..., Outcome]


@pytest.fixture(scope="package")
def loaded() -> Iterator[dict[tuple[Path, str, SpecialTokens], Tokenizer]]:
    """The bundled tokenizers that commands have loaded: each command is a program of its own and would load
    them again, which takes seconds."""
    found: dict[tuple[Path, str, SpecialTokens], Tokenizer] = {}
    yield found
    found.clear()


@pytest.fixture(autouse=True)
def _load_once(
    monkeypatch: pytest.MonkeyPatch, loaded: dict[tuple[Path, str, SpecialTokens], Tokenizer]
) -> None:
    load = Registry._load

    def load_once(registry: Registry, info: TokenizerInfo, special: SpecialTokens) -> Tokenizer:
        if info.name in registry._own or registry._engine_names != tuple(ENGINES):
            return load(registry, info, special)
        key = (info.file, info.name, special)
        if key not in loaded:
            loaded[key] = load(registry, info, special)
        return loaded[key]

    monkeypatch.setattr(Registry, "_load", load_once)


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Runner:
    """Runs ``tokviz ARGUMENTS`` with ``piped`` as standard input, in a terminal 100 columns wide.

    Whoever runs it has no settings, no data and no cache of their own.
    """
    monkeypatch.setenv("COLUMNS", "100")
    # One process: others would load for themselves.
    monkeypatch.setattr("tokviz.cli.process_shards.usable_processors", lambda: 1)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))

    def runner(*arguments: str, piped: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped)))
        code = run(list(arguments))
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return runner
