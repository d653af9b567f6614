"""A folder of everything that a tree may do to whoever reads it, bounded to some thousand small files.

``python -m tests.hostile.tree FOLDER`` makes one to try by hand. What a file system refuses (names that are
not UTF-8, sockets, links) is left out there.
"""

import argparse
import contextlib
import os
import random
import socket
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

NAMES = (
    b"\x1b]52;c;eA==\x07osc52.txt",
    b"\x1b[2J\x1b[31mclear.txt",
    b"line\nbreak.txt",
    b"carriage\rreturn.txt",
    b"tab\tand\x0bvertical.txt",
    b"\x01\x02\x7f.txt",
    "c1\x9b31m\x85next.txt".encode(),
    "evil\u202etxt.exe".encode(),
    "\u2066iso\u2069late\u200f.txt".encode(),
    "line\u2028separator\u2029.txt".encode(),
    b"not utf-8 \xff\xfe.txt",
    b"cut \xe4\xb8.txt",
    b"surrogate \xed\xa0\x80.txt",
    "combining e\u0301\u0301\u0301.txt".encode(),
    "é composed.txt".encode(),
    "é composed.txt".encode(),
    b"-rf",
    b"--json",
    b"-",
    b"~",
    b"$(touch owned)",
    b"`touch owned`;&|",
    b"quote\"'<b onclick=x>&amp;.html",
    b"]]>.xml",
    b"=cmd|' /C calc'!A0.csv",
    b"@formula,with;separators.csv",
    b"%s%n%x",
    b"{} {0} {name}.txt",
    b"[bold]markup[/bold]",
    b"glob*?[a-z].txt",
    b"back\\slash.txt",
    b" leading and trailing ",
    b"trailing dot.",
    b"...",
    b"con.txt",
    b"#comment",
    b"!negated",
    b"n" * 255,
    "名".encode() * 85,
)
"""Names of files. All of them hold a few words."""

SECRET = "ghp_" + "".join(random.Random(7).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=36))
"""What looks like a key of somebody's, and is none."""
CONTENTS: dict[str, bytes] = {
    "empty.txt": b"",
    "nul.txt": b"hello\0world\n",
    "one nul late.py": b"x = 1\n" * 3000 + b"\0\n",
    "no line end.py": b"print(1)",
    "one long line.js": b"var a=1;" * 40_000,
    "only line ends.txt": b"\n" * 50_000,
    "only carriage returns.txt": b"\r" * 50_000,
    "only blanks.txt": b" " * 200_000,
    "controls.txt": bytes(range(1, 32)) * 50,
    "escape.log": b"\x1b[31mred\x1b[0m\x1b]52;c;eA==\x07\n" * 50,
    "bidi.txt": "\u202eabc\u2066def\u2069\u202c\n".encode() * 50,
    "marks.txt": ("a" + "\u0301" * 20_000).encode(),
    "zalgo.txt": "Ẑ͓̈a̷̛l̸̨g̶͘o̵͠\n".encode() * 200,
    "latin1.txt": "Größe und Maß\n".encode("latin-1") * 30,
    "sjis.txt": "日本語のテキストです。\n".encode("cp932") * 30,
    "utf16.txt": "﻿wide text\r\n".encode("utf-16-le") * 30,
    "utf16 says it is utf8.xml": '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("utf-16"),
    "utf7 in html.html": b'<meta charset="utf-7"><p>+ADw-script+AD4-</p>\n',
    "declares nonsense.py": b"# -*- coding: no-such-encoding -*-\nx = '\xe9'\n",
    "declares base64.py": b"# coding: base64\nx = '\xe9'\n",
    "overlong.txt": b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf" * 30,
    "surrogates.txt": b"\xed\xa0\x80\xed\xbf\xbf" * 30,
    "half a bom.txt": b"\xef\xbb",
    "bom after bom.txt": b"\xef\xbb\xbf" * 5 + b"text\n",
    "noncharacters.txt": "\ufffe\uffff\U0010ffff\ufdd0\n".encode() * 30,
    "special tokens.txt": b"<|endoftext|><|im_start|>system\n<s></s>[INST]<bos>" * 50,
    "fence.md": b"````\n```\n~~~\n" + b"`" * 500 + b"\n",
    "cdata.xml": b"<a><![CDATA[x]]>]]&gt;</a></file></files>\x08\n",
    "secret.env.txt": b"GITHUB_TOKEN=" + SECRET.encode() + b"\n",
    "deep.json": b"[" * 5000 + b"]" * 5000,
    "backtrack.txt": b"a" * 30_000 + b"!",
    "text that says png.png": b"only words, no picture\n" * 20,
    "png that says text.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8,
    "elf that says python.py": b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 8,
    "pdf that says markdown.md": b"%PDF-1.7\n1 0 obj << /Length 99999999 >> stream\n" + b"x" * 500,
    "broken.pdf": b"%PDF-9.9\nstartxref\n-1\n%%EOF\n",
    "broken.ipynb": b'{"cells": [{"cell_type": "code", "source": 7, "outputs": {"a": []}}, null',
    "odd.ipynb": b'{"cells": {"0": 1}, "nbformat": "four", "metadata": [[[]]]}',
    "broken.docx": b"PK\x03\x04" + b"\xff" * 200,
    "broken.xlsx": b"PK\x05\x06" + bytes(18),
    "broken.rtf": b"{\\rtf1" + b"{" * 3000,
    "broken.svg": b"<svg>" * 3000,
    "entities.xml": b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;&b;</a>\n',
    "broken.gz": b"\x1f\x8b\x08\x00" + b"\xff" * 100,
    "gitdir.git": b"gitdir: /etc/passwd\n",
    "session.jsonl": b'{"type":"user"}\n{"type":\n' + b'{"type":"assistant","message":{"content":[null]}}\n',
    "half.csv": b'a,"b\n' * 200,
    "tokenizer.json": b'{"model": {"type": "BPE", "vocab": {"a": -1, "b": 1e99}, "merges": [[]]}}',
}
"""Files by what they hold, or say that they hold."""

IGNORE_FILES = {
    ".gitignore": b"\xff\xfe\x00\n[\n!\n\\\n**/**/**/a\n"
    + b"*" * 2000
    + b"\n[a-\n[[:nope:]]\n/\n//\n!/\n\r\r\n",
    ".tokvizignore": b"\0\0\0[z-a]\n{a,b\n\\\\\\\n" + b"?" * 5000 + b"\n",
    ".gitattributes": b'* working-tree-encoding=no-such linguist-generated=\xff\n[attr] -\n"\n* \xfe=\n',
    ".ignore": b"(((((\n" * 500,
}
GIT = {
    "config": b"[core]\n\tbare = maybe\n\tfsmonitor = touch owned\n\thooksPath = /\n"
    b'[include]\n\tpath = config\n[includeIf "gitdir:/"]\n\tpath = /dev/zero\n'
    b"[alias]\n\tx = !touch owned\n[core\n\texcludesFile = ../..\n",
    "HEAD": b"ref: refs/heads/../../../../etc/passwd\n",
    "index": b"DIRC\x00\x00\x00\x02\xff\xff\xff\xff" + b"\xff" * 200,
    "packed-refs": b"\xff" * 500,
    "info/exclude": b"[\n\xff\n",
    "objects/info/alternates": b"/dev/zero\n../../../..\n",
    "hooks/post-checkout": b"#!/bin/sh\ntouch owned\n",
    "commondir": b"../../../../..\n",
}
"""What a repository holds that wants to be believed, or to have something run."""


def make_tree(root: Path, seed: int = 0) -> Path:
    """Make the tree in the new folder ``root``; the same for the same ``seed``."""
    root.mkdir(parents=True)
    chance = random.Random(seed)
    for make in (_names, _contents, _archives, _folders, _special, _ignored, _repositories):
        make(root, chance)
    return root


def _write(path: Path | bytes, data: bytes) -> None:
    """Write the file, if the file system takes it."""
    with contextlib.suppress(OSError, ValueError), open(path, "wb") as file:  # noqa: PTH123 - bytes
        file.write(data)


def _names(root: Path, chance: random.Random) -> None:
    folder = os.fsencode(root / "names")
    os.mkdir(folder)  # noqa: PTH102 - bytes
    for name in NAMES:
        _write(folder + b"/" + name, b"a few words\n")
        if chance.random() < 0.3 and len(name) < 200:
            with contextlib.suppress(OSError):
                os.mkdir(folder + b"/d" + name)  # noqa: PTH102 - bytes
                _write(folder + b"/d" + name + b"/" + name, b"inside\n")


def _contents(root: Path, chance: random.Random) -> None:
    folder = root / "contents"
    folder.mkdir()
    for name, data in CONTENTS.items():
        _write(folder / name, data)
    for number in range(40):
        size = chance.choice((1, 7, 399, 4096, 8001))
        _write(folder / f"noise {number}.txt", chance.randbytes(size))
        base = chance.choice(list(CONTENTS.values()))
        at = chance.randrange(len(base) + 1)
        _write(folder / f"damaged {number}.txt", base[:at][:5000] + chance.randbytes(3) + base[at:][:5000])


def _archives(root: Path, chance: random.Random) -> None:
    folder = root / "archives"
    folder.mkdir()
    for suffix in ("zip", "docx", "xlsx", "odt", "epub", "pptx"):
        _write(folder / f"bomb.{suffix}", zip_bomb())
    _write(folder / "bomb.gz", zlib.compress(bytes(20 << 20), 9, 31))
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../escaped.txt", "out of the folder")
        archive.writestr("/etc/absolute.txt", "out of the folder")
        archive.writestr("word/document.xml", "<w:document>" * 2000)
    _write(folder / "escapes.docx", held.getvalue())


def zip_bomb(size: int = 40 << 20) -> bytes:
    """An archive of some kilobytes that unpacks to ``size`` bytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in ("word/document.xml", "xl/sharedStrings.xml", "content.xml", "[Content_Types].xml"):
            archive.writestr(name, b" " * (size // 4))
    return held.getvalue()


def _folders(root: Path, chance: random.Random) -> None:
    deep = root / "deep"
    deep.mkdir()
    at = deep
    with contextlib.suppress(OSError):
        for _ in range(150):
            at /= "in"
            at.mkdir()
            _write(at / "file.txt", b"deep\n")
    flat = root / "flat"
    flat.mkdir()
    for number in range(1500):
        _write(flat / f"{number:05}.txt", b"%d words in a file\n" % number)
    for number in range(100):
        (root / "empty" / str(number)).mkdir(parents=True)


def _special(root: Path, chance: random.Random) -> None:
    folder = root / "special"
    folder.mkdir()
    if os.name == "posix":
        os.mkfifo(folder / "pipe")
        os.mkfifo(folder / "pipe.py")
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as server:
            server.bind(str(folder / "socket"))
    for name, target in (
        ("circle", "circle"),
        ("there", "back"),
        ("back", "there"),
        ("self", "."),
        ("up", ".."),
        ("root", "/"),
        ("zero", "/dev/zero"),
        ("terminal", "/dev/tty"),
        ("passwords", "/etc/passwd"),
        ("memory", "/proc/self/mem"),
        ("gone", "no such file"),
        ("pipe link", "pipe"),
        ("long", "x" * 4000),
    ):
        with contextlib.suppress(OSError):
            (folder / name).symlink_to(target)
    for name, mode in (("unreadable.txt", 0), ("write only.txt", 0o200)):
        _write(folder / name, b"nobody reads this\n")
        (folder / name).chmod(mode)
    _write(folder / "sparse.txt", b"")
    os.truncate(folder / "sparse.txt", 30 << 20)  # it says that it has much, and holds nothing


def _ignored(root: Path, chance: random.Random) -> None:
    for folder in (root / "ignored", root / "ignored" / "in"):
        folder.mkdir()
        for name, data in IGNORE_FILES.items():
            _write(folder / name, data)
        _write(folder / "file.txt", b"is it ignored?\n")
    odd = root / "odd ignored"
    odd.mkdir()
    for name in IGNORE_FILES:
        with contextlib.suppress(OSError):
            if chance.random() < 0.5:
                (odd / name).mkdir()
            elif os.name == "posix":
                os.mkfifo(odd / name)
    _write(odd / "file.txt", b"beside no ignore file\n")


def _repositories(root: Path, chance: random.Random) -> None:
    for number in range(6):
        repository = root / "repositories" / str(number)
        repository.mkdir(parents=True)
        _write(repository / "file.txt", b"in a repository\n")
        for name, data in GIT.items():
            if chance.random() < 0.8:
                (repository / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
                _write(repository / ".git" / name, data)
    for name, data in (
        ("elsewhere", b"gitdir: ../../../../../..\n"),
        ("itself", b"gitdir: .git\n"),
        ("nonsense", b"\xff\xfe\0" * 100),
        ("zero", b"gitdir: /dev/zero\n"),
        ("long", b"gitdir: " + b"x" * 5000 + b"\n"),
        ("long inside", b"gitdir: " + b"x/" * 3000 + b"\n"),
    ):
        (root / "repositories" / name).mkdir()
        _write(root / "repositories" / name / ".git", data)
        _write(root / "repositories" / name / "file.txt", b"in no repository\n")
    piped = root / "repositories" / "piped" / ".git"
    if os.name == "posix":
        for part in ("refs", "objects"):
            (piped / part).mkdir(parents=True)
        for part in ("HEAD", "config", "index"):
            os.mkfifo(piped / part)


@contextmanager
def changing(folder: Path, seed: int = 0) -> Iterator[None]:
    """While this lasts, files of ``folder`` grow, shrink, vanish, come back and turn into something else."""
    stopped, chance = threading.Event(), random.Random(seed)
    paths = [folder / f"changing {number}.txt" for number in range(20)]

    def change() -> None:
        while not stopped.wait(0.0005):
            path = chance.choice(paths)
            act = chance.choice((_grow, _shrink, _vanish, _turn))
            with contextlib.suppress(OSError):
                act(path)

    for path in paths:
        _grow(path)
    thread = threading.Thread(target=change, name="changing files")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        for path in paths:
            _vanish(path)


def _grow(path: Path) -> None:
    _vanish(path) if not path.is_file() else None
    with path.open("ab") as file:
        file.write(b"more words\n" * 200)


def _shrink(path: Path) -> None:
    if path.is_file():
        os.truncate(path, path.stat().st_size // 2)


def _vanish(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


def _turn(path: Path) -> None:
    _vanish(path)
    if os.name == "posix" and len(path.name) % 2:
        os.mkfifo(path)
    else:
        path.mkdir()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a tree in which nothing is as it should be.")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="where; it may not be there yet")
    make_tree(parser.parse_args().folder)
