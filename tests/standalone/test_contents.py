"""What goes into a standalone build, as far as it can be told without building one."""

import os
import re
import struct
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtGui import QImageReader

from tokviz import DESKTOP_ID

Script = Callable[[str], ModuleType]
ROOT = Path(__file__).parents[2]
LIB = "/usr/lib/x86_64-linux-gnu/"
WHEEL = "/venv/lib/python3.11/site-packages/"
KEPT = (
    ("PySide6/Qt/plugins/platforms/libqxcb.so", WHEEL),
    ("PySide6/Qt/plugins/platforms/libqwayland.so", WHEEL),
    ("PySide6/plugins/platforms/qwindows.dll", "C:/venv/"),
    ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", "/venv/"),
    ("PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui", "/venv/"),
    ("PySide6/Qt/plugins/iconengines/libqsvgicon.so", WHEEL),
    ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", WHEEL),
    ("PySide6/Qt/lib/libQt6Gui.so.6", WHEEL),
    ("PySide6/Qt/lib/libQt6OpenGL.so.6", WHEEL),
    ("PySide6/QtWidgets.abi3.so", WHEEL),
    ("libxcb-cursor.so.0", LIB),
    ("libxkbcommon-x11.so.0", LIB),
    ("libpython3.11.so.1.0", LIB),
    ("libcrypto.so.3", LIB),
    ("python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so", "/usr/lib/python3.11/"),
    ("libgfortran-040039e1.so.5.0.0", WHEEL),
    ("tokviz/resources/themes/light.toml", "/home/x/"),
)
LEFT_OUT = (
    ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", WHEEL),
    ("PySide6/Qt/plugins/platforms/libqvnc.so", WHEEL),
    ("PySide6/Qt/plugins/tls/libqopensslbackend.so", WHEEL),
    ("PySide6/Qt/plugins/imageformats/libqwebp.so", WHEEL),
    ("PySide6/Qt/plugins/anything/libqnew.so", WHEEL),
    ("PySide6/Qt/lib/libQt6Network.so.6", WHEEL),
    ("PySide6/Qt6Network.dll", "C:/venv/"),
    ("PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork", "/venv/"),
    ("PySide6/opengl32sw.dll", "C:/venv/"),
    ("PySide6/Qt/lib/libQt6EglFSDeviceIntegration.so.6", WHEEL),
    ("PySide6/Qt/translations/qtbase_xx.qm", WHEEL),
    ("PySide6/Qt/translations/qtwebengine_de.qm", WHEEL),
    ("libstdc++.so.6", LIB),
    ("libfontconfig.so.1", LIB),
    ("libX11.so.6", LIB),
    ("libgtk-3.so.0", LIB),
)


@pytest.mark.skipif(sys.platform != "linux", reason="where the system's libraries are is Linux's")
@pytest.mark.parametrize(("name", "place"), KEPT)
def test_what_is_used_is_kept(script: Script, name: str, place: str) -> None:
    assert script("contents").is_kept(name, place + name.rpartition("/")[2])


@pytest.mark.skipif(sys.platform != "linux", reason="where the system's libraries are is Linux's")
@pytest.mark.parametrize(("name", "place"), LEFT_OUT)
def test_the_rest_is_left_out(script: Script, name: str, place: str) -> None:
    assert not script("contents").is_kept(name, place + name.rpartition("/")[2])


def test_qts_words_are_kept_for_the_languages_that_there_are(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = script("contents")
    monkeypatch.setattr(contents, "languages", lambda: {"de", "zh"})
    kept = [
        name
        for name in ("de", "zh_CN", "zh_TW", "fr")
        if contents.is_kept(f"PySide6/Qt/translations/qtbase_{name}.qm", "")
    ]
    assert kept == ["de", "zh_CN", "zh_TW"]


def test_a_module_that_the_program_comes_to_import_is_kept(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = script("contents")
    monkeypatch.setattr(contents, "used_modules", lambda: frozenset({"QtNetwork"}))
    assert contents.is_kept("PySide6/Qt/lib/libQt6Network.so.6", "")
    assert "PySide6.QtNetwork" not in contents.excluded_modules()


def test_only_modules_of_qt_that_are_imported_are_followed(script: Script) -> None:
    left_out = set(script("contents").excluded_modules())
    used = {
        name
        for path in (ROOT / "tokviz").rglob("*.py")
        for name in re.findall(r"^\s*from (PySide6\.\w+) import", path.read_text("utf-8"), re.MULTILINE)
    }
    assert used >= {"PySide6.QtCore", "PySide6.QtSvg"}
    assert not used & left_out
    assert {"PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtTest"} <= left_out


def test_nothing_that_the_program_imports_is_excluded(script: Script) -> None:
    excluded = "|".join(name for name in script("contents").EXCLUDED)
    pattern = re.compile(rf"^\s*(?:import|from) (?:{excluded})\b", re.MULTILINE)
    assert not [path for path in (ROOT / "tokviz").rglob("*.py") if pattern.search(path.read_text("utf-8"))]


def test_the_programs_data_are_all_there(script: Script) -> None:
    names = {name.removeprefix("tokviz/resources/") for _, name in script("contents").resource_files()}
    for needed in (
        "NOTICE",
        "catalog/models.toml",
        "themes/dark.toml",
        "samples/code.py",
        "icons/tokviz.svg",
    ):
        assert needed in names
    assert f"desktop/{DESKTOP_ID}.desktop" in names
    assert not [
        name for name in names if name.endswith(".pyc") or name.startswith(("standalone/", "manual/"))
    ]
    assert {name for name in names if name.endswith(".py")} == {"samples/code.py"}


def test_the_wheel_has_the_same_data(script: Script) -> None:
    """If not: name what is new in ``pyproject.toml``, or in ``contents.py`` as what nothing reads."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {name: f"tokviz/{name}" for name in included}
    for path, _name in script("contents").resource_files():
        inside = path.relative_to(ROOT)
        assert included.keys() & {parent.as_posix() for parent in (inside, *inside.parents)}, inside
    assert all((ROOT / name).exists() for name in included)


def test_the_icons_hold_every_size(script: Script, tmp_path: Path) -> None:
    made = script("icon_files")
    images = made.pictures(ROOT / "resources" / "icons" / "application")
    for name, data in (("tokviz.ico", made.ico(images)), ("tokviz.icns", made.icns(images))):
        (tmp_path / name).write_bytes(data)
    reader = QImageReader(str(tmp_path / "tokviz.ico"))
    sizes = []
    for number in range(reader.imageCount()):
        reader.jumpToImage(number)
        sizes.append(reader.read().width())
    assert sizes == [16, 24, 32, 48, 64, 128, 256]
    data = (tmp_path / "tokviz.icns").read_bytes()
    assert data[:4] == b"icns" and struct.unpack(">I", data[4:8]) == (len(data),)
    assert QImageReader(str(tmp_path / "tokviz.icns")).read().width() in images


def test_the_same_folder_gives_the_same_archives(script: Script, tmp_path: Path) -> None:
    packing = script("packing")
    folder = tmp_path / "made"
    (folder / "below").mkdir(parents=True)
    (folder / "program").write_bytes(b"x")
    (folder / "program").chmod(0o700)
    (folder / "below" / "data").write_bytes(b"y" * 1000)
    archives = []
    for number in (1, 2):
        (folder / "below" / "data").touch()  # at another time
        tar = packing.tar_xz(folder, tmp_path / f"{number}.tar.xz", "top", 1_000_000_000)
        packed = packing.zip_file(folder, tmp_path / f"{number}.zip", "top", 1_000_000_000)
        archives.append((tar.read_bytes(), packed.read_bytes()))
    assert archives[0] == archives[1]
    with tarfile.open(tmp_path / "1.tar.xz") as tar:
        members = {member.name: (member.mode, member.mtime, member.uid) for member in tar}
    assert members["top/program"] == (0o755, 1_000_000_000, 0)
    assert members["top/below/data"] == (0o644, 1_000_000_000, 0)
    with zipfile.ZipFile(tmp_path / "1.zip") as packed:
        assert packed.read("top/below/data") == b"y" * 1000


def test_the_order_in_an_archive_is_that_of_the_names(script: Script, tmp_path: Path) -> None:
    path, made = tmp_path / "library.zip", set()
    for names in (("b", "a"), ("a", "b")):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), name.encode())
        script("packing").sort_zip(path)
        made.add(path.read_bytes())
    assert len(made) == 1
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["a", "b"] and archive.read("b") == b"b"


def test_the_date_is_the_releases_or_the_one_asked_for(script: Script) -> None:
    date = script("packing").source_date
    resources = ROOT / "resources"
    assert date({"SOURCE_DATE_EPOCH": "12"}, resources) == 12
    assert date({}, resources) > 1_700_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="a look at Linux's libraries")
def test_a_library_that_nobody_names_ends_the_build(script: Script, tmp_path: Path) -> None:
    linux = script("linux")
    (tmp_path / "_internal").mkdir()
    for tool in ("objdump", "cc"):
        if subprocess.run(["which", tool], capture_output=True, check=False).returncode:
            pytest.skip(f"{tool} is not installed")
    for name, needed in (("libgone.so.1", []), ("libmade.so", ["libgone.so.1"])):
        source = tmp_path / "empty.c"
        source.write_text("")
        made = tmp_path / "_internal" / name
        others = [str(tmp_path / "_internal" / other) for other in needed]
        soname = f"-Wl,-soname,{name},--no-as-needed"
        subprocess.run(["cc", "-shared", soname, "-o", str(made), str(source), *others], check=True)
    assert "libgone.so.1" not in linux.missing_libraries(tmp_path)
    (tmp_path / "_internal" / "libgone.so.1").unlink()
    assert linux.missing_libraries(tmp_path)["libgone.so.1"] == "libmade.so"
    with pytest.raises(linux.LibraryError, match=r"libmade\.so needs libgone\.so\.1"):
        linux.pack(tmp_path, tmp_path, tmp_path, "x", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="PyInstaller does so on Linux")
@pytest.mark.parametrize("before", [None, "/theirs"])
def test_the_systems_programs_get_the_systems_libraries(
    script: Script, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/build/_internal")
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "")
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    script("program").restore_environment()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
