"""A module of tokviz in a process of its own: for work that could last, take all memory or break off.

Every such process is started as the program itself with a first argument that no help names, because a
standalone build has no ``python -m``. Processes of ``multiprocessing`` are the exception: it starts them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

OWN_PROCESS = "--own-process"
"""The first argument; ``tokviz/__main__.py`` hands what follows to ``serve``."""
_ROOT = str(Path(__file__).parents[2])
"""The folder that the package lies in."""


def own_program() -> list[str]:
    """What starts this very program, without arguments."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "tokviz"]


def command_line(module: str, *arguments: str) -> list[str]:
    """What starts a process that runs ``main`` of ``module``; it needs ``own_environment``."""
    return [*own_program(), OWN_PROCESS, module, *arguments]


def serve(command: Sequence[str]) -> int:
    """Be that process: ``command`` is the module and its arguments. The return value is the exit code."""
    module, *arguments = command
    if not module.startswith("tokviz."):
        raise ValueError(f"{module} is no module of tokviz")
    sys.argv[1:] = arguments
    return import_module(module).main() or 0


def bound_memory(most: int) -> None:
    """Let this process have so many bytes of address space: MemoryError beyond. Windows has no such bound."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def own_environment() -> dict[str, str]:
    """The environment in which ``python -m`` finds tokviz, and no module of the current folder, which may be
    anybody's."""
    paths = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}


def start_program(*arguments: str) -> subprocess.Popen[bytes]:
    """The program itself once more, which outlives this one and so holds none of its streams: who waits for
    the end of one's output must not wait for the other. OSError if it cannot be started."""
    return subprocess.Popen(
        [*own_program(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=own_environment(),
        start_new_session=True,
    )


def run_module(module: str, job: object, seconds: float, *arguments: str) -> bytes:
    """What ``module`` writes to its standard output when it is handed ``job`` as JSON; where it breaks off,
    as much as it had written. subprocess.TimeoutExpired after ``seconds``, and the process is ended."""
    done = subprocess.run(
        command_line(module, *arguments),
        input=json.dumps(job).encode(),
        capture_output=True,
        timeout=seconds,
        cwd=_ROOT,
        env=own_environment(),
        check=False,
    )
    return done.stdout
