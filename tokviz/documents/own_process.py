"""A module of tokviz in a process of its own: for work that could last, take all memory or break off."""

import json
import os
import subprocess
import sys
from pathlib import Path

_ROOT = str(Path(__file__).parents[2])
"""The folder that the package lies in."""


def own_environment() -> dict[str, str]:
    """The environment in which ``python -m`` finds tokviz, and no module of the current folder, which may be
    anybody's."""
    paths = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}


def run_module(module: str, job: object, seconds: float, *arguments: str) -> bytes:
    """What ``module`` writes to its standard output when it is handed ``job`` as JSON; where it breaks off,
    as much as it had written. subprocess.TimeoutExpired after ``seconds``, and the process is ended."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        input=json.dumps(job).encode(),
        capture_output=True,
        timeout=seconds,
        cwd=_ROOT,
        env=own_environment(),
        check=False,
    )
    return done.stdout
