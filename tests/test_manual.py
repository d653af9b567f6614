"""The man page and the shells' completions are those of the parsers as they are."""

import importlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tokviz.cli.commands import COMMANDS

FOLDER = Path(__file__).parents[1] / "resources"


@pytest.fixture(scope="module")
def manual() -> Mapping[str, str]:
    sys.path.insert(0, str(FOLDER))
    try:
        build_manual = importlib.import_module("build_manual")
    finally:
        sys.path.remove(str(FOLDER))
    made: Mapping[str, str] = build_manual.manual()
    return made


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="each Python words its help in its own way")
def test_what_is_kept_is_what_the_parsers_say(manual: Mapping[str, str]) -> None:
    """If not: ``python resources/build_manual.py``."""
    kept = {path.name: path.read_text("utf-8") for path in (FOLDER / "manual").iterdir()}
    assert kept == dict(manual)


def test_every_command_is_in_the_manual(manual: Mapping[str, str]) -> None:
    for name, about in COMMANDS.items():
        assert f"tokviz\\fR \\fI\\,{name}\\/" in manual["tokviz.1"]
        assert about.replace("-", "\\-") in manual["tokviz.1"]


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("chat --mod", "--model"),
        ("comp", "compare"),
        ("count --json --fi", "--fits"),
        ("cut --tok", "--tokens"),
    ],
)
def test_bash_completes(typed: str, found: str) -> None:
    script = (
        f'source "{FOLDER / "manual" / "tokviz.bash"}"; COMP_WORDS=(tokviz {typed}); '
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _shtab_tokviz; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert found in done.stdout.splitlines()
