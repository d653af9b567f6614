"""A Debian without Python, in a folder, in which a standalone build is tried.

Needs root, debootstrap and bubblewrap, and for the window Xvfb, xdotool and ImageMagick's ``import``.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

PROGRAMS = ("debootstrap", "bwrap", "Xvfb", "xdotool", "import")
_MIRRORS = {"debian": "http://deb.debian.org/debian", "ubuntu": "http://archive.ubuntu.com/ubuntu"}
_DISPLAY = 97


def own_release() -> list[str]:
    """This machine's release, whose glibc is what a build of it needs, and where debootstrap gets it."""
    lines = Path("/etc/os-release").read_text("utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if "=" in line)
    return [told["VERSION_CODENAME"], _MIRRORS[told["ID"]]]


class BareSystem:
    """The system in ``root``, made at the first use: 200 MB, one minute."""

    def __init__(self, root: Path) -> None:
        self.root = root
        if not (root / "usr/bin/dpkg").exists():
            name, mirror = own_release()
            command = ["debootstrap", "--variant=minbase", name, str(root), mirror]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def install(self, package: Path) -> None:
        """Install a ``.deb`` with what it depends on, as a user would."""
        shutil.copy(package, self.root / "tmp" / "tokviz.deb")
        self._chroot("apt-get", "update", "-qq")
        # A package of the same version is installed again.
        self._chroot(
            "apt-get", "install", "-y", "-qq", "--reinstall", "--no-install-recommends", "/tmp/tokviz.deb"
        )

    def remove(self) -> None:
        """Take the package away again."""
        self._chroot("apt-get", "purge", "-y", "-qq", "tokviz")

    def unpack(self, archive: Path) -> str:
        """Unpack an archive of a build; the path of its program in the system."""
        target = self.root / "opt"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        subprocess.run(["tar", "-xf", str(archive), "-C", str(target)], check=True)
        (folder,) = target.iterdir()
        return f"/opt/{folder.name}/tokviz"

    def command(self, folder: Path, arguments: Sequence[str], display: str = "") -> list[str]:
        """What runs a command there, without a network, in ``folder``; its path is the same on both sides."""
        mounts = ["--bind", str(self.root), "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
        mounts += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
        settings = {"PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
        if display:
            mounts += ["--bind", "/tmp/.X11-unix", "/tmp/.X11-unix"]
            settings["DISPLAY"] = display
        pairs = [word for name, value in settings.items() for word in ("--setenv", name, value)]
        return ["bwrap", "--unshare-net", "--clearenv", *pairs, *mounts, *arguments]

    def run(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command there to its end."""
        command = self.command(folder, arguments)
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    def _chroot(self, *arguments: str) -> None:
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            ["chroot", str(self.root), *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


class Screen:
    """A display outside the bare system: what is on it can be seen and typed at."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._environment = {**os.environ, "DISPLAY": display}

    def window(self, seconds: float = 60) -> str:
        """The number of the program's window, as soon as there is one."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self._ask("xdotool", "search", "--onlyvisible", "--name", "tokviz").split()
            if found:
                return found[-1]
            time.sleep(0.3)
        raise AssertionError("no window has appeared")

    def press(self, window: str, keys: str) -> None:
        """Type at a window, whether or not there is a window manager."""
        self._ask("xdotool", "windowfocus", "--sync", window)
        self._ask("xdotool", "key", keys)

    def picture(self, target: Path) -> Path:
        """What is on the screen, as a PNG."""
        subprocess.run(["import", "-window", "root", str(target)], env=self._environment, check=True)
        return target

    def _ask(self, *command: str) -> str:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout


@contextlib.contextmanager
def screen() -> Iterator[Screen]:
    """A display with nothing on it."""
    display = f":{_DISPLAY}"
    command = ["Xvfb", display, "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while not Path(f"/tmp/.X11-unix/X{_DISPLAY}").exists():
            assert server.poll() is None and time.monotonic() < until, "Xvfb has not started"
            time.sleep(0.1)
        yield Screen(display)
    finally:
        server.terminate()
        server.wait()


def descendants(pid: int) -> list[str]:
    """The commands of all processes that ``pid`` has started, and those they have."""
    done = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in done.stdout.splitlines()]
    found, parents = [], {str(pid)}
    for own, parent, command in sorted(rows, key=lambda row: int(row[0])):
        if parent in parents:
            parents.add(own)
            found.append(command)
    return found
