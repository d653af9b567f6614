"""A Debian package of a standalone build."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Collection
from email.utils import formatdate
from pathlib import Path

import contents
import packing

from tokviz import __version__
from tokviz.assets import Assets
from tokviz.cli.desktop_entry import install

MANUAL = {
    "tokviz.1": "man/man1/tokviz.1",
    "tokviz.bash": "bash-completion/completions/tokviz",
    "_tokviz": "zsh/vendor-completions/_tokviz",
    "tokviz.fish": "fish/vendor_completions.d/tokviz.fish",
}
"""Where each file of ``resources/manual`` goes, below ``share``."""
_CONTROL = """\
Package: tokviz
Version: {version}
Section: utils
Priority: optional
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Description: See texts the way a language model sees them
 tokviz shows a text, a file, a whole codebase or a conversation as language
 models see it: cut into tokens. It highlights the token boundaries of more than
 twenty real tokenizers, and says for each listed model how much of its context
 window the text fills and what sending it would cost.
 .
 It works offline and sends nothing anywhere. This package brings its own Python
 and Qt.
"""
_COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: tokviz
Comment: The libraries in /usr/lib/tokviz have licences of their own, all of them in
 /usr/lib/tokviz/_internal/licences; the vocabularies are under those that the
 file NOTICE beside this one names.

Files: *
Copyright: 2026 The tokviz founders
License: Expat
"""
_CHANGELOG = """\
tokviz ({version}) unstable; urgency=medium

  * Release {version}.

 -- {maintainer}  {date}
"""
_OVERRIDES = """\
# The package brings Python, Qt and its libraries along, as they come from their makers.
tokviz: embedded-library
tokviz: unstripped-binary-or-object
tokviz: unstripped-static-library
tokviz: hardening-no-fortify-functions
tokviz: hardening-no-bindnow
tokviz: hardening-no-pie
tokviz: hardening-no-relro
tokviz: shared-library-lacks-prerequisites
tokviz: shared-library-lacks-stack-section
tokviz: library-not-linked-against-libc
tokviz: custom-library-search-path
tokviz: package-has-long-file-name
tokviz: extra-license-file
tokviz: spelling-error-in-binary
# Licences are as their holders wrote them.
tokviz: national-encoding
"""


def package(
    program: Path, output: Path, work: Path, depends: Collection[str], recommends: Collection[str], date: int
) -> Path:
    """Make the package of the folder ``program``, by way of ``work``."""
    shutil.rmtree(work, ignore_errors=True)
    _lay_out(program, work / "usr", date)
    files = sorted(path for path in work.rglob("*") if path.is_file() and not path.is_symlink())
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    control = _CONTROL.format(
        version=__version__,
        architecture=architecture,
        maintainer=_maintainer(),
        size=sum(-(-path.stat().st_size // 1024) for path in files),
        depends=", ".join(sorted({*depends, "xkb-data"})),  # without it there is no keyboard
        recommends=", ".join(sorted(recommends)),
    )
    sums = "".join(
        f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(work)}\n" for path in files
    )
    _write(work / "DEBIAN" / "control", control.encode())
    _write(work / "DEBIAN" / "md5sums", sums.encode())
    for path in (work, *work.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path == work / "usr/lib/tokviz/tokviz" else 0o644)
            os.utime(path, (date, date))
    target = output / f"tokviz_{__version__}_{architecture}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(work), str(target)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(date)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return target


def _lay_out(program: Path, usr: Path, date: int) -> None:
    """Put everything where Debian has it, below ``usr``."""
    own = usr / "lib" / "tokviz"
    own.mkdir(parents=True)
    shutil.copy2(program / "tokviz", own / "tokviz")
    shutil.copytree(program / "_internal", own / "_internal", symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / "tokviz").symlink_to("../lib/tokviz/tokviz")
    share = usr / "share"
    install(share, Assets(contents.RESOURCES), ["tokviz"])
    for source, target in MANUAL.items():
        data = (contents.RESOURCES / "manual" / source).read_bytes()
        page = target.startswith("man/")
        _write(share / (f"{target}.gz" if page else target), packing.gz(data) if page else data)
    licence = (contents.ROOT / "LICENSE").read_text("utf-8").splitlines()
    text = "".join(f" {line or '.'}\n" for line in licence[4:])
    documents = share / "doc" / "tokviz"
    _write(documents / "copyright", (_COPYRIGHT + text).encode())
    _write(documents / "NOTICE", (contents.RESOURCES / "NOTICE").read_bytes())
    when = formatdate(date)
    news = _CHANGELOG.format(version=__version__, maintainer=_maintainer(), date=when)
    _write(documents / "changelog.gz", packing.gz(news.encode()))
    _write(share / "lintian" / "overrides" / "tokviz", _OVERRIDES.encode())


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _maintainer() -> str:
    """Whoever builds it, as Debian's own tools are told; the project has no address of its own."""
    name = os.environ.get("DEBFULLNAME", "The tokviz founders")
    return f"{name} <{os.environ.get('DEBEMAIL', 'tokviz@localhost.localdomain')}>"
