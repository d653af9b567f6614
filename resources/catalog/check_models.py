"""Says what has aged in models.toml: every figure that the packages would give otherwise.

    python resources/catalog/check_models.py [--newest] [--archives FOLDER]

Builds the catalog anew from choices.toml (see build_models.py) without writing it, and prints each figure
that differs, each entry that a package has no longer, and each source older than 90 days; with --newest
against the newest packages. The exit code is 1 if it printed any. `build_models.py --newest` takes the
changes over.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from build_models import build, load, missing, written
from packages import STALE, Package

HERE = Path(__file__).resolve().parent
OLD = 90
"""Days after which a source has aged: prices change more often than that."""
_ASIDE = ("notes", "sources")
Row = dict[str, Any]


def main() -> int:
    """Print what has aged."""
    parser = argparse.ArgumentParser(description="Says what has aged in models.toml.")
    parser.add_argument("--newest", action="store_true", help="with the newest versions of the packages")
    parser.add_argument("--archives", type=Path, help="a folder with the packages, already downloaded")
    asked = parser.parse_args()
    text = (HERE / "models.toml").read_text(encoding="utf-8")
    choices = tomllib.loads((HERE / "choices.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    packages = load(text, asked.newest, asked.archives)
    problems = [*aged(text, packages), *missing(choices["models"], packages)]
    if not any(missing(choices["models"], packages)):
        rows = [(choice, build(choice, choices["keys"], packages)) for choice in choices["models"]]
        problems += differences(text, written(text, rows, packages))
    print("\n".join(problems) or "every figure is what the packages say")
    return bool(problems)


def aged(text: str, packages: Mapping[str, Package]) -> Iterator[str]:
    """The packages of which there is a newer version, and those that are old."""
    sources = tomllib.loads(text)["sources"]
    for name, package in packages.items():
        if package.version not in sources[name]["title"]:
            yield f"{sources[name]['title']} is not the newest: {package.version}"
        elif name not in STALE and (days := (date.today() - sources[name]["date"]).days) > OLD:
            yield f"{sources[name]['title']} is {days} days old"


def differences(old: str, new: str) -> Iterator[str]:
    """Each figure of a catalog that another has otherwise, and each model that only one has."""
    before, after = by_id(old), by_id(new)
    for model_id in before.keys() ^ after.keys():
        yield f"{model_id}: {'not in choices.toml' if model_id in before else 'not in models.toml'}"
    for model_id in sorted(before.keys() & after.keys()):
        mine, theirs = flat(before[model_id]), flat(after[model_id])
        for key in sorted(mine.keys() | theirs.keys()):
            if mine.get(key) != theirs.get(key):
                yield f"{model_id}: {key} is {mine.get(key, 'unknown')}, and {theirs.get(key, 'unknown')} now"


def by_id(text: str) -> dict[str, Row]:
    """The rows of a models.toml."""
    return {row["id"]: row for row in tomllib.loads(text, parse_float=Decimal)["models"]}


def flat(row: object, path: str = "") -> dict[str, str]:
    """Every figure of a row by its path, without notes and sources."""
    if isinstance(row, dict):
        parts = [flat(value, f"{path}.{key}") for key, value in row.items() if key not in _ASIDE]
    elif isinstance(row, list) and any(isinstance(value, dict) for value in row):
        parts = [flat(value, f"{path}[{number}]") for number, value in enumerate(row)]
    else:
        return {path.lstrip("."): str(row)}
    return {key: value for part in parts for key, value in part.items()}


if __name__ == "__main__":
    sys.exit(main())
