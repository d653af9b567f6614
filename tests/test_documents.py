"""The documents for contributors are true: every path, name, room and command in them is there."""

import builtins
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.test_architecture import MODULES, ROOMS, imports_of, room_of

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "tokviz/README.md", ".github/CONTRIBUTING.md", "resources/README.md")
SOURCES = {
    path: path.read_text("utf-8")
    for folder in ("tokviz", "resources", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".toml") or path.name == "NOTICE"
}
ENDINGS = (".py", ".toml", ".md", ".json", ".npy", ".txt", ".svg", ".desktop", ".png", ".tiktoken")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
USERS_FILES = ("tokenizer.json", ".tiktoken", "tokviz.toml")
"""Named in the README: what a user opens or writes."""
COMMANDS = ("python", "python3", "pip", "tokviz", "ruff", "mypy", ".", ".ci/run", "sudo")


def text_of(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def fenced(document: str) -> list[str]:
    """The lines of the shell examples."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", text_of(document), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line]


def spans(document: str) -> list[str]:
    """What stands between backticks in running text."""
    prose = re.sub(r"^```.*?^```$", "", text_of(document), flags=re.DOTALL | re.MULTILINE)
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose)]


def is_command(span: str) -> bool:
    words = re.sub(r"^([A-Z_]+=\S+ )*(\.venv/bin/)?", "", span).split()
    return words[0] in COMMANDS and (len(words) > 1 or words[0] == ".ci/run")


def is_path(span: str) -> bool:
    return (
        " " not in span
        and span not in USERS_FILES
        and ("/" in span.strip("/") or span.endswith((*ENDINGS, "/")) or span == "NOTICE")
    )


def every(kind: str) -> list[tuple[str, str]]:
    """(document, span) of one kind, each once: ``path``, ``command`` or ``name``."""
    found: dict[tuple[str, str], None] = {}
    for document in DOCUMENTS:
        for span in spans(document):
            is_what = "command" if is_command(span) else "path" if is_path(span) else "name"
            if is_what == kind and (kind != "name" or NAME.fullmatch(span)):
                found[document, span] = None
        if kind == "command":
            found.update(dict.fromkeys((document, line) for line in fenced(document)))
    return list(found)


@cache
def all_sources() -> str:
    return "\n".join([*SOURCES.values(), text_of("pyproject.toml")])


@pytest.mark.parametrize(("document", "path"), every("path"))
def test_a_path_is_there(document: str, path: str) -> None:
    """It is written from the document's own folder or from the top; NAME stands for whatever one chooses."""
    pattern = path.rstrip("/").replace("NAME", "*")
    folder = (ROOT / document).parent
    assert any(folder.glob(pattern)) or any(ROOT.glob(pattern)), f"{document} names {path}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(document)):
        path, _, heading = target.partition("#")
        there = (ROOT / document).parent / path
        assert there.exists(), f"{document} links to {target}"
        if heading:
            titles = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in titles}, target


@pytest.mark.parametrize(("document", "name"), every("name"))
def test_a_name_is_defined_somewhere(document: str, name: str) -> None:
    if hasattr(builtins, name) or name in {*ROOMS, *COMMANDS, *sys.stdlib_module_names}:
        return
    defined = rf"(?:class|def) {name}\b|^\s*{name}\b *[:=]|^\[+{name}\]|import .*\b{name}\b|\b{name} *="
    assert re.search(defined, all_sources(), re.MULTILINE), f"{document} speaks of {name}"


@cache
def help_of(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command, "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def steps(command: str) -> Iterator[list[str]]:
    for step in command.split("&&"):
        words = step.split()
        while "=" in words[0]:
            del words[0]
        yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


@pytest.mark.parametrize(("document", "command"), every("command"))
def test_a_command_can_be_given(document: str, command: str) -> None:
    """The programs, their options and the paths they get are there. Nothing is run but ``--help``."""
    for program, *arguments in steps(command):
        match [program, *arguments]:
            case ["python", "-m", "pytest", *rest]:
                paths = [word for word in rest if not word.startswith("-")]
                assert all((ROOT / path).exists() for path in paths), paths
            case ["python", "-m", module, *rest] if module.startswith("tests."):
                check_words(help_of("-m", module), rest)
            case ["python", script, *rest] if script.endswith(".py"):
                known = text_of("resources/catalog/tokenizers.toml")
                check_words(help_of(script), [word for word in rest if f"[{word}]" not in known])
            case ["tokviz", *rest] | ["python", "-m", "tokviz", *rest]:
                top = help_of("-m", "tokviz")
                name = [word for word in rest[:1] if re.search(rf"^  {re.escape(word)} ", top, re.MULTILINE)]
                check_words(help_of("-m", "tokviz", *name) if name else top, rest[len(name) :])
            case ["python", "-m", "pip", "wheel", *_]:
                pass
            case ["pip", "install", *_]:
                extras = re.findall(r"\.\[(\w+)\]", command)
                project = tomllib.loads(text_of("pyproject.toml"))["project"]
                assert all(extra in project["optional-dependencies"] for extra in extras)
            case [("ruff" | "mypy") as tool, *_]:
                assert re.search(rf'"{tool}[">=]', text_of("pyproject.toml"))
            case ["python3", "-m", "venv", _] | [".", _] | ["sudo", "apt", "install", *_]:
                pass
            case [script]:
                assert (ROOT / script).is_file(), script
            case _:
                pytest.fail(f"{document} has a command that this test cannot follow: {command}")


def check_words(said: str, words: list[str]) -> None:
    """The options are in the help; a lower-case word is a value in the help, or a path that is there or
    is given to an option. What is written in capitals or brackets stands for something else."""
    for before, word in pairwise(["", *words]):
        if word.startswith("--"):
            assert re.search(rf"{word}\b", said), word
        elif re.fullmatch(r"[a-z][\w./-]*", word) and not before.startswith("--"):
            assert (ROOT / word).exists() or re.search(rf"\b{re.escape(word)}\b", said), word


def test_every_data_file_is_accounted_for() -> None:
    folder = ROOT / "resources"
    patterns = [path for document, path in every("path") if document == "resources/README.md"]
    told = {path for pattern in patterns for path in folder.glob(pattern)} | {folder / "README.md"}
    scripts = {path for path in folder.rglob("*.py") if path.parent.name != "samples"}
    built = {path for path in folder.rglob("*") if "__pycache__" in path.parts}
    data = {path for path in folder.rglob("*") if path.is_file()} - scripts - built
    assert data <= told, [str(path.relative_to(folder)) for path in data - told]


def rooms_of_the_map() -> list[str]:
    """From the top floor down, as the table of rooms lists them."""
    table = text_of("tokviz/README.md").partition("## Rooms")[2].partition("\n## ")[0]
    return re.findall(r"^\|[^|]*\| `([\w.]+)` \|", table, re.MULTILINE)


def test_the_map_lists_every_room() -> None:
    listed = rooms_of_the_map()
    assert len(listed) == len(set(listed))
    assert set(listed) == set(ROOMS) - {""}


def test_rooms_import_only_what_stands_below_them_in_the_map() -> None:
    place = {room: number for number, room in enumerate(rooms_of_the_map())}
    for module in MODULES:
        room = room_of(module)
        for name in imports_of(module) & MODULES.keys():
            other = room_of(name)
            family = room.partition(".")[0] == other.partition(".")[0] != "ui"
            if other and room and not family and room != other:
                assert place[room] < place[other], f"{module} imports {name}, which the map has above it"


def test_paths_in_comments_are_there() -> None:
    """Tests aside, which invent paths."""
    gone = [
        f"{source.relative_to(ROOT)} names {path}"
        for source, text in SOURCES.items()
        if source.relative_to(ROOT).parts[0] != "tests"
        for path in re.findall(r"\b(?:tokviz|tests|resources)/[\w/]+\.(?:py|toml|md)\b", text)
        if not (ROOT / path).exists()
    ]
    assert gone == []
