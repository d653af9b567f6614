"""The source trees that the codebase benchmarks read, and how to get them.

``python -m tests.benchmarks.corpora`` fetches what is missing, from the package registries alone: the source
of Linux 6.1 (Debian's package) and of Django (its sdist). They are kept in ``TOKVIZ_CORPORA``, by default a
folder in the user's cache.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tokviz.documents.tree.listing import list_folder

LINUX_PACKAGE = "linux-source-6.1"
DJANGO = "Django==5.2.8"
_IGNORES_EVERYTHING = "/*\n"
"""The last rule but one of Debian's .gitignore for it, which leaves out the whole tree."""


def folder() -> Path:
    """Where the trees are kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("TOKVIZ_CORPORA") or Path(cache, "tokviz", "corpora"))


def linux() -> Path | None:
    """The whole source of Linux (78,252 text files, 1.3 GB); None if it is not there."""
    return _present("linux")


def django() -> Path | None:
    """Django's source; None if it is not there."""
    return _present("django")


def linux_part(files: int) -> Path | None:
    """So many files of Linux, evenly spread over it, copied into a tree of their own; None without it."""
    whole = linux()
    if whole is None:
        return None
    part = folder() / f"linux-{files}"
    if not part.is_dir():
        making = folder() / f"linux-{files}.making"
        shutil.rmtree(making, ignore_errors=True)
        every = list_folder(whole).files
        for file in (every[number * len(every) // files] for number in range(files)):
            target = making / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(whole / file.path, target)
        making.rename(part)
    return part


def how_to_get() -> str:
    """A hint for what is missing."""
    return f"{folder()} lacks it; python -m tests.benchmarks.corpora fetches it"


def _present(name: str) -> Path | None:
    path = folder() / name
    return path if path.is_dir() else None


def _fetch_linux(target: Path, scratch: Path) -> None:
    subprocess.run(["apt-get", "download", LINUX_PACKAGE], cwd=scratch, check=True)
    (package,) = scratch.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", str(package), "package"], cwd=scratch, check=True)
    (archive,) = scratch.glob("package/usr/src/*.tar.*")
    _unpack(archive, target)
    rules = target / ".gitignore"
    rules.write_text(rules.read_text().replace(_IGNORES_EVERYTHING, ""))


def _fetch_django(target: Path, scratch: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", DJANGO]
    subprocess.run(command, cwd=scratch, check=True)
    (archive,) = scratch.glob("*.tar.gz")
    _unpack(archive, target)


def _unpack(archive: Path, target: Path) -> None:
    unpacked = archive.parent / "unpacked"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    (top,) = unpacked.iterdir()
    shutil.move(top, target)


def main() -> None:
    """Fetch what is missing."""
    folder().mkdir(parents=True, exist_ok=True)
    for name, fetch in (("linux", _fetch_linux), ("django", _fetch_django)):
        if _present(name):
            print(f"{name}: present")
            continue
        with tempfile.TemporaryDirectory(dir=folder()) as scratch:
            fetch(folder() / name, Path(scratch))
        print(f"{name}: fetched")


if __name__ == "__main__":
    main()
