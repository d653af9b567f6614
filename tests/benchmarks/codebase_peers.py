"""``tokviz count`` against programs that do the same, on the same folder, start to exit.

They are looked for on PATH and in the folders that ``TOKVIZ_PEERS`` names (as PATH does); what is not there
is named and not measured. tokviz counts with o200k_base, as they do by default or are told to. Those that
use tiktoken find its vocabularies by ``TIKTOKEN_CACHE_DIR``, or they would need the network.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import corpora
from tests.benchmarks.codebase import same_tokens, start_to_exit
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed

ROUNDS = 3
TIMES_AS_FAST = {
    "repomix, first run": 4,
    "repomix, from its cache": 4,
    "code2prompt": 5,
    "gitingest": 10,
    "files-to-prompt into ttok": 2,
}
"""On Django's source, at least; the README says so."""


def _where() -> str:
    return os.pathsep.join([os.environ.get("TOKVIZ_PEERS", ""), os.environ.get("PATH", "")])


def _run(command: Sequence[str], scratch: Path, home: Path) -> float:
    """Seconds of a command in a folder of its own, with ``home`` for whatever it keeps between runs."""
    environment = {**os.environ, "PATH": _where(), "HOME": str(home), "TMPDIR": str(home)}
    environment |= {"XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config")}
    return timed(
        lambda: subprocess.run(
            command,
            cwd=scratch,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )


def _cold(command: Sequence[str]) -> float:
    """Its first run on a machine: whatever it keeps is not there yet."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(command, Path(folder), Path(folder))


def _compare(name: str, tree: Path, command: Sequence[str], limit: float, run: Callable[[], float]) -> Result:
    if shutil.which(command[0], path=_where()) is None:
        return Missing(name, f"{command[0]} is not installed")
    try:
        subject, peer = interleave(
            partial(start_to_exit, str(tree), "--tokenizer", "o200k_base"), run, rounds=ROUNDS
        )
    except subprocess.CalledProcessError as error:
        return Missing(name, f"{command[0]} ended with exit code {error.returncode}")
    return Row(f"{name} (s)", subject, peer, limit, at_least=True)


def _repomix(tree: Path, cold: float, cached: float | None) -> list[Result]:
    command = ["repomix", str(tree), "-o", "packed.xml", "--no-security-check"]
    results = [_compare(f"{tree.name}, against repomix cold", tree, command, cold, partial(_cold, command))]
    if cached is not None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            if shutil.which(command[0], path=_where()):
                _run(command, place, place)
            again = partial(_run, command, place, place)
            results.append(
                _compare(f"{tree.name}, against repomix from its cache", tree, command, cached, again)
            )
    return results


def _django() -> list[Result]:
    tree = corpora.django()
    if tree is None:
        return [Missing("codebase-django", corpora.how_to_get())]
    path = str(tree)
    least = TIMES_AS_FAST
    others: list[tuple[str, list[str]]] = [
        ("code2prompt", ["code2prompt", "--path", path, "--output", "packed.md", "--tokens"]),
        ("gitingest", ["gitingest", path, "-o", "packed.txt"]),
        ("files-to-prompt into ttok", ["sh", "-c", 'files-to-prompt "$0" | ttok -m gpt-4o', path]),
    ]
    results: list[Result] = [
        same_tokens(path),
        *_repomix(tree, least["repomix, first run"], least["repomix, from its cache"]),
    ]
    for name, command in others:
        needed = "ttok" if command[0] == "sh" else command[0]
        if shutil.which(needed, path=_where()) is None:
            results.append(Missing(f"django, against {name}", f"{needed} is not installed"))
            continue
        results.append(
            _compare(f"django, against {name}", tree, command, least[name], partial(_cold, command))
        )
    return results


def _linux() -> list[Result]:
    tree = corpora.linux_part(4_990)
    if tree is None:
        return [Missing("codebase-linux-part", corpora.how_to_get())]
    return _repomix(tree, 6, None)


BENCHMARKS: dict[str, Benchmark] = {"codebase-django": _django, "codebase-linux-part": _linux}
