"""Every command walks the hostile tree: it ends, obeys nothing, and what it tells adds up."""

import csv
import io
import json
import os
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Runner
from tests.hostile.conftest import CODES, EFFORT, check
from tests.hostile.tree import CONTENTS, SECRET, changing
from tokviz.analysis.escaping import encodable, escaped
from tokviz.documents.reading import is_folder

ONE = ("--tokenizer", "r50k_base")
MOST_SECONDS = 60
"""Far more than any of them takes on a busy machine, and far less than for ever."""


def run(command: Runner, *arguments: str, raw: bool = False, piped: bytes = b"") -> Outcome:
    start = time.process_time()
    outcome = command(*arguments, piped=piped)
    assert time.process_time() - start < MOST_SECONDS
    check(arguments[0], outcome, raw)
    return outcome


def nothing_was_obeyed(tree: Path) -> bool:
    """Whether no name, hook or archive had its way."""
    names = {"owned", "escaped.txt"}
    above = [tree, tree.parent, tree.parent.parent, Path.cwd(), Path("/etc")]
    inside = {file for _, _, files in os.walk(tree) for file in files}
    return not names & inside and not any((folder / name).exists() for folder in above for name in names)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--files",),
        ("--tree", "9"),
        ("--top", "5"),
        ("--hidden", "--no-ignore", "--files"),
        ("-a",),
        ("--encoding", "shift-jis"),
        ("--include", "*.txt", "--exclude", "[a-c]*"),
        ("--fits", "gpt-4o"),
        ("--budget", "1000", "--keep", "flat/*"),
        ("--since", "HEAD"),
        ("--staged",),
        ("--largest", "1"),
    ],
    ids=" ".join,
)
def test_count(command: Runner, tree: Path, options: tuple[str, ...]) -> None:
    outcome = run(command, "count", str(tree), *ONE, *options)
    asked = set(options)
    assert outcome.code == (
        1 if asked & {"--since", "--staged"} else 3 if asked & {"--budget", "--fits"} else 0
    )
    assert nothing_was_obeyed(tree)


@pytest.mark.parametrize("options", [(), ("--hidden", "--no-ignore"), ("-a",)], ids=" ".join)
def test_json_adds_up_and_names_every_file(command: Runner, tree: Path, options: tuple[str, ...]) -> None:
    answer = json.loads(run(command, "count", str(tree), "--json", *ONE, *options).out)
    counted = [one["tokens"]["r50k_base"] for one in answer["paths"]]
    assert sum(counted) == answer["counts"][0]["tokens"] > 10_000
    paths = {one["path"] for one in answer["paths"]}
    assert len(paths) == len(counted)
    assert {str(tree / "flat" / f"{number:05}.txt") for number in range(1500)} <= paths
    assert not any("/special/" in path and "sparse" not in path and ".txt" not in path for path in paths)
    sizes = {one["path"]: one["bytes"] for one in answer["paths"]}
    for name in ("latin1.txt", "only blanks.txt", "one long line.js"):
        assert sizes[str(tree / "contents" / name)] == len(CONTENTS[name])


def test_two_passes_say_the_same(command: Runner, tree: Path) -> None:
    first, second = (run(command, "count", str(tree), "--json", *ONE).out for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", ["pack.xml", "pack.md"])
def test_pack(command: Runner, tree: Path, tmp_path: Path, name: str) -> None:
    pack = tmp_path / name
    assert run(command, "count", str(tree), "--pack", str(pack), *ONE).code == 0
    text = pack.read_bytes().decode()
    if name.endswith(".xml"):
        files = [found for found in ElementTree.fromstring(text).iter() if "path" in found.attrib]
        assert len(files) >= 1500
    assert "00000.txt" in text and SECRET in text
    packed = run(command, "count", str(tree), "--pack", str(tmp_path / "no"), "--fail-on-secrets", *ONE)
    assert packed.code == 4 and not (tmp_path / "no").exists()
    run(command, "count", str(tree), "--pack", "-", *ONE, raw=True)


def test_what_to_leave_out_makes_it_fit(command: Runner, tree: Path, tmp_path: Path) -> None:
    """What is advised is obeyed by the next count, whatever the names in it."""
    rules = tree / ".tokvizignore"
    try:
        first = run(command, "count", str(tree), "--budget", "40000", "--apply", *ONE)
        assert first.code == 3 and rules.is_file()
        assert run(command, "count", str(tree), "--budget", "40000", *ONE).code == 0
    finally:
        rules.unlink(missing_ok=True)


def files_of(tree: Path) -> list[str]:
    """Every file that is not there for its number, and what is none."""
    folders = [tree / name for name in ("contents", "special", "archives", "names")]
    every = sorted(str(path) for folder in folders for path in folder.iterdir() if not is_folder(path))
    return [path for path in every if "/damaged " not in path and "/noise 1" not in path]


def test_all_files_named_at_once(command: Runner, tree: Path) -> None:
    """Text is counted, and what is none is refused in a sentence that names it."""
    every = files_of(tree)
    outcome = run(command, "count", *every, "--json", *ONE)
    assert outcome.code == 1
    counted = {one["path"] for one in json.loads(outcome.out)["paths"]}
    missed = [path for path in every if encodable(path) not in counted]
    assert not [path for path in missed if "/names/" in path]
    assert all(escaped(path) in outcome.err for path in missed if "/special/" in path and ".txt" not in path)
    run(command, "compare", *every, *ONE)
    assert nothing_was_obeyed(tree)


@pytest.mark.parametrize("name", ["count", "tokens", "cut", "split", "compare", "chat", "cost"])
def test_each_file_by_itself(command: Runner, tree: Path, name: str) -> None:
    more = {"cut": ("--tokens", "7"), "split": ("--tokens", "900"), "chat": (), "cost": ("--model", "gpt-4o")}
    extra = more.get(name, ()) + (() if name in ("chat", "cost") else ONE)
    every = files_of(tree)
    # Each command another part of them, so that together they try all and a little more.
    first = sorted(CODES).index(name)
    for path in every if EFFORT > 1 else every[first::6]:
        outcome = run(command, name, path, *extra, raw=name in ("cut", "split"))
        if "/names/" in path and name != "chat":
            assert outcome.code == 0, (path, outcome.err)
    assert nothing_was_obeyed(tree)


@pytest.mark.parametrize("name", ["count", "compare", "chat"])
def test_the_folder_as_a_whole_by_other_commands(command: Runner, tree: Path, name: str) -> None:
    run(command, name, str(tree), *(() if name == "chat" else ONE))
    listed = b"\0".join(os.fsencode(path) for path in sorted((tree / "names").iterdir()))
    if name == "count":
        outcome = run(command, "count", "--files-from", "-", "-0", "--files", *ONE, piped=listed)
        assert outcome.code == 0


def test_a_tree_that_changes_while_it_is_read(command: Runner, tree: Path) -> None:
    folder = tree / "changing"
    folder.mkdir()
    try:
        with changing(folder):
            for _ in range(4 * EFFORT):
                for options in (("--files",), ("--json",), ("-a", "--hidden")):
                    outcome = run(command, "count", str(folder), *ONE, *options)
                    assert outcome.code in (0, 1)
            run(command, "count", *map(str, sorted(folder.iterdir())), *ONE)
    finally:
        folder.rmdir()


def test_tables_are_whole(command: Runner, tree: Path) -> None:
    paths = [str(tree / "contents" / name) for name in ("bidi.txt", "latin1.txt", "special tokens.txt")]
    rows = list(csv.reader(io.StringIO(run(command, "compare", *paths, "--csv", *ONE).out)))
    assert len({len(row) for row in rows}) == 1
    assert not any(cell.startswith(("=", "@", "\t")) for row in rows for cell in row)
