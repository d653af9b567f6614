"""The desktop gets an entry that starts this very installation, its icons, and what it says of itself."""

import configparser
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tokviz import DESKTOP_ID, __version__
from tokviz.assets import Assets
from tokviz.cli.desktop_entry import data_folder, install, own_command, remove

SIZES = {16, 24, 32, 48, 64, 128, 256, 512}


def entry_of(folder: Path, section: str = "Desktop Entry") -> dict[str, str]:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read(folder / "applications" / f"{DESKTOP_ID}.desktop", "utf-8")
    return dict(read[section])


def test_everything_is_written_and_taken_away(tmp_path: Path) -> None:
    written = install(tmp_path, Assets(), ["/opt/tokviz"])
    assert sorted(written) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    entry = entry_of(tmp_path)
    assert entry["Exec"] == '"/opt/tokviz" %F' and entry["TryExec"] == "/opt/tokviz"
    assert entry["Icon"] == DESKTOP_ID
    assert {"text/plain", "inode/directory"} <= set(entry["MimeType"].split(";"))
    icons = tmp_path / "icons" / "hicolor"
    assert (icons / "scalable" / "apps" / f"{DESKTOP_ID}.svg").is_file()
    for size in SIZES:
        data = (icons / f"{size}x{size}" / "apps" / f"{DESKTOP_ID}.png").read_bytes()
        assert struct.unpack(">II", data[16:24]) == (size, size)
    assert sorted(remove(tmp_path, Assets())) == sorted(written)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert remove(tmp_path, Assets()) == []


def test_what_it_says_of_itself_is_true(tmp_path: Path) -> None:
    install(tmp_path, Assets(), ["/opt/tokviz"])
    about = ET.parse(tmp_path / "metainfo" / f"{DESKTOP_ID}.metainfo.xml").getroot()
    assert about.findtext("id") == DESKTOP_ID
    release = about.find("releases/release")
    assert release is not None and release.get("version") == __version__
    assert about.findtext("launchable") == f"{DESKTOP_ID}.desktop"


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (["/usr/bin/python3", "-m", "tokviz"], '"/usr/bin/python3" "-m" "tokviz" %F'),
        (["/a folder/100%/tokviz"], '"/a folder/100%%/tokviz" %F'),
        (['/a"$`/tokviz'], r'"/a\\"\\$\\`/tokviz" %F'),
        ([r"/a\b/tokviz"], r'"/a\\\\b/tokviz" %F'),
    ],
)
def test_the_command_is_written_as_the_specification_has_it(
    tmp_path: Path, command: list[str], line: str
) -> None:
    install(tmp_path, Assets(), command)
    assert entry_of(tmp_path)["Exec"] == line
    other = entry_of(tmp_path, "Desktop Action new-window")["Exec"]
    assert other == line.replace(" %F", " --new-window")


def test_the_command_is_this_installation(tmp_path: Path) -> None:
    script = tmp_path / "tokviz"
    script.touch(0o755)
    assert own_command(str(script)) == [str(script)]
    script.chmod(0o644)
    for program in (script, tmp_path / "pytest"):
        assert own_command(str(program)) == [sys.executable, "-m", "tokviz"]


def test_the_command_of_a_standalone_build_is_its_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ``sys.argv[0]`` is what was typed, which a folder of that name must not be taken for."""
    (tmp_path / "tokviz").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", "/usr/lib/tokviz/tokviz")
    assert own_command("tokviz") == ["/usr/lib/tokviz/tokviz"]


def test_where_the_users_data_are() -> None:
    home = Path("/home/somebody")
    assert data_folder({"XDG_DATA_HOME": "/data"}, home) == Path("/data")
    for environment in ({}, {"XDG_DATA_HOME": ""}, {"XDG_DATA_HOME": "relative"}):
        assert data_folder(environment, home) == home / ".local" / "share"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="Linux desktops")
def test_by_the_command_line(tmp_path: Path) -> None:
    def run(option: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tokviz", option],
            env={"XDG_DATA_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("--install-desktop")
    assert done.returncode == 0 and done.stderr == ""
    assert str(tmp_path / "applications" / f"{DESKTOP_ID}.desktop") in done.stdout.splitlines()
    assert sys.executable in entry_of(tmp_path)["Exec"]
    assert run("--remove-desktop").returncode == 0
    shutil.rmtree(tmp_path / "applications")
    (tmp_path / "applications").write_text("in the way")
    refused = run("--install-desktop")
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1
    assert "cannot be changed" in refused.stderr


def test_a_start_without_it_loads_nothing_for_it() -> None:
    script = (
        "import sys; from tokviz.cli import run; run(['--version']); "
        "print({'msgspec', 'tomllib', 'tokviz.cli.desktop_entry'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["set()"]


@pytest.mark.parametrize("checker", [["desktop-file-validate"], ["appstreamcli", "validate", "--no-net"]])
def test_the_desktops_own_checkers_find_nothing(checker: list[str]) -> None:
    if not shutil.which(checker[0]):
        pytest.skip(f"{checker[0]} is not installed")
    ending = "desktop" if len(checker) == 1 else "metainfo.xml"
    path = Assets().path("desktop", f"{DESKTOP_ID}.{ending}")
    done = subprocess.run([*checker, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
