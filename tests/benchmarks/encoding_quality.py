"""How many texts are decoded as they were written, against the detector alone: quality, not speed.

The corpus and the scorer lie in ``../shared/charset`` beside the project; its README names the packages that
the texts come from. Say where they are unpacked: TOKVIZ_MANPAGES (manpages-* packages), TOKVIZ_DJANGO (a
Django sdist), TOKVIZ_BINARIES (a folder of binary files of any kind), and if need be TOKVIZ_SEED.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Missing, Result, Row

_ROOT = Path(__file__).resolve().parents[2]
_CHARSET = _ROOT.parent / "shared" / "charset"
_NEEDED = ("TOKVIZ_MANPAGES", "TOKVIZ_DJANGO", "TOKVIZ_BINARIES")
_WESTERN = ("cp1252", "iso8859_1", "iso8859_15", "cp850", "cp437", "mac_roman")
_OWN, _ALONE = "own", "chardet-plain"

_AS_BEFORE = """
import runpy, sys
from tokviz.documents import decoding, reading
reading.decode, reading.BinaryError = decoding.decode_bytes, decoding.NotTextError
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs the scorer, which asks for what decoding was called when it was written."""

Sample = dict[str, str]
Answer = list[str]


def quality() -> list[Result]:
    """Shares of texts read wrongly, by tokviz and by the detector alone; limits are the shares published."""
    name = "texts read wrongly, against the detector alone"
    missing = [variable for variable in _NEEDED if not os.environ.get(variable)]
    if not _CHARSET.is_dir():
        return [Missing(name, f"there is no {_CHARSET}")]
    if missing:
        return [Missing(name, f"set {', '.join(missing)}")]
    samples, answers = _scored()

    def row(what: str, limit: float, chosen: Callable[[Sample], bool], bad: Callable[[Answer], bool]) -> Row:
        numbers = [i for i, sample in enumerate(samples) if chosen(sample)]
        own, alone = (sum(bad(answers[who][i]) for i in numbers) / len(numbers) for who in (_OWN, _ALONE))
        return Row(f"{what}, of {len(numbers)} texts, against the detector alone", own, alone, limit)

    def wrong(answer: Answer) -> bool:
        return answer[0] != "right"

    def east(answer: Answer) -> bool:
        return answer[0] == "east"

    return [
        row("all text read wrongly", 0.066 / 0.187, lambda s: s["expect"] == "text", wrong),
        row("whole files read wrongly", 1.0, lambda s: s["kind"] == "whole", wrong),
        row("a comment in source code read wrongly", 0.06, lambda s: s["kind"] == "code", wrong),
        row("signs of Windows-1252 read wrongly", 0.04, lambda s: s["kind"].startswith("signs-"), wrong),
        row("Western text read as East Asian", 0.0, lambda s: s["codec"] in _WESTERN, east),
    ]


def _scored() -> tuple[list[Sample], dict[str, list[Answer]]]:
    with tempfile.TemporaryDirectory() as folder:
        corpus, results = Path(folder, "corpus.jsonl"), Path(folder, "results.json")
        man, django, binaries = (os.environ[variable] for variable in _NEEDED)
        sources = ["--man", man, "--django", django, "--binaries", binaries]
        seed = os.environ.get("TOKVIZ_SEED", "5")
        _run("build.py", *sources, "--seed", seed, "--out", str(corpus))
        _run(
            "score.py", str(corpus), "--own", str(_ROOT), "--only", f"{_OWN},{_ALONE}", "--out", str(results)
        )
        with corpus.open(encoding="ascii") as lines:
            samples = [json.loads(line) for line in lines]
        return samples, json.loads(results.read_text("utf-8"))


def _run(script: str, *arguments: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", _AS_BEFORE, str(_CHARSET / script), *arguments]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


BENCHMARKS: dict[str, Benchmark] = {"encoding-quality": quality}
