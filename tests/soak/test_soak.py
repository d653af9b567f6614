"""The soak, a minute long: ``python -m tests.soak --minutes 10`` is the same for longer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.watch import Faults

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_minute_of_anything_goes_without_a_fault() -> None:
    """In a process of its own: it has the application, the clipboard and the log to itself."""
    done = subprocess.run(
        # Other tests run beside it: what the processor does then takes a few times as long.
        [sys.executable, "-m", "tests.soak", "--seed", "12", "--minutes", "1", "--stall", "500"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    assert int(done.stdout.split()[0]) > 50


def test_what_goes_wrong_is_noted_with_what_was_done() -> None:
    faults = Faults("7 press_key Tab")
    try:
        raise ValueError("no")
    except ValueError as error:
        faults._exception(ValueError, error, error.__traceback__)
    assert faults.found[0].startswith("7 press_key Tab: Traceback")
    assert "ValueError: no" in faults.found[0]
