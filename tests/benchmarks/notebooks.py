"""Reading 500 notebooks as their cells: against the bare loop that parses their JSON."""

import base64
import json
import random
import tempfile
from pathlib import Path

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import make_text, read_bytes
from tokviz.documents.shortening.shortenings import Shortening

NOTEBOOKS = 500
"""About 50 MB of them: of each eight cells, with three images and two tables."""
_CELLS = 8
_WORDS = ("the", "of", "data", "plot", "train", "loss", "mean", "value", "axis", "import", "return")
_CELLS_ALONE = ReadOptions(shortened=frozenset({Shortening.NOTEBOOKS}))


def make_notebooks(folder: Path, number: int) -> list[Path]:
    """Write so many notebooks as Jupyter does: indented, with sources as lists of lines."""
    chance = random.Random(3)

    def lines(count: int) -> list[str]:
        return [" ".join(chance.choices(_WORDS, k=9)) + "\n" for _ in range(count)]

    def output(cell: int) -> list[dict[str, object]]:
        if cell % 3 == 0:
            image = base64.encodebytes(chance.randbytes(22_000)).decode()
            data: dict[str, object] = {"image/png": image, "text/plain": ["<Figure size 640x480>"]}
            return [{"output_type": "display_data", "metadata": {}, "data": data}]
        if cell % 3 == 1:
            data = {"text/html": lines(30), "text/plain": lines(10)}
            return [{"output_type": "execute_result", "metadata": {}, "data": data, "execution_count": cell}]
        return [{"output_type": "stream", "name": "stdout", "text": lines(20)}]

    paths = []
    for one in range(number):
        cells: list[dict[str, object]] = []
        for cell in range(_CELLS):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": lines(4)})
            about = {"cell_type": "code", "metadata": {}, "execution_count": cell}
            cells.append({**about, "source": lines(12), "outputs": output(cell)})
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        paths.append(folder / f"n{one}.ipynb")
        paths[-1].write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    return paths


def cells() -> list[Result]:
    """Reading and decoding is part of both."""
    with tempfile.TemporaryDirectory() as folder:
        paths = make_notebooks(Path(folder), NOTEBOOKS)

        def shortened() -> None:
            for path in paths:
                make_text(read_bytes(path), path.name, _CELLS_ALONE)

        def parsed() -> None:
            for path in paths:
                json.loads(read_bytes(path))

        value, bare = interleave(lambda: timed(shortened), lambda: timed(parsed))
    return [Row(f"{NOTEBOOKS} notebooks as their cells (s) against json.loads", value, bare, 1.5)]


BENCHMARKS: dict[str, Benchmark] = {"notebooks": cells}
