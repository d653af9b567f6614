"""Globs mean what they mean to git, and none takes long."""

import random
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tokviz.documents.tree.globs import NeverMatchesError, parse_glob
from tokviz.documents.tree.ignore_rules import Decider, Placed, parse_rules


def matches(pattern: str, path: str, *, folder: bool = False) -> bool:
    name = path.rsplit("/", 1)[-1]
    decider = Decider([Placed(parse_rules(pattern.encode(), "test"))])
    return decider.match(path.encode(), name.encode(), folder=folder) is not None


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.o", "deep/down/a.o", True),
        ("*.o", "a.o.txt", False),
        ("/a", "a", True),
        ("/a", "b/a", False),
        ("a/b", "a/b", True),
        ("a/b", "x/a/b", False),
        ("a/*", "a/b", True),
        ("a/*", "a/b/c", False),
        ("**/a", "a", True),
        ("**/a", "x/y/a", True),
        ("a/**", "a", False),
        ("a/**", "a/x/y", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "ab", False),
        ("a**b", "axxb", True),
        ("a/x**b", "a/xxxb", True),
        ("f?o", "foo", True),
        ("f?o", "f/o", False),
        ("caf?", "café", False),  # git matches bytes
        ("caf??", "café", True),
        ("[a-c]x", "bx", True),
        ("[!a-c]x", "bx", False),
        ("[^a-c]x", "dx", True),
        ("[]a]x", "]x", True),
        ("[]-a]x", "^x", True),
        ("[a-]x", "-x", True),
        (r"[\]]x", "]x", True),
        ("[[:digit:]]x", "7x", True),
        ("[[:digit]x", ":x", True),
        ("a[/]b", "a/b", False),
        (r"\*", "*", True),
        (r"\*", "a", False),
        (r"a\?", "a?", True),
        ("*", ".hidden", True),
        (".*", ".hidden", True),
        ("*.tar.gz", "a.tar.gz", True),
        ("*a*b*c", "xaxbxc", True),
        ("*a*b*c", "xaxcxb", False),
        ("a*a", "a", False),
        ("x*aab", "xaaab", True),
        ("a\n", "a\nb", False),
        ("größe", "größe", True),
    ],
)
def test_a_pattern(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_trailing_slash_is_for_folders_only() -> None:
    assert matches("build/", "x/build", folder=True)
    assert not matches("build/", "x/build")


@pytest.mark.parametrize(
    "pattern", [b"", b"/", b"[a", b"[a-", b"[!", b"a\\", b"[[:nothing:]]", b"[[:alpha:", b"[/]"]
)
def test_malformed_patterns_match_nothing(pattern: bytes) -> None:
    with pytest.raises(NeverMatchesError):
        parse_glob(pattern)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 100 + "*b", "a" * 250),
        ("?*" * 100 + "b", "a" * 250),
        ("**/a" * 100 + "/**/b", "a/" * 2000 + "a"),
        ("x**" + "/a" * 50 + "/**/b", "x/" + "a/" * 2000 + "a"),
        ("**/*a*a*a*a*a*a*b/**/*a*a*a*a*b", "/".join(["a" * 200] * 20)),
        ("[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*[0-9]", "a" * 250),
    ],
)
def test_a_pattern_built_to_hang_does_not(pattern: str, path: str) -> None:
    start = time.process_time()
    assert not matches(pattern, path)
    assert time.process_time() - start < 0.5


ALPHABET = [
    "a",
    "b",
    "*",
    "?",
    "**",
    "/",
    "[ab]",
    "[!a]",
    "\\",
    ".",
    "-",
    " ",
    "[a-",
    "!",
    "[]a]",
    "[[:alpha:]]",
]
WEIGHTS = [7, 7, 5, 1, 4, 6, 1, 1, 0.5, 1, 0.3, 0.3, 0.2, 0.3, 0.2, 0.2]
FOLDERS = ("a", "ab", "b", ".a")
NAMES = (*FOLDERS, "ba", "c", "a.b", "aa", "abc", "b c", "-", "a ")


def grow(folder: Path, depth: int) -> list[tuple[str, bool]]:
    """A tree of every name under every folder: (path, is a folder)."""
    found: list[tuple[str, bool]] = []
    for name in NAMES:
        path = folder / name
        is_folder = depth > 0 and name in FOLDERS
        if is_folder:
            path.mkdir()
            found.append((name, True))
            found += [(f"{name}/{inner}", inner_folder) for inner, inner_folder in grow(path, depth - 1)]
        else:
            path.touch()
            found.append((name, False))
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="git is what it is compared with")
def test_thousands_of_random_rules_agree_with_git(tmp_path: Path) -> None:
    """The deciding line of random ignore files, path by path, is the one that git names."""
    paths = grow(tmp_path, 2)
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    chance = random.Random(4)
    for _ in range(150):
        lines = ["".join(chance.choices(ALPHABET, WEIGHTS, k=chance.randint(1, 8))) for _ in range(4)]
        text = "\n".join(lines) + "\n"
        (tmp_path / ".gitignore").write_text(text)
        sample = chance.sample(paths, 100)
        command = [
            "git",
            "-c",
            "core.ignorecase=false",
            "check-ignore",
            "--no-index",
            "-v",
            "-n",
            "-z",
            "--stdin",
        ]
        answer = subprocess.run(
            command, cwd=tmp_path, input="\0".join(path for path, _ in sample), capture_output=True, text=True
        )
        fields = answer.stdout.split("\0")
        git = {fields[i + 3]: int(fields[i + 1] or 0) for i in range(0, len(fields) - 1, 4)}
        decider = Decider([Placed(parse_rules(text.encode(), "test"))])
        for path, is_folder in sample:
            assert deciding_line(decider, path, is_folder) == git[path], (text, path)


def deciding_line(decider: Decider, path: str, is_folder: bool) -> int:
    """0 if no rule decides; the first folder on the way that is left out ends the search."""
    line = 0
    ends = [found.start() for found in re.finditer("/", path)] + [len(path)]
    for end in ends:
        part = path[:end].encode()
        folder = is_folder or end < len(path)
        rule = decider.match(part, part.rsplit(b"/", 1)[-1], folder=folder)
        line = rule.line if rule else 0
        if rule and not rule.negated:
            break
    return line
