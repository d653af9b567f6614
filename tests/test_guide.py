"""The guide is true: its commands run, and its options, links and chapters are there."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tokviz.cli.main import run

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "resources" / "guide"
CHAPTERS = {path.name: path.read_text("utf-8") for path in sorted(GUIDE.glob("*.md"))}
COMMAND_LINE = CHAPTERS["command-line.md"]
EXAMPLES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", COMMAND_LINE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
GIT = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]


@cache
def help_of(*command: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "1000")
        assert run([*command, "--help"]) == 0
    return said.getvalue()


def commands() -> list[str]:
    _, _, listed = help_of().partition("commands:\n")
    return re.findall(r"^  (\w+)  ", listed, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples are tried: the files that they name, in a git repository, and ``tokviz``."""
    made = tmp_path_factory.mktemp("guide")
    samples = ROOT / "resources" / "samples"
    (made / "src").mkdir()
    shutil.copy(samples / "english.txt", made / "notes.md")
    shutil.copy(samples / "data.json", made / "data.json")
    shutil.copy(samples / "code.py", made / "src" / "code.py")
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is a token?"}]
    for name, count in (("request.json", 1), ("longer.json", 2)):
        request = {"model": "gpt-4o", "messages": messages + messages[1:] * (count - 1)}
        (made / name).write_text(json.dumps(request), "utf-8")
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"], ["tag", "v1"]):
        subprocess.run([*GIT, *arguments], cwd=made, check=True)
    (made / "notes.md").write_text("Changed.\n" + (made / "notes.md").read_text("utf-8"), "utf-8")
    program = made / ".bin" / "tokviz"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tokviz "$@"\n')
    program.chmod(0o755)
    return made


@pytest.fixture
def environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In that folder, with a home of its own."""
    monkeypatch.chdir(folder)
    home = folder / ".home"
    for name, place in (("HOME", ""), *((f"XDG_{kind}_HOME", kind) for kind in ("CONFIG", "DATA", "CACHE"))):
        monkeypatch.setenv(name, str(home / place))
    monkeypatch.setenv("PATH", f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("example", [example for example in EXAMPLES if "|" not in example])
def test_an_example_does_what_it_says(example: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    program, *arguments = shlex.split(example)
    assert program == "tokviz"
    code = run(arguments)
    output, errors = capfdbinary.readouterr()
    assert code == 0, errors.decode()
    assert output or errors


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("example", [example for example in EXAMPLES if "|" in example])
def test_an_example_with_a_pipe_does_what_it_says(example: str) -> None:
    done = subprocess.run(["sh", "-c", example], capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout


def test_every_command_is_in_the_guide() -> None:
    assert len(commands()) > 5
    for command in commands():
        assert any(f"tokviz {command}" in example for example in EXAMPLES), command


def test_every_option_of_the_guide_is_there() -> None:
    known = "\n".join([help_of(), *map(help_of, commands())])
    for name, text in CHAPTERS.items():
        text = re.sub(r"^git .*\|", "", text, flags=re.MULTILINE)
        for option in re.findall(r"(?<![\w-])--[a-z][\w-]+", text):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", known), f"{name} names {option}"


def test_examples_give_each_command_its_own_options() -> None:
    for example in EXAMPLES:
        command, _, rest = example.partition("tokviz ")[2].partition(" ")
        said = help_of(command) if command in commands() else help_of()
        for option in re.findall(r"(?<!\S)--[a-z][\w-]+", f"{command} {rest}"):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", said), example


@pytest.mark.parametrize("name", CHAPTERS)
def test_links_lead_to_chapters(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", CHAPTERS[name]):
        assert target in CHAPTERS or (GUIDE / target).is_file(), f"{name} links to {target}"


def test_the_contents_list_every_chapter_by_its_title() -> None:
    listed = dict(re.findall(r"^\d+\. \[([^]]+)\]\(([^)]+)\)$", CHAPTERS["README.md"], re.MULTILINE))
    assert set(listed.values()) == CHAPTERS.keys() - {"README.md"}
    for title, name in listed.items():
        assert CHAPTERS[name].startswith(f"# {title}\n"), name
