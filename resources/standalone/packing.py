"""Files to hand out, the same for the same contents."""

import gzip
import lzma
import platform
import subprocess
import sys
import tarfile
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path


def source_date(environment: Mapping[str, str], resources: Path) -> int:
    """The date that everything gets, in seconds since 1970."""
    if given := environment.get("SOURCE_DATE_EPOCH"):
        return int(given)
    (about,) = (resources / "desktop").glob("*.metainfo.xml")
    release = ET.parse(about).getroot().find("releases/release")
    assert release is not None
    return int(datetime.fromisoformat(release.attrib["date"]).replace(tzinfo=UTC).timestamp())


def system_name() -> str:
    """The system and the processor, such as ``linux-x86_64``."""
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    return f"{system}-{platform.machine().lower()}"


def tar_xz(folder: Path, target: Path, top: str, date: int) -> Path:
    """``folder`` as an archive, in which it is called ``top``."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mtime = date
        info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
        return info

    with lzma.open(target, "wb", preset=6) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(folder, top, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            archive.add(path, f"{top}/{path.relative_to(folder).as_posix()}", recursive=False, filter=plain)
    return target


def zip_file(folder: Path, target: Path, top: str, date: int) -> Path:
    """``folder`` as an archive, in which it is called ``top``."""
    when = time.gmtime(date)[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", when)
                info.external_attr = 0o644 << 16
                archive.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return target


def sort_zip(path: Path) -> None:
    """Write an archive anew, in the order of its names: PyInstaller's comes in another one each time."""
    with zipfile.ZipFile(path) as archive:
        members = [
            (info, archive.read(info)) for info in sorted(archive.infolist(), key=lambda one: one.filename)
        ]
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in members:
            archive.writestr(info, data, info.compress_type)


def gz(data: bytes) -> bytes:
    """Packed, without a date."""
    return gzip.compress(data, 9, mtime=0)


def disk_image(bundle: Path, target: Path) -> Path:
    """A macOS program as a disk image, by the system's own tool."""
    command = ["hdiutil", "create", "-volname", "tokviz", "-srcfolder", str(bundle), "-ov", "-format", "ULFO"]
    subprocess.run([*command, str(target)], check=True)
    return target
