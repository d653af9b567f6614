"""``tokviz --install-desktop``: has a Linux desktop list the program, with its icon and "Open with"."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tokviz import DESKTOP_ID
from tokviz.assets import Assets
from tokviz.documents.own_process import own_program

_RENEWED = (("update-desktop-database", "applications"), ("gtk-update-icon-cache", "icons/hicolor"))
"""What makes desktops look again, and at which folder. None of them is needed: most look by themselves."""
_QUOTED = '"`$\\'
_SECONDS = 20


def change_desktop(leave: bool) -> list[Path]:
    """Have the user's desktop list this installation, or if it is to ``leave`` no more; the files that were
    written or taken away. OSError or DataFileError if that cannot be."""
    folder = data_folder(os.environ, Path.home())
    act = remove if leave else install
    paths = act(folder, Assets(), own_command(sys.argv[0]))
    _renew(folder)
    return paths


def data_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Where the user's own programs, icons and metadata are looked for (XDG base directories)."""
    named = environment.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else home / ".local" / "share"


def own_command(program: str) -> list[str]:
    """What starts this very installation: its script (``program``, if it is that), or as ``own_program``."""
    path = Path(program).resolve()
    is_script = path.name == "tokviz" and path.is_file() and os.access(path, os.X_OK)
    return [str(path)] if is_script else own_program()


def install(folder: Path, assets: Assets, command: Sequence[str]) -> list[Path]:
    """Write everything below ``folder``; the files that were written. OSError if one cannot be."""
    written = []
    for path, make in _files(folder, assets, command):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
        written.append(path)
    return written


def remove(folder: Path, assets: Assets, command: Sequence[str] = ()) -> list[Path]:
    """Take away what ``install`` writes; the files that were there."""
    found = [path for path, _ in _files(folder, assets, command) if path.exists()]
    for path in found:
        path.unlink()
    return found


def _files(
    folder: Path, assets: Assets, command: Sequence[str]
) -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """Each file, and what makes its content."""
    entry = assets.path("desktop", f"{DESKTOP_ID}.desktop")
    yield folder / "applications" / entry.name, lambda: _with_command(entry.read_text("utf-8"), command)
    about = assets.path("desktop", f"{DESKTOP_ID}.metainfo.xml")
    yield folder / "metainfo" / about.name, about.read_bytes
    icons = folder / "icons" / "hicolor"
    yield icons / "scalable" / "apps" / f"{DESKTOP_ID}.svg", assets.path("icons", "tokviz.svg").read_bytes
    for image in sorted(assets.path("icons", "application").glob("*.png")):
        yield icons / f"{image.stem}x{image.stem}" / "apps" / f"{DESKTOP_ID}.png", image.read_bytes


def _with_command(entry: str, command: Sequence[str]) -> bytes:
    """The desktop entry, starting ``command`` with its full path: desktops need not know the user's PATH."""
    program = " ".join(map(_quoted, command))
    lines = {
        "Exec=tokviz %F": f"Exec={program} %F",  # verbatim
        "Exec=tokviz --new-window": f"Exec={program} --new-window",  # verbatim
        "TryExec=tokviz": f"TryExec={command[0]}" if command else "",
    }
    return "\n".join(lines.get(line, line) for line in entry.splitlines()).encode("utf-8") + b"\n"


def _quoted(argument: str) -> str:
    """As the desktop entry specification has it: in quotes with its escapes, and those of strings."""
    escaped = "".join(f"\\{letter}" if letter in _QUOTED else letter for letter in argument)
    return f'"{escaped}"'.replace("\\", "\\\\").replace("%", "%%")


def _renew(folder: Path) -> None:
    for program, below in _RENEWED:
        if path := shutil.which(program):
            subprocess.run(  # of the desktop's own, on the folder just written
                [path, "-q", str(folder / below)], check=False, capture_output=True, timeout=_SECONDS
            )
