"""What programs read is the same in every language."""

import json
import os
import subprocess
import sys
from typing import Any

from tokviz import language


def exported(code: str) -> Any:
    environment = os.environ | {language.VARIABLE: code, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tests.analysis.exported"]
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_csv_and_json_are_english_in_every_language() -> None:
    english = exported(language.ENGLISH)
    assert "how numbers are spelled" in str(english), "the data lose something"
    assert exported(language.PSEUDO) == english
