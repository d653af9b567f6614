"""The README's pictures show the window as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_pictures_are_not_stale() -> None:
    """If they are: ``python resources/pictures/pictures.py``, and look at them."""
    done = subprocess.run(
        [sys.executable, "resources/pictures/pictures.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
