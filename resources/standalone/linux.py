"""What a build for Linux needs besides PyInstaller: its libraries looked at, an archive, a Debian package."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import contents
import debian
import packing

NEEDED = {
    **dict.fromkeys(("libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"), "libc6"),
    **dict.fromkeys(
        ("libutil.so.1", "libresolv.so.2", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"), "libc6"
    ),
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    **dict.fromkeys(("libglib-2.0.so.0", "libgthread-2.0.so.0"), "libglib2.0-0"),
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
}
"""Libraries of the system that the program cannot start without, and Debian's packages that have them."""
USEFUL = {
    "libcups.so.2": "libcups2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Those that only a plugin of Qt needs: without them it does not print, or runs on X11 alone."""
_VERSION = re.compile(r"\bGLIBC_(\d+)\.(\d+)\b")
_STRIPPED = ("libpython*.so*", "python3*/lib-dynload/*.so")


class LibraryError(Exception):
    """The build needs a library that nobody said where to get; ``str()`` is one sentence."""


def pack(folder: Path, output: Path, work: Path, name: str, date: int) -> list[Path]:
    """The archive, and on Debian the package, of the program in ``folder``."""
    _strip(folder)
    missing = missing_libraries(folder)
    if unknown := missing.keys() - NEEDED.keys() - USEFUL.keys():
        first = min(unknown)
        raise LibraryError(
            f"{missing[first]} needs {first}: keep it in contents.py, or name its package in linux.py."
        )
    manual = contents.RESOURCES / "manual"
    for source, target in debian.MANUAL.items():
        (folder / "share" / target).parent.mkdir(parents=True, exist_ok=True)
        (folder / "share" / target).write_bytes((manual / source).read_bytes())
    made = [packing.tar_xz(folder, output / f"{name}.tar.xz", name, date)]
    if shutil.which("dpkg-deb"):
        floor = f"libc6 (>= {oldest_libc(folder)})"
        needed = {
            floor if package == "libc6" else package
            for package in (NEEDED[x] for x in missing & NEEDED.keys())
        }
        useful = {USEFUL[library] for library in missing & USEFUL.keys()}
        made.append(debian.package(folder, output, work / "debian", needed, useful, date))
    return made


def missing_libraries(folder: Path) -> dict[str, str]:
    """The libraries that files of the build need and that are not in it, each with one of those files."""
    there = {path.name for path in folder.rglob("*") if path.is_file()}
    missing = {}
    for path, said in _libraries(folder, "-p"):
        for library in re.findall(r"NEEDED +(\S+)", said):
            if library not in there:
                missing[library] = path.name
    return missing


def oldest_libc(folder: Path) -> str:
    """The version of glibc that the build needs at least."""
    found = [
        tuple(map(int, version)) for _, said in _libraries(folder, "-T") for version in _VERSION.findall(said)
    ]
    return "{}.{}".format(*max(found))


def _libraries(folder: Path, option: str) -> Iterator[tuple[Path, str]]:
    """Each program and library, and what objdump says of it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_elf(path):
            done = subprocess.run(["objdump", option, str(path)], capture_output=True, text=True, check=True)
            yield path, done.stdout


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _strip(folder: Path) -> None:
    """Take names for debuggers out of Python itself: half of its bytes. Of others' libraries, some break."""
    for pattern in _STRIPPED:
        for path in (folder / "_internal").glob(pattern):
            if not path.is_symlink():
                subprocess.run(["strip", "--strip-unneeded", str(path)], check=True)
