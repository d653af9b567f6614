"""How many secrets are found, and how many places of Django are taken for one: quality, not speed; and the
speed, against looking for one mark after the other."""

from pathlib import Path

from tests.analysis.codebase.leaks import leaks
from tests.benchmarks import corpora
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed
from tokviz.analysis.codebase.secrets import SecretFinder
from tokviz.assets import Assets


def found() -> list[Result]:
    """Of those of `tests/analysis/codebase/leaks.py`, by kind."""
    finder = SecretFinder(Assets())
    kinds: dict[str, bool] = {}
    for leak in leaks():
        lines = [secret.line for secret in finder.find(leak.path, leak.text.encode())]
        kinds[leak.kind] = kinds.get(leak.kind, True) and leak.line in lines
    missed = sum(not whole for whole in kinds.values()) / len(kinds)
    row = Row(f"share of {len(kinds)} kinds of secrets that is missed, against 1 in 25", missed, 1 / 25, 1)
    tree = corpora.django()
    return [row, *(_in_django(tree, finder) if tree else [Missing("secrets", corpora.how_to_get())])]


def _in_django(tree: Path, finder: SecretFinder) -> list[Result]:
    texts = {str(path): path.read_bytes() for path in sorted(tree.rglob("*")) if path.is_file()}
    marks = [mark.encode() for kind in finder.kinds for mark in kind.marks]
    places = [secret for path, text in texts.items() for secret in finder.find(path, text)]

    def bare() -> None:
        for text in texts.values():
            for mark in marks:
                _ = mark in text

    def ours() -> None:
        for path, text in texts.items():
            finder.find(path, text)

    value, baseline = interleave(lambda: timed(ours), lambda: timed(bare), rounds=3)
    return [
        Row("places of Django taken for a secret, against 2", len(places), 2, 1),
        Row("Django searched, against one mark after the other (s)", value, baseline, 1),
    ]


BENCHMARKS: dict[str, Benchmark] = {"secrets": found}
