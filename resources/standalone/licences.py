"""The licences of everything that a standalone build redistributes, gathered where it is built."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, packages_distributions
from pathlib import Path

_TEXTS = Path(__file__).resolve().parent / "texts"
_TOLD = re.compile(r"(?i)(licenses/.*|(licen[cs]e|copying|notice|authors).*)")
"""Files of a package's metadata."""
_ALWAYS = {"pyinstaller": "PyInstaller"}
"""Packages that leave something in the build without a module: PyInstaller its starter."""
_HEAD = """\
tokviz itself is under the MIT licence (LICENSE), its vocabularies and lists under those that NOTICE names.
This folder has the licences of the libraries that this build brings along, a folder for each. Qt and PySide6
are used under the LGPL 3 (LGPL-3.0.txt, which refers to GPL-3.0.txt): they are the folders PySide6 and
shiboken6, whose files may be replaced by others of the same version. Their source code is offered by The Qt
Company, https://download.qt.io/official_releases.

"""


def collect(folder: Path, modules: Iterable[str], binaries: Iterable[str]) -> Path:
    """Write the licences of the packages that have these top-level ``modules``, and of the system's packages
    that these ``binaries`` are of, to ``folder``, which is returned."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_TEXTS, folder)
    lines = [f"Python {sys.version.split()[0]}: Python-2.0"]
    _copy(_licence_of_python(), folder / "Python" / "LICENSE.txt")
    for package in _distributions(set(modules)):
        lines.append(f"{package.name} {package.version}: {_licence(package)}")
        for file in package.files or ():
            top, _, below = file.as_posix().partition("/")
            if top.endswith(".dist-info") and _TOLD.fullmatch(below):
                name = below.removeprefix("licenses/").replace("/", "-")
                _copy(Path(str(file.locate())), folder / package.name / name)
    for name in _system_packages(binaries):
        lines.append(f"{name}: see its file")
        _copy(Path("/usr/share/doc", name, "copyright"), folder / name / "copyright")
    (folder / "README.txt").write_text(_HEAD + "\n".join([*lines, ""]), encoding="utf-8")
    return folder


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(source.read_bytes())


def _distributions(modules: set[str]) -> list[Distribution]:
    owners = packages_distributions()
    names = {*_ALWAYS, *(name for module in modules for name in owners.get(module, ()))} - {"tokviz-desktop"}
    return sorted(map(Distribution.from_name, names), key=lambda found: found.name.lower())


def _licence(package: Distribution) -> str:
    """The licence as the package's metadata have it."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classes = [
        line.rpartition(" :: ")[2] for line in told.get_all("Classifier", ()) if line.startswith("License")
    ]
    return ", ".join(classes) or str(told.get("License", "see its file")).splitlines()[0]


def _licence_of_python() -> Path:
    """Python's own, wherever its installation keeps it."""
    library = Path(sys.base_prefix, "lib", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    debian = Path("/usr/share/doc", f"python{sys.version_info[0]}.{sys.version_info[1]}", "copyright")
    places = (library / "LICENSE.txt", Path(sys.base_prefix, "LICENSE.txt"), debian)
    return next(place for place in places if place.is_file())


def _system_packages(binaries: Iterable[str]) -> list[str]:
    """Debian's packages that the libraries of the system are of; none on another system."""
    if not shutil.which("dpkg-query"):
        return []
    files = [str(Path(file).resolve()) for file in binaries if file.startswith(("/lib/", "/usr/lib/"))]
    # On a merged /usr some packages still name the old place.
    asked = [*files, *(file.removeprefix("/usr") for file in files)]
    done = subprocess.run(["dpkg-query", "-S", *asked], capture_output=True, text=True, check=False)
    return sorted({line.partition(":")[0] for line in done.stdout.splitlines()})
