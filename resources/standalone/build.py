"""Build a standalone tokviz for the system that this runs on: one that needs no Python.

    python resources/standalone/build.py

Leaves in ``dist``: on Linux a ``.tar.xz`` and a ``.deb``, on macOS a ``.dmg``, on Windows a ``.zip``. Needs
tokviz installed with its ``standalone`` extra, on Linux binutils as well, and dpkg for the ``.deb``.

The same sources, libraries and machine give the same bytes: everything in it is dated SOURCE_DATE_EPOCH, or
if that is not set, the date of the release.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import contents
import icon_files
import linux
import packing

from tokviz import __version__

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str]) -> int:
    """Build, pack and say what was made."""
    parser = argparse.ArgumentParser(description="Build a standalone tokviz for this system.")
    parser.add_argument("--output", type=Path, default=contents.ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--work", type=Path, default=contents.ROOT / "build" / "standalone", metavar="FOLDER")
    parser.add_argument("--keep", action="store_true", help="pack what an earlier run has put together")
    asked = parser.parse_args(arguments)
    date = packing.source_date(os.environ, contents.RESOURCES)
    started = time.monotonic()
    folder = asked.work / "program" / ("tokviz.app" if sys.platform == "darwin" else "tokviz")
    if not asked.keep:
        put_together(asked.work, folder.parent, date)
    asked.output.mkdir(parents=True, exist_ok=True)
    try:
        files = pack(folder, asked.output, asked.work, date)
    except linux.LibraryError as error:
        print(error, file=sys.stderr)
        return 1
    for made in files:
        print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
    print(f"{time.monotonic() - started:.0f} seconds")
    return 0


def put_together(work: Path, target: Path, date: int) -> None:
    """Have PyInstaller put the program together below ``target``."""
    (work / "tokviz").mkdir(parents=True, exist_ok=True)
    images = icon_files.pictures(contents.RESOURCES / "icons" / "application")
    (work / "tokviz" / "tokviz.ico").write_bytes(icon_files.ico(images))
    (work / "tokviz" / "tokviz.icns").write_bytes(icon_files.icns(images))
    command = ["-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    folders = ["--distpath", str(target), "--workpath", str(work)]
    # The order of sets is in compiled code; and PyInstaller reads the date.
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(date)}
    subprocess.run(
        [sys.executable, *command, *folders, str(HERE / "tokviz.spec")], env=environment, check=True
    )
    for library in target.rglob("base_library.zip"):
        if not library.is_symlink():
            packing.sort_zip(library)


def pack(folder: Path, output: Path, work: Path, date: int) -> list[Path]:
    """The files to hand out, of the program in ``folder``."""
    name = f"tokviz-{__version__}-{packing.system_name()}"
    if sys.platform == "darwin":
        return [packing.disk_image(folder, output / f"{name}.dmg")]
    for document in (contents.ROOT / "LICENSE", contents.RESOURCES / "NOTICE"):
        (folder / document.name).write_bytes(document.read_bytes())
    if sys.platform == "win32":
        return [packing.zip_file(folder, output / f"{name}.zip", name, date)]
    return linux.pack(folder, output, work, name, date)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
