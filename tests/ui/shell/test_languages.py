"""The real window in each language that is offered, and figures as each writes them."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.ui.shell.spoken import MODEL
from tokviz import language
from tokviz.language import catalogues_folder, grouped_by, languages, read_catalogue

COUNT = 1_234_567
CODES = [code for code in languages() if code != language.ENGLISH]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It has that many tokens: “a” and “ a” are one each."""
    path = tmp_path_factory.mktemp("figures") / "long.txt"
    path.write_bytes(b"a" + b" a" * (COUNT - 1))
    return path


@pytest.fixture(scope="module")
def window(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What ``spoken.py`` says of the window in a language."""

    @cache
    def of(code: str) -> dict[str, Any]:
        folder = tmp_path_factory.mktemp(code)
        found: dict[str, Any] = json.loads(run(code, "tests.ui.shell.spoken", str(folder), str(text)))
        assert found["language"] == code
        return found

    return of


def run(code: str, module: str, *arguments: str) -> str:
    environment = os.environ | {"TOKVIZ_LANGUAGE": code, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(code: str) -> str:
    formats = read_catalogue((catalogues_folder() / f"{code}.po").read_text("utf-8"), code).formats
    return grouped_by(formats, f"{COUNT:,}")


@pytest.mark.parametrize("code", CODES)
def test_no_two_entries_of_a_menu_answer_to_one_letter(code: str, window: Any) -> None:
    assert window(code)["doubled"] == []


@pytest.mark.parametrize("code", CODES)
def test_qts_own_buttons_are_in_the_language_too(code: str, window: Any) -> None:
    assert window(code)["cancel"] not in ("", "Cancel")


@pytest.mark.parametrize("code", CODES)
def test_the_models_panel_writes_figures_as_the_language_does(code: str, window: Any) -> None:
    assert window(code)["tokens"] == written(code)


@pytest.mark.parametrize("code", CODES)
def test_the_command_line_writes_figures_as_the_language_does(code: str, text: Path) -> None:
    assert written(code) in run(code, "tokviz", "count", str(text), "--model", MODEL).split()


def test_german_puts_a_point_between_thousands() -> None:
    assert written("de") == "1.234.567"
