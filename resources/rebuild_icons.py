"""Rebuild ``resources/icons/lucide`` from npm lucide-static.

    python resources/rebuild_icons.py [--cache FOLDER] [NAME ...]

Needs tokviz installed, npm and a network. Without names it makes the icons that are there anew; a name of
Lucide adds one.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rebuild_vocabularies import fetch, read_member

VERSION = "1.62.0"
FOLDER = Path(__file__).resolve().parent / "icons" / "lucide"
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" '
    'stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round">'
)
"""A stroke of 2.25 of its 24 units is painted 1.5 pixels wide where the icon is 16 pixels high."""


def main(arguments: Sequence[str]) -> int:
    """Write the icons named, or those that are there."""
    parser = argparse.ArgumentParser(description="Rebuild the icons from npm lucide-static.")
    parser.add_argument("names", nargs="*", help="icons of Lucide; all that are there by default")
    parser.add_argument("--cache", type=Path, help="where the package is kept")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        cache = chosen.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        archive = fetch("npm lucide-static", VERSION, cache)
        for name in chosen.names or sorted(path.stem for path in FOLDER.glob("*.svg")):
            published = read_member(archive, f"package/icons/{name}.svg").decode("utf-8")
            (FOLDER / f"{name}.svg").write_text(rewritten(published), encoding="utf-8")
    return 0


def rewritten(published: str) -> str:
    """The shapes of a published icon in our own frame."""
    shapes = re.sub(r".*?<svg[^>]*>(.*)</svg>.*", r"\1", published, flags=re.DOTALL)
    return f"{_HEAD}{''.join(line.strip() for line in shapes.splitlines())}</svg>\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
