"""Running the command line in this process."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tokviz.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str


Runner = Callable[..., Outcome]


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
