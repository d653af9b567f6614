"""A built program answers as its sources do. ``TOKVIZ_PROGRAM`` names it; without, these are skipped."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.standalone.cases import COMMANDS, answer_of_sources, write_files

PROGRAM = os.environ.get("TOKVIZ_PROGRAM", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="TOKVIZ_PROGRAM names no built program")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_files(folder)
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_it_answers_as_its_sources_do(name: str, files: Path) -> None:
    done = subprocess.run(
        [str(Path(PROGRAM).resolve()), *COMMANDS[name]],
        cwd=files,
        env={**os.environ, "HOME": str(files / "home")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == answer_of_sources(files, COMMANDS[name]), done.stderr
    assert done.returncode == 0


def test_its_licences_and_notices_are_there() -> None:
    folder = Path(PROGRAM).resolve().parent
    base = folder / "_internal" if (folder / "_internal").is_dir() else folder.parent / "Resources"
    assert (base / "tokviz" / "resources" / "NOTICE").is_file()
    told = (base / "licences" / "README.txt").read_text("utf-8")
    for name in ("PySide6_Essentials", "shiboken6", "tokenizers", "numpy", "Python", "pypdfium2"):
        assert f"\n{name} " in told
    for text in ("LGPL-3.0.txt", "GPL-3.0.txt", "Python/LICENSE.txt"):
        assert (base / "licences" / text).is_file()
